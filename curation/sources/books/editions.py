"""Editions with markup: which reader a format needs.

In: a Member and its format. Out: chapters and a note for the ledger; InputError where it cannot be read. Gutenberg's
frame is taken off whatever the format, since its EPUB and HTML editions carry it too.
"""

from __future__ import annotations

from curation.errors import InputError
from curation.sources.books.docx import docx_chapters
from curation.sources.books.epub import epub_chapters
from curation.sources.books.fb2 import fb2_chapters
from curation.sources.books.odt import odt_chapters
from curation.sources.books.tei import tei_chapters
from curation.sources.books.wolnelektury import wolne_lektury_chapters
from curation.sources.books.xmlbooks import xml_chapters
from curation.sources.encoding import decode
from curation.sources.gutenberg import strip_frame
from curation.sources.htmltext import html_chapters
from curation.sources.latex import latex_chapters
from curation.sources.markdown import front_matter, markdown_chapters
from curation.sources.members import Member
from curation.sources.pdf import pdf_text
from curation.sources.xmltree import decode_markup
from curation.sources.zipdocuments import open_document

_MARK = "\n\n\x04\n\n"


def edition(member: Member, kind: str) -> tuple[list[str], str]:
    """(chapters, note)"""
    if kind == "zip_document" or kind == "pdf":
        chapters, note = _packed(member, kind), ""
    else:
        data = member.read()
        decoded = decode(data) if kind in ("latex", "markdown") else decode_markup(data)
        chapters, note = _chapters(decoded.text, kind), decoded.note
    text, _ = strip_frame(_MARK.join(chapters))
    return [chapter.strip("\n") for chapter in text.split("\x04") if chapter.strip()], note


def _packed(member: Member, kind: str) -> list[str]:
    if kind == "pdf":
        return [pdf_text(member.read())]
    word, archive = open_document(member)
    readers = {"epub": epub_chapters, "docx": docx_chapters, "odt": odt_chapters}
    if word not in readers:
        raise InputError("unknown_format", word)
    return readers[word](archive)


def _chapters(text: str, kind: str) -> list[str]:
    if kind == "latex":
        return latex_chapters(text)
    if kind == "markdown":
        return markdown_chapters(front_matter(text)[1])
    if kind == "html" or kind == "xml:html":
        return html_chapters(text)
    if kind.startswith("xml:"):
        root = kind[4:]
        if root.startswith("tei"):
            return tei_chapters(text)
        readers = {"fictionbook": fb2_chapters, "utwor": wolne_lektury_chapters}
        return readers.get(root, xml_chapters)(text)
    raise InputError("unknown_format", kind)
