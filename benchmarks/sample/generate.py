"""`python -m benchmarks.sample.generate [--output data/sample]` writes the bundled sample: `dumps/` by kind, and
`answers.json`.

In: the text banks under `texts/`, a fixed seed. Out: the same bytes every time (one version of the compression library). Files
of an earlier run below `dumps/` that the generator no longer makes are removed. About 3 s.
"""

import argparse
import shutil
from pathlib import Path

from benchmarks.sample import books, code, discord, epub, irc, junk, mail, papers, roles, slack, telegram, web, whatsapp, wiki
from benchmarks.sample.sample import Sample

WRITERS = (books, epub, wiki, code, slack, discord, telegram, roles, irc, whatsapp, mail, papers, web, junk)


def build() -> Sample:
    """The whole sample in memory."""
    sample = Sample()
    for writer in WRITERS:
        writer.write(sample)
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
    canaries, cases = len(sample.answers.canaries), len(sample.answers.cases)
    print(f"{len(sample.files)} files, {size:,} bytes, {canaries} canaries, {cases} cases: {output}")


if __name__ == "__main__":
    main()
