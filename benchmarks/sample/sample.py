"""What the writers share while the sample is made: files, seeded randomness, unused essays, unique values, the answer key."""

import json
import random
from collections.abc import Sequence
from typing import Any

from benchmarks.sample import banks
from benchmarks.sample.answers import AnswerKey, Canary, Case, Phrase
from benchmarks.sample.banks import Essay
from benchmarks.sample.canaries import CARRIERS, CanaryMint
from benchmarks.sample.edits import words
from benchmarks.sample.prose import Prose

SEED = 20240301
SOURCES = ("books", "wiki", "code", "chat", "papers", "web")


class Sample:
    """Collects the files of `dumps/` by relative path. Paths begin with the name of the kind, which is the name of the source."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.answers = AnswerKey()
        self._mint = CanaryMint(random.Random(f"{SEED}:canaries"))
        self._seen: dict[str, set[tuple[str, ...]]] = {lang: set() for lang in banks.LANGUAGES}
        self._essays = {lang: list(banks.essays(lang)) for lang in banks.LANGUAGES}

    def add(self, path: str, content: bytes | str) -> None:
        if path in self.files:
            raise ValueError(f"two writers made {path}")
        self.files[path] = content.encode() if isinstance(content, str) else content

    def rng(self, name: str) -> random.Random:
        return random.Random(f"{SEED}:{name}")

    def prose(self, lang: str, name: str) -> Prose:
        """Sentences for the document called `name`."""
        return Prose(lang, self.rng(f"prose:{lang}:{name}"), self._seen[lang])

    def essay(self, lang: str, kind: str) -> Essay:
        """The next essay of that kind which no document uses yet."""
        chosen = next(essay for essay in self._essays[lang] if essay.kind == kind)
        self._essays[lang].remove(chosen)
        return chosen

    def has_essay(self, lang: str, kind: str) -> bool:
        return any(essay.kind == kind for essay in self._essays[lang])

    def canary(self, kind: str, lang: str, file: str, carrier: str = "text") -> str:
        """A new unique value, entered in the answer key."""
        return self.name_canary(self._mint.mint(kind, lang), kind, lang, file, carrier)

    def name_canary(self, value: str, kind: str, lang: str, file: str, carrier: str) -> str:
        self.answers.canaries.append(
            Canary(value=value, type=kind, lang=lang, source=file.split("/")[0], file=file, carrier=carrier)
        )
        return value

    def carrier(self, kind: str, lang: str, file: str) -> str:
        """A sentence that holds a new canary."""
        return CARRIERS[lang][kind].format(value=self.canary(kind, lang, file))

    def case(
        self, case_id: str, file: str, expect: str, *family: str, place: str = "", probes: tuple[str, ...] = (), **more: Any
    ) -> None:
        source = file.split("/")[0]
        self.answers.cases.append(
            Case(id=case_id, file=file, place=place, source=source, expect=expect, family=family, probes=probes, **more)
        )

    def survives(self, text: str, lang: str, file: str, why: str) -> None:
        self.answers.must_survive.append(Phrase(text=text, source=file.split("/")[0], lang=lang, file=file, why=why))

    def vanishes(self, text: str, lang: str, file: str, why: str) -> None:
        self.answers.must_vanish.append(Phrase(text=text, source=file.split("/")[0], lang=lang, file=file, why=why))

    def toxic(self, text: str, lang: str, file: str, why: str) -> None:
        self.answers.toxic_lines.append(Phrase(text=text, source=file.split("/")[0], lang=lang, file=file, why=why))


def probe(text: str, num_words: int = 11) -> str:
    """A run of words from the middle of `text`, verbatim, by which the document can be found again."""
    sentence = max(text.replace("\n", " ").split(". ")[1:-1] or [text], key=len)
    tokens = sentence.split()
    start = max(0, len(tokens) // 2 - num_words // 2)
    return " ".join(tokens[start : start + num_words]).strip("«»„”\"',;:.")


def shared_probes(paragraphs: Sequence[str], copy: str) -> tuple[str, ...]:
    """The first short run of words from `paragraphs` that the edited copy holds too."""
    return next((run,) for run in (probe(p, size) for size in (11, 9, 7, 6) for p in paragraphs) if run in copy)


def main_sentence(paragraph: str) -> str:
    """The longest sentence of a paragraph without its full stop."""
    return max(paragraph.split(". "), key=lambda s: len(words(s))).rstrip(".")


def dumped(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
