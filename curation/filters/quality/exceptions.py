"""Words that punctuation does not end: addresses without a scheme, and faces. Of 1,643 documents five and three got another
verdict of Gopher's rule for letters without them.

In: code points of a text and where its white space is. Out: (start, stop) of what stays one word, white space around it.
Reference: spaCy's URL_MATCH and the emoticons of its BASE_EXCEPTIONS, the common ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from curation.filters.quality.characters import EDGE, CodePoints, Flags

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

FACES = frozenset(
    str.split(
        ":) :( :D :P :p :/ :| :o :O :0 :x :X :* :] :} :> :3 :1 ;) ;D =) =( =D =] =[ =/ =| =3 (: (; (= [: [= ): ]= 8) 8D "
        ":)) :(( :))) :((( :-) :-( :-D :-P :-p :-/ :-| :-o :-O :-0 :-x :-X :-* :-] :-} :-> :-3 :-)) :-(( ;-) ;-D (-: (-; [-: )-: "
        "8-) 8-D :') :'( :'-) :'-( :o) (o: :() >:( >:o >.< >.> <.< <3 <33 <333 </3 -_- -__- ^_^ ^__^ ;_; @_@ ._. (-8"
    )
)
_LONGEST = max(map(len, FACES))
_FIRST = np.array(sorted({ord(face[0]) for face in FACES}), np.uint32)
_ADDRESS = re.compile(
    r"(?:[^\s@]+@)?(?:(?:[^\W_][\w-]{0,62})?[^\W_]\.)+[^\W\d_A-Z]{2,63}(?::\d{2,5})?(?:[/?#]\S*)?"
)  # fmt: skip


def one_word(points: CodePoints, flags: Flags, space: Mask, joint: Mask, dot: Mask) -> Iterator[tuple[int, int]]:
    """`joint`: characters at which a word is split; only what they split is looked at."""
    solid = ~space
    begins = np.flatnonzero(solid & np.append(True, space[:-1]))
    stops = np.flatnonzero(solid & np.append(space[1:], True)) + 1
    lengths = stops - begins
    short = (lengths > 1) & (lengths <= _LONGEST) & np.isin(points[begins], _FIRST)
    for start, stop in zip(begins[short].tolist(), stops[short].tolist(), strict=True):
        if _text(points, start, stop) in FACES:
            yield start, stop
    for number in _holding(begins, joint, dot).tolist():
        start, stop = _bare(flags, int(begins[number]), int(stops[number]))
        if _ADDRESS.fullmatch(_text(points, start, stop)):
            yield start, stop


def _holding(begins: Places, *masks: Mask) -> Places:
    """Numbers of the stretches between white space that hold a character of each mask."""
    found = np.ones(len(begins), np.bool_)
    for mask in masks:
        held = np.zeros(len(begins), np.bool_)
        held[np.searchsorted(begins, np.flatnonzero(mask), side="right") - 1] = True
        found &= held
    return np.flatnonzero(found)


def _bare(flags: Flags, start: int, stop: int) -> tuple[int, int]:
    """Without the brackets and marks at both ends."""
    while start < stop and flags[start] & EDGE:
        start += 1
    while start < stop and flags[stop - 1] & EDGE:
        stop -= 1
    return start, stop


def _text(points: CodePoints, start: int, stop: int) -> str:
    return points[start:stop].tobytes().decode("utf-32-le", "replace")
