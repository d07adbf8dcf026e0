"""TEI, FB2, DocBook, Wolne Lektury and XML of no known kind: what is a paragraph and what stands in one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from curation.sources.books.fb2 import fb2_chapters
from curation.sources.books.tei import tei_chapters
from curation.sources.books.xmlbooks import xml_chapters
from tests.sources.material import read_one, texts


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<sp><speaker>ADA.</speaker><p>Come. <stage>She reads.</stage> Gone.</p></sp>", "ADA.\n\nCome. (She reads.) Gone."),
        ("<l>Come all <stage>(aside)</stage> ye</l><l>young fellows</l>", "Come all (aside) ye\nyoung fellows"),
        ("<p>He said <quote>hello</quote> and left.</p>", "He said hello and left."),
        ("<p>Verse: <quote><l>one</l><l>two</l></quote> so.</p>", "Verse:\n\none\ntwo\n\nso."),
        ("<p>Tides<ref target='#n1'>1</ref> turn, see <ref target='#c3'>3</ref>.</p>", "Tides turn, see 3."),
        ("<p>The <app><lem>tide</lem><rdg>time</rdg></app> turns.</p>", "The tide turns."),
        ("<p><w>The</w><w>tide</w><pc>,</pc><w>too</w><pc>.</pc></p>", "The tide, too."),
        ("<p><w>The</w> <w>ti</w><w>de</w></p>", "The tide"),
        ("<figure><head>A boat.</head><figDesc>Picture of a boat</figDesc></figure><p>So.</p>", "A boat.\n\nSo."),
        ("<list><item>One<note>A note.</note> more</item></list>", "- One more\n\nA note."),
    ],
)
def test_tei_sentences_stay_whole(source: str, expected: str) -> None:
    assert tei_chapters(f"<TEI><text><body><div>{source}</div></body></text></TEI>") == [expected]


def test_fb2_marks_of_notes_without_a_type_go() -> None:
    space = "xmlns='http://www.gribuser.ru/xml/fictionbook/2.0' xmlns:l='http://www.w3.org/1999/xlink'"
    text = "<p>It rained<a l:href='#n1'>[1]</a> all day<a l:href='#n2'>{2}</a>, see <a l:href='#c3'>3</a>.</p>"
    notes = "<body name='notes'><section id='n1'><p><strong>1</strong></p><p>A note.</p></section></body>"
    fb2 = f"<FictionBook {space}><body><section>{text}</section></body>{notes}</FictionBook>"
    assert "\n\n".join(fb2_chapters(fb2)) == "It rained all day, see 3.\n\nA note."


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<book><para>Tides<footnote><para>A note.</para></footnote> turn.</para></book>", "Tides turn.\n\nA note."),
        ("<book><chapter><programlisting>if x:\n  y</programlisting></chapter></book>", "if x:\n  y"),
        ("<book><chapter><row><entry>1</entry><entry>2</entry></row></chapter></book>", "1 | 2"),
        ("<PLAY><SPEECH><LINE>Come <STAGEDIR>Aside</STAGEDIR> ye</LINE><LINE>all</LINE></SPEECH></PLAY>", "Come Aside ye\nall"),
        ("<kniha><nadpis>I</nadpis><odst>Text <zv>se</zv> slovem.</odst></kniha>", "I\n\nText se slovem."),
        (f"<corpus><sent>{'<tok>tide</tok> ' * 60}</sent></corpus>", "tide " * 59 + "tide"),
    ],
)  # fmt: skip
def test_xml_of_any_vocabulary_has_paragraphs(source: str, expected: str) -> None:
    assert "\n\n".join(xml_chapters(source)) == expected


def test_wolne_lektury_notes_themes_and_verse(tmp_path: Path) -> None:
    akap = (
        "<akap>Łodzie<pe><slowo_obce>łódź</slowo_obce> --- statek.</pe> <begin id='b1'/><motyw id='m1'>Morze</motyw>stały.</akap>"
    )
    strofa = "<akap_dialog>--- Co?</akap_dialog><strofa>Dzwon jest cichy,/\nłódź powolna</strofa>"
    head = "<nota_red><akap>Uwagi.</akap></nota_red><autor_utworu>Ada Lo</autor_utworu><nazwa_utworu>Nabrzeże</nazwa_utworu>"
    source = f"<utwor><opowiadanie>{head}{akap}{strofa}</opowiadanie></utwor>"
    assert texts(read_one("books", tmp_path, "a.xml", source)) == [
        "Ada Lo\n\nNabrzeże\n\nŁodzie stały.\n\nłódź — statek.\n\n— Co?\n\nDzwon jest cichy,\nłódź powolna"
    ]


def test_tei_many_notes_and_readings_take_time_that_grows_with_their_number() -> None:
    def seconds(count: int) -> float:
        body = "<p>" + "w<note>a</note>" * count + "<app>" + "<rdg>x</rdg>" * count + "</app></p>"
        start = time.process_time()
        tei_chapters(f"<TEI><text><body>{body}</body></text></TEI>")
        return time.process_time() - start

    assert min(seconds(4000) for _ in range(2)) < 20 * max(min(seconds(500) for _ in range(2)), 0.005)
