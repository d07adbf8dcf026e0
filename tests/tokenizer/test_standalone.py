"""The stand-alone form: what it reads, that it resumes after a kill, that it never mixes two tokenizers."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from curation.errors import RecipeError, WorkspaceError
from curation.tokenize import main
from curation.tokenizers import files
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.meter import line
from curation.tokenizers.standalone import Job, tokenize_files
from tests.tokenizer.conftest import ROOT

TEXTS = [f"text number {number}, żółw 🐢\n" * (number % 4 + 1) for number in range(60)]


@pytest.fixture
def small(tmp_path: Path) -> str:
    (tmp_path / "small.toml").write_text("vocab_size = 400\n")
    return str(tmp_path / "small.toml")


def jsonl(path: Path, texts: list[str], column: str = "text") -> Path:
    path.write_text("".join(json.dumps({column: text}) + "\n" for text in texts), encoding="utf-8")
    return path


def read_back(output: Path) -> list[str]:
    encoder = Encoder.load(output / "tokenizer")
    return sorted(
        encoder.decode(ids)
        for shard in json.loads((output / "manifest.json").read_bytes())["shards"]
        for ids in pq.read_table(output / shard["path"])["input_ids"].to_pylist()
    )


def snapshot(output: Path) -> dict[str, bytes]:
    paths = [path for path in output.rglob("*") if path.is_file() and ".work" not in path.parts]
    return {str(path.relative_to(output)): path.read_bytes() for path in paths}


def test_tokenize_files_every_format_gives_the_same_texts(tmp_path: Path, small: str) -> None:
    data = jsonl(tmp_path / "a.jsonl", TEXTS).read_bytes()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(data))
    (tmp_path / "a.data").write_bytes(zstandard.compress(data))  # found by content, whatever the name
    pq.write_table(pa.table({"text": TEXTS, "n": range(len(TEXTS))}), tmp_path / "a.parquet", row_group_size=7)
    (tmp_path / "texts").mkdir()
    for number, text in enumerate(TEXTS):
        (tmp_path / "texts" / f"{number}.txt").write_bytes(text.encode())
    for name in ("a.jsonl", "a.jsonl.gz", "a.data", "a.parquet", "texts"):
        tokenize_files(Job((str(tmp_path / name),), tmp_path / f"out-{name}", small, workers=1))
        assert read_back(tmp_path / f"out-{name}") == sorted(TEXTS), name


def test_tokenize_files_large_json_lines_are_cut_at_lines(tmp_path: Path, small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "UNIT_BYTES", 700)
    source = jsonl(tmp_path / "a.jsonl", TEXTS)
    units = files.list_units((str(source),), "text")
    assert len(units) > 5
    found = [row["text"] for unit in units for rows, _ in files.read_unit(unit, "text") for row in rows]
    assert found == TEXTS


def test_tokenize_files_one_and_two_workers_give_the_same_bytes(
    tmp_path: Path, small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "UNIT_BYTES", 1500)
    source = jsonl(tmp_path / "a.jsonl", TEXTS)
    for workers in (1, 2):
        tokenize_files(Job((str(source),), tmp_path / f"out{workers}", small, max_tokens=300, workers=workers))
    assert snapshot(tmp_path / "out1") == snapshot(tmp_path / "out2")


def test_tokenize_files_records_without_text_are_counted_and_bad_files_named(tmp_path: Path, small: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "good one"}\n{"other": 1}\nnot json\n{"text": ""}\n{"text": "second"}\n')
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(json.dumps({"text": "x" * 5000}).encode() + b"\n")[:-20])
    summary = tokenize_files(Job((str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl.gz")), tmp_path / "out", small, workers=1))
    assert (summary["documents"], summary["dropped"]) == (2, 3)
    assert [name for name, _ in summary["quarantined"]] == ["b.jsonl.gz"]


def test_tokenize_files_holds_out_at_least_one_document_and_never_a_copy_of_train(tmp_path: Path, small: str) -> None:
    source = jsonl(tmp_path / "a.jsonl", [*TEXTS[:6], *TEXTS[:6]])
    summary = tokenize_files(Job((str(source),), tmp_path / "out", small, eval_fraction=1e-9, workers=1))
    splits = {"train": set(), "eval": set()}
    for shard in summary["shards"]:
        splits[shard["split"]] |= set(pq.read_table(tmp_path / "out" / shard["path"])["id"].to_pylist())
    assert len(splits["eval"]) == 1
    assert not splits["train"] & splits["eval"]


def test_tokenize_files_again_does_nothing_and_a_new_file_keeps_the_tokenizer(tmp_path: Path, small: str) -> None:
    jsonl(tmp_path / "a.jsonl", TEXTS)
    job = Job((str(tmp_path / "*.jsonl"),), tmp_path / "out", small, workers=1)
    tokenize_files(job)
    before, times = snapshot(tmp_path / "out"), {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.parquet")}
    tokenize_files(job)
    assert snapshot(tmp_path / "out") == before
    assert all(path.stat().st_mtime_ns == time for path, time in times.items())
    jsonl(tmp_path / "b.jsonl", ["something new"])
    tokenize_files(job)
    assert read_back(tmp_path / "out") == sorted([*TEXTS, "something new"])
    assert snapshot(tmp_path / "out")["tokenizer/tokenizer.json"] == before["tokenizer/tokenizer.json"]


def test_tokenize_files_with_another_tokenizer_is_refused_and_changes_nothing(tmp_path: Path, small: str, llama3: Path) -> None:
    source = jsonl(tmp_path / "a.jsonl", TEXTS)
    tokenize_files(Job((str(source),), tmp_path / "out", small, workers=1))
    before = snapshot(tmp_path / "out")
    for other in (str(llama3), "bpe_8k"):
        with pytest.raises(WorkspaceError, match="another tokenizer"):
            tokenize_files(Job((str(source),), tmp_path / "out", other, workers=1))
    assert snapshot(tmp_path / "out") == before
    (tmp_path / "out" / "tokenizer" / "tokenizer.json").unlink()  # the shards alone tell
    with pytest.raises(WorkspaceError, match="another tokenizer"):
        tokenize_files(Job((str(source),), tmp_path / "out", str(llama3), workers=1))


def test_tokenize_files_killed_at_any_file_operation_ends_in_the_same_bytes(tmp_path: Path, small: str) -> None:
    source = jsonl(tmp_path / "a.jsonl", TEXTS)
    tokenize_files(Job((str(source),), tmp_path / "whole", small, max_tokens=300, workers=1))
    # The child kills itself at its n-th rename, unlink or link: the operations by which anything becomes visible.
    code = (
        "import os, sys, signal; n = int(sys.argv[1]); count = 0\n"
        "def wrap(name):\n"
        "    real = getattr(os, name)\n"
        "    def call(*a, **k):\n"
        "        global count; count += 1\n"
        "        if count == n: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return real(*a, **k)\n"
        "    setattr(os, name, call)\n"
        "for name in ('replace', 'rename', 'link', 'unlink'): wrap(name)\n"
        "from curation.tokenize import main; sys.exit(main(sys.argv[2:]))"
    )
    arguments = [
        "--input",
        str(source),
        "--output",
        str(tmp_path / "out"),
        "--tokenizer",
        small,
        "--max-tokens",
        "300",
        "--workers",
        "1",
    ]
    kills = 0
    for n in (1, 2, 3, 5, 8, 12, 20):
        with (tmp_path / "log").open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, "-c", code, str(n), *arguments], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
            status = child.wait(timeout=120)
        with contextlib.suppress(ProcessLookupError):  # datatrove's manager process outlives a killed launcher
            os.killpg(child.pid, signal.SIGKILL)
        kills += status == -signal.SIGKILL
        assert status in (0, -signal.SIGKILL), (tmp_path / "log").read_text()[-2000:]
    assert kills >= 4
    assert main(arguments) == 0
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "whole")
    assert not [path for path in (tmp_path / "out" / ".work" / "tmp").glob("*")]


@pytest.mark.parametrize("name", ["none.jsonl", "*.nothing"])
def test_tokenize_files_without_a_match_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecipeError, match="matches no file"):
        tokenize_files(Job((str(tmp_path / name),), tmp_path / "out"))


def test_main_wrong_column_is_one_sentence_and_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(pa.table({"body": TEXTS}), tmp_path / "a.parquet")
    assert main(["--input", str(tmp_path / "a.parquet"), "--output", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert "text" in error
    assert "body" in error
    assert "Traceback" not in error


def test_main_text_column_and_existing_tokenizer_in_a_process_of_its_own(tmp_path: Path, llama3: Path) -> None:
    pq.write_table(pa.table({"body": TEXTS}), tmp_path / "a.parquet")
    command = [sys.executable, "-m", "curation.tokenize", "--input", "a.parquet", "--text-column", "body", "--output", "out"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "--tokenizer", str(llama3), "--json"], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert json.loads(done.stdout)["documents"] == len(TEXTS)
    assert read_back(tmp_path / "out") == sorted(TEXTS)


def test_line_counts_only_this_runs_bytes_as_speed() -> None:
    assert line("encode", 60_000_000, 100_000_000, fresh=20_000_000, seconds=2.0) == "encode: 60 of 100 MB, 10.0 MB/s, 4 s left"
