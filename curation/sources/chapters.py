"""Chapters of a plain text, found by headings that stand alone.

In: plain text, paragraphs separated by empty lines. Out: strings that add up to the text, each but the first starting
with its heading. A heading is a short line that opens with a word for a division (in the
languages below) and a number, or is a Roman numeral, a number or such a word alone.
"""

from __future__ import annotations

import re

MAX_HEADING_CHARS = 80

_DIVISION = (
    r"chapters?|part|book|volume|letter|act|scene|canto|stave|section|"
    r"kapitel|teil|buch|band|abschnitt|akt|aufzug|auftritt|brief|"
    r"chapitre|partie|livre|tome|acte|scène|lettre|chant|"
    r"cap[íi]tulo|capitolo|parte|libro|tomo|acto|atto|escena|canto|"
    r"rozdzia[łl]|cz[ęe][śs][ćc]|ksi[ęe]ga|tom|akt|scena|pie[śs][ńn]|list|"
    r"глава|часть|книга|том|действие|явление|сцена|песнь|письмо|розділ|частина|глава|част|"
    r"فصل|باب|بخش|قسمت|جلد|الفصل|الباب|الجزء|hoofdstuk|deel|boek|kapitola|[čc][áa]st|kapitola|fejezet|r[ée]sz|könyv|bölüm|luku|osa|poglavlje|dio"
)
_ALONE = (
    r"preface|foreword|introduction|prologue|epilogue|conclusion|appendix|afterword|dedication|vorwort|einleitung|nachwort|prolog|epilog|anhang|"
    r"avant-propos|préface|épilogue|prologue|prólogo|epílogo|introducci[óo]n|prefazione|introduzione|"
    r"wst[ęe]p|przedmowa|zako[ńn]czenie|предисловие|введение|пролог|эпилог|послесловие|заключение|مقدمه|پیشگفتار|مقدمة"
)
_NUMBER = r"(?:[IVXLCDM]+|\d{1,3}|[^\W\d_]+(?:[ -][^\W\d_]+)?)"
_HEADING = re.compile(
    rf"(?:^|\n)[ \t]*(?P<heading>(?=[^a-zа-я])(?i:(?:the )?(?:{_DIVISION})) +{_NUMBER}\b[^\n]{{0,60}}"
    rf"|(?:[IVXLCDM]+|\d{{1,3}})[.\- ]+(?i:{_DIVISION})\b[^\n]{{0,40}}"
    rf"|[^\W\d_]+ (?i:{_DIVISION})[.:]?|(?=[^a-zа-я])(?i:{_ALONE})[.:]?|[IVXLC]{{1,8}}\.?"
    r"|(?<=\n\n)\d{1,3}\.?(?=\n\n)|第[一二三四五六七八九十百千零〇\d]+[章回节節卷部][^\n]{0,30})[ \t]*(?=\n|$)"
)
_SENTENCE_GOES_ON = re.compile(r"[,;-]\s*$")


def chapters(text: str) -> list[str]:
    """The text cut before each heading."""
    cuts = [0]
    for match in _HEADING.finditer(text):
        start = match.start("heading")
        heading = match["heading"]
        if start > cuts[-1] and len(heading) <= MAX_HEADING_CHARS and not _SENTENCE_GOES_ON.search(heading):
            cuts.append(start)
    return [text[start:stop] for start, stop in zip(cuts, [*cuts[1:], len(text)], strict=True)]
