"""Numbers, keys and addresses that Presidio does not ship, each as data: patterns, a check, words of its context.

A scheme is plain Python (no Presidio): `registry.recognizers` makes Presidio recognizers of them. To add one: write it
in the file of its country or kind, with tests of valid, invalid and near-miss values, and name it in `SCHEMES`.
"""

from __future__ import annotations

from curation.pii.schemes.addresses import ADDRESSES
from curation.pii.schemes.cards import CARDS
from curation.pii.schemes.europe import EUROPE
from curation.pii.schemes.grouped import GROUPED
from curation.pii.schemes.handles import HANDLES
from curation.pii.schemes.iran import IRAN
from curation.pii.schemes.layouts import LAYOUTS
from curation.pii.schemes.mail import MAIL
from curation.pii.schemes.phones import PHONES
from curation.pii.schemes.poland import POLAND
from curation.pii.schemes.russia import RUSSIA
from curation.pii.schemes.scheme import Scheme
from curation.pii.schemes.secrets import SECRETS
from curation.pii.schemes.urls import URLS

__all__ = ["SCHEMES", "Scheme", "schemes_for"]

SCHEMES: tuple[Scheme, ...] = (
    *POLAND,
    *RUSSIA,
    *IRAN,
    *EUROPE,
    *GROUPED,
    *SECRETS,
    *URLS,
    *PHONES,
    *CARDS,
    *MAIL,
    *ADDRESSES,
    *LAYOUTS,
    *HANDLES,
)


def schemes_for(language: str) -> list[Scheme]:
    """Schemes of texts in `language`: its own, and those of no language."""
    return [scheme for scheme in SCHEMES if not scheme.languages or language in scheme.languages]
