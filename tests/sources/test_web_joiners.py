"""Joiners are spelling: the extractor must not take them out of Persian, Indic scripts and emoji."""

from __future__ import annotations

from curation.sources.web.pages import main_text

PERSIAN = "می‌خواهم کتاب‌هایی را که نوشته‌ام دوباره بخوانم و به خانه‌ی قدیمی بازگردم."


def test_main_text_keeps_joiners_written_as_characters_and_as_entities() -> None:
    paragraphs = "".join(f"<p>{PERSIAN} {number}</p>" for number in range(8))
    html = (
        f"<html><body><article>{paragraphs}<p>{PERSIAN.replace(chr(0x200C), '&zwnj;')} 👩\u200d💻 9</p></article></body></html>"
    )
    text = main_text(html)
    assert text.count(PERSIAN) == 9
    assert "👩\u200d💻" in text
