"""A small dump of every format that the readers accept, each with canaries in its text, names, titles, subjects, channels."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import tarfile
from collections.abc import Callable
from email.message import EmailMessage

import pyarrow as pa
import pyarrow.parquet as pq

from tests.sources.material import make_zip, prose

MAIL = "jadwiga.wrotkowska@zawietrzna.org"
IBAN = "PL61109010140000071219812874"
NAME = "Oktawia Zmorska"
HANDLE = "zmorka_77"
CANARIES = (MAIL, "wrotkowska", IBAN, NAME, "Oktawia", "Zmorska", HANDLE)

SAID = f"Write to {MAIL} or pay to {IBAN} before noon. "
TEXT = SAID + prose(120) + "."
TALK = f"{SAID} Thanks {NAME}, says {HANDLE}. " + prose(60)  # where the dump tells both
BY_NAME, BY_HANDLE = TALK.replace(HANDLE, "she"), TALK.replace(NAME, "you")
ATOM = "http://www.w3.org/2005/Atom"


def json_lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def parquet(rows: list[dict[str, object]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def tar(entries: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, text in entries.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


def paragraphs(text: str) -> str:
    return "".join(f"<p>{part}.</p>" for part in text.split(". "))


def page(title: str) -> str:
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs(TEXT)}</article></body></html>"


def wiki() -> str:
    site = "<siteinfo><sitename>W</sitename><dbname>xwiki</dbname></siteinfo>"
    revision = f"<revision><id>1</id><timestamp>2024-01-01T00:00:00Z</timestamp><text>{TEXT}</text></revision>"
    return (
        f"<mediawiki xml:lang='en'>{site}<page><title>Letter to {MAIL}</title><ns>0</ns><id>1</id>{revision}</page></mediawiki>"
    )


def pdf() -> bytes:
    content = f"BT /F1 8 Tf 20 100 Td ({SAID}) Tj ET".encode()
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    stream = b"<</Length " + str(len(content)).encode() + b">>stream\n" + content + b"\nendstream"
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", sheet, stream, font]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += str(number).encode() + b" 0 obj" + body + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n" + str(len(out)).encode() + b"\n%%EOF"
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def epub() -> bytes:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="b.opf"/></rootfiles></container>'
    )
    chapter = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{paragraphs(TEXT)}</body></html>'
    files: dict[str, str | bytes] = {"mimetype": "application/epub+zip", "META-INF/container.xml": container}
    return make_zip({**files, "b.opf": package, "a.xhtml": chapter})


def office() -> bytes:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {w}><w:body><w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p></w:body></w:document>"
    return make_zip({"[Content_Types].xml": "<Types/>", "word/document.xml": body})


def slack() -> bytes:
    users = [{"id": "U1", "name": HANDLE, "real_name": NAME, "profile": {"display_name": HANDLE, "real_name": NAME}}]
    message = {"type": "message", "user": "U1", "text": TALK, "ts": "1700000000.000100"}
    channel = f"dm-{HANDLE}"
    files = {"users.json": users, "channels.json": [{"id": "C1", "name": channel}], f"{channel}/2023-11-14.json": [message]}
    return make_zip({name: json.dumps(value) for name, value in files.items()})


def mail(number: int = 1) -> str:
    head = f"From x at x.org  Mon Mar  {number} 10:00:00 2021\nFrom: {NAME} <{MAIL}>\nDate: Mon, 1 Mar 2021 10:00:00 +0000\n"
    return f"{head}Subject: Letter of {NAME} to {MAIL}\nMessage-ID: <m{number}@x.org>\n\n{BY_NAME}\n\n"


def letter() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = f"{NAME} <{MAIL}>", f"To {MAIL}", "Mon, 1 Mar 2021 10:00:00 +0000"
    message.set_content(BY_NAME)
    return message.as_bytes()


def archived() -> str:
    head = f"<H1>[list] Letter to {MAIL}</H1>\n<B>{NAME}</B> <A HREF='mailto:x'>{HANDLE} at zawietrzna.org</A><BR>"
    body = f"<!--beginarticle-->\n<PRE>{BY_NAME}</PRE>\n<!--endarticle-->"
    return f"<HTML><BODY>{head}\n<I>Mon Mar 1 10:00:00 UTC 2021</I>\n{body}</BODY></HTML>"


def warc() -> bytes:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(f"For {MAIL}").encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.org/a?to=" + MAIL + "\r\n"
        "WARC-Date: 2021-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + body + b"\r\n\r\n")


def wet() -> bytes:
    body = TEXT.encode()
    head = (
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://x.org/b\r\nWARC-Date: 2021-01-01T00:00:00Z\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


AUTHOR = {"id": "1", "name": HANDLE, "nickname": NAME, "isBot": False}
DISCORD = {
    "guild": {"name": f"Club of {NAME}"},
    "channel": {"id": "9", "category": "Text", "name": f"to-{HANDLE}"},
    "messages": [
        {"id": "10", "type": "Default", "timestamp": "2021-03-01T10:00:00+00:00", "content": TALK, "author": AUTHOR},
    ],
}
TELEGRAM = {
    "name": NAME,
    "type": "personal_chat",
    "id": 5,
    "messages": [{"id": 2, "type": "message", "date_unixtime": "1614592860", "from": NAME, "from_id": HANDLE, "text": BY_NAME}],
}
MESSENGER = {
    "participants": [{"name": NAME}, {"name": HANDLE}],
    "messages": [{"sender_name": NAME, "timestamp_ms": 1614600060000, "content": BY_NAME}],
    "title": NAME,
}
GOOGLE_CHAT = {
    "messages": [
        {
            "creator": {"name": NAME, "email": MAIL, "user_type": "Human"},
            "created_date": "Monday, March 1, 2021 at 10:01:00 AM UTC",
            "text": BY_NAME,
            "topic_id": "t",
            "message_id": "s/t/1",
        }
    ]
}
MATRIX_MEMBER = {"type": "m.room.member", "state_key": f"@{HANDLE}:x.org", "content": {"displayname": NAME, "membership": "join"}}
MATRIX_MESSAGE = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": TALK}}
MATRIX = {
    "room_name": f"With {NAME}",
    "messages": [
        {"sender": f"@{HANDLE}:x.org", "origin_server_ts": 1614600000000, "event_id": f"${number}", **event}
        for number, event in enumerate((MATRIX_MEMBER, MATRIX_MESSAGE))
    ],
}
DIALOGUE = [{"dialogue_id": "x", "turns": [{"speaker": NAME, "utterance": TALK}, {"speaker": HANDLE, "utterance": "Yes."}]}]
ROLES = [{"role": "user", "content": SAID + prose(40)}, {"role": "assistant", "content": prose(60)}]
NOTEBOOK = {
    "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": [f"to = '{MAIL}'\n", "send(to)\n" * 20]}],
    "metadata": {"language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
PROGRAM = (
    f'"""Sends."""\n\nRECIPIENT = "{MAIL}"\n\n\ndef send(letter):\n    """Send it to {MAIL}."""\n    return letter\n'
    + "".join(f"\n\ndef step_{word}(value):\n    return value\n" for word in ("one", "two", "three"))
)
LATEX = f"\\documentclass{{article}}\\title{{For {MAIL}}}\\begin{{document}}\\maketitle {TEXT} \\end{{document}}"
JATS = (
    f"<article><front><article-meta><title-group><article-title>Of {MAIL}</article-title></title-group></article-meta></front>"
    f"<body><sec><title>One</title><p>{TEXT}</p></sec></body></article>"
)
TEI = f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><text><body><div><p>{TEXT}</p></div></body></text></TEI>'
FB2 = (
    f'<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><body><section><p>{TEXT}</p></section></body></FictionBook>'
)
FEED = (
    f"<rss version='2.0'><channel><title>N</title><item><title>To {MAIL}</title><link>https://x.org/1</link>"
    f"<description>&lt;p&gt;{TEXT}&lt;/p&gt;</description></item></channel></rss>"
)
POSTS = f'<posts><row Id="1" PostTypeId="1" Title="Who is {MAIL}?" Body="&lt;p&gt;{TEXT}&lt;/p&gt;" /></posts>'
POST = f"---\ntitle: To {MAIL}\nauthor: {MAIL}\n---\n\n{TEXT}\n"
GUTENBERG = (
    f"The Project Gutenberg eBook of Letters, by {MAIL}\n\n*** START OF THE PROJECT GUTENBERG EBOOK LETTERS ***\n\n{TEXT}\n\n"
    "*** END OF THE PROJECT GUTENBERG EBOOK LETTERS ***\n"
)
ROW: dict[str, object] = {"text": TEXT, "title": f"To {MAIL}", "url": f"https://x.org/{MAIL}"}
JOINED = "--- Log opened Mon Mar 01 09:00:00 2021\n10:00 -!- bo [b@host] has joined\n"
IRC = f"{JOINED}10:01 <@{HANDLE}> {BY_HANDLE}\n10:02 < bo> hi {HANDLE}\n"
WHATSAPP = f"3/1/21, 10:00 AM - Messages and calls are end-to-end encrypted.\n3/1/21, 10:01 AM - {NAME}: {BY_NAME}\n"
EGGDROP = (
    f"[10:00] --- Mon Mar  1 2021\n[10:00] {HANDLE} (~z@host) joined #tide.\n[10:01] <{HANDLE}> {BY_HANDLE}\n"
    f"[10:02] <bo> hi {HANDLE}\n[10:03] Action: {HANDLE} waves\n[10:04] {HANDLE} (~z@host) left irc: Quit\n"
)
TEXTUAL = (
    f"[2021-03-01T11:00:00+0100] {HANDLE} (~z@host) joined the channel\n[2021-03-01T11:01:00+0100] <{HANDLE}> {BY_HANDLE}\n"
    f"[2021-03-01T11:02:00+0100] <bo> hi {HANDLE}\n"
)
PIDGIN = (
    f"Conversation with {HANDLE} at Mon 01 Mar 2021 10:00:00 AM CET on bo@irc.example (irc)\n"
    f"(10:01:00 AM) {HANDLE}: {BY_HANDLE}\n(10:02:00 AM) bo: hi {HANDLE}\n(10:04:00 AM) {HANDLE} left the room (quit: Leaving).\n"
)
ELEMENT = (
    f"Mon, Mar 1, 2021, 10:00:00 AM - {NAME} joined the room\nMon, Mar 1, 2021, 10:01:00 AM - {NAME}: {BY_NAME}\n"
    f"Mon, Mar 1, 2021, 10:02:00 AM - Bo: hello {NAME}\n"
)

# format -> (kind, path, content made when asked for). Every path names somebody.
FORMATS: dict[str, tuple[str, str, Callable[[], str | bytes]]] = {
    "plain text": ("books", f"notes of {MAIL}.txt", lambda: TEXT),
    "Gutenberg": ("books", f"{MAIL}/pg1.txt", lambda: GUTENBERG),
    "EPUB": ("books", f"{MAIL}.epub", epub),
    "HTML book": ("books", f"b {MAIL}.html", lambda: page("A book")),
    "TEI": ("books", f"tei {MAIL}.xml", lambda: TEI),
    "FB2": ("books", f"{MAIL}.fb2", lambda: FB2),
    "DOCX": ("books", f"{MAIL}.docx", office),
    "PDF": ("books", f"{MAIL}.pdf", pdf),
    "CSV": ("books", f"t {MAIL}.csv", lambda: f'id,text\n1,"{TEXT}"\n'),
    "Parquet": ("books", f"t {MAIL}.parquet", lambda: parquet([ROW])),
    "damaged gzip": ("books", f"cut {MAIL}.txt.gz", lambda: gzip.compress(TEXT.encode())[:200]),
    "empty file": ("books", f"empty {MAIL}.txt", lambda: ""),
    "MediaWiki": ("wiki", f"x {MAIL}.xml.bz2", lambda: bz2.compress(wiki().encode())),
    "source tree": ("code", f"{MAIL}.tar.gz", lambda: tar({"tool/send.py": PROGRAM, f"tool/{MAIL}.py": PROGRAM + "\nX = 1\n"})),
    "notebook": ("code", f"{MAIL}.zip", lambda: make_zip({"t/n.ipynb": json.dumps(NOTEBOOK)})),
    "Slack": ("chat", f"slack {NAME}.zip", slack),
    "Discord": ("chat", f"d/{NAME} [10].json", lambda: json.dumps(DISCORD)),
    "Telegram": ("chat", f"Chat with {NAME}/result.json", lambda: json.dumps(TELEGRAM)),
    "WhatsApp": ("chat", f"WhatsApp Chat with {NAME}.txt", lambda: WHATSAPP),
    "IRC": ("chat", f"#{HANDLE}.log", lambda: IRC),
    "eggdrop": ("chat", f"eggdrop #{HANDLE}.log", lambda: EGGDROP),
    "Textual": ("chat", f"textual #{HANDLE}.txt", lambda: TEXTUAL),
    "Pidgin": ("chat", f"pidgin {HANDLE}.txt", lambda: PIDGIN),
    "Element": ("chat", f"matrix - {NAME} - Chat Export.txt", lambda: ELEMENT),
    "Messenger": ("chat", "m/inbox/x_1/message_1.json", lambda: json.dumps(MESSENGER)),
    "Google Chat": ("chat", "Groups/DM 1/messages.json", lambda: json.dumps(GOOGLE_CHAT)),
    "Matrix": ("chat", f"matrix {NAME}.json", lambda: json.dumps(MATRIX)),
    "mbox": ("chat", f"{NAME}.mbox", lambda: mail(1) + mail(2)),
    "letter": ("chat", f"{MAIL}.eml", letter),
    "HTML list archive": ("chat", "2021-March/000001.html", archived),
    "roles": ("chat", f"{MAIL}.jsonl", lambda: json_lines([{"messages": ROLES}])),
    "dialogue": ("chat", "dialogue.json", lambda: json.dumps(DIALOGUE)),
    "JATS": ("papers", f"j {MAIL}.xml", lambda: JATS),
    "LaTeX": ("papers", f"{MAIL}/main.tex", lambda: LATEX),
    "Markdown paper": ("papers", f"{MAIL}.md", lambda: f"# To {MAIL}\n\n{TEXT}"),
    "HTML page": ("web", f"p {MAIL}.html", lambda: page(f"To {MAIL}")),
    "WARC": ("web", f"{MAIL}.warc.gz", warc),
    "WET": ("web", f"{MAIL}.wet", wet),
    "front matter": ("web", f"_posts/2021-01-01-{MAIL}.md", lambda: POST),
    "feed": ("web", f"feed {MAIL}.xml", lambda: FEED),
    "Stack Exchange": ("web", f"{MAIL}/Posts.xml", lambda: POSTS),
    "JSON lines": ("web", f"{MAIL}.jsonl", lambda: json_lines([ROW])),
}
