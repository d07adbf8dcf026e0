"""Mail: mbox files and pipermail archives, message by message, in bounded memory.

In: a stream of bytes. Out: (offset, bytes) of each message, and from those Messages: headers and bodies decoded by
their charset, quoted replies, attributions, signatures and list footers taken off (quotes.py). The thread is that of
the mail it answers (References, In-Reply-To), else of the last mail with its subject where that begins with Re:.
A message starts at a line `From … <year>` that a header line follows: bodies that begin a line with "From" do not cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message as Parsed
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parseaddr
from typing import BinaryIO

from curation.source import MAX_RECORD_BYTES
from curation.sources.chats import mail_headers
from curation.sources.chats.message import Message, one_line
from curation.sources.chats.quotes import own_words
from curation.sources.encoding import decode

CHUNK_BYTES = 1 << 20
MAX_REMEMBERED = 100_000
_FROM = re.compile(rb"^From [^\n]{0,200}?\d\d:\d\d[^\n]*\r?\n(?:>?From [^\n]*\r?\n)?(?=[!-9;-~]{1,76}:[ \t\r\n])", re.MULTILINE)
_HEADER = re.compile(
    rb"\A(?:>?From [^\n]*\n)?[!-9;-~]{1,76}:[ \t][^\n]*\r?\n(?:(?:[!-9;-~]{1,76}:|[ \t])[^\n]*\r?\n){2,}", re.MULTILINE
)
_IDS = re.compile(r"<([^<>\s]+)>")
_PREFIX = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|sv|vs|antw|odp|rif|res|tr|r|回复|答复|Отв|На)(?:\[\d+\])?\s*:\s*|"
    r"\[[^\[\]]{1,40}\]\s*)+",
    re.IGNORECASE,
)
_SIMPLE_ADDRESS = re.compile(r"\"?([^\"<>()@,;:\\]*?)\"?\s*<([^<>\s]+)>|(\S+(?: at |@)[^\s<>()]+) \(([^()\"\\]*)\)")


def is_mbox(head: bytes) -> bool:
    return _FROM.match(head.lstrip(b"\r\n\xef\xbb\xbf")) is not None


def is_mail(head: bytes) -> bool:
    """A single message (.eml, a file of a Maildir)."""
    found = _HEADER.match(head)
    lowered = found[0].lower() if found else b""
    return b"\nfrom:" in b"\n" + lowered and (b"\ndate:" in b"\n" + lowered or b"\nmessage-id:" in b"\n" + lowered)


def cut(stream: BinaryIO, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, bytes | None]]:
    """(offset, bytes) of the messages that start in [start, stop); None for one too large. From 0 the stream may be any."""
    first = start
    if start:  # one byte earlier, so that a line's first character is seen to be one
        start -= 1
        stream.seek(start)
    buffer, base, begin = bytearray(), start, -1
    is_too_large = False
    search_from = 0
    while True:
        match = _next_from(buffer, search_from)
        if match is not None and (match.end() + 400 < len(buffer) or not stream):
            if begin >= 0 and base + begin >= first:
                yield base + begin, None if is_too_large else bytes(buffer[begin : match.start()])
                is_too_large = False
            if stop is not None and base + match.start() >= stop:
                return
            del buffer[: match.start()]
            base += match.start()
            begin, search_from = 0, match.end() - match.start()
            continue
        if not stream:
            break
        search_from = max(search_from, (match.start() if match else len(buffer)) - 700, 0)
        if len(buffer) > MAX_RECORD_BYTES:
            is_too_large = begin >= 0
            dropped = len(buffer) - 2000
            del buffer[:dropped]
            base, begin, search_from = base + dropped, begin - dropped if begin >= 0 else begin, max(0, search_from - dropped)
        chunk = stream.read(CHUNK_BYTES)
        if not chunk:
            stream = None  # type: ignore[assignment]
        buffer += chunk
    if begin != -1 and buffer and base + begin >= first:
        yield base + begin, None if is_too_large else bytes(buffer[max(begin, 0) :])


def _next_from(buffer: bytearray, at: int) -> re.Match[bytes] | None:
    """`_FROM.search(buffer, at)`; lines of attachments are passed over at 1,700 MB/s instead of 125."""
    if at == 0 and (match := _FROM.match(buffer)):
        return match
    while (at := buffer.find(b"\nFrom ", max(at - 1, 0)) + 1) > 0:
        if match := _FROM.match(buffer, at):
            return match
        at += 1
    return None


_NOT_OWN = "|".join(  # quotes, signatures and what says whose a quote is, as programs mark them
    f"//*[contains(@class,'{kind}')]"
    for kind in (
        "gmail_quote", "gmail_attr", "gmail_signature", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix", "moz-signature",
        "OutlookMessageHeader", "ms-outlook-mobile-signature",
    )
)  # fmt: skip


class Threads:
    """Which thread a mail belongs to: by what it answers, else by its subject where that is an answer's."""

    def __init__(self) -> None:
        self._by_id: dict[str, str] = {}
        self._by_subject: dict[str, str] = {}

    def thread(self, parsed: Parsed | mail_headers.Plain, subject: str) -> str:
        own = _ids(parsed, "Message-ID")
        answered = _ids(parsed, "References") + _ids(parsed, "In-Reply-To")
        key = subject_key(subject)
        known = next((self._by_id[each] for each in reversed(answered) if each in self._by_id), "")
        if not known and not answered and _PREFIX.match(subject):
            known = self._by_subject.get(key, key)
        thread = known or (answered or own or [key])[0]
        for each in own:
            _remember(self._by_id, each, thread)
        _remember(self._by_subject, key, thread)
        return thread


def _remember(table: dict[str, str], key: str, value: str) -> None:
    """The newest MAX_REMEMBERED entries: an answer comes within weeks."""
    table[key] = value
    if len(table) > MAX_REMEMBERED:
        del table[next(iter(table))]


def message(offset: int, data: bytes, threads: Threads) -> Message:
    """One mail as a Message, titled by its subject."""
    place = f"@{offset}"
    _, _, rest = data.partition(b"\n")
    if not data.startswith(b"From ") and not data.startswith(b">From "):
        rest = data
    try:
        parsed = mail_headers.plain(rest) or BytesParser(policy=compat32).parsebytes(rest)
        text, note = _decoded(parsed.body) if isinstance(parsed, mail_headers.Plain) else _body(parsed)
    except (MessageError, ValueError, LookupError, IndexError, AttributeError, TypeError, RecursionError, AssertionError):
        return Message(place, "", "", reason="broken_record")
    names = _names(_header(parsed, "From"))
    subject = one_line(_header(parsed, "Subject"))
    words = own_words(text)
    return Message(
        place=place,
        author=names[0] if names else "",
        text=words,
        time=mail_headers.date(_header(parsed, "Date")),
        thread=threads.thread(parsed, subject),
        names=(*names[1:], *_names(_header(parsed, "To"))),
        reason="bot" if _is_automatic(parsed, names) else _reason(words, text),
        title=one_line(_PREFIX.sub("", subject)),
        note=note,
    )


def _decoded(data: bytes, charset: str | None = None) -> tuple[str, str]:
    decoded = decode(data, charset)
    return decoded.text, decoded.note


def _reason(words: str, text: str) -> str:
    """Why a mail has no words of its own: an archive keeps a note in place of an attachment, or all of it is quoted."""
    if words.strip():
        return ""
    return "media" if "was scrubbed..." in text else "only_quotes" if text.strip() else "empty"


def _is_automatic(parsed: Parsed | mail_headers.Plain, names: tuple[str, ...]) -> bool:
    """Bounces, absences, and what trackers send: RFC 3834, and what was usual before it."""
    said = parsed.get("Auto-Submitted")
    if said and not str(said).strip().lower().startswith("no"):
        return True
    is_old = parsed.get("X-Autoreply") or parsed.get("X-Failed-Recipients") or parsed.get("Precedence") == "auto_reply"
    return bool(is_old) or names[-1:] in (("MAILER-DAEMON",), ("mailer-daemon",))


def _header(parsed: Parsed | mail_headers.Plain, name: str) -> str:
    value = parsed.get(name)
    if value is None:
        return ""
    if isinstance(value, str) and "=?" not in value:
        return _valid(value)
    raw = (
        str(value)
        if not hasattr(value, "_chunks")
        else b"".join(chunk.encode("ascii", "surrogateescape") for chunk, _ in value._chunks).decode("ascii", "surrogateescape")
    )
    try:
        pieces = decode_header(raw)
    except (MessageError, ValueError):
        return raw
    return "".join(decode(piece, charset).text if isinstance(piece, bytes) else _valid(piece) for piece, charset in pieces)


def _valid(text: str) -> str:
    return decode(text.encode("utf-8", "surrogateescape")).text if not text.isascii() else text


def _names(field: str) -> tuple[str, ...]:
    """Name and address of the first person of a header; pipermail writes `a at b (Name)`."""
    simple = _SIMPLE_ADDRESS.fullmatch(field.strip())
    name, address = (
        (simple[1] or simple[4], simple[2] or simple[3])
        if simple
        else parseaddr(field.replace(" at ", "@", 1) if "@" not in field else field)
    )
    address = address.replace(" at ", "@", 1)
    if not name and not address:
        return (one_line(field),) if field.strip() else ()
    spoken = one_line(name) or one_line(address)
    written = address.replace("@", " at ")
    return tuple(dict.fromkeys(each for each in (spoken, address, written, address.partition("@")[0]) if each))


def _ids(parsed: Parsed | mail_headers.Plain, name: str) -> list[str]:
    return _IDS.findall(_header(parsed, name))


def subject_key(subject: str) -> str:
    """The subject without Re: and [list]."""
    return one_line(_PREFIX.sub("", subject)).lower()


def _body(parsed: Parsed) -> tuple[str, str]:
    """The first readable part and its note: plain text where there is one, else the words of the HTML."""
    html, html_note = "", ""
    for part in parsed.walk():
        if part.is_multipart() or (part.get_filename() and part.get_content_disposition() == "attachment"):
            continue
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html"):
            continue
        payload = part.get_payload(decode=True)
        text, note = _decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else ("", "")
        if kind == "text/plain" and text.strip():
            return _unflowed(text, part), note
        if not html:
            html, html_note = text, note
    return html_text(html) if html else "", html_note


def _unflowed(text: str, part: Parsed) -> str:
    """RFC 3676: a line that ends in a space goes on in the next."""
    text = text.replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    return re.sub(r"(?<!^--) \n(?=[^\s>])", " ", text, flags=re.MULTILINE)


def html_text(html: str) -> str:
    """The words of an HTML mail; its quotes become quoted lines, so that they go the way of all quotes."""
    from lxml import etree
    from lxml import html as parser

    try:
        root = parser.fromstring(
            html.encode("utf-8", "replace"), parser=parser.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    for element in root.xpath(f"//script|//style|//head|//blockquote|{_NOT_OWN}"):
        if element.getparent() is not None:
            element.drop_tree()
    for element in root.xpath("//br|//p|//div|//li|//tr|//h1|//h2|//h3"):
        element.tail = "\n" + (element.tail or "")
        if element.tag != "br":
            element.text = "\n" + (element.text or "")
    return re.sub(r"\n\s*\n+", "\n\n", str(root.text_content())).strip()
