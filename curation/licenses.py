"""Licences of documents: which a source may keep, and which ask that somebody is named.

In: a licence as it stands in a row: an SPDX expression, or a word of the recipe; empty where none is known.
`MIT OR GPL-3.0-only` leaves the choice, `AND` needs both, `WITH` only adds permissions. Patterns are the shell's, in any case.

Drop reason (step select): license_not_allowed. Reference: SPDX specification, annex D.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

import pyarrow as pa
import pyarrow.compute as pc

from curation.stage import Judgement

REASONS = {"license_not_allowed": "its licence is not among [[sources]] allow_licenses"}

# Licences whose text may be passed on only with its authors named, or with a copy of the licence and its notice.
_NAMED = (
    "cc-by*", "cc by*", "*creativecommons.org/licenses/by*", "gfdl*", "odbl*", "odc-by*", "ogl-*", "etalab*", "fal-*", "mit*",
    "x11", "isc", "ncsa", "bsd-?-*", "apache-*", "mpl-*", "epl-*", "cddl-*",
    "eupl-*", "artistic-*", "psf-*", "python-2*", "postgresql", "ofl-*", "bsl-1.0", "bsl-1.1", "*gpl-*",
)  # fmt: skip


def judge(licenses: pa.Array, allowed: Sequence[str] | None) -> Judgement:
    """Row by row; `allowed` None keeps all."""
    nothing = pa.nulls(len(licenses), pa.float32())
    if allowed is None:
        return Judgement(pa.nulls(len(licenses), pa.string()), nothing)
    stated = pc.fill_null(licenses, "")
    refused = pa.array([name for name in pc.unique(stated).to_pylist() if not is_allowed(name, allowed)], pa.string())
    return Judgement(
        pc.if_else(pc.is_in(stated, value_set=refused), "license_not_allowed", pa.scalar(None, pa.string())), nothing
    )


def is_allowed(license: str, allowed: Sequence[str]) -> bool:
    return _matches(license, allowed) or _holds(license, lambda name: _matches(name, allowed))


def asks_for_names(license: str) -> bool:
    """Whether somebody must be named, however one chooses among the licences offered."""
    return not _holds(license, lambda name: not _matches(name, _NAMED))


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)


def _holds(expression: str, test: Callable[[str], bool]) -> bool:
    """`test` of a licence, or of the parts of an SPDX expression that decide; AND binds closer than OR."""
    if "://" in expression:
        return test(expression)
    inner = expression
    while found := re.search(r"\(([^()]*)\)", inner):  # innermost first; the letters stand for what was found out
        inner = inner[: found.start()] + ("\N{CHECK MARK}" if _flat(found[1], test) else "\N{BALLOT X}") + inner[found.end() :]
    return _flat(inner, test)


def _flat(expression: str, test: Callable[[str], bool]) -> bool:
    return any(
        all(_single(part, test) for part in re.split(r"\s+AND\s+", choice)) for choice in re.split(r"\s+OR\s+|/", expression)
    )


def _single(part: str, test: Callable[[str], bool]) -> bool:
    name = re.split(r"\s+WITH\s+", part.strip())[0]
    return name == "\N{CHECK MARK}" or (name != "\N{BALLOT X}" and test(name))
