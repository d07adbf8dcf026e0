"""The Universal Declaration of Human Rights as parallel passages, from NLTK's `udhr.zip` in a corpus folder.

In: any folder below which a udhr.zip stands. Out: rows {"en": …, "pl": …}, one an article, as the report card's
`parallel` reads them. The files are cut at 10,000 bytes, so the last article found in each is left out; so is what stands
before the first, since the Persian file opens with another text than the preamble.
"""

from __future__ import annotations

import re
import zipfile
from itertools import zip_longest
from pathlib import Path

FILES = {
    "en": ("English-Latin1", "latin-1"),
    "pl": ("Polish-Latin2", "iso8859-2"),
    "ru": ("Russian-UTF8", "utf-8"),
    "fa": ("Farsi_Persian-v2-UTF8", "utf-8"),
    "de": ("German_Deutsch-Latin1", "latin-1"),
    "fr": ("French_Francais-Latin1", "latin-1"),
    "es": ("Spanish-Latin1", "latin-1"),
}
HEADING = re.compile(r"^\s*(?:Article|Artykuł|Статья|ماده|Artikel|Artículo)\b.{0,25}$", re.MULTILINE | re.IGNORECASE)


def read_udhr(corpus: Path) -> list[dict[str, str]]:
    """Empty where there is no udhr.zip."""
    path = next(iter(sorted(corpus.rglob("udhr.zip"))), None)
    if path is None:
        return []
    with zipfile.ZipFile(path) as archive:
        articles = {
            lang: _articles(archive.read(f"udhr/{name}").decode(coding, "replace")) for lang, (name, coding) in FILES.items()
        }
    return [
        {lang: text for lang, text in zip(articles, row, strict=True) if text}
        for row in zip_longest(*articles.values(), fillvalue="")
    ]


def _articles(text: str) -> list[str]:
    return [part.strip() for part in HEADING.split(text)][1:-1]
