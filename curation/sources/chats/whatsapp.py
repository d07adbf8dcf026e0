"""WhatsApp's exported chats: one .txt a chat, from Android and iOS, in any language and order of dates.

In: text. Out: messages; lines without a name are `service`, attachments `media`, withdrawn messages `deleted`.
The order of day and month is read off the whole file: a field above 12 decides; else a clock of twelve hours with
slashes means the month first; else the order in which dates only grow; else the day first.
"""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta

from curation.sources.chats.message import Message

_DIGIT = r"[0-9٠-٩۰-۹]"
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_HALF = (
    r"[^\W\d_]\.?\s?[^\W\d_]?\.?|[^\W\d_]{2,4}|午前|午後|上午|下午|凌晨|清晨|早上|中午|晚上|오전|오후|पूर्वाह्न|अपराह्न|"
    r"πριν|μετά|de\. ?|du\. ?"
)
_START = re.compile(
    rf"^\[?({_DIGIT}{{1,4}})[./\-־‏ ]\s?({_DIGIT}{{1,2}})[./\-‏ ]\s?({_DIGIT}{{2,4}})\.?(?: г\.)?[,،]?\s+"
    rf"(?:(?:at|um|a las|à|alle|às|"
    rf"kl\.?|klo|om|о|в|u)\s+)?(午前|午後|上午|下午|凌晨|清晨|早上|中午|晚上|오전|오후)?\s?"
    rf"({_DIGIT}{{1,2}})[:.]({_DIGIT}{{2}})(?:[:.]({_DIGIT}{{2}}))?\s?({_HALF})?(?:\]\s*|\s[-–]\s)",
    re.MULTILINE,
)
_NAME = re.compile(r"([^:\n]{1,100}):(?:[ \t]|$)(.*)", re.DOTALL)
_MEDIA = re.compile(
    r"<[^<>\n]{3,60}>|(?:IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d+\.\w+ \([^()]*\)|\S+\.(?:jpg|jpeg|png|webp|mp4|opus|mp3|m4a|pdf|"
    r"vcf|docx?) \([^()]*\)"
    r"|<?[^<>\n]{0,30}: \d+-[\w-]+\.\w{2,5}>?"
)
_DELETED = re.compile(
    r"(?:This message was deleted|You deleted this message|Diese Nachricht wurde gelöscht|Du hast diese Nachricht gelöscht|"
    r"Ce message a été supprimé|Vous avez supprimé ce message|"
    r"Se eliminó este mensaje|Eliminaste este mensaje|Questo messaggio è stato eliminato|Hai eliminato questo messaggio|"
    r"Mensagem apagada|Você apagou esta mensagem|"
    r"Данное сообщение удалено|Вы удалили данное сообщение|Ta wiadomość została usunięta|Usunięto tę wiadomość|Dit bericht "
    r"is verwijderd|U hebt dit bericht verwijderd|"
    r"این پیام حذف شده است|تم حذف هذه الرسالة|Bu mesaj silindi)\.?"
)
_SILENT = re.compile(  # what Android's export writes in English for what has no words; "null" stands for media seen once
    r"null|(?:Missed|Silenced) (?:voice|video|group (?:voice|video)) call|location: https?://\S+|live location shared|"
    r"Waiting for this message\. This may take a while\.(?: Learn more)?",
    re.IGNORECASE,
)
_ATTACHED = re.compile(r"\A[\w\-. ]{1,120}\.\w{2,5} \([^()\n]{4,40}\)\n")
_OWN = re.compile(
    r"(?:(?<=\s)|\A)\ue000[^\n]*|\A[^\n]* • \ue000[^\n]*"
)  # iOS: a direction mark begins what WhatsApp itself wrote
_QUOTED_NAME = re.compile('["“”„«»]')
_EDITED = re.compile(r"\s*<[^<>\n]{4,40}>\s*\Z")
_PM = ("p", "م", "午後", "下午", "오후", "ب.ظ", "μ.μ", "du", "π", "中午", "晚上", "अप", "μετ")
_AM = ("a", "ص", "午前", "上午", "오전", "ق.ظ", "凌晨", "清晨", "早上", "पू")


def is_chat(text: str) -> bool:
    """Whether the file starts like an exported chat and several lines carry its stamp."""
    head = _without_marks(text[:20_000])
    stamps = list(_START.finditer(head))
    return bool(stamps) and not head[: stamps[0].start()].strip() and any(_NAME.match(head, stamp.end()) for stamp in stamps)


def messages(text: str) -> list[Message]:
    """All messages in order."""
    source = _without_marks(text)
    starts = list(_START.finditer(source))
    order = _order(starts)
    found = []
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(source)
        body = source[start.end() : end].rstrip("\n")
        found.append(_message(number, body, _time(start, order), is_ios=start[0].startswith("[")))
    return found


def _without_marks(text: str) -> str:
    """Direction marks inside a line that iOS puts before its own words become U+E000, all others go."""
    clean = text.replace("\r\n", "\n").replace("\ue000", "")
    return _MARKS.sub("", re.sub("(?<=[^\n])\u200e(?=[^\n\\[])", "\ue000", clean))


def continuation(text: str) -> str:
    """What stands before the first stamp: the end of a message that began before this text."""
    source = _without_marks(text)
    first = _START.search(source)
    return source[: first.start() if first else None].replace("\ue000", "").strip()


def _message(number: int, body: str, time: datetime | None, *, is_ios: bool) -> Message:
    place = str(number + 1)
    named = _NAME.match(body)
    if named is None or _QUOTED_NAME.search(named[1]):  # `Ada created group "Trip: 2024"`
        return Message(place, "", "", time, reason="service")
    author, text = " ".join(named[1].replace("\ue000", "").lstrip("~ ").split()), named[2]
    plain = text.replace("\ue000", "").strip()
    if _DELETED.fullmatch(plain):
        return Message(place, author, "", time, reason="deleted")
    if _MEDIA.fullmatch(plain) or _SILENT.fullmatch(plain):
        return Message(place, author, "", time, reason="encrypted" if plain.startswith("Waiting") else "media")
    own = _OWN.sub("", text) if is_ios else text
    if plain and not own.replace("\ue000", "").strip():
        is_notice = len(plain) > 100 or author in plain
        return Message(place, author, "", time, reason="service" if is_notice else "media")
    text = _ATTACHED.sub("", own.replace("\ue000", ""))
    text = _EDITED.sub("", text) if "<" in text and text.strip().endswith(">") else text
    return Message(place, author, text, time, reason="" if text.strip() else "empty")


def _number(text: str) -> int:
    return int(text)


def _order(starts: list[re.Match[str]]) -> str:
    first = [_number(start[1]) for start in starts]
    second = [_number(start[2]) for start in starts]
    if not first or max(first) > 31 or any(len(start[1]) == 4 for start in starts[:1]):
        return "ymd"
    if max(first) > 12:
        return "dmy"
    if max(second) > 12:
        return "mdy"
    years = [_number(start[3]) for start in starts]
    grows = {
        "dmy": sum(a > b for a, b in _pairs(list(zip(years, second, first, strict=True)))),
        "mdy": sum(a > b for a, b in _pairs(list(zip(years, first, second, strict=True)))),
    }
    if grows["dmy"] != grows["mdy"]:
        return min(grows, key=grows.__getitem__)
    has_halves = any(_half(start) is not None for start in starts[:200])
    return "mdy" if has_halves and "/" in starts[0][0] else "dmy"


def _pairs(days: list[tuple[int, int, int]]) -> list[tuple[tuple[int, int, int], tuple[int, int, int]]]:
    return list(itertools.pairwise(days))


def _half(start: re.Match[str]) -> bool | None:
    """True after noon, False before, None where the stamp says neither. Chinese, Japanese, Korean say it before the time."""
    lowered = (start[4] or start[8] or "").strip().lower()
    if lowered.startswith(_PM):
        return True
    return False if lowered.startswith(_AM) else None


def _time(start: re.Match[str], order: str) -> datetime | None:
    fields = dict(zip(order, (_number(start[1]), _number(start[2]), _number(start[3])), strict=True))
    year = fields["y"] + (2000 if fields["y"] < 100 else 0)
    hour, half = _number(start[5]), _half(start)
    if half is not None:
        hour = hour % 12 + 12 * half
    try:
        return _day(year, fields["m"], fields["d"]) + timedelta(
            hours=hour, minutes=_number(start[6]), seconds=_number(start[7] or "0")
        )
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> datetime:
    """Phones count years as their owners do: 1403 is Persian, 2567 Thai."""
    if 1300 < year < 1420:
        if not (1 <= month <= 12 and 1 <= day <= 31):
            raise ValueError(month, day)
        passed = 31 * (month - 1) - max(0, month - 7) + day - 1
        years = year - 1403  # 1 Farvardin 1403 was 20 March 2024; leap years as in the cycle of 33, right from 1343 to 1472
        leaps = sum((each % 33) in (1, 5, 9, 13, 17, 22, 26, 30) for each in range(min(year, 1403), max(year, 1403)))
        return datetime(2024, 3, 20, tzinfo=UTC) + timedelta(days=365 * years + (leaps if years > 0 else -leaps) + passed)
    return datetime(year - 543 if year > 2400 else year, month, day, tzinfo=UTC)
