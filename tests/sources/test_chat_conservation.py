"""Messages in = messages out + dropped, on the real dumps beside the repository, counted by independent means."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sources_chat import conservation, plain_count
from curation.sources import chat
from tests.sources.reading import files_of, num_messages, read_all

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "chat"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CORPUS.is_dir(), reason="no real dumps here")]


def test_chat_dumps_lose_no_message() -> None:
    records, drops = read_all(chat, CORPUS)
    for file in files_of(CORPUS):
        expected = plain_count(file.real)
        mine = [record for record in records if record.origin.startswith(file.path)]
        gone = [drop for drop in drops if drop.origin.startswith(file.path)]
        assert mine or gone, file.path
        if expected is not None:
            assert num_messages(mine, gone) == expected, file.path


def test_chat_dumps_name_a_reason_for_every_drop() -> None:
    figures = conservation(CORPUS)
    reasons = {name.removeprefix("chat_dropped_") for name in figures if name.startswith("chat_dropped_")}
    assert reasons and reasons <= set(chat.REASONS)
    assert figures["chat_messages_lost"] == 0 < figures["chat_messages_in_counted_dumps"]
