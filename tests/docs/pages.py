"""The documents, and what tests read off them: tables, commands, paths."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN = ("README.md", "CONTRIBUTING.md", "docs/format.md", "docs/dependencies.md", "docs/reasons.md", "docs/recipe.md")


def pages() -> list[Path]:
    """Every document of the project; the sample's and the decisions' among them."""
    return sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """What stands below a heading of any level, up to the next heading."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text(name), re.DOTALL | re.MULTILINE)
    assert found, f"{name} has no section {heading!r}"
    return found[1]


def rows(part: str) -> list[list[str]]:
    """The cells of all tables of a text, without their heads."""
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    heads = {lines[0]} | {line for line, after in zip(part.splitlines(), part.splitlines()[1:]) if after.startswith("|---")}
    return [row for row, line in zip(cells, lines, strict=True) if line not in heads]


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text(name), re.DOTALL | re.MULTILINE)
