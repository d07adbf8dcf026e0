"""Bytes to text, never by a silent guess.

In: bytes, and what the file declares about itself. Out: Decoded(text, encoding, doubtful).
Order: byte-order mark; UTF-16/32 without one (the pattern of zero bytes); escape-based 7-bit encodings; strict UTF-8;
the declaration, where it decodes without a fault; statistics. `doubtful` is True where only statistics decided and
the runner-up was close, or where bytes had to be replaced by U+FFFD: the reader passes it to the ledger.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decoded:
    """`encoding` is Python's name of the codec."""

    text: str
    encoding: str
    doubtful: bool

    @property
    def note(self) -> str:
        """For the ledger."""
        return "doubtful_encoding" if self.doubtful else ""


BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MARKS = tuple(mark for mark, _ in BOMS)

# What web pages call by these names is in fact the superset (WHATWG encoding standard).
SUPERSETS = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "gb2312":
    "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "shift-jis": "cp932", "sjis":
    "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-9": "cp1254",
    "x-mac-cyrillic": "mac_cyrillic", "tis-620": "cp874", "iso-8859-11": "cp874", "windows-874": "cp874", "unicode": "utf-16",
}  # fmt: skip


# Python calls these text encodings too; no file is "in" them.
NO_CHARSETS = frozenset(["unicode-escape", "raw-unicode-escape", "unicode_escape", "raw_unicode_escape", "idna", "punycode"])


def codec_name(declared: str | None) -> str | None:
    """Python's codec for a declared charset, or None."""
    if not declared:
        return None
    word = declared.strip().strip("\"'").lower()
    word = SUPERSETS.get(word, word)
    try:
        info = codecs.lookup(word)
    except (LookupError, ValueError):
        return None
    return info.name if info._is_text_encoding and info.name not in NO_CHARSETS else None


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of `data`; `declared` is a charset named by the file or its transport."""
    if data.startswith(_MARKS):
        mark, encoding = next(each for each in BOMS if data.startswith(each[0]))
        return _lenient(data[len(mark) :], encoding)
    wide = _wide(data)
    if wide:
        return _lenient(data, wide)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(data, declared, error)
    if "\x1b" in text or "~{" in text:
        return _escaped(data, text, declared)
    return Decoded(text, "utf-8", False)


def _lenient(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding, False)
    except UnicodeDecodeError:
        return Decoded(data.decode(encoding, "replace"), encoding, True)


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: zero bytes stand at one parity, as they do in markup and Latin text."""
    sample = data[:4096]
    if len(sample) < 8:
        return None
    if b"\0" not in sample:
        return _wide_ideographs(sample)
    quarters = [sample[i::4].count(0) / len(sample[i::4]) for i in range(4)]
    if min(quarters[1:]) > 0.9 and quarters[0] < 0.1:
        return "utf-32-le"
    if min(quarters[:3]) > 0.9 and quarters[3] < 0.1:
        return "utf-32-be"
    even, odd = (quarters[0] + quarters[2]) / 2, (quarters[1] + quarters[3]) / 2
    if odd > 0.15 and even < 0.02:
        return "utf-16-le"
    if even > 0.15 and odd < 0.02:
        return "utf-16-be"
    return _wide_ideographs(sample)


def is_plain_utf8(head: bytes) -> bool:
    """Whether first bytes are UTF-8, the last character perhaps cut, without zero bytes or control characters."""
    if head.translate(None, _CONTROLS_AND_ZERO) != head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


_CONTROLS = bytes(byte for byte in range(1, 32) if byte not in b"\t\n\r")
_CONTROLS_AND_ZERO = b"\0" + _CONTROLS
_USUAL_WIDE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef -~\r\n]")


def _wide_ideographs(sample: bytes) -> str | None:
    """UTF-16 of Chinese or Japanese has few zero bytes, but control bytes that no 8-bit text has."""
    sample = sample[: len(sample) // 2 * 2]
    if len(sample) - len(sample.translate(None, _CONTROLS)) < len(sample) // 50:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        usual = len(_USUAL_WIDE.findall(text))
        if usual > 0.95 * len(text):
            return encoding
    return None


ESCAPES = (("iso2022_jp_2", rb"\x1b\$[@B]|\x1b\(J"), ("iso2022_kr", rb"\x1b\$\)C"), ("hz", rb"~\{(?:[\x21-\x7e]{2})+~\}"))


def _escaped(data: bytes, text: str, declared: str | None) -> Decoded:
    for encoding, pattern in ESCAPES:
        if re.search(pattern, data):
            try:
                return Decoded(data.decode(encoding), encoding, encoding == "hz" and codec_name(declared) != "hz")
            except UnicodeDecodeError:
                decoded = data.decode(encoding, "replace")
                if decoded.count("\ufffd") <= len(decoded) // 100 + 1:  # cut within a character, or a stray byte
                    return Decoded(decoded, encoding, True)
    return Decoded(text, "utf-8", False)


def _legacy(data: bytes, declared: str | None, error: UnicodeDecodeError) -> Decoded:
    codec = codec_name(declared)
    if codec and codec not in ("utf-8", "utf-16", "utf-32", "utf-7"):
        try:
            return Decoded(data.decode(codec), codec, False)
        except UnicodeDecodeError:
            pass
    if _mostly_utf8(data):
        return Decoded(data.decode("utf-8", "replace"), "utf-8", True)
    from curation.sources.charsets import guess

    return guess(data)


def _mostly_utf8(data: bytes) -> bool:
    """A UTF-8 text with a few broken bytes (cut in the middle, one pasted Latin-1 line) stays UTF-8."""
    sample = data[: 1 << 20]
    replaced = sample.decode("utf-8", "replace")
    faults = replaced.count("\ufffd")
    good = len(replaced) - len(replaced.encode("ascii", "ignore")) - faults
    return good > 20 * faults


_UNTYPED = bytes(byte for byte in range(32) if byte not in (9, 10, 11, 12, 13, 26, 27, 30, 31))


def is_binary(head: bytes) -> bool:
    """Whether first bytes are no text in any encoding: zero bytes outside UTF-16/32, or many control characters."""
    if not head or head.startswith(_MARKS) or _wide(head):
        return False
    if head.count(0) > len(head) // 1000:
        return True
    return len(head) - len(head.translate(None, _UNTYPED)) > len(head) // 50
