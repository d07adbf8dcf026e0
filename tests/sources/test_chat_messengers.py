"""Exports of messengers: who said what, what is dropped and why, and that every message is accounted for."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from curation.sources import chat
from tests.sources.reading import num_messages, read_all, write


def slack_message(ts: str, user: str, text: str, **more: object) -> dict[str, object]:
    return {"type": "message", "ts": ts, "user": user, "text": text, **more}


SLACK = {
    "users.json": json.dumps(
        [{"id": "U01", "name": "ada", "profile": {"real_name": "Ada Quill", "display_name": "ada"}},
         {"id": "U02", "name": "bo", "profile": {"real_name": "Bo Larch", "display_name": ""}}]
    ),
    "channels.json": json.dumps([{"id": "C1", "name": "general", "members": ["U01"], "creator": "U01"}]),
    "general/2021-03-01.json": json.dumps(
        [
            slack_message("1614600000.000100", "U01", "Has <@U02> seen <https://example.org/a|the page> &amp; the rest?"),
            slack_message("1614600060.000200", "U02", "Yes."),
            slack_message("1614600100.000300", "U01", "A question", thread_ts="1614600100.000300", reply_count=1),
            slack_message("1614600120.000400", "U02", "<@U02> has joined the channel", subtype="channel_join"),
            slack_message("1614600130.000500", "U09", "ping", subtype="bot_message", bot_id="B1"),
            slack_message("1614600140.000600", "U01", "", files=[{"id": "F1"}]),
        ]
    ),
    "general/2021-03-02.json": json.dumps([slack_message("1614690000.000700", "U02", "An answer",
    thread_ts="1614600100.000300")]),
}  # fmt: skip


def test_slack_folder_gives_threads_over_days_and_channel_talk_with_names(tmp_path: Path) -> None:
    records, drops = read_all(chat, write(tmp_path, {f"export/{name}": text for name, text in SLACK.items()}))
    talk, thread = sorted(records, key=lambda record: record.work)
    assert thread.text == "ada: A question\nBo Larch: An answer" or talk.text == "ada: A question\nBo Larch: An answer"
    texts = {record.text for record in records}
    assert "ada: Has @Bo Larch seen the page & the rest?\nBo Larch: Yes." in texts
    assert {"ada", "Ada Quill", "U01", "Bo Larch", "bo", "U02"} <= set(talk.speakers) | set(thread.speakers)
    assert sorted(drop.reason for drop in drops) == ["bot", "join", "media", "metadata", "metadata"]
    assert num_messages(records, drops) == 7


def test_slack_zip_reads_as_the_folder_does(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in SLACK.items():
            archive.writestr(name, text)
    folder, _ = read_all(chat, write(tmp_path / "a", {f"export/{name}": text for name, text in SLACK.items()}))
    zipped, _ = read_all(chat, write(tmp_path / "b", {"export.zip": packed.getvalue()}))
    assert [record.text for record in zipped] == [record.text for record in folder]


def test_discord_export_names_people_by_nickname_and_drops_bots_joins_and_pictures(tmp_path: Path) -> None:
    ada = {"id": "1", "name": "ada_q", "nickname": "Ada", "isBot": False}
    export = {
        "guild": {"name": "Club"},
        "channel": {"id": "9", "category": "Text", "name": "talk"},
        "messages": [
            {"id": "10", "type": "Default", "timestamp": "2021-03-01T10:00:00+00:00", "content": "Hi <@2> <:wave:77>",
            "author": ada,
             "mentions": [{"id": "2", "name": "bo", "nickname": "Bo"}]},
            {"id": "11", "type": "GuildMemberJoin", "timestamp": "2021-03-01T10:01:00+00:00", "content": "Joined.",
            "author": ada},
            {"id": "12", "type": "Default", "timestamp": "2021-03-01T10:02:00+00:00", "content": "beep", "author": {"id": "3",
            "name": "b", "isBot": True}},
            {"id": "13", "type": "Default", "timestamp": "2021-03-01T10:03:00+00:00", "content": "", "attachments": [{}],
            "author": ada},
            {"id": "14", "type": "Reply", "timestamp": "2021-03-01T20:03:00+00:00", "content": "Later", "author": ada},
        ],
    }  # fmt: skip
    records, drops = read_all(chat, write(tmp_path, {"talk.json": json.dumps(export)}))
    assert [record.text for record in records] == ["Ada: Hi @Bo :wave:", "Ada: Later"]
    assert {"Ada", "ada_q", "Bo", "bo"} <= set(records[0].speakers)
    assert sorted(drop.reason for drop in drops) == ["bot", "join", "media"]


def test_telegram_export_flattens_entities_and_drops_service_lines(tmp_path: Path) -> None:
    export = {
        "name": "Group", "type": "private_group", "id": 5,
        "messages": [
            {"id": 1, "type": "service", "date": "2021-03-01T10:00:00", "date_unixtime": "1614592800", "actor": "Ada",
            "action": "invite_members", "text": ""},
            {"id": 2, "type": "message", "date_unixtime": "1614592860", "from": "Ada", "from_id": "user7", "text": ["See ",
            {"type": "link", "text": "example.org"}, "!"]},
            {"id": 3, "type": "message", "date_unixtime": "1614592900", "from": "Bo", "from_id": "user8", "text": "",
            "photo": "p.jpg"},
        ],
    }  # fmt: skip
    records, drops = read_all(chat, write(tmp_path, {"result.json": json.dumps(export)}))
    assert [record.text for record in records] == ["Ada: See example.org!"]
    assert [drop.reason for drop in drops] == ["join", "media"]
    assert records[0].revised is not None and records[0].revised.isoformat() == "2021-03-01T10:01:00+00:00"


def test_telegram_list_of_a_channel_needs_no_names(tmp_path: Path) -> None:
    posts = [
        {"message_id": n, "date": f"2021-03-0{n}T10:00:00+00:00", "text": f"Post {n}", "sender_id": -100123, "channel": "News"}
        for n in (1, 2)
    ]
    records, _ = read_all(chat, write(tmp_path, {"100_messages.json": json.dumps(posts)}))
    assert [record.text for record in records] == ["Post 1", "Post 2"]


def test_messenger_export_is_turned_round_and_its_letters_repaired(tmp_path: Path) -> None:
    export = {
        "participants": [{"name": "Zo\u00c3\u00ab"}, {"name": "Bo"}],
        "messages": [
            {"sender_name": "Bo", "timestamp_ms": 1614600120000, "content": "Reacted \u00f0\u009f\u0091\u008d to your message "},
            {"sender_name": "Bo", "timestamp_ms": 1614600060000, "content": "Za\u00c5\u00bc\u00c3\u00b3\u00c5\u0082\u00c4\u0087"},
            {"sender_name": "Zo\u00c3\u00ab", "timestamp_ms": 1614600000000, "content": "Hello"},
        ],
        "title": "Zo\u00c3\u00ab",
    }
    records, drops = read_all(chat, write(tmp_path, {"inbox/zoe_1/message_1.json": json.dumps(export)}))
    assert records[0].text == "Zoë: Hello\nBo: Zażółć"
    assert [drop.reason for drop in drops] == ["reaction"]


def test_messenger_hands_on_participants_who_say_nothing(tmp_path: Path) -> None:
    export = {
        "participants": [{"name": "Zoë"}, {"name": "Bo"}, {"name": "Silent Sam"}],
        "messages": [{"sender_name": "Bo", "timestamp_ms": 1614600060000, "content": "Where is Silent Sam?"}],
    }
    (record,), _ = read_all(chat, write(tmp_path, {"inbox/group_1/message_1.json": json.dumps(export)}))
    assert {"Zoë", "Bo", "Silent Sam"} <= set(record.speakers)


def test_google_chat_export_joins_topics_and_drops_the_deleted(tmp_path: Path) -> None:
    def message(number: int, topic: str, text: str, **more: object) -> dict[str, object]:
        creator = {"name": "Ada", "email": "ada@example.org", "user_type": "Human"}
        date = f"Monday, March 1, 2021 at 10:0{number}:00\u202fAM UTC"
        return {
            "creator": creator,
            "created_date": date,
            "text": text,
            "topic_id": topic,
            "message_id": f"s/{topic}/{number}",
            **more,
        }

    export = {
        "messages": [
            message(1, "t1", "One"),
            message(2, "t2", "Aside"),
            message(3, "t1", "Two"),
            message(4, "t3", "", message_state="DELETED"),
        ]
    }
    files = {
        "Groups/DM 1/messages.json": json.dumps(export),
        "Groups/DM 1/group_info.json": json.dumps({"members": [{"name": "Ada"}]}),
    }
    records, drops = read_all(chat, write(tmp_path, files))
    assert sorted(record.text for record in records) == ["Ada: Aside", "Ada: One\nAda: Two"]
    assert sorted(drop.reason for drop in drops) == ["deleted", "metadata"]
    assert "ada@example.org" in records[0].speakers


def test_matrix_export_applies_edits_and_knows_display_names(tmp_path: Path) -> None:
    def event(number: int, kind: str, content: dict[str, object], **more: object) -> dict[str, object]:
        return {
            "type": kind,
            "sender": "@ada:example.org",
            "origin_server_ts": 1614600000000 + number,
            "event_id": f"${number}",
            "content": content,
            **more,
        }

    edited = {
        "msgtype": "m.text",
        "body": "* new",
        "m.new_content": {"body": "New words"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$2"},
    }
    events = [
        event(1, "m.room.member", {"displayname": "Ada Q", "membership": "join"}, state_key="@ada:example.org"),
        event(2, "m.room.message", {"msgtype": "m.text", "body": "Old words"}),
        event(3, "m.room.message", edited),
        event(4, "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "key": "+"}}),
        event(5, "m.room.message", {"msgtype": "m.text", "body": "> <@bo:x> quoted\n\nMine"}),
        event(6, "m.room.encrypted", {"ciphertext": "x"}),
    ]
    records, drops = read_all(chat, write(tmp_path, {"room.json": json.dumps({"room_name": "Room", "messages": events})}))
    assert [record.text for record in records] == ["Ada Q: New words\nAda Q: Mine"]
    assert sorted(drop.reason for drop in drops) == ["edit", "encrypted", "join", "reaction"]


def test_cut_json_export_keeps_what_stands_before_the_cut(tmp_path: Path) -> None:
    whole = json.dumps({"name": "G", "type": "private_group", "id": 5, "messages": [
        {"id": n, "type": "message", "date_unixtime": str(1614592800 + n), "from": "Ada",
        "text": f"line {n}"} for n in range(20)]})  # fmt: skip
    records, drops = read_all(chat, write(tmp_path, {"result.json": whole[: len(whole) * 3 // 4]}))
    assert records[0].text.startswith("Ada: line 0\nAda: line 1\n")
    assert [drop.reason for drop in drops] == ["truncated"]
