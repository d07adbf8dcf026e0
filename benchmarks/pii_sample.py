"""Draws passages for a reader who counts by hand what the stage `scrub` misses and what it takes wrongly.

    python -m benchmarks.pii_sample mentions|replaced|documents|changed [--kind chat] [--corpus DIR] [--number 200] [--seed 1]

`mentions`: places in conversations where a word stands that may mean a known speaker: equal to a word of a name, or with its
first letters; at most three of a speaker and conversation, labels of lines left out. [x] = the scrubber replaces it.
`replaced`: names of speakers that the scrubber replaces in texts, labels left out (are they ordinary words?).
`documents`: whole documents after scrubbing, cut to --chars (what is left?). `changed`: every value replaced in documents
that are changed at all, with what stands around it (was it one?).
It shows what personal data there is, so it writes to the terminal and nowhere else: it refuses a pipe or a file unless
--no-terminal is given. The same seed draws the same passages.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from curation.errors import InputError
from curation.filters import fasttext_model, language
from curation.pii import Config, build
from curation.pii.scrubber import Scrubber
from curation.source import File, Record
from curation.sources import SOURCES
from curation.stage import Place

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
AROUND = 60
MAX_OF_ONE = 3
MAX_BYTES = 4_000_000  # of one input: reading more takes minutes


class Found(NamedTuple):
    entity: str
    format: str
    is_replaced: bool
    passage: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pii_sample")
    parser.add_argument("what", choices=("mentions", "replaced", "documents", "changed"))
    parser.add_argument("--kind", default="chat", choices=sorted(SOURCES))
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chars", type=int, default=600)
    parser.add_argument("--no-terminal", action="store_true")
    options = parser.parse_args()
    if not (sys.stdout.isatty() or options.no_terminal):
        raise SystemExit("this shows personal data: run it on a terminal")
    if not options.corpus.is_dir():
        raise SystemExit(f"no corpus in {options.corpus}")
    scrub = build(Config(), Place("sample", options.kind))
    pick = random.Random(options.seed)
    rows = list(records(options.corpus, options.kind))
    if options.what == "documents":
        for form, record in pick.sample(rows, min(options.number, len(rows))):
            text = scrub.text(record.text, record.lang, record.speakers).text
            start = pick.randrange(max(1, len(text) - options.chars))
            print(f"--- {form} {record.lang}: {text[start : start + options.chars]}")
        return
    if options.what == "changed":
        pick.shuffle(rows)
        show_changed(rows, scrub, options.number)
        return
    pool = list(mentions(rows, scrub, options.what == "replaced"))
    for found in pick.sample(pool, min(options.number, len(pool))):
        print(f"[{'x' if found.is_replaced else ' '}] {found.format:10} {found.passage}")
    print(f"{len(pool)} places, {sum(found.is_replaced for found in pool)} of them replaced")


def records(corpus: Path, kind: str) -> Iterator[tuple[str, Record]]:
    """(folder = format, record with its language) of every input that is not too large."""
    predict = fasttext_model.load(language.models(language.Config())[0])
    source, folder = SOURCES[kind], corpus / kind
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = [File(path.relative_to(folder).as_posix(), path, path.stat().st_size) for path in paths]
    for item in source.list_inputs(files, source.Config()):
        if sum(file.size for file in item.files) > MAX_BYTES:
            continue
        try:
            for record in source.read(item, source.Config()):
                if isinstance(record, Record):
                    lang = record.lang or language.recognize(record.text, predict, kind == "chat")[0]
                    yield item.key.split("/")[0], replace(record, lang=lang)
        except InputError:
            continue


def mentions(rows: list[tuple[str, Record]], scrub: Scrubber, only_replaced: bool) -> Iterator[Found]:
    for form, record in rows:
        if not record.speakers:
            continue
        text = record.text
        stems = {stem(word) for name in record.speakers for word in (*WORD.findall(name), name) if len(word) > 2}
        replaced = [(span.start, span.end) for span in scrub.find(text, record.lang, record.speakers) if span.entity == "PERSON"]
        seen: Counter[str] = Counter()
        for match in WORD.finditer(text):
            word = match.group()
            is_replaced = any(start < match.end() and match.start() < end for start, end in replaced)
            is_like = is_replaced if only_replaced else stem(word) in stems
            if not is_like or is_label(text, match.start(), record.speakers) or seen[stem(word)] >= MAX_OF_ONE:
                continue
            seen[stem(word)] += 1
            yield Found("PERSON", form, is_replaced, around(text, *match.span()))


def stem(word: str) -> str:
    word = word.casefold()
    return word[: max(4, len(word) - 2)] if word.isalpha() else word


def is_label(text: str, place: int, speakers: tuple[str, ...]) -> bool:
    """Does the place lie in the name that begins a line?"""
    start = text.rfind("\n", 0, place) + 1
    return any(text.startswith(f"{name}:", start) and place < start + len(name) for name in speakers)


def show_changed(rows: list[tuple[str, Record]], scrub: Scrubber, number: int) -> None:
    changed: list[str] = []
    num_read = 0
    for form, record in rows:
        num_read += 1
        spans = scrub.find(record.text, record.lang, record.speakers)
        if not spans:
            continue
        changed.append(form)
        for span in spans[:MAX_OF_ONE]:
            print(f"{len(changed):4} {form} {span.entity:16} {span.score:.2f} {around(record.text, span.start, span.end)}")
        if len(changed) >= number:
            break
    print(f"{len(changed)} of {num_read} documents changed")


def around(text: str, start: int, end: int) -> str:
    left, right = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"{left}⟦{text[start:end]}⟧{right}".replace("\n", "⏎")


if __name__ == "__main__":
    main()
