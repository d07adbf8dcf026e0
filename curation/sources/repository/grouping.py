"""Which files form one repository.

In: the matched files of a source. Out: inputs: an archive stands alone unless it lies inside a repository; loose files
belong to the topmost folder above them that looks like a repository (README, licence, build file, .git), else to
their topmost folder; files that lie directly in the source's folder form a repository only if one of them says so.
A table of source files (filerows.py) stands alone, in a repository only where no hand-written file is as large.
"""

from __future__ import annotations

import re
from collections import defaultdict

from curation.errors import InputError
from curation.source import File, Input
from curation.sources import archives, compression
from curation.sources.members import Member, file_opener, read_up_to
from curation.sources.repository.filerows import table_kind

_MARKER = re.compile(
    r"(?:readme|licen[cs]e|copying|makefile|cmakelists\.txt|setup\.py|setup\.cfg|pyproject\.toml|package\.json|cargo\.toml|"
    r"go\.mod|pom\.xml|"
    r"build\.gradle(?:\.kts)?|build\.sbt|gemfile|composer\.json|mix\.exs|dune-project|stack\.yaml|meson\.build|\.gitignore|"
    r"\.gitattributes|"
    r"configure\.ac|[^/]+\.(?:sln|cabal|gemspec|nimble|podspec))(?:\.(?:md|rst|txt|adoc))?",
    re.IGNORECASE,
)
HEAD_BYTES = 1024
_HEADER = re.compile(
    rb"[^\n]*\b(?:content|code|source_code|file_content)\b[^\n]*[,;\t|]|[^\n]*[,;\t|][^\n]*\b(?:content|code)\b", re.IGNORECASE
)


MIN_TABLE_BYTES = 1_000_000


def group(files: list[File], text_column: str | None = None) -> list[Input]:
    """Inputs in the order of their keys; every file lands in exactly one."""
    roots = _marked_folders(files)
    members: dict[str, list[File]] = defaultdict(list)
    for file in sorted(files, key=lambda file: file.path):
        members[_key(file, roots, text_column)].append(file)
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


def _key(file: File, roots: set[str], text_column: str | None) -> str:
    parts = file.path.split("/")
    for depth in range(len(parts)):
        folder = "/".join(parts[:depth])
        if folder in roots:
            return file.path if file.size > MIN_TABLE_BYTES and _is_table(file, text_column) else folder or "."
    if len(parts) == 1 or _is_archive(file) or _is_table(file, text_column):
        return file.path
    return parts[0]


def _is_table(file: File, text_column: str | None) -> bool:
    """A look at the first bytes first: hardly any file of a repository begins like a table with such a column."""
    opener = file_opener(file)
    try:
        with opener() as stream:
            head = stream.read(HEAD_BYTES)
            if not (head[:1] == b"{" or head[:4] == b"PAR1" or _HEADER.match(head) or (text_column or "\0").encode() in head):
                return False
            head += read_up_to(stream, 63 * HEAD_BYTES)
        return bool(table_kind(Member(file.path, file.path, head, opener), text_column))
    except (InputError, OSError):
        return False


def _is_archive(file: File) -> bool:
    try:
        with file.real.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError:
        return True  # reading it will say why it cannot be read
    return bool(archives.detect(head) or compression.detect(head))
