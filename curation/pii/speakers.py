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
from curation.pii.ordinary import GIVEN, ordinary, written_small
from curation.pii.spans import Span

MIN_WORD = 3  # letters of a single word of a longer name
MIN_TYPED_SMALL = 4  # letters of a name that is found without its capital
MIN_JOINED = 8  # letters of "janedoe"
JOINTS = (" ", ".", "_", "-")
ADDRESS = re.compile(r"\s*@|\s+at\s|\(at\)|\[at\]")  # in a name that is a mail address: what follows is a host
LABEL = re.compile(r"(?:^|\n)(?:[^\n:]{1,48}: <?|[ \t>|]{0,8})$")  # a line's speaker: who is addressed comes first
ALONE_BEFORE = re.compile(r"(?:^|\n)[^\w\n]{0,8}$|--[ ]?$")  # a signature
ALONE_AFTER = re.compile(r"[^\w\n]{0,8}(?:\n|$)")
MID_SENTENCE = re.compile(r"[^\W\d_A-ZА-Я]{2},? $")
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
    small = written_small(text) if known.by_word else frozenset()
    mentions = [*_exact(text, known), *_words(text, known, small)]
    return list(_joined(text, sorted(mentions, key=lambda mention: (mention.start, -mention.end))))


def as_spans(mentions: Sequence[Mention]) -> list[Span]:
    return [Span("PERSON", mention.start, mention.end, 1.0) for mention in mentions]


class _Known(NamedTuple):
    exact: tuple[tuple[str, str], ...]  # (as written, speaker): of several words, or with signs in it
    by_word: dict[str, _Form]


@lru_cache(maxsize=64)
def _known(speakers: tuple[str, ...], language: str) -> _Known:
    exact: dict[str, str] = {}
    whole: dict[str, _Form] = {}
    parts: dict[str, _Form] = {}
    no_names = ordinary(language)
    for name in dict.fromkeys(speaker.strip() for speaker in speakers):
        words = WORD.findall(name)
        if not words or all(word.isdecimal() for word in words):
            continue
        if words == [name]:
            for form in forms(name, language):
                whole.setdefault(form, _Form(name, form == name.casefold(), form in no_names or len(form) < MIN_WORD))
            continue
        exact[name] = name
        words = WORD.findall(ADDRESS.split(name, maxsplit=1)[0])
        if len(words) == 1 and words[0] != name and ADDRESS.search(name):
            continue  # the account of an address: no name by itself
        for spelling in _spellings(words):
            exact.setdefault(spelling, name)
        for word in words:
            if _is_name(word, words):
                for form in forms(word, language):
                    parts.setdefault(form, _Form(name, False, form in no_names))
    return _Known(tuple(sorted(exact.items(), key=lambda pair: (-len(pair[0]), pair))), {**parts, **whole})


def _spellings(words: list[str]) -> Iterator[str]:
    """Jane Doe as people write her in addresses and handles: jane.doe, jane_doe, janedoe."""
    if len(words) < 2 or not all(word.isalpha() and len(word) > 1 for word in words):
        return
    yield from (joint.join(words) for joint in JOINTS)
    if sum(map(len, words)) >= MIN_JOINED:
        yield "".join(words)


def _is_name(word: str, words: list[str]) -> bool:
    """May this word of a longer name stand for all of it? Small words of signs and numbers may not."""
    if len(word) < MIN_WORD or not word.isalpha():
        return False
    return not word.isascii() or word[0].isupper() or all(map(str.isalpha, words))


def _exact(text: str, known: _Known) -> Iterator[Mention]:
    lowered = text.casefold() if known.exact else ""
    is_aligned = len(lowered) == len(text)
    for name, speaker in known.exact:
        haystack, needle = (lowered, name.casefold()) if is_aligned else (text, name)
        start = haystack.find(needle)
        while start >= 0:
            end = start + len(needle)
            if _is_bounded(text, start, end):
                yield Mention(start, end, speaker)
            start = haystack.find(needle, end)


def _is_bounded(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not ((before.isalnum() and text[start].isalnum()) or (after.isalnum() and text[end - 1].isalnum()))


def _words(text: str, known: _Known, small: frozenset[str]) -> Iterator[Mention]:
    by_word = known.by_word
    for match in WORD.finditer(text):
        word = match.group()
        form = by_word.get(word.casefold())
        if form is not None and _is_meant(form, word, small, text, *match.span()):
            yield Mention(*match.span(), form.speaker)


def _is_meant(form: _Form, word: str, small: frozenset[str], text: str, start: int, end: int) -> bool:
    if form.is_ordinary:
        if word.istitle() and word.casefold() in GIVEN and word.casefold() not in small:
            return _is_mention(text, start, end) or MID_SENTENCE.search(text, max(0, start - 4), start) is not None
        return (word[0].isupper() or form.is_whole or _is_alone(text, start, end)) and _is_mention(text, start, end)
    if word.lower() == word.upper():  # a script without capitals
        return True
    if form.is_whole:
        # A nickname is typed in any case. Of a form that ends otherwise, only what is written like a name.
        return word[0].isupper() or word == form.speaker or len(word) >= MIN_TYPED_SMALL or _is_mention(text, start, end)
    return (word[0].isupper() and word.casefold() not in small) or _is_mention(text, start, end)


def _is_mention(text: str, start: int, end: int) -> bool:
    """Does the place say that a name stands here?"""
    before, after = text[max(0, start - 24) : start], text[end : end + 24]
    if before.endswith(("@", "<@")) or (before.endswith("<") and after.startswith(">")):
        return True
    if LABEL.search(text, max(0, start - 52), start) and after.startswith((":", ",", ">")):
        return True
    return GREETING.search(before) is not None or SPEAKING.match(after) is not None or _is_alone(text, start, end)


def _is_alone(text: str, start: int, end: int) -> bool:
    """Does nothing else stand in its line, as under a letter?"""
    return ALONE_BEFORE.search(text, max(0, start - 9), start) is not None and ALONE_AFTER.match(text, end) is not None


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
