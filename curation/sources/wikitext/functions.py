"""Parser functions and variables: {{#if:}}, {{lc:}}, {{PAGENAME}}, {{!}}.

In: what stands between the braces, already expanded. Out: its value; "" for what prints nothing (DEFAULTSORT, #invoke);
None where the name is an ordinary template.
Reference: https://www.mediawiki.org/wiki/Help:Extension:ParserFunctions.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from curation.sources.wikitext.arguments import parts, split_arguments

# A bar or an equals sign made by a variable divides no arguments: it stays apart until all templates are gone.
ESCAPED_BAR, ESCAPED_EQUALS = "\x0e", "\x0f"

_VARIABLES = {
    "!": ESCAPED_BAR,
    "=": ESCAPED_EQUALS,
    "!!": 2 * ESCAPED_BAR,
    "(": "{",
    ")": "}",
    "(!": "{|",
    "!)": "|}",
    "!-": "|-",
    "(((": "{{{",
    ")))": "}}}",
}
_SILENT = frozenset(
    str.split(
        "#invoke #tag #related #property #statements #babel #coordinates #lst #lsth #section #time #expr defaultsort "
        "defaultcategorysort defaultsortkey displaytitle noexternallanglinks int subst safesubst msgnw raw"
    )
)
_TITLES = frozenset(str.split("pagename pagenamee fullpagename basepagename subpagename rootpagename titel"))
_FORMATS: dict[str, Callable[[str], str]] = {
    "lc": str.lower,
    "uc": str.upper,
    "ucfirst": lambda text: text[:1].upper() + text[1:],
    "lcfirst": lambda text: text[:1].lower() + text[1:],
    "formatnum": lambda text: text,
    "urlencode": lambda text: text,
    "anchorencode": lambda text: text,
    "nowrap": lambda text: text,
}
_NAME = re.compile(r"#?[^\W\d]\w*")


def call(name: str, arguments: str | None, title: str) -> str | None:
    """Value of a variable or function; None for a template. `name` is all before the first bar."""
    variable = _VARIABLES.get(name)
    if variable is not None:
        return variable
    function, colon, subject = name.partition(":")
    function = function.strip().lower()
    if not colon:
        if function in _TITLES and arguments is None:
            return title
        return "" if function in _SILENT and function[0] != "#" and arguments is None and function.startswith("default") else None
    if not _NAME.fullmatch(function):
        return None
    if function in _FORMATS:
        return _FORMATS[function](subject.strip())
    if function in _SILENT:
        return ""
    if function in ("padleft", "padright"):
        return _padded(function, subject.strip(), split_arguments(arguments or "").positional)
    if function == "#switch":
        return _switch(subject.strip(), parts(arguments or ""))
    if function[0] == "#":
        return _conditional(function, subject.strip(), split_arguments(arguments or "").positional)
    return None


def _conditional(function: str, subject: str, branches: list[str]) -> str:
    branches = [branch.strip() for branch in branches]
    if function == "#if":
        return _branch(branches, 0 if subject else 1)
    if function == "#ifeq":
        return _branch(branches[1:], 0 if branches and subject == branches[0] else 1)
    if function in ("#iferror", "#ifexpr", "#ifexist"):
        return _branch(branches, 1 if function != "#iferror" else 0)
    return ""


def _switch(subject: str, cases: list[str]) -> str:
    """The value beside the first case that equals the subject; cases without one share the next one's. Else the default."""
    default, is_met = "", False
    for index, case in enumerate(cases):
        name, equals, value = (part.strip() for part in case.partition("="))
        is_met = is_met or name == subject
        if equals and name == "#default":
            default = value
        elif equals and is_met:
            return value
        elif not equals and index == len(cases) - 1:
            default = name
    return default


def _branch(branches: list[str], index: int) -> str:
    return branches[index] if index < len(branches) else ""


def _padded(function: str, text: str, arguments: list[str]) -> str:
    size = arguments[0] if arguments else ""
    missing = min(int(size), 500) - len(text) if size.isdigit() and len(size) < 5 else 0
    filler = (arguments[1] if len(arguments) > 1 else "0") or "0"
    padding = (filler * missing)[: max(0, missing)]
    return padding + text if function == "padleft" else text + padding
