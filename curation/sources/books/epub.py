"""EPUB 2 and 3: the spine in order, notes where they stand, without navigation.

In: a zip as a seekable stream. Out: chapters. Left out: the table of contents, landmarks, page lists, covers without
text, links to notes. A package that cannot be read falls back to all XHTML files by name. Items under DRM raise
InputError("encrypted"); obfuscated fonts do not matter.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import Any
from urllib.parse import unquote

from curation.errors import InputError
from curation.sources.htmltext import html_chapters
from curation.sources.xmltree import decode_markup, local_name, parse_xml
from curation.sources.zipdocuments import zip_read

_NOT_TEXT = frozenset(["toc", "cover", "loi", "lot", "copyright-page", "colophon", "index"])
_PAGE = re.compile(r"\.x?html?$", re.IGNORECASE)


def epub_chapters(archive: zipfile.ZipFile) -> list[str]:
    """One string a chapter."""
    encrypted = _encrypted(archive)
    chapters: list[str] = []
    for name in _spine(archive):
        if name in encrypted:
            raise InputError("encrypted", name)
        chapters += _page(archive, name)
    return chapters


def _page(archive: zipfile.ZipFile, name: str) -> list[str]:
    try:
        return html_chapters(decode_markup(zip_read(archive, name)).text)
    except InputError as error:
        if error.reason == "archive_bomb":
            raise
        return []


def _spine(archive: zipfile.ZipFile) -> list[str]:
    names = archive.namelist()
    try:
        package = _package_name(archive)
        root = parse_xml(decode_markup(zip_read(archive, package)).text)
    except InputError:
        return sorted(name for name in names if _PAGE.search(name))
    folder = posixpath.dirname(package)
    manifest: dict[str, Any] = {}
    order: list[str] = []
    guide: set[str] = set()
    for element in root.iter():
        name = local_name(element)
        if name == "item":
            manifest[element.get("id", "")] = element
        elif name == "itemref":
            order.append(element.get("idref", ""))
        elif name == "reference" and element.get("type") in _NOT_TEXT:
            guide.add(_path(folder, element.get("href", "")))
    found = [_path(folder, manifest[ref].get("href", "")) for ref in order if ref in manifest and _is_text(manifest[ref])]
    spine = [name for name in dict.fromkeys(found) if name in names and name not in guide]
    return spine or sorted(name for name in names if _PAGE.search(name))


def _package_name(archive: zipfile.ZipFile) -> str:
    root = parse_xml(decode_markup(zip_read(archive, "META-INF/container.xml")).text)
    for element in root.iter():
        if local_name(element) == "rootfile" and element.get("full-path") in archive.namelist():
            return str(element.get("full-path"))
    return next((name for name in archive.namelist() if name.lower().endswith(".opf")), "")


def _is_text(item: Any) -> bool:
    properties = (item.get("properties") or "").split()
    kind = item.get("media-type") or ""
    return "nav" not in properties and ("html" in kind or _PAGE.search(item.get("href", "")) is not None)


def _path(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _encrypted(archive: zipfile.ZipFile) -> set[str]:
    if "META-INF/encryption.xml" not in archive.namelist():
        return set()
    root = parse_xml(decode_markup(zip_read(archive, "META-INF/encryption.xml")).text)
    return {unquote(element.get("URI", "")) for element in root.iter() if local_name(element) == "cipherreference"}
