"""Names by number that a Slack export or a Twitter archive tells in a file of its own, wherever in the input that stands.

In: an Input. Out: the names; none where no such file is, or where it cannot be read: the reading proper says so.
"""

from __future__ import annotations

import re

from curation.errors import InputError
from curation.source import Input
from curation.sources import archives, compression, zipdirectory
from curation.sources.chats import slack, twitter
from curation.sources.chats.json_text import loads
from curation.sources.encoding import decode
from curation.sources.members import Member, members, tree

_PEOPLE_FILE = re.compile(r"(?:^|/)(?:org_)?users\.json$|(?:^|/)account\.js$")
MAX_PEOPLE_BYTES = 64 << 20


def people(item: Input) -> slack.People:
    """Names by user id from the users.json of a Slack export, which may stand behind the channels."""
    found: slack.People = {}
    is_packed = len(item.files) == 1 and archives.detect(_first_bytes(item)) == "zip"
    if not is_packed and not any(_PEOPLE_FILE.search(file.path) for file in item.files) and not _is_compressed(item):
        return found
    try:
        if is_packed:
            with item.files[0].real.open("rb") as stream:
                if not zipdirectory.names_hold(stream, (b"users.json", b"account.js")):
                    return found
            folder = tree(item)
            for name in filter(_PEOPLE_FILE.search, folder.names()):
                found.update(_people_in(folder.read(name, MAX_PEOPLE_BYTES)))
            return found
        for member in members(item):
            if isinstance(member, Member) and _PEOPLE_FILE.search(member.name):
                found.update(_people_in(member.read(MAX_PEOPLE_BYTES)))
    except (InputError, ValueError):
        pass  # the reading proper says what is wrong with the file
    return found


def _people_in(data: bytes) -> slack.People:
    if twitter.is_script(data):
        return twitter.people_of(loads(decode(twitter.without_script(data)).text))
    return slack.people_of(loads(decode(data).text))


def _first_bytes(item: Input) -> bytes:
    try:
        with item.files[0].real.open("rb") as stream:
            return stream.read(1024)
    except OSError:
        return b""


def _is_compressed(item: Input) -> bool:
    head = _first_bytes(item) if len(item.files) == 1 else b""
    return bool(compression.detect(head) or archives.detect(head))
