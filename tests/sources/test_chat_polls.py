"""Polls are one message, their question and options without the votes; what was seen once or withdrawn says nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curation.sources import chat
from curation.sources.chats.whatsapp import messages
from tests.sources.reading import num_messages, read_all, write

POLLS = {
    "android": "3/1/21, 10:01 - Ada: POLL:\nLunch?\nwhere and when\nOPTION: Noodles (2 votes)\nOPTION: Soup: hot (1 vote)\n"
    "OPTION: None (of these) (0 votes)\n",
    "ios": "[3/1/21, 10:01:00 AM] Ada: \u200ePOLL:\nLunch?\nwhere and when\n\u200eOPTION: Noodles (\u200e2 votes)\n"
    "\u200eOPTION: Soup: hot (\u200e1 vote)\n\u200eOPTION: None (of these) (\u200e0 votes)\n",
    "stamped": "\u200e[3/1/21, 10:01:00 AM] Ada: \u200ePOLL:\nLunch?\nwhere and when\nOPTION: Noodles (2 votes)\n"
    "OPTION: Soup: hot (1 vote)\nOPTION: None (of these) (0 votes)\n",
    "german": "01.03.21, 10:01 - Ada: UMFRAGE:\nLunch?\nwhere and when\nOPTION: Noodles (2 Stimmen)\n"
    "OPTION: Soup: hot (1 Stimme)\nOPTION: None (of these) (0 Stimmen)\n",
    "arabic": "1/3/2021, 10:01 - Ada: استطلاع:\nLunch?\nwhere and when\nخيار: Noodles (٢ صوت)\nخيار: Soup: hot (١ صوت)\n"
    "خيار: None (of these) (٠ صوت)\n",
}


@pytest.mark.parametrize("form", POLLS)
def test_poll_of_whatsapp_is_its_question_and_its_options(form: str) -> None:
    later = POLLS[form].partition("Ada:")[0].replace("10:01", "10:02") + "Bo: noodles!\n"
    found = messages(POLLS[form] + later)
    assert [(each.author, each.text, each.reason) for each in found] == [
        ("Ada", "Lunch?\nwhere and when\n- Noodles\n- Soup: hot\n- None (of these)", ""),
        ("Bo", "noodles!", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "NB:\nread this\nA: one\nB: two",
        "LIST:\nshopping\nMILK: two\nMILK: three",
        "Menu:\nx\nA: y (1)\nA: z (2)",
        "POLL:\nOPTION: x (1 vote)",
    ],
)
def test_what_only_looks_like_a_poll_stays_as_it_was_typed(text: str) -> None:
    assert [each.text for each in messages(f"3/1/21, 10:01 - Ada: {text}\n")] == [text]


def test_messages_seen_once_are_media_and_edited_ones_lose_their_mark() -> None:
    lines = [
        "View once voice message omitted",
        "<View once photo omitted>",
        "new <This message was edited>",
        "This message was deleted",
    ]
    found = messages("".join(f"3/1/21, 10:0{number} - Ada: {line}\n" for number, line in enumerate(lines)))
    assert [(each.text, each.reason) for each in found] == [("", "media"), ("", "media"), ("new", ""), ("", "deleted")]


def test_poll_of_telegram_is_its_question_and_its_answers(tmp_path: Path) -> None:
    answers = [{"text": "Noodles", "voters": 2, "chosen": False}, {"text": [{"type": "plain", "text": "Soup"}], "voters": 1}]
    poll = {"question": "Lunch?", "closed": False, "total_voters": 3, "answers": answers}
    about = {"type": "message", "date": "2021-03-01T10:00:00", "from": "Ada"}
    rows = [
        {**about, "id": 1, "text": "", "poll": poll},
        {**about, "id": 2, "text": "", "poll": {}},
        {**about, "id": 3, "text": "hi"},
    ]
    dump = {"name": "x", "type": "private_group", "id": 1, "messages": rows}
    records, drops = read_all(chat, write(tmp_path, {"result.json": json.dumps(dump)}))
    assert [record.text for record in records] == ["Ada: Lunch?\n- Noodles\n- Soup\nAda: hi"]
    assert num_messages(records, drops) == 3 and [drop.reason for drop in drops] == ["empty"]
