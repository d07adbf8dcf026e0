"""What a dropped template or reference leaves behind.

In: text with a GAP where something was dropped. Out: text without: brackets that held nothing else are gone, separators
after an opening bracket too, a space before the gap where punctuation or another space follows, and lines that held
only gaps. Looks at the characters beside each gap, never at the whole text.
"""

from __future__ import annotations

from curation.sources.wikitext.extensions import GAP

_SEPARATORS = " \t\n,;:/–—-،؛、，；："
_OPENING, _CLOSING = "(（[", ")）]"
_FOLLOWS_DIRECTLY = frozenset(" \t\n,.;:!?)）،؛、，；。")
SETTLED_CHARS = 400


def close_gaps(text: str) -> str:
    first, *rest = text.split(GAP)
    settled: list[str] = []
    left = first
    for right in rest:
        left, right = _joint(left, right)
        if len(left) > SETTLED_CHARS:
            settled.append(left[:-SETTLED_CHARS])
            left = left[-SETTLED_CHARS:]
        if len(right) > SETTLED_CHARS:
            settled.append(left)
            left = right
        else:
            left += right
    settled.append(left)
    return "".join(settled)


def _joint(left: str, right: str) -> tuple[str, str]:
    """Both sides of a gap as they should meet."""
    bare = left.rstrip(_SEPARATORS)
    if bare[-1:] in _OPENING and bare:
        right = right.lstrip(_SEPARATORS)
        if right[:1] and right[0] in _CLOSING:
            bare, right = bare[:-1].rstrip(" \t"), right[1:]
            return bare, right if right[:1] in _FOLLOWS_DIRECTLY or not bare or bare[-1] == "\n" else " " + right
        return bare, right
    if right[:1] == "\n" and left.rstrip(" \t")[-1:] in ("\n", ""):
        return left.rstrip(" \t"), right[1:]
    if left[-1:] in (" ", "\t") and (not right or right[0] in _FOLLOWS_DIRECTLY):
        return left.rstrip(" \t"), right
    return left, right
