"""The command `curation tune`: its options, and which of the three views they ask for."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

EPILOG = """From looking at a threshold to using another; no dump is read:
  curation tune recipe.toml                                which thresholds matter
  curation tune recipe.toml --measure toxicity.max_score   one, by source and language
  curation tune recipe.toml --set toxicity.max_score=0.7   who comes back or goes: ids
  curation run recipe.toml                                 once recipe.toml says so too
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.epilog, parser.formatter_class = EPILOG, argparse.RawDescriptionHelpFormatter
    parser.add_argument("recipe", type=Path)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--measure", metavar="KEY", help="one threshold by source and language, such as toxicity.max_score")
    which.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE",
        help="what this value would take back and drop, with ids; again for several at once",
    )  # fmt: skip
    parser.add_argument("--sample", default="100%", metavar="P%", help="look at what `run --sample P%%` made")
    parser.add_argument("--json", action="store_true", help="print every number as JSON on standard output")


def run(arguments: argparse.Namespace, is_sample: bool) -> None:
    from curation import recipe
    from curation.tuning import changes, measures, screen

    loaded = recipe.adjusted(recipe.load(arguments.recipe), sampled=is_sample)
    if arguments.set:
        found = changes.compare(loaded, changes.with_settings(loaded, arguments.set))
    else:
        found = measures.tune(loaded, arguments.measure)
    if arguments.json:
        print(json.dumps(found))
    elif arguments.set:
        screen.print_comparison(found, arguments.set)
    elif arguments.measure:
        screen.print_measure(found)
    else:
        screen.print_overview(found)
