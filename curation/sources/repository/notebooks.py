"""Jupyter notebooks to source text.

In: the JSON of a notebook (nbformat 2 to 4). Out: (text, language): the cells in order, prose as comments, code as it is,
outputs dropped; None where it is no notebook.
"""

from __future__ import annotations

import json
from typing import Any

_COMMENT = {
    "python": "#",
    "r": "#",
    "julia": "#",
    "ruby": "#",
    "bash": "#",
    "shell": "#",
    "perl": "#",
    "sql": "--",
    "lua": "--",
    "haskell": "--",
}


def notebook_text(data: str) -> tuple[str, str] | None:
    try:
        book = json.loads(data)
    except (ValueError, RecursionError):
        return None
    cells = _cells(book)
    if cells is None:
        return None
    language = _language(book)
    sign = _COMMENT.get(language, "//")
    blocks = []
    for cell in cells:
        source = _joined(cell.get("source", cell.get("input", "")))
        if not source.strip():
            continue
        blocks.append(source.rstrip() if cell.get("cell_type") == "code" else _commented(source, sign))
    return "\n\n".join(blocks), language


def _cells(book: Any) -> list[dict[str, Any]] | None:
    if not isinstance(book, dict):
        return None
    cells = book.get("cells")
    if cells is None and isinstance(book.get("worksheets"), list):
        cells = [cell for sheet in book["worksheets"] if isinstance(sheet, dict) for cell in sheet.get("cells") or []]
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else None


def _language(book: dict[str, Any]) -> str:
    metadata = book.get("metadata")
    if isinstance(metadata, dict):
        for key in ("language_info", "kernelspec"):
            part = metadata.get(key)
            if isinstance(part, dict):
                name = part.get("name") if key == "language_info" else part.get("language")
                if isinstance(name, str) and name:
                    return name.lower()
    return "python"


def _joined(source: Any) -> str:
    if isinstance(source, list):
        return "".join(piece for piece in source if isinstance(piece, str))
    return source if isinstance(source, str) else ""


def _commented(source: str, sign: str) -> str:
    return "\n".join(f"{sign} {line}".rstrip() for line in source.strip().split("\n"))
