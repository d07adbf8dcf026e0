"""The prefilter may find too much, never too little; a damaged or forbidden cache costs time only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from curation.pii.automaton import Automaton, Expression
from curation.pii.databases import relaxed

hyperscan = pytest.importorskip("hyperscan")

PATTERNS = [
    r"\b\d{4,12}\b",
    r"[a-z]{1,20}://\w{0,128}:",
    r"(?:[A-Z]\w+ ){1,3}Street",
    r"a{10}",
    r"[\u2009 ]x{2}",
    r"(?<!\d)9{3}(?!\d)",
]
TEXTS = [
    "12345 9999999999 999",
    "postgres://user:word",
    "Old Long Way Street",
    "aaaaaaaaaaaa",
    "\u2009xx xx",
    "żółć://łąka: 123456",
]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_automaton_reports_every_end_that_python_finds(pattern: str) -> None:
    automaton = Automaton([Expression(pattern, re.IGNORECASE)])
    for text in TEXTS:
        ends = {match.end() for match in re.finditer(pattern, text, re.IGNORECASE)}
        assert ends <= set(automaton.hits(text).get(0, []))


def test_relaxed_pattern_matches_wherever_the_pattern_does() -> None:
    assert relaxed(r"x{0,128}y{3,99}z{2}(ab){1,2}") == r"x{0,}y{3,}z{2}(ab){1,2}"


@pytest.mark.parametrize("damage", ["damaged", "folder"])
def test_database_with_a_useless_cache_is_compiled_anew(own_cache: Path, damage: str) -> None:
    expressions = [Expression(r"\d{3}", 0)]
    assert Automaton(expressions).hits("a 123") == {0: [5]}
    (path,) = (own_cache / "curation").iterdir()
    path.unlink()
    path.write_bytes(b"nothing of use") if damage == "damaged" else path.mkdir()
    assert Automaton(expressions).hits("a 123") == {0: [5]}


def test_database_from_the_cache_finds_the_same() -> None:
    expressions = [Expression(r"\d{3}", 0), Expression("a+", 0)]
    made, loaded = Automaton(expressions), Automaton(expressions)
    assert loaded.hits("aa 123 456") == made.hits("aa 123 456") != {}
