"""XML and HTML into trees without anything that hostile documents use: no entities, no network, no DTD, bounded depth.

In: bytes or text. Out: the root element, or InputError("unreadable") where there is no element at all. Broken markup is
repaired as far as the parser can (`recover`). The encoding comes from `encoding.decode` with the document's declaration,
so a wrong declaration does not garble the text. Named HTML entities in XML are resolved from the standard table.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any

from curation.errors import InputError
from curation.sources.encoding import Decoded, decode

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_PROLOG = re.compile(r"\s*<\?xml[^>]*\?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[(?:[^\]\"']|\"[^\"]*\"|'[^']*')*\]\s*)?>", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = {"lt", "gt", "amp", "quot", "apos"}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def declared_charset(data: bytes) -> str | None:
    """The charset that the first 4 KiB name in an XML declaration or a meta element."""
    match = _DECLARED.search(data[:4096])
    return (match[1] or match[2]).decode("ascii", "ignore") if match else None


def decode_markup(data: bytes, transport: str | None = None) -> Decoded:
    return decode(data, transport or declared_charset(data))


def parse_xml(text: str, huge: bool = True) -> Any:
    """`huge` lifts libxml2's limits on text size (not needed below 10 MB a node); entities stay unresolved."""
    from lxml import etree

    text = _DOCTYPE.sub("", _PROLOG.sub("", text, count=1), count=1)
    text = _ENTITY.sub(_entity, _NOT_XML.sub("", text)).strip()
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=huge,
        remove_comments=True,
        remove_pis=True,
    )
    return _root(etree, text, parser)


def parse_html(text: str) -> Any:
    from lxml import etree

    text = _NOT_XML.sub("", _PROLOG.sub("", text, count=1)).strip()
    parser = etree.HTMLParser(no_network=True, recover=True, huge_tree=True, remove_comments=True, remove_pis=True)
    return _root(etree, text, parser)


def _root(etree: Any, text: str, parser: Any) -> Any:
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser) if isinstance(parser, etree.XMLParser) else None
        if root is None and not isinstance(parser, etree.XMLParser):
            root = etree.fromstring(text, parser) if text else None
    except (etree.LxmlError, ValueError) as error:
        raise InputError("unreadable", f"markup: {error}") from None
    if root is None:
        raise InputError("unreadable", "no element")
    return root


def _entity(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name in _XML_ENTITIES else html5.get(f"{name};", match[0])


def local_name(element: Any) -> str:
    """The tag without its namespace, lower case; empty for comments and entities."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
