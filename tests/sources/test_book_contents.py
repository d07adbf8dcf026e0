"""Tables of contents made of links, which no class names; marks of notes; readings beside characters."""

from __future__ import annotations

import pytest

from curation.sources.htmltext import html_chapters

CHAPTER = """<h2>Chapter I</h2><p>The ship lay at anchor in the bay.</p>
<p>See <a href='#c2'>the next chapter</a>, or <a href='#c3'>III</a>.</p>"""
READ = "Chapter I\n\nThe ship lay at anchor in the bay.\n\nSee the next chapter, or III."
LINKS = [
    f"<a href='{target}'>{text}</a>" for target, text in (("#c1", "The Sea"), ("#c2", "The Land"), ("b.xhtml#c3", "The Sky"))
]


@pytest.mark.parametrize(
    "contents",
    [
        "<h2>CONTENTS</h2>" + "".join(f"<p>{number}. {link} {10 * number}</p>\n" for number, link in enumerate(LINKS, 1)),
        "<p>Spis treści</p><p>" + "<br/>".join(LINKS) + "</p>",
        "<h3>Оглавление</h3><ul>" + "".join(f"<li>{link}</li>" for link in LINKS) + "</ul>",
        "<table>" + "".join(f"<tr><td>I.</td><td>{link}</td><td>7</td></tr>" for link in LINKS) + "</table>",
        "<div>" + "".join(f"<div><p>{link}</p><!-- words in a comment --></div>" for link in LINKS) + "</div>",
    ],
)
def test_contents_of_links_go_with_their_heading(contents: str) -> None:
    assert html_chapters(f"<html><body>{contents}{CHAPTER}</body></html>") == [READ]


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ("<p><a href='#r1'>1</a> A note of some words.</p>" * 3, "1 A note of some words."),
        ("<p>Ahab, <a href='#p1'>1</a>, <a href='#p2'>2</a></p>" * 3, "Ahab, 1, 2"),
        ("<p><a href='#fn1'>one</a></p>" * 3, "one"),
        ("".join(f"<p>{link}</p>" for link in LINKS[:2]), "The Sea"),
        ("<ul>" + "<li><a href='https://example.org/a'>elsewhere</a></li>" * 4 + "</ul>", "elsewhere"),
    ],
)
def test_notes_indexes_and_links_elsewhere_stay(kept: str, text: str) -> None:
    (first, *_) = html_chapters(f"<html><body>{kept}{CHAPTER}</body></html>")
    assert text in first


def test_deep_and_long_lists_of_links_take_no_time_to_speak_of() -> None:
    nested = "<div>" * 200 + "".join(LINKS) * 3000 + "</div>" * 200
    assert html_chapters(f"<html><body>{nested}{CHAPTER}</body></html>")[-1] == READ


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Words<sup><a href='#n1'>1</a></sup> and<a href='notes.xhtml#n2'><sup>[2]</sup></a> more.</p>", "Words and more."),
        (
            "<p>Word<a href='#_ftn1'><span>[1]</span></a> and<a href='#n2'>2</a> so<span><a href='n.html#n3'>*</a></span>.</p>",
            "Word and so.",
        ),
        ("<p>It ended.<sup>3</sup> The area: 5 m<sup>2</sup>, see <a href='#c3'>3</a>.</p>", "It ended. The area: 5 m2, see 3."),
        ("<p>1. A note. <a href='c1.xhtml#r1'>↩\ufe0e</a></p>", "1. A note."),
        ("<p>So <math><msup><mi>x</mi><mn>2</mn></msup></math> is.</p>", "So $x^2$ is."),
        ("<p>So<span class='ltx_note'><span class='ltx_note_outer'>A note.</span></span> it is.</p>", "So it is.\n\nA note."),
        ("<p>10<sup>2</sup> m, the 5<sup>th</sup> <a href='#x'>see</a></p>", "10^2 m, the 5th see"),
        ("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>", "漢字"),
    ],
)
def test_marks_of_notes_and_readings_go(source: str, expected: str) -> None:
    assert html_chapters(f"<html><body>{source}</body></html>") == [expected]


@pytest.mark.parametrize("kind", ["copyright-page", "imprint", "colophon", "index", "loi"])
def test_imprints_and_indexes_that_say_so_go(kind: str) -> None:
    page = (
        f"<html><body><section epub:type='{kind}'><h2>All rights reserved</h2><p>Printed in Norway.</p></section>{CHAPTER}</body>"
    )
    assert html_chapters(f"{page}</html>") == [READ]
