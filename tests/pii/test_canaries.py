"""A run over a dump of every format writes none of the values that were planted in them."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from curation import pipeline
from curation.recipe import load
from curation.sources import SOURCES
from tests.pii.formats import CANARIES, FORMATS
from tests.written import contents

UNREAD = {"damaged gzip", "empty file"}  # only their names reach the ledger


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("canaries")
    for number, (kind, name, content) in enumerate(FORMATS.values()):
        path = folder / "dumps" / kind / f"{number:02}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content()
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    sources = "".join(f'[[sources]]\nname = "{kind}"\nkind = "{kind}"\npaths = ["dumps/{kind}"]\n' for kind in SOURCES)
    rest = '[split]\neval_fraction = 0.3\n[tokenizer]\nconfig = "t.toml"\n[execution]\nworkers = 1\n'
    (folder / "recipe.toml").write_text(f'[run]\nname = "c"\nworkspace = "ws"\n{sources}{rest}')
    (folder / "t.toml").write_text('vocab_size = 400\npretokenizer = "gpt-2"\n')
    pipeline.run(load(folder / "recipe.toml"))
    return folder / "ws"


def documents(workspace: Path) -> list[dict[str, str]]:
    return [row for path in workspace.rglob("documents-*.parquet") for row in pq.read_table(path).to_pylist()]


def test_canaries_stand_in_no_byte_that_a_run_over_every_format_wrote(workspace: Path) -> None:
    """The one exception is inputs.json, which maps digests to real paths."""
    found = {
        (path.name, canary)
        for path in workspace.rglob("*")
        if path.is_file() and path.name != "inputs.json"
        for content in contents(path)
        for canary in CANARIES
        if canary.encode() in content
    }
    assert found == set()


@pytest.mark.parametrize("number", range(len(FORMATS)), ids=list(FORMATS))
def test_canary_text_of_each_format_was_read_and_scrubbed(workspace: Path, number: int) -> None:
    name = list(FORMATS)[number]
    rows = [row for row in documents(workspace) if f"{number:02}/" in row["origin"]]
    marks = ("<EMAIL_ADDRESS>", "<IBAN_CODE>", "example.com")
    scrubbed = [row for row in rows if any(mark in row["text"] for mark in marks)]
    assert bool(scrubbed) == (name not in UNREAD), [row["origin"] for row in rows]
