"""What the automaton sees of a text and of a pattern: whatever the pattern matches in the text it matches in the bytes."""

from __future__ import annotations

import re

import pytest
import regex as engine
from hypothesis import given
from hypothesis import strategies as st

from curation.pii.alphabet import classes, narrow
from curation.pii.automaton import Automaton, Expression, has_hyperscan
from curation.pii.projection import projected

ODD = "aKkſİıs0٣١\u0301é żЯ東_-–@.\u2009\u00a0\x1c\x85\u2028\n 😀𝟙\ud800\U0001e4f5"
TEXTS = st.text(st.sampled_from(ODD + "b19xZ:/'") | st.characters(), max_size=30)
PATTERNS = [
    (r"\b\w+\b", engine.IGNORECASE),
    (r"\b\d{1,3}(?:[- ]\d)?\b", 0),
    (r"[^\W\d_]+@", engine.IGNORECASE),
    (r"[^ @:]+[.:]", 0),
    (r"[^a-jl-z]", engine.IGNORECASE),
    (r"[\-–−\u2010-\u2015]\s?\S", 0),
    (r"(?i)[ks]i\D", 0),
    (r"([:-])x\1", 0),
    (r"^\W*?k.*?$", engine.MULTILINE | engine.IGNORECASE),
    (r"(?:a|bc)++\B[ĄĆżé]", engine.IGNORECASE),
    (r"(?<=a)b(?!c)|x{0,40}$", engine.DOTALL),
    (r"[\d٣]{2,}\Z", 0),
]


@pytest.mark.parametrize("category", [r"\d", r"\w", r"\s"])
def test_classes_every_code_point_keeps_its_category(category: str) -> None:
    everything = "".join(map(chr, range(len(classes()))))
    ours = {match.start() for match in re.finditer(category.encode(), classes().tobytes())}
    assert ours == {match.start() for match in engine.finditer(category, everything)}


@given(TEXTS)
def test_narrow_any_text_has_one_byte_a_character(text: str) -> None:
    assert len(narrow(text)) == len(text)


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
@given(text=TEXTS)
def test_projected_pattern_matches_bytes_wherever_it_matches_the_text(pattern: str, flags: int, text: str) -> None:
    made = projected(pattern, flags)
    assert made is not None
    data = narrow(text)
    for match in engine.finditer(pattern, text, flags, overlapped=True):
        # Not `fullmatch` up to the end, which would hide what follows from word boundaries.
        ending = b"(?:%s)(?<=(?s:\\A.{%d}))" % (made[0].replace(r"\z", r"\Z").encode("ascii"), match.end())
        assert re.compile(ending, made[1] & ~re.UNICODE).match(data, match.start())


@pytest.mark.parametrize("pattern", ["паспорт", r"a(?=b)\p{L}", r"(a)?(?(1)b|c)", r"(?:phone){e<=1}"])
def test_projected_pattern_without_a_useful_form_is_left(pattern: str) -> None:
    assert projected(pattern, 0) is None


@pytest.mark.skipif(not has_hyperscan(), reason="hyperscan has wheels for x86-64 only")
@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_automaton_odd_text_reports_every_end(pattern: str, flags: int, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    automaton = Automaton([Expression(pattern, flags), Expression("паспорт|żółw", engine.IGNORECASE)])
    for text in (ODD, ODD[::-1], "k" + ODD * 2, "żółw \ud800 паспорт a–b -x-x 12 3", "ab\ncd kſ٣٣"):
        hits = automaton.hits(text)
        if 0 not in automaton.everywhere:
            ends = {match.end() for match in engine.finditer(pattern, text, flags) if match.group()}
            assert ends <= set(hits.get(0, []))
        assert {match.end() for match in engine.finditer("паспорт|żółw", text)} <= set(hits.get(1, []))
