"""Project Gutenberg's frame around a text: headers, licences and credits of all eras, removed.

In: a plain text. Out: the book alone, and whether it was a Gutenberg text at all. Known frames: `*** START OF …`
and `*** END OF …` (since 2001, any wording and language), `*END*THE SMALL PRINT!` (1991 to 2003), none but a
title line and a closing `End of …`. What still speaks of the licence afterwards goes paragraph by paragraph.
Reference: the headers collected in c-w/gutenberg and in GITenberg; rewritten here as patterns, not lists of lines.
"""

from __future__ import annotations

import re

SEARCH_CHARS = 40_000

_START = re.compile(
    r"^[ \t]*\**[ \t]*START[ \t]*(?:OF|\*\*)[^\n]*(?:GUTENBERG|SMALL PRINT)(?:[^*]{0,300}?\*{2,3})?[^\n]*\n|"
    r"^[ \t]*\*+ ?START: FULL LICENSE ?\*+[^\n]*\n",
    re.MULTILINE | re.IGNORECASE,
)
_SMALL_PRINT_END = re.compile(
    r"^[ \t]*\*END[ \t]*\*?[ \t]*(?:OF[ \t]+)?THE[ \t]+SMALL[ \t]+PRINT[^\n]*\n(?:[^\n]*\*END\*[ \t]*\n)?",
    re.MULTILINE | re.IGNORECASE,
)
_END = re.compile(
    r"^[ \t]*\*{2,3}[ \t]*END[ \t]+OF[ \t]+[^\n]*GUTENBERG|"
    r"^[ \t]*(?:\*+[ \t]*)?(?:This[ \t]+is[ \t]+)?(?:The[ \t]+)?End[ \t]+of[ \t]+(?:the[ \t]+|this[ \t]+)?Project[ \t]+Gutenberg|"
    r"^[ \t]*\*+[ \t]*START:[ \t]*FULL[ \t]+LICENSE|"
    r"^[ \t]*(?:Fin|Ende|Fine|Loppu|Einde|Slut)[ \t]+[^\n]{0,40}Project[ \t]+Gutenberg",
    re.MULTILINE | re.IGNORECASE,
)
_LEGAL = re.compile(
    r"project gutenberg|gutenberg-tm|gutenberg\.(?:org|net)|small print!|\betexts?\b|literary archive foundation|"
    r"limited warranty|public domain etext|michael s?\.? ?hart|pglaf|promo\.net|distributed proofread",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\s*(?:\[?transcribe[rd]|produced by|e-?text (?:prepared|produced|scanned)|this (?:e-?text|e-?book|edition) was |scanned by|"
    r"prepared by|html version by|updated editions? |credits?:|release date|character set|language:|posting date|last updated|"
    r"most recently updated|start of (?:this|the) project)",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"project gutenberg|gutenberg-tm|small print!", re.IGNORECASE)
_BOOK_START = re.compile(
    r"^[ \t]*\*{2,3}[ \t]*START[ \t]+OF[ \t]+[^\n]*GUTENBERG(?:[^*]{0,300}?\*{2,3})?[^\n]*\n", re.MULTILINE | re.IGNORECASE
)
_FRAME = re.compile(
    r"^\W*(?:(?:the|this is the|welcome to the world of free plain vanilla electronic texts.{0,80})\s+)?project "
    r"gutenberg(?:['’]s)?\s+"
    r"(?:[\w-]+\s+){0,3}?e?-?(?:book|text)|small print!",
    re.MULTILINE | re.IGNORECASE,
)
_BRACKETED = re.compile(r"\[\s*(?:illustrations?|blank page|frontispiece|decoration)\s*\]", re.IGNORECASE)
_CAPTION = re.compile(r"\[\s*illustration\s*:\s*([^\[\]]*)\]", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<![\w_])_(?=\S)([^_]{1,600}?)(?<=\S)_(?![\w_])")


def strip_frame(text: str) -> tuple[str, bool]:
    """(text without frame, True), or (text, False) where nothing says Project Gutenberg near its ends."""
    ends = (text[:SEARCH_CHARS], text[-SEARCH_CHARS:])
    if not any(_NOTICE.search(end) and (_FRAME.search(end) or _START.search(end) or _END.search(end)) for end in ends):
        return text, False
    books = [_without_credits(_without_notices(book)) for book in _books(text)]
    text = "\n\n".join(book for book in books if book.strip())
    text = _CAPTION.sub(r"\1", _BRACKETED.sub("", text))
    return _EMPHASIS.sub(r"\1", text).strip("\n") + "\n", True


def _books(text: str) -> list[str]:
    """The one book of a file as a rule; of several, each without what lies before, between and after them."""
    books, done = [], 0
    for start in _BOOK_START.finditer(text):
        end = _END.search(text, done, start.start())
        if end:
            books.append(_after_start(text[done : end.start()]))
            done = start.start()
    return [*books, _before_end(_after_start(text[done:]))]


def _after_start(text: str) -> str:
    limit = max(SEARCH_CHARS, len(text) // 10)
    last = 0
    for pattern in (_SMALL_PRINT_END, _START):
        for match in pattern.finditer(text, 0, limit):
            last = max(last, match.end())
    return text[last:]


def _before_end(text: str) -> str:
    for match in _END.finditer(text, max(0, len(text) - max(2 * SEARCH_CHARS, len(text) // 5))):
        return text[: match.start()]
    return text


def _without_notices(text: str) -> str:
    """Paragraphs that speak of the licence, wherever they stand; the book's own words do not mention it."""
    if not _NOTICE.search(text):
        return text
    pieces = re.split(r"(\n[ \t]*\n\s*)", text)
    kept = [piece for i, piece in enumerate(pieces) if i % 2 or not _NOTICE.search(piece)]
    return "".join(kept)


def _without_credits(text: str) -> str:
    """Producers' credits and file notes before the title page."""
    for _ in range(12):
        text = text.lstrip("\n")
        paragraph, mark, rest = text.partition("\n\n")
        is_credit = _CREDIT.match(paragraph) or (len(paragraph) < 600 and _LEGAL.search(paragraph))
        if not mark or len(paragraph) > 1500 or not is_credit:
            break
        text = rest
    return text
