"""LaTeX source as readable text, mathematics kept as LaTeX.

In: the source of one file or, with `load`, of a tree (`\\input`, `\\include`, `\\subfile` are followed).
Out: chapters (parts, chapters, sections), each with empty lines between paragraphs. Comments, preamble, bibliography,
pictures, tables, labels, citations and layout go, captions, footnotes and listings stay; the author's own macros and
acronyms are expanded; formatting commands leave their text. Mathematics stays between its delimiters as written, but for
labels. One pass with a table of matching braces, so the time is linear whatever is broken. Cost: about 3 MB/s.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from curation.sources.latex.acronyms import spelled_out
from curation.sources.latex.environments import LISTING, Manner
from curation.sources.latex.inputs import MAX_CHARS, body, with_inputs, without_skipped
from curation.sources.latex.language import PROOFS, has_shorthands, languages, quotes
from curation.sources.latex.macros import collect_macros, expand
from curation.sources.latex.reader import CHAPTER, LINE_END, Reader
from curation.sources.latex.symbols import THEOREMS
from curation.sources.pointers import END, MARK, without_marks

_OWN_MARKS = dict.fromkeys(map(ord, f"{CHAPTER}{LINE_END}{LISTING}{MARK}{END}"))
_LISTING = re.compile(f"{LISTING}(\\d+){LISTING}")
_TITLE = re.compile(r"\\(?:icml)?title\s*(?:\[[^\]]*\])?\s*(?=\{)")
_THEOREM = re.compile(r"\\newtheorem\*?\s*\{([A-Za-z]{1,30})\*?\}\s*(?:\[\w+\])?\s*\{([^{}\\]{1,40})\}")
_CITED = re.compile(r"\\bibitem\s*\[\{?([^()\[\]{}\\]{2,80})\(([12]\d{3}[a-z]?)\)[^\[\]]{0,600}\]\s*\{([^{}]{1,100})\}")


def latex_chapters(source: str, load: Callable[[str], str | None] = lambda name: None) -> list[str]:
    """Chapters (or sections where there are no chapters); the title opens the first."""
    source = source.replace("\r\n", "\n").translate(_OWN_MARKS)
    source = with_inputs(source, load)[:MAX_CHARS]
    macros, manner = collect_macros(source), _manner(source)
    title = _TITLE.search(source)
    text_of_body = spelled_out(expand(without_skipped(body(source)), macros), source)
    reader = Reader(text_of_body, manner)
    text = reader.text(0, len(text_of_body))
    if title:
        heading = Reader(expand(source[title.end() : title.end() + 2000], macros), manner)
        text = f"{heading.group(0)}\n\n{text}"
    chapters = [chapter for part in text.split(CHAPTER) if (chapter := _paragraphs(part))]
    return [_LISTING.sub(lambda match: reader.listings[int(match[1])], chapter) for chapter in chapters]


def _manner(source: str) -> Manner:
    spoken = languages(source)
    proof = PROOFS.get(spoken[0]) if spoken else None
    theorems = {"proof": proof} if proof else THEOREMS  # a class of another language has words of its own
    theorems = theorems | {name: title.strip() for name, title in _THEOREM.findall(source)}
    cited = {key.strip(): (author.replace("~", " ").strip(), year) for author, year, key in _CITED.findall(source)}
    return Manner(spoken, has_shorthands(spoken), quotes(spoken), theorems, cited)


def _paragraphs(text: str) -> str:
    """Single line ends are blanks in LaTeX, but a list item begins a line."""
    paragraphs = []
    for paragraph in re.split(r"\n[ \t]*\n\s*", text):
        joined = re.sub(r"[ \t]*\n(?!- )[ \t]*", " ", paragraph)
        joined = re.sub(rf"[ \t]*{LINE_END}\s*", "\n", joined).strip("\n")
        joined = without_marks(re.sub(r"[ \t]+\n", "\n", joined))
        joined = re.sub(r" ([,.)])(?=\s|$)", r"\1", re.sub(r"[ \t]{2,}", " ", joined)).strip(" ")
        if joined.strip(" -"):
            paragraphs.append(joined)
    return "\n\n".join(paragraphs)
