"""Telegram Desktop exports (`result.json`), one in Russian and one in Persian: service rows, entities, replies."""

from typing import Any

from benchmarks.sample import banks
from benchmarks.sample.people import PEOPLE, speaker_canaries
from benchmarks.sample.sample import Sample, dumped
from benchmarks.sample.talk import chatter

PATH = "chat/telegram/result.json"
PATH_FA = "chat/telegram/ChatExport_fa/result.json"


def write(sample: Sample) -> None:
    _export(sample, PATH, "ru", "telegram", "Скворцы и самовары", num_gossips=16, canaries=("phone", "snils", "inn", "email"))
    _export(
        sample,
        PATH_FA,
        "fa",
        "fa",
        "بام‌نشینان",
        num_gossips=15,
        canaries=("phone", "ir_national_code", "credit_card", "email"),
    )
    sample.survives("Запишем сорок пять с половиной, среднее по наблюдателям", "ru", PATH, "dialogue")
    sample.survives("تا جایی که انگشت را ده شماره تحمل کند", "fa", PATH_FA, "dialogue")


def _export(sample: Sample, path: str, lang: str, group: str, name: str, *, num_gossips: int, canaries: tuple[str, ...]) -> None:
    people = PEOPLE[group]
    speaker_canaries(sample, group, lang, path)
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
        if number == 60:
            text = [one.text + " ", {"type": "mention", "text": f"@{people[0].nick}"}]
        if number == 72:
            text = toxic
        if number == 80 and lang == "ru":
            mention = sample.name_canary(f"{people[1].first}у", "inflected_name", lang, path, "text")
            text = f"Вчера я показала {mention} снимок водокачки, и он обрадовался."
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
    sample.add(path, dumped({"name": name, "type": "private_supergroup", "id": 88001, "messages": rows}))
    sample.answers.expect_kept("chat", lang, 2)
