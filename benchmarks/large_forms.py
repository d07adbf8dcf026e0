"""One large dump of a form, made from texts that are numbered round by round. For `benchmarks/sources_large.py --form`."""

from __future__ import annotations

import base64
import html
import io
import json
import random
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

MESSAGE_CHARS = 600
MESSAGES_PER_CHAT = 20_000
FILES_PER_REPOSITORY = 500
ATTACHMENT_BYTES = 300_000
REVISIONS = 200
FIRST = datetime(2015, 1, 1, tzinfo=UTC)


def make_form(form: str, texts: list[str], folder: Path, size: int) -> dict[str, list[Path]]:
    """Paths by kind, as `write_recipe` takes them."""
    kind, name, write = FORMS[form]
    folder.mkdir()
    with (folder / name).open("wb") as out:
        write(texts, out, size)
    return {kind: [folder / name]}


def _numbered(texts: list[str], chars: int) -> Iterator[tuple[int, str]]:
    """Pieces of the texts without end; each begins with its number, so that no two are copies."""
    number = 0
    while True:
        for text in texts:
            for start in range(0, len(text), chars):
                yield number, f"({number}) {text[start : start + chars].strip()}"
                number += 1


def _mbox(texts: list[str], out: io.BufferedWriter, size: int) -> None:
    for number, text in _numbered(texts, 4 * MESSAGE_CHARS):
        moment = FIRST + timedelta(minutes=7 * number)
        head = (
            f"From reader{number % 90} {moment:%a %b %d %H:%M:%S %Y}\n"
            f"From: Reader {number % 90} <reader{number % 90}@example.org>\n"
            f"Date: {moment:%a, %d %b %Y %H:%M:%S +0000}\nSubject: Chapter {number // 6}\nMessage-ID: <{number}@example.org>\n"
            + (f"In-Reply-To: <{number - 1}@example.org>\n" if number % 6 else "")
            + "Content-Type: text/plain; charset=utf-8\n\n"
        )
        out.write(f"{head}{text.replace(chr(10) + 'From ', chr(10) + '>From ')}\n\n".encode())
        if out.tell() >= size:
            return


def _telegram(texts: list[str], out: io.BufferedWriter, size: int) -> None:
    """An account with many chats, written as Telegram Desktop writes it."""
    out.write(b'{\n "about": "An export.",\n "chats": {\n  "about": "All chats.",\n  "list": [')
    for number, text in _numbered(texts, MESSAGE_CHARS):
        chat, place = divmod(number, MESSAGES_PER_CHAT)
        if not place:
            close = b"\n    ]\n   }," if chat else b""
            out.write(close + f'\n   {{\n    "name": "Chat {chat}",\n    "type": "personal_chat",\n    "id": {chat},'.encode())
            out.write(b'\n    "messages": [')
        moment = FIRST + timedelta(minutes=11 * number)
        message = {
            "id": number, "type": "message", "date": f"{moment:%Y-%m-%dT%H:%M:%S}", "date_unixtime": str(int(moment.timestamp())),
            "from": f"Reader {number % 2}", "from_id": f"user{number % 2}", "text": text,
            "text_entities": [{"type": "plain", "text": text}],
        }  # fmt: skip
        lines = json.dumps(message, ensure_ascii=False, indent=1).replace("\n", "\n     ")
        out.write(("," if place else "").encode() + b"\n     " + lines.encode())
        if out.tell() >= size:
            break
    out.write(b"\n    ]\n   }\n  ]\n }\n}")


def _rows(texts: list[str], out: io.BufferedWriter, size: int) -> None:
    for number, text in _numbered(texts, 20 * MESSAGE_CHARS):
        out.write(json.dumps({"id": f"row-{number}", "text": text}, ensure_ascii=False).encode() + b"\n")
        if out.tell() >= size:
            return


def _text(texts: list[str], out: io.BufferedWriter, size: int) -> None:
    for number, text in _numbered(texts, 40 * MESSAGE_CHARS):
        out.write(f"CHAPTER {number}\n\n{text}\n\n".encode())
        if out.tell() >= size:
            return


def _stack(texts: list[str], out: io.BufferedWriter, size: int) -> None:
    from xml.sax.saxutils import quoteattr

    out.write(b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n<posts>\r\n')
    for number, text in _numbered(texts, 2 * MESSAGE_CHARS):
        body = quoteattr(f"<p>{text.replace('&', 'and').replace('<', '(')}</p>", {"\n": "&#xA;"})
        kind = f'PostTypeId="2" ParentId="{number - number % 3 + 1}"' if number % 3 else 'PostTypeId="1" Title="A question"'
        out.write(f'  <row Id="{number + 1}" {kind} CreationDate="2015-01-01T00:00:00.000" Body={body} />\r\n'.encode())
        if out.tell() >= size:
            break
    out.write(b"</posts>\r\n")


def _repositories(texts: list[str], out: io.BufferedWriter, size: int) -> None:
    """A tar of repositories: the texts as modules of Python with a function for every line."""
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number, text in _numbered(texts, 10 * MESSAGE_CHARS):
            repository, place = divmod(number, FILES_PER_REPOSITORY)
            lines = [" ".join(line.replace("\\", "").replace('"', "").split()) for line in text.split("\n") if line.strip()]
            code = "".join(
                f'def step_{number}_{at}(value):\n    """{line}"""\n    return value + {at}\n\n\n'
                for at, line in enumerate(lines)
            )
            for name, content in [("README.md", "# A tool\n")] * (not place) + [(f"module_{place}.py", code)]:
                data = content.encode()
                info = tarfile.TarInfo(f"repository-{repository}/{name}")
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            if out.tell() >= size:
                return


def _attachments(texts: list[str], out: io.BufferedWriter, size: int) -> None:
    """A person's mailbox: of every mail nine tenths and more are a photograph in base64, which no two mails share."""
    photograph = random.Random(1)
    for number, text in _numbered(texts, MESSAGE_CHARS):
        moment = FIRST + timedelta(minutes=7 * number)
        encoded = base64.encodebytes(photograph.randbytes(ATTACHMENT_BYTES))
        head = (
            f"From reader{number % 90}@example.org {moment:%a %b %d %H:%M:%S %Y}\n"
            f"From: Reader {number % 90} <reader{number % 90}@example.org>\n"
            f"Date: {moment:%a, %d %b %Y %H:%M:%S +0000}\nSubject: Photograph {number}\nMessage-ID: <{number}@example.org>\n"
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=border\n\n"
            "--border\nContent-Type: text/plain; charset=utf-8\n\n"
        )
        body = text.replace("\nFrom ", "\n>From ")
        part = "--border\nContent-Type: image/jpeg; name=a.jpg\nContent-Transfer-Encoding: base64\n\n"
        out.write(f"{head}{body}\n{part}".encode() + encoded + b"--border--\n\n")
        if out.tell() >= size:
            return


def _history(texts: list[str], out: io.BufferedWriter, size: int) -> None:
    """A wiki with its history: a page of two hundred revisions, each one sentence longer than the one before."""
    out.write(b"<mediawiki><siteinfo><dbname>large</dbname></siteinfo>\n")
    for number, text in _numbered(texts, 40 * MESSAGE_CHARS):
        out.write(f"<page><title>Page {number}</title><ns>0</ns><id>{number}</id>\n".encode())
        for revision in range(1, REVISIONS + 1):
            moment = FIRST + timedelta(minutes=REVISIONS * number + revision)
            written = html.escape(text[: len(text) * revision // REVISIONS], quote=False)
            out.write(
                f"<revision><id>{REVISIONS * number + revision}</id><timestamp>{moment:%Y-%m-%dT%H:%M:%SZ}</timestamp>"
                f"<text>{written}</text></revision>\n".encode()
            )
        out.write(b"</page>\n")
        if out.tell() >= size:
            break
    out.write(b"</mediawiki>\n")


Write = Callable[[list[str], io.BufferedWriter, int], None]
FORMS: dict[str, tuple[str, str, Write]] = {
    "mbox": ("chat", "list.mbox", _mbox),
    "telegram": ("chat", "result.json", _telegram),
    "jsonl": ("books", "library.jsonl", _rows),
    "text": ("books", "library.txt", _text),
    "stack": ("web", "Posts.xml", _stack),
    "tar": ("code", "repositories.tar", _repositories),
    "attachments": ("chat", "mailbox.mbox", _attachments),
    "history": ("wiki", "pages-meta-history.xml", _history),
}
