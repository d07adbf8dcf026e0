"""Counts over the lines and paragraphs of one text, for the Gopher, C4 and FineWeb rules and for code.

Each function reads the text once with `str` methods, which are faster here than arrays: lines are few and long.
References: datatrove's GopherQualityFilter, GopherRepetitionFilter, C4QualityFilter, FineWebQualityFilter.
"""

from __future__ import annotations

import re
from collections.abc import Callable

SentenceCounter = Callable[[str], int]

_CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
_POLICY = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")
_C4_ENDS = (".", "?", "!", '"', "'")
# What ends a sentence where C4's English list does not know it (and the closing quotes behind it).
_MORE_ENDS = (*_C4_ENDS, "؟", "۔", "。", "！", "？", "．", "…", "।", "॥", "։", "።", "”", "»", "“", "’", "」", "』")
MAX_SENTENCES = 20

Row = dict[str, float | int | None]


def gopher_lines(text: str) -> Row:
    """Shares of lines with bullets and with an ellipsis at the end, of `#` and of ellipses (the latter as counts)."""
    lines = text.splitlines()
    bullets = sum(map(_has_bullet, lines)) if "-" in text or "•" in text else 0
    ellipses = text.count("...") + text.count("…")
    endings = sum(line.rstrip().endswith(("...", "…")) for line in lines) if ellipses else 0
    number = len(lines) or 1
    return {"bullet_lines": bullets / number, "ellipsis_lines": endings / number, "hashes": text.count("#"), "ellipses": ellipses}


def _has_bullet(line: str) -> bool:
    return line.lstrip().startswith(("•", "-"))


def repeated_lines(text: str) -> Row:
    """Shares of lines and paragraphs that stood before, by number and by characters."""
    paragraphs = text.strip().split("\n\n")
    if "\n\n\n" in text:
        paragraphs = [part for part in (part.lstrip("\n") for part in paragraphs) if part] or [""]
    lines = text.split("\n")
    if "\n\n" in text or not text:
        # as a pattern of one break and more would split: nothing is empty but what stands before the first or behind the last
        lines = [*lines[:1], *(line for line in lines[1:-1] if line), *lines[1:][-1:]]
    size = len(text) or 1
    number_paragraphs, chars_paragraphs = _repeated(paragraphs)
    number_lines, chars_lines = _repeated(lines)
    return {
        "dup_paragraphs": number_paragraphs / len(paragraphs),
        "dup_paragraph_chars": chars_paragraphs / size,
        "dup_lines": number_lines / len(lines),
        "dup_line_chars": chars_lines / size,
    }


def _repeated(parts: list[str]) -> tuple[int, int]:
    distinct = set(parts)
    if len(distinct) == len(parts):
        return 0, 0
    return len(parts) - len(distinct), sum(map(len, parts)) - sum(map(len, distinct))


def fineweb_lines(text: str, terminal: tuple[str, ...]) -> Row:
    """Shares of lines with terminal punctuation and of short ones, of repeated characters; the number of line breaks."""
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    number = len(lines) or 1
    breaks = text.count("\n")
    return {
        "line_ends": sum(line.endswith(terminal) for line in lines) / number if lines else None,
        "short_lines": sum(len(line) <= 30 for line in lines) / number,
        "dup_chars": _repeated(lines)[1] / ((len(text) - breaks) or 1),
        "line_breaks": breaks,
        "mean_line_chars": sum(map(len, lines)) / number,
        "max_line_chars": max(map(len, lines), default=0),
    }


def c4_lines(text: str, sentences: SentenceCounter, english: bool = True) -> Row:
    """Sentences on the lines that C4 would keep (counted up to MAX_SENTENCES), and what makes it drop a whole page."""
    lowered = text.lower()
    is_suspect = "lorem ipsum" in lowered or "{" in text
    has_unwanted = "javascript" in lowered or any(phrase in lowered for phrase in _POLICY)
    ends = _C4_ENDS if english else _MORE_ENDS
    kept: list[str] = []
    for line in text.splitlines():
        if len(kept) >= MAX_SENTENCES and not (is_suspect and ("{" in line or "lorem" in line.lower())):
            continue  # enough; only what would drop the page still matters
        line = line.strip()
        words = line.split(None, 2)
        if len(words) < 3 or (len(line) > 1000 and max(map(len, line.split())) > 1000):
            continue
        if "[" in line:
            line = _CITATION.sub("", line)
        if not line.endswith(ends) or line.endswith("..."):
            continue
        if is_suspect or has_unwanted:
            low = line.lower()
            if "lorem ipsum" in low:
                return {"c4_sentences": None, "lorem_ipsum": 1, "curly_bracket": 0}
            if "javascript" in low:
                continue
            if "{" in line:
                return {"c4_sentences": None, "lorem_ipsum": 0, "curly_bracket": 1}
            if any(phrase in low for phrase in _POLICY):
                continue
        kept.append(line)
    # A kept line holds at least one sentence.
    number = len(kept)
    if number < MAX_SENTENCES:
        number = 0
        for line in kept:
            number += sentences(line)
            if number >= MAX_SENTENCES:
                break
    return {"c4_sentences": min(number, MAX_SENTENCES), "lorem_ipsum": 0, "curly_bracket": 0}


# A full stop behind a single capital, an abbreviation or another full stop ends nothing. What must not stand before the mark
# is asked behind it: a pattern that begins with a set of characters is searched for five times as fast.
_SENTENCE_END = re.compile(
    r"(?s:[.!?…。？！؟۔।](?<![.\s].)(?<!\b[A-Z].)(?<!\bMrs.)(?<!\bMr.)(?<!\bMs.)(?<!\bDr.)(?<!\bSt.)(?<!\bJr.)"
    r"(?<!\be\.g.)(?<!\bi\.e.)(?<!\bvs.))(?:[^\w\s]*\s+[^\w\s]*(?=\w)|(?<=[。？！])(?=\w))"
)


def count_sentences(line: str) -> int:
    """Sentences of one line, as a sentencizer splits it: after ., ! or ? and what closes it, before a word."""
    return len(_SENTENCE_END.findall(line)) + 1
