"""Papers in Markdown, as pandoc, Quarto, R Markdown and JOSS read them.

In: a Markdown text with its front matter. Out: chapters: title and abstract of the front matter first; captions of figures and
tables stay, citations, cross-references, labels and a list of references that only its heading stands for go.
"""

from __future__ import annotations

import re
from textwrap import dedent

from curation.sources.markdown import CITATION, front_matter, markdown_chapters
from curation.sources.pointers import MARK, without_marks

KEPT = "\ufdd2"

_CODE = re.compile(
    r"^([ \t]*)(`{3,}+|~{3,}+)[^\n]*\n.*?^[ \t]*\2[`~]*[ \t]*$|`[^`\n]+`|\$\$.+?\$\$|\$(?![\s)$])[^$\n]{1,400}(?<![\s(])\$(?!\d)",
    re.MULTILINE | re.DOTALL,
)
_BLOCK_FIELD = r"^{}:[ \t]*[|>][-+\d]*[ \t]*\n((?:[ \t]+[^\n]*\n|[ \t]*\n)+)"
_FIGURE = re.compile(
    r"^[ \t]{0,3}!\[((?:[^\[\]]|\[[^\[\]]*\]){1,5000}+)\]\([^()\n]{0,500}(?:\([^()\n]*\)[^()\n]*)?\)(?:[ ]?\{[^}\n]*\})?[ \t]*$",
    re.MULTILINE,
)
_TABLE_CAPTION = re.compile(r"(?<=\n\n)(?:Table)?:[ \t]+(?=\S)([^\n]*?)(?:[ \t]*\{[#.][^}\n]*\})?[ \t]*$", re.MULTILINE)
_EQUATION_NAME = re.compile(r"(?<=\$\$)[ \t]*\{#[^}\n]*\}")
_UNNUMBERED = re.compile(r"^(#{1,6} [^\n]*?)[ \t]*\{-\}[ \t]*$", re.MULTILINE)
_INLINE_NOTE = re.compile(r"[ ]?\^\[((?:[^\[\]]|\[[^\[\]]*\]){1,2000}+)\]")
_LAYOUT = re.compile(
    r"\\label\{[^{}\n]*\}|\\(?:newpage|pagebreak|clearpage|noindent|centering|appendix|maketitle|(?:med|big|small)skip)\b[ \t]*"
)
_LATEX_POINTER = re.compile(
    r"\\(?:[Cc]ite\w*|auto(?:cite|ref)|(?:paren|text)cite|eqref|[cC]?ref|pageref)\*?(?:\[[^\]\n]*\]){0,2}\{[^{}\n]*\}"
)
_KIND = {"fig": "Figure", "tbl": "Table", "tab": "Table", "eq": "Equation", "sec": "Section", "lst": "Listing", "thm": "Theorem"}
_NUMBERED = re.compile(r"\(@eq[:-][\w:.-]*\w\)")
_CROSS = re.compile(
    r"(?<![\w@\\])\[?((?:[Ff]ig(?:ure|s?\.)|[Tt]ab(?:le|\.)|[Ee]q(?:uation|s?\.)|[Ss]ec(?:tion|\.)|[Tt]heorem)[ \u00a0])?"
    r"@(fig|tbl|tab|eq|sec|lst|thm)[:-][\w:.-]*\w\]?"
)
_PAGES = r"(?:[ ]\[pp?\.[^\]\n]{1,40}\])?"
_CITED = re.compile(rf"(?<![\w@\\`/.])-?@(?:\{{[^{{}}\n]{{1,80}}\}}|[A-Za-z_][\w:.#$%&+?<>~/-]*\w){_PAGES}")
_CITED_SURELY = re.compile(rf"(?<![\w@\\`/.])-?@[A-Za-z_][\w:-]*\d[\w:-]*{_PAGES}")
_CHUNK_OPTION = re.compile(r"^[ \t]*(?:#|//|--|%)\|[^\n]*\n", re.MULTILINE)
_BARE_HEADING = re.compile(r"^#{1,6} [^\n]*\s*(?:<[^\n]*\s*|:::[^\n]*\s*)*\Z", re.MULTILINE)


def paper_chapters(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace(MARK, "").replace(KEPT, "")
    fields, body = front_matter(text)
    front = text[: len(text) - len(body)]
    has_bibliography = "bibliography" in fields or "references" in fields
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(_CHUNK_OPTION.sub("", match[0]) if match[2] else match[0])
        return f"{KEPT}{len(kept) - 1}{KEPT}"

    body = _prose(_CODE.sub(keep, body), has_bibliography)
    body = re.sub(f"{KEPT}(\\d+){KEPT}", lambda match: kept[int(match[1])], body)
    chapters = markdown_chapters(_EQUATION_NAME.sub("", body))
    if len(chapters) > 1 and "\n" not in chapters[-1].strip() and _BARE_HEADING.search(body[-400:]):
        chapters.pop()
    said = [_block(front, name) or fields.get(name, "") for name in ("title", "subtitle", "abstract")]
    head = [" ".join(markdown_chapters(each)) for each in said if each and not each.startswith(("|", ">"))]
    return [*head, *chapters]


def _block(front: str, name: str) -> str:
    """A field of YAML that goes on over indented lines."""
    match = re.search(_BLOCK_FIELD.format(name), front, re.MULTILINE | re.IGNORECASE)
    return dedent(match[1]).strip() if match else ""


def _prose(text: str, has_bibliography: bool) -> str:
    text = _FIGURE.sub(r"\n\1\n", _UNNUMBERED.sub(r"\1", text))
    text = _TABLE_CAPTION.sub(r"\1", text)
    text = _INLINE_NOTE.sub(r" (\1)", _LAYOUT.sub("", text))
    text = _NUMBERED.sub(MARK, text)
    text = _CROSS.sub(lambda match: match[1].strip() if match[1] else _KIND[match[2]], text)
    text = _LATEX_POINTER.sub(MARK, text)
    text = CITATION.sub(MARK, text)
    return without_marks((_CITED if has_bibliography else _CITED_SURELY).sub(MARK, text))
