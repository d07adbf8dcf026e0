"""What a wiki's `siteinfo` says about its language: the words that begin a link to a namespace.

In: namespaces of an export's header. Out: a `Site` with lower-case names, English ones included (every wiki
understands those). `categories` and `files` are the prefixes links.py needs; `content` are the namespaces of pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAIN, FILE, CATEGORY, MEDIA = 0, 6, 14, -2

_CANONICAL = {
    "media": -2, "special": -1, "talk": 1, "user": 2, "user talk": 3, "project": 4, "project talk": 5, "file": 6,
    "image": 6, "file talk": 7, "mediawiki": 8, "mediawiki talk": 9, "template": 10, "template talk": 11, "help": 12,
    "help talk": 13, "category": 14, "category talk": 15,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """`namespaces` maps every known lower-case name to its number."""

    name: str = ""
    language: str = "en"
    namespaces: Mapping[str, int] = field(default_factory=lambda: dict(_CANONICAL))

    def namespace(self, prefix: str) -> int:
        """The namespace a link prefix names; 0 where it names none."""
        return self.namespaces.get(prefix.strip().replace("_", " ").lower(), MAIN)


def site_of(name: str, language: str, namespaces: Mapping[int, str]) -> Site:
    """A site from its own (local) namespace names; canonical English names stay valid beside them."""
    named = dict(_CANONICAL)
    for number, local in namespaces.items():
        if local:
            named[local.replace("_", " ").lower()] = number
    return Site(name, language, named)


ENGLISH = Site()
