"""Line ends that a typesetter forced, turned back into spaces; those an author meant, kept.

In: plain text whose lines may be wrapped at a fixed width. Out: text with one line a paragraph where it was prose,
unchanged line ends in verse, tables, lists, addresses. A break is *forced* where the next line's first word would not
have fitted; a text is wrapped where most breaks inside its blocks are forced, and a block is prose where most of its
own are. Hyphens at forced breaks are mended by the text's own vocabulary (`some-` + `thing` is joined without hyphen
where `something` occurs more often than `some-thing`, or neither does and no other word begins with `some-` or ends in
`-thing`). Cost: about 25 MB/s.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

MIN_WIDTH, MAX_WIDTH = 30, 130
MIN_BREAKS = 12
LOOSE, TIGHT = 5, 2  # how many characters short of the width a forced line may be
# Share of forced breaks among those after long lines: 0.73 to 1.00 in 11 wrapped novels, 0.34 to 0.52 in 6 volumes
# of Persian verse, whose lines are of nearly equal length too.
MIN_FORCED = 0.63
MAX_CAPITALS = 0.85  # share of lines that begin with a capital: English verse has 1, German prose 0.4

_BLANKS = re.compile(r"\n[ \t]*\n\s*?(?=[^\n]|\Z)")
_COLUMN_GAP = re.compile(r"\S(?: {3,}|\t+)(?=\S)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDS_HYPHENATED = re.compile(r"([^\W\d_]+)[-\u2010\u00ad\u00ac]$")
_HYPHENS = re.compile(r"[-\u2010\u00ad\u00ac][ \t]*\n")
_SENTENCE_END = re.compile(r"[.!?…:;»”\"'’)\]۔؟。]\s*$")
_HYPHEN = ("-", "\u2010", "\u00ad", "\u00ac")
_SUSPENDING = frozenset(["und", "oder", "bzw", "och", "eller", "and", "or"])
_LIST_ITEM = re.compile(r"\s*(?:[-*\u2022\u2013\u2014+]\s|\(?(?:\d{1,3}|[a-zA-Z])[.)]\s|\|)")
_CJK = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


def unwrap(text: str) -> str:
    """The text with forced breaks joined, or unchanged where it is not wrapped."""
    blocks = [[line.rstrip() for line in block.split("\n")] for block in _BLANKS.split(text)]
    width = wrap_width(blocks)
    if not width:
        return text
    words = _vocabulary(text.lower()) if _HYPHENS.search(text) else Counter()
    return "\n\n".join(_joined(block, width, words) for block in blocks)


def _vocabulary(text: str) -> Counter[str]:
    """How often each word occurs; for `well-` and `-known`, in how many different hyphenated words."""
    words = Counter(_WORD.findall(text))
    for word in [word for word in words if "-" in word]:
        head, _, tail = word.partition("-")
        words[f"{head}-"] += 1
        words[f"-{tail}"] += 1
    return words


def wrap_width(blocks: list[list[str]]) -> int:
    """The width at which most lines were broken, or 0."""
    lengths = sorted(len(line) for block in blocks for line in block[:-1] if line)
    if len(lengths) < MIN_BREAKS:
        return 0
    width = lengths[int(len(lengths) * 0.95)]
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return 0
    return width if _share_forced(blocks, width, TIGHT) >= MIN_FORCED else 0


def _share_forced(blocks: list[list[str]], width: int, tolerance: int) -> float:
    forced = long = capitals = 0
    for block in blocks:
        for line, following in pairwise(block):
            if _is_forced(line, following, width, tolerance):
                forced += 1
            elif len(line) > width // 2:
                long += 1
            else:
                continue
            capitals += following.lstrip()[:1].isupper() and not following.isupper()
    if not forced or (forced + long > 3 and capitals > MAX_CAPITALS * (forced + long)):
        return 0.0
    return forced / (forced + long)


def _is_forced(line: str, following: str, width: int, tolerance: int) -> bool:
    if len(line) + 1 + _first_word(following) > width - tolerance:
        return True
    return line[-1:] in _HYPHEN and line[-2:-1].isalpha() and following.lstrip()[:1].islower()


def _first_word(line: str) -> int:
    word = line.split(maxsplit=1)[:1]
    if not word:
        return 0
    return 1 if _CJK.match(word[0]) else len(word[0])


def _joined(lines: list[str], width: int, words: Counter[str]) -> str:
    if len(lines) < 2 or _is_table(lines):
        return "\n".join(lines)
    tolerance = LOOSE
    if len(lines) > 4 and max(map(len, lines)) < width - LOOSE:  # an indented quotation has a margin of its own
        width, tolerance = max(map(len, lines)), TIGHT
    if _share_forced([lines], width, tolerance) < MIN_FORCED:
        return "\n".join(lines)
    base = Counter(_indent(line) for line in lines[1:]).most_common(1)[0][0]
    out = [lines[0].strip()]
    for line, following in pairwise(lines):
        is_forced = _is_forced(line, following, width, tolerance)
        starts_paragraph = _indent(following) > base + 1 or (bool(_LIST_ITEM.match(following)) and not is_forced)
        goes_on = is_forced or (len(line) > 0.6 * width and not _SENTENCE_END.search(line[-3:]))
        if starts_paragraph or not goes_on:
            out.append("\n")
            out.append(following.strip())
        else:
            _append(out, following.strip(), words)
    return "".join(out)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_table(lines: list[str]) -> bool:
    return sum(1 for line in lines if _COLUMN_GAP.search(line)) > len(lines) // 2


def _append(out: list[str], right: str, words: Counter[str]) -> None:
    """Join `right` to the last line, which is `out[-1]`: dashes and CJK without a blank, hyphens as words have them."""
    left = out[-1]
    if not left or not right or left.endswith(("--", "\u2014")) or (_CJK.match(left[-1]) and _CJK.match(right[0])):
        out.append(right)
        return
    hyphenated = _ENDS_HYPHENATED.search(left[-60:])
    if not hyphenated or not right[0].isalpha():
        out.append(" ")
    else:
        head, match = hyphenated[1].lower(), _WORD.match(right)
        tail = match[0].lower() if match else ""
        if tail in _SUSPENDING and not words[head + tail]:  # "Vor-" + "und Nachteile"
            out.append(" " + right)
            return
        is_chain = left[: -len(head) - 1].endswith("-")  # `four-and-` + `twenty`
        is_kept = not right[0].islower() or is_chain or _is_compound(head, tail, words)
        if left[-1] not in "-\u2010" or not is_kept:
            out[-1] = left[:-1]
    out.append(right)


def _is_compound(head: str, tail: str, words: Counter[str]) -> bool:
    """`well-known`: the text writes it so elsewhere; or nowhere, nor as one word, but others of the same half with a hyphen.

    Two others where the first half is as short as a syllable: `re-enter` alone does not make `re-plenish` of a broken word.
    """
    apart, joined = words[f"{head}-{tail}"], words[head + tail]
    others = words[f"-{tail}"] or words[f"{head}-"] >= (1 if len(head) > 3 else 2)
    return apart > joined or (not joined and bool(others)) or "-" in tail
