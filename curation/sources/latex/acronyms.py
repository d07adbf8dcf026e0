"""Acronyms and glossary entries of a LaTeX source, said as the packages `acronym`, `acro` and `glossaries` say them.

In: a text, and the source with the definitions. Out: the text with the uses replaced: the long form with the short one in
brackets at the first use, the short one afterwards; what is not defined, by its key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from curation.sources.latex.macros import balanced

_DEFINED = re.compile(
    r"\\(?:(?P<kind>newacronym|newabbreviation|acrodef|acro|newacro)\*?\s*(?:\[(?P<before>[^\]]{0,300})\])?\s*\{(?P<key>[^{}]{1,60})\}"
    r"\s*(?:\[(?P<short>[^\]]{1,100})\])?|(?P<entry>newglossaryentry|DeclareAcronym)\s*\{(?P<name>[^{}]{1,60})\})\s*(?=\{)"
)
_FIELD = r"(?:^|,)\s*{}\s*=\s*(?:\{{((?:[^{{}}]|\{{[^{{}}]*\}})*)\}}|([^,{{}}]+))"
_USE = re.compile(
    r"\\(?:(?P<gls>[Gg]ls|GLS)(?P<glspl>pl)?|(?P<acr>[Aa]cr)(?P<form>short|long|full)(?P<acrpl>pl)?"
    r"|(?P<gl>[Gg]lsentry|[Gg]lsxtr)(?P<glform>short|long|text|full|name)(?P<glpl>pl)?"
    r"|(?P<ac>[Aa]c)(?P<acform>[slf]?)(?P<acpl>p?))\*?(?:\[[^\]]*\])?\{(?P<key>[^{}]{1,60})\}"
)


@dataclass(slots=True)
class _Entry:
    short: str
    long: str = ""
    short_plural: str = ""
    long_plural: str = ""
    is_used: bool = False


def spelled_out(text: str, source: str) -> str:
    entries = _entries(source)
    if not entries:
        return text

    def said(match: re.Match[str]) -> str:
        entry = entries.get(match["key"].strip())
        if entry is None:
            return match[0]
        form = match["form"] or match["glform"] or match["acform"] or ""
        is_plural = bool(match["glspl"] or match["acrpl"] or match["glpl"] or match["acpl"])
        words = _said(entry, form[:1], is_plural)
        is_capital = (match["gls"] or match["acr"] or match["gl"] or match["ac"])[0].isupper()
        return words[:1].upper() + words[1:] if is_capital else words

    return _USE.sub(said, text)


def _said(entry: _Entry, form: str, is_plural: bool) -> str:
    short = (entry.short_plural or f"{entry.short}s") if is_plural else entry.short
    long = (entry.long_plural or f"{entry.long}s") if is_plural else entry.long
    if not entry.long or form in ("s", "t", "n"):
        return short
    if form == "l":
        return long
    is_first, entry.is_used = not entry.is_used, True
    return f"{long} ({short})" if is_first or form == "f" else short


def _entries(source: str) -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}
    for match in _DEFINED.finditer(source):
        first = balanced(source, match.end(), 4000)
        if first is None:
            continue
        if match["entry"]:
            entry = _Entry(
                _field(first, "name") or _field(first, "short") or match["name"],
                _field(first, "long"),
                long_plural=_field(first, "longplural"),
            )
            found[match["name"].strip()] = entry
        elif match["kind"].startswith("new") and match["kind"] != "newacro":
            long = balanced(source, match.end() + len(first) + 2, 4000)
            before = match["before"] or ""
            found[match["key"].strip()] = _Entry(first, long or "", _field(before, "shortplural"), _field(before, "longplural"))
        else:
            found[match["key"].strip()] = _Entry(match["short"] or match["key"], first)
    return found


def _field(fields: str, name: str) -> str:
    match = re.search(_FIELD.format(name), fields)
    return (match[1] if match[1] is not None else match[2]).strip() if match else ""
