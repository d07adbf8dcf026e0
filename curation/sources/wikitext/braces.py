"""Second pass: templates, parameters and parser functions, innermost first.

In: text without comments and verbatim tags. Out: text without double braces: a parameter as its default, a template
as the text it carries (templates.py) or GAP, a parser function as its value (functions.py).
Braces that match nothing stay for the last pass to drop. Depth is bounded by MAX_DEPTH, as in MediaWiki.
"""

from __future__ import annotations

import re

from curation.sources.wikitext.extensions import GAP
from curation.sources.wikitext.functions import ESCAPED_BAR, ESCAPED_EQUALS, call
from curation.sources.wikitext.templates import carried_text

MAX_DEPTH = 40

_BRACES = re.compile(r"\{\{+|\}\}+")


def expand(text: str, title: str = "") -> str:
    """One scan with a stack of open braces."""
    if "{{" not in text:
        return text
    out: list[str] = []
    opened: list[list[int]] = []  # [index into out, number of braces not yet matched]
    position = 0
    for match in _BRACES.finditer(text):
        out.append(text[position : match.start()])
        position = match.end()
        size = position - match.start()
        if text[match.start()] == "{":
            if len(opened) < MAX_DEPTH:
                opened.append([len(out), size])
                out.append("")
            continue
        while size >= 2 and opened:
            top = opened[-1]
            width = 3 if size >= 3 and top[1] >= 3 else 2
            content = "".join(out[top[0] + 1 :])
            del out[top[0] + 1 :]
            out.append(_default(content) if width == 3 else _value(content, title))
            size -= width
            top[1] -= width
            if top[1] < 2:
                out[top[0]] = "{" * top[1]
                opened.pop()
    out.append(text[position:])
    return "".join(out).replace(ESCAPED_BAR, "|").replace(ESCAPED_EQUALS, "=")


def _default(content: str) -> str:
    """{{{name|default}}} shown on the page itself."""
    return content.partition("|")[2]


def _value(content: str, title: str) -> str:
    name, bar, arguments = content.partition("|")
    name = name.strip()
    value = call(name, arguments if bar else None, title)
    if value is None:
        value = carried_text(name, arguments)
    return GAP if value is None else value
