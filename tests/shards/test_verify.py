"""verify passes what the stand-alone form makes, and names whatever is changed afterwards."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation import manifest, storage
from curation.errors import ContractError, CurationError, RecipeError
from curation.ledger import LEDGER_SCHEMA
from curation.tokenizers.config import TokenizerConfig
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.standalone import Job, tokenize_files
from curation.tokenizers.train import train
from curation.trace import trace
from curation.verify import verify


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    lines = [json.dumps({"text": f"document {number} says żółw 🐢 " * (number % 9 + 1)}) for number in range(120)]
    (folder / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "small.toml").write_text("vocab_size = 400\n")
    tokenize_files(Job((str(folder / "in.jsonl"),), folder / "out", str(folder / "small.toml"), eval_fraction=0.1, workers=1))
    shutil.rmtree(folder / "out" / ".work")
    return folder / "out"


@pytest.fixture
def release(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "release"))


def with_ledger(release: Path, edit: Callable[[list[dict[str, object]]], None] = lambda rows: None) -> Path:
    """A ledger that names every row of every shard, resealed."""
    summary = manifest.read(release)
    rows: list[dict[str, object]] = [
        {"id": key, "source": "s", "origin": f"in.jsonl#{key}", "work": "w", "verdict": "kept", "split": shard["split"]}
        | {"shard": shard["path"], "row": row}
        for shard in summary["shards"]
        for row, key in enumerate(pq.read_table(release / shard["path"])["id"].to_pylist())
    ]
    edit(rows)
    (release / "ledger").mkdir()
    pq.write_table(pa.Table.from_pylist(rows, LEDGER_SCHEMA), release / "ledger" / "one.parquet")
    summary["files"]["ledger/one.parquet"] = manifest.describe(release / "ledger" / "one.parquet")
    storage.write_json(release / "manifest.json", summary)
    return release


def test_verify_untouched_release_passes(release: Path) -> None:
    verify(release)
    verify(with_ledger(release))


def test_verify_one_flipped_bit_is_found(release: Path) -> None:
    shard = next((release / "train").iterdir())
    data = bytearray(shard.read_bytes())
    data[len(data) // 2] ^= 1
    shard.write_bytes(data)
    with pytest.raises(ContractError, match="changed"):
        verify(release)


def rewritten(
    release: Path, change: Callable[[pa.Table], pa.Table], footer: dict[str, str] | None = None, **options: object
) -> None:
    """A train shard replaced by a changed one, with every hash in the manifest put right."""
    summary = manifest.read(release)
    shard = next(shard for shard in summary["shards"] if shard["split"] == "train")
    path = release / shard["path"]
    table = pq.read_table(path)
    metadata = {key: value for key, value in (table.schema.metadata or {}).items()} | pq.read_metadata(path).metadata
    metadata = {key: value for key, value in metadata.items() if key != b"ARROW:schema"} | {
        k.encode(): v.encode() for k, v in (footer or {}).items()
    }
    table = change(table)
    settings = {
        "compression": "zstd",
        "use_dictionary": ["source"],
        "column_encoding": {"input_ids.list.element": "BYTE_STREAM_SPLIT"},
    }
    pq.write_table(table.replace_schema_metadata(metadata), path, **(settings | options))
    shard["sha256"] = manifest.file_sha256(path)
    summary["files"][shard["path"]] = manifest.describe(path)
    storage.write_json(release / "manifest.json", summary)


def test_verify_shard_written_anew_with_the_same_rows_passes(release: Path) -> None:
    rewritten(release, lambda table: table)
    verify(release)


@pytest.mark.parametrize(
    ("change", "options", "footer", "message"),
    [
        (lambda table: table.sort_by([("id", "descending")]), {}, {}, "not sorted"),
        (lambda table: table.slice(1), {}, {}, "counts differ"),
        (lambda table: table.drop_columns(["work"]), {}, {}, "other columns"),
        (lambda table: table, {"column_encoding": {"input_ids.list.element": "PLAIN"}}, {}, "another encoding"),
        (lambda table: table, {}, {"tokenizer_sha256": "0" * 64}, "another tokenizer"),
        (lambda table: table, {}, {"num_tokens": "1"}, "counts differ"),
    ],
)
def test_verify_broken_shard_is_named(
    release: Path, change: Callable[[pa.Table], pa.Table], options: dict[str, object], footer: dict[str, str], message: str
) -> None:
    rewritten(release, change, footer, **options)
    with pytest.raises(ContractError, match=message):
        verify(release)


def test_verify_tokens_of_another_text_are_found(release: Path) -> None:
    def swapped(table: pa.Table) -> pa.Table:
        # The same tokens in another order: other bytes, or a text that would be encoded otherwise.
        lists = [ids[::-1] for ids in table["input_ids"].to_pylist()]
        field = table.schema.field("input_ids")
        return table.set_column(table.schema.get_field_index("input_ids"), field, pa.array(lists, field.type))

    rewritten(release, swapped)
    with pytest.raises(ContractError, match="give their text back"):
        verify(release)


def test_verify_another_tokenizer_in_the_folder_is_found(release: Path) -> None:
    train(["other text"], TokenizerConfig(vocab_size=400), release / "tokenizer")
    summary = manifest.read(release)
    for name in [name for name in summary["files"] if name.startswith("tokenizer/")]:
        summary["files"][name] = manifest.describe(release / name)
    storage.write_json(release / "manifest.json", summary)
    with pytest.raises(ContractError, match="tokenizer"):
        verify(release)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda rows: rows.pop(), "without a ledger row"),
        (lambda rows: rows.append(dict(rows[0])), "different documents"),
        (lambda rows: rows[0].update(id="0" * 32), "different documents"),
        (lambda rows: rows[0].update(shard="train/none.parquet"), "not there"),
        (lambda rows: rows[0].update(row=99_999), "different documents"),
    ],
)
def test_verify_ledger_that_does_not_fit_is_named(
    release: Path, edit: Callable[[list[dict[str, object]]], None], message: str
) -> None:
    with_ledger(release, edit)
    with pytest.raises(ContractError, match=message):
        verify(release)


def test_trace_finds_document_origin_licence_and_bytes(release: Path) -> None:
    with_ledger(release)
    encoder = Encoder.load(release / "tokenizer")
    shard = next(shard for shard in manifest.read(release)["shards"] if shard["split"] == "train")["path"]
    rows = pq.read_table(release / shard).to_pylist()
    for row, token in ((0, 0), (7, 3), (len(rows) - 1, len(rows[-1]["input_ids"]) - 1)):
        found = trace(release, shard, row, token)
        data = encoder.decode(rows[row]["input_ids"]).encode()
        assert encoder.vocabulary.token_bytes is not None
        assert data[found.start_byte : found.stop_byte] == encoder.vocabulary.token_bytes[rows[row]["input_ids"][token]]
        assert (found.id, found.origins, found.work) == (rows[row]["id"], (f"in.jsonl#{rows[row]['id']}",), "in.jsonl")


@pytest.mark.parametrize(
    ("shard", "row", "token"), [("train/none.parquet", 0, 0), (None, 10**6, 0), (None, 0, 10**6), (None, -1, 0)]
)
def test_trace_place_that_is_not_there_is_an_error(release: Path, shard: str | None, row: int, token: int) -> None:
    first = str(next((release / "train").iterdir()).relative_to(release))
    with pytest.raises(RecipeError) as error:
        trace(release, shard or first, row, token)
    assert isinstance(error.value, CurationError)
