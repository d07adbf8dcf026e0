"""Chats that telephones and meetings save as text: LINE, KakaoTalk, Zoom, Signal (sigtop), iMessage, copies from Discord.

In: text, and the day that the file's name may tell. Out: messages; a line that opens none goes on with the message before it.
A day stands on a line of its own (LINE, KakaoTalk), in the stamp, or nowhere (Zoom). Pictures and stickers are `media`, who
comes and goes `join`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from curation.sources.chats.message import Message, one_line
from curation.sources.chats.stamps import moments

_CLOCK = r"(?:午前|午後|上午|下午|오전|오후)? ?\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?"


@dataclass(frozen=True, slots=True)
class _Format:
    """`start` opens a message: groups stamp, name, perhaps text. `day`: a line with the date of what follows."""

    sign: str  # stands in every such file; looked for first
    start: re.Pattern[str]
    day: re.Pattern[str] | None = None
    needs_day: bool = False  # whose messages alone look like those of others


_FORMATS = (
    _Format(  # LINE
        "\t",
        re.compile(rf"^(?P<stamp>{_CLOCK})\t(?P<name>[^\t\n]{{0,80}})(?:\t(?P<text>.*))?$", re.MULTILINE),
        re.compile(r"^(?P<day>\d{4}[./]\d{1,2}[./]\d{1,2}) ?(?:\(\w{1,4}\)|\w{2,9})$", re.MULTILINE),
        needs_day=True,
    ),
    _Format(  # KakaoTalk on a computer
        "] [",
        re.compile(rf"^\[(?P<name>[^\[\]\n]{{1,80}})\] \[(?P<stamp>{_CLOCK})\] (?P<text>.*)$", re.MULTILINE),
        re.compile(r"^-{5,} (?P<day>[^\n]{8,40}) -{5,}$", re.MULTILINE),
    ),
    _Format(  # KakaoTalk on a telephone
        " : ",
        re.compile(
            rf"^(?P<stamp>\d{{4}}[년.] ?\d{{1,2}}[월.] ?\d{{1,2}}[일.] {_CLOCK}|"
            rf"[A-Z][a-z]{{2,8}} \d{{1,2}}, \d{{4}}(?: at|,)? {_CLOCK}), "
            r"(?P<name>[^:\n]{1,80}) : (?P<text>.*)$",
            re.MULTILINE,
        ),
        re.compile(rf"^(?P<day>\d{{4}}년 \d{{1,2}}월 \d{{1,2}}일) {_CLOCK}$", re.MULTILINE),
    ),
    _Format(  # Zoom
        "From ",
        re.compile(
            r"^(?P<stamp>\d\d:\d\d:\d\d)[ \t]+From[ \t]+(?P<name>[^\n:]{1,80}?)"
            r"(?:[ \t]+[Tt]o[ \t]+[^\n:]{1,80}?)?[ \t]*:(?P<text>.*)$",
            re.MULTILINE,
        ),
    ),
    _Format(  # sigtop
        "\nType: ",
        re.compile(
            r"^From: (?P<name>[^\n]+)\nType: \w+\nSent: (?P<stamp>[^\n]+)\n(?:[A-Z][\w ]{1,20}: [^\n]*\n)*\n(?P<text>)",
            re.MULTILINE,
        ),
    ),
    _Format(  # imessage-exporter
        "M",
        re.compile(
            r"^(?P<stamp>[A-Z][a-z]{2} \d\d, \d{4} +\d{1,2}:\d\d:\d\d [AP]M)(?: \([^\n]*\))?\n(?P<name>[^\n]{1,80})\n(?P<text>)",
            re.MULTILINE,
        ),
    ),
    _Format(  # copied from Discord
        "—",
        re.compile(
            r"^(?P<name>[^\n]{1,40}?) — (?P<stamp>\d{1,4}[./\-]\d{1,2}[./\-]\d{2,4},? \d{1,2}:\d\d(?: ?[AP]M)?)\n(?P<text>)",
            re.MULTILINE,
        ),
    ),
)
_MEDIA = re.compile(
    r"\[(?:Photo|Sticker|Video|File|Voice message|Album|Location|Contact|写真|スタンプ|動画|"
    r"ファイル|アルバム|ボイスメッセージ|位置情報|圖片|照片|貼圖|影片|檔案|사진|스티커|동영상|파일)\]|"
    r"사진(?: \d+장)?|동영상|이모티콘|음성메시지|파일: \S+|Photo|Video|Emoticon"
)
_JOIN = re.compile(
    r".{1,60}(?:joined the (?:group|chat)|left the (?:group|chat)|が参加しました|が退出しました|加入群組|已退出群組)[.。]?"
)
_GONE = re.compile(
    r"삭제된 메시지입니다\.?|This message was deleted\.?|.{1,60} unsent a message\.?|"
    r".{0,60}メッセージの送信を取り消しました[.。]?"
)
_ENTERS = re.compile(r"^.{1,60}님(?:이|을) .{0,60}(?:들어왔습니다|나갔습니다|초대했습니다|내보냈습니다)\.?$", re.MULTILINE)
_TAPBACKS = re.compile(r"\n(?:Tapbacks|Reactions):\n.*", re.DOTALL)


def is_log(text: str) -> bool:
    return _format_of(text) is not None


def _format_of(text: str) -> _Format | None:
    """At least two messages among the first lines, and next to nothing before them."""
    head = text[:4000].removeprefix("\ufeff").replace("\r\n", "\n")
    for each in _FORMATS:
        if each.sign not in head:
            continue
        found = list(each.start.finditer(head))
        is_dated = not each.needs_day or (each.day is not None and each.day.search(head) is not None)
        if len(found) > 1 and is_dated and head[: found[0].start()].count("\n") < 12:
            return each
    return None


def messages(text: str, day: date | None) -> list[Message]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    kind = _format_of(text)
    if kind is None:
        return []
    days = [(each.start(), each["day"]) for each in kind.day.finditer(text)] if kind.day else []
    if kind.day:
        text = kind.day.sub(lambda found: "\n" * found[0].count("\n") + " " * (len(found[0]) - found[0].count("\n")), text)
    starts = list(kind.start.finditer(text))
    times = _times(starts, days, day)
    found = []
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        body = f"{start['text'] or ''}{text[start.end() : end]}"
        found += _said(str(number + 1), one_line(start["name"]), body, times[number], is_line=start["text"] is not None)
    return found


def _said(place: str, author: str, body: str, time: datetime | None, *, is_line: bool) -> list[Message]:
    """A message, and the lines behind it by which people come and go."""
    comers = [Message(f"{place}.{number}", "", "", time, reason="join") for number, _ in enumerate(_ENTERS.finditer(body), 1)]
    text = _TAPBACKS.sub("", _ENTERS.sub("", body)).replace("\n\t", "\n").strip()
    if text.startswith('"') and text.endswith('"') and "\n" in text:  # LINE quotes a message of several lines
        text = text[1:-1].replace('""', '"')
    if not is_line:  # LINE says in two columns what nobody wrote
        reason = "join" if _JOIN.fullmatch(author) else "deleted" if _GONE.fullmatch(author) else "service"
        return [Message(place, "", "", time, reason=reason), *comers]
    reason = "media" if _MEDIA.fullmatch(text) else "deleted" if _GONE.fullmatch(text) else "" if text else "empty"
    numbered = re.fullmatch(r"(.+) \((\+[\d ]+)\)", author)  # sigtop
    names = (numbered[2],) if numbered else ()
    return [
        Message(place, numbered[1] if numbered else author, "" if reason else text, time, names=names, reason=reason),
        *comers,
    ]


def _times(starts: list[re.Match[str]], days: list[tuple[int, str]], day: date | None) -> list[datetime | None]:
    stamps = []
    current, rest = day.isoformat() if day else "", list(reversed(days))
    for start in starts:
        while rest and rest[-1][0] < start.start():
            current = rest.pop()[1]
        stamp = start["stamp"]
        is_clock = re.fullmatch(_CLOCK, stamp) is not None
        stamps.append(f"{current} {stamp}" if is_clock and current else stamp)
    return moments(stamps)
