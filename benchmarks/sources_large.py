"""Large dumps: whether one file keeps two workers busy, in bounded memory. `python -m benchmarks.sources_large`

Makes dumps of --megabytes each (160; with --quick 24) in a temporary folder from the files of --corpus, numbering every
round of them: a wiki as multistream bz2; plain text and JSON lines, half the size each; and one line of --line-megabytes
(500; with --quick 40), as text and as one JSON record. Runs `curation run --until ingest` over the dumps with one worker
and with two, --repeats times, and over the lines with two. Both must seal the same bytes, else `mismatch`.
No peer cuts such files. Memory is that of the largest process, looked at five times a second.

With --form NAME only one dump of that form (large_forms.py) is made, of --megabytes, and ingested by two workers, for
--minutes at most; its last line says the memory.

Line before the last: peak_mb X. Last line: ratio R (ingest of large files, one worker / two workers, seconds).
"""

from __future__ import annotations

import bz2
import html
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.large_forms import FORMS, make_form
from benchmarks.options import parser
from benchmarks.sources_text import files_below
from benchmarks.sources_wiki import wiki_pages
from benchmarks.whole_runs import Run, run, write_recipe
from curation import manifest, storage
from curation.errors import InputError
from curation.plan import plan
from curation.recipe import load
from curation.source import Dropped, Input
from curation.sources import books

PAGES_PER_STREAM = 100  # as Wikimedia cuts its dumps
WORKERS = (1, 2)


def main() -> int:
    made = parser("sources_large", __doc__)
    made.add_argument("--megabytes", type=int, help="size of each dump before compression")
    made.add_argument("--line-megabytes", type=int, help="size of the single line")
    made.add_argument("--form", choices=FORMS, help="one dump of this form, two workers")
    made.add_argument("--minutes", type=float, help="with --form: stop the ingest then, and say how many parts were sealed")
    made.add_argument("--repeats", type=int, default=1)
    options = made.parse_args()
    size = 1_000_000 * (options.megabytes or (24 if options.quick else 160))
    line = 1_000_000 * (options.line_megabytes or (40 if options.quick else 500))
    if options.form:
        return one_form(options.form, options.corpus, size, options.minutes)
    with tempfile.TemporaryDirectory() as folder:
        dumps = make_dumps(options.corpus, Path(folder) / "large", size)
        rounds = [{workers: ingest(Path(folder), dumps, workers) for workers in WORKERS} for _ in range(options.repeats)]
        lines, _ = ingest(Path(folder), make_lines(options.corpus, Path(folder) / "lines", line), 2)
    seconds = {
        workers: statistics.median(found[workers][0].summary["seconds"]["ingest"] for found in rounds) for workers in WORKERS
    }
    for workers in WORKERS:
        found = rounds[-1][workers][0]
        size_read = found.summary["bytes"] / 1e6
        print(
            f"{workers} workers: {found.summary['segments']} segments of {size_read:.0f} MB on disk in {seconds[workers]:.1f} s"
        )
        print(f"  memory of one process {found.peak_mb:,.0f} MB, of all {found.total_mb:,.0f} MB")
    print(f"one line of {line / 1e6:.0f} MB, as text and as JSON: {lines.seconds:.1f} s, one process {lines.peak_mb:,.0f} MB")
    peak = max(lines.peak_mb, *(found.peak_mb for each in rounds for found, _ in each.values()))
    ratio = seconds[1] / seconds[2]
    figures = {"seconds": seconds, "ratio": ratio, "peak_mb": peak, "line_peak_mb": lines.peak_mb, "line_seconds": lines.seconds}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if len({sealed for each in rounds for _, sealed in each.values()}) > 1:
        print("mismatch: one worker and two sealed different bytes")
        return 1
    print(f"peak_mb {peak:.0f}")
    print(f"ratio {ratio:.2f} (ingest of large files, one worker / two workers, seconds)")
    return 0


def one_form(form: str, corpus: Path, size: int, minutes: float | None) -> int:
    with tempfile.TemporaryDirectory() as folder:
        made = make_form(form, book_texts(corpus), Path(folder) / "large", size)
        recipe = write_recipe(Path(folder), made)
        found = run(recipe, 2, "ingest", 60 * minutes if minutes else None)
        sealed = sum(storage.is_sealed(path) for path in (Path(folder) / "ws" / "segments").iterdir())
        planned = len(plan(load(recipe)).units)
    print(f"{form} of {size / 1e6:,.0f} MB: {sealed} of {planned} segments in {found.seconds:,.0f} s")
    print(f"peak_mb {found.peak_mb:.0f} (largest process, two workers; all together {found.total_mb:,.0f})")
    return 0


def ingest(folder: Path, dumps: dict[str, list[Path]], workers: int) -> tuple[Run, frozenset[str]]:
    """The run, and hash by hash what it sealed."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        found = run(write_recipe(Path(own), dumps), workers, "ingest")
        segments = sorted(path for path in (Path(own) / "ws" / "segments").iterdir() if storage.is_sealed(path))
        return found, frozenset(json.dumps([path.name, manifest.read(path)["files"]], sort_keys=True) for path in segments)


def make_dumps(corpus: Path, folder: Path, size: int) -> dict[str, list[Path]]:
    """Paths by kind, as `write_recipe` takes them."""
    folder.mkdir()
    pages, texts = wiki_pages(corpus), book_texts(corpus)
    wiki, book, rows = folder / "pages-articles.xml.bz2", folder / "library.txt", folder / "library.jsonl"
    with wiki.open("wb") as out:
        out.write(bz2.compress(b"<mediawiki><siteinfo><dbname>large</dbname></siteinfo>\n"))
        for batch in _batches(pages, size, _page):
            out.write(bz2.compress(batch.encode()))
        out.write(bz2.compress(b"</mediawiki>\n"))
    for path, form in ((book, _chapter), (rows, _row)):
        with path.open("w", encoding="utf-8") as lines:
            lines.writelines(_batches(texts, size // 2, form))
    return {"wiki": [wiki], "books": [book, rows]}


def make_lines(corpus: Path, folder: Path, size: int) -> dict[str, list[Path]]:
    folder.mkdir()
    text, record = folder / "line.txt", folder / "line.jsonl"
    for path, before, after in ((text, "", ""), (record, '{"text": "', '"}\n{"text": "A short row after it."}\n')):
        with path.open("w", encoding="utf-8") as out:
            out.write(before)
            out.writelines(_batches(book_texts(corpus), size, _words))
            out.write(after)
    return {"books": [text, record]}


def book_texts(corpus: Path) -> list[str]:
    """Documents of the books of the corpus, as the reader gives them."""
    found: list[str] = []
    for file in files_below(corpus / "books"):
        try:
            found += [row.text for row in books.read(Input(file.path, (file,)), books.Config()) if not isinstance(row, Dropped)]
        except InputError:
            continue
    return found


def _batches(texts: list[str], size: int, form: Callable[[int, str], str]) -> Iterator[str]:
    """PAGES_PER_STREAM texts at a time in some form, numbered on and on until `size` bytes are there."""
    made = number = 0
    while made < size and texts:
        batch = "".join(form(number + index, texts[(number + index) % len(texts)]) for index in range(PAGES_PER_STREAM))
        number += PAGES_PER_STREAM
        made += len(batch.encode())
        yield batch


def _page(number: int, text: str) -> str:
    return (
        f"<page><title>Page {number}</title><ns>0</ns><id>{number}</id><revision><timestamp>2024-01-01T00:00:00Z</timestamp>"
        f"<text>{html.escape(text, quote=False)}\n\nThis is variation {number}.</text></revision></page>\n"
    )


def _chapter(number: int, text: str) -> str:
    return f"CHAPTER {number}\n\n{text}\n\n"


def _row(number: int, text: str) -> str:
    return json.dumps({"id": f"row-{number}", "text": f"Variation {number}. {text}"}, ensure_ascii=False) + "\n"


def _words(number: int, text: str) -> str:
    return f"{number} " + " ".join(text.replace("\\", " ").replace('"', " ").split()) + " "


if __name__ == "__main__":
    sys.exit(main())
