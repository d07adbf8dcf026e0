"""Large feeds in parts: their items, whatever the borders and whatever their texts quote."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from curation.source import Dropped, Part, Record
from curation.sources import SOURCES, splitting
from curation.sources.web.feed_items import feed_items
from tests.sources.material import prose, write
from tests.sources.test_parts import PACKERS, PART, as_tar, whole_and_parts
from tests.sources.test_web import wordpress, wordpress_item


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PART_BYTES", PART)


def as_feed(number: int = 300) -> bytes:
    trap = "and the page said <item><title>x</title></item> or </item>"
    return wordpress(*(wordpress_item(i, f"<p>{prose(90, i)} {trap * (i % 7 == 0)}</p>") for i in range(number))).encode()


@pytest.mark.parametrize("packer", PACKERS)
def test_parts_of_a_feed_are_its_items(tmp_path: Path, packer: str) -> None:
    whole, parts = whole_and_parts(SOURCES["web"], write(tmp_path, "blog.xml", PACKERS[packer](as_feed())))
    found = [row for part in parts for row in part]
    assert len(parts) >= 4 and len(whole) == len(found) == 300
    for one, other in zip(whole, found, strict=True):
        assert isinstance(one, Record) and isinstance(other, Record)
        assert (one.text, one.work, one.revised) == (other.text, other.work, other.revised)
    assert len({row.origin for row in found}) == 300 and "#byte " in found[-1].origin


def test_parts_of_a_feed_inside_an_archive_are_its_items(tmp_path: Path) -> None:
    data = as_tar({"site/blog.xml": as_feed(), "site/note.txt": prose(60)})
    _, parts = whole_and_parts(SOURCES["web"], write(tmp_path, "dump.tar", data))
    assert sum(len(part) for part in parts) == 301


def test_parts_of_a_feed_begin_in_text_that_looks_like_items() -> None:
    """Whatever the borders, the items together are those of the feed."""
    data = as_feed(15)
    whole = list(feed_items(io.BytesIO(data), Part(0, len(data))))
    assert len(whole) == 15
    for step in (1_000, 2_477, 5_000):
        cut = [Part(at, at + step) for at in range(0, len(data), step)]
        assert [item for part in cut for item in feed_items(io.BytesIO(data), part)] == whole


def test_parts_of_a_feed_with_an_endless_item_say_so_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.sources.web.feed_items.MAX_RECORD_BYTES", 1 << 14)
    monkeypatch.setattr("curation.sources.web.feed_items.BLOCK_BYTES", 1 << 12)
    data = as_feed().replace(b"Post 100<", b"Post 100 " + b"long " * 30_000 + b"<")
    _, parts = whole_and_parts(SOURCES["web"], write(tmp_path, "blog.xml", data))
    found = [row for part in parts for row in part]
    assert [row.reason for row in found if isinstance(row, Dropped)] == ["record_too_large"]
    assert len(found) == 300
