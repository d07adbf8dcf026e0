"""Books: what is text and what is frame, whatever the edition."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.source import Dropped, Record
from tests.sources.material import make_zip, prose, read_by_parts, read_one, texts, wrapped, write

STORY = "\n\n".join(
    f"CHAPTER {chapter}\n\n" + "\n\n".join(prose(120, chapter * 10 + i) for i in range(14)) for chapter in (1, 2, 3)
)
VERSE = (
    "The bell is low,\nthe boat is slow,\nand whither she goes\nnone of us know.\n\n"
    "The lamp is lit,\nwe stay and sit,\nthe tide comes in\nand we wait for it."
)

FRAMES = {
    "current": (
        "The Project Gutenberg EBook of The Quay, by Nobody\n\nThis eBook is for the use of anyone anywhere at no cost.\n\n"
        "Title: The Quay\n\n"
        "*** START OF THIS PROJECT GUTENBERG EBOOK THE QUAY ***\n\n\n\n\nProduced by A Volunteer and the Online "
        "Distributed\nProofreading Team\n\n\n",
        "\n\n\n\nEnd of the Project Gutenberg EBook of The Quay, by Nobody\n\n*** END OF THIS PROJECT GUTENBERG EBOOK THE "
        "QUAY ***\n\n"
        "***** This file should be named quay.txt *****\n\nSection 1. General Terms of Use of Project Gutenberg-tm "
        "electronic works\n",
    ),
    "broken over lines": (
        "The Project Gutenberg EBook of The Quay\n\n***START OF THE PROJECT GUTENBERG EBOOK THE QUAY, OR WHAT THE\nPILOT "
        "SAW***\n\n\nE-text prepared by Nobody\n\n\n",
        "\n\n***END OF THE PROJECT GUTENBERG EBOOK THE QUAY, OR WHAT THE\nPILOT SAW***\n\n******* This file should be "
        "named 1.txt *******\n",
    ),
    "small print": (
        "**Welcome To The World of Free Plain Vanilla Electronic Texts**\n\nThe Project Gutenberg Etext of The Quay\n\n"
        '***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***\nWhy is this "Small Print!" statement here? You '
        "know: lawyers.\n\n"
        "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\n\n\n",
        "\n\n\nEnd of The Project Gutenberg Etext of The Quay\n\n",
    ),
    "none": (
        "Project Gutenberg's The Quay, by Nobody\n\nThis etext is in the public domain, says Project Gutenberg.\n\n\n",
        "\n\nEnd of Project Gutenberg's The Quay\n",
    ),
}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_books_gutenberg_frame_of_any_era_goes_and_the_book_stays(tmp_path: Path, frame: str, line_end: str) -> None:
    head, tail = FRAMES[frame]
    book = (head + wrapped(STORY) + tail).replace("\n", line_end)
    bare = texts(read_one("books", tmp_path, "bare.txt", wrapped(STORY)))
    assert texts(read_one("books", tmp_path, "quay.txt", book)) == bare


def test_books_several_gutenberg_books_in_one_file_lose_their_frames_only(tmp_path: Path) -> None:
    head, tail = FRAMES["current"]
    book = head + wrapped(prose(3000)) + tail + head + wrapped(prose(3000, 5)) + tail
    text = " ".join(" ".join(texts(read_one("books", tmp_path, "two.txt", book))).split())
    assert "Gutenberg" not in text
    assert len(text.split()) == 6000


def test_books_a_text_that_mentions_gutenberg_keeps_its_paragraphs(tmp_path: Path) -> None:
    text = prose(60) + "\n\nShe had read it on Project Gutenberg the year before, and liked it.\n\n" + prose(60, 3)
    assert "She had read it on Project Gutenberg" in texts(read_one("books", tmp_path, "a.txt", text))[0]


def test_books_wrapped_prose_is_joined_and_verse_kept(tmp_path: Path) -> None:
    (text,) = texts(read_one("books", tmp_path, "a.txt", wrapped(prose(300)) + "\n\n" + VERSE + "\n\n" + wrapped(prose(300, 9))))
    blocks = text.split("\n\n")
    assert blocks == [prose(300), *VERSE.split("\n\n"), prose(300, 9)]


def test_books_table_in_wrapped_prose_keeps_its_lines(tmp_path: Path) -> None:
    table = "\n".join(
        f"Harbour {name}      {depth} fathoms        {boats} boats in the summer"
        for name, depth, boats in (("Aar", 3, 12), ("Bel", 7, 40), ("Cam", 9, 3))
    )
    (text,) = texts(read_one("books", tmp_path, "a.txt", wrapped(prose(400)) + "\n\n" + table + "\n\n" + wrapped(prose(400, 9))))
    assert table in text


def test_books_verse_of_even_lines_alone_is_not_taken_for_wrapped_prose(tmp_path: Path) -> None:
    verse = "\n".join(prose(7, i)[:-1][: 34 + i % 5] for i in range(80))
    (text,) = texts(read_one("books", tmp_path, "a.txt", verse))
    assert text.count("\n") == 79


def test_books_page_numbers_and_running_heads_go_and_sentences_are_joined(tmp_path: Path) -> None:
    lines = wrapped(prose(4000)).split("\n")
    pages = [lines[i : i + 30] for i in range(0, len(lines), 30)]
    text = "\n".join("\n".join([*page, "", str(number), "", "THE QUIET QUAY", ""]) for number, page in enumerate(pages, 11))
    (joined,) = texts(read_one("books", tmp_path, "a.txt", text))
    assert joined.split() == prose(4000).split()


def test_books_numbered_chapters_are_not_taken_for_pages(tmp_path: Path) -> None:
    text = "\n\n".join(f"{number}\n\n{wrapped(prose(100 + 97 * (number % 5), number))}" for number in range(1, 12))
    joined = "\n\n".join(texts(read_one("books", tmp_path, "a.txt", text)))
    assert all(f"{number}\n\n" in joined for number in range(1, 12))


def test_books_pieces_follow_chapters_and_keep_every_word(tmp_path: Path) -> None:
    found = read_one("books", tmp_path, "en/a.txt", STORY, max_document_bytes=16_384)
    assert [row.origin for row in found] == [f"en/a.txt#{number}" for number in range(1, len(found) + 1)]
    records = [row for row in found if isinstance(row, Record)]
    assert {row.work for row in records} == {"en/a.txt"}
    assert [row.ordinal for row in records] == list(range(1, len(found) + 1))
    assert all(len(row.text.encode()) <= 16_384 for row in records)
    assert " ".join(row.text for row in records).split() == STORY.split()


def test_books_another_edition_is_cut_at_the_same_paragraphs(tmp_path: Path) -> None:
    paragraphs = [prose(90 + i % 50, i) for i in range(400)]
    first = texts(read_one("books", tmp_path, "a.txt", "\n\n".join(paragraphs)))
    second = texts(read_one("books", tmp_path, "b.txt", "\n\n".join(["A preface of the second edition.", *paragraphs])))
    assert len(set(first) & set(second)) >= len(first) - 2


EPUB = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
                              'full-path="O/p.opf"/></rootfiles></container>',
    "O/p.opf": '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="n" href="nav.xhtml" '
               'media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="a" href="z%20one.xhtml" media-type="application/xhtml+xml"/><item id="b" href="a-two.xhtml" '
    'media-type="application/xhtml+xml"/>'
    '</manifest><spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>',
    "O/nav.xhtml": "<html><body><nav><ol><li>Contents list</li></ol></nav></body></html>",
    "O/z one.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><h1>One</h1>'
    '<p>First &amp; <i>foremost</i>,<a epub:type="noteref" href="#n">1</a> the&nbsp;quay.</p><aside epub:type="footnote" '
    'id="n"><p>A note.</p></aside></body></html>',
    "O/a-two.xhtml": "<html><body><h1>Two</h1><p>Line of verse<br/>and another</p></body></html>",
    "O/unlisted.xhtml": "<html><body><p>Not in the spine.</p></body></html>",
}  # fmt: skip


def test_books_epub_follows_the_spine_without_navigation(tmp_path: Path) -> None:
    (text,) = texts(read_one("books", tmp_path, "a.epub", make_zip(EPUB)))
    assert text == "One\n\nFirst & foremost, the\xa0quay.\n\nA note.\n\nTwo\n\nLine of verse\nand another"


def test_books_epub_with_encrypted_chapters_is_dropped(tmp_path: Path) -> None:
    locked = EPUB | {
        "META-INF/encryption.xml": '<encryption><EncryptedData><CipherData><CipherReference URI="O/a-two.xhtml"/>'
        "</CipherData></EncryptedData></encryption>"
    }
    assert texts(read_one("books", tmp_path, "a.epub", make_zip(locked))) == ["dropped: encrypted"]


def test_books_html_edition_drops_contents_page_numbers_and_scripts(tmp_path: Path) -> None:
    html = """<!DOCTYPE html><html><head><title>T</title><meta charset="windows-1250"></head>
      <body><div class="toc"><p>Chapter list</p></div>
      <h2>Rozdział I</h2><p>Zażółć <span class="pagenum">[12]</span>gęślą
      jaźń.</p><script>x()</script><table><tr><td>a</td><td>b</td></tr></table><pre>two
  lines</pre></body></html>"""
    (text,) = texts(read_one("books", tmp_path, "a.htm", html.encode("cp1250")))
    assert text == "Rozdział I\n\nZażółć gęślą jaźń.\n\na | b\n\ntwo\n  lines"


def test_books_tei_reads_regularized_text_verse_and_no_header(tmp_path: Path) -> None:
    tei = """<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><p>Header</p></teiHeader><text><body><div><head>I</head>
      <p>He <choice><sic>wnet</sic><corr>went</corr></choice> home<pb n="2"/> <fw>RUNNING</fw>late.</p>
      <lg><l>One line</l><l>Two lines</l></lg></div></body></text></TEI>"""
    assert texts(read_one("books", tmp_path, "a.xml", tei)) == ["I\n\nHe went home late.\n\nOne line\nTwo lines"]


def test_books_fb2_reads_bodies_without_description_and_images(tmp_path: Path) -> None:
    fb2 = """<?xml version="1.0" encoding="windows-1251"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0">
      <description><p>о книге</p></description>
      <body><section><title><p>Глава 1</p></title><p>Был вечер.<a type="note">[1]</a></p>
      <poem><stanza><v>раз</v><v>два</v></stanza></poem></section></body>
      <binary>AAAA</binary></FictionBook>"""
    assert texts(read_one("books", tmp_path, "a.fb2", fb2.encode("cp1251"))) == ["Глава 1\n\nБыл вечер.\n\nраз\nдва"]


def test_books_docx_reads_paragraphs_and_tables_without_deletions(tmp_path: Path) -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"""<w:document {w}><w:body><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>One</w:t></w:r></w:p>
      <w:p><w:r><w:t xml:space="preserve">Some </w:t></w:r>
      <w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>text</w:t></w:r></w:p>
      <w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"""
    docx = make_zip({"[Content_Types].xml": "<Types/>", "word/document.xml": body})
    assert texts(read_one("books", tmp_path, "a.docx", docx)) == ["One\n\nSome text\n\na | b"]


def test_books_pdf_of_images_is_quarantined_and_of_text_read(tmp_path: Path) -> None:
    import io

    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    empty = io.BytesIO()
    writer.write(empty)
    assert texts(read_one("books", tmp_path, "a.pdf", empty.getvalue())) == ["dropped: no_text_layer"]
    assert (
        "The harbour lay quiet"
        in texts(read_one("books", tmp_path, "b.pdf", text_pdf("The harbour lay quiet under a low grey sky.")))[0]
    )


def text_pdf(line: str) -> bytes:
    """The smallest PDF with one line of text."""
    content = f"BT /F1 12 Tf 20 100 Td ({line}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length " + str(len(content)).encode() + b">>stream\n" + content + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += str(number).encode() + b" 0 obj" + body + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n"
        + str(len(out)).encode()
        + b"\n%%EOF"
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "media"),
        (bytes(range(256)) * 8, "binary"),
        (b"{\\rtf1 text}", "unknown_format"),
        (b"   \n\n", "no_text"),
        (b"", "empty"),
    ],
)
def test_books_what_is_no_book_is_dropped_with_its_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    assert read_one("books", tmp_path, "a.txt", data) == [Dropped("a.txt", reason)]


def test_books_entity_bomb_and_external_entity_stay_unresolved(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.txt", "top secret").real
    bomb = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    tei = (
        f'<!DOCTYPE TEI [<!ENTITY e0 "ha">{bomb}<!ENTITY x SYSTEM "file://{secret}">]><TEI><text><body><p>Text &e11; &x; '
        "end.</p></body></text></TEI>"
    )
    (text,) = texts(read_one("books", tmp_path, "a.xml", tei))
    assert "secret" not in text
    assert len(text) < 100


def test_books_deeply_nested_markup_ends_in_a_reason_or_text(tmp_path: Path) -> None:
    for name, data in {
        "a.html": "<div>" * 200_000 + "x",
        "a.xml": "<TEI>" + "<div>" * 200_000,
        "a.tex": "\\section{" * 50_000,
    }.items():
        assert len(read_one("books", tmp_path, name, data)) == 1


def test_books_parts_of_a_large_file_hold_what_one_reader_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from curation.sources import segments

    monkeypatch.setattr(segments, "SEGMENT_BYTES", 1 << 16)
    monkeypatch.setattr(segments, "SEARCH_BYTES", 1 << 12)
    text = "\n\n".join("Zażółć " + prose(200, i) for i in range(400))
    file = write(tmp_path, "big.txt", text)
    whole = read_one("books", tmp_path, "big.txt", text)
    assert read_by_parts("books", file, 1 << 18) == whole
    assert " ".join(texts(whole)).split() == text.split()


def test_books_one_endless_line_is_cut_the_same_way_by_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from curation.sources import segments

    monkeypatch.setattr(segments, "SEGMENT_BYTES", 1 << 16)
    monkeypatch.setattr(segments, "SEARCH_BYTES", 1 << 12)
    file = write(tmp_path, "line.txt", "żółw" * 100_000)
    whole = read_one("books", tmp_path, "line.txt", "żółw" * 100_000)
    assert read_by_parts("books", file, 1 << 18) == whole
    assert "".join(texts(whole)) == "żółw" * 100_000
