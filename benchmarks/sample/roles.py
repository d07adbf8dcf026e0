"""Conversations with roles, one JSON object a line: `{"messages": [{"role", "content"}]}`, in all languages."""

import json

from benchmarks.sample import banks
from benchmarks.sample.sample import Sample, main_sentence

PATH = "chat/messages/assistant.jsonl"


def write(sample: Sample) -> None:
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
                first += " " + sample.carrier("email", lang, PATH)
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
                sample.survives(main_sentence(second), lang, PATH, "assistant's reply")
    sample.add(PATH, "\n".join(rows) + "\n")
