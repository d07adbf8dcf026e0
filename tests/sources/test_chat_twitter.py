"""Twitter's archive: every tweet and direct message is told once or dropped with a reason, threads together, links in full."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from curation.discover_kinds import kind_of_file
from curation.sources import SOURCES, chat, splitting
from curation.sources.chats import files, json_pieces
from tests.sources import material
from tests.sources.material import make_zip
from tests.sources.reading import num_messages, read_all, write


def script(name: str, rows: list[Any]) -> str:
    return f"window.YTD.{name}.part0 = {json.dumps(rows, indent=2)}"


def tweet(number: int, text: str, answers: int = 0, **more: Any) -> dict[str, Any]:
    about: dict[str, Any] = {"id_str": str(number), "id": str(number), "full_text": text, "lang": "en", "retweeted": False}
    about["created_at"] = f"Mon Mar 01 10:{number % 60:02}:00 +0000 2021"
    if answers:
        about |= {"in_reply_to_status_id_str": str(answers), "in_reply_to_status_id": str(answers)}
    return {"tweet": {**about, "entities": {"user_mentions": [], "urls": []}, **more}}


PICTURE = {"urls": [{"url": "https://t.co/a", "expanded_url": "https://x.org/page"}], "media": [{"url": "https://t.co/b"}]}
BO = {"user_mentions": [{"screen_name": "bo_li", "name": "Bo Li"}], "urls": []}
TWEETS = [
    tweet(12, "and a second part", 11),
    tweet(11, "a thread &amp; its first part"),
    tweet(13, "the third", 12),
    tweet(14, "RT @bo_li: what Bo says"),
    tweet(15, "@bo_li so they say", 7, entities=BO, in_reply_to_screen_name="bo_li"),
    tweet(16, "see https://t.co/a https://t.co/b", entities=PICTURE),
    tweet(17, "https://t.co/b", entities=PICTURE),
    tweet(18, "gone", deleted_at="2021-03-01T11:00:00.000Z"),
    {"tweet": "x"},
]
DIRECT = [
    {
        "dmConversation": {
            "conversationId": "100-200",
            "messages": [
                {"messageCreate": {"senderId": "100", "id": "3", "text": "see https://t.co/c", "mediaUrls": [], "urls": [
                    {"url": "https://t.co/c", "expanded": "https://x.org/"}], "createdAt": "2021-03-01T10:02:00.000Z"}},
                {"reactionCreate": {"senderId": "100", "reactionKey": "like", "createdAt": "2021-03-01T10:01:30.000Z"}},
                {"messageCreate": {"senderId": "200", "id": "2", "text": "https://t.co/p", "mediaUrls": ["https://ton.twitter.com/p"],
                                   "createdAt": "2021-03-01T10:01:00.000Z"}},
                {"messageCreate": {"senderId": "200", "id": "1", "text": "hello", "createdAt": "2021-03-01T10:00:00.000Z"}},
                {"joinConversation": {"initiatingUserId": "100", "createdAt": "2021-03-01T09:00:00.000Z"}},
            ],
        }
    }
]  # fmt: skip
ACCOUNT = [{"account": {"username": "ada_lo", "accountId": "100", "accountDisplayName": "Ada Lo", "email": "ada@x.org"}}]
ARCHIVE: dict[str, str | bytes] = {
    "data/account.js": script("account", ACCOUNT),
    "data/follower.js": script("follower", [{"follower": {"accountId": "200"}}]),
    "data/like.js": script("like", [{"like": {"tweetId": "1", "fullText": "what others say"}}]),
    "data/manifest.js": 'window.__THAR_CONFIG = {"userInfo": {}}',
    "data/tweets.js": script("tweets", TWEETS),
    "data/direct-messages.js": script("direct_messages", DIRECT),
    "data/tweets_media/1.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(99),
}


@pytest.mark.parametrize("is_packed", [False, True])
def test_archive_gives_threads_single_tweets_and_talks_and_says_why_not_the_rest(tmp_path: Path, is_packed: bool) -> None:
    records, drops = read_all(chat, write(tmp_path, {"twitter.zip": make_zip(ARCHIVE)} if is_packed else ARCHIVE))
    assert sorted(record.text for record in records) == [
        "200: hello\nAda Lo: see https://x.org/",
        "Ada Lo: @bo_li so they say",
        "Ada Lo: a thread & its first part\nAda Lo: and a second part\nAda Lo: the third",
        "Ada Lo: see https://x.org/page",
    ]
    inside = sorted(drop.reason for drop in drops if "#" in drop.origin)
    assert inside == ["broken_record", "deleted", "join", "media", "media", "reaction", "repost"]
    assert sorted(drop.reason for drop in drops if "#" not in drop.origin) == ["media", *["metadata"] * 4]
    assert num_messages(records, drops) == len(TWEETS) + 5
    speakers = {name for record in records for name in record.speakers}
    assert {"Ada Lo", "ada_lo", "bo_li", "Bo Li", "200", "100"} <= speakers and all(record.revised for record in records)
    assert not any("100-200" in record.origin for record in records)


def test_tweets_without_an_account_beside_them_are_of_nobody(tmp_path: Path) -> None:
    records, _ = read_all(chat, write(tmp_path, {"tweets.js": script("tweet", [TWEETS[1]["tweet"]])}))
    assert [record.text for record in records] == ["a thread & its first part"]
    old = {"id_str": "5", "created_at": "2013-01-05 10:00:00 +0000", "text": "so long ago", "entities": {}}
    records, _ = read_all(chat, write(tmp_path / "old", {"2013_01.js": f"Grailbird.data.tweets_2013_01 = [{json.dumps(old)}]"}))
    assert [(record.text, str(record.revised)) for record in records] == [("so long ago", "2013-01-05 10:00:00+00:00")]
    note = {
        "noteTweetId": "9",
        "createdAt": "2023-03-01T10:00:00.000Z",
        "core": {"text": "a long one", "mentions": [], "urls": []},
    }
    records, _ = read_all(chat, write(tmp_path / "note", {"note-tweet.js": script("note_tweet", [{"noteTweet": note}])}))
    assert [record.text for record in records] == ["a long one"]


@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_tweets_of_the_interface_name_their_authors(tmp_path: Path, suffix: str) -> None:
    rows = [
        tweet(i, f"word {i}", i - 1 if i % 3 else 0, user={"name": f"N{i}", "screen_name": f"n_{i}"})["tweet"]
        for i in range(3, 9)
    ]
    data = json.dumps(rows) if suffix == "json" else "".join(json.dumps(row) + "\n" for row in rows)
    records, drops = read_all(chat, write(tmp_path, {f"tweets.{suffix}": data}))
    assert not drops and [record.text for record in records] == [
        "N3: word 3\nN4: word 4\nN5: word 5", "N6: word 6\nN7: word 7\nN8: word 8",
    ]  # fmt: skip
    assert "n_4" in records[0].speakers


def test_tweets_too_many_to_be_held_are_walked_and_cut_behind_the_assignment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = material.write(tmp_path, "tweets.js", script("tweets", [tweet(i, f"word {i} " * 9) for i in range(900)]))
    held = material.read_all("chat", [file])
    monkeypatch.setattr(files, "WHOLE_JSON_BYTES", 1 << 10)
    monkeypatch.setattr(json_pieces, "MESSAGES_AT_ONCE", 50)
    monkeypatch.setattr(splitting, "PART_BYTES", 1 << 16)
    assert material.read_all("chat", [file]) == held and len(held) == 900
    assert len(SOURCES["chat"].splittable(file, SOURCES["chat"].Config())) > 3
    assert material.read_by_parts("chat", file, 1 << 16) == held


def test_tweets_are_found_to_be_a_chat(tmp_path: Path) -> None:
    write(tmp_path, {"a/tweets.js": script("tweets", TWEETS), "a/app.js": "window.onload = function() {}"})
    assert kind_of_file(tmp_path / "a/tweets.js", "a/tweets.js") == ("chat", "")
    assert kind_of_file(tmp_path / "a/app.js", "a/app.js") == ("code", "")
