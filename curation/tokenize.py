"""`python -m curation.tokenize`: token shards from curated documents, or from any Parquet, JSON lines or text.

    python -m curation.tokenize RECIPE                               tokenizer and shards of the recipe's workspace
    python -m curation.tokenize --input FILES --output DIR           stand-alone; --tokenizer FILE to use one that exists

`python curation/tokenize.py` would shadow the standard library's tokenize: run it with -m.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from curation.errors import CurationError
from curation.tokenizers.segments import tokenize_segment

__all__ = ["main", "tokenize_segment"]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m curation.tokenize", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("recipe", nargs="?", type=Path, help="recipe whose workspace holds curated documents")
    made.add_argument("--retrain", action="store_true", help="recipe form: train a new tokenizer and encode everything again")
    made.add_argument("--input", nargs="+", metavar="FILE", help="Parquet, JSON lines or text: files, folders or globs")
    made.add_argument("--output", type=Path, metavar="DIR", help="where train/, eval/ and tokenizer/ go")
    made.add_argument(
        "--tokenizer", metavar="NAME", help="a tokenizer.json, a folder, a .model, or a preset to train (default bpe_32k)"
    )
    made.add_argument("--text-column", default="text", metavar="NAME")
    made.add_argument("--eval-fraction", type=float, default=0.01, metavar="SHARE")
    made.add_argument("--max-tokens", type=int, default=100_000_000, metavar="N", help="tokens of one shard")
    made.add_argument("--workers", type=int, default=0, metavar="N", help="0 = one per core")
    made.add_argument("--json", action="store_true", help="print the summary as JSON on standard output")
    made.add_argument("--debug", action="store_true", help="show a traceback on errors")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        if options.recipe and not options.input:
            # By name: the version of `tokenize` must not cover the whole pipeline's code.
            summary: dict[str, object] = importlib.import_module("curation.pipeline").tokenize_recipe(
                options.recipe, retrain=options.retrain
            )
        elif options.input and options.output and not options.recipe:
            summary = _stand_alone(options)
        else:
            parser().error("give a recipe, or --input and --output")
    except CurationError as error:
        if options.debug:
            raise
        print(f"error: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(summary, ensure_ascii=False))
    return 0


def _stand_alone(options: argparse.Namespace) -> dict[str, object]:
    from curation.tokenizers.meter import Meter, say
    from curation.tokenizers.standalone import Job, tokenize_files

    job = Job(
        inputs=tuple(options.input),
        output=options.output,
        tokenizer=options.tokenizer,
        text_column=options.text_column,
        eval_fraction=options.eval_fraction,
        max_tokens=options.max_tokens,
        workers=options.workers,
    )
    with Meter() as meter:
        summary = tokenize_files(job, meter.report)
    say(summary, job.output)
    return summary


if __name__ == "__main__":
    sys.exit(main())
