"""ODT: paragraphs in order, chapters at headings, notes behind the paragraph they belong to.

In: an opened zip. Out: chapters. Deleted text of tracked changes, comments, tables of contents, indexes and descriptions of
pictures are left out.
"""

from __future__ import annotations

import zipfile

from curation.sources.markup import Markup, text_chapters
from curation.sources.notes import move_notes
from curation.sources.xmltree import decode_markup, parse_xml
from curation.sources.zipdocuments import zip_read

_INDEXES = ("table-of-content", "illustration-index", "table-index", "object-index", "user-index", "alphabetical-index")
_NOTES = frozenset(["note"])
_PARAGRAPHS = frozenset(["p", "h"])
_ODT = Markup(
    block=frozenset(["p", "h", "table-row", "list-item", "note-body"]),
    skip=frozenset(
        ["annotation", "tracked-changes", "note-citation", "sequence-decls", "forms", "image", "title", "desc", *_INDEXES]
    ),
    chapter=frozenset(["h"]),
    line=frozenset(["line-break"]),
    item=frozenset(["list-item"]),
    cell=frozenset(["table-cell"]),
    row=frozenset(["table-row"]),
    preformatted=frozenset(),
)


def odt_chapters(archive: zipfile.ZipFile) -> list[str]:
    root = parse_xml(decode_markup(zip_read(archive, "content.xml")).text)
    for element in root.iter("{*}s", "{*}tab"):
        element.text = " "
    move_notes(root, _NOTES, _PARAGRAPHS, frozenset())
    return ["\n\n".join(blocks) for blocks in text_chapters(root, _ODT)]
