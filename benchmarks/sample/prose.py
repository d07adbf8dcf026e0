"""Sentences from the phrase banks: varied enough that no two documents of the sample are accidental copies.

Phrases are drawn like cards, so that a document repeats one only when the whole bank has been used. A sentence is thrown away
when any of its runs of 10 words has been used before in this language: two documents then never share a 13-gram, and neither
deduplication nor the check of overlap with the evaluation split finds anything that was not planted.
"""

import random
import re
from dataclasses import dataclass, field

from benchmarks.sample import banks

RUN_WORDS = 10
_SLOT = re.compile(r"\{(\w+)\}")
_GENDER = re.compile(r"<([^<>|]*)\|([^<>|]*)>")


@dataclass
class Prose:
    """One document's source of sentences. `seen` is shared by all documents of a language."""

    lang: str
    rng: random.Random
    seen: set[tuple[str, ...]]
    _decks: dict[str, list[str]] = field(default_factory=dict)
    _tail: list[str] = field(default_factory=list)

    def paragraph(self, num_sentences: int) -> str:
        return " ".join(self.sentence() for _ in range(num_sentences))

    def paragraphs(self, count: int, shortest: int = 3, longest: int = 6) -> list[str]:
        return [self.paragraph(self.rng.randint(shortest, longest)) for _ in range(count)]

    def sentence(self, section: str = "pattern") -> str:
        """One filled pattern (`pattern` for prose, `chat` for messages)."""
        for _ in range(200):
            text = self._fill(self._draw(section))
            words = self._tail + re.findall(r"\w+", text.lower())
            runs = {tuple(words[i : i + RUN_WORDS]) for i in range(len(words) - RUN_WORDS + 1)}
            if not runs & self.seen:
                self.seen |= runs
                self._tail = words[-(RUN_WORDS - 1) :]
                return text
        raise RuntimeError(f"the {self.lang} phrase bank is too small for this much text")

    def _draw(self, section: str) -> str:
        deck = self._decks.setdefault(section, [])
        if not deck:
            deck.extend(banks.grammar(self.lang)[section])
            self.rng.shuffle(deck)
        return deck.pop()

    def _fill(self, pattern: str) -> str:
        gender, subject = self._draw("subject").split(" ", 1)

        def phrase(match: re.Match[str]) -> str:
            name = match[1].lower().rstrip("2")
            text = subject if name == "subject" else self._draw(name)
            return capitalized(text) if match[1][0].isupper() else text

        text = _SLOT.sub(phrase, _SLOT.sub(phrase, pattern))  # phrases hold slots of their own, one level deep
        return _GENDER.sub(lambda m: m[1] if gender == "m" else m[2], text)


def capitalized(text: str) -> str:
    """`text` with its first letter, or that of the slot it begins with, in upper case."""
    start = 1 if text[0] in "{<" else 0
    return text[:start] + text[start].upper() + text[start + 1 :]
