"""Rows of any data set (JSONL, JSON, CSV, Parquet) as documents: which column is the text, which names the work.

In: a row (dict, or a bare string) and perhaps the column's name from the recipe. Out: Row(text, work, revised, license),
or None where no column holds text. Without a name: the first of the usual names that holds text, else a nested object
with such a column, else the longest string of at least MIN_TEXT_CHARS. Lists of paragraphs or sections are joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from curation.source import Part
from curation.sources.jsonrows import Broken, json_rows
from curation.sources.members import Member
from curation.sources.tablerows import csv_rows, parquet_rows

__all__ = ["Broken", "Row", "joined", "parse_date", "read_row", "rows"]

TEXT_NAMES = (
    "text", "content", "raw_content", "body", "raw_text", "plain_text", "plaintext", "clean_text", "full_text", "fulltext",
    "page_content", "body_text", "article", "document", "article_body", "articlebody", "main_text", "maintext", "story",
    "passage", "markdown", "md", "paragraphs", "sections", "pages", "html", "raw_html", "body_html", "description",
    "abstract", "summary", "message", "comment", "selftext", "review", "sentence", "transcript", "lyrics", "poem", "texto",
    "texte", "tekst", "текст", "متن",
)  # fmt: skip
WORK_NAMES = (
    "id", "doc_id", "docid", "document_id", "documentid", "uid", "uuid", "guid", "url", "uri", "link", "warc_target_uri",
    "doi", "paper_id", "arxiv_id", "pmid", "pmcid", "corpusid", "isbn", "slug", "key", "source_id", "digest",
)  # fmt: skip
DATE_NAMES = (
    "revised", "updated", "updated_at", "modified", "last_modified", "timestamp", "date", "datetime", "created", "created_at",
    "published", "publish_date", "published_at", "publication_date", "date_download", "crawl_date", "added", "year",
)  # fmt: skip
LICENSE_NAMES = ("license", "licence", "license_type", "rights")
MIN_TEXT_CHARS = 40
MAX_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    column: str
    work: str
    revised: datetime | None
    license: str


def rows(member: Member, kind: str, part: Part | None = None) -> Iterator[tuple[str, Any]]:
    """(place, row or Broken) of a table of format `kind`: json, csv or parquet."""
    if kind == "parquet":
        return parquet_rows(member, part)
    return csv_rows(member, part) if kind == "csv" else json_rows(member, part)


def read_row(value: Any, text_column: str | None = None) -> Row | None:
    """The document in a row; None where there is none."""
    if isinstance(value, str):
        return Row(value, "", "", None, "") if value.strip() else None
    if not isinstance(value, dict):
        return None
    fields = {str(name).lower().strip(): content for name, content in value.items()}
    column, text = _text(fields, text_column.lower() if text_column else None)
    if not text:
        return None
    work = next((str(fields[name]) for name in WORK_NAMES if isinstance(fields.get(name), (str, int)) and fields[name] != ""), "")
    license = next((fields[name] for name in LICENSE_NAMES if isinstance(fields.get(name), str)), "")
    return Row(text, column, work, _date(fields), license)


def _text(fields: dict[str, Any], text_column: str | None) -> tuple[str, str]:
    if text_column:
        return text_column, joined(fields.get(text_column))
    for name in TEXT_NAMES:
        if name in fields and (text := joined(fields[name])):
            return name, _with_title(fields, name, text)
    nested = [content for content in fields.values() if isinstance(content, dict)]
    for content in nested:
        inner = {str(name).lower(): item for name, item in content.items()}
        for name in TEXT_NAMES:
            if name in inner and (text := joined(inner[name])):
                return name, text
    longest = max((content for content in fields.values() if isinstance(content, str)), key=len, default="")
    return ("", longest) if len(longest) >= MIN_TEXT_CHARS and " " in longest.strip() else ("", "")


def _with_title(fields: dict[str, Any], name: str, text: str) -> str:
    """Papers come as title, abstract and body apart."""
    abstract = joined(fields.get("abstract")) if name in ("body_text", "sections", "full_text", "fulltext") else ""
    return f"{abstract}\n\n{text}" if abstract and abstract[:80] not in text else text


def joined(value: Any, depth: int = 0) -> str:
    """Strings as they are; lists of paragraphs, sections or pages one after another."""
    if isinstance(value, str):
        return value if value.strip() else ""
    if depth >= MAX_DEPTH:
        return ""
    if isinstance(value, list):
        return "\n\n".join(piece for item in value if (piece := joined(item, depth + 1)))
    if isinstance(value, dict):
        lowered = {str(name).lower(): content for name, content in value.items()}
        heading = next((lowered[name] for name in ("heading", "title", "section") if isinstance(lowered.get(name), str)), "")
        text = next((piece for name in TEXT_NAMES if name in lowered and (piece := joined(lowered[name], depth + 1))), "")
        return f"{heading}\n\n{text}" if heading and text and heading != text else text
    return ""


def _date(fields: dict[str, Any]) -> datetime | None:
    for name in DATE_NAMES:
        value = fields.get(name)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, str) and (parsed := parse_date(value)):
            return parsed
        if isinstance(value, int) and 10**8 < value < 5 * 10**9:
            return datetime.fromtimestamp(value, UTC)
    return None


def parse_date(value: str) -> datetime | None:
    """ISO 8601 and RFC 2822 dates; without a zone they are UTC."""
    from email.utils import parsedate_to_datetime

    value = value.strip()[:40]
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = parse(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        try:
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (OverflowError, ValueError):
            return None
    return None
