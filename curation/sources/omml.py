"""Formulas of Word (OMML), written as LaTeX.

In: an `oMath` element. Out: its text, between dollars where it has any structure.
"""

from __future__ import annotations

from typing import Any

from curation.sources.xmltree import local_name

MAX_DEPTH = 40

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_LARGE = {"∑": "\\sum", "∏": "\\prod", "∫": "\\int", "": "\\int"}


def formula_text(element: Any) -> str:
    text = " ".join(_written(element, 0).split())
    return f"${text}$" if any(char in text for char in "\\^_") else text


def _written(element: Any, depth: int) -> str:
    name = local_name(element)
    if depth > MAX_DEPTH or name == "t":
        return "".join(element.itertext())
    if name.endswith("pr"):
        return ""
    if name == "f":
        return f"\\frac{{{_part(element, 'num', depth)}}}{{{_part(element, 'den', depth)}}}"
    if name in ("ssup", "ssub", "ssubsup"):
        scripts = [_script(mark, _part(element, part, depth)) for mark, part in (("_", "sub"), ("^", "sup"))]
        return "".join([_part(element, "e", depth), *scripts])
    if name == "rad":
        degree = _part(element, "deg", depth)
        return f"\\sqrt{f'[{degree}]' if degree else ''}{{{_part(element, 'e', depth)}}}"
    if name == "nary":
        char = element.find(f"./{_M}naryPr/{_M}chr")
        sign = _LARGE.get(char.get(f"{_M}val", "") if char is not None else "", "\\sum")
        scripts = [_script(mark, _part(element, part, depth)) for mark, part in (("_", "sub"), ("^", "sup"))]
        return "".join([sign, *scripts, " ", _part(element, "e", depth)])
    if name == "d":
        inside = ", ".join(_written(part, depth + 1) for part in element.iterfind(f"./{_M}e"))
        return f"({inside})"
    return "".join(_written(child, depth + 1) for child in element if isinstance(child.tag, str))


def _part(element: Any, name: str, depth: int) -> str:
    part = element.find(f"./{_M}{name}")
    return _written(part, depth + 1).strip() if part is not None else ""


def _script(mark: str, text: str) -> str:
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}" if text else ""
