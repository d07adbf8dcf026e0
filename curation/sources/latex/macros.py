"""The author's own LaTeX macros, expanded as far as reading needs.

In: a source without comments. Out: the macros that `\\newcommand`, `\\renewcommand`, `\\providecommand`, `\\def`,
`\\NewDocumentCommand`, `\\DeclareMathOperator` and `\\DeclarePairedDelimiter` define with up to nine
arguments, and a text with their uses replaced.
Bounded: MAX_ROUNDS rounds, MAX_GROWTH times the text, so that recursive macros end. Definitions that use counters,
conditionals or catcodes are left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_ROUNDS = 6
MAX_GROWTH = 3
MAX_BODY_CHARS = 400

_DEFINED = re.compile(
    r"\\(?:re)?(?:newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\s*(\\[A-Za-z@]+)\s*\}?\s*(?:\[(\d)\])?\s*(?:\[([^\]]*)\])?\s*(?=\{)"
    r"|\\(?:long\s*)?\\?(?:[gex]?def|define|redefine)\s*(\\[A-Za-z@]+)\s*((?:#\d\s*)*)(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{\s*(\\[A-Za-z@]+)\s*\}\s*(?=\{)"
    r"|\\(?:New|Renew|Provide|Declare)DocumentCommand\s*\{?\s*(\\[A-Za-z@]+)\s*\}?\s*\{((?:[^{}]|\{[^{}]*\}){0,60})\}\s*(?=\{)"
    r"|\\DeclarePairedDelimiter\*?\s*\{?\s*(\\[A-Za-z@]+)\s*\}?\s*(?=\{)"
)
_UNSAFE = re.compile(
    r"\\(?:if|else|fi|expandafter|csname|catcode|futurelet|@ifnextchar|let|def|newcommand|loop|advance|setcounter)\b"
)
_SPECIFIED = re.compile(r"(?:(o)|O\s*\{([^{}]*)\})?\s*((?:m\s*){0,9})")


@dataclass(frozen=True, slots=True)
class Macro:
    body: str
    num_arguments: int
    default: str | None = None  # of the first argument, where it is optional


def collect_macros(source: str) -> dict[str, Macro]:
    """By name with its backslash; the last definition counts."""
    macros: dict[str, Macro] = {}
    for match in _DEFINED.finditer(source):
        body = balanced(source, match.end())
        if body is None or len(body) > MAX_BODY_CHARS or _UNSAFE.search(body):
            continue
        if match[6]:
            macros[match[6]] = Macro(f"\\operatorname{{{body}}}", 0)
        elif match[7]:
            if specified := _SPECIFIED.fullmatch(match[8].strip()):
                default = "" if specified[1] else specified[2]
                macros[match[7]] = Macro(body, specified[3].count("m") + (default is not None), default)
        elif match[9]:
            closing = balanced(source, match.end() + len(body) + 2)
            macros[match[9]] = Macro(f"\\left{body} #1 \\right{closing}", 1)
        elif match[4]:
            macros[match[4]] = Macro(body, match[5].count("#"))
        else:
            macros[match[1]] = Macro(body, int(match[2] or 0), match[3])
    return {name: macro for name, macro in macros.items() if not re.search(re.escape(name) + r"(?![A-Za-z@])", macro.body)}


def expand(text: str, macros: dict[str, Macro]) -> str:
    """The text with uses replaced; definitions in it are removed first."""
    text = _without_definitions(text)
    if not macros:
        return text
    names = "|".join(re.escape(name[1:]) for name in sorted(macros, key=len, reverse=True))
    use = re.compile(rf"\\({names})(?![A-Za-z@])")
    limit = MAX_GROWTH * len(text) + 100_000
    for _ in range(MAX_ROUNDS):
        expanded = _round(text, use, macros)
        if expanded == text or len(expanded) > limit:
            break
        text = expanded
    return text


def _without_definitions(text: str) -> str:
    pieces, done = [], 0
    for match in _DEFINED.finditer(text):
        if match.start() < done:
            continue
        body = balanced(text, match.end())
        pieces.append(text[done : match.start()])
        done = match.end() + (len(body) + 2 if body is not None else 0)
    return "".join([*pieces, text[done:]])


def _round(text: str, use: re.Pattern[str], macros: dict[str, Macro]) -> str:
    pieces, done = [], 0
    for match in use.finditer(text):
        if match.start() < done:
            continue
        macro = macros["\\" + match[1]]
        found = _arguments(text, match.end(), macro)
        if found is None:
            continue
        arguments, end = found
        body = _filled(macro.body, arguments)
        glue = " " if not macro.num_arguments and body[-1:].isalpha() and text[end : end + 1].isalpha() else ""
        pieces += [text[done : match.start()], body, glue]
        done = end
    return "".join([*pieces, text[done:]])


def _filled(body: str, arguments: list[str]) -> str:
    return re.sub(r"#(\d)", lambda number: arguments[int(number[1]) - 1] if 0 < int(number[1]) <= len(arguments) else "", body)


def _arguments(text: str, at: int, macro: Macro) -> tuple[list[str], int] | None:
    arguments: list[str] = []
    if not macro.num_arguments:
        return arguments, at + (2 if text.startswith("{}", at) else 0)
    if macro.default is not None:
        optional = re.compile(r"\s*\[([^\]]{0,2000})\]").match(text, at)
        arguments.append(optional[1] if optional else macro.default)
        at = optional.end() if optional else at
    while len(arguments) < macro.num_arguments:
        while at < len(text) and text[at] in " \t\n":
            at += 1
        if at >= len(text):
            return None
        group = balanced(text, at)
        if group is not None:
            arguments.append(group)
            at += len(group) + 2
        else:
            single = re.compile(r"\\[A-Za-z@]+|.", re.DOTALL).match(text, at)
            arguments.append(single[0] if single else "")
            at = single.end() if single else at + 1
    return arguments, at


def balanced(text: str, at: int, limit: int = 20_000) -> str | None:
    """What stands in the braces that open at `at`; None where none do, or none close in time."""
    if not text.startswith("{", at):
        return None
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, at, at + limit):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if not depth:
                return text[at + 1 : match.start()]
    return None
