"""IRC logs, line by line, as the common clients and bots write them.

Covered: irssi, weechat, ZNC, mIRC, HexChat/XChat, Pidgin, Supybot/Limnoria, energymech, Ubuntu's and other public
archives, with or without dates and seconds; and blocks of Unix time, nick, text divided by empty lines.
In: text, and the date that the file's name may tell. Out: messages; joins, parts, quits, mode and nick changes are
`join`, the client's own lines `service`, lines that fit nothing continue the message before or are `broken_record`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from curation.sources.chats.message import Message, seconds

_STAMP = re.compile(
    r"[\[(]?(?:(?P<year>\d{4})[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)[T _,-]{1,2}|(?P<name>[A-Z][a-z]{2}) +(?P<mday>\d{1,2}) )?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?P<half> ?[APap]\.?[Mm]\.?)?(?:Z|"
    r"[+-]\d\d:?\d\d)?[\])]?[ \t]*"
)
_NICK = r"[^\s<>:*]{1,60}"
_TALK = re.compile(
    rf"(?:<[ @+%&~!]?(?P<angle>[^<>\n]{{1,60}}?)>[ \t]?|(?P<tab>[ @+%&~]?{_NICK})[ ]*\t|"
    rf"\t?(?P<bar>{_NICK})[ ]+[|│][ ]|(?P<colon>{_NICK}):[ \t])(?P<text>.*)",
    re.DOTALL,
)
_ACTION = re.compile(rf"(?:\*{{1,3}}[ \t]+|•[ \t]+|[ ]\*[ \t]|-\*-[ \t])[@+%&~]?(?P<nick>{_NICK})[ \t]+(?P<text>.*)")
_EVENT = re.compile(
    r"(?:-!-|-->|<--|--|==|===|\*{2,3}|\*|←|→|⇐|⇒|!|—|Topic|•|-)[ \t].*|.*\bhas (?:joined|quit|left|parted)\b.*|"
    r"(?:Joins|Parts|Quits|Join|Part|Quit):? .*"
)
_COMES_AND_GOES = re.compile(
    r"\b(?:has )?(?:joined|quit|left|parted|joins|parts|quits|kicked|now known as|mode|Joins|Parts|Quits|Mode|Nick|sets mode|"
    r"netsplit|netjoin|disconnected|connected)\b"
    r"|^(?:-->|<--|←|→|⇐|⇒)"
)
_DAY = re.compile(
    r"(?:---|\*{4}|#|=+|Session (?:Start|Time|Ident|Close)\b:?|\[?log(?:ging)? (?:opened|closed|started|begun)\b).*|\*{4} "
    r"(?:BEGIN|ENDING) LOGGING.*|"
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? .*\d{4}\s*", re.IGNORECASE
)  # fmt: skip
_MONTHS = {name: number for number, name in enumerate(str.split("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
_LONG_DATE = re.compile(
    r"([A-Z][a-z]{2})[a-z]* +(\d{1,2}),?(?: +\d\d:\d\d(?::\d\d)?)?(?: +\w{3,4})? +(\d{4})|(\d{1,2}) "
    r"([A-Z][a-z]{2})[a-z]* (\d{4})|(\d{4})[-/.](\d\d)[-/.](\d\d)"
)
_COLOURS = re.compile("\x03(?:\\d{1,2}(?:,\\d{1,2})?)?|[\x02\x0f\x11\x16\x1d\x1f]")
_BLOCK = re.compile(r"(?P<time>\d{9,10})\n(?P<nick>[^\n]{1,60})\n(?P<text>.*?)(?=\n\n\d{9,10}\n[^\n]{1,60}\n|\n*\Z)", re.DOTALL)
_BLOCK_START = re.compile(r"\A\s*\d{9,10}\n\S[^\n]{0,59}\n(?:[^\n]+\n|\n+\d{9,10}\n\S)")


def is_log(text: str) -> bool:
    """Whether most of the first lines look like a log: a time, then a nick in brackets or an event."""
    if _BLOCK_START.match(text):
        return True
    lines = [line for line in _COLOURS.sub("", text[:20_000]).split("\n")[:200] if line.strip()]
    stamped = nicks = timed = 0
    for line in lines:
        stamp = _STAMP.match(line)
        rest = line[stamp.end() :] if stamp else line
        talk = _TALK.match(rest)
        is_fitting = (talk is not None and (stamp is not None or talk["angle"] is not None)) or (
            stamp is not None and _fits_event(rest)
        )
        stamped += is_fitting
        timed += stamp is not None
        nicks += talk is not None and is_fitting
    return bool(lines) and 10 * stamped >= 6 * len(lines) and (nicks > 0 or timed > 0) and (timed > 0 or nicks >= 2)


def _fits_event(rest: str) -> bool:
    return _EVENT.match(rest) is not None or _ACTION.match(rest) is not None


def messages(text: str, day: date | None) -> list[Message]:
    """All lines in order. Days come from the lines, from day marks, from `day`, and from clocks that run backwards."""
    text = text.replace("\r\n", "\n")
    if _BLOCK_START.match(text):
        return _blocks(text)
    reader = _Reader(day)
    for number, line in enumerate(_COLOURS.sub("", text).split("\n"), 1):
        reader.line(number, line)
    nicks = {message.author for message in reader.found if message.author}
    return [_with_addressee(message, nicks) for message in reader.found]


def _with_addressee(message: Message, nicks: set[str]) -> Message:
    """`nick: text` and `nick, text` speak to somebody: the nick belongs to the names of the message."""
    addressed = re.match(r"@?([^\s:,]{1,60})[:,]\s", message.text)
    if not addressed or addressed[1] not in nicks:
        return message
    return Message(message.place, message.author, message.text, message.time, names=(addressed[1],), reason=message.reason)


def _blocks(text: str) -> list[Message]:
    found: list[Message] = []
    position = 0
    for match in _BLOCK.finditer(text):
        if text[position : match.start()].strip():
            found.append(Message(f"@{position}", "", "", reason="broken_record"))
        found.append(Message(f"@{match.start()}", match["nick"].strip(), match["text"], seconds(match["time"])))
        position = match.end()
    if text[position:].strip():
        found.append(Message(f"@{position}", "", "", reason="broken_record"))
    return found


class _Reader:
    """Keeps the day while lines go by."""

    def __init__(self, day: date | None) -> None:
        self.day = day
        self.last: datetime | None = None
        self.found: list[Message] = []

    def line(self, number: int, line: str) -> None:
        if not line.strip():
            return
        stamp = _STAMP.match(line)
        rest = line[stamp.end() :] if stamp else line
        if stamp is None and _DAY.fullmatch(line.strip()) and not line.startswith("<"):
            self._new_day(line)
            self.found.append(Message(f"L{number}", "", "", self.last, reason="service"))
            return
        time = self._time(stamp) if stamp else None
        self.found.append(self._message(f"L{number}", rest.rstrip("\n"), time, stamp is not None))

    def _message(self, place: str, rest: str, time: datetime | None, is_stamped: bool) -> Message:
        talk = _TALK.match(rest)
        nick = next((talk[name] for name in ("angle", "tab", "bar", "colon") if talk[name]), "").strip() if talk else ""
        if talk and (nick in ("-->", "<--", "--", "*", "-!-", "=!=") or re.fullmatch(r"[-=*<>!]+", nick)):
            return Message(
                place, "", "", time, reason="join" if nick in ("-->", "<--") or _COMES_AND_GOES.search(rest) else "service"
            )
        if talk and (is_stamped or talk["angle"]):
            return Message(place, nick.lstrip("@+%&~") or nick, talk["text"].strip(), time)
        if _EVENT.match(rest) and _COMES_AND_GOES.search(rest):
            return Message(place, "", "", time, reason="join")
        action = _ACTION.match(rest)
        if action and not rest.startswith("***"):
            return Message(place, action["nick"], action["text"].strip(), time)
        if is_stamped:
            return Message(place, "", "", time, reason="service")
        return Message(place, "", "", time, reason="broken_record")

    def _new_day(self, line: str) -> None:
        self.day = date_in(line) or self.day

    def _time(self, stamp: re.Match[str]) -> datetime | None:
        try:
            if stamp["year"]:
                self.day = date(int(stamp["year"]), int(stamp["month"]), int(stamp["day"]))
            elif stamp["name"] and self.day:
                self.day = date(self.day.year, _MONTHS.get(stamp["name"].lower(), 0), int(stamp["mday"]))
            hour = int(stamp["hour"])
            if stamp["half"]:
                hour = hour % 12 + (12 if "p" in stamp["half"].lower() else 0)
            if self.day is None:
                return None
            time = datetime(
                self.day.year, self.day.month, self.day.day, hour, int(stamp["minute"]), int(stamp["second"] or 0), tzinfo=UTC
            )
        except ValueError:
            return None
        if self.last and time < self.last - timedelta(hours=12) and not stamp["year"] and not stamp["name"]:
            self.day = (time + timedelta(days=1)).date()
            time += timedelta(days=1)
        self.last = time
        return time


def date_in(text: str) -> date | None:
    """A date in a day mark or in a file name."""
    for match in _LONG_DATE.finditer(text):
        try:
            if match[1]:
                return date(int(match[3]), _MONTHS[match[1].lower()], int(match[2]))
            if match[4]:
                return date(int(match[6]), _MONTHS[match[5].lower()], int(match[4]))
            return date(int(match[7]), int(match[8]), int(match[9]))
        except (KeyError, ValueError):
            continue
    return None
