"""Code: repositories as archives, as folders, or as bare git repositories; tables of source files.

In: one repository or table an input. Out: one document a file worth reading, with its language in `lang` and the SPDX
expression that holds for it in `license`; `work` is the repository, `ordinal` the place in it. Notebooks become text.
All else is dropped with a reason (repository/unwritten.py). Secrets are the scrubbing stage's business.
Cost: see benchmarks/sources_readers.py.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from curation.errors import InputError
from curation.source import Dropped, File, Input, Part, Record
from curation.sources import splitting
from curation.sources.encoding import decode, is_binary
from curation.sources.members import HEAD_BYTES, Member, members, read_up_to, tree
from curation.sources.repository.filerows import FileRow, file_rows, table_kind
from curation.sources.repository.git_objects import Repository, is_bare
from curation.sources.repository.grouping import group
from curation.sources.repository.languages import language_of
from curation.sources.repository.licences import (
    Licences,
    is_beside,
    is_licence_name,
    licence_of_head,
    licence_of_text,
    tells_licence,
)
from curation.sources.repository.notebooks import notebook_text
from curation.sources.repository.unwritten import REASONS as UNWRITTEN
from curation.sources.repository.unwritten import reason_by_content, reason_by_name
from curation.stage import Settings

KIND = "code"
LIBRARIES: tuple[str, ...] = ("charset-normalizer",)
REASONS = {
    **UNWRITTEN,
    "binary": "The file is no text.",
    "empty": "The file holds nothing but white space.",
    "metadata": "A file of the version control system.",
    "broken_record": "A notebook that is no JSON.",
}

MAX_LICENCE_BYTES = 1 << 20
MAX_NOTEBOOK_BYTES = 20_000_000  # outputs, mostly: their text is far smaller
HELD_BYTES = 64 << 20  # of a repository kept in memory, so that most are read once only


class Config(Settings):
    """`max_file_bytes`: larger files are nobody's handwriting. `max_line_chars`: neither are longer lines.

    `text_column` names the column of tables that holds source files; without it only tables whose columns say so are read.
    """

    max_file_bytes: int = 1_000_000
    max_line_chars: int = 2_000
    text_column: str | None = None


def list_inputs(files: list[File], config: Config) -> list[Input]:
    return group(files, config.text_column)


def splittable(file: File, config: Config) -> list[Part]:
    """Parts of a large table of source files, or of the archive of a large repository."""
    return splitting.parts(file, lambda member, kind: bool(table_kind(member, config.text_column)))


def read(item: Input, config: Config) -> Iterator[Record | Dropped]:
    """A table that lies alone, or a repository."""
    table = _table(item, config)
    if table is None:
        yield from _read_repository(item, config)
        return
    kind = table_kind(table, config.text_column)
    for place, row in file_rows(table, kind, item.part, config.text_column):
        origin = f"{table.origin}#{place}"
        if not isinstance(row, FileRow):
            yield Dropped(origin, row.reason if row else "empty")
            continue
        data = row.text.encode("utf-8", "surrogatepass")
        path = row.path or "unnamed"
        member = Member(origin, path, data[:HEAD_BYTES], partial(io.BytesIO, data))
        found = _document(member, path, "", row.repository or origin, 0, Licences(), config)
        if isinstance(found, Record):
            found = replace(found, lang=found.lang or row.language, license=found.license or row.licence)
        yield found


def _table(item: Input, config: Config) -> Member | None:
    """The table of source files that this input is, compressed or not; a table in a repository is data."""
    if len(item.files) != 1:
        return None
    try:
        member = splitting.part_member(item)
        return member if table_kind(member, config.text_column) else None
    except InputError:
        return None  # the reading proper says what is wrong with the file


def _read_repository(item: Input, config: Config) -> Iterator[Record | Dropped]:
    """The licence of a file may stand behind it in the archive: what holds for the tree is gathered first."""
    whole = replace(item, part=None)
    held = None if item.part else _held(item)
    licences = Licences()
    paths: list[str] = []
    ordinals: dict[str, int] = {}
    with contextlib.suppress(InputError):  # the second reading raises it again, in its place
        for member in held if held is not None else members(whole):
            ordinals.setdefault(member.origin, len(ordinals))
            if isinstance(member, Member):
                path = _path(member, item)
                paths.append(path)
                if tells_licence(path):
                    _add_licence(licences, path, member)
    root = _root(paths)
    found: Iterable[Member | Dropped] = held if held is not None else members(item)
    if is_bare([path.removeprefix(root).removeprefix(".git/") for path in paths]):
        if item.part is None or item.part.start == 0:
            yield from _read_bare(whole, root, held if held is not None else members(whole), config)
        return
    repository = _repository(item, root)
    for member in found:
        if isinstance(member, Dropped):
            yield member
        else:
            yield _document(member, _path(member, item), root, repository, ordinals[member.origin], licences, config)


def _read_bare(item: Input, root: str, found: Iterable[Member | Dropped], config: Config) -> Iterator[Record | Dropped]:
    """The newest commit of a bare repository; its own files are metadata."""
    work = _repository(item, root)
    for member in found:
        yield member if isinstance(member, Dropped) else Dropped(member.origin, "metadata", work)
    files = tree(item)
    head = min((name for name in files.names() if name == "HEAD" or name.endswith("/HEAD")), key=len)
    repository = Repository(files, head.removesuffix("HEAD"))
    entries = list(repository.files())
    licences = Licences()
    for path, name in entries:
        if tells_licence(path):
            with contextlib.suppress(InputError):  # the second reading says why
                _add_licence(licences, path, _git_member(repository, files.origin(head), path, name))
    for ordinal, (path, name) in enumerate(entries):
        try:
            member = _git_member(repository, files.origin(head), path, name)
        except InputError as error:
            yield Dropped(f"{files.origin(head)}#{path}", error.reason, work)
            continue
        yield _document(member, path, "", work, ordinal, licences, config)


def _git_member(repository: Repository, origin: str, path: str, name: str) -> Member:
    data = repository.read(name)[1]
    return Member(f"{origin}#{path}", path, data[:HEAD_BYTES], partial(io.BytesIO, data))


def _held(item: Input) -> list[Member | Dropped] | None:
    """All members where they fit into HELD_BYTES; None where they do not, or where the archive is damaged."""
    held: list[Member | Dropped] = []
    size = 0
    try:
        for member in members(item):
            if isinstance(member, Member):
                data = member.head if member.reopen else read_up_to(member.open(), MAX_NOTEBOOK_BYTES + 1)
                if not member.reopen:
                    member = replace(member, open=partial(io.BytesIO, data), reopen=True)
                size += len(data)
                if size > HELD_BYTES:
                    return None
            held.append(member)
    except InputError:
        return None  # the second reading raises it again, in its place
    return held


def _path(member: Member, item: Input) -> str:
    """Path inside the repository: below the archive (nested ones are folders) or below the input's folder."""
    inside = member.origin.removeprefix(item.key).lstrip("!/").replace("!", "/")
    folder, slash, _ = inside.rpartition("/")
    return folder + slash + member.name.rpartition("/")[2]


def _add_licence(licences: Licences, path: str, member: Member) -> None:
    try:
        licences.add(path, decode(member.read(MAX_LICENCE_BYTES)).text)
    except InputError:
        return


def _document(
    member: Member, path: str, root: str, work: str, ordinal: int, licences: Licences, config: Config
) -> Record | Dropped:
    try:
        reason, text, language, note = _read_file(member, path.removeprefix(root), config)
    except InputError as error:
        reason = "too_large" if error.reason == "record_too_large" else error.reason
        return Dropped(member.origin, reason, work)
    if reason is not None:
        return Dropped(member.origin, reason, work)
    licence = licence_of_head(text) or licences.at(path)
    return Record(member.origin, text, work, ordinal, lang=language, license=licence, note=note)


_METADATA = re.compile(r"(?:^|/)(?:\.(?:git|hg|svn|bzr)/|\.git(?:modules|attributes|keep)$)")


def _read_file(member: Member, path: str, config: Config) -> tuple[str | None, str, str, str]:
    """(reason, text, language, note); reason None for a file worth reading."""
    if _METADATA.search(path):
        return "metadata", "", "", ""
    reason = reason_by_name(path)
    if reason is not None:
        return reason, "", "", ""
    if is_binary(member.head):
        return "binary", "", "", ""
    is_notebook = path.lower().endswith(".ipynb")
    decoded = decode(member.read(MAX_NOTEBOOK_BYTES if is_notebook else config.max_file_bytes))
    text = decoded.text
    language = language_of(path, text)
    if is_notebook:
        notebook = notebook_text(text)
        if notebook is None:
            return "broken_record", "", "", ""
        text, language = notebook
    if not text.strip():
        return "empty", "", "", ""
    if is_beside(path) or (is_licence_name(path) and licence_of_text(text)):
        return "license_text", "", "", ""
    return reason_by_content(text, language, config.max_line_chars), text, language, decoded.note


def _root(paths: list[str]) -> str:
    """The folder that holds everything, with its slash; "" where there is none."""
    if not paths:
        return ""
    first = paths[0].partition("/")[0] + "/"
    return first if all(path.startswith(first) for path in paths) else ""


_VERSION = re.compile(
    r"[-_.](?:HEAD|head|master|main|trunk|develop|dev|v?\d+(?:\.\d+)*(?:[-.]?(?:rc|a|b|alpha|beta|post|"
    r"dev)\.?\d*)?|[0-9a-f]{7,40})$"
)
_PACKED = re.compile(r"(?:\.(?:tar|tgz|tbz2?|txz|tzst|zip|7z|gz|bz2|xz|zst|whl|crate|gem|jar|git|bundle))+$", re.IGNORECASE)


def _repository(item: Input, root: str) -> str:
    """What survives a newer dump: the name without version or packing."""
    if len(item.files) == 1 and item.key == item.files[0].path:
        name = _PACKED.sub("", item.key.rpartition("/")[2])
    else:
        name = _PACKED.sub("", item.key)
    name = root.rstrip("/") if root and not name else name
    return _VERSION.sub("", name) or name or "."
