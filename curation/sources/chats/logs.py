"""Chats as plain text (WhatsApp, Discord, Element, IRC, transcripts, ChatML), told by their first lines, a segment at a time.

In: a Member, perhaps a Part. Out: a Channel a segment: a log of any size takes the memory of one segment (segments.py), and
a conversation that runs over the border of two is cut there, whether the log is read whole or by parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from curation.source import Part
from curation.sources.chats import discord_text, element, irc, phone_logs, transcript, turn_marks, whatsapp
from curation.sources.chats.message import ROLES, Channel, Message
from curation.sources.encoding import decode
from curation.sources.members import Member
from curation.sources.segments import Segment, segments


def is_log(member: Member) -> bool:
    return turn_marks.is_marked(decode(member.head).text) or _reader_of(member) is not None


def log_channels(member: Member, part: Part | None) -> Iterator[Channel]:
    if turn_marks.is_marked(decode(member.head).text):
        for segment in segments(member.open(), part):
            yield from _marked(segment)
        return
    read = _reader_of(member)
    if read is None:
        return
    for segment in segments(member.open(), part):
        yield read(segment, member)


def _reader_of(member: Member) -> Callable[[Segment, Member], Channel] | None:
    sample = decode(member.head).text
    if discord_text.is_chat(sample):
        return _discord
    if whatsapp.is_chat(sample):
        return _whatsapp
    if element.is_text(sample):
        return _element
    if phone_logs.is_log(sample):
        return _phone
    if irc.is_log(sample):
        return _irc
    return _transcript if transcript.is_transcript(sample) else None


def _whatsapp(segment: Segment, member: Member) -> Channel:
    found = whatsapp.messages(segment.text)
    rest = whatsapp.continuation(segment.text) if segment.start else ""
    if rest:  # of the message that the segment before this one begins
        found.insert(0, Message("0", "", rest))
    return Channel("", _placed(found, segment))


def _discord(segment: Segment, member: Member) -> Channel:
    found = discord_text.messages(segment.text)
    rest = discord_text.continuation(segment.text) if segment.start else ""
    if rest:
        found.insert(0, Message("0", "", rest))
    return Channel("", _placed(found, segment))


def _element(segment: Segment, member: Member) -> Channel:
    found = element.messages(segment.text)
    first = element.first_stamp(segment.text)
    if segment.start and segment.text[:first].strip():
        found.insert(0, Message("0", "", segment.text[:first].strip()))
    return Channel("", _placed(found, segment))


def _phone(segment: Segment, member: Member) -> Channel:
    return Channel("", _placed(phone_logs.messages(segment.text, irc.date_in(member.name)), segment))


def _irc(segment: Segment, member: Member) -> Channel:
    day = irc.date_in(member.name) if not segment.start else None
    return Channel("", _placed(irc.messages(segment.text, day), segment), spans_files=segment.is_whole)


def _transcript(segment: Segment, member: Member) -> Channel:
    found = _placed(transcript.messages(segment.text), segment)
    return Channel("", found, is_whole=segment.is_whole and all(message.author.lower() in ROLES for message in found))


def _marked(segment: Segment) -> Iterator[Channel]:
    """A conversation each; what stands before the first mark of a segment ends the turn before it."""
    start = turn_marks.first_mark(segment.text) if segment.start else 0
    if segment.text[:start].strip():
        yield Channel(f"{segment.start}", _placed([Message("0", "", turn_marks.without_marks(segment.text[:start]))], segment))
    for number, said in enumerate(turn_marks.conversations(segment.text[start:]), 1):
        placed = (
            [each._replace(place=f"{number}.{each.place}") for each in said] if segment.start or not segment.is_whole else said
        )
        yield Channel(f"{segment.start}.{number}", _placed(placed, segment), is_whole=True)


def _placed(messages: list[Message], segment: Segment) -> list[Message]:
    """Places count within their segment, which a large log has several of."""
    place = "" if segment.is_whole else f"byte {segment.start}."
    if not place and not segment.note:
        return messages
    return [message._replace(place=f"{place}{message.place}", note=segment.note) for message in messages]
