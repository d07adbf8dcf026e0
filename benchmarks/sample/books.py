"""Plain-text books: a Gutenberg text with licence, other encodings, hard-wrapped lines, verse, copies of a tale."""

import textwrap

from benchmarks.sample import banks
from benchmarks.sample.edits import edited_copy, jaccard
from benchmarks.sample.sample import Sample, main_sentence, shared_probes
from benchmarks.sample.words import SUBSTITUTES

CHAPTER = {"en": "Chapter", "pl": "Rozdział", "ru": "Глава", "fa": "فصل"}
TITLE = {
    "en": "Chronicle of Saltmarsh",
    "pl": "Kronika Zawietrznej Górki",
    "ru": "Летопись города Затонска",
    "fa": "وقایع‌نامهٔ نمک‌آباد",
}
CANARIES = {
    "en": ("email", "phone", "iban", "us_ssn"),
    "pl": ("email", "pesel", "iban"),
    "ru": ("phone", "snils", "inn"),
    "fa": ("email", "phone", "ir_national_code"),
}

GUTENBERG_HEADER = """\
The Project Gutenberg eBook of {title}

This eBook may be read by anyone, anywhere, at no cost and with hardly any
conditions, under the terms of the Project Gutenberg License that stands at
the end of the file or online at www.gutenberg.org. Readers outside the
United States should look up the laws of their own country first.

Title: {title}

Author: Philippa Underhay

Release date: March 1, 2024 [eBook #99001]

Language: English

Credits: Produced by the night shift of the Saltmarsh reading room

*** START OF THE PROJECT GUTENBERG EBOOK {upper} ***
"""
GUTENBERG_FOOTER = """\
*** END OF THE PROJECT GUTENBERG EBOOK {upper} ***

Updated editions will take the place of earlier ones, and the earlier ones
will be given other names.

THE FULL PROJECT GUTENBERG LICENSE

Section 1. General Terms of Use and Redistributing Project Gutenberg works

1.A. Whoever reads or uses any part of this Project Gutenberg work shows by
doing so that the terms of this license have been understood and accepted.

1.B. "Project Gutenberg" is a registered trademark and may only be used in
the ways that paragraph 1.E allows.

Section 2. Information about the Mission of Project Gutenberg

Volunteers and financial support to provide volunteers with the assistance
they need are critical to reaching the goals of the Project.
"""
OLD_HEADER = """\
**The Project Gutenberg Etext of {title}**

Please take a look at the important information in this header. We encourage
you to keep this file on your own disk. Do not remove this.

**Welcome To The World of Free Plain Vanilla Electronic Texts**

***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***
Why is this "Small Print!" statement here? You know: lawyers. They tell us
you might sue us if there is something wrong with your copy of this etext.
*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*
"""


def write(sample: Sample) -> None:
    _gutenberg(sample)
    _old_gutenberg(sample)
    _chronicle(sample, "books/en/saltmarsh_reader.txt", "en", "utf-8", wrap=None, tales=0)
    _chronicle(sample, "books/pl/kronika.txt", "pl", "utf-8", wrap=None, tales=3)
    _chronicle(sample, "books/pl/dodatek_1250.txt", "pl", "cp1250", wrap=68, tales=0)
    _chronicle(sample, "books/ru/letopis.txt", "ru", "cp1251", wrap=64, tales=2)
    _chronicle(sample, "books/ru/letopis_tom2.txt", "ru", "utf-8", wrap=None, tales=1)
    _chronicle(sample, "books/fa/vaghaye.txt", "fa", "utf-8-sig", wrap=None, tales=3)
    address = sample.canary("email", "en", "books/en", "file_name")
    _chronicle(sample, f"books/en/notes from {address}.txt", "en", "utf-8", wrap=72, tales=0)
    _copies(sample)


def chapter(sample: Sample, path: str, lang: str, number: int, num_paragraphs: int, canary: str | None = None) -> list[str]:
    """Paragraphs of one chapter; a canary's sentence ends the second one."""
    found = sample.prose(lang, f"{path}:{number}").paragraphs(num_paragraphs)
    facts = banks.lines(lang, "facts")
    if number <= len(facts) and path.endswith(("reader.txt", "kronika.txt", "letopis_tom2.txt", "vaghaye.txt")):
        found.insert(1, facts[number - 1] + " " + sample.prose(lang, f"{path}:{number}:fact").paragraph(3))
        sample.survives(facts[number - 1].rstrip("."), lang, path, "numbers that are not personal data")
    if canary:
        found[1] += " " + sample.carrier(canary, lang, path)
    sample.survives(main_sentence(found[-1]), lang, path, "prose")
    return found


def _book(sample: Sample, path: str, lang: str, chapters: int, paragraphs: int, tales: int) -> list[tuple[str, list[str]]]:
    """(heading, paragraphs) of tales from the bank and chapters of sentences, and one chapter of verse."""
    sections = []
    for _ in range(tales):
        tale = sample.essay(lang, "books")
        sections.append((tale.title, list(tale.paragraphs)))
        sample.survives(main_sentence(tale.paragraphs[1]), lang, path, "prose")
    kinds = CANARIES[lang]
    for number in range(1, chapters + 1):
        canary = kinds[number - 1] if number <= len(kinds) else None
        sections.append((f"{CHAPTER[lang]} {number}", chapter(sample, path, lang, number, paragraphs, canary)))
    return sections


def _render(title: str, sections: list[tuple[str, list[str]]], wrap: int | None) -> str:
    def laid(paragraph: str) -> str:
        return textwrap.fill(paragraph, wrap, break_long_words=False, break_on_hyphens=False) if wrap else paragraph

    parts = [title.upper()]
    for heading, paragraphs in sections:
        parts.append("\n" + heading)
        parts.extend(laid(p) for p in paragraphs)
    return "\n\n".join(parts) + "\n"


def _verse(sample: Sample, path: str, lang: str) -> str:
    parts = []
    for poem in banks.poems(lang):
        parts.append(poem.title + "\n\n" + "\n\n".join("\n".join("    " + line for line in stanza) for stanza in poem.stanzas))
        sample.survives(poem.stanzas[0][1], lang, path, "a line of verse")
    return "\n\n\n" + "\n\n\n".join(parts) + "\n"


def _chronicle(sample: Sample, path: str, lang: str, encoding: str, *, wrap: int | None, tales: int) -> None:
    sections = _book(sample, path, lang, chapters=6, paragraphs=6, tales=tales)
    verse = _verse(sample, path, lang) if tales == 3 or path.endswith(("reader.txt", "tom2.txt")) else ""
    text = _render(TITLE[lang], sections, wrap) + verse
    sample.add(path, text.encode(encoding))
    sample.answers.expect_kept("books", lang)


def _gutenberg(sample: Sample) -> None:
    path, title = "books/en/99001-0.txt", "The Clockmaker's Apprentice, and the Winter Chronicle"
    sections = _book(sample, path, "en", chapters=6, paragraphs=6, tales=1)
    marks = {"title": title, "upper": title.upper()}
    text = GUTENBERG_HEADER.format(**marks) + "\n\n" + _render(title, sections, 72) + "\n\n" + GUTENBERG_FOOTER.format(**marks)
    sample.add(path, text.replace("\n", "\r\n"))
    sample.answers.expect_kept("books", "en")
    for phrase in (
        "Project Gutenberg",
        "*** START OF",
        "*** END OF",
        "shows by doing so that the terms of this license",
        "Volunteers and financial support",
    ):
        sample.vanishes(phrase, "en", path, "licence of the edition")


def _old_gutenberg(sample: Sample) -> None:
    path, title = "books/en/99002.txt", "The Second Winter Chronicle"
    sections = _book(sample, path, "en", chapters=5, paragraphs=6, tales=0)
    text = (
        OLD_HEADER.format(title=title)
        + "\n\n"
        + _render(title, sections, 66)
        + f"\n\nEnd of The Project Gutenberg Etext of {title}\n"
    )
    sample.add(path, text.encode("latin-1"))
    sample.answers.expect_kept("books", "en")
    for phrase in ("SMALL PRINT", "They tell us you might sue us", "Free Plain Vanilla Electronic Texts"):
        sample.vanishes(phrase, "en", path, "licence of the edition")


def _copies(sample: Sample) -> None:
    """A tale twice, byte for byte; another with a few words changed; in each language."""
    for lang in banks.LANGUAGES:
        tale = sample.essay(lang, "books")
        path, copy = f"books/{lang}/tale.txt", f"books/{lang}/mirror/TALE_COPY.TXT"
        text = f"{tale.title}\n\n{tale.text}\n"
        sample.add(path, text)
        if lang in ("en", "ru"):
            sample.add(copy, text)
            twin_text, case_id, family = text, f"exact-books-{lang}", ("exact_duplicate",)
        else:
            twin_text = edited_copy(text, SUBSTITUTES[lang], 0.88, sample.rng(copy))
            sample.add(copy, twin_text)
            case_id, family = f"near-books-{lang}", ("near_duplicate",)
        sample.case(
            case_id,
            copy,
            "dropped",
            *family,
            probes=shared_probes(tale.paragraphs, twin_text),
            twin=path,
            jaccard=round(jaccard(text, twin_text), 4),
            note="either of the two is the keeper; exactly one stays",
        )
        sample.answers.expect_kept("books", lang)
