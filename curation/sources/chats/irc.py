"""IRC logs, line by line, as the common clients and bots write them.

Covered: irssi, weechat, ZNC, mIRC, HexChat/XChat, Pidgin, Textual, Konversation, Quassel, The Lounge, bip, eggdrop,
Supybot/Limnoria, energymech, Ubuntu's and other public archives, with or without dates and seconds; and blocks of Unix
time, nick, text divided by empty lines.
In: text, and the date that the file's name may tell. Out: messages; joins, parts, quits, mode and nick changes are
`join`, the client's own lines `service`, lines that fit nothing continue the message before or are `broken_record`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from curation.sources.chats import irc_abroad
from curation.sources.chats.message import Message, seconds
from curation.sources.chats.numeric_dates import in_order, order
from curation.sources.chats.spoken_dates import month_of

_STAMP = re.compile(
    r"[\[(]?(?:(?P<year>\d{4})[-/.]?(?P<month>\d\d)[-/.]?(?P<day>\d\d)[T _,-]{1,2}|"
    r"(?P<day2>\d{1,2})[-/.](?P<month2>\d{1,2})[-/.](?P<year2>\d{4}|\d\d)[ ,]{1,2}|"
    r"(?P<name>[^\W\d_]{3,5}\.?) +(?P<mday>\d{1,2}) (?=\d)|"
    r"(?:\w+ )?(?P<day3>\d{1,2}) (?P<name3>[A-Z][a-z]{2})[a-z]* (?P<year3>\d{4})(?:\] ?\[| ))?"
    r"(?:(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?P<half>[ \u202f]?[APap]\.?[Mm]\.?)?|"
    r"(?P<unix>1\d{9})(?=[ \t\]]))"
    r"(?:Z|(?P<zone>[+-]\d\d:?\d\d)| [A-Z]{3,4}(?=\]))?[\])]?[ \t]*"
)
_NICK = r"[^\s<>:*]{1,60}"
_TALK = re.compile(
    rf"(?:<[ @+%&~!]?(?P<angle>[^<>\n]{{1,60}}?)>[ \t]?|(?P<tab>[ @+%&~]?{_NICK})[ ]*\t|"
    rf"\t?(?P<bar>{_NICK})[ ]+[|│][ ]|(?P<colon>(?!#){_NICK}):[ \t]|"
    rf"[<>][ ](?P<bip>[^\s<>:*!]{{1,60}})(?:![^\s:]+)?:[ \t])(?P<text>.*)",
    re.DOTALL,
)
_FULL_NAME = re.compile(r"(?P<name>[^\s:*][^:*\n]{0,60}):[ \t](?P<text>.*)", re.DOTALL)  # Pidgin's
_ACTION = re.compile(
    rf"(?:\*{{1,3}}[ \t]+|\*{{3}}(?=[^\s*])|•[ \t]+|[ ]\*[ \t]|-\*-[ \t]|Action:[ ])"
    rf"[@+%&~]?(?P<nick>{_NICK}):?[ \t]+(?P<text>.*)"
)
_NOTICE = re.compile(r"-[^\s:*!]{1,60}(?::[^\s]+)?-[ \t]")
_CLIENT = re.compile(
    r"(?:\*{1,3}|•)[ \t]+(?:Now talking (?:on|in)\b|Topic (?:for|is|set)\b|Set by\b|"
    r"Channel \S+ (?:modes|created|url)|(?:Users|Modes?) (?:on|for) |"
    r"(?:Re)?join(?:ing|ed) |Attempting to |Disconnected\b|Connect(?:ing|ed)\b|"
    r"Looking up |Retrieving |Can ?not |[#&]\S+:? |You(?:'re| are) |"
    r"\[[^\]]+\] )",
    re.IGNORECASE,
)
_EVENT_WORDS = frozenset(str.split("Join Part Quit Joins Parts Quits Nick Mode Topic"))
_MARKED = re.compile(r"(?:-->|<--|-!-|---|===|\*{1,3})[ \t]")
_EVENT = re.compile(
    r"(?:-!-|-->|<--|--|==|===|\*{2,3}|\*|←|→|⇐|⇒|!|—|Topic|•|-)[ \t].*|.*\bhas (?:joined|quit|left|parted)\b.*|"
    r"(?:Joins|Parts|Quits|Join|Part|Quit):?[ \t].*"
)
_COMES_AND_GOES = re.compile(
    r"\b(?:has )?(?:joined|quit|left|parted|joins|parts|quits|Quit|kicked|now known as|mode|Joins|Parts|Quits|Mode|Nick|"
    r"sets mode|netsplit|netjoin|disconnected|connected|"
    r"entered the room|left the room|signed o(?:n|ff)|[Nn]ick change|changed nick|got netsplit|returned to)\b"
    r"|^(?:-->|<--|←|→|⇐|⇒)"
)
_STAR_EVENT = re.compile(  # behind one star stands also what people do: `* ada quit smoking`
    r"[^\w\s]*(?:\S+ [(\[]?[^\s@]+@[^\s@]+|(?:Joins|Parts|Quits):? |"
    r"\S+ (?:(?:has |is )?(?:joined|left|parted|quits?|joins|parts|disconnected|connected|reconnected)(?: (?:IRC|irc|"
    r"the (?:channel|room|chat|server)))?[.!]?(?: *\Z| [#&(\[])|"
    r"(?:is |are )?now known as |sets? (?:channel )?mode|(?:was|has been|has) kicked|kicked \S+ (?:from|off) [#&]|"
    r"(?:has )?(?:changed|changes|set|sets) (?:the )?(?:channel )?topic|changed nick|"
    r"(?:gives|removes) (?:channel |half-?|voice|operator)|(?:has )?returned to [#&]|(?:has )?signed o(?:n|ff)\b|got netsplit|"
    r"(?:entered|left) the room\b))",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?:---|\*{4}|#|=+|Session (?:Start|Time|Ident|Close)\b:?|\[?log(?:ging)? (?:opened|closed|started|begun)\b).*|\*{4} "
    r"(?:BEGIN|ENDING) LOGGING.*|"
    r"\[?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? .*\d{4}\]?\s*", re.IGNORECASE
)  # fmt: skip
_MONTHS = {name: number for number, name in enumerate(str.split("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
_LONG_DATE = re.compile(
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* +(\d{1,2}),?(?: +\d\d:\d\d(?::\d\d)?)?(?: +\w{3,4})? +(\d{4})|"
    r"(\d{1,2}) ?([A-Z][a-z]{2})[a-z]* ?(\d{4})|(?<!\d)(\d{4})(?:[-/._](\d\d)[-/._](\d\d)|(\d\d)(\d\d))(?!\d)"
)
_RIGHT = re.compile(r"[ \t]{2,}(\[\d{1,2}:\d\d(?::\d\d)?\])[ \t]*\Z|\t(\[\d{1,2}:\d\d(?::\d\d)?\])[ \t]*\Z")  # ERC's
_COLOURS = re.compile("\x03(?:\\d{1,2}(?:,\\d{1,2})?)?|[\x02\x0f\x11\x16\x1d\x1f]")
_BLOCK = re.compile(r"(?P<time>\d{9,10})\n(?P<nick>[^\n]{1,60})\n(?P<text>.*?)(?=\n\n\d{9,10}\n[^\n]{1,60}\n|\n*\Z)", re.DOTALL)
_BLOCK_START = re.compile(r"\A\s*\d{9,10}\n\S[^\n]{0,59}\n(?:[^\n]+\n|\n+\d{9,10}\n\S)")


def is_log(text: str) -> bool:
    """Whether most of the first lines look like a log: a time, then a nick in brackets or an event."""
    if _BLOCK_START.match(text):
        return True
    lines = [line for line in _COLOURS.sub("", text[:20_000]).split("\n")[:200] if line.strip()]
    lines = [line for line in lines if not _DAY.fullmatch(line.strip()) or _STAMP.match(line)] or lines
    stamped = nicks = timed = marked = 0
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
        marked += stamp is None and not is_fitting and _MARKED.match(line) is not None
    if 10 * timed >= 6 * len(lines) and 5 * nicks >= len(lines) > 0:
        return True  # events worded in any way, between people who talk
    if nicks >= 2:
        stamped += marked  # "--> ada has joined", of clients that stamp no line, or only what is said
    return bool(lines) and 10 * stamped >= 6 * len(lines) and (nicks > 0 or timed > 0) and (timed > 0 or nicks >= 2)


def _fits_event(rest: str) -> bool:
    return _EVENT.match(rest) is not None or _ACTION.match(rest) is not None


def messages(text: str, day: date | None) -> list[Message]:
    """All lines in order. Days come from the lines, from day marks, from `day`, and from clocks that run backwards."""
    text = text.replace("\r\n", "\n")
    if _BLOCK_START.match(text):
        return _blocks(text)
    has_full_names = text.lstrip().startswith("Conversation with ")
    reader = _Reader(day, _order(text), irc_abroad.phrases(text), has_full_names=has_full_names)
    for number, line in enumerate(_COLOURS.sub("", text).split("\n"), 1):
        reader.line(number, line)
    nicks = {message.author for message in reader.found if message.author}
    return [_with_addressee(message, nicks) for message in reader.found]


def _order(text: str) -> str:
    """Of dates in numbers alone, which few clients write: told from the first lines."""
    stamps = [_STAMP.match(line) for line in text[:200_000].split("\n", 20)[:20]]
    if not any(stamp and stamp["year2"] for stamp in stamps):
        return "dmy"
    found = [stamp for line in text.split("\n") if (stamp := _STAMP.match(line)) and stamp["year2"]]
    dates = [(int(stamp["day2"]), int(stamp["month2"]), int(stamp["year2"])) for stamp in found]
    return order(dates, is_year_first=False, prefers_month=bool(found[0]["half"]) and "/" in found[0][0])


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

    def __init__(self, day: date | None, order_of_dates: str, phrases: frozenset[str], *, has_full_names: bool) -> None:
        self.day = day
        self.order = order_of_dates
        self.has_full_names, self.phrases = has_full_names, phrases
        self.last: datetime | None = None
        self.found: list[Message] = []

    def line(self, number: int, line: str) -> None:
        if not line.strip():
            return
        stamp = _STAMP.match(line)
        rest = line[stamp.end() :] if stamp else line
        if stamp is None and line.rstrip().endswith("]") and (right := _RIGHT.search(line)):
            stamp, rest = _STAMP.match(right[1] or right[2]), line[: right.start()]
        is_day = _DAY.fullmatch(line.strip()) is not None or (self.has_full_names and line.startswith("Conversation with "))
        if stamp is None and is_day and not line.startswith("<"):
            self._new_day(line)
            reason = "join" if line.startswith("=== ") and _COMES_AND_GOES.search(line) else "service"
            self.found.append(Message(f"L{number}", "", "", self.last, reason=reason))
            return
        time = self._time(stamp) if stamp else None
        if stamp and rest.startswith(("--- ", "{Day changed")) and date_in(rest):
            self._new_day(rest)
        self.found.append(self._message(f"L{number}", rest.rstrip("\n"), time, stamp is not None))

    def _message(self, place: str, rest: str, time: datetime | None, is_stamped: bool) -> Message:
        said = self._said(rest, is_stamped)
        if said is not None:
            return Message(place, said[0], said[1].strip(), time)
        action = _ACTION.match(rest)
        comes = _COMES_AND_GOES.search(rest) is not None or (action is not None and self._abroad(action) == "join")
        if (is_stamped or _EVENT.match(rest)) and comes:
            return Message(place, "", "", time, reason="join")
        if is_stamped or _MARKED.match(rest):
            return Message(place, "", "", time, reason="service")
        if self.has_full_names and self.found and not self.found[-1].reason:  # Pidgin keeps the lines of a message
            before = self.found.pop()
            return before._replace(text=f"{before.text}\n{rest}")
        return Message(place, "", "", time, reason="broken_record")

    def _said(self, rest: str, is_stamped: bool) -> tuple[str, str] | None:
        """(nick, text) of what somebody says or does; None for lines of the client and the server."""
        if _NOTICE.match(rest) or _CLIENT.match(rest):
            return None
        is_event = _EVENT.match(rest) is not None and _COMES_AND_GOES.search(rest) is not None
        action = _ACTION.match(rest)
        if action and not rest.startswith(("**", "-->", "<--")):
            is_event = _STAR_EVENT.match(rest, action.start("nick")) is not None or self._abroad(action) != ""
        if action and rest.startswith("Action: ") and is_stamped:
            return action["nick"], action["text"]
        talk = _FULL_NAME.match(rest) if self.has_full_names and is_stamped else None
        if talk:
            is_said = not _COMES_AND_GOES.search(talk["name"]) and not talk["name"].startswith("The topic for")
            return (talk["name"].strip(), talk["text"]) if is_said else None
        talk = _TALK.match(rest)
        nick = next((talk[name] for name in ("angle", "tab", "bar", "colon", "bip") if talk[name]), "").strip() if talk else ""
        if talk and (is_stamped or talk["angle"]) and not (nick == "*" or re.fullmatch(r"[-=*<>!]+", nick)):
            return (nick.lstrip("@+%&~") or nick, talk["text"]) if nick not in _EVENT_WORDS or not is_event else None
        if not action or is_event or (talk and nick) or rest.startswith(("*** ", "***\t")):
            return None
        return action["nick"], action["text"]

    def _abroad(self, action: re.Match[str]) -> str:
        return irc_abroad.reason(action.string[action.start("nick") :], self.phrases)

    def _new_day(self, line: str) -> None:
        self.day = date_in(line) or self.day

    def _time(self, stamp: re.Match[str]) -> datetime | None:
        if stamp["unix"]:
            self.last = seconds(stamp["unix"])
            return self.last
        try:
            has_date = self._dated(stamp)
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
        if stamp["zone"] and has_date:
            digits = stamp["zone"].replace(":", "")
            time -= timedelta(hours=int(digits[:3]), minutes=int(digits[0] + digits[3:]))
        if self.last and time < self.last - timedelta(hours=12) and not has_date:
            self.day = (time + timedelta(days=1)).date()
            time += timedelta(days=1)
        self.last = time
        return time

    def _dated(self, stamp: re.Match[str]) -> bool:
        """Takes the day from a stamp that tells it."""
        if stamp["year"]:
            self.day = date(int(stamp["year"]), int(stamp["month"]), int(stamp["day"]))
        elif stamp["year2"]:
            self.day = in_order((int(stamp["day2"]), int(stamp["month2"]), int(stamp["year2"])), self.order).date()
        elif stamp["year3"]:
            self.day = date(int(stamp["year3"]), _MONTHS.get(stamp["name3"].lower(), 0), int(stamp["day3"]))
        elif stamp["name"] and self.day:
            self.day = date(self.day.year, month_of(stamp["name"]), int(stamp["mday"]))
        return bool(stamp["year"] or stamp["year2"] or stamp["year3"] or stamp["name"])


def date_in(text: str) -> date | None:
    """A date in a day mark or in a file name."""
    for match in _LONG_DATE.finditer(text):
        try:
            if match[1]:
                return date(int(match[3]), _MONTHS[match[1].lower()], int(match[2]))
            if match[4]:
                return date(int(match[6]), _MONTHS[match[5].lower()], int(match[4]))
            return date(int(match[7]), int(match[8] or match[10]), int(match[9] or match[11]))
        except (KeyError, ValueError):
            continue
    return None
