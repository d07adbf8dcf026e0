"""Chat exports that are JSON: Slack (zip), Discord (DiscordChatExporter), Telegram Desktop, and messages with roles."""

import json
from datetime import timedelta
from typing import Any

from benchmarks.sample import banks
from benchmarks.sample.archives import zipped
from benchmarks.sample.people import PEOPLE
from benchmarks.sample.sample import Sample
from benchmarks.sample.talk import Said, chatter

SLACK = "chat/slack/saltmarsh-slack-export.zip"
DISCORD = "chat/discord/Saltmarsh - kronika [10203040].json"
TELEGRAM = "chat/telegram/result.json"
TELEGRAM_FA = "chat/telegram/ChatExport_fa/result.json"
ROLES = "chat/messages/assistant.jsonl"


def _dump(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _speakers(sample: Sample, group: str, lang: str, file: str) -> None:
    for person in PEOPLE[group]:
        sample.name_canary(person.name, "person", lang, file, "speaker")
        if person.nick != person.name:
            sample.name_canary(person.nick, "handle", lang, file, "speaker")


def slack(sample: Sample) -> None:
    people = PEOPLE["slack"]
    _speakers(sample, "slack", "en", SLACK)
    ids = {person: f"U0SALT{n}AB" for n, person in enumerate(people)}
    users = [
        {
            "id": ids[p],
            "name": p.nick,
            "real_name": p.name,
            "deleted": False,
            "is_bot": False,
            "profile": {"real_name": p.name, "display_name": p.nick, "email": sample.canary("email", "en", SLACK, "speaker")},
        }
        for p in people
    ]
    users.append(
        {"id": "U0BOT", "name": "gaugebot", "real_name": "Gauge Bot", "is_bot": True, "profile": {"display_name": "gaugebot"}}
    )
    private = sample.name_canary(
        f"help-{sample.canary('email', 'en', SLACK, 'channel_name').split('@')[0]}", "handle", "en", SLACK, "channel_name"
    )
    names = {"general": [0, 1, 2], "tide-gauge": [4, 6], private: [7]}
    channels = [
        {"id": f"C0SALT{n}", "name": name, "created": 1709251200, "members": list(ids.values()), "topic": {"value": ""}}
        for n, name in enumerate(names)
    ]
    members: dict[str, bytes] = {"users.json": _dump(users), "channels.json": _dump(channels), "integration_logs.json": b"[]\n"}
    toxic = list(banks.lines("en", "toxic")[:2])
    for name, dialogues in names.items():
        said = chatter(sample.prose("en", f"slack-{name}"), people, dialogues=dialogues, num_gossips=9)
        days: dict[str, list[dict[str, Any]]] = {}
        for number, one in enumerate(said):
            days.setdefault(f"{one.at:%Y-%m-%d}", []).extend(_slack_rows(sample, one, number, said, ids, toxic))
        members |= {f"{name}/{day}.json": _dump(rows) for day, rows in days.items()}
    sample.add(SLACK, zipped(members))
    sample.answers.expect_kept("chat", "en", 5)
    sample.survives("Zero is the old quay, and the old quay was higher", "en", SLACK, "dialogue")
    for phrase in ("has joined the channel", "Reading complete, no operator needed", "<@U0SALT", "<https://"):
        sample.vanishes(phrase, "en", SLACK, "join, bot or chat markup")


def _slack_rows(
    sample: Sample, one: Said, number: int, said: list[Said], ids: dict[Any, str], toxic: list[str]
) -> list[dict[str, Any]]:
    def stamp(at: Any) -> str:
        return f"{at.timestamp():.0f}.000{number % 1000:03d}"

    rows = []
    first = number == 0 or said[number - 1].conversation != one.conversation
    opener = next(s for s in said if s.conversation == one.conversation)
    text = one.text
    if number % 9 == 4:
        text = f"<@{ids[opener.who]}> {text} <https://gauge.saltmarsh.invalid/log|the log>"
    if number % 40 == 20:
        text += " " + sample.carrier("phone" if number < 60 else "ip_address", "en", SLACK)
    row = {
        "type": "message",
        "user": ids[one.who],
        "text": text,
        "ts": stamp(one.at),
        "reactions": [{"name": "duck", "users": [ids[opener.who]], "count": 1}],
    }
    if one.conversation % 2 == 1:
        row["thread_ts"] = f"{opener.at.timestamp():.0f}.000{said.index(opener) % 1000:03d}"
    rows.append(row)
    if first and number == 0:
        rows.insert(
            0,
            {
                "type": "message",
                "subtype": "channel_join",
                "user": ids[one.who],
                "ts": stamp(one.at - timedelta(minutes=5)),
                "text": f"<@{ids[one.who]}> has joined the channel",
            },
        )
    if first and one.conversation % 3 == 2:
        rows.append(
            {
                "type": "message",
                "subtype": "bot_message",
                "bot_id": "B0GAUGE",
                "username": "gaugebot",
                "ts": stamp(one.at + timedelta(seconds=1)),
                "text": "Reading complete, no operator needed.",
            }
        )
    if number % 50 == 30 and toxic:
        line = toxic.pop()
        sample.toxic(line, "en", SLACK, "one message of a conversation")
        rows.append({"type": "message", "user": ids[one.who], "text": line, "ts": stamp(one.at + timedelta(seconds=7))})
    return rows


def discord(sample: Sample) -> None:
    people = PEOPLE["discord"]
    _speakers(sample, "discord", "pl", DISCORD)
    authors = [
        {"id": f"90000000000000{n}", "name": p.nick, "discriminator": "0000", "nickname": p.name, "isBot": False, "roles": []}
        for n, p in enumerate(people)
    ]
    channel_name = f"kontakt-{sample.canary('email', 'pl', DISCORD, 'channel_name')}"
    said = chatter(sample.prose("pl", "discord"), people, dialogues=[0, 1, 2, 3], num_gossips=17)
    messages: list[dict[str, Any]] = []
    for number, one in enumerate(said):
        text = one.text
        if number % 45 == 22:
            text += " " + sample.carrier(("phone", "pesel", "nip", "email")[number // 45 % 4], "pl", DISCORD)
        author = authors[people.index(one.who)]
        if number % 60 == 0:
            messages.append(
                {
                    "id": f"7{number:05d}0",
                    "type": "GuildMemberJoin",
                    "timestamp": one.at.isoformat(),
                    "isPinned": False,
                    "content": "Joined the server.",
                    "author": author,
                    "attachments": [],
                    "embeds": [],
                    "reactions": [],
                    "mentions": [],
                }
            )
        messages.append(
            {
                "id": f"7{number:05d}1",
                "type": "Default",
                "timestamp": one.at.isoformat(),
                "timestampEdited": None,
                "isPinned": False,
                "content": text,
                "author": author,
                "attachments": [],
                "embeds": [],
                "mentions": [],
                "reactions": [{"emoji": {"name": "🦆"}, "count": 1}] if number % 7 == 0 else [],
            }
        )
    toxic = banks.lines("pl", "toxic")[0]
    messages.append({**messages[-1], "id": "7999991", "content": toxic})
    sample.toxic(toxic, "pl", DISCORD, "one message of a conversation")
    export = {
        "guild": {"id": "10203040", "name": "Saltmarsh"},
        "channel": {"id": "55", "type": "GuildTextChat", "name": channel_name, "topic": None},
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2024-03-31T12:00:00+00:00",
        "messages": messages,
        "messageCount": len(messages),
    }
    sample.add(DISCORD, json.dumps(export, ensure_ascii=False, separators=(",", ":")))
    sample.answers.expect_kept("chat", "pl", 2)
    sample.survives(
        "Sto sześćdziesiąt dwa w górę i sto sześćdziesiąt trzy w dół, nikt nie wie dlaczego", "pl", DISCORD, "dialogue"
    )
    sample.vanishes("Joined the server", "pl", DISCORD, "join message")


def telegram(sample: Sample) -> None:
    _telegram(
        sample, TELEGRAM, "ru", "telegram", "Скворцы и самовары", num_gossips=16, canaries=("phone", "snils", "inn", "email")
    )
    _telegram(
        sample,
        TELEGRAM_FA,
        "fa",
        "fa",
        "بام‌نشینان",
        num_gossips=15,
        canaries=("phone", "ir_national_code", "credit_card", "email"),
    )
    sample.survives("Запишем сорок пять с половиной, среднее по наблюдателям", "ru", TELEGRAM, "dialogue")
    sample.survives("تا جایی که انگشت را ده شماره تحمل کند", "fa", TELEGRAM_FA, "dialogue")


def _telegram(
    sample: Sample, path: str, lang: str, group: str, name: str, *, num_gossips: int, canaries: tuple[str, ...]
) -> None:
    people = PEOPLE[group]
    _speakers(sample, group, lang, path)
    said = chatter(sample.prose(lang, path), people, dialogues=[0, 1, 2, 3], num_gossips=num_gossips)
    toxic = banks.lines(lang, "toxic")[0]
    sample.toxic(toxic, lang, path, "one message of a conversation")
    rows: list[dict[str, Any]] = [
        {
            "id": 1,
            "type": "service",
            "date": "2024-02-29T10:00:00",
            "actor": people[0].name,
            "action": "create_group",
            "title": name,
            "members": [p.name for p in people],
            "text": "",
        }
    ]
    for number, one in enumerate(said):
        sender = {"from": one.who.name, "from_id": f"user{700 + people.index(one.who)}"}
        text: Any = one.text
        if number % 45 == 25:
            text = [one.text + " ", {"type": "bold", "text": sample.carrier(canaries[number // 45 % 4], lang, path)}]
        if number == 70:
            text = toxic
        row = {
            "id": number + 2,
            "type": "message",
            "date": f"{one.at:%Y-%m-%dT%H:%M:%S}",
            "date_unixtime": f"{one.at.timestamp():.0f}",
            **sender,
            "text": text,
        }
        if number and said[number - 1].conversation == one.conversation and number % 3 == 0:
            row["reply_to_message_id"] = number + 1
        rows.append(row)
    sample.add(path, _dump({"name": name, "type": "private_supergroup", "id": 88001, "messages": rows}))
    sample.answers.expect_kept("chat", lang, 2)


def roles(sample: Sample) -> None:
    """Conversations with system, user and assistant, in all languages; the reply is a short essay of sentences."""
    asks = {
        "en": "Tell me a short story about a small town.",
        "pl": "Opowiedz mi krótką historię o małym miasteczku.",
        "ru": "Расскажи мне короткую историю о маленьком городе.",
        "fa": "برایم داستان کوتاهی از یک شهر کوچک بگو.",
    }
    more = {
        "en": "Go on, what happened next?",
        "pl": "Mów dalej, co było potem?",
        "ru": "Продолжай, что было дальше?",
        "fa": "ادامه بده، بعد چه شد؟",
    }
    rows = []
    for lang in banks.LANGUAGES:
        for number in range(11):
            prose = sample.prose(lang, f"roles-{number}")
            first, second = prose.paragraph(6), prose.paragraph(5)
            if number == 5:
                first += " " + sample.carrier("email", lang, ROLES)
            messages = [
                {"role": "user", "content": f"{asks[lang]} {prose.sentence()}"},
                {"role": "assistant", "content": first},
                {"role": "user", "content": more[lang]},
                {"role": "assistant", "content": second},
            ]
            if number % 3 == 0:
                messages.insert(
                    0,
                    {
                        "role": "system",
                        "content": "You are a careful teller of stories who answers in the language of the question.",
                    },
                )
            rows.append(json.dumps({"messages": messages}, ensure_ascii=False))
            sample.answers.expect_kept("chat", lang)
            if number == 0:
                sample.survives(prose_snippet(second), lang, ROLES, "assistant's reply")
    sample.add(ROLES, "\n".join(rows) + "\n")


def prose_snippet(text: str) -> str:
    return max(text.split(". "), key=len).rstrip(".")
