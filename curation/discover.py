"""`curation init`: look inside a folder of dumps, guess what each file is, write a recipe that runs as it is.

A guess rests on content first (magic words, JSON keys, line shapes), then on the names of folders, then on suffixes. The
largest folders whose files are all of one kind become a path of that kind; mixed folders are named file by file or by suffix.
What no reader claims is listed as a comment, with its reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from curation.discover_kinds import kind_of_file
from curation.errors import CurationError

ORDER = ("books", "wiki", "code", "chat", "papers", "web")
MAX_NAMED = 40

HEADER = """\
# A recipe: the one file you edit. Paths are relative to this file. Everything but [[sources]] has a default.
#   python -m curation run {name} --sample 1%   a preview      python -m curation run {name}   the whole way

[run]
name = "{run}"
# workspace = "data/{run}"          # where segments and releases go; this is the default, below the folder you run in
"""

FOOTER = """
[languages]
# keep = ["en", "pl", "ru", "fa"]     # absent: all languages stay
# min_score = 0.5                     # how sure the language must be, where `keep` is given

[toxicity]
# max_score = 0.8                     # documents above are dropped; 1.0 keeps all

[dedup]
# threshold = 0.8                     # exact Jaccard of word 5-grams above which a document is a copy

[split]
# eval_fraction = 0.01                # share of the text held out, whole works at a time

[tokenizer]
config = "{tokenizer}"               # a preset of tokenizers_cfg/: bpe_8k, bpe_32k, bpe_64k_multilingual, bpe_32k_code

# [alarms]
# action = "stop"                     # or "warn": when a source loses nearly everything
"""


def write_recipe(folder: Path, output: Path, force: bool) -> str:
    """Write `output` for the dumps below `folder`; returns what to say. CurationError if nothing is readable."""
    if not folder.is_dir():
        raise CurationError("not a folder", where=str(folder))
    if output.exists() and not force:
        raise CurationError("the recipe exists already", where=str(output), do="Pass --force to overwrite it.")
    kinds, unreadable = look(folder)
    if not kinds:
        raise CurationError("no dump that can be read", where=str(folder), got=f"{len(unreadable)} files of unknown kinds")
    base = output.resolve().parent
    size = sum(path.stat().st_size for path in kinds)
    name = _slug(folder.resolve().name)
    parts = [HEADER.format(name=output.name, run=name)]
    for kind in ORDER:
        paths = _patterns(folder.resolve(), kinds, kind)
        if paths:
            parts.append(_source(kind, [_relative(path, base) for path in paths]))
    parts.append(FOOTER.format(tokenizer="bpe_32k" if size > 100 << 20 else "bpe_8k"))
    if unreadable:
        parts.append(
            "\n# Not claimed by any reader:\n"
            + "".join(f"#   {_comment(path, folder)}: {why}\n" for path, why in unreadable[:MAX_NAMED])
        )
        if len(unreadable) > MAX_NAMED:
            parts.append(f"#   … and {len(unreadable) - MAX_NAMED} more\n")
    output.write_text("".join(parts), encoding="utf-8")
    counts = Counter(kinds.values())
    found = ", ".join(f"{counts[kind]} {kind}" for kind in ORDER if counts[kind])
    lines = [f"{output}: {found} files, {size / 1e6:.1f} MB"]
    if unreadable:
        lines.append(f"{len(unreadable)} files are of no kind that can be read; the recipe lists them at its end")
    lines.append(f"next: python -m curation run {output} --sample 1%")
    return "\n".join(lines)


def look(folder: Path) -> tuple[dict[Path, str], list[tuple[Path, str]]]:
    """(kind by file, [(file, why no kind)]) of every regular file below `folder`."""
    kinds: dict[Path, str] = {}
    unreadable: list[tuple[Path, str]] = []
    for path in sorted(path for path in folder.resolve().rglob("*") if path.is_file()):
        kind, why = kind_of_file(path, path.relative_to(folder.resolve()).as_posix())
        if kind:
            kinds[path] = kind
        else:
            unreadable.append((path, why))
    return kinds, unreadable


def _patterns(folder: Path, kinds: dict[Path, str], kind: str) -> list[Path]:
    return list(_cover(folder, kinds, kind))


def _cover(folder: Path, kinds: dict[Path, str], kind: str) -> Iterator[Path]:
    inside = {path: found for path, found in kinds.items() if path.is_relative_to(folder)}
    if kind not in inside.values():
        return
    if set(inside.values()) == {kind}:
        yield folder
        return
    direct: dict[str, list[Path]] = defaultdict(list)
    for path in inside:
        if path.parent == folder:
            direct[path.suffix].append(path)
    for suffix, paths in sorted(direct.items()):
        chosen = [path for path in paths if kinds[path] == kind]
        if suffix and len(chosen) > 3 and len(chosen) == len(paths):
            yield folder / f"*{suffix}"
        else:
            yield from chosen
    for child in sorted({folder / path.relative_to(folder).parts[0] for path in inside if path.parent != folder}):
        yield from _cover(child, inside, kind)


def _source(kind: str, paths: list[str]) -> str:
    listed = (
        ", ".join(_quoted(path) for path in paths) if len(paths) < 3 else "\n    " + ",\n    ".join(map(_quoted, paths)) + ",\n"
    )
    return f'\n[[sources]]\nname = "{kind}"\nkind = "{kind}"\npaths = [{listed}]\n# weight = 1.0   priority = 0   license = ""\n'


def _quoted(text: str) -> str:
    escaped = "".join(
        f"\\u{ord(char):04x}" if ord(char) < 32 else char for char in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'


def _relative(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()


def _comment(path: Path, folder: Path) -> str:
    return "".join(char if char.isprintable() else "?" for char in path.relative_to(folder.resolve()).as_posix())


def _slug(name: str) -> str:
    slug = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in name).strip("-._")
    return slug[:60] or "corpus"
