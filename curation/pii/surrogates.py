"""What stands in a text instead of a value.

Two ways: a typed placeholder, or a surrogate of the same shape that no scheme can ever assign. The nth distinct value
of a type in a document gets surrogate (seed, type, n): it depends on nothing else of the value but its shape, so
nothing can be computed back. Reserved for the purpose: example.com (RFC 2606), 192.0.2.0/24, 198.51.100.0/24,
203.0.113.0/24 (RFC 5737), 2001:db8::/32 (RFC 3849), 00-00-5E-00-53-xx (RFC 7042). Numbers become zeros with a counter
at the end and letters become X: no checksum scheme, numbering plan or country code assigns those.

`is_reserved` says that a value is such a surrogate (or was written as an example in the first place): it is left as it
is, therefore scrubbing twice changes nothing.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata

RESERVED_DOMAIN = re.compile(
    r"(?:^|[@.])(?:example\.(?:com|net|org|edu)|[\w-]+\.(?:example|test|invalid|localhost|local))$|@localhost$", re.IGNORECASE
)
EXAMPLE_PASSWORD = re.compile(
    r"://(?:[^\s/@]*:)?(?:X+|\*+|password|pass|secret|\$[\w{}]+|<[^>]*>|\{+[^}]*\}+)@|@(?:[\w-]+\.)*example\.",
    re.IGNORECASE,
)
DOCUMENTATION = tuple(ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))
NUM_COUNTED = 4  # digits at the end of a number surrogate that count


def placeholder(entity: str) -> str:
    """The type word of a replaced value, as text."""
    return f"<{entity}>"


def numbered(entity: str, n: int) -> str:
    """The type word of the nth person of a conversation."""
    return f"<{entity}_{n}>"


def surrogate(entity: str, n: int, value: str, seed: int) -> str:
    """The nth (from 1) surrogate of a type, in the shape of `value`."""
    offset = int.from_bytes(hashlib.blake2b(f"{seed}\0{entity}".encode(), digest_size=4).digest())
    number = offset + n
    match entity:
        case "EMAIL_ADDRESS":
            return f"user{number % 10000:04}@example.com"
        case "IP_ADDRESS":
            return _address(number, ":" in value)
        case "MAC_ADDRESS":
            return _like_mac(f"00005E0053{number % 256:02X}", value)
        case "URL_CREDENTIALS":
            return re.sub(r"(?<=://)[^\s/@]*@", "user:XXXX@", value)
        case "PERSON" | "USERNAME":
            return f"User{number % 10000:04}"
    return _shape(value, number)


def is_reserved(entity: str, value: str) -> bool:
    """Nobody's: reserved by its scheme for examples, or not routable, or all zeros."""
    match entity:
        case "EMAIL_ADDRESS":
            return bool(RESERVED_DOMAIN.search(value))
        case "IP_ADDRESS":
            return not _is_public(value)
        case "MAC_ADDRESS":
            return _alphanumerics(value).startswith("00005E0053")
        case "URL_CREDENTIALS":
            return bool(EXAMPLE_PASSWORD.search(value))
        case "PERSON" | "USERNAME":
            return bool(re.fullmatch(r"User\d{4}", value))
    written = _alphanumerics(value)
    digits = "".join(filter(str.isdecimal, written))
    return not digits[:-NUM_COUNTED].strip("0") and not written.strip("0123456789X")


def normal_form(value: str) -> str:
    """Two spellings of one value are one value: case, separators and scripts of digits aside."""
    if value.isascii() and value.isalnum():
        return value.lower()
    folded = unicodedata.normalize("NFKC", value).casefold()
    return "".join(ascii_digit(char) for char in folded if char.isalnum() or char in "@.:") or folded


def ascii_digit(char: str) -> str:
    """A decimal digit of any script as ASCII; other characters as they are."""
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


# Persian, Arabic, Devanagari, Bengali and full-width digits. One character each: offsets stay.
OTHER_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\uff10-\uff19]")


def ascii_digits(text: str) -> str:
    """The text with the digits of other scripts as ASCII: half of Presidio's patterns spell digits out."""
    if text.isascii() or not OTHER_DIGITS.search(text):
        return text
    return OTHER_DIGITS.sub(lambda match: ascii_digit(match.group()), text)


def _shape(value: str, number: int) -> str:
    places = [place for place, char in enumerate(value) if char.isdecimal()][-NUM_COUNTED:]
    chars = ["0" if char.isdecimal() else ("x" if char.islower() else "X") if char.isalpha() else char for char in value]
    if len(places) > 1:  # one digit alone is no room for a counter
        for place, digit in zip(places, f"{number % 10 ** len(places):0{len(places)}}", strict=True):
            chars[place] = digit
    return "".join(chars)


def _address(number: int, is_v6: bool) -> str:
    if is_v6:
        return f"2001:db8::{number % 0xFFFF:x}"
    network = DOCUMENTATION[number // 254 % len(DOCUMENTATION)]
    return str(network[number % 254 + 1])


def _is_public(value: str) -> bool:
    try:
        return ipaddress.ip_interface(value).ip.is_global
    except ValueError:
        return True


def _like_mac(digits: str, value: str) -> str:
    separators = iter(digits)
    return "".join(next(separators, "0") if char.isalnum() else char for char in value)


def _alphanumerics(value: str) -> str:
    return "".join(ascii_digit(char) for char in value if char.isalnum()).upper()
