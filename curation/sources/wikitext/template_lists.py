"""Templates that show their arguments as a list: items on lines of their own, or side by side."""

from __future__ import annotations

from collections.abc import Callable

from curation.sources.wikitext.arguments import Arguments


def _items(arguments: Arguments) -> list[str]:
    return [value for value in arguments.positional if value]


def _lines(arguments: Arguments) -> str | None:
    title = arguments.get("title")
    items = ([title] if title else []) + _items(arguments)
    return "\n" + "\n".join(items) + "\n" if items else None


def _in_a_row(arguments: Arguments) -> str | None:
    return " · ".join(_items(arguments)) or None


def _block(arguments: Arguments) -> str | None:
    """A list written in wikitext inside the template: {{plainlist|* a\\n* b}}."""
    content = arguments[0] or arguments.get("text", "content", "items")
    return f"\n{content}\n" if content else None


def _enumeration(arguments: Arguments) -> str | None:
    items = _items(arguments)
    conjunction = arguments.get("conj", "conjunction") or "and"
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}" if len(items) > 1 else (items[0] if items else None)


RULES: dict[str, Callable[[Arguments], str | None]] = {
    **dict.fromkeys(
        ("unbulleted list", "ubl", "ublist", "ul", "unbullet", "ubt", "vunblist", "bulleted list", "blist", "ordered list",
        "numbered list", "collapsible list",
         "toggle list", "tree list text", "list", "liste", "lista", "список", "bullet list", "ubli", "lista desplegable",
         "nobullet list"), _lines),
    **dict.fromkeys(("hlist", "flat list items", "comma separated entries", "dot separated entries", "csl", "pipe list",
    "hlist-comma"), _in_a_row),
    **dict.fromkeys(
        ("plainlist", "plain list", "flatlist", "flat list", "flowlist", "startflatlist", "pagelist", "bare list",
        "div col content", "columns-list", "colonnes",
         "col-list", "col", "multicol content", "endplainlist text", "columnas", "plainlist text", "кол", "hidden text"), _block),
    **dict.fromkeys(("enum", "and list", "enumeration"), _enumeration),
}  # fmt: skip
