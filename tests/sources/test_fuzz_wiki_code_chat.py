"""Damaged dumps: every mutation of the fixtures is read or dropped with a known reason, and nothing else is raised."""

from __future__ import annotations

import json
import random
from pathlib import Path
from types import ModuleType

import pytest

from curation.source import READ_REASONS
from curation.sources import chat, code, web, wiki
from tests.sources import (
    test_chat_logs,
    test_chat_mail,
    test_chat_marks,
    test_chat_matrix,
    test_chat_messengers,
    test_chat_pages,
    test_chat_phone_logs,
    test_chat_polls,
    test_chat_roles,
    test_chat_topics,
    test_chat_twitter,
    test_code,
    test_parts_chats,
    test_web,
    test_wiki_export,
)
from tests.sources.reading import read_all, write

NUM_MUTATIONS = 25
FIXTURES: list[tuple[str, ModuleType, str, bytes]] = [
    ("export", wiki, "w.xml", test_wiki_export.export(*test_wiki_export.PAGES).encode()),
    ("zip", code, "tool.zip", test_code.packed_zip("tool/")),
    ("tar", code, "tool.tar.gz", test_code.packed_tar("tool/")),
    ("feed", web, "blog.xml", test_web.wordpress(*(test_web.wordpress_item(i, "<p>One</p>") for i in range(3))).encode()),
    *[(f"marks-{name}", chat, "set.txt", text.encode()) for name, text in test_chat_marks.MARKED.items()],
    ("notebook", code, "n/a.ipynb", json.dumps(test_code.NOTEBOOK).encode()),
    ("mbox", chat, "list.txt", test_chat_mail.MBOX.encode()),
    ("page", chat, "2021-March/000001.html", test_chat_mail.PIPERMAIL.encode()),
    ("whatsapp", chat, "chat.txt", test_chat_logs.IOS.encode()),
    ("slack", chat, "general/2021-03-01.json", test_chat_messengers.SLACK["general/2021-03-01.json"].encode()),
    ("discord-text", chat, "g.txt", test_chat_pages.DISCORD_TEXT.encode()),
    ("discord-page", chat, "g.html", test_chat_pages.DISCORD_PAGE.encode()),
    ("telegram-page", chat, "messages.html", test_chat_pages.TELEGRAM_PAGE.encode()),
    ("meta-page", chat, "message_1.html", test_chat_pages.META_NEW.encode()),
    ("pidgin-page", chat, "bo.html", test_chat_pages.PIDGIN_PAGE.encode()),
    ("adium", chat, "bo.chatlog", test_chat_pages.ADIUM.encode()),
    ("tweets", chat, "tweets.js", test_chat_twitter.script("tweets", test_chat_twitter.TWEETS).encode()),
    ("direct", chat, "direct-messages.js", test_chat_twitter.script("direct_messages", test_chat_twitter.DIRECT).encode()),
    ("poll", chat, "chat.txt", test_chat_polls.POLLS["ios"].encode()),
    ("forum", chat, "result.json", json.dumps(test_chat_topics.forum(40)).encode()),
    ("sync", chat, "sync.json", json.dumps(test_chat_matrix.SYNC).encode()),
    ("sms", chat, "sms.xml", test_chat_pages.SMS.encode()),
    *[(f"phone-{name}", chat, "chat.txt", text.encode()) for name, text in test_chat_phone_logs.LOGS.items()],
    *[(f"server-{name}", chat, "m.json", json.dumps(value).encode()) for name, value in test_chat_phone_logs.SERVERS.items()],
    *[(f"irc-{name}", chat, "2021-03-01.log", text.encode()) for name, text in test_chat_logs.IRC.items()],
    *[(f"roles-{name}", chat, "set.json", json.dumps(value).encode()) for name, value in test_chat_roles.SHAPES.items()],
]
SCRAPS = [
    b"\0",
    b"\xff\xfe",
    b"{",
    b"]",
    b'"',
    b"\n\n",
    b"<page>",
    b"</page>",
    b"From x 10:00 2021\nA: b\n",
    b"null",
    b"-1e999",
    b"\xed\xa0\x80",
]


def mutated(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 3, 10))):
        at = chance.randrange(len(data) + 1)
        length = chance.choice((1, 4, 40))
        kind = chance.randrange(5)
        if kind == 0:
            data = data[:at]
        elif kind == 1:
            data = data[:at] + data[at + length :]
        elif kind == 2:
            data = data[:at] + chance.choice(SCRAPS) + data[at:]
        elif kind == 3:
            data = data[:at] + bytes(chance.randrange(256) for _ in range(length)) + data[at + length :]
        else:
            data = data[:at] + data[at : at + length] * 5 + data[at:]
    return data


def swapped(value: object, chance: random.Random) -> object:
    """JSON of the same shape with values of another type here and there."""
    if chance.random() < 0.08:
        return chance.choice([None, 7, -1.5, True, "", "x", [], {}, [[]], {"text": {}}, 10**30])
    if isinstance(value, dict):
        return {key: swapped(each, chance) for key, each in value.items()}
    return [swapped(each, chance) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("source", "name", "data"), [fixture[1:] for fixture in FIXTURES], ids=[fixture[0] for fixture in FIXTURES]
)
def test_damaged_dump_is_read_or_dropped_with_a_known_reason(source: ModuleType, name: str, data: bytes, tmp_path: Path) -> None:
    known = {*source.REASONS, *READ_REASONS}
    for seed in range(NUM_MUTATIONS):
        records, drops = read_all(source, write(tmp_path / str(seed), {name: mutated(data, random.Random(seed))}))
        assert records or drops or not data
        assert {drop.reason for drop in drops} <= known


JSON_CHATS: dict[str, object] = {
    "slack": json.loads(test_chat_messengers.SLACK["general/2021-03-01.json"]),
    "tweets": test_chat_twitter.TWEETS,
    "direct": test_chat_twitter.DIRECT,
    "forum": test_chat_topics.forum(40),
    "sync": test_chat_matrix.SYNC,
    "chunk": test_chat_matrix.CHUNK,
    "hangouts": test_parts_chats.hangouts(is_old=True),
    "skype": test_parts_chats.skype(),
    **test_chat_roles.SHAPES,
}


@pytest.mark.parametrize("shape", JSON_CHATS)
def test_json_chat_with_values_of_other_types_raises_nothing(shape: str, tmp_path: Path) -> None:
    for seed in range(NUM_MUTATIONS):
        value = swapped(JSON_CHATS[shape], random.Random(seed))
        records, drops = read_all(chat, write(tmp_path / str(seed), {"x.json": json.dumps(value)}))
        assert records or drops
