"""`make bench` writes what a benchmark printed into its block of a page and leaves every other word alone."""

from __future__ import annotations

from benchmarks.__main__ import PAGES, with_block
from tests.docs.pages import ROOT

PAGE = "# Quality\n\nWhat is measured.\n\n## `python -m benchmarks.pii`\n\nCounted by hand: 3.\n\n## Other\n\nWords.\n"


def test_block_comes_under_its_heading_and_is_replaced_from_then_on() -> None:
    once = with_block(PAGE, "pii", "ratio 1.0 (ours / theirs)\n", "a machine")
    twice = with_block(once, "pii", "ratio 2.0 (ours / theirs, \\1)\n", "another")
    assert once.replace("<!-- printed by benchmarks.pii on a machine -->\n```\nratio 1.0 (ours / theirs)\n```\n\n", "") == PAGE
    assert twice == once.replace("a machine", "another").replace("ratio 1.0 (ours / theirs)", "ratio 2.0 (ours / theirs, \\1)")


def test_benchmark_without_a_heading_gets_one_at_the_end() -> None:
    assert with_block(PAGE, "dedup", "ratio 1.0\n", "a machine").startswith(PAGE + "\n## `python -m benchmarks.dedup`\n\n<!--")


def test_benchmarks_of_the_pages_exist() -> None:
    assert not [name for names in PAGES.values() for name in names if not (ROOT / "benchmarks" / f"{name}.py").is_file()]
