"""Readers and cleaning: quality and speed beside peers. `python -m benchmarks.sources`

    --corpus DIR    dumps laid out by kind (books/ wiki/ code/ chat/ papers/ web/)
    --labelled DIR  holds web_extraction/, encoding/, wikitext/
    --quick         40 pages a set, one run of each race
    --json FILE     all figures

Books: licence phrases left, words kept against the HTML edition. Web: F1 of the main text beside trafilatura alone.
Encodings: share decoded right, wrong without doubt. Mojibake: share repaired, sound texts damaged. Wiki, code, chat:
see sources_wiki. Line before the last: wiki_core X. Last line: ratio R (wiki, ours / mwparserfromhell loop, MB/s).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks import sources_text, sources_web, sources_wiki

SHARED = Path(__file__).resolve().parents[2] / "shared"
SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
WIKI_BYTES = 4_000_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sources")
    parser.add_argument("--corpus", type=Path, default=SHARED / "corpus" if SHARED.is_dir() else SAMPLE)
    parser.add_argument("--labelled", type=Path, default=SHARED / "labelled")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    figures = measure(options.corpus, options.labelled, options.quick)
    for name, value in figures.items():
        print(f"{name:48} {value:12.4f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"wiki_core {figures.get('wiki_core', 0.0):.4f}")
    print(f"ratio {figures.get('wiki_speed_ratio', 0.0):.2f} (wiki, ours / mwparserfromhell loop, MB/s on one core)")


def measure(corpus: Path, labelled: Path, quick: bool) -> dict[str, float]:
    repeats = 1 if quick else 3
    figures: dict[str, float] = {}
    figures |= sources_text.book_quality(corpus)
    figures |= sources_text.encodings(labelled)
    figures |= sources_text.mojibake(labelled)
    figures |= sources_web.quality(labelled, 40 if quick else None)
    figures |= sources_web.speed(labelled, repeats, 20 if quick else 80)
    figures |= sources_text.speed(corpus, repeats)
    figures |= sources_wiki.wiki_quality(labelled)
    figures |= sources_wiki.wiki_speed(corpus, repeats, WIKI_BYTES // 4 if quick else WIKI_BYTES)
    if not quick:
        figures |= sources_wiki.reader_speed(corpus)
    return figures


if __name__ == "__main__":
    main()
