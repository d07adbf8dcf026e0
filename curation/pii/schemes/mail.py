"""Mail addresses written so that programs do not see them: `jane at host.org`, `jane [at] host dot org`.

Archives of mailing lists publish every address in this way. "at" is also a word, so a bare one needs a place where addresses
stand: angle brackets, a line or a pair of parentheses of its own, the label before it, or a local part of two words.
"""

from __future__ import annotations

import re

from curation.pii.schemes.scheme import Scheme, Shape

LOCAL = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,40}(?:[ ]dot[ ][A-Za-z0-9_-]{1,30}){0,3}"
ACCOUNT = r"(?:[a-z0-9][A-Za-z0-9._+-]{0,40}|[A-Z][A-Za-z]*[0-9._-][A-Za-z0-9._-]{1,40})"
HOST = r"[A-Za-z0-9][A-Za-z0-9-]{0,40}(?:(?:\.|[ ]dot[ ]|[ ]?\[dot\][ ]?|[ ]?\(dot\)[ ]?)[A-Za-z0-9-]{1,40}){1,5}"
SIGN = r"[ ]?[\[({<][ ]?(?:at|AT|@)[ ]?[\])}>][ ]?"
LABEL = r"(?:e-?mail|mailto|mail|address|contact)[ ]?[:=]?[ ]{0,3}"
SPLIT = re.compile(r"(?i)\s*[\[({<]?\s*(?:\bat\b|@)\s*[\])}>]?\s*")
DOT = re.compile(r"(?i)\s*[\[(]?\s*\bdot\b\s*[\])]?\s*")
TOP = re.compile(r"com|org|net|edu|gov|mil|int|info|biz|name|io|dev|app|me|tv|co|[a-z]{2}", re.IGNORECASE)


def is_hidden_address(value: str) -> bool | None:
    """Ends in a top-level domain, and the host is a host. No version, no file."""
    parts = SPLIT.split(value.strip("<>() "), maxsplit=1)
    if len(parts) != 2:
        return False
    host = DOT.sub(".", parts[1]).strip(".").split(".")
    return None if len(host) > 1 and TOP.fullmatch(host[-1]) and any(map(str.isalpha, host[0])) else False


MAIL = (
    Scheme(
        "EMAIL_ADDRESS",
        (
            Shape(rf"(?<=<){LOCAL}[ ]at[ ]{HOST}(?=>)", 0.9, rf"<{LOCAL}[ ]at[ ]{HOST}"),
            Shape(rf"(?<![\w.@]){LOCAL}{SIGN}{HOST}(?![\w@])", 0.9, rf"{LOCAL}{SIGN}{HOST}"),
            Shape(rf"(?<=\b{LABEL}){LOCAL}[ ]at[ ]{HOST}(?![\w@])", 0.8, rf"{LABEL}{LOCAL}[ ]at[ ]{HOST}"),
            Shape(
                r"(?<![\w.@])[A-Za-z]{1,20}[._][A-Za-z]{2,20}[ ]at[ ](?:[A-Za-z0-9-]{1,40}\.){1,4}[A-Za-z]{2,6}(?![\w@])",
                0.7,
                r"[A-Za-z]{1,20}[._][A-Za-z]{2,20}[ ]at[ ](?:[A-Za-z0-9-]{1,40}\.){1,4}[A-Za-z]{2,6}",
            ),
            Shape(rf"(?<![\w.@]){LOCAL}[ ]at[ ][A-Za-z0-9-]{{1,40}}(?:[ ]dot[ ][A-Za-z0-9-]{{1,40}}){{1,4}}(?![\w@])", 0.8),
        ),
        is_valid=is_hidden_address,
    ),
    # A line of its own. "Title at Site.org" is a link: what begins with a capital is no account.
    Scheme(
        "EMAIL_ADDRESS",
        (
            Shape(
                rf"(?<=(?:^|[\n(\[])[ \t>]{{0,4}}){ACCOUNT}[ ]at[ ]{HOST}(?=[ \t]*(?:[\n)\]]|\Z))",
                0.8,
                rf"{ACCOUNT}[ ]at[ ]{HOST}",
            ),
        ),
        is_valid=is_hidden_address,
        flags=re.MULTILINE | re.DOTALL,
    ),
)
