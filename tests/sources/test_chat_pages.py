"""Chats that programs save as pages, XML or their own text: written after the programs' own templates."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from curation.sources import chat
from tests.sources.reading import num_messages, read_all, write

DISCORD_TEXT = """==============================================================
Guild: Salt
Channel: Text / general
Topic: all and nothing
==============================================================

[01-Mar-21 10:01 AM] ada#1234
hello there
second line

[01-Mar-21 10:02 AM] bo (pinned)
hi
[not a stamp] of anybody

{Reactions}
👍 (2)

[01-Mar-21 10:03 AM] bo

{Attachments}
https://cdn.example/x.png

[01-Mar-21 10:04 AM] carl#1
Joined the server.

==============================================================
Exported 4 message(s)
==============================================================
"""

DISCORD_PAGE = """<!DOCTYPE html><html lang=en><head><title>Salt - general</title></head><body>
<div class=preamble><div class=preamble__entries-container><div class=preamble__entry>Salt</div>
<div class=preamble__entry>Text / general</div></div></div><div class=chatlog>
<div class=chatlog__message-group><div id=chatlog__message-container-1 class=chatlog__message-container data-message-id=1>
<div class=chatlog__message><div class=chatlog__message-aside></div><div class=chatlog__message-primary>
<div class=chatlog__reply><div class=chatlog__reply-author>bo</div><div class=chatlog__reply-content>quoted</div></div>
<div class=chatlog__header><span class=chatlog__author title=ada#1234 data-user-id=77>Ada</span>
<span class=chatlog__timestamp title="Monday, March 1, 2021 10:01 AM"><a href=#1>3/1/2021 10:01 AM</a></span></div>
<div class="chatlog__content chatlog__markdown"><span class=chatlog__markdown-preserve>hello <img class=chatlog__emoji alt=😀
 title=smile> <span class="chatlog__markdown-mention" title="bo#2">@bo</span>
second line</span> <span class=chatlog__edited-timestamp title=x>(edited)</span></div>
<div class=chatlog__reactions><div class=chatlog__reaction><span
 class=chatlog__reaction-count>2</span></div></div></div></div></div>
<div id=chatlog__message-container-2 class=chatlog__message-container data-message-id=2><div class=chatlog__message>
<div class=chatlog__message-aside><div class=chatlog__short-timestamp title="Monday, March 1, 2021 10:02 AM">10:02</div></div>
<div class=chatlog__message-primary><div class="chatlog__content chatlog__markdown">
<span class=chatlog__markdown-preserve>more</span></div></div></div></div></div>
<div class=chatlog__message-group><div class=chatlog__message-container data-message-id=3><div class=chatlog__message>
<div class=chatlog__message-primary><div class=chatlog__header><span class=chatlog__author title=dog#1>Dog</span>
<span class=chatlog__author-tag>BOT</span></div><div class=chatlog__content>woof</div></div></div></div></div>
<div class=chatlog__message-group><div class=chatlog__message-container data-message-id=4><div class=chatlog__message>
<div class=chatlog__message-primary><span class=chatlog__system-notification-author title=carl>carl</span>
<span class=chatlog__system-notification-content> joined the server.</span></div></div></div></div>
<div class=chatlog__message-group><div class=chatlog__message-container data-message-id=5><div class=chatlog__message>
<div class=chatlog__message-primary><span class=chatlog__author title=bo#2>Bo</span>
<div class=chatlog__attachment><a href=x.png>x.png</a></div></div></div></div></div></div></body></html>"""

DISCORD_OLD_PAGE = """<!DOCTYPE html><html><body><div class="chatlog"><div class="chatlog__message-group">
<div class="chatlog__author-avatar-container"></div><div class="chatlog__messages">
<span class="chatlog__author-name" title="Ada#1" data-user-id="1">Ada</span>
<span class="chatlog__timestamp">01-Mar-21 10:01 AM</span>
<div class="chatlog__message" data-message-id="11"><div class="chatlog__content"><span class="markdown">one</span></div></div>
<div class="chatlog__message" data-message-id="12"><div class="chatlog__content"><span class="markdown">two</span>
<span class="chatlog__edited-timestamp">(edited)</span></div></div></div></div></div></body></html>"""

TELEGRAM_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head>
<body onload="CheckLocation();"><div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">
Group</div></div></div><div class="page_body chat_page"><div class="history">
<div class="message service" id="message-1"><div class="body details">1 March 2021</div></div>
<div class="message default clearfix" id="message5"><div class="pull_left userpic_wrap"><div class="userpic"><div
 class="initials">A</div></div></div><div class="body"><div class="pull_right date details"
 title="01.03.2021 11:01:00 UTC+01:00">11:01</div><div class="from_name">Ada Lo</div><div class="reply_to details">
In reply to <a href="#go_to_message4">this message</a></div><div class="text">hello<br>there <a href="x">link</a></div>
<span class="reactions"><span class="reaction"><span class="emoji">👍</span><span class="count">3</span></span></span></div></div>
<div class="message default clearfix joined" id="message6"><div class="body"><div class="pull_right date details"
 title="01.03.2021 11:02:00 UTC+01:00">11:02</div><div class="text">more</div></div></div>
<div class="message default clearfix" id="message7"><div class="body"><div class="pull_right date details"
 title="01.03.2021 11:03:00 UTC+01:00">11:03</div><div class="from_name">Bo</div><div class="media_wrap clearfix">
<a class="photo_wrap" href="p.jpg"><img class="photo" src="p.jpg"></a></div></div></div>
<div class="message default clearfix" id="message8"><div class="body"><div class="pull_right date details"
 title="01.03.2021 11:04:00 UTC+01:00">11:04</div><div class="from_name">Bo</div><div class="forwarded body">
<div class="from_name">Carl <span class="date details" title="01.01.2020 10:00:00">x</span></div><div class="text">told
 you</div></div></div></div>
<div class="message default clearfix" id="message9"><div class="body"><div class="pull_right date details"
 title="01.03.2021 11:05:00 UTC+01:00">11:05</div><div class="from_name">Bo via @gif</div><div class="text">beep</div></div></div>
<div class="message service" id="message10"><div class="body details">Dan joined group by link from Group</div></div>
</div></div></div></body></html>"""

META_NEW = """<html><head><title>Bo and Ada</title></head><body><div class="_a705"><main class="_a706" role="main">
<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><div class="_2ph_ _a6-h _a6-i">Bo Li</div><div class="_2ph_ _a6-p">
<div><div></div><div>and you?<br/>well?</div><div></div><div></div><div><ul class="_a6-q"><li><span>❤Ada Lo</span></li></ul></div>
</div></div><div class="_3-94 _a6-o"><div class="_a72d">mar. 01, 2021 10:02:02 pm</div></div></div>
<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><div class="_2ph_ _a6-h _a6-i">Ada Lo</div><div class="_2ph_ _a6-p">
<div><div></div><div></div><div></div><div></div><div><a href="p.jpg"><img src="p.jpg"/></a></div></div></div>
<div class="_3-94 _a6-o"><div class="_a72d">mar. 01, 2021 10:01:30 pm</div></div></div>
<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><div class="_2ph_ _a6-h _a6-i">Ada Lo</div><div class="_2ph_ _a6-p">
<div><div></div><div>how are you</div></div></div><div class="_3-94 _a6-o"><div
 class="_a72d">mar. 01, 2021 10:01:02 pm</div></div></div></main></div></body></html>"""

META_OLD = """<html><head><title>Bo</title></head><body><div class="_3a_u">
<div class="pam _3-95 _2pi0 _2lej uiBoxWhite noborder"><div class="_3-96 _2pio _2lek _2lel">Bo Li</div><div class="_3-96 _2let">
<div><div></div><div>and you?</div><div></div><div></div></div></div><div class="_3-94 _2lem">1 mars 2021 à 22:02</div></div>
<div class="pam _3-95 _2pi0 _2lej uiBoxWhite noborder"><div class="_3-96 _2pio _2lek _2lel">Ada Lo</div><div class="_3-96 _2let">
<div><div></div><div>how are you</div></div></div><div class="_3-94 _2lem">1 mars 2021 à 22:01</div></div></div></body></html>"""

META_OLDEST = """<html><head><title>Bo</title></head><body><div class="thread">Ada Lo, Bo Li<div class="message">
<div class="message_header"><span class="user">Bo Li</span><span
 class="meta">Monday, 1 March 2021 at 22:02 UTC+01</span></div></div>
<p>and you?</p><div class="message"><div class="message_header"><span class="user">Ada Lo</span>
<span class="meta">Monday, 1 March 2021 at 22:01 UTC+01</span></div></div><p>how are you</p></div></body></html>"""

PIDGIN_PAGE = """<html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8">
<title>Conversation with bo@x.org \
at Mon 01 Mar 2021 10:00:00 AM CET on ada@x.org (jabber)</title></head><body><h3>Conversation with bo@x.org at Mon 01 Mar 2021 \
10:00:00 AM CET on ada@x.org (jabber)</h3>
<font color="#16569E"><font size="2">(10:01:00 AM)</font> <b>Ada Lo:</b></font> hello &amp; good <b>day</b><br/>
<font color="#A82F2F"><font size="2">(10:02:00 AM)</font> <b>Bo:</b></font> <html xmlns='x'><body>hi</body></html><br/>
<font size="2">(10:03:00 AM)</font><b> Bo has signed off.</b><br/>
<font color="#062585"><font size="2">(10:04:00 AM)</font> <b>***Bo</b></font> waves<br/>
</body></html>"""

ADIUM = """<?xml version="1.0" encoding="UTF-8" ?>
<chat xmlns="http://purl.org/net/ulf/ns/0.4-02" account="ada@x.org" service="Jabber">
<event type="windowOpened" sender="ada@x.org" time="2021-03-01T10:00:00+01:00"/>
<message sender="ada@x.org" time="2021-03-01T11:01:00+01:00" alias="Ada Lo">
<div><span style="x">hello</span><br/>there</div></message>
<message sender="bo@x.org" time="2021-03-01T11:02:00+01:00" alias="Bo">hi</message>
<status type="offline" sender="bo@x.org" time="2021-03-01T11:03:00+01:00"/>
</chat>"""

MSN = """<?xml version="1.0"?>
<?xml-stylesheet type='text/xsl' href='MessageLog.xsl'?>
<Log FirstSessionID="1" LastSessionID="1"><Message Date="3/1/2021" Time="11:01:00 AM" DateTime="2021-03-01T10:01:00.000Z"
SessionID="1"><From><User FriendlyName="Ada"/></From><To><User FriendlyName="Bo"/></To><Text Style="x">hello</Text></Message>
<Leave DateTime="2021-03-01T10:02:00.000Z" SessionID="1"><User FriendlyName="Bo"/><Text>Bo has left</Text></Leave></Log>"""

SMS = """<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<!--File Created By SMS Backup & Restore v10.05.602 on 01/03/2021 10:00:00-->
<smses count="4" backup_set="x"><sms protocol="0" address="+100" date="1614592860000" type="1" body="hello"
 contact_name="Ada Lo" />
<sms protocol="0" address="+200" date="1614592870000" type="1" body="your code" contact_name="(Unknown)" />
<sms protocol="0" address="+100" date="1614592920000" type="2" body="hi" contact_name="Ada Lo" />
<mms address="+100" date="1614592930000" msg_box="1" contact_name="Ada Lo"><parts>
<part ct="image/jpeg" text="null"/></parts></mms>
</smses>"""


@pytest.mark.parametrize(
    ("name", "content", "texts", "reasons", "first"),
    [
        ("g.txt", DISCORD_TEXT, ["ada#1234: hello there\nsecond line\nbo: hi\n[not a stamp] of anybody"], ["join", "media"], 10),
        ("g.html", DISCORD_PAGE, ["Ada: hello 😀 @bo\nsecond line\nAda: more"], ["bot", "join", "media"], 10),
        ("old.html", DISCORD_OLD_PAGE, ["Ada: one\nAda: two"], [], 10),
        ("c/messages.html", TELEGRAM_PAGE, ["Ada Lo: hello\nthere link\nAda Lo: more\nBo: told you"],
         ["bot", "join", "media", "service"], 10),
        ("bo/message_1.html", META_NEW, ["Ada Lo: how are you\nBo Li: and you?\nwell?"], ["media"], 22),
        ("bo/message_1.html", META_OLD, ["Ada Lo: how are you\nBo Li: and you?"], [], 22),
        ("messages.htm", META_OLDEST, ["Ada Lo: how are you\nBo Li: and you?"], [], 21),
        ("bo.html", PIDGIN_PAGE, ["Ada Lo: hello & good day\nBo: hi\nBo: waves"], ["join", "service"], 10),
        ("bo.chatlog", ADIUM, ["Ada Lo: hello\nthere\nBo: hi"], ["join", "service"], 10),
        ("bo.xml", MSN, ["Ada: hello"], ["join"], 10),
        ("sms.xml", SMS, ["Ada Lo: hello\nme: hi", "+200: your code"], ["media"], 10),
    ],
    ids=["discord-text", "discord", "discord-old", "telegram", "meta", "meta-2019", "meta-2016", "pidgin", "adium", "msn", "sms"],
)  # fmt: skip
def test_saved_chat_gives_names_texts_times_and_reasons(
    name: str, content: str, texts: list[str], reasons: list[str], first: int, tmp_path: Path
) -> None:
    records, drops = read_all(chat, write(tmp_path, {name: content}))
    assert [record.text for record in records] == texts
    assert sorted(drop.reason for drop in drops) == reasons
    revised = records[0].revised
    assert revised is not None and (revised.date(), revised.hour) == (datetime(2021, 3, 1, tzinfo=UTC).date(), first)
    assert num_messages(records, drops) == len(drops) + sum(len(text.split(": ")) - 1 for text in texts)


def test_discord_page_hands_on_handles_and_whom_it_mentions(tmp_path: Path) -> None:
    records, _ = read_all(chat, write(tmp_path, {"g.html": DISCORD_PAGE}))
    assert {"Ada", "ada#1234", "77", "bo#2"} <= set(records[0].speakers)


def test_phone_backup_tells_no_number_in_the_name_of_a_work(tmp_path: Path) -> None:
    records, _ = read_all(chat, write(tmp_path, {"sms.xml": SMS}))
    assert not any("100" in record.work.removesuffix("2021-03-01") for record in records)
    assert {"+100", "Ada Lo"} <= set(records[0].speakers)


def test_telegram_pages_of_one_chat_go_on(tmp_path: Path) -> None:
    files = {"c/messages.html": TELEGRAM_PAGE, "c/messages2.html": TELEGRAM_PAGE.replace("11:0", "11:1")}
    records, _ = read_all(chat, write(tmp_path, files))
    assert len(records) == 1 and records[0].text.count("Ada Lo: more") == 2


def test_page_of_anything_else_is_no_chat(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><html><body><div class='message'>Conversation with a friend</div></body></html>"
    files = {"a.html": page, "b.xml": "<?xml version='1.0'?><chats><x/></chats>"}
    records, drops = read_all(chat, write(tmp_path, files))
    assert not records and [drop.reason for drop in drops] == ["unknown_format"] * 2
