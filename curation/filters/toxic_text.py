"""How the toxicity model sees a text, in training and in use alike: only words, and nothing that tells a data set apart.

Addresses, user names, retweet marks, digits and punctuation differ between the sets that the model learns from far
more than between clean and toxic posts, and so do the names of groups of people; what it must not learn, it must not see.
"""

from __future__ import annotations

import re
import unicodedata

from curation.filters.identity_words import IDENTITY_IN_RUNNING_TEXT, IDENTITY_WORDS

_ADDRESS = re.compile(r"https?\S*|www\.\S+|@\w+|&#?\w+;|\bRT\b")
_ADDRESS_MARKS = ("http", "www.", "@", "&", "RT")
_UNSPACED = re.compile(r"([\u3040-\u30ff\u3400-\u9fff])")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_WORD = re.compile(r"[^\W\d_]+(?:['’*][^\W\d_]+)*")


def toxic_text(text: str) -> str:
    """One line of lower-case words; Chinese and Japanese character by character."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if any(mark in text for mark in _ADDRESS_MARKS):
        text = _ADDRESS.sub(" ", text)
    text = text.lower()
    text = _DRAWN_OUT.sub(r"\1\1", text)
    if not text.isascii():
        text = _UNSPACED.sub(r" \1 ", IDENTITY_IN_RUNNING_TEXT.sub(" ", text))
    return " ".join(word for word in _WORD.findall(text) if word not in IDENTITY_WORDS)
