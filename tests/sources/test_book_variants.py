"""Books as other hands make them: what their formats carry beside the text, and what must come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.source import Record
from curation.sources.books.tei import tei_chapters
from curation.sources.formats import table_dialect
from curation.sources.htmltext import html_chapters
from curation.sources.latex import latex_chapters
from curation.sources.pages import without_pages
from tests.sources.material import make_zip, read_one, texts

PAGE = (
    "The harbour lay quiet under a low grey sky, and the boats had not\n"
    "moved since the morning bell, although every man knew,\n"
    'that the tide would turn before noon. "What is it?" asked\nthe captain, who was there.\n'
)
GUTENBERG = (
    "The Project Gutenberg eBook of The Quay, by Ada Lo\n\nThis eBook is for the use of anyone anywhere, in any place and\n"
    "most other parts, with no cost.\n\nTitle: The Quay\n\n*** START OF THE PROJECT GUTENBERG EBOOK THE QUAY ***\n\n\n"
    f"THE QUAY\n\n\n{PAGE * 3}\n{PAGE * 3}\n*** END OF THE PROJECT GUTENBERG EBOOK THE QUAY ***\n\n"
    "Updated editions will replace it.\n"
)


def test_book_whose_first_line_holds_a_comma_is_no_table(tmp_path: Path) -> None:
    found = read_one("books", tmp_path, "quay.txt", GUTENBERG)
    assert len(found) == 1 and isinstance(found[0], Record)
    assert found[0].text.startswith("THE QUAY\n") and found[0].text.count("harbour") == 6
    assert "Gutenberg" not in found[0].text and "Updated" not in found[0].text


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ('id,text\n1,"one\ntwo"\n2,"three, four\nfive"\n3,six\n', ","),
        ("id;text\n1;a\n2;b\n3;c\n", ";"),
        ("text,label\n" + '"a long one\n' + "and on\n" * 60, ","),
        ('The Quay, by Ada\n\nHe said "no, never" and left.\nShe stayed, alas.\n"Why?" asked he.\n', ""),
    ],
)
def test_table_is_known_by_rows_of_one_width_even_over_lines(text: str, delimiter: str) -> None:
    assert table_dialect(text) == delimiter


def test_running_heads_beside_page_numbers_go_and_the_sentence_goes_on() -> None:
    def page(number: int) -> str:
        head = f"{number}                THE QUAY" if number % 2 else f"            CHAPTER ONE              {number}"
        lines = "\n".join(f"line {number} {each} of the page is as long as that" for each in range(10))
        return f"{head}\n\n{lines} and then\n"

    text = without_pages("\n".join(page(number) for number in range(11, 23)))
    assert "QUAY" not in text and "CHAPTER" not in text
    assert "line 11 9 of the page is as long as that and then\nline 12 0" in text


def test_contents_with_page_numbers_stay() -> None:
    contents = "\n".join(f"The {word} chapter          {3 + 3 * at}\n" * 1 for at, word in enumerate("abcdefghijkl"))
    assert without_pages(contents) == contents


def test_tei_breaks_are_mended_and_notes_follow_their_paragraph() -> None:
    text = (
        '<TEI><text><body><div><p>A well<lb break="no"/>known hyphen-<lb/>ated man<note>A note.</note> of<lb/>the ship.</p>'
        "<p>Next.</p></div></body><back><div type='index'><p>Ada 1</p></div></back></text></TEI>"
    )
    assert tei_chapters(text) == ["A wellknown hyphenated man of the ship.\n\nA note.\n\nNext."]


def test_html_verse_lines_marked_by_class_stay_together() -> None:
    line = '<div class="verse indent0">{}</div>'
    stanza = '<div class="stanza">' + line.format("Come all ye") + line.format("young fellows") + "</div>"
    page = f'<html><body><p>Before.</p><div class="poetry">{stanza}{stanza}</div><p class="line">After.</p></body></html>'
    assert html_chapters(page) == ["Before.\n\nCome all ye\nyoung fellows\n\nCome all ye\nyoung fellows\n\nAfter."]


def test_latex_line_ends_that_the_author_set_stay() -> None:
    verse = "\\begin{verse}\nCome all ye \\\\\nyoung fellows\n\\end{verse}"
    source = f"\\begin{{document}}\nProse that\ngoes on.\n\n{verse}\n\\end{{document}}"
    assert latex_chapters(source) == ["Prose that goes on.\n\nCome all ye\nyoung fellows"]


def test_docx_contents_and_doubled_text_boxes_are_left_out(tmp_path: Path) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    space += ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'

    def paragraph(text: str, style: str = "") -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'

    both = f"<mc:Choice>{paragraph('Boxed')}</mc:Choice><mc:Fallback>{paragraph('Boxed')}</mc:Fallback>"
    body = (
        paragraph("Chapter 1 3", "TOC1")
        + paragraph("Chapter 1", "Heading1")
        + f"<mc:AlternateContent>{both}</mc:AlternateContent>"
    )
    document = f'<?xml version="1.0"?><w:document {space}><w:body>{body}{paragraph("End.")}</w:body></w:document>'
    data = make_zip({"[Content_Types].xml": "<Types/>", "word/document.xml": document})
    assert texts(read_one("books", tmp_path, "a.docx", data)) == ["Chapter 1\n\nBoxed\n\nEnd."]


def test_books_fb2_notes_come_last_and_without_their_numbers(tmp_path: Path) -> None:
    note = "<section id='n{0}'><title><p>{0}</p></title><p>Note {1}.</p></section>"
    fb2 = (
        "<?xml version='1.0'?><FictionBook xmlns='http://www.gribuser.ru/xml/fictionbook/2.0' "
        "xmlns:l='http://www.w3.org/1999/xlink'><body><section><title><p>1</p></title><p>It rained"
        "<a l:href='#n1' type='note'>[1]</a> all day.</p></section></body>"
        f"<body name='notes'><title><p>Notes</p></title>{note.format(1, 'one')}{note.format('[2]', 'two')}</body></FictionBook>"
    )
    (text,) = texts(read_one("books", tmp_path, "a.fb2", fb2.encode()))
    assert text.split("\n\n") == ["1", "It rained all day.", "Notes", "Note one.", "Note two."]
