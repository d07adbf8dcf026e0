"""Plain texts: Gutenberg's frame off, traces of pages off, forced line breaks joined, cut into chapters.

In: the text of one segment (whole books up to 16 MiB). Out: chapters.
"""

from __future__ import annotations

import re

from curation.sources.chapters import chapters
from curation.sources.gutenberg import strip_frame
from curation.sources.linebreaks import unwrap
from curation.sources.pages import without_pages

_LINE_ENDS = re.compile("\r\n?|\x0b|\u2028|\x85|\u2029")


def plain_chapters(text: str) -> list[str]:
    text = _LINE_ENDS.sub("\n", text)
    text, _ = strip_frame(text)
    return chapters(unwrap(without_pages(text)))
