"""The encoder: HF's ids by a faster engine, exact round trips, and every text that must go the slow way."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from curation.tokenizers.encoder import LONG_SPACE, Encoder
from curation.tokenizers.equality import why_unequal
from tests.tokenizer.conftest import SHARED

SPACES = [chr(point) for point in range(0x110000) if chr(point).isspace()]


def reference(folder: Path) -> Tokenizer:
    """HF's own engine on the very file, blind to special tokens."""
    definition = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return Tokenizer.from_str(json.dumps({**definition, "added_tokens": []}))


def hf_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    return tokenizer.encode_batch_fast([text], add_special_tokens=False)[0].ids


def test_encoder_trained_here_takes_the_fast_engine(encoder: Encoder) -> None:
    assert encoder.engine == "tiktoken"


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_encode_any_text_gives_hf_ids_and_comes_back(encoder: Encoder, folder: Path, text: str) -> None:
    ids = encoder.encode(text)
    assert ids.tolist() == hf_ids(reference_of(folder), text)
    assert encoder.decode(ids) == text


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.sampled_from(list(" \t\n\r\v\x85\u00a0\u2028\u3000aA'sſéя1٣½-!_\u0301\u200d👍中")), max_size=60))
def test_encode_mixed_blanks_marks_and_letters_gives_hf_ids(encoder: Encoder, folder: Path, text: str) -> None:
    assert encoder.encode(text).tolist() == hf_ids(reference_of(folder), text)


_REFERENCES: dict[Path, Tokenizer] = {}


def reference_of(folder: Path) -> Tokenizer:
    if folder not in _REFERENCES:
        _REFERENCES[folder] = reference(folder)
    return _REFERENCES[folder]


def sweep(points: Iterable[int]) -> Iterator[str]:
    """Every code point alone, doubled, after a blank, in a word, in a number, between line ends, after an apostrophe."""
    chars = [chr(point) for point in points if not 0xD800 <= point < 0xE000]
    for start in range(0, len(chars), 0x1000):
        yield "".join(f"{c}\n{c}{c} {c}a{c}b1{c}2\n{c}\n!{c}'{c}" for c in chars[start : start + 0x1000])


def test_encode_code_points_in_all_contexts_gives_hf_ids(encoder: Encoder, folder: Path) -> None:
    """Both regex engines class characters alike; large blocks of one kind (Han, Hangul, private use) are sampled."""
    uniform_blocks = [*range(0x3400, 0xA000, 16), *range(0xAC00, 0xD800, 16), *range(0xE000, 0xF900, 16)]
    points = [*range(0x3400), *uniform_blocks, *range(0xA000, 0xAC00), *range(0xF900, 0x13000), *range(0x1D000, 0x20000, 3)]
    for text in sweep([*points, *range(0x20000, 0x110000, 997)]):
        assert encoder.encode(text).tolist() == hf_ids(reference_of(folder), text)


@pytest.mark.slow
def test_encode_every_code_point_gives_hf_ids(encoder: Encoder, folder: Path) -> None:
    for text in sweep(range(0x110000)):
        assert encoder.encode(text).tolist() == hf_ids(reference_of(folder), text)


@pytest.fixture
def counted(llama3: Path) -> Encoder:
    encoder = Encoder.load(llama3)
    encoder.fallbacks.clear()
    return encoder


@pytest.mark.parametrize("space", SPACES, ids=lambda char: f"U+{ord(char):04X}")
def test_encode_long_run_of_white_space_goes_the_slow_way_and_comes_back(counted: Encoder, space: str) -> None:
    text = "x" * 7 + space * (LONG_SPACE + 1) + "y"
    assert counted.decode(counted.encode(text)) == text
    assert counted.fallbacks == Counter(whitespace=1)


def test_encode_long_text_of_many_short_blanks_stays_on_the_fast_way(counted: Encoder) -> None:
    # Blanks wherever the look for long runs looks, but no long run.
    text = ("   " + "x" * 24_997) * 40
    assert counted.decode(counted.encode(text)) == text
    assert counted.fallbacks == Counter()


def test_encode_panic_of_the_fast_engine_falls_back_and_is_counted(counted: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = counted
    monkeypatch.setattr("curation.tokenizers.encoder.LONG_SPACE", 10**9)  # lets the run through to the engine that panics
    text = "x" + " " * 1_200_000 + "y"
    assert encoder.decode(encoder.encode(text)) == text
    assert encoder.fallbacks == Counter(panic=1)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\ud83d\ude00 pair", "x\ud800" * 9])
def test_encode_surrogates_become_valid_text_and_are_counted(counted: Encoder, text: str) -> None:
    encoder = counted
    assert encoder.decode(encoder.encode(text)) == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert encoder.fallbacks == Counter(surrogates=1)


def test_encode_special_tokens_in_text_stay_text(encoder: Encoder) -> None:
    special = set(encoder.vocabulary.special.values())
    assert special
    for name in encoder.vocabulary.special:
        for text in (name, f"a{name}b", f" {name}\n{name}{name}"):
            ids = encoder.encode(text)
            assert not special & set(ids.tolist())
            assert encoder.decode(ids) == text


def test_encode_special_tokens_in_text_stay_text_on_the_slow_way(counted: Encoder) -> None:
    encoder = counted
    text = "<|eos|>" + " " * LONG_SPACE + "<|user|>"
    ids = encoder.encode(text)
    assert encoder.fallbacks == Counter(whitespace=1)
    assert not set(encoder.vocabulary.special.values()) & set(ids.tolist())


def test_encode_long_words_without_blanks_gives_hf_ids(encoder: Encoder, folder: Path) -> None:
    for text in ("a" * 30_000, "ab" * 10_000, "я" * 10_000, "=" * 30_000, "7" * 10_000, "中文" * 5_000):
        assert encoder.encode(text).tolist() == hf_ids(reference_of(folder), text)


def test_encode_column_rows_stay_apart(encoder: Encoder) -> None:
    texts = ["one", "", "two words", "трі", None]
    column = encoder.encode_column(pa.array(texts))
    assert [encoder.decode(np.array(ids, np.int64)) for ids in column.to_pylist()] == ["one", "", "two words", "трі", ""]
    assert column.type.value_type == pa.uint16()


@pytest.mark.skipif(not (SHARED / "labelled" / "tokenizer").is_dir(), reason="no labelled files beside the repository")
def test_encode_naughty_strings_and_public_samples_come_back(encoder: Encoder, folder: Path) -> None:
    place = SHARED / "labelled" / "tokenizer"
    texts = json.loads((place / "blns.json").read_text(encoding="utf-8"))
    texts += [(place / name).read_text(encoding="utf-8") for name in ("blns.txt", "TestPlans.txt")]
    texts += [json.loads(line)["text"] for line in (place / "openai_vectors.jsonl").read_text(encoding="utf-8").splitlines()]
    for text in texts:
        ids = encoder.encode(text)
        assert encoder.decode(ids) == text
        assert ids.tolist() == hf_ids(reference_of(folder), text)


@pytest.mark.skipif(not (SHARED / "labelled" / "tokenizer").is_dir(), reason="no labelled files beside the repository")
def test_encode_gpt2_vocabulary_gives_the_published_ids(tmp_path: Path) -> None:
    import base64
    import gzip

    place = SHARED / "labelled" / "tokenizer"
    ranks = {}
    with gzip.open(place / "r50k_base.tiktoken.gz") as stream:
        for line in stream:
            token, rank = line.split()
            ranks[base64.b64decode(token)] = int(rank)
    write_gpt2(ranks, tmp_path / "tokenizer.json")
    encoder = Encoder.load(tmp_path)
    assert encoder.engine == "tiktoken", encoder.why_slow
    vectors = [json.loads(line) for line in (place / "openai_vectors.jsonl").read_text(encoding="utf-8").splitlines()]
    ours = [vector for vector in vectors if vector["encoding"] == "r50k_base"]
    assert len(ours) > 10
    for vector in ours:
        assert encoder.encode(vector["text"]).tolist() == vector["ids"]


def write_gpt2(ranks: dict[bytes, int], path: Path) -> None:
    """A tokenizer.json from byte ranks: each token's last merge is found by merging its own bytes below its rank."""
    from curation.tokenizers.vocabulary import byte_alphabet

    letter = {byte: char for char, byte in byte_alphabet().items()}

    def spelled(token: bytes) -> str:
        return "".join(letter[byte] for byte in token)

    merges = []
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        parts = [bytes([byte]) for byte in token]
        while len(parts) > 2:
            best = min(range(len(parts) - 1), key=lambda i: ranks.get(parts[i] + parts[i + 1], 1 << 30))
            assert ranks.get(parts[best] + parts[best + 1], 1 << 30) < rank
            parts[best : best + 2] = [parts[best] + parts[best + 1]]
        if len(parts) == 2:
            merges.append([spelled(parts[0]), spelled(parts[1])])
    model = {"type": "BPE", "vocab": {spelled(token): rank for token, rank in ranks.items()}, "merges": merges}
    added = {"id": 50256, "content": "<|endoftext|>", "special": True}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    definition = {"version": "1.0", "added_tokens": [{**added, **flags}], "normalizer": None, "pre_tokenizer": level}
    path.write_text(json.dumps({**definition, "post_processor": None, "decoder": level, "model": model}), encoding="utf-8")


def test_why_unequal_tokens_out_of_merge_order_is_found() -> None:
    vocab = {"a": 0, "b": 1, "c": 2, "bc": 3, "ab": 4}
    assert why_unequal(vocab, [("b", "c"), ("a", "b")]) is None
    assert why_unequal(vocab, [("a", "b"), ("b", "c")]) is not None


def test_why_unequal_token_that_its_merges_never_make_is_found() -> None:
    # "abc" is listed as a + bc, but "ab" is joined first: HF gives ab c, a rank engine would give abc.
    vocab = {"a": 0, "b": 1, "c": 2, "ab": 3, "bc": 4, "abc": 5}
    assert why_unequal(vocab, [("a", "b"), ("b", "c"), ("a", "bc")]) is not None


def test_encoder_unprovable_vocabulary_takes_the_slow_engine_with_the_same_ids(llama3: Path, tmp_path: Path) -> None:
    definition = json.loads((llama3 / "tokenizer.json").read_text(encoding="utf-8"))
    definition["model"]["merges"] = definition["model"]["merges"][::-1]
    (tmp_path / "tokenizer.json").write_text(json.dumps(definition), encoding="utf-8")
    encoder = Encoder.load(tmp_path)
    assert (encoder.engine, encoder.why_slow is None) == ("tokenizers", False)
    text = unicodedata.normalize("NFD", "Zażółć gęślą jaźń, the bridge")
    assert encoder.encode(text).tolist() == hf_ids(reference(tmp_path), text)
    assert encoder.decode(encoder.encode(text)) == text
