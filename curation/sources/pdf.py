"""PDF with a text layer, by pypdf.

In: bytes. Out: text with pages joined, running heads and page numbers removed, line breaks undone. Fewer than
MIN_CHARS_PER_PAGE characters a page: InputError("no_text_layer"); a password: InputError("encrypted").
Cost: 0.1 to 1 MB/s of text.
"""

from __future__ import annotations

import io
import logging
from typing import Any

from curation.errors import InputError
from curation.sources.linebreaks import unwrap
from curation.sources.pages import join_pages

MIN_CHARS_PER_PAGE = 25
MAX_PAGES = 5000


def pdf_text(data: bytes) -> str:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("encrypted")
        pages = [_page_text(page) for page, _ in zip(reader.pages, range(MAX_PAGES), strict=False)]
    except InputError:
        raise
    except pypdf.errors.DependencyError:
        raise InputError("encrypted") from None
    except Exception as error:  # pypdf answers hostile files with whatever its parser trips over
        raise InputError("unreadable", f"pdf: {type(error).__name__}") from None
    if sum(len(page.strip()) for page in pages) < MIN_CHARS_PER_PAGE * max(1, len(pages)):
        raise InputError("no_text_layer")
    return unwrap(join_pages(pages))


def _page_text(page: Any) -> str:
    try:
        return str(page.extract_text())
    except (
        RecursionError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        ZeroDivisionError,
        NotImplementedError,
        OverflowError,
    ):
        return ""
