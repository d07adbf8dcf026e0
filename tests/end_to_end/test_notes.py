"""A text whose encoding is a guess is kept, and the ledger says so of its row alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from curation.sources.encoding import decode
from tests.end_to_end.conftest import make_corpus, prose, run


def broken(seed: int) -> bytes:
    """UTF-8 but for three bytes."""
    text = f"{prose(seed)}\n\nZażółć gęślą jaźń, napisał ktoś na łące.".encode()
    return text[:500] + b"\xff\xfe\xfd" + text[500:]


HEADER = b"From someone Mon Jan  1 00:00:00 2024\nFrom: someone <s@example.org>\nSubject: North\n\n"
DUMPS = {
    "odd.txt": broken(50),
    "odd.html": b"<html><body><p>" + broken(51).replace(b"\n\n", b"</p>\n<p>") + b"</p></body></html>",
    "list.mbox": HEADER + broken(52) + b"\n",
    "count.py": b"def count(items):\n    # za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87 \xff\n    return len(items)\n\n\n"
    b"def first(items):\n    return items[0]\n",
}


@pytest.mark.parametrize("name", ["books/odd.txt", "books/odd.html", "chat/list.mbox", "code/odd/count.py"])
def test_kept_document_of_doubtful_encoding_is_noted_in_the_ledger(tmp_path: Path, name: str) -> None:
    recipe = make_corpus(tmp_path)
    data = DUMPS[Path(name).name]
    assert decode(data).doubtful
    path = tmp_path / "dumps" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    release = Path(run(recipe)["path"])
    rows = [row for file in sorted((release / "ledger").glob("*.parquet")) for row in pq.read_table(file).to_pylist()]
    noted = [row for row in rows if row["verdict"] == "kept" and row["reason"]]
    assert {(row["stage"], row["reason"]) for row in noted} == {("read", "doubtful_encoding")}
    assert {row["origin"].partition("#")[0].rpartition("/")[2] for row in noted} == {path.name}
