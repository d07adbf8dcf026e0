"""Tweets: Twitter's archive of an account (X's) and lists of its interface; direct messages of the archive.

In: a Member (`tweets.js`, JSON behind `window.YTD.tweets.part0 =`), or a value. Out: tweets, a thread where one answers another
of the same file, each other alone; a Channel for each conversation of direct messages. What was passed on (`RT @ada: …`) is
`repost`, withdrawn tweets are `deleted`, who joins or leaves a group is `join`. People of direct messages are numbers but for
the owner (account.js); links are told in full. Files of anything else (followers, advertisements, likes) are `metadata`.
Reference: data/README.txt of an archive; https://developer.x.com/en/docs/x-api/v1/data-dictionary/object-model/tweet.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any, BinaryIO, cast

from curation.sources.chats.message import WHOLE, Channel, Message, Piece, dict_of, key_of, list_of, moment, one_line, text_of
from curation.sources.members import Member

People = dict[str, tuple[str, ...]]
OWNER = "\0owner"  # under this number the owner stands a second time
_SCRIPT = re.compile(rb"\s*(?:window\.(?:YTD\.(\w+)\.part\d+|__\w+)|Grailbird\.data\.(\w+))\s*=\s*(?=[\[{])")
_READ = re.compile(rb"(?:note_?|community_?)?tweets?(?:_\d{4}_\d\d)?|direct_messages?(?:_group)?")
_REPOST = re.compile(r"RT @\w{1,30}: ")
_CREATED = re.compile(r"\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) \+0000 (\d{4})")
_MONTHS = str.split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
_EVENTS = {
    "reactionCreate": "reaction",
    "joinConversation": "join",
    "participantsJoin": "join",
    "participantsLeave": "join",
    "conversationNameUpdate": "service",
}


def is_script(head: bytes) -> bool:
    return _SCRIPT.match(head[:1000]) is not None


def is_metadata(head: bytes) -> bool:
    """Whether the file says anything but tweets and direct messages."""
    found = _SCRIPT.match(head[:1000])
    return found is not None and _READ.fullmatch(found[1] or found[2] or b"") is None


def without_script(data: bytes) -> bytes:
    found = _SCRIPT.match(data[:1000])
    return data[found.end() :] if found else data


def bare(member: Member) -> Member:
    """The member with blanks for the assignment before its JSON; any other member as it is."""
    found = _SCRIPT.match(member.head[:1000])
    if found is None:
        return member
    size = found.end()
    head = b" " * size + member.head[size:]
    return replace(member, head=head, open=lambda: cast(BinaryIO, io.BufferedReader(_Blanked(member.open(), size))))


class _Blanked(io.RawIOBase):
    """A stream whose first `size` bytes are blanks; it seeks as the stream below does."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._size, self._at = stream, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._at = self._stream.seek(offset, whence)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        blanks = max(0, min(self._size - self._at, len(data)))
        buffer[: len(data)] = b" " * blanks + data[blanks:]
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def people_of(value: Any) -> People:
    """The owner's names by their number and by OWNER, from account.js."""
    account = next((dict_of(each.get("account")) for each in list_of(value) if isinstance(each, dict)), {})
    names = tuple(filter(None, (one_line(account.get("accountDisplayName")), one_line(account.get("username")))))
    number = one_line(account.get("accountId"))
    return {number: names, OWNER: (*names, number)} if names and number else {}


def is_archive(value: Any) -> bool:
    rows = [each for each in list_of(value)[:20] if isinstance(each, dict)]
    return any(_tweet(each) or isinstance(each.get("dmConversation"), dict) for each in rows)


def channels(value: list[Any], known: People, piece: Piece = WHOLE) -> Iterator[Channel]:
    tweets: list[Message] = []
    roots: dict[str, str] = {} if piece.memory is None else piece.memory.setdefault("roots", {})
    rows = sorted(enumerate(value), key=lambda row: _number(row[1]))
    for index, each in rows:
        talk = dict_of(dict_of(each).get("dmConversation"))
        if talk:
            yield _talk(talk, known)
        else:
            tweets.append(_said(each, piece.of(index), known, roots))
    if tweets:
        yield Channel("", tweets)


def _number(value: Any) -> int:
    number = one_line(_tweet(value).get("id_str"))
    return int(number) if number.isdecimal() and len(number) < 30 else 0


def _tweet(value: Any) -> dict[str, Any]:
    """The tweet in a row of any age; nothing where the row is none."""
    row = dict_of(value)
    note = dict_of(row.get("noteTweet"))
    if note:
        core = dict_of(note.get("core"))
        mentions = [{"screen_name": dict_of(each).get("screenName")} for each in list_of(core.get("mentions"))]
        urls = [
            {"url": dict_of(each).get("shortUrl"), "expanded_url": dict_of(each).get("expandedUrl")}
            for each in list_of(core.get("urls"))
        ]
        about = {"id_str": note.get("noteTweetId"), "created_at": note.get("createdAt"), "full_text": core.get("text")}
        return {**about, "entities": {"user_mentions": mentions, "urls": urls}}
    tweet = dict_of(row.get("tweet")) or row
    return tweet if "created_at" in tweet and ("full_text" in tweet or {"id_str", "text", "entities"} <= tweet.keys()) else {}


def _said(value: Any, place: str, known: People, roots: dict[str, str]) -> Message:
    tweet = _tweet(value)
    if not tweet:
        return Message(place, "", "", reason="broken_record")
    number = one_line(tweet.get("id_str")) or place
    answered = one_line(tweet.get("in_reply_to_status_id_str") or tweet.get("in_reply_to_status_id"))
    roots[number] = roots.get(answered, number)
    user = dict_of(tweet.get("user"))
    author = tuple(filter(None, map(one_line, (user.get("name"), user.get("screen_name"))))) or known.get(OWNER, ("",))
    text, has_media = _text(tweet)
    mentioned = [dict_of(each) for each in list_of(dict_of(tweet.get("entities")).get("user_mentions"))]
    names = [one_line(each.get(key)) for each in mentioned for key in ("screen_name", "name")]
    names += [one_line(tweet.get("in_reply_to_screen_name"))]
    if tweet.get("deleted_at"):
        reason = "deleted"
    elif _REPOST.match(text) or isinstance(tweet.get("retweeted_status"), dict):
        reason = "repost"
    else:
        reason = "" if text else "media" if has_media else "empty"
    return Message(
        number, author[0], text, _time(tweet.get("created_at")), roots[number], (*author[1:], *filter(None, names)), reason
    )


def _text(tweet: dict[str, Any]) -> tuple[str, bool]:
    """(the words with links in full and without those to pictures, whether there are pictures)"""
    text = unescape(text_of(tweet.get("full_text")) or text_of(tweet.get("text")))
    entities = dict_of(tweet.get("entities"))
    pictures = [*list_of(entities.get("media")), *list_of(dict_of(tweet.get("extended_entities")).get("media"))]
    for each in list_of(entities.get("urls")):
        text = _replaced(text, dict_of(each).get("url"), text_of(dict_of(each).get("expanded_url")))
    for each in pictures:
        text = _replaced(text, dict_of(each).get("url"), "")
    return text.strip(), bool(pictures)


def _replaced(text: str, link: Any, by: str) -> str:
    return text.replace(link, by) if isinstance(link, str) and link.startswith("http") else text


def _time(value: Any) -> datetime | None:
    created = _CREATED.fullmatch(text_of(value))
    if created is None or created[1] not in _MONTHS:
        return moment(text_of(value).replace(" +0000", "+00:00"))
    day, hour, minute, second, year = (int(created[group]) for group in (2, 3, 4, 5, 6))
    try:
        return datetime(year, _MONTHS.index(created[1]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _talk(value: dict[str, Any], known: People) -> Channel:
    key = key_of(one_line(value.get("conversationId")))
    said = [_direct(each, f"{key}.{index}", known) for index, each in enumerate(list_of(value.get("messages")))]
    return Channel(key, sorted(said, key=lambda message: message.time.timestamp() if message.time else 0))


def _direct(value: Any, place: str, known: People) -> Message:
    kind, event = next(iter(dict_of(value).items()), ("", None))
    if not isinstance(event, dict):
        return Message(place, "", "", reason="broken_record")
    number, time = one_line(event.get("senderId") or event.get("initiatingUserId")), moment(event.get("createdAt"))
    names = known.get(number, (number,))
    text = unescape(text_of(event.get("text")))
    for each in list_of(event.get("urls")):
        text = _replaced(text, dict_of(each).get("url"), text_of(dict_of(each).get("expanded")))
    reason = _EVENTS.get(kind, "service") if kind != "messageCreate" else ""
    if not reason and event.get("mediaUrls"):
        text = re.sub(r" ?https://(?:t\.co|(?:ton\.|pic\.)?(?:twitter|x)\.com)/\S+\s*\Z", "", text)
    reason = reason or ("" if text.strip() else "media" if event.get("mediaUrls") else "empty")
    return Message(place, names[0], text.strip(), time, names=tuple(filter(None, (*names[1:], number))), reason=reason)
