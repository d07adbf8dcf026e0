"""Readers and cleaning: quality and speed beside peers. `python -m benchmarks.sources`

--labelled holds web_extraction/, encoding/, wikitext/. With --quick 40 pages a set, one run of each race.

Books: licence phrases left, words kept against the HTML edition. Web: F1 of the main text beside trafilatura alone.
Encodings: share decoded right, wrong without doubt. Mojibake: share repaired, sound texts damaged. Chat: messages in, out,
dropped by reason (sources_chat). Speed of wiki, code, chat: see sources_readers.
Line before the last: wiki_core X. Last line: ratio R (wiki, ours / mwparserfromhell loop, MB/s).
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import sources_chat, sources_readers, sources_text, sources_web, sources_wiki
from benchmarks.options import parser

WIKI_BYTES = 4_000_000


def main() -> None:
    options = parser("sources", __doc__).parse_args()
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
    figures |= sources_chat.conservation(corpus / "chat")
    figures |= sources_wiki.wiki_quality(labelled)
    figures |= sources_wiki.wiki_speed(corpus, repeats, WIKI_BYTES // 4 if quick else WIKI_BYTES)
    if not quick:
        figures |= sources_readers.reader_speed(corpus)
    return figures


if __name__ == "__main__":
    main()
