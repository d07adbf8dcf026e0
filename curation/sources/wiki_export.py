"""MediaWiki XML exports, page by page, in bounded memory.

In: a decompressed stream. Out: the site (from `siteinfo`) and Pages, each with its newest revision only, however long
its history. The stream is cut at its tags, which cannot occur inside an export's escaped text: no XML parser, hence no
entities, no DTD, no depth, and a page can be found from any offset. Damage inside a page costs that page.

Layout: https://www.mediawiki.org/wiki/Help:Export. Cost: 150 MB/s of XML beside decoding.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from curation.source import MAX_RECORD_BYTES
from curation.sources.wikitext.site import Site, site_of

CHUNK_BYTES = 1 << 20
MAX_HEAD_BYTES = 1 << 20

_PAGE = re.compile(rb"<(?:\w+:)?page(?:\s[^>]*)?>|</(?:\w+:)?mediawiki>")
_PAGE_PART = re.compile(rb"<(?:\w+:)?revision(?:\s[^>]*)?>|</(?:\w+:)?page>")
_REVISION_END = re.compile(rb"</(?:\w+:)?revision>|</(?:\w+:)?page>")
_LONGEST_TAG = 256
_TEXT = re.compile(rb"<(?:\w+:)?text(\s[^>]*?)?(?:/>|>(.*?)</(?:\w+:)?text>)", re.DOTALL)
_ROOT = re.compile(rb"<(?:\w+:)?mediawiki[\s>]")
_NAMESPACE = re.compile(r"<(?:\w+:)?namespace\s[^>]*?key=\"(-?\d+)\"[^>]*?(?:/>|>([^<]*)<)")
_NUMERIC = re.compile(r"&#(?:(\d{1,7})|x([0-9a-fA-F]{1,6}));")


@dataclass(frozen=True, slots=True)
class Page:
    """`namespace` is None where an old export does not say; `text` None where the page is damaged or too large."""

    title: str
    number: str
    namespace: int | None
    is_redirect: bool
    model: str
    timestamp: str
    text: str | None
    fault: str = ""


def is_export(head: bytes) -> bool:
    """Whether first bytes belong to an export, or to a piece of one."""
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = head.decode("utf-16", "replace").encode()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start == b"<" and (
        _ROOT.search(head) is not None or re.search(rb"<(?:\w+:)?page>\s*<(?:\w+:)?title>", head) is not None
    )


def as_utf8(stream: BinaryIO, head: bytes) -> BinaryIO:
    """The stream recoded where its byte-order mark says UTF-16."""
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return codecs.EncodedFile(stream, "utf-8", "utf-16", "replace")
    return stream


def read_site(head: bytes) -> Site:
    """The site from the first bytes of an export; without a `siteinfo`, one that knows English names only."""
    text = head[:MAX_HEAD_BYTES].decode("utf-8", "replace").partition("</siteinfo>")[0]
    language = re.search(r"<mediawiki\s[^>]*xml:lang=\"([\w-]+)\"", text)
    namespaces = {int(key): _unescape(name) for key, name in _NAMESPACE.findall(text)}
    name = _element(text, "dbname") or _host(_element(text, "base")) or _element(text, "sitename")
    return site_of(name, language[1] if language else "", namespaces)


def _host(address: str) -> str:
    return re.sub(r"^\w+://([^/]*).*$", r"\1", address)


def has_root(head: bytes) -> bool:
    return _ROOT.search(head) is not None


class Pages:
    """Iterates the pages of a stream, to the `stop` that the stream may come to know (wiki_parts.PartStream).

    `ended` tells a complete export, or a part that was read to its end, from a cut one.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = bytearray()
        self._offset = 0  # of the buffer's first byte in the stream
        self._exhausted = False
        self.ended = False
        self.is_inside_page = False

    def __iter__(self) -> Iterator[Page]:
        while True:
            found = self._find(_PAGE)
            stop: int | None = getattr(self._stream, "stop", None)
            if found is None:
                self.ended |= stop is not None and self._offset + len(self._buffer) >= stop
                return
            begin = self._offset + found.start()
            if stop is not None and begin >= stop:
                self.ended = True
                return
            if found.group()[1:2] == b"/":
                self.ended = True
                self._skip(found.end())
                continue
            self._skip(found.end())
            self.is_inside_page = True
            page = self._page()
            if page is None:
                return
            self.is_inside_page = False
            yield page

    def _page(self) -> Page | None:
        """The page whose first tag was just passed; None where the stream ends inside it."""
        header = ""
        newest: bytes | None = None
        newest_time = b""
        fault = "empty"
        while True:
            part = self._find(_PAGE_PART, MAX_RECORD_BYTES)
            if part is None:
                return None
            if not header:
                header = bytes(self._buffer[: part.start()]).decode("utf-8", "replace")
            is_end = part.group()[1:2] == b"/"
            self._skip(part.end())
            if is_end:
                return _finished(header, newest, newest_time, fault)
            end = self._find(_REVISION_END, MAX_RECORD_BYTES)
            if end is None:
                return None
            if self._too_large:
                fault, newest = "record_too_large", None
            else:
                revision = bytes(self._buffer[: end.start()])
                time = _bytes_element(revision, b"timestamp")
                if newest is None or time >= newest_time:
                    newest, newest_time, fault = revision, time, ""
            if end.group().endswith(b"page>"):
                self._skip(end.end())
                return _finished(header, newest, newest_time, fault)
            self._skip(end.end())

    _too_large = False

    def _find(self, pattern: re.Pattern[bytes], keep_bytes: int = 0) -> re.Match[bytes] | None:
        """The next match in the stream, fed as needed. What lies before it is kept up to `keep_bytes`, else dropped."""
        self._too_large = False
        start = 0
        while True:
            match = pattern.search(self._buffer, start)
            if match is not None:
                return match
            if self._exhausted:
                return None
            if len(self._buffer) > max(keep_bytes, CHUNK_BYTES):
                self._too_large = keep_bytes > 0
                self._skip(len(self._buffer) - _LONGEST_TAG)
            start = max(0, len(self._buffer) - _LONGEST_TAG)
            chunk = self._stream.read(CHUNK_BYTES)
            if not chunk:
                self._exhausted = True
            self._buffer += chunk

    def _skip(self, size: int) -> None:
        del self._buffer[:size]
        self._offset += size


def _finished(header: str, revision: bytes | None, timestamp: bytes, fault: str) -> Page:
    namespace = _element(header, "ns")
    text: str | None = None
    model = ""
    if revision is not None:
        found = _TEXT.search(revision)
        if found is None or b'deleted="deleted"' in (found[1] or b""):
            fault = "broken_record" if found is None else "empty"
        else:
            text = _unescape((found[2] or b"").decode("utf-8", "replace"))
        model = _bytes_element(revision, b"model").decode("ascii", "replace")
    return Page(
        title=_unescape(_element(header, "title")),
        number=_element(header, "id"),
        namespace=int(namespace) if namespace.lstrip("-").isascii() and namespace.lstrip("-").isdigit() else None,
        is_redirect="<redirect" in header,
        model=model,
        timestamp=timestamp.decode("ascii", "replace"),
        text=text,
        fault=fault,
    )


def _element(text: str, name: str) -> str:
    found = re.search(rf"<(?:\w+:)?{name}(?:\s[^>]*)?>([^<]*)<", text)
    return found[1].strip() if found else ""


def _bytes_element(data: bytes, name: bytes) -> bytes:
    found = re.search(rb"<(?:\w+:)?" + name + rb">([^<]*)<", data)
    return found[1].strip() if found else b""


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'")
    if "&#" in text:
        text = _NUMERIC.sub(_character, text)
    return text.replace("&amp;", "&")


def _character(match: re.Match[str]) -> str:
    number = int(match[1]) if match[1] else int(match[2], 16)
    return chr(number) if number < 0x110000 else "\ufffd"
