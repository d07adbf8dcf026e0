"""Licences of a repository and of a file, as SPDX identifiers.

In: texts of licence files, manifests, or the head of a source file. Out: an SPDX expression, "" where none is found.
A licence file is recognized by sentences that only its licence contains, not by its name; the nearest licence file
up the tree holds for a file, unless its own head says otherwise. Several licence files in one folder are a choice (OR).
Reference: https://spdx.org/licenses/.
"""

from __future__ import annotations

import re

# (identifier, sentences that must all occur in the text, lower-case with single spaces). The first that fits wins.
_SENTENCES: list[tuple[str, tuple[str, ...]]] = [
    ("Apache-2.0", ("apache license", "version 2.0", "grant of patent license")),
    ("Apache-2.0", ("licensed under the apache license, version 2.0",)),
    ("MPL-2.0", ("mozilla public license", "version 2.0")),
    ("MPL-1.1", ("mozilla public license", "version 1.1")),
    ("EPL-2.0", ("eclipse public license - v 2.0",)),
    ("EPL-1.0", ("eclipse public license - v 1.0",)),
    ("EUPL-1.2", ("european union public licen", "v. 1.2")),
    ("EUPL-1.1", ("european union public licen", "v. 1.1")),
    ("CDDL-1.0", ("common development and distribution license",)),
    ("BSL-1.0", ("boost software license - version 1.0",)),
    ("Unlicense", ("this is free and unencumbered software released into the public domain",)),
    ("CC0-1.0", ("cc0 1.0 universal",)),
    ("CC-BY-SA-4.0", ("attribution-sharealike 4.0 international",)),
    ("CC-BY-NC-SA-4.0", ("attribution-noncommercial-sharealike 4.0 international",)),
    ("CC-BY-NC-ND-4.0", ("attribution-noncommercial-noderivatives 4.0 international",)),
    ("CC-BY-ND-4.0", ("attribution-noderivatives 4.0 international",)),
    ("CC-BY-SA-3.0", ("attribution-sharealike 3.0",)),
    ("CC-BY-3.0", ("attribution 3.0",)),
    ("CC-BY-NC-4.0", ("attribution-noncommercial 4.0 international",)),
    ("CC-BY-4.0", ("attribution 4.0 international",)),
    ("WTFPL", ("do what the fuck you want to public license",)),
    ("PostgreSQL", ("postgresql license",)),
    ("BlueOak-1.0.0", ("blue oak model license", "1.0.0")),
    ("MS-PL", ("microsoft public license (ms-pl)",)),
    ("NCSA", ("university of illinois/ncsa open source license",)),
    ("UPL-1.0", ("universal permissive license", "version 1.0")),
    ("MulanPSL-2.0", ("mulan permissive software license，version 2",)),
    ("CECILL-2.1", ("cecill", "version 2.1")),
    ("Elastic-2.0", ("elastic license 2.0",)),
    ("SSPL-1.0", ("server side public license", "version 1")),
    ("Beerware", ("the beer-ware license",)),
    ("Artistic-1.0-Perl", ("the artistic license", "standard version of perl")),
    ("Artistic-2.0", ("artistic license 2.0",)),
    ("OFL-1.1", ("sil open font license version 1.1",)),
    ("PSF-2.0", ("python software foundation license version 2",)),
    (
        "Zlib",
        ("provided 'as-is', without any express or implied warranty", "the origin of this software must not be misrepresented"),
    ),
    ("BSL-1.1", ("business source license 1.1",)),
    ("MIT-0", ("mit no attribution",)),
    (
        "MIT",
        (
            "permission is hereby granted, free of charge, to any person obtaining a copy",
            "the above copyright notice and this permission notice",
        ),
    ),
    ("MIT", ("mit license", "permission is hereby granted, free of charge, to any person obtaining a copy")),
    ("MIT-0", ("permission is hereby granted, free of charge, to any person obtaining a copy",)),
    (
        "ISC",
        (
            "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee",
            "the above copyright notice",
        ),
    ),
    (
        "ISC",
        (
            "permission to use, copy, modify, and distribute this software for any purpose with or without fee",
            "the above copyright notice",
        ),
    ),
    ("0BSD", ("permission to use, copy, modify, and/or distribute this software for any purpose with or without fee",)),
    ("BSD-4-Clause", ("redistribution and use in source and binary forms", "all advertising materials mentioning features")),
    ("BSD-3-Clause", ("redistribution and use in source and binary forms", "endorse or promote products")),
    ("BSD-2-Clause", ("redistribution and use in source and binary forms", "this list of conditions")),
]
_SPACE = re.compile(r"[\s*#/;\"“”_=-]+|//|<!--|-->")
_FLAT = [(identifier, [_SPACE.sub(" ", sentence) for sentence in sentences]) for identifier, sentences in _SENTENCES]
# The texts name each other (GPL-3.0 and MPL-2.0 the AGPL, old copies of GPL-2.0 the Library GPL): the first named counts,
# and further down than a title or a notice stands only where no other licence is told.
_GNU = re.compile(
    r"gnu (affero general public|lesser general public|library general public|general public|free documentation) licen[cs]e,?"
    r"(?: \(\w+\))?(?: as published by the free software foundation,?)?(?: either)? (?:version|v\.?) ?(\d(?:\.\d)?)"
    r"( of the license, or \(at your option\) any later version|,? or (?:\(at your option\) )?(?:any )?later)?"
    r"|version (\d(?:\.\d)?) of the gnu ((?:affero |lesser |library )?general public) licen[cs]e"
)
_GNU_FAMILIES = {"affero general public": "AGPL", "lesser general public": "LGPL", "library general public": "LGPL",
    "general public": "GPL", "free documentation": "GFDL"}  # fmt: skip
MAX_TITLE_CHARS = 1200
_IS_LICENCE_NAME = re.compile(r"(?:un)?licen[cs]es?|copying|copyright|legal|mit|apache|gpl", re.IGNORECASE)
_SUFFIX = re.compile(r"\.(?:txt|md|rst|lesser|lib|mit|apache|bsd|gpl|lgpl|html|\d+)$", re.IGNORECASE)
_FILES_OF = re.compile(r"^Files:[ \t]*\S.*\n(?:.*\n){0,60}?License:", re.MULTILINE)  # Debian's copyright format
_TAG = re.compile(r"SPDX-License-Identifier:\s*([A-Za-z0-9.+() -]*[A-Za-z0-9.+)])")
_IDENTIFIER = r"[A-Za-z0-9.+-]+(?:\s+(?:OR|AND|WITH)\s+[A-Za-z0-9.+-]+)*"
_MANIFESTS = {
    "package.json": re.compile(rf'"license"\s*:\s*"\(?({_IDENTIFIER})\)?"'),
    "composer.json": re.compile(rf'"license"\s*:\s*"\(?({_IDENTIFIER})\)?"'),
    "cargo.toml": re.compile(rf'^license\s*=\s*"({_IDENTIFIER})"', re.MULTILINE),
    "pyproject.toml": re.compile(rf'^license\s*=\s*(?:\{{\s*text\s*=\s*)?"({_IDENTIFIER})"', re.MULTILINE),
    "setup.cfg": re.compile(rf"^license\s*=\s*({_IDENTIFIER})\s*$", re.MULTILINE),
}
_LATER = re.compile(r"either version (\d)(?:\.\d)? of the license, or \(at your option\) any later version")
LICENCE_HEAD_CHARS = 3000
BESIDE = ".license"
_IN_HEADS = frozenset(str.split("Apache MIT MPL ISC GPL LGPL AGPL"))


def is_licence_name(path: str) -> bool:
    """LICENSE, LICENSE-MIT, COPYING.LESSER, LICENSES/Apache-2.0.txt …"""
    folder, _, name = path.rpartition("/")
    stem = name.split(".")[0]
    in_folder = folder.rpartition("/")[2].lower() in ("licenses", "licences", "license")
    is_named = any(_IS_LICENCE_NAME.fullmatch(part) for part in re.split(r"[-_]", stem))
    return in_folder or (is_named and (name == stem or _SUFFIX.search(name) is not None))


def licence_of_text(text: str) -> str:
    """SPDX identifier of a licence text, "" where it is none that we know."""
    if _FILES_OF.search(text[:20_000]):
        return ""  # a list of what holds for which files, with the wording of each
    flat = _SPACE.sub(" ", text[:40_000]).lower()
    gnu = _GNU.search(flat)
    if gnu and gnu.start() < MAX_TITLE_CHARS:
        return _gnu_identifier(gnu)
    found = next((identifier for identifier, sentences in _FLAT if all(sentence in flat for sentence in sentences)), "")
    return found or (_gnu_identifier(gnu) if gnu else "")


def _gnu_identifier(match: re.Match[str]) -> str:
    named, number = (match[1], match[2]) if match[1] else (match[5], match[4])
    number = number if "." in number else f"{number}.0"
    return f"{_GNU_FAMILIES[named]}-{number}-{'or-later' if match[3] else 'only'}"


def licence_of_manifest(name: str, text: str) -> str:
    """What package.json, Cargo.toml, pyproject.toml … declare."""
    pattern = _MANIFESTS.get(name.lower())
    found = pattern.search(text) if pattern else None
    return found[1] if found else ""


def licence_of_head(text: str) -> str:
    """What a source file says of itself in its first lines."""
    head = text[:LICENCE_HEAD_CHARS]
    tag = _TAG.search(head)
    if tag:
        return tag[1].strip().strip("()")
    if "icense" not in head and "ICENSE" not in head and "edistribution" not in head:
        return ""
    flat = _SPACE.sub(" ", head).lower()
    later = _LATER.search(flat)
    if later:
        family = "AGPL" if "affero" in flat else "LGPL" if "lesser general" in flat or "library general" in flat else "GPL"
        number = "2.1" if family == "LGPL" and "version 2.1" in flat else f"{later[1]}.0"
        return f"{family}-{number}-or-later"
    found = licence_of_text(head)
    return found if found.partition("-")[0] in _IN_HEADS or found.startswith("BSD-") else ""


class Licences:
    """The licences of a tree: by folder, and of files that one stands beside (REUSE's `a.png.license`), asked for by path."""

    def __init__(self) -> None:
        self._beside: dict[str, str] = {}
        self._files: dict[str, set[str]] = {}
        self._declared: dict[str, str] = {}

    def add(self, path: str, text: str) -> None:
        """A licence file or a manifest of the tree."""
        folder, _, name = path.rpartition("/")
        declared = licence_of_manifest(name, text)
        if is_beside(path):
            self._beside[path.removesuffix(BESIDE)] = licence_of_head(text)
        elif declared:
            self._declared.setdefault(folder, declared)
        elif is_licence_name(path):
            found = licence_of_text(text)
            if found:
                if folder.rpartition("/")[2].lower() in ("licenses", "licences", "license"):
                    folder = folder.rpartition("/")[0]
                self._files.setdefault(folder, set()).add(found)

    def at(self, path: str) -> str:
        """SPDX expression that holds for the file at `path`."""
        if self._beside.get(path):
            return self._beside[path]
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self._files:
                return " OR ".join(sorted(_narrowed(self._files[folder])))
            if folder in self._declared:
                return self._declared[folder]
        return ""


def _narrowed(found: set[str]) -> set[str]:
    """Without the wording that a notice beside it refers to, and without the GPL that the LGPL adds its permissions to."""
    kept = {each for each in found if each.removesuffix("-only") + "-or-later" not in found}
    return kept - {"GPL-3.0-only"} if any(each.startswith("LGPL-3.0") for each in kept) else kept


def is_beside(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(BESIDE) and "." in name[1 : -len(BESIDE)]


def tells_licence(path: str) -> bool:
    """Whether the file must be read before the others."""
    return is_beside(path) or path.rpartition("/")[2].lower() in _MANIFESTS or is_licence_name(path)
