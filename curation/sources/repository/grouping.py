"""Which files form one repository.

In: the matched files of a source. Out: inputs: an archive stands alone unless it lies inside a repository; loose files
belong to the topmost folder above them that looks like a repository (README, licence, build file, .git), else to
their topmost folder; files that lie directly in the source's folder form a repository only if one of them says so.
"""

from __future__ import annotations

import re
from collections import defaultdict

from curation.source import File, Input
from curation.sources import archives, compression

_MARKER = re.compile(
    r"(?:readme|licen[cs]e|copying|makefile|cmakelists\.txt|setup\.py|setup\.cfg|pyproject\.toml|package\.json|cargo\.toml|"
    r"go\.mod|pom\.xml|"
    r"build\.gradle(?:\.kts)?|build\.sbt|gemfile|composer\.json|mix\.exs|dune-project|stack\.yaml|meson\.build|\.gitignore|"
    r"\.gitattributes|"
    r"configure\.ac|[^/]+\.(?:sln|cabal|gemspec|nimble|podspec))(?:\.(?:md|rst|txt|adoc))?",
    re.IGNORECASE,
)
HEAD_BYTES = 1024


def group(files: list[File]) -> list[Input]:
    """Inputs in the order of their keys; every file lands in exactly one."""
    roots = _marked_folders(files)
    members: dict[str, list[File]] = defaultdict(list)
    for file in sorted(files, key=lambda file: file.path):
        members[_key(file, roots)].append(file)
    return [Input(key, tuple(group)) for key, group in sorted(members.items())]


def _marked_folders(files: list[File]) -> set[str]:
    """Folders that hold a file only repositories have; a bare repository has HEAD and objects."""
    with_objects = {file.path.partition("/objects/")[0] for file in files if "/objects/" in file.path}
    marked = {file.path.rpartition("/")[0] for file in files if file.path.endswith("/HEAD")} & with_objects
    for file in files:
        folder, _, name = file.path.rpartition("/")
        if _MARKER.fullmatch(name):
            marked.add(folder)
        inside, git, _ = f"/{file.path}".partition("/.git/")
        if git:
            marked.add(inside.removeprefix("/"))
    return marked


def _key(file: File, roots: set[str]) -> str:
    parts = file.path.split("/")
    for depth in range(len(parts)):
        folder = "/".join(parts[:depth])
        if folder in roots:
            return folder or "."
    if len(parts) == 1 or _is_archive(file):
        return file.path
    return parts[0]


def _is_archive(file: File) -> bool:
    try:
        with file.real.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError:
        return True  # reading it will say why it cannot be read
    return bool(archives.detect(head) or compression.detect(head))
