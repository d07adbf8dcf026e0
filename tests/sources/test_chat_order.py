"""Pages of one chat are read in the order of time, whatever their number: a conversation goes on from page to page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curation.sources import chat
from curation.sources.naturalorder import natural
from tests.sources.material import make_zip
from tests.sources.reading import read_all, write

PAGE = """<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class="page_wrap"><div
 class="page_body chat_page"><div class="history">
<div class="message default clearfix" id="message{0}"><div class="body"><div class="pull_right date details"
 title="01.03.2021 11:{0:02}:00 UTC+01:00">11:{0:02}</div><div class="from_name">Ada</div><div class="text">word {0}</div></div>
</div></div></div></div></body></html>"""


def test_numbers_count_as_numbers_and_days_stand_as_they_do() -> None:
    days = ["2020-12-31.log", "2021-02-09.log", "2021-02-10.log", "000009.html", "000010.html", "a1/x", "b/y"]
    assert sorted(days, key=natural) == sorted(days)
    pages = ["messages.html", "messages2.html", "messages9.html", "messages10.html", "messages100.html"]
    assert sorted(reversed(pages), key=natural) == pages
    threads = ["inbox/bo_7/message_11.json", "inbox/bo_7/message_2.json", "inbox/bo_7/message_1.json"]
    assert sorted(reversed(threads), key=natural) == threads
    assert sorted(["x01", "x1", "x" + "9" * 5000, "x٣"], key=natural)[:2] == ["x01", "x1"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_pages_of_telegram_make_one_conversation(tmp_path: Path, is_packed: bool) -> None:
    pages: dict[str, str | bytes] = {
        f"ChatExport/messages{number if number > 1 else ''}.html": PAGE.format(number) for number in range(1, 13)
    }
    records, drops = read_all(chat, write(tmp_path, {"export.zip": make_zip(pages)} if is_packed else pages))
    assert [record.text for record in records] == ["\n".join(f"Ada: word {number}" for number in range(1, 13))] and not drops


def test_pages_of_messenger_begin_with_the_oldest(tmp_path: Path) -> None:
    def page(number: int) -> str:
        said = {"sender_name": "Ada", "timestamp_ms": 1614592800000 - 60_000 * number, "content": f"word {number}"}
        return json.dumps({"participants": [{"name": "Ada"}], "messages": [said], "title": "x", "thread_path": "inbox/x_1"})

    records, _ = read_all(chat, write(tmp_path, {f"inbox/x_1/message_{number}.json": page(number) for number in range(1, 12)}))
    assert [record.text for record in records] == ["\n".join(f"Ada: word {number}" for number in range(11, 0, -1))]


def test_order_of_chats_that_have_nothing_to_do_with_each_other_changes_no_text(tmp_path: Path) -> None:
    logs: dict[str, str | bytes] = {
        f"logs/room{number}/2021-03-01.log": f"[10:00] <ada> a question {number}\n[10:01] <bo> an answer\n"
        for number in range(12)
    }
    apart = [read_all(chat, write(tmp_path / name.replace("/", "-"), {name: text}))[0][0] for name, text in logs.items()]
    packed, _ = read_all(chat, write(tmp_path / "all", {"logs.zip": make_zip(logs)}))
    assert sorted(record.text for record in packed) == sorted(record.text for record in apart)
