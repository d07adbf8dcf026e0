"""HTML archives of mailing lists: a page a message (pipermail, MHonArc, Hypermail), threads by subject.

In: a page. Out: a Message, "" as author where the page hides it; None where the page is no message (an index by date,
thread or author: `metadata`). The three programs mark head and body by comments; nothing is guessed from layout.
"""

from __future__ import annotations

import re
from html import unescape

from curation.sources.chats.mail import html_text, subject_key
from curation.sources.chats.mail_headers import date as mail_time
from curation.sources.chats.message import Message, one_line
from curation.sources.chats.quotes import own_words

_BODIES = (
    re.compile(r"<!--beginarticle-->(.*?)<!--endarticle-->", re.DOTALL),
    re.compile(r"<!--X-Body-of-Message-->(.*?)<!--X-Body-of-Message-End-->", re.DOTALL),
    re.compile(r"<!-- body=\"start\" -->(.*?)<!-- body=\"end\" -->", re.DOTALL),
)
_SUBJECTS = (
    re.compile(r"<!--X-Subject: (.*?) -->"),
    re.compile(r"<!-- subject=\"(.*?)\" -->"),
    re.compile(r"<H1>(.*?)</H1>", re.DOTALL | re.IGNORECASE),
)
_AUTHORS = (
    re.compile(r"<!--X-From-R13: (.*?) -->"),
    re.compile(r"<!-- name=\"(.*?)\" -->"),
    re.compile(r"</H1>\s*<B>(.*?)</B>", re.DOTALL | re.IGNORECASE),
)
_ADDRESSES = (
    re.compile(r"<!-- email=\"(.*?)\" -->"),
    re.compile(r"<A HREF=\"mailto:[^\"]*\"[^>]*>(.*?)</A>", re.DOTALL | re.IGNORECASE),
)
_DATES = (
    re.compile(r"<!--X-Date: (.*?) -->"),
    re.compile(r"<!-- sent=\"(.*?)\" -->"),
    re.compile(r"<BR>\s*<I>(.*?)</I>", re.DOTALL | re.IGNORECASE),
)
_INDEX = re.compile(
    r"<!--X-(?:Top|Bot)Idx|Archives by (?:thread|date|author|subject)|<!-- ?MHonArc v.*index|<b>Messages "
    r"sorted by:|Starting:</b>",
    re.IGNORECASE,
)
_ROT13 = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm"
)


def is_message(page: str) -> bool:
    return any(body.search(page) for body in _BODIES)


def is_index(page: str) -> bool:
    return _INDEX.search(page) is not None


def message(page: str) -> Message | None:
    body = next((found[1] for found in (pattern.search(page) for pattern in _BODIES) if found), None)
    if body is None:
        return None
    text = re.sub(r"<pre[^>]*>|</pre>", "\n", body, flags=re.IGNORECASE)
    text = unescape(re.sub(r"<[^<>]+>", "", text)) if "<pre" in body[:400].lower() else html_text(body)
    words = own_words(text)
    subject = one_line(unescape(_first(_SUBJECTS, page)))
    author = _first(_AUTHORS, page)
    if "X-From-R13" in page:
        author = re.sub(r"\s*&[^;]*;.*|\s*<.*", "", author.translate(_ROT13))
    address = one_line(unescape(re.sub(r"<[^<>]+>", "", _first(_ADDRESSES, page))))
    name = one_line(unescape(re.sub(r"<[^<>]+>", "", author))) or address
    reason = "" if words.strip() else "only_quotes" if text.strip() else "empty"
    time = mail_time(unescape(_first(_DATES, page)))
    return Message("1", name, words, time, subject_key(subject), tuple(filter(None, (address,))), reason, subject)


def _first(patterns: tuple[re.Pattern[str], ...], page: str) -> str:
    return next((found[1].strip() for found in (pattern.search(page) for pattern in patterns) if found), "")
