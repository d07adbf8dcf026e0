"""WhatsApp's exported chats: one .txt a chat, from Android and iOS, in any language and order of dates.

In: text. Out: messages; lines without a name are `service`, attachments `media`, withdrawn messages `deleted`.
A poll is one message: its question and its options, without the votes.
The order of day and month is read off the whole file: a field above 12 decides; else a clock of twelve hours with
slashes means the month first; else the order in which dates only grow; else the day first.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from curation.sources.chats import whatsapp_words
from curation.sources.chats.message import Message
from curation.sources.chats.numeric_dates import Numbers, in_order, order

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_HALF_BEFORE = r"午前|午後|上午|下午|凌晨|清晨|早上|中午|晚上|오전|오후|Ö[ÖS]"
_HALF = (
    rf"[^\W\d_]\.?\s?[^\W\d_]?\.?|[^\W\d_]{{2,4}}|{_HALF_BEFORE}|पूर्वाह्न|अपराह्न|πριν|μετά|de\. ?|du\. ?|"
    r"e (?:para|pas)dites|ق\.ظ\.|ب\.ظ\."
)
_START = re.compile(
    rf"^\ue001?\[?(\d{{1,4}})[./\-־‏ 年년]\s?(\d{{1,2}})[./\-‏ 月월]\s?(\d{{2,4}})[日일]?\.?(?: г\.| BE)?[,،]?\s+"
    rf"(?:(?:at|um|a las|à|alle|às|kl\.?|klo|om|о|в|u)\s+)?({_HALF_BEFORE})?\s?"
    rf"(\d{{1,2}})(?:[:.]| h )(\d\d)(?:(?:[:.]| min )(\d\d)(?: s)?)?\s?({_HALF})?"
    rf"(?: \| [^\[\]\n]{{1,40}})?(?:\]\s*|\s[-–]\s|(?(7):[ ]|(?!)))",
    re.MULTILINE,
)
_TIME_FIRST = re.compile(
    r"^(\ue001?\[)(\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.? ?[Mm]\.?)?), (\d{1,4}[./\-]\d{1,2}[./\-]\d{2,4})(?=\] )", re.MULTILINE
)
_NAME = re.compile(r"([^:\n]{1,100}):(?:[ \t]|$)(.*)", re.DOTALL)
_OWN = re.compile(  # iOS: a direction mark begins what WhatsApp itself wrote, and stands before the stamp of such a message
    r"(?:(?<=\s)|\A)\ue000[^\n]*|\A[^\n]* • \ue000[^\n]*"
)
_OWN_UNSTAMPED = re.compile(
    r"\A\ue000[^\n]{1,60}\Z|(?:(?<=\s)|\A)\ue000<[^<>\n]{3,60}>[ \t]*$", re.MULTILINE
)  # else people typed it
_QUOTED_NAME = re.compile('["“”„«»]')
_PM = ("p", "ös", "e pas", "م", "午後", "下午", "오후", "ب.ظ", "μ.μ", "du", "π", "中午", "晚上", "अप", "μετ")
_AM = ("a", "öö", "e par", "ص", "午前", "上午", "오전", "ق.ظ", "凌晨", "清晨", "早上", "पू")


def is_chat(text: str) -> bool:
    """Whether the file starts like an exported chat and several lines carry its stamp."""
    if not _START.match(_without_marks(text[:1000]).lstrip()):
        return False
    head = _without_marks(text[:20_000])
    stamps = list(_START.finditer(head))
    if stamps and stamps[0][0].endswith(": ") and (len(stamps[0][1]) > 2 or head[stamps[0].end() :][:1] in "<[*-"):
        return False  # a log of a program, not of an old iPhone
    return any(_NAME.match(head, stamp.end()) for stamp in stamps)


def messages(text: str) -> list[Message]:
    """All messages in order."""
    source = _without_marks(text)
    starts = list(_START.finditer(source))
    found, dates = [], _order(starts)
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(source)
        body = source[start.end() : end].rstrip("\n")
        found.append(_message(number, body, _time(start, dates), start[0]))
    return found


def _without_marks(text: str) -> str:
    """Direction marks inside a line that iOS puts before its own words become U+E000, before a stamp U+E001; all others go."""
    clean = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\ue000", "").replace("\ue001", "")
    clean = re.sub("^\u200e\\[", "\ue001[", clean, flags=re.MULTILINE)
    clean = _TIME_FIRST.sub(r"\1\3, \2", clean) if _TIME_FIRST.match(clean.lstrip("\n")) else clean
    return _MARKS.sub("", re.sub("(?<=[^\n])\u200e(?=[^\n\\[])", "\ue000", clean))


def continuation(text: str) -> str:
    """What stands before the first stamp: the end of a message that began before this text."""
    source = _without_marks(text)
    first = _START.search(source)
    return source[: first.start() if first else None].replace("\ue000", "").strip()


def _message(number: int, body: str, time: datetime | None, stamp: str) -> Message:
    place = str(number + 1)
    named = _NAME.match(body)
    if named is None or _QUOTED_NAME.search(named[1]):  # `Ada created group "Trip: 2024"`
        return Message(place, "", "", time, reason="service")
    author, text = " ".join(named[1].replace("\ue000", "").lstrip("~ ").split()), named[2]
    plain = text.replace("\ue000", "").strip()
    reason = whatsapp_words.reason(plain)
    if reason:
        return Message(place, author, "", time, reason=reason)
    if ":\n" in text and (asked := whatsapp_words.poll(plain)):
        return Message(place, author, asked, time)
    is_own = stamp[0] == "\ue001" or (stamp[0] == "[" and number < 3 and text.startswith("\ue000"))  # a chat begins with a notice
    own = _OWN.sub("", text) if is_own else _OWN_UNSTAMPED.sub("", text) if stamp[0] == "[" else text
    if plain and not own.replace("\ue000", "").strip():
        is_notice = len(plain) > 100 or author in plain
        return Message(place, author, "", time, reason="service" if is_notice else "media")
    text = whatsapp_words.said(own.replace("\ue000", ""))
    return Message(place, author, text, time, reason="" if text.strip() else "empty")


def _numbers(start: re.Match[str]) -> Numbers:
    return int(start[1]), int(start[2]), int(start[3])


def _order(starts: list[re.Match[str]]) -> str:
    if not starts:
        return "ymd"
    has_halves = any(_half(start) is not None for start in starts[:200])
    return order(
        list(map(_numbers, starts)), is_year_first=len(starts[0][1]) == 4, prefers_month=has_halves and "/" in starts[0][0]
    )


def _half(start: re.Match[str]) -> bool | None:
    """True after noon, False before, None where the stamp says neither. Chinese, Japanese, Korean say it before the time."""
    lowered = (start[4] or start[8] or "").strip().lower()
    if lowered.startswith(_PM):
        return True
    return False if lowered.startswith(_AM) else None


def _time(start: re.Match[str], found: str) -> datetime | None:
    hour, half = int(start[5]), _half(start)
    if half is not None:
        hour = hour % 12 + 12 * half
    try:
        return in_order(_numbers(start), found) + timedelta(hours=hour, minutes=int(start[6]), seconds=int(start[7] or "0"))
    except ValueError:
        return None
