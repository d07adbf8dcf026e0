"""Source files as rows of a data set, as The Stack and its like come: content, path, language, licence, repository.

In: a table (JSON lines, CSV, Parquet) that is a dump of its own, and perhaps the column's name from the recipe. Out:
FileRow or Broken a row. Recognized by its columns: `content` or `code` beside a path or a language. Several licences of
one file all hold (AND).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from curation.source import Part
from curation.sources import formats, records
from curation.sources.jsonrows import Broken
from curation.sources.members import Member
from curation.sources.splitting import is_row_table

TEXT = ("content", "code", "source_code", "file_content", "contents", "text")
PATH = ("path", "file_path", "filepath", "filename", "file_name", "repo_path", "max_stars_repo_path", "sub_path")
LANGUAGE = ("lang", "language", "programming_language", "prog_lang")
LICENCE = ("license", "licenses", "licence", "licences", "detected_licenses", "gha_license_id", "max_stars_repo_licenses")
REPOSITORY = ("repo_name", "repo", "repository", "repository_name", "repo_full_name", "max_stars_repo_name")
CLEAR_TEXT = frozenset(TEXT) - {"text", "contents"}  # these alone do not say that a table holds code

_LANGUAGE_NAMES = {
    "cpp": "c++", "csharp": "c#", "c-sharp": "c#", "fsharp": "f#", "bash": "shell", "golang": "go", "js": "javascript",
    "ts": "typescript", "py": "python",
}  # fmt: skip
_SPDX = re.compile(r"[A-Za-z0-9.+-]+")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file. `path`, `language`, `licence`, `repository`: "" where the row does not say."""

    text: str
    path: str
    language: str
    licence: str
    repository: str


def table_kind(member: Member, text_column: str | None = None) -> str:
    """json, csv or parquet for a table of source files; "" for any other file."""
    kind = formats.detect(member)
    if not is_row_table(member, kind):
        return ""
    return kind if _is_clear(_columns(member, kind), text_column) else ""


def _columns(member: Member, kind: str) -> set[str]:
    if kind == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        from curation.sources.members import seekable

        try:
            return {name.lower() for name in pq.ParquetFile(seekable(member.open())).schema_arrow.names}
        except (pa.ArrowException, OSError, ValueError):
            return set()
    value = next((value for _, value in records.rows(member, kind)), None)
    return {str(name).lower().strip() for name in value} if isinstance(value, dict) else set()


def _is_clear(columns: set[str], text_column: str | None) -> bool:
    if text_column:
        return text_column.lower() in columns
    return not columns.isdisjoint(CLEAR_TEXT) and not columns.isdisjoint((*PATH, *LANGUAGE))


def file_rows(
    member: Member, kind: str, part: Part | None, text_column: str | None
) -> Iterator[tuple[str, FileRow | Broken | None]]:
    """(place, row); None for a row without text."""
    names = (text_column.lower(),) if text_column else TEXT
    for place, value in records.rows(member, kind, part):
        if isinstance(value, Broken) or not isinstance(value, dict):
            yield place, value if isinstance(value, Broken) else None
            continue
        fields = {str(name).lower().strip(): content for name, content in value.items()}
        text = _first(fields, names)
        language = _first(fields, LANGUAGE).lower().replace(" ", "-")
        yield (
            place,
            FileRow(
                text,
                _first(fields, PATH).replace("\\", "/").lstrip("/"),
                _LANGUAGE_NAMES.get(language, language),
                _licence(fields),
                _first(fields, REPOSITORY),
            )
            if text.strip()
            else None,
        )


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if isinstance(fields.get(name), str) and fields[name].strip()), "")


def _licence(fields: dict[str, Any]) -> str:
    for name in LICENCE:
        value = fields.get(name)
        listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        found = [each.strip() for each in listed if isinstance(each, str) and each.strip()]
        if found:
            return " AND ".join(
                each if _SPDX.fullmatch(each) or len(found) == 1 else f"({each})" for each in dict.fromkeys(found)
            )
    return ""
