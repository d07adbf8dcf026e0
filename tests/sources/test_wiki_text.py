"""Wikitext to text: what a reader of the page would see."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.sources.wikitext import plain_text
from curation.sources.wikitext.site import site_of

CASES = {
    "links": ("A [[town|city]]s and [[river]], [[:Category:X|all]]", "A citys and river, all"),
    "category and picture": ("Text.[[Category:X]] [[File:a.jpg|20px]]", "Text."),
    "framed picture": ("[[File:a.jpg|thumb|left|A [[blue]] hat]]\nText", "A blue hat\n\nText"),
    "external links": ("See [https://example.org the site] or [https://example.org/x].", "See the site or."),
    "quotes": ("'''Bold''' and ''it'' and the dog''s'' l'''amour'''", "Bold and it and the dogs lamour"),
    "heading": ("== One ==\ntext\n=== Two ===\nmore", "One\n\ntext\n\nTwo\n\nmore"),
    "lists": ("* a\n** b\n# c\n; term : meaning", "a\nb\nc\nterm\nmeaning"),
    "table": ('{| class="x"\n|+ Caption\n! A !! B\n|-\n| style="y" | 1 || 2\n|}', "Caption\nA\tB\n\n1\t2"),
    "nested table": ("{|\n| a\n{|\n| b\n|}\n| c\n|}", "a\n\nb\n\nc"),
    "nowiki": ("<nowiki>[[x]] '''y'''</nowiki>", "[[x]] '''y'''"),
    "comment on its own line": ("a\n<!-- x -->\nb", "a\nb"),
    "unclosed comment": ("a <!-- b", "a"),
    "references": ("Fact <ref name=a>Book</ref>, and <ref name=a />more.<references />", "Fact, and more."),
    "maths": ("so <math>x^2  + 1</math> holds", "so x^2 + 1 holds"),
    "entities": ("a&nbsp;b &lt;i&gt; &#8212; &amp;amp; &bogus;", "a b <i> — &amp; &bogus;"),
    "html": ("<div>a<br/>b</div> <span style='x'>c</span> <unknown>", "a\nb\n c <unknown>"),
    "switches": ("__NOTOC__ a __init__ b", "a __init__ b"),
    "infobox": ("{{Infobox town\n| name = X\n| map = {{Map|a|b}}\n}}\n'''X''' is", "X is"),
    "empty brackets": ("X ({{IPA|x}}; {{respell|x}}) is", "X is"),
    "brackets with the rest": ("X ({{IPA|x}}; born 1900) is", "X (born 1900) is"),
    "language template": ("({{lang-fr|bon mot}}, {{lang|la|verbum}})", "(bon mot, verbum)"),
    "dates": ("{{birth date|1950|3|9}} {{start date|2001|2|3|df=y}}", "March 9, 1950 3 February 2001"),
    "units": ("{{convert|5|km|mi}} {{cvt|3|to|4|ft}} {{val|7|u=kg}}", "5 km 3 to 4 ft 7 kg"),
    "quotation": ("Before\n{{quote|Words ''said''.|author=Ada}}\nAfter", "Before\n\nWords said.\n— Ada\n\nAfter"),
    "parser functions": ("{{#if: x | yes | no }}{{#if: | yes | no}} {{lc:ABC}} {{PAGENAME}}", "yesno abc Title"),
    "parameters": ("{{{1|default}}} {{{2}}}", "default"),
    "bar by template": ("{| class=x\n{{!}} a {{!}}{{!}} b\n|}", "a\tb"),
    "unbalanced braces": ("a {{b [[c]] }} d }} e {{ f", "a d  e  f"),
    "gallery": ("<gallery>\nFile:a.jpg|First ''one''\nFile:b.jpg\n</gallery>", "First one"),
    "language variants": ("-{zh-hans:计算机; zh-hant:電腦}- -{R|raw}-", "计算机 raw"),
    "centuries and hard blanks": ("{{s|XIX}} {{s|12 km}}", "XIXe siècle 12 km"),
    "redirect": ("#REDIRECT [[Target#part]]", "Target"),
    "switch takes the case that fits": ("{{#switch: b | a = one | b | c = two | #default = x}}", "two"),
    "switch without a case takes the last": ("{{#switch: z | a = one | [[b|other]]}}", "other"),
    "power of ten": ("5{{e|6}} m, XX{{e}} siècle", "5×10^6 m, XXe siècle"),
    "century of the French wiki": ("au {{XIXe siècle}}, à {{heure|12|30}}", "au XIXe siècle, à 12 h 30"),
    "Russian dates": ("{{ДР|5|6|1990}}, {{дата смерти|2001|1|12}}", "5 июня 1990, 12 января 2001"),
    "exponents": ("5×10<sup>6</sup> m<sup>2</sup>, the 5<sup>th</sup>, 10<sup>−3</sup>", "5×10^6 m2, the 5th, 10^−3"),
    "hard blanks of the Spanish wiki": ("a{{esd}}b, {{esd|10 km}}", "a b, 10 km"),
    "height": ("{{height|ft=5|in=9}} or {{height|m=1.75}}", "5 ft 9 in or 1.75 m"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(CASES))
def test_wikitext_construct_reads_as_on_the_page(case: str) -> None:
    source, expected = CASES[case]
    assert plain_text(source, title="Title") == expected


def test_wikitext_words_of_the_site_name_its_namespaces() -> None:
    site = site_of("ltgwiki", "ltg", {6: "Fails", 14: "Kategoreja"})
    assert plain_text("a [[Fails:x.jpg|thumb|b]] [[Kategoreja:y]]c [[Image:z.png]]", site) == "a\nb\n c"


def test_wikitext_sections_left_empty_are_dropped_on_request() -> None:
    source = "Lead\n== Kept ==\n=== Also ===\ntext\n== Gone ==\n{{reflist}}\n=== Gone too ===\n== See ==\n* x"
    assert plain_text(source, drop_empty_sections=True) == "Lead\n\nKept\n\nAlso\n\ntext\n\nSee\n\nx"


MARKUP = ["[[", "]]", "{{", "}}", "{{{", "}}}", "{|", "|}", "|-", "|", "!!", "==", "''", "'''", "<ref>", "</ref>", "<nowiki>",
    "</nowiki>", "<!--", "-->", "\n",
          "*", ";", ":", " ", "a", "File:x.jpg", "Category:", "[http://x ", "]", "-{", "}-", "<div>", "&amp;", "__TOC__", "(",
          ")", "#if:", "lang|en|", "\x7f0\x7f", "\x1a"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MARKUP), max_size=60))
def test_wikitext_of_any_shape_gives_text_without_marks(pieces: list[str]) -> None:
    text = plain_text("".join(pieces), drop_empty_sections=True)
    assert not set(text) & set("\x7f\x1a\x1c\x1d\x0e\x0f")
    if "<nowiki>" not in pieces:
        assert "[[" not in text and "{{" not in text


def test_wikitext_marks_that_removed_marks_leave_go_too() -> None:
    text = plain_text("-{[[{{{}} a [{{[ b " + "[{" * 40 + "[[" + "{[" * 40)
    assert "[[" not in text and "{{" not in text and "a" in text and "b" in text


@pytest.mark.parametrize(
    "pair", ["{{a|", "[[a|[[", '<ref a="', "[http://x ", "{|\n|", "''a\n", "<!-- ", "-{a|", "=a\n", "{{{", "<b ", "( {{x}} ,"]
)
def test_wikitext_hostile_repetition_takes_time_that_grows_with_its_length(pair: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        plain_text(pair * count)
        return time.process_time() - start

    small, large = seconds(4_000), seconds(32_000)
    assert large < 40 * max(small, 0.005)
