"""Every source and language has eval documents where train can spare them, and a reason where it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from curation.split import split
from curation.split_config import Config
from curation.splitting.size import bounded_fraction, estimated_tokens
from tests.dedup.corpus import Doc, engine, verdicts, write_segment
from tests.dedup.test_step import prose

HEADER = " ".join(f"licence{number}" for number in range(60))


def run(folder: Path, docs: list[Doc], **settings: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(verdicts, summary) of one segment of code."""
    segment = write_segment(folder, docs, source="code", kind="code")
    (out := folder / "out").mkdir()
    summary = split([segment], folder / "previous", Config(**settings), None, out, engine(folder, 1))
    return verdicts(out, [segment]), summary


def repository(number: int, lang: str, files: int = 6, notes: int = 1, words: int = 150) -> list[Doc]:
    """`files` of `lang` and `notes` of Markdown, none of which is its main language."""
    first = 10_000 * number
    own = [Doc(prose(first + i, words), f"repo-{number}", f"{number}/{i}", lang=lang) for i in range(files)]
    return own + [Doc(prose(first + 5000 + i, 60), f"repo-{number}", f"{number}/n{i}", lang="markdown") for i in range(notes)]


def in_eval(docs: list[Doc], rows: list[dict[str, Any]], lang: str) -> int:
    return sum(row["split"] == "eval" and doc.lang == lang for doc, row in zip(docs, rows, strict=True))


def test_language_that_is_the_main_one_of_no_work_has_eval_documents(tmp_path: Path) -> None:
    docs = [doc for number in range(12) for doc in repository(number, "python")]
    docs += [doc for number in range(20, 24) for doc in repository(number, "rust", notes=0)]
    rows, summary = run(tmp_path, docs, eval_fraction=0.02)
    assert all(in_eval(docs, rows, lang) for lang in ("python", "rust", "markdown"))
    assert summary["without_eval"] == {}


def test_only_repository_of_a_language_stays_in_train_with_the_reason(tmp_path: Path) -> None:
    docs = [doc for number in range(12) for doc in repository(number, "python")] + repository(50, "zig", notes=0)
    rows, summary = run(tmp_path, docs, eval_fraction=0.02)
    assert in_eval(docs, rows, "zig") == 0 and in_eval(docs, rows, "python") > 0
    assert summary["without_eval"] == {"code/zig": "it is in a single work"}


def test_work_that_holds_most_of_another_language_is_not_taken_for_a_small_one(tmp_path: Path) -> None:
    docs = [doc for number in range(12) for doc in repository(number, "python", notes=0)]
    docs += repository(60, "zig", notes=2) + repository(61, "ada", notes=2)  # Markdown beside the only Zig and the only Ada
    rows, summary = run(tmp_path, docs, eval_fraction=0.02)
    assert in_eval(docs, rows, "markdown") == in_eval(docs, rows, "zig") == in_eval(docs, rows, "ada") == 0
    assert set(summary["without_eval"]) == {"code/markdown", "code/zig", "code/ada"}


def test_header_that_all_files_of_one_work_share_does_not_keep_it_out(tmp_path: Path) -> None:
    shared = [Doc(f"{HEADER} {prose(i, 200)}", "headed", f"h/{i}", lang="c") for i in range(80)]
    other = [Doc(prose(70_000 + i, 260), "plain", f"p/{i}", lang="c") for i in range(200)]
    rows, summary = run(tmp_path, shared + other, eval_fraction=0.05, max_share=0.4)
    assert "code/c" not in summary["without_eval"] and any(row["split"] == "eval" for row in rows)


def test_eval_tokens_are_bounded_by_an_estimate_of_each_language() -> None:
    strata = {"books/en": (10, 3_600_000), "books/ru": (10, 5_400_000)}
    assert estimated_tokens(strata) == 2_000_000
    assert bounded_fraction(0.01, 0, strata) == 0.01 == bounded_fraction(0.01, 1_000_000, strata)
    assert bounded_fraction(0.01, 2_000, strata) == 0.001


def test_bound_on_eval_tokens_makes_eval_smaller(tmp_path: Path) -> None:
    docs = [Doc(prose(i, 150), f"w{i}", f"{i}", lang="python") for i in range(200)]
    large = run(tmp_path / "a", docs, eval_fraction=0.2)[1]
    small = run(tmp_path / "b", docs, eval_fraction=0.2, max_eval_tokens=1000)[1]
    assert 0 < small["eval"] < large["eval"] / 2 and small["eval_fraction"] < large["eval_fraction"] == 0.2
