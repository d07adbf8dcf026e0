"""The XML of Wolne Lektury, the Polish library of school books.

In: the text of an XML document with the root `utwor`. Out: chapters. Themes in the margin, metadata and the editors' report go;
notes follow their paragraph. A slash ends a line of verse; dashes and quotation marks are those of TeX.
"""

from __future__ import annotations

import re

from curation.sources.markup import Markup, names, text_chapters
from curation.sources.notes import move_notes
from curation.sources.xmltree import parse_xml

_MARKUP = Markup(
    block=names(
        "autor_utworu dzielo_nadrzedne nazwa_utworu podtytul akap akap_dialog akap_cd strofa motto motto_podpis dedykacja "
        "dlugi_cytat poezja_cyt nota miejsce_czas didaskalia naglowek_akt naglowek_scena naglowek_osoba naglowek_czesc "
        "naglowek_rozdzial naglowek_podrozdzial naglowek_listy srodtytul kwestia lista_osob lista_osoba lista_wypunktowania "
        "punkt podpis tabela wiersz sekcja_asterysk sekcja_swiatlo separator_linia pa pe pr pt"
    ),
    skip=names("rdf motyw begin end nota_red uwaga extra abstrakt ilustr"),
    chapter=names("naglowek_akt naglowek_czesc naglowek_rozdzial nazwa_utworu"),
    item=frozenset(["punkt"]),
    cell=frozenset(["kol"]),
    row=frozenset(["wiersz"]),
    preformatted=frozenset(["strofa"]),
)
_NOTES = names("pa pe pr pt")
_PARAGRAPHS = names("akap akap_dialog akap_cd strofa naglowek_rozdzial naglowek_czesc nazwa_utworu motto didaskalia srodtytul")
_LINE_END = re.compile(r"[ \t]*/[ \t]*\n[ \t]*|\n[ \t]*")
_DASHES = re.compile(r"---|--|,,|''")
_SIGNS = {"---": "—", "--": "–", ",,": "„", "''": "”"}


def wolne_lektury_chapters(text: str) -> list[str]:
    root = parse_xml(_DASHES.sub(lambda match: _SIGNS[match[0]], text))
    move_notes(root, _NOTES, _PARAGRAPHS, frozenset())
    for stanza in root.iter("strofa"):
        for element in stanza.iter():
            element.text = element.text and _LINE_END.sub("\n", element.text)
            if element is not stanza:
                element.tail = element.tail and _LINE_END.sub("\n", element.tail)
    return ["\n\n".join(blocks) for blocks in text_chapters(root, _MARKUP)]
