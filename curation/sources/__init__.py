"""The kinds of dumps that can be read. A new one is a module of the shape in `curation/source.py` and a line here."""

from __future__ import annotations

from types import ModuleType

from curation.sources import books, chat, code, papers, web, wiki

SOURCES: dict[str, ModuleType] = {source.KIND: source for source in (books, wiki, code, chat, papers, web)}
