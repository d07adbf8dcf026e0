"""DOCX and ODT as word processors of any language write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.material import make_zip, read_one, texts

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RAISED = "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>6</w:t></w:r>"
HIDDEN = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Gone</w:t></w:r>"
FORMULA = (
    "<m:oMath><m:f><m:fPr/><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
)


def run(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


def paragraph(content: str, style: str = "", properties: str = "") -> str:
    return f"<w:p><w:pPr><w:pStyle w:val='{style}'/>{properties}</w:pPr>{content}</w:p>"


CELL = paragraph(run("a"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (paragraph(run("10") + RAISED + run(" boats")), "10^6 boats"),
        (paragraph(run("So ") + FORMULA + run(".")), r"So $\frac{1}{2}x^2$."),
        (paragraph(HIDDEN + run("Seen")), "Seen"),
        (paragraph(f"<w:moveFrom>{run('Moved')}</w:moveFrom><w:moveTo>{run('Moved')}</w:moveTo>"), "Moved"),
        (paragraph(run("One"), "", "<w:numPr><w:numId w:val='1'/></w:numPr>"), "- One"),
        (paragraph(run("So ") + f"<w:txbxContent>{paragraph(run('Boxed'))}</w:txbxContent>" + run("on")), "Boxed\n\nSo on"),
        (f"<w:tbl><w:tr><w:tc>{CELL}{CELL}</w:tc><w:tc>{CELL}</w:tc></w:tr></w:tbl>", "a a | a"),
        (paragraph(run("Erstes 3"), "Inhalt1") + paragraph(run("Erstes"), "berschrift1"), "Erstes"),
    ],
)  # fmt: skip
def test_docx_text_is_read_as_it_is_seen(tmp_path: Path, content: str, expected: str) -> None:
    names = "<w:style w:styleId='Inhalt1'><w:name w:val='toc 1'/></w:style>"
    data = make_zip(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {W}><w:body>{content}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {W}>{names}</w:styles>",
        }
    )
    assert texts(read_one("books", tmp_path, "a.docx", data)) == [expected]


def test_odt_notes_follow_their_paragraph_and_contents_go(tmp_path: Path) -> None:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "drawing")
    )
    words = "<text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body>"
    note = f"<text:note>{words}</text:note>"
    contents = (
        "<text:table-of-content><text:index-body><text:p>One<text:tab/>1</text:p></text:index-body></text:table-of-content>"
    )
    body = f"{contents}<text:h>One</text:h><text:p>Tides{note} turn<text:tab/>here.</text:p><text:p>End.</text:p>"
    content = f"<office:document-content {spaces}><office:text>{body}</office:text></office:document-content>"
    data = make_zip({"META-INF/manifest.xml": "<m/>", "content.xml": content})
    assert texts(read_one("books", tmp_path, "a.odt", data)) == ["One\n\nTides turn here.\n\nA note.\n\nEnd."]
