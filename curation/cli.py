"""`python -m curation …`, also installed as `curation`. Exit status 0 only when the work is done.

An error is one message on standard error: what, where, got, expected, do next; a traceback only with --debug.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from curation.errors import CurationError, TransientError, out_of_space
from curation.tuning import command as tuning
from curation.watchdog import end_with

EPILOG = """A first corpus:
  python -m curation init ~/dumps            look inside, write recipe.toml
  python -m curation run recipe.toml         the whole way to a release
  python -m curation explain "some file"     why was it dropped?
  python -m trainer.train data/NAME          a GPT from the newest release
"""


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    if arguments.debug:
        os.environ["CURATION_DEBUG"] = "1"
    _quiet_libraries()
    if parent := os.environ.get("CURATION_PARENT"):
        end_with(int(parent))
    try:
        return int(arguments.run(arguments) or 0)
    except (CurationError, OSError) as error:
        ours = error if isinstance(error, CurationError) else out_of_space(error)
        if arguments.debug or ours is None:
            raise
        print(f"error: {ours}", file=sys.stderr)
        return 75 if isinstance(ours, TransientError) else 1
    except KeyboardInterrupt:
        print("interrupted; the next run goes on where this one stopped", file=sys.stderr)
        return 130


def _quiet_libraries() -> None:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="curation", description="From raw dumps to a training corpus, a tokenizer and shards.", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help)
        made.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show tracebacks")
        made.set_defaults(run=run)
        return made

    init = command("init", _init, "Look inside a folder of dumps, guess the kinds, write a commented recipe.")
    init.add_argument("folder", type=Path)
    init.add_argument("--output", type=Path, default=Path("recipe.toml"), help="where to write the recipe (default: recipe.toml)")
    init.add_argument("--force", action="store_true", help="overwrite an existing recipe")

    run = command("run", _run, "Run a recipe: from raw dumps to a release. Running again does only what changed.")
    run.add_argument("recipe", type=Path)
    run.add_argument(
        "--sample", default="100%", metavar="P%", help="a share of the inputs, chosen by hash, in a workspace of its own"
    )
    run.add_argument(
        "--until", default="release", metavar="STEP", help="stop after ingest, select, deduplicate, split, tokenizer, tokenize"
    )
    run.add_argument("--retrain", action="store_true", help="train a new tokenizer and encode everything again")
    run.add_argument("--ignore-alarms", action="store_true", help="go on although a source loses more than [alarms] allows")
    run.add_argument("--workers", type=int, help="worker processes (default: [execution] workers, or all cores)")
    run.add_argument("--json", action="store_true", help="print the summary as JSON on standard output")

    why = command("explain", _explain, "Every decision about a document: by id, or by part of its origin (a file name).")
    why.add_argument("document")
    _workspace(why)
    why.add_argument("--text", action="store_true", help="also print the scrubbed text, on this terminal only")
    why.add_argument(
        "--changes", action="store_true",
        help="read the dump again and show what cleaning and scrubbing changed: with its personal data, on this terminal only",
    )  # fmt: skip
    why.add_argument("--limit", type=int, default=20, help="documents to show (default: 20)")

    trace = command("trace", _trace, "From a token of a shard back to its document, origin, licence and bytes.")
    trace.add_argument("release", type=Path)
    trace.add_argument("shard", help="path below the release, such as train/books-bucket-00-000-….parquet")
    trace.add_argument("row", type=int)
    trace.add_argument("token", type=int, nargs="?", default=0)

    tuning.add_options(command("tune", _tune, "What other thresholds would keep or drop, from the stored scores alone."))

    check = command("verify", _verify, "Re-hash a release's shards, check its ledger and its tokenizer.")
    check.add_argument("release", type=Path)

    takedown = command("takedown", _takedown, "Take a document out of every later release, by its id.")
    takedown.add_argument("document")
    takedown.add_argument("--why", default="", help="kept beside the id, in the workspace only")
    _workspace(takedown)

    export = command(
        "export", _export, "Write a release for other trainers: nanoGPT .bin, Megatron, datatrove .ds, text Parquet."
    )
    export.add_argument("arguments", nargs=argparse.REMAINDER)

    demo = command("demo", _demo, "The whole job on the bundled sample, then a short training run.")
    demo.add_argument("--no-train", action="store_true", help="stop at the release")
    return parser


def _workspace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workspace", type=Path, help="default: the only workspace below data/")


def _init(arguments: argparse.Namespace) -> None:
    from curation.discover import write_recipe

    print(write_recipe(arguments.folder, arguments.output, arguments.force))


def _run(arguments: argparse.Namespace) -> None:
    from curation import pipeline, progress, recipe, screens

    loaded = recipe.load(arguments.recipe)
    if arguments.until not in pipeline.STEPS:
        raise CurationError("no such step", where="--until", got=arguments.until, expected=", ".join(pipeline.STEPS))
    share = _share(arguments.sample)
    loaded = recipe.adjusted(loaded, workers=arguments.workers, sampled=share < 1)
    shown = progress.to_standard_error()
    try:
        summary = pipeline.run(
            loaded,
            until=arguments.until,
            retrain=arguments.retrain,
            ignore_alarms=arguments.ignore_alarms,
            sample=share,
            progress=shown,
        )
    finally:
        shown.close()
    if arguments.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        screens.print_summary(summary)


def _share(text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = 0
    if not 0 < share <= 1:
        raise CurationError("not a share", where="--sample", got=text, expected="a number above 0 up to 100 %, such as 1%")
    return share


def _explain(arguments: argparse.Namespace) -> None:
    from curation import explain, screens, unreleased

    workspace = find_workspace(arguments.workspace)
    is_unreleased = bool(unreleased.segments(workspace))
    rows = explain.explain(workspace, None if is_unreleased else _newest(workspace), arguments.document)
    if is_unreleased:
        print("(as the last run decided, which has come to no release)")
    for row in rows[: arguments.limit]:
        screens.print_decision(row)
        screens.print_passages("differs from its keeper (-) in", explain.differences(workspace, row))
        if arguments.text and row["id"]:
            print(explain.text_of(workspace, row["id"]))
        if arguments.changes and row["id"]:
            screens.print_passages("cleaned and scrubbed from the dump (-) in", explain.changes(workspace, row["id"]))
    if len(rows) > arguments.limit:
        print(f"… and {len(rows) - arguments.limit} more; --limit shows them")


def _trace(arguments: argparse.Namespace) -> None:
    from dataclasses import asdict

    from curation.trace import trace

    for name, value in asdict(trace(arguments.release, arguments.shard, arguments.row, arguments.token)).items():
        print(f"{name:<10} {value}")


def _tune(arguments: argparse.Namespace) -> None:
    tuning.run(arguments, is_sample=_share(arguments.sample) < 1)


def _verify(arguments: argparse.Namespace) -> None:
    from curation.verify import verify

    verify(arguments.release)
    print(f"{arguments.release}: everything is as its manifest says")


def _takedown(arguments: argparse.Namespace) -> None:
    from curation.takedown import take_down

    workspace = find_workspace(arguments.workspace)
    take_down(workspace, arguments.document, arguments.why)
    print("noted; the next run publishes a release without it")


def _export(arguments: argparse.Namespace) -> int:
    from curation.export import main as export

    return int(export(arguments.arguments) or 0)


def _demo(arguments: argparse.Namespace) -> None:
    from curation.demo import demo

    demo(train=not arguments.no_train)


def _newest(workspace: Path) -> Path:
    from curation.pipeline import require_newest

    return require_newest(workspace)


def find_workspace(given: Path | None) -> Path:
    """The workspace named, or the only one below data/ that has a release or a run on the way to one."""
    if given:
        return given
    found = sorted({path.parent for name in ("latest", "unreleased") for path in Path("data").glob(f"*/{name}.json")})
    if len(found) != 1:
        names = ", ".join(str(path) for path in found) or "none"
        raise CurationError("which workspace?", where="data/", got=names, expected="exactly one", do="Name it with --workspace.")
    return found[0]
