"""Rooms that Element saved as text or as HTML pages (its JSON is read by matrix.py).

In: text. Out: messages; what is said of the room (joins, names, topics) is `service`, attachments `media`.
Text: `Mon, Jan 1, 2024, 10:00:00 - Ada: hello`, also `1 Jan 2024`; `* Ada waves` is an action; other lines go on.
HTML: a tile a message; the name stands on the first of several tiles of one person, the day between tiles.
Reference: element-web, src/utils/exportUtils.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import lxml.html

from curation.sources.chats.irc import date_in
from curation.sources.chats.message import Message, one_line

_START = re.compile(
    r"^(?:[^\W\d_]{2,4}\.?, )?(?P<date>[A-Z][a-z]{2,8} \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4}),?(?: at)? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)? - ",
    re.MULTILINE,
)
_NAME = re.compile(r"([^:\n]{1,100}): (.*)", re.DOTALL)
_ACTION = re.compile(r"\* (\S{1,100}) (.*)", re.DOTALL)
_MEDIA = re.compile(r".* sent an? \w+\.(?: \(.*\))?|.*\((?:File Attached|Media omitted.*|Error fetching file)\)")
_QUOTED = re.compile(r"<[^<>\n]{1,140}> ")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s?([AaPp])\.?[Mm]\.?)?")
_PAGE = re.compile(r"class=\"[^\"]*\bmx_(?:EventTile|Export)")


def is_text(text: str) -> bool:
    starts = list(_START.finditer(text[:20_000]))
    return bool(starts) and not text[: starts[0].start()].strip("\ufeff \n") and any(_NAME.match(text, s.end()) for s in starts)


def is_page(page: str) -> bool:
    return _PAGE.search(page[:2_000_000]) is not None


def first_stamp(text: str) -> int:
    found = _START.search(text)
    return found.start() if found else len(text)


def messages(text: str) -> list[Message]:
    text = text.replace("\r\n", "\n")
    starts = list(_START.finditer(text))
    found = []
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        found.append(_line(str(number + 1), text[start.end() : end].strip(), _time(start)))
    return found


def _line(place: str, body: str, time: datetime | None) -> Message:
    action = _ACTION.fullmatch(body)
    named = _NAME.match(body)
    if action:
        return Message(place, action[1], action[2], time)
    if _MEDIA.fullmatch(body):
        return Message(place, one_line(named[1]) if named else "", "", time, reason="media")
    if named is None:
        return Message(place, "", "", time, reason="service")
    return Message(place, one_line(named[1]), _QUOTED.sub("", named[2], count=1) if named[2].startswith("<") else named[2], time)


def _time(start: re.Match[str]) -> datetime | None:
    return _at(date_in(start["date"]), start["hour"], start["minute"], start["second"], start["half"])


def _at(day: date | None, hour: str, minute: str, second: str | None = None, half: str | None = None) -> datetime | None:
    if day is None:
        return None
    number = int(hour) % 12 + 12 * (half.lower() == "p") if half else int(hour)
    try:
        return datetime(day.year, day.month, day.day, number, int(minute), int(second or 0), tzinfo=UTC)
    except ValueError:
        return None


def page_messages(page: str) -> list[Message]:
    """Every tile of a saved page, in order."""
    day: date | None = None
    author = ""
    found: list[Message] = []
    for node in lxml.html.document_fromstring(page).iter("li", "div", "h2"):
        kinds = (node.get("class") or "").split()
        if "mx_DateSeparator" in kinds or "mx_TimelineSeparator" in kinds:
            day = date_in(_text(node)) or day
        elif "mx_EventTile" in kinds or "mx_GenericEventListSummary" in kinds:
            author = _first(node, "mx_DisambiguatedProfile_displayName") or _first(node, "mx_SenderProfile_name") or author
            found.append(_tile(node, str(len(found) + 1), author, day))
    return found


def _tile(node: lxml.html.HtmlElement, place: str, author: str, day: date | None) -> Message:
    for quoted in node.xpath(".//*[contains(@class, 'mx_ReplyChain') or contains(@class, 'mx_ReplyTile') or self::mx-reply]"):
        quoted.drop_tree()
    said = next(iter(node.xpath(".//*[contains(@class, 'mx_MessageTimestamp')]/@title")), "")
    clock = _CLOCK.search(said) or _CLOCK.search(_first(node, "mx_MessageTimestamp"))
    time = _at(date_in(said) or day, clock[1], clock[2], clock[3], clock[4]) if clock else None
    text = _first(node, "mx_EventTile_body")
    if not text:
        has_file = bool(
            node.xpath(".//img[not(contains(@class, 'Avatar'))] | .//video | .//audio | .//*[contains(@class, 'mx_MFileBody')]")
        )
        return Message(place, author if has_file else "", "", time, reason="media" if has_file else "service")
    return Message(place, author, text, time)


def _first(node: lxml.html.HtmlElement, kind: str) -> str:
    found = node.xpath(f".//*[contains(concat(' ', @class, ' '), ' {kind} ')]")
    return _text(found[0]) if found else ""


def _text(node: lxml.html.HtmlElement) -> str:
    for line in node.iter("br", "p", "li", "pre"):
        line.tail = "\n" + (line.tail or "")
    return re.sub(r"[ \t]+", " ", node.text_content()).strip()
