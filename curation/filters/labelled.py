"""Labelled examples: JSON lines (plain or .gz) with `text`, `label` (0/1, or a word) and, where known, `lang`.

In: files or folders given by the user. Out: one `Examples` per file, in order of name. A row without text or label is
an error that names file and line: training on half a file would go unnoticed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from curation.errors import RecipeError
from curation.filters.toxic_text import toxic_text

TEMPLATE_WORDS = ("functional", "template", "templ_id")
MAX_REPEATED = 0.3


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    is_positive: bool
    lang: str


@dataclass(frozen=True, slots=True)
class LabelledSet:
    name: str
    sha256: str
    examples: tuple[Example, ...]
    is_functional: bool = False  # made from templates, to test single abilities


def set_name(path: Path) -> str:
    return path.name.split(".")[0]


def labelled_files(paths: Iterable[Path]) -> list[Path]:
    """Files as they are; of folders, the .jsonl and .jsonl.gz files directly inside."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [*path.glob("*.jsonl"), *path.glob("*.jsonl.gz")]
        elif path.is_file():
            found.append(path)
        else:
            raise RecipeError("no such file or folder", where=str(path))
    return sorted(found, key=lambda path: path.name)


def read(path: Path, positive: frozenset[str] = frozenset({"1", "true"})) -> LabelledSet:
    data = path.read_bytes()
    lines = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8").split("\n")
    examples = []
    is_functional = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = json.loads(line)
        if not isinstance(row, dict) or "text" not in row or "label" not in row:
            raise RecipeError("not a labelled example", where=f"{path.name}:{number}", expected='{"text", "label", "lang"}')
        original = row.get("orig")
        is_functional |= isinstance(original, dict) and any(
            word in str(key).lower() for key in original for word in TEMPLATE_WORDS
        )
        examples.append(Example(str(row["text"]), str(row["label"]).lower() in positive, str(row.get("lang", ""))))
    is_functional |= any(word in set_name(path).lower() for word in ("hatecheck", *TEMPLATE_WORDS))
    is_functional = is_functional or _made_of_templates(examples)
    return LabelledSet(set_name(path), hashlib.sha256(data).hexdigest(), tuple(examples), is_functional)


def _made_of_templates(examples: list[Example]) -> bool:
    """True where rows differ in nothing but the group of people they name: templates with names filled in.

    Rows without those names that stand more than once: 0 to 16 % in sixteen sets of people's own words.
    """
    seen = Counter(toxic_text(row.text[:300]) for row in examples)
    return sum(count for count in seen.values() if count > 1) > MAX_REPEATED * len(examples)
