"""A Slack export (zip): users, channels, a file a day, threads, joins, a bot, mentions, a handle in a channel's name."""

from datetime import timedelta
from typing import Any

from benchmarks.sample import banks
from benchmarks.sample.archives import zipped
from benchmarks.sample.people import PEOPLE, speaker_canaries
from benchmarks.sample.sample import Sample, dumped
from benchmarks.sample.talk import Said, chatter

PATH = "chat/slack/saltmarsh-slack-export.zip"


def write(sample: Sample) -> None:
    people = PEOPLE["slack"]
    speaker_canaries(sample, "slack", "en", PATH)
    ids = {person: f"U0SALT{n}AB" for n, person in enumerate(people)}
    users = [
        {
            "id": ids[p],
            "name": p.nick,
            "real_name": p.name,
            "deleted": False,
            "is_bot": False,
            "profile": {"real_name": p.name, "display_name": p.nick, "email": sample.canary("email", "en", PATH, "speaker")},
        }
        for p in people
    ]
    users.append(
        {"id": "U0BOT", "name": "gaugebot", "real_name": "Gauge Bot", "is_bot": True, "profile": {"display_name": "gaugebot"}}
    )
    private = f"dm-{sample.name_canary(people[2].nick, 'handle', 'en', PATH, 'channel_name')}"
    names = {"general": [0, 1, 2], "tide-gauge": [4, 6], private: [7]}
    channels = [
        {"id": f"C0SALT{n}", "name": name, "created": 1709251200, "members": list(ids.values()), "topic": {"value": ""}}
        for n, name in enumerate(names)
    ]
    members: dict[str, bytes] = {"users.json": dumped(users), "channels.json": dumped(channels), "integration_logs.json": b"[]\n"}
    toxic = list(banks.lines("en", "toxic")[:2])
    for name, dialogues in names.items():
        said = chatter(sample.prose("en", f"slack-{name}"), people, dialogues=dialogues, num_gossips=9)
        days: dict[str, list[dict[str, Any]]] = {}
        for number, one in enumerate(said):
            days.setdefault(f"{one.at:%Y-%m-%d}", []).extend(_rows(sample, one, number, said, ids, toxic))
        members |= {f"{name}/{day}.json": dumped(rows) for day, rows in days.items()}
    sample.add(PATH, zipped(members))
    sample.answers.expect_kept("chat", "en", 5)
    sample.survives("Zero is the old quay, and the old quay was higher", "en", PATH, "dialogue")
    for phrase in ("has joined the channel", "Reading complete, no operator needed", "<@U0SALT", "<https://"):
        sample.vanishes(phrase, "en", PATH, "join, bot or chat markup")


def _rows(
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
        text += " " + sample.carrier(("phone", "ip_address", "github_token")[number // 40 % 3], "en", PATH)
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
        sample.toxic(line, "en", PATH, "one message of a conversation")
        rows.append({**row, "text": line, "ts": stamp(one.at + timedelta(seconds=7))})
    return rows
