"""Names of the people of a conversation, found in its text.

The dump says who speaks. A full name, a nickname and a handle are found as they are; one word of a longer name, with a
capital letter, inflected too; a name that is also a word (Will, Mark, root) only where it is a mention: as the label of
a line, after @ or a greeting, before "wrote". Every mention carries the speaker it means, so that all of them get one
pseudonym.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from curation.pii.inflection import forms
from curation.pii.ordinary import ORDINARY
from curation.pii.spans import Span

MIN_WORD = 3  # letters of a single word of a longer name
WORD = re.compile(r"[^\W_]+")
BETWEEN_WORDS = re.compile(r"[ \u00a0.\-'’]{1,2}")
GREETING = re.compile(
    r"(?:\b(?:hi|hey|hello|thanks|thank you|thx|cheers|dear|cc|ping|welcome|sorry|yes|no|ok|agree with|ask|hej|"
    r"cześć|dzięki|witaj|drogi|droga|привет|спасибо|здравствуй|здравствуйте|уважаемый|привіт|дякую|سلام|ممنون|مرسی)[ ,:]{1,3})$",
    re.IGNORECASE,
)
SPEAKING = re.compile(
    r"\s(?:wrote|writes|said|says|asked|asks|mentioned|replied|suggested|posted|joined|left|"
    r"pisze|napisał\w?|mówi\w*|powiedział\w?|"
    r"пишет|писал\w?|написал\w?|сказал\w?|спросил\w?|گفت|نوشت)\b|\s(?:جان|عزیز)\b",
    re.IGNORECASE,
)


class Mention(NamedTuple):
    start: int
    end: int
    speaker: str  # as the dump names them


class _Form(NamedTuple):
    speaker: str
    is_whole: bool  # the whole name, not one word of it
    is_ordinary: bool


def find_speakers(text: str, speakers: Sequence[str], language: str = "") -> list[Mention]:
    """Every mention of a known name, in order of place, without overlaps."""
    known = _known(tuple(speakers), language)
    mentions = [*_exact(text, known), *_words(text, known)]
    return list(_joined(text, sorted(mentions, key=lambda mention: (mention.start, -mention.end))))


def as_spans(mentions: Sequence[Mention]) -> list[Span]:
    return [Span("PERSON", mention.start, mention.end, 1.0) for mention in mentions]


class _Known(NamedTuple):
    exact: tuple[str, ...]  # of several words, or with signs in it
    by_word: dict[str, _Form]


@lru_cache(maxsize=64)
def _known(speakers: tuple[str, ...], language: str) -> _Known:
    exact: list[str] = []
    whole: dict[str, _Form] = {}
    parts: dict[str, _Form] = {}
    for name in dict.fromkeys(speaker.strip() for speaker in speakers):
        words = WORD.findall(name)
        if not words or all(word.isdecimal() for word in words):
            continue
        if words == [name]:
            for form in forms(name, language):
                whole.setdefault(form, _Form(name, form == name.casefold(), form in ORDINARY or len(form) < MIN_WORD))
            continue
        exact.append(name)
        for word in words:
            if len(word) >= MIN_WORD and word.isalpha() and (not word.isascii() or word[0].isupper()):
                for form in forms(word, language):
                    parts.setdefault(form, _Form(name, False, form in ORDINARY))
    exact.sort(key=lambda name: (-len(name), name))
    return _Known(tuple(exact), {**parts, **whole})


def _exact(text: str, known: _Known) -> Iterator[Mention]:
    lowered = text.casefold() if known.exact else ""
    is_aligned = len(lowered) == len(text)
    for name in known.exact:
        haystack, needle = (lowered, name.casefold()) if is_aligned else (text, name)
        start = haystack.find(needle)
        while start >= 0:
            end = start + len(needle)
            if _is_bounded(text, start, end):
                yield Mention(start, end, name)
            start = haystack.find(needle, end)


def _is_bounded(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not ((before.isalnum() and text[start].isalnum()) or (after.isalnum() and text[end - 1].isalnum()))


def _words(text: str, known: _Known) -> Iterator[Mention]:
    by_word = known.by_word
    for match in WORD.finditer(text):
        word = match.group()
        form = by_word.get(word.casefold())
        if form is not None and _is_meant(form, word, text, *match.span()):
            yield Mention(*match.span(), form.speaker)


def _is_meant(form: _Form, word: str, text: str, start: int, end: int) -> bool:
    if form.is_ordinary:
        return (word[0].isupper() or form.is_whole) and _is_mention(text, start, end)
    if form.is_whole and form.speaker[0].islower():
        return True  # a handle, in any spelling
    has_no_case = word.lower() == word.upper()
    return has_no_case or word[0].isupper() or (form.is_whole and word == form.speaker) or _is_mention(text, start, end)


def _is_mention(text: str, start: int, end: int) -> bool:
    """Does the place say that a name stands here?"""
    before, after = text[max(0, start - 24) : start], text[end : end + 24]
    if before.endswith(("@", "<@")) or (before.endswith("<") and after.startswith(">")):
        return True
    is_line_start = start == 0 or before.endswith("\n")
    if is_line_start and after.startswith((":", ",")):
        return True
    return GREETING.search(before) is not None or SPEAKING.match(after) is not None


def _joined(text: str, mentions: list[Mention]) -> Iterator[Mention]:
    """Without overlaps; words of one name side by side are one mention."""
    last: Mention | None = None
    for mention in mentions:
        if last is None:
            last = mention
        elif mention.start < last.end:
            last = last._replace(end=max(last.end, mention.end))
        elif mention.speaker == last.speaker and BETWEEN_WORDS.fullmatch(text, last.end, mention.start):
            last = last._replace(end=mention.end)
        else:
            yield last
            last = mention
    if last is not None:
        yield last
