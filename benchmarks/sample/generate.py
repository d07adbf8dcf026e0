"""`python -m benchmarks.sample.generate [--output data/sample]` writes the bundled sample: `dumps/` by kind, and `answers.json`.

In: the text banks under `texts/`, a fixed seed. Out: the same bytes every time (one version of the compression library). Files of an
earlier run below `dumps/` that the generator no longer makes are removed. About 3 s.
"""

import argparse
import shutil
from pathlib import Path

from benchmarks.sample import books, chat_json, chat_text, code, epub, junk, papers, web, wiki
from benchmarks.sample.sample import Sample

WRITERS = (
    books.write,
    epub.write,
    wiki.write,
    code.write,
    chat_json.slack,
    chat_json.discord,
    chat_json.telegram,
    chat_json.roles,
    chat_text.irc,
    chat_text.whatsapp,
    chat_text.mbox,
    papers.write,
    web.write,
    junk.write,
)


def build() -> Sample:
    """The whole sample in memory."""
    sample = Sample()
    for write in WRITERS:
        write(sample)
    return sample


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the bundled sample.")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[2] / "data" / "sample")
    output: Path = parser.parse_args().output
    sample = build()
    shutil.rmtree(output / "dumps", ignore_errors=True)
    for name, content in sample.files.items():
        path = output / "dumps" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (output / "answers.json").write_text(sample.answers.to_json(), "utf-8")
    size = sum(map(len, sample.files.values()))
    print(
        f"{len(sample.files)} files, {size:,} bytes on disk, {len(sample.answers.canaries)} canaries, {len(sample.answers.cases)} cases: {output}"
    )


if __name__ == "__main__":
    main()
