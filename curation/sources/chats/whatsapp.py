"""WhatsApp's exported chats: one .txt a chat, from Android and iOS, in any language and order of dates.

In: text. Out: messages; lines without a name are `service`, attachments `media`, withdrawn messages `deleted`.
The order of day and month is read off the whole file: a field above 12 decides; else a clock of twelve hours with
slashes means the month first; else the order in which dates only grow; else the day first.
"""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime

from curation.sources.chats.message import Message

_DIGIT = r"[0-9٠-٩۰-۹]"
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_START = re.compile(
    rf"^\[?({_DIGIT}{{1,4}})[./\-־‏ ]\s?({_DIGIT}{{1,2}})[./\-‏ ]\s?({_DIGIT}{{2,4}})\.?[,،]?\s+(?:(?:at|um|a las|à|alle|às|"
    rf"kl\.?|klo|om|о|в)\s+)?"
    rf"({_DIGIT}{{1,2}})[:.]({_DIGIT}{{2}})(?:[:.]({_DIGIT}{{2}}))?\s?([^\W\d_]\.?\s?[^\W\d_]?\.?|[^\W\d_]{{2,4}}|午前|午後|上午|"
    rf"下午|오전|오후)?(?:\]\s*|\s[-–]\s)",
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
_EDITED = re.compile(r"\s*<[^<>\n]{4,40}>\s*\Z")
_PM = ("p", "م", "午後", "下午", "오후", "ب.ظ", "μ.μ", "du", "π")
_AM = ("a", "ص", "午前", "上午", "오전", "ق.ظ")


def is_chat(text: str) -> bool:
    """Whether the file starts like an exported chat and several lines carry its stamp."""
    head = _MARKS.sub("", text[:20_000])
    stamps = list(_START.finditer(head))
    return bool(stamps) and not head[: stamps[0].start()].strip() and any(_NAME.match(head, stamp.end()) for stamp in stamps)


def messages(text: str) -> list[Message]:
    """All messages in order."""
    had_mark = "\u200e" in text
    clean = text.replace("\r\n", "\n")
    starts = list(_START.finditer(_MARKS.sub("", clean)))
    source = _MARKS.sub("", clean)
    order = _order(starts)
    found = []
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(source)
        found.append(_message(number, source[start.end() : end].rstrip("\n"), _time(start, order)))
    if had_mark:
        found = _marked(found, clean, source)
    return found


def continuation(text: str) -> str:
    """What stands before the first stamp: the end of a message that began before this text."""
    source = _MARKS.sub("", text.replace("\r\n", "\n"))
    first = _START.search(source)
    return source[: first.start() if first else None].strip()


def _message(number: int, body: str, time: datetime | None) -> Message:
    place = str(number + 1)
    named = _NAME.match(body)
    if named is None:
        return Message(place, "", "", time, reason="service")
    author, text = " ".join(named[1].lstrip("~ ").split()), named[2]
    if _DELETED.fullmatch(text.strip()):
        return Message(place, author, "", time, reason="deleted")
    if _MEDIA.fullmatch(text.strip()):
        return Message(place, author, "", time, reason="media")
    text = _EDITED.sub("", text) if "<" in text and text.strip().endswith(">") else text
    return Message(place, author, text, time, reason="" if text.strip() else "empty")


def _marked(found: list[Message], clean: str, source: str) -> list[Message]:
    """iOS begins what is no text (images, calls, withdrawn messages) with a direction mark after the name."""
    silent = {re.sub(r"\s+", " ", match[1]).strip() for match in re.finditer(r": \u200e([^\n]{1,120})", clean)}
    return [
        Message(message.place, message.author, "", message.time, reason="media")
        if not message.reason and message.text and re.sub(r"\s+", " ", message.text).strip() in silent and len(message.text) < 120
        else message
        for message in found
    ]


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
    has_halves = any(start[7] and _half(start[7]) is not None for start in starts[:200])
    return "mdy" if has_halves and "/" in starts[0][0] else "dmy"


def _pairs(days: list[tuple[int, int, int]]) -> list[tuple[tuple[int, int, int], tuple[int, int, int]]]:
    return list(itertools.pairwise(days))


def _half(word: str) -> bool | None:
    """True after noon, False before, None where the word says neither."""
    lowered = word.strip().lower()
    if lowered.startswith(_PM):
        return True
    return False if lowered.startswith(_AM) else None


def _time(start: re.Match[str], order: str) -> datetime | None:
    fields = dict(zip(order, (_number(start[1]), _number(start[2]), _number(start[3])), strict=True))
    year = fields["y"] + (2000 if fields["y"] < 100 else 0)
    hour, half = _number(start[4]), _half(start[7]) if start[7] else None
    if half is not None:
        hour = hour % 12 + 12 * half
    try:
        return datetime(year, fields["m"], fields["d"], hour, _number(start[5]), _number(start[6] or "0"), tzinfo=UTC)
    except ValueError:
        return None
