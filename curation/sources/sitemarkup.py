"""What generators of sites and programs for notes add to Markdown: Jekyll, Hugo, MkDocs, MDX, MyST, Obsidian.

In: a Markdown text, and a function that keeps a piece as it is until the end. Out: the text without what readers do not
see (comments, imports, embedded files, tables of contents made at the build), with titles of callouts, labels of tabs and
links by their text; code of `highlight` blocks, code spans and what stands in `raw` are kept as they are.
References: jekyllrb.com/docs/liquid/tags, gohugo.io/content-management/shortcodes, squidfunk.github.io/mkdocs-material,
mdxjs.com/docs/what-is-mdx, help.obsidian.md/syntax.
"""

from __future__ import annotations

import re
from collections.abc import Callable

OPENED, CLOSED = "\x06", "\x0e"  # braces that a generator shows

# None looks past the next beginning of its own kind: where nothing ends, that would take the square of a text's length.
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}((?:(?!\{%-?\s*raw\b).){0,100000}?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_COMMENT = re.compile(
    r"\{%-?\s*comment\s*-?%\}(?:(?!\{%-?\s*comment\b).){0,20000}?\{%-?\s*endcomment\s*-?%\}|\{/\*(?:(?!\{/\*).){0,5000}?\*/\}|(?<![\w%])%%[^%\n]{1,1000}%%"
    r"|^%%[ \t]*\n(?:[^\n]*\n){0,200}?%%[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_HIGHLIGHT = re.compile(
    r"\{%-?\s*(highlight|codeblock|code)\b[^%\n]*%\}\n?((?:(?!\{%-?\s*\1\b).){0,200000}?)\{%-?\s*end\1\s*-?%\}"
    r"|\{\{[<%]\s*(highlight|code)\b[^\n]*?[>%]\}\}\n?((?:(?!\{\{[<%]\s*\3\b).){0,200000}?)\{\{[<%]\s*/\s*\3\s*[>%]\}\}",
    re.DOTALL,
)
_SHOWN_SHORTCODE = re.compile(r"\{\{([<%])/\*(.{0,500}?)\*/([>%])\}\}")
_SPAN = re.compile(r"(?<![\\`])(`{1,3})(?!`)([^\n]{1,2000}?)(?<!`)\1(?!`)")
_ROLE = re.compile(r"(?<![\w`{])\{([a-z][\w:-]{1,30})\}`([^`<\n]{0,500}?)(?:[ \t]*<[^<>`\n]{1,300}>)?`")
_SCRIPT = re.compile(r"<(script|style)\b[^<>]{0,1000}>(?:(?!<\1\b).){0,200000}?</\1\s*>", re.DOTALL | re.IGNORECASE)
_MODULE = re.compile(
    r"^(?:import[ \t]+(?:[\w*{][^;\"']{0,1000}?\sfrom[ \t]+)?[\"'][^\"'\n]{1,200}[\"'];?[ \t]*"
    r"|export[ \t]+(?:const|default|let|function|async)[ \t][^\n]*(?:\n[ \t)}\]][^\n]*){0,200})$",
    re.MULTILINE,
)
_CONTENTS = re.compile(
    r"^[ \t]*(?:[*-]|1\.)[ \t]+[^\n]*\n\{:[ \t]*toc\b[^}\n]*\}[ \t]*$|^\[(?:TOC|\[_TOC_\])\][ \t]*$", re.MULTILINE
)
_SNIPPET = re.compile(r"^[ \t]*-+8<-+[^\n]*$|^\([\w.:-]{1,100}\)=[ \t]*$|^\*\[[^\]\n]{1,100}\]:[^\n]*$", re.MULTILINE)
_ADMONITION = re.compile(
    r"^([ \t]*)(?:(?:!!!|\?\?\?\+?)[ \t]+[\w-]+(?:[ \t]+[\w-]+)*|===[!+]?)(?:[ \t]+\"([^\"\n]*)\")?[ \t]*$", re.MULTILINE
)
_TITLED = re.compile(r"^([ \t]*):{3,}[ \t]*[\w-]+\[([^\]\n]*)\][ \t]*$", re.MULTILINE)
_CALLOUT = re.compile(r"^([ \t]*(?:>[ \t]?)+)\[![\w-]+(?:\|[^\]\n]*)?\][+-]?[ \t]*", re.MULTILINE)
_NOTE_LINK = re.compile(
    r"(?<!\w)(!?)\[\[(?![ \t])([^\[\]|#\n]{0,300})(?:#\^?([^\[\]|\n]{0,300}))?(?:\\?\|([^\[\]\n]{0,300}))?\]\](?!\()"
)
_BLOCK_NAME = re.compile(r"[ \t]\^[A-Za-z0-9-]{4,40}[ \t]*$", re.MULTILINE)
_MARKED = re.compile(r"(?<![=\w])==(?=[^\s=])([^=\n]{1,1000}?)(?<=[^\s=])==(?![=\w])")


def without_site_markup(text: str, keep: Callable[[str], str], keep_block: Callable[[str], str]) -> str:
    """`keep` gives a mark for a piece of a line, `keep_block` one for lines."""
    if "{" in text:
        text = _RAW.sub(lambda match: match[1].replace("{", OPENED).replace("}", CLOSED), text)
        text = _HIGHLIGHT.sub(lambda match: keep_block(match[2] or match[4] or ""), text)
        text = _SHOWN_SHORTCODE.sub(rf"{OPENED * 2}\1\2\3{CLOSED * 2}", text)
        text = _ROLE.sub(_role, text)
    if "`" in text:
        text = _SPAN.sub(lambda match: keep(match[2].strip()), text)
    text = _SCRIPT.sub("", text) if "<s" in text or "<S" in text else text
    text = _SNIPPET.sub("", _CONTENTS.sub("", _MODULE.sub("", _COMMENT.sub("", text))))
    text = _TITLED.sub(r"\1\2", _ADMONITION.sub(_heading, text))
    if "[!" in text:
        text = _CALLOUT.sub(r"\1", text)
    if "[[" in text:
        text = _NOTE_LINK.sub(_note_link, text)
    return _MARKED.sub(r"\1", _BLOCK_NAME.sub("", text))


def shown(text: str) -> str:
    """The braces of `raw` pieces back in their places."""
    return text.replace(OPENED, "{").replace(CLOSED, "}")


def _role(match: re.Match[str]) -> str:
    """MyST: {ref}`words <target>` shows its words, {math}`x` a formula, {cite}`key` a mark."""
    if match[1].startswith("cite"):
        return ""
    return f"${match[2]}$" if match[1] == "math" else match[2]


def _heading(match: re.Match[str]) -> str:
    return match[1] + match[2] if match[2] else ""


def _note_link(match: re.Match[str]) -> str:
    """A link to a note by its alias or its name; nothing for what is embedded. `[[1]]` is no note."""
    embedded, target, part, alias = match[1], match[2].strip(), match[3], match[4]
    if embedded:
        return ""
    if not any(map(str.isalpha, f"{target}{part or ''}")):
        return match[0]
    return (alias or "").strip() or " > ".join(each for each in (target, part) if each)
