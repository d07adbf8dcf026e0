"""Tables of contents made of links, which no class names."""

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
