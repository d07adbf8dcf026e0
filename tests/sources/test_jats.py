"""JATS as publishers write it: references of every style, formulas without TeX, notes, translations."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.source import Record
from curation.sources.jats import articles
from tests.sources.material import read_one


def read(body: str, front: str = "", back: str = "") -> str:
    space = 'xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink"'
    (article,) = articles(
        f"<article {space}><front><article-meta>{front}</article-meta></front><body>{body}</body>{back}</article>"
    )
    return "\n\n".join(article.chapters)


def ref(text: str) -> str:
    return f'<xref ref-type="bibr" rid="b">{text}</xref>'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"Tides{ref('<sup>1</sup>')}<sup>,</sup>{ref('<sup>2</sup>')}. Go<sup>{ref('1')}–{ref('3')}</sup> on.", "Tides. Go on."),
        (f"Tides ({ref('Lo, 2001')}; {ref('Roe et al., 2002')}; see also {ref('X')}) turn.", "Tides turn."),
        (f"{ref('Lo and Roe (2001)')} said so, as Ray ({ref('2003')}) did.", "Lo and Roe (2001) said so, as Ray did."),
        (f"Boats (n = 3; {ref('Lo, 2001')}, {ref('2002')}) go [{ref('1')},{ref('2')}–{ref('5')}].", "Boats (n = 3) go."),
        (f"Boats (Fig. 1 and {ref('Lo, 2001')}) go.", "Boats (Fig. 1 and) go."),
    ],
)  # fmt: skip
def test_jats_references_go_with_their_brackets_and_names_in_sentences_stay(source: str, expected: str) -> None:
    assert read(f"<p>{source}</p>") == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("<mml:mi>x</mml:mi><mml:mo>=</mml:mo><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac>", r"$x = \frac{1}{2}$"),
        ("<mml:msubsup><mml:mi>x</mml:mi><mml:mi>i</mml:mi><mml:mn>10</mml:mn></mml:msubsup>", "$x_i^{10}$"),
        ("<mml:mover><mml:mi>x</mml:mi><mml:mo>¯</mml:mo></mml:mover>", r"$\bar{x}$"),
        ("<mml:msqrt><mml:mi>a</mml:mi><mml:mo>+</mml:mo><mml:mn>1</mml:mn></mml:msqrt>", r"$\sqrt{a + 1}$"),
        ("<mml:mi>p</mml:mi><mml:mo>&lt;</mml:mo><mml:mn>0.05</mml:mn>", "p < 0.05"),
        (
            '<mml:semantics><mml:mi>x</mml:mi><mml:annotation encoding="application/x-tex">x^2</mml:annotation></mml:semantics>',
            "$x^2$",
        ),
    ],
)
def test_jats_formulas_in_mathml_keep_their_structure(formula: str, expected: str) -> None:
    assert read(f"<p>So <inline-formula><mml:math>{formula}</mml:math></inline-formula>.</p>") == f"So {expected}."


def test_jats_formula_nested_without_end_is_read_to_some_depth() -> None:
    formula = "<mml:msqrt>" * 200 + "<mml:mi>x</mml:mi>" + "</mml:msqrt>" * 200
    assert "x" in read(f"<p><inline-formula><mml:math>{formula}</mml:math></inline-formula></p>")


def test_jats_note_in_a_sentence_follows_its_paragraph() -> None:
    assert read("<p>Tides<fn><label>a</label><p>A note.</p></fn> turn.</p><p>Next.</p>") == "Tides turn.\n\nA note.\n\nNext."


def test_jats_code_verse_statements_and_running_heads() -> None:
    body = (
        "<preformat>if x:\n    y</preformat><verse-group><verse-line>One</verse-line><verse-line>Two</verse-line></verse-group>"
        "<statement><label>Theorem 1.</label><p>So.</p></statement>"
    )
    front = "<title-group><article-title>On tides</article-title><alt-title>Tides</alt-title></title-group>"
    back = '<back><sec sec-type="COI-statement"><title>Conflict of interest</title><p>None.</p></sec></back>'
    assert read(body, front, back) == "On tides\n\nif x:\n    y\n\nOne\nTwo\n\nTheorem 1.\n\nSo."


def test_jats_translation_is_an_article_of_its_own_and_letters_of_reviewers_are_none(tmp_path: Path) -> None:
    def part(kind: str, title: str) -> str:
        stub = f"<front-stub><title-group><article-title>{title}</article-title></title-group></front-stub>"
        return f'<sub-article article-type="{kind}">{stub}<body><p>{title} text.</p></body></sub-article>'

    article = (
        '<article><front><article-meta><article-id pub-id-type="doi">10.1/a</article-id></article-meta></front>'
        f"<body><p>Mareas.</p></body>{part('translation', 'Tides')}{part('decision-letter', 'Decision')}</article>"
    )
    found = [row for row in read_one("papers", tmp_path, "a.nxml", article) if isinstance(row, Record)]
    assert [(row.work, row.text) for row in found] == [
        ("doi:10.1/a", "Mareas."),
        ("doi:10.1/a#translation 1", "Tides\n\nTides text."),
    ]


def test_elsevier_articles_are_read_as_jats(tmp_path: Path) -> None:
    space = 'xmlns="http://www.elsevier.com/xml/ja/dtd" xmlns:ce="http://www.elsevier.com/xml/common/dtd"'
    head = (
        "<item-info><jid>X</jid><ce:doi>10.1/b</ce:doi></item-info><head><ce:title>On tides</ce:title>"
        "<ce:author-group><ce:author><ce:surname>Lo</ce:surname></ce:author></ce:author-group><ce:keywords><ce:keyword>tide</ce:keyword></ce:keywords></head>"
    )
    text = (
        '<ce:section><ce:section-title>Methods</ce:section-title><ce:para>Boats <ce:cross-ref refid="bib1">[1]</ce:cross-ref> '
        'go, <ce:cross-ref refid="fig1">Fig. 1</ce:cross-ref>.</ce:para><ce:para>Next.</ce:para></ce:section>'
    )
    tail = "<tail><ce:bibliography><ce:section-title>References</ce:section-title></ce:bibliography></tail>"
    article = f"<article {space}>{head}<body><ce:sections>{text}</ce:sections></body>{tail}</article>"
    root = "full-text-retrieval-response"
    answer = f'<?xml version="1.0"?><{root}><originalText>{article}</originalText></{root}>'
    (row,) = read_one("papers", tmp_path, "a.xml", answer)
    assert isinstance(row, Record)
    assert (row.work, row.text) == ("doi:10.1/b", "On tides\n\nMethods\n\nBoats go, Fig. 1.\n\nNext.")


def test_tei_of_papers_has_its_abstract_in_the_header(tmp_path: Path) -> None:
    header = (
        "<teiHeader><fileDesc><titleStmt><title>On tides</title></titleStmt></fileDesc><profileDesc><abstract><p>They turn.</p>"
        "</abstract></profileDesc></teiHeader>"
    )
    body = (
        '<p>Boats <ref type="bibr">[1,</ref> <ref type="bibr">2]</ref> go, say <ref type="bibr">Lo et al. (2001)</ref>.</p>'
        "<formula>E = m<label>(1)</label></formula><figure><label>1</label><figDesc>A boat.</figDesc></figure>"
    )
    back = '<back><div type="references"><listBibl><biblStruct><title>X</title></biblStruct></listBibl></div></back>'
    tei = f'<?xml version="1.0"?><TEI>{header}<text><body><div>{body}</div></body>{back}</text></TEI>'
    (row,) = read_one("papers", tmp_path, "a.tei.xml", tei)
    assert isinstance(row, Record)
    assert row.text == "On tides\n\nThey turn.\n\nBoats go, say Lo et al. (2001).\n\nE = m\n\nA boat."
