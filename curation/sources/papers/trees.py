"""Which LaTeX files belong together.

In: names of files and what each includes. Out: for every main file (one with a document class) the files it draws in,
directly or not. Names are resolved as TeX does: from the main file's folder, `.tex` added where it is missing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from curation.sources.latex.inputs import included_names

_MAIN = re.compile(r"^[^%\n]*\\document(?:class|style)\b", re.MULTILINE)


def is_main(source: str) -> bool:
    return bool(_MAIN.search(source[:60_000]))


def resolve(name: str, folder: str, known: Callable[[str], bool]) -> str | None:
    """The known file that `\\input{name}` means in a document whose main file lies in `folder`."""
    for candidate in (f"{name}.tex", name):
        path = posixpath.normpath(posixpath.join(folder, candidate))
        if known(path):
            return path
    return None


def members_of(main: str, sources: dict[str, str]) -> list[str]:
    """The main file and all that it includes, in order of first mention."""
    folder = posixpath.dirname(main)
    found = [main]
    for path in found:
        for name in included_names(sources[path]):
            target = resolve(name, folder, sources.__contains__) or resolve(name, posixpath.dirname(path), sources.__contains__)
            if target and target not in found:
                found.append(target)
    return found


def mains(sources: dict[str, str]) -> list[str]:
    """Main files that no other main file includes."""
    candidates = sorted(path for path, source in sources.items() if is_main(source))
    included = {member for path in candidates for member in members_of(path, sources)[1:]}
    return [path for path in candidates if path not in included]


def loader(main: str, sources: dict[str, str]) -> Callable[[str], str | None]:
    folder = posixpath.dirname(main)

    def load(name: str) -> str | None:
        path = resolve(name, folder, sources.__contains__)
        return sources[path] if path and path != main else None

    return load
