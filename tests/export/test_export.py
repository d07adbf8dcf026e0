"""Exports, read back by the peers' own loaders where they are installed, and the examples of the docs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from curation.errors import WorkspaceError
from curation.export import export, main
from curation.exports import FORMATS
from curation.tokenizers.encoder import Encoder
from tests.export.conftest import ROOT, texts

EXAMPLES = sorted((ROOT / "docs" / "examples").glob("read_with_*.py"))


def documents(release: Path, split: str) -> Iterator[list[int]]:
    """Token ids in the order of the manifest's shards."""
    for shard in json.loads((release / "manifest.json").read_bytes())["shards"]:
        if shard["split"] == split:
            yield from pq.read_table(release / shard["path"])["input_ids"].to_pylist()


def ended(release: Path, split: str) -> list[int]:
    end = Encoder.load(release / "tokenizer").vocabulary.special["<|eos|>"]
    return [number for ids in documents(release, split) for number in [*ids, end]]


def test_release_holds_every_text_once(release: Path) -> None:
    encoder = Encoder.load(release / "tokenizer")
    found = [encoder.decode(ids) for split in ("train", "eval") for ids in documents(release, split)]
    assert sorted(found) == sorted(texts())


def test_export_nanogpt_memmap_gives_the_tokens(release: Path, tmp_path: Path) -> None:
    export(release, "nanogpt", tmp_path / "out")
    for split, name in (("train", "train.bin"), ("eval", "val.bin")):
        assert np.memmap(tmp_path / "out" / name, dtype=np.uint16, mode="r").tolist() == ended(release, split)


def test_export_datatrove_own_dataset_reads_it_back(release: Path, tmp_path: Path) -> None:
    from datatrove.utils.dataset import DatatroveFileDataset

    export(release, "datatrove", tmp_path / "out")
    for split in ("train", "eval"):
        expected, length = ended(release, split), 15
        data = DatatroveFileDataset(str(tmp_path / "out" / split / "00000.ds"), seq_len=length, return_positions=True)
        read = [number for item in range(len(data)) for number in data[item]["input_ids"].tolist()]
        assert read == expected[: len(read)]
        assert len(read) > len(expected) - (length + 1)
        ends = np.fromfile(tmp_path / "out" / split / "00000.ds.index", "<u8")
        assert ends.tolist() == np.cumsum([len(ids) + 1 for ids in documents(release, split)]).tolist()
        positions = [number for item in range(len(data)) for number in data[item]["positions"].tolist()]
        assert positions[0] == 0
        assert positions.count(0) >= len([end for end in ends if end < len(read)])


def test_export_megatron_index_finds_every_document(release: Path, tmp_path: Path) -> None:
    export(release, "megatron", tmp_path / "out")
    end = Encoder.load(release / "tokenizer").vocabulary.special["<|eos|>"]
    for split in ("train", "eval"):
        prefix = tmp_path / "out" / f"{split}_text_document"
        assert read_megatron(prefix) == [[*ids, end] for ids in documents(release, split)]


def read_megatron(prefix: Path) -> list[list[int]]:
    """The documented layout, read as megatron.core's IndexedDataset maps it (which needs Megatron itself)."""
    raw = prefix.with_suffix(".idx").read_bytes()
    assert raw[:9] == b"MMIDIDX\x00\x00"
    assert np.frombuffer(raw, "<u8", 1, 9)[0] == 1
    kind = {8: "<u2", 4: "<i4"}[raw[17]]
    sequences, borders = (int(value) for value in np.frombuffer(raw, "<u8", 2, 18))
    lengths = np.frombuffer(raw, "<i4", sequences, 34)
    pointers = np.frombuffer(raw, "<i8", sequences, 34 + lengths.nbytes)
    assert np.frombuffer(raw, "<i8", borders, 34 + lengths.nbytes + pointers.nbytes).tolist() == list(range(sequences + 1))
    assert len(raw) == 34 + lengths.nbytes + pointers.nbytes + 8 * borders
    data = prefix.with_suffix(".bin").read_bytes()
    return [np.frombuffer(data, kind, int(n), int(at)).tolist() for n, at in zip(lengths, pointers, strict=True)]


def test_export_text_gives_back_every_document_and_evaluates_on_the_last_file(release: Path, tmp_path: Path) -> None:
    export(release, "text", tmp_path / "out")
    encoder = Encoder.load(release / "tokenizer")
    files = sorted((tmp_path / "out").glob("*.parquet"))
    *train, last = [pq.read_table(path)["text"].to_pylist() for path in files]
    assert [text for part in train for text in part] == [encoder.decode(ids) for ids in documents(release, "train")]
    assert last == [encoder.decode(ids) for ids in documents(release, "eval")]


def test_export_public_has_no_inputs_ledger_or_pins_and_still_verifies(release: Path, tmp_path: Path) -> None:
    from curation.verify import verify

    assert main([str(release), "--public", "--output", str(tmp_path / "out")]) == 0
    names = {path.relative_to(tmp_path / "out").parts[0] for path in (tmp_path / "out").rglob("*")}
    assert names == {"train", "eval", "tokenizer", "manifest.json"}
    assert "in.jsonl" not in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    verify(tmp_path / "out")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_export_into_a_folder_with_files_is_refused_and_leaves_it_alone(release: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(WorkspaceError, match="something already"):
        export(release, name, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_reads_the_release(release: Path, tmp_path: Path, example: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(example), str(release), str(tmp_path)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    if "torch" not in example.stem:
        tokens = sum(len(ids) for ids in documents(release, "train"))
        assert f"{tokens} tokens in train" in done.stdout
    else:
        assert "torch.Size([4, 16])" in done.stdout
