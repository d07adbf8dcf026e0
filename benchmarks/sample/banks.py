"""Hand-written text banks, one folder per language under `texts/`.

In: `essays.txt` (`# kind: Title`, then paragraphs), `grammar.txt` (`## section`, then one phrase a line), `dialogues.txt`
(blocks of `A: ...` lines), `verse.txt` (`# Title`, then stanzas), `facts.txt` and `toxic.txt` (one sentence a line). Out: plain
tuples and dicts, in the order of the files. Everything was written for this project (CC0).
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("en", "pl", "ru", "fa")


@dataclass(frozen=True)
class Essay:
    """A short finished piece: `kind` names the dump it belongs to."""

    kind: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True)
class Poem:
    title: str
    stanzas: tuple[tuple[str, ...], ...]


Turn = tuple[str, str]


def _blocks(text: str) -> list[tuple[str, list[str]]]:
    """Splits at `# heading` lines into (heading, blank-line separated blocks)."""
    parts = re.split(r"^# (.+)$", text, flags=re.MULTILINE)[1:]
    return [(head, body.strip().split("\n\n")) for head, body in zip(parts[::2], parts[1::2], strict=True)]


@cache
def essays(lang: str) -> tuple[Essay, ...]:
    found = []
    for head, paragraphs in _blocks((TEXTS / lang / "essays.txt").read_text("utf-8")):
        kind, title = head.split(": ", 1)
        found.append(Essay(kind, title, tuple(p.replace("\n", " ") for p in paragraphs)))
    return tuple(found)


@cache
def poems(lang: str) -> tuple[Poem, ...]:
    blocks = _blocks((TEXTS / lang / "verse.txt").read_text("utf-8"))
    return tuple(Poem(title, tuple(tuple(s.splitlines()) for s in stanzas)) for title, stanzas in blocks)


@cache
def grammar(lang: str) -> dict[str, tuple[str, ...]]:
    """Section name to phrases."""
    parts = re.split(r"^## (\w+)$", (TEXTS / lang / "grammar.txt").read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {name: tuple(body.strip().splitlines()) for name, body in zip(parts[::2], parts[1::2], strict=True)}


@cache
def dialogues(lang: str) -> tuple[tuple[Turn, ...], ...]:
    """Each dialogue is a tuple of (speaker letter, sentence)."""
    blocks = (TEXTS / lang / "dialogues.txt").read_text("utf-8").strip().split("\n\n")
    return tuple(tuple((line[0], line[3:]) for line in block.splitlines()) for block in blocks)


@cache
def lines(lang: str, name: str) -> tuple[str, ...]:
    return tuple((TEXTS / lang / f"{name}.txt").read_text("utf-8").splitlines())
