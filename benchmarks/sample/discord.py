"""A Discord channel as DiscordChatExporter writes it, on one line, in Polish."""

import json
from typing import Any

from benchmarks.sample import banks
from benchmarks.sample.people import PEOPLE, speaker_canaries
from benchmarks.sample.sample import Sample
from benchmarks.sample.talk import chatter

PATH = "chat/discord/Saltmarsh - kronika [10203040].json"


def write(sample: Sample) -> None:
    people = PEOPLE["discord"]
    speaker_canaries(sample, "discord", "pl", PATH)
    authors = [
        {"id": f"90000000000000{n}", "name": p.nick, "discriminator": "0000", "nickname": p.name, "isBot": False, "roles": []}
        for n, p in enumerate(people)
    ]
    channel_name = f"kontakt-{sample.canary('email', 'pl', PATH, 'channel_name')}"
    said = chatter(sample.prose("pl", "discord"), people, dialogues=[0, 1, 2, 3], num_gossips=17)
    messages: list[dict[str, Any]] = []
    for number, one in enumerate(said):
        text = one.text
        if number % 45 == 22:
            text += " " + sample.carrier(("phone", "pesel", "nip", "email")[number // 45 % 4], "pl", PATH)
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
    mention = sample.name_canary(f"{people[0].first}owi", "inflected_name", "pl", PATH, "text")
    messages.append({**messages[-1], "id": "7999990", "content": f"Wczoraj pokazałem {mention} zdjęcie wieży i był zachwycony."})
    toxic = banks.lines("pl", "toxic")[0]
    messages.append({**messages[-1], "id": "7999991", "content": toxic})
    sample.toxic(toxic, "pl", PATH, "one message of a conversation")
    export = {
        "guild": {"id": "10203040", "name": "Saltmarsh"},
        "channel": {"id": "55", "type": "GuildTextChat", "name": channel_name, "topic": None},
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2024-03-31T12:00:00+00:00",
        "messages": messages,
        "messageCount": len(messages),
    }
    sample.add(PATH, json.dumps(export, ensure_ascii=False, separators=(",", ":")))
    sample.answers.expect_kept("chat", "pl", 2)
    sample.survives("Sto sześćdziesiąt dwa w górę i sto sześćdziesiąt trzy w dół, nikt nie wie dlaczego", "pl", PATH, "dialogue")
    sample.vanishes("Joined the server", "pl", PATH, "join message")
