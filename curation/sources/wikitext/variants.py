"""Language converter marks: -{text}-, -{flags|text}-, -{zh-hans:text; zh-hant:text}-.

In: text without templates. Out: the first variant, raw text where the flag is R or N, nothing where a mark only defines
(H, T, D, -). Innermost marks first.
Reference: https://www.mediawiki.org/wiki/Writing_systems/Syntax.
"""

from __future__ import annotations

import re

MAX_DEPTH = 5

_MARK = re.compile(r"-\{([^{}]*+)\}-")
_FLAGS = re.compile(r"\s*[A-Z+-](?:\s*;\s*[A-Z+-])*\s*|\s*[a-z]{2,3}(?:-[a-z]+)*(?:\s*;\s*[a-z]{2,3}(?:-[a-z]+)*)*\s*|\s*")
_VARIANT = re.compile(r"\s*[a-z]{2,3}(?:-[A-Za-z]+)*\s*:\s*([^;]*)")
_DEFINES_ONLY = frozenset("HTD-")


def choose_variants(text: str) -> str:
    for _ in range(MAX_DEPTH):
        if "-{" not in text:
            break
        text, count = _MARK.subn(_shown, text)
        if not count:
            break
    return text


def _shown(match: re.Match[str]) -> str:
    flags, bar, content = match[1].partition("|")
    if not bar or not _FLAGS.fullmatch(flags):
        return _first_variant(match[1])
    letters = set(flags) & set("HTDRNA-")
    if letters & set("RN"):
        return content
    if letters & _DEFINES_ONLY and "A" not in letters:
        return ""
    return _first_variant(content)


def _first_variant(text: str) -> str:
    variant = _VARIANT.match(text)
    return variant[1] if variant else text
