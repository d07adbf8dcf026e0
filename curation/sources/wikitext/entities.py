"""Character references, as MediaWiki reads them: only with a semicolon, only to characters a page may hold."""

from __future__ import annotations

import re
from html.entities import html5

_REFERENCE = re.compile(r"&(?:#0*(\d{1,7})|#[xX]0*([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}|רלמ|رلم));")
_OWN = {
    "nbsp": " ",
    "thinsp": " ",
    "ensp": " ",
    "emsp": " ",
    "hairsp": " ",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "shy": "",
    "רלמ": "\u200f",
    "رلم": "\u200f",
}


def decode_entities(text: str) -> str:
    """Named and numeric references to characters; unknown ones stay as they are."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if match[3]:
        own = _OWN.get(match[3])
        return own if own is not None else html5.get(match[3] + ";", match[0])
    number = int(match[1]) if match[1] else int(match[2], 16)
    if number in (160, 8194, 8195, 8201, 8202):
        return " "
    is_allowed = (
        number in (9, 10)
        or 32 <= number < 127
        or 160 < number < 0xD800
        or 0xE000 <= number < 0xFFFE
        or 0xFFFF < number < 0x110000
    )
    return chr(number) if is_allowed else match[0]
