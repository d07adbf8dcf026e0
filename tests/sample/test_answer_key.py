"""The answer key tells the truth about the files."""

import gzip
import itertools
import json
import re
from collections import Counter

import phonenumbers
import pytest
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, IbanRecognizer, IpRecognizer, PlPeselRecognizer

from benchmarks.sample.edits import jaccard, shingles
from benchmarks.sample.generate import build
from benchmarks.sample.identifiers import luhn_digit
from benchmarks.sample.sample import Sample
from benchmarks.sample.web import POSTS
from tests.sample.contents import everything

RECOGNIZERS = {
    "iban": IbanRecognizer,
    "ip_address": IpRecognizer,
    "pesel": PlPeselRecognizer,
    "credit_card": CreditCardRecognizer,
}
REGIONS = {"en": "GB", "pl": "PL", "ru": "RU", "fa": "IR"}


@pytest.fixture(scope="module")
def sample() -> Sample:
    return build()


@pytest.fixture(scope="module")
def texts(sample: Sample) -> dict[str, str]:
    return {name: everything(name, content) for name, content in sample.files.items()}


@pytest.fixture(scope="module")
def posts(sample: Sample) -> dict[str, str]:
    rows = gzip.decompress(sample.files[POSTS]).decode().splitlines()
    return {row["id"]: row["text"] for row in (json.loads(r) for r in rows if not r.startswith('{"id": "post-broken"'))}


def _below(texts: dict[str, str], place: str) -> str:
    """Text of a file, or of all files in a folder."""
    return " ".join(text for name, text in texts.items() if name == place or name.startswith(f"{place}/"))


def test_canary_stands_in_its_file_and_nowhere_else(sample: Sample, texts: dict[str, str]) -> None:
    for canary in sample.answers.canaries:
        found = {name for name, text in texts.items() if canary.value in text}
        assert found, canary
        assert all(name == canary.file or name.startswith(f"{canary.file}/") for name in found), canary


def test_canary_values_pass_the_checks_of_their_schemes(sample: Sample) -> None:
    for canary in sample.answers.canaries:
        if canary.type in RECOGNIZERS:
            recognizer = RECOGNIZERS[canary.type]()
            spans = recognizer.analyze(f"x {canary.value} y", recognizer.supported_entities, None)  # type: ignore[arg-type]
            assert any((span.start, span.end) == (2, 2 + len(canary.value)) for span in spans), canary
        if canary.type == "phone":
            assert phonenumbers.is_valid_number(phonenumbers.parse(canary.value, REGIONS[canary.lang])), canary


def test_national_numbers_pass_rules_computed_apart(sample: Sample) -> None:
    """The rules as the registries publish them, written in another way than the generator's."""
    for canary in sample.answers.canaries:
        digits = [int(c) for c in canary.value if c.isdigit()]
        if canary.type == "nip":
            assert sum(d * w for d, w in zip(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7))) % 11 == digits[9]
        if canary.type == "snils":
            total = sum(d * (9 - i) for i, d in enumerate(digits[:9]))
            assert (total % 101) % 100 == digits[9] * 10 + digits[10]
        if canary.type == "ir_national_code":
            total = sum(d * (10 - i) for i, d in enumerate(digits[:9])) % 11
            assert digits[9] == (total if total < 2 else 11 - total)
        if canary.type == "inn":
            tenth = sum(d * w for d, w in zip(digits, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8))) % 11 % 10
            last = sum(d * w for d, w in zip(digits, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))) % 11 % 10
            assert digits[10:] == [tenth, last]


def test_luhn_digit_of_published_number_is_right() -> None:
    assert luhn_digit("7992739871") == "3"


def test_probe_stands_in_the_file_of_its_case(sample: Sample, texts: dict[str, str]) -> None:
    for case in sample.answers.cases:
        for probe in case.probes:
            assert probe in texts[case.file], case


def test_probe_stands_in_no_other_file_than_that_of_case_and_twin(sample: Sample, texts: dict[str, str]) -> None:
    for case in sample.answers.cases:
        twin = (case.twin or case.file).split("#")[0].split("!")[0]
        for probe in case.probes:
            found = {name for name, text in texts.items() if probe in text}
            assert all(name == case.file or name == twin or name.startswith(f"{twin}/") for name in found), case


def test_surviving_and_vanishing_phrases_stand_in_the_dumps(sample: Sample, texts: dict[str, str]) -> None:
    for phrase in sample.answers.must_survive:
        if phrase.why != "text carried by markup":
            assert re.sub(r"\s+", " ", phrase.text) in texts[phrase.file], phrase
    for phrase in sample.answers.must_vanish + sample.answers.toxic_lines:
        if phrase.why != "wiki markup":
            assert phrase.text in _below(texts, phrase.file), phrase


def test_surviving_phrase_holds_no_canary_and_no_vanishing_phrase(sample: Sample) -> None:
    gone = [canary.value for canary in sample.answers.canaries]
    for phrase in sample.answers.must_survive:
        assert not any(value in phrase.text for value in gone), phrase
        assert not any(p.text in phrase.text for p in sample.answers.must_vanish if p.source == phrase.source), phrase


def test_planted_pairs_have_the_stated_likeness(sample: Sample, posts: dict[str, str]) -> None:
    bounds = {"exact": (1.0, 1.0), "near": (0.85, 0.99), "miss": (0.4, 0.6), "address": (0.85, 1.0)}
    checked = Counter[str]()
    for case in sample.answers.cases:
        prefix = case.id.split("-")[0]
        if case.file == POSTS and prefix in bounds and case.twin is not None and case.jaccard is not None:
            measured = jaccard(posts[case.place], posts[case.twin.split("#")[1]])
            assert measured == pytest.approx(case.jaccard, abs=1e-4)
            assert bounds[prefix][0] <= measured <= bounds[prefix][1], case
            checked[prefix] += 1
    assert set(checked.values()) == {4}


def test_posts_that_are_no_planted_pair_are_far_apart(sample: Sample, posts: dict[str, str]) -> None:
    planted = {frozenset((c.place, c.twin.split("#")[1])) for c in sample.answers.cases if c.file == POSTS and c.twin}
    sets = {name: shingles(text) for name, text in posts.items()}
    for a, b in itertools.combinations(sets, 2):
        if frozenset((a, b)) not in planted:
            assert len(sets[a] & sets[b]) / len(sets[a] | sets[b]) < 0.2, (a, b)
