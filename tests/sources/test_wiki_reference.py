"""Wikitext against MediaWiki's own parser tests and other parsers' expectations, where they lie beside the repository."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.sources_wiki import equal_share, labelled_rows, stray_markup
from curation.sources.wikitext import plain_text

LABELLED = Path(__file__).resolve().parents[2].parent / "shared" / "labelled"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (LABELLED / "wikitext").is_dir(), reason="no labelled wikitext here")]


def test_wikitext_core_parser_tests_read_equal_in_nine_of_ten() -> None:
    rows = labelled_rows(LABELLED / "wikitext")
    assert equal_share(plain_text, [row for row in rows if row.get("core")]) >= 0.90
    assert equal_share(plain_text, rows) >= 0.70


def test_wikitext_of_whole_pages_leaves_no_stray_markup() -> None:
    texts = []
    for path in sorted((LABELLED / "wikitext").glob("*pages*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts += [plain_text(json.loads(line)["wikitext"]) for line in lines]
    assert texts
    assert stray_markup(texts) == {}
