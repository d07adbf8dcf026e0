"""The answer key: what was planted where, and what a run must make of it.

`file` is relative to `data/sample/dumps`, `place` leads on inside it (a member, page, line, channel). Its parts:

* `cases`: a planted document with `expect` (`kept`, `dropped`, `quarantined`) and the right families of reasons, any of which
  will do. `probes` are phrases of that document alone: gone when dropped, in the release when kept.
  A case with a `twin` that is dropped is a copy: its `probes` stand in the twin as well, and exactly one document of the release
  has them, no matter which of the two;
* `canaries`: literal strings that no byte written by a run may contain;
* `must_survive`: sentences that cleaning and scrubbing must leave as they are (compare with white space normalised);
* `must_vanish`: phrases that no released document of that `source` may contain;
* `toxic_lines`: insults inside conversations that are otherwise harmless: the recipe decides what becomes of them;
* `min_kept_documents`: per source and language (`code` stands for all programming languages), the least number of kept documents:
  nine tenths of those that are made to be kept.
"""

import json
from dataclasses import asdict, dataclass, field

SCHEMA_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Case:
    id: str
    file: str
    place: str
    source: str
    expect: str
    family: tuple[str, ...]
    probes: tuple[str, ...] = ()
    twin: str | None = None
    jaccard: float | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Canary:
    value: str
    type: str
    lang: str
    source: str
    file: str
    carrier: str


@dataclass(frozen=True, kw_only=True)
class Phrase:
    text: str
    source: str
    lang: str
    file: str
    why: str


@dataclass
class AnswerKey:
    cases: list[Case] = field(default_factory=list)
    canaries: list[Canary] = field(default_factory=list)
    must_survive: list[Phrase] = field(default_factory=list)
    must_vanish: list[Phrase] = field(default_factory=list)
    toxic_lines: list[Phrase] = field(default_factory=list)
    made_to_be_kept: dict[str, dict[str, int]] = field(default_factory=dict)

    def expect_kept(self, source: str, lang: str, count: int = 1) -> None:
        """Counts documents of that source and language which are made to be kept."""
        per_lang = self.made_to_be_kept.setdefault(source, {})
        per_lang[lang] = per_lang.get(lang, 0) + count

    def to_json(self) -> str:
        least = {source: {lang: n - n // 10 for lang, n in counts.items()} for source, counts in self.made_to_be_kept.items()}
        content = {
            "schema_version": SCHEMA_VERSION,
            "root": "dumps",
            "min_kept_documents": least,
            "cases": [asdict(case) for case in self.cases],
            "canaries": [asdict(canary) for canary in self.canaries],
            "must_survive": [asdict(phrase) for phrase in self.must_survive],
            "must_vanish": [asdict(phrase) for phrase in self.must_vanish],
            "toxic_lines": [asdict(phrase) for phrase in self.toxic_lines],
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
