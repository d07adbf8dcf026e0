"""Formulas in MathML, written as LaTeX so that a fraction stays one and an exponent is no further digit.

In: a tree with `math` elements (JATS, XHTML, DocBook). Out: the same tree, each `math` holding its formula as text: what its
author wrote in TeX where that is kept beside it, between dollars; a formula without any structure as plain characters.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.xmltree import local_name

MAX_DEPTH = 60

_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b\ufeff"))
_RELATIONS = frozenset("=<>≤≥≈∼≃≅≡≠∈∉⊂⊆→⇒↔⇔∝≪≫")
_OPERATIONS = frozenset("+-−±×·∪∩∧∨")
_ACCENTS = {
    "¯": "bar",
    "‾": "bar",
    "ˉ": "bar",
    "^": "hat",
    "ˆ": "hat",
    "~": "tilde",
    "˜": "tilde",
    "→": "vec",
    "˙": "dot",
    "¨": "ddot",
}
_STRUCTURE = re.compile(r"[\\^_]")
_SCRIPTS = {"msup": "^", "msub": "_", "munder": "_", "msubsup": "_^", "munderover": "_^"}


def write_formulas(root: Any) -> None:
    for formula in list(root.iter("{*}math", "math")):
        text = _written(formula)
        for child in list(formula):
            formula.remove(child)
        formula.text = text


def _written(formula: Any) -> str:
    marks = "$$" if formula.get("display") == "block" or formula.get("mode") == "display" else "$"
    for note in formula.iter("{*}annotation", "annotation"):
        if "tex" in (note.get("encoding") or "").lower() and note.text and note.text.strip():
            return f"{marks}{' '.join(note.text.split()).strip('$ ')}{marks}"
    if formula.get("alttext"):
        return f"{marks}{formula.get('alttext').strip('$ ')}{marks}"
    text = " ".join(_row(formula, 0).split())
    return f"{marks}{text}{marks}" if _STRUCTURE.search(text) else text


def _row(element: Any, depth: int) -> str:
    children = [child for child in element if isinstance(child.tag, str)]
    return "".join(_one(child, depth + 1, 0 < at < len(children) - 1) for at, child in enumerate(children))


def _one(element: Any, depth: int, is_between: bool = False) -> str:
    name = local_name(element)
    children = [child for child in element if isinstance(child.tag, str)]
    if depth > MAX_DEPTH:
        return "".join(element.itertext()).strip()
    if name in ("mi", "mn", "mo", "ms", "mtext", "ci", "cn"):
        return _token(name, element, is_between)
    if name in ("annotation", "annotation-xml", "mphantom", "none", "mprescripts"):
        return ""
    if name == "mspace":
        return " "
    if name == "mfrac" and len(children) == 2:
        return f"\\frac{{{_one(children[0], depth + 1)}}}{{{_one(children[1], depth + 1)}}}"
    if name == "msqrt":
        return f"\\sqrt{{{_row(element, depth)}}}"
    if name == "mroot" and len(children) == 2:
        return f"\\sqrt[{_one(children[1], depth + 1)}]{{{_one(children[0], depth + 1)}}}"
    if name in _SCRIPTS and len(children) == len(_SCRIPTS[name]) + 1:
        scripts = [_script(mark, _one(child, depth + 1)) for mark, child in zip(_SCRIPTS[name], children[1:], strict=True)]
        return "".join([_one(children[0], depth + 1), *scripts])
    if name == "mover" and len(children) == 2:
        base, above = _one(children[0], depth + 1), _one(children[1], depth + 1)
        return f"\\{_ACCENTS[above]}{{{base}}}" if above in _ACCENTS else f"\\overset{{{above}}}{{{base}}}"
    if name == "mfenced":
        inside = ",".join(_one(child, depth + 1) for child in children)
        return f"{element.get('open', '(')}{inside}{element.get('close', ')')}"
    if name == "mtable":
        rows = [" & ".join(_one(cell, depth + 2) for cell in row if isinstance(cell.tag, str)) for row in children]
        lines = " \\\\ ".join(rows)
        return f"\\begin{{matrix}} {lines} \\end{{matrix}}" if len(rows) > 1 else lines
    return _row(element, depth) or (element.text or "").strip()


def _token(name: str, element: Any, is_between: bool) -> str:
    text = "".join(element.itertext()).translate(_INVISIBLE)
    if name == "mtext":
        return text
    text = text.strip()
    if name == "mo" and (text in _RELATIONS or (is_between and text in _OPERATIONS)):
        return f" {text} "
    return f"{text} " if name == "mo" and text in (",", ";") else text


def _script(mark: str, text: str) -> str:
    text = text.strip()
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}" if text else ""
