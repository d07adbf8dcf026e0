"""report.html of a release: self-contained, no network, no text of documents, no clock. In: the release's summary.

Reads well light and dark, and on a narrow window. Every number in it stands in manifest.json too.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

from curation.attribution import added_up
from curation.licenses import asks_for_names
from curation.report_parts import bars, histogram, number, page, section, size, stacked, table, tiles
from curation.tokenizers.card_page import fragment
from curation.tokenizers.drift import sentence

STAGE_ORDER = ("read", "clean", "language", "scrub", "quality", "toxicity", "select", "deduplicate", "split")


def write_report(path: Path, summary: dict[str, Any]) -> None:
    path.write_text(report(summary), encoding="utf-8")


def report(summary: dict[str, Any]) -> str:
    parts = [
        _head(summary), _sources(summary), _reasons(summary), _inside(summary), _mix(summary), _languages(summary),
        _lengths(summary), _personal(summary), _toxicity(summary), _duplicates(summary), _split(summary), _tokenizer(summary),
        _licenses(summary), _rebuild(summary),
    ]  # fmt: skip
    return page(f"{summary['name']}: what went in, what was lost where", "".join(part for part in parts if part))


def _head(summary: dict[str, Any]) -> str:
    tokens = sum(shard["tokens"] for shard in summary["shards"])
    raw = sum(entry["bytes"] for files in summary["inputs"].values() for entry in files)
    warnings = "".join(f'<p class="alarm">{escape(alarm)}</p>' for alarm in summary["alarms"])
    return f"<header><h1>{escape(summary['name'])}</h1><p>release <code>{summary['id']}</code></p></header>{warnings}" + tiles(
        [
            (size(raw), f"raw dumps in {number(sum(len(files) for files in summary['inputs'].values()))} files"),
            (number(summary["ledger"]["in"]), "documents and pieces read"),
            (number(summary["ledger"]["kept"]), f"kept ({summary['ledger']['kept'] / max(summary['ledger']['in'], 1):.0%})"),
            (
                number(tokens),
                f"tokens (vocabulary {number(summary['tokenizer']['vocab_size'])}) in {number(len(summary['shards']))} shards",
            ),
        ]
    )


def _sources(summary: dict[str, Any]) -> str:
    rows = []
    for name, tally in summary["sources"].items():
        by_stage: Counter[str] = Counter()
        for _, stage, _, count in tally["drops"]:
            by_stage[stage] += count
        parts = [("kept", tally["kept"]), *((stage, by_stage[stage]) for stage in STAGE_ORDER if by_stage[stage])]
        rows.append((f"{name} ({tally['kind']})", parts))
    return section(
        "Where documents went",
        "Each bar is everything a source gave: kept, or dropped at a stage.",
        stacked(rows, ["kept", *STAGE_ORDER]),
    )


def _reasons(summary: dict[str, Any]) -> str:
    rows = [
        [name, stage, reason, verdict, number(count)]
        for name, tally in summary["sources"].items()
        for verdict, stage, reason, count in sorted(tally["drops"], key=lambda row: (-row[-1], row))
    ]
    hint = "<code>python -m curation explain ID-or-file-name</code> tells the story of any single document."
    return section(
        "Why documents were dropped", hint, table(["source", "stage", "reason", "verdict", "documents"], rows, numeric=1)
    )


def _inside(summary: dict[str, Any]) -> str:
    rows = []
    for name, tally in summary["sources"].items():
        for stage, chars in tally["removed"].items():
            share = chars / max(tally["chars_read"], 1)
            rows.append([name, stage, number(chars), f"{share:.2%}"])
    text = "Characters that a stage took out of documents it kept (negative: it added some, such as placeholders)."
    return section(
        "What was removed inside documents", text, table(["source", "stage", "characters", "of what was read"], rows, numeric=2)
    )


def _mix(summary: dict[str, Any]) -> str:
    """Tokens in train by source, before and after the weights by which the trainer mixes."""
    train = added_up([row for row in summary["mix"] if row["split"] == "train"], "source")
    weighed = {name: found["tokens"] * summary["weights"].get(name, 1.0) for (name,), found in train.items()}
    total, mixed = sum(found["tokens"] for found in train.values()), sum(weighed.values())
    rows = [
        [
            name,
            number(found["documents"]),
            number(found["tokens"]),
            f"{found['tokens'] / max(total, 1):.1%}",
            f"{summary['weights'].get(name, 1.0):g}",
            f"{weighed[name] / max(mixed, 1):.1%}",
        ]
        for (name,), found in train.items()
    ]
    head = ["source", "documents", "tokens", "share", "weight", "share in training"]
    return section("The mix", "Train tokens by source, and what the weights of the recipe make of them.", table(head, rows, 5))


def _toxicity(summary: dict[str, Any]) -> str:
    settings = summary["recipe"]["toxicity"]
    rows = []
    for name, tally in summary["sources"].items():
        dropped = sum(count for _, stage, _, count in tally["drops"] if stage == "toxicity")
        cut = tally["removed"].get("toxicity", 0)
        rows.append([name, number(dropped), f"{dropped / max(tally['in'], 1):.2%}", number(cut)])
    hint = f"Dropped where a quarter of the text scores above {settings['max_score']:g} (action: {escape(settings['action'])})."
    return section("Toxicity", hint, table(["source", "documents dropped", "of what was read", "characters cut out"], rows, 3))


def _languages(summary: dict[str, Any]) -> str:
    total: Counter[str] = Counter()
    for tally in summary["sources"].values():
        total.update(tally["languages"]["bytes"])
    return section("Languages", "Kept text by language; code by programming language.", bars(total.most_common(24), size))


def _lengths(summary: dict[str, Any]) -> str:
    total: Counter[int] = Counter()
    for tally in summary["sources"].values():
        total.update({int(power): count for power, count in tally["lengths"].items()})
    return section("Lengths", "Kept documents by size in bytes (powers of two).", histogram(total))


def _personal(summary: dict[str, Any]) -> str:
    total: Counter[str] = Counter()
    for tally in summary["sources"].values():
        total.update(tally["replaced"])
    text = "Values replaced before anything was written to disk, by type. Values themselves are kept nowhere."
    return section("Personal data", text, bars(total.most_common(), number))


def _duplicates(summary: dict[str, Any]) -> str:
    counts: Counter[str] = Counter()
    for tally in summary["sources"].values():
        for _, stage, reason, count in tally["drops"]:
            if stage in ("deduplicate", "dedup"):
                counts[reason] += count
    return section(
        "Duplicates",
        "Every near copy was confirmed by exact Jaccard against the copy that stays.",
        bars(counts.most_common(), number),
    )


def _split(summary: dict[str, Any]) -> str:
    counts = added_up(summary["mix"], "source", "lang", "split")
    held_out = {key[:2]: found for key, found in counts.items() if key[2] == "eval"}
    rows = []
    for (source, lang), found in sorted(held_out.items(), key=lambda entry: (entry[0][0], -entry[1]["tokens"], entry[0][1])):
        train = counts.get((source, lang, "train"), {"documents": 0, "tokens": 0})
        share = found["tokens"] / max(train["tokens"] + found["tokens"], 1)
        documents = [number(train["documents"]), number(found["documents"]), number(found["tokens"])]
        rows.append([source, lang or "unknown", *documents, f"{share:.2%}"])
    return section(
        "Train and eval",
        "Eval is drawn from every source and language. Whole works stay on one side; eval keeps no near copy in train.",
        table(["source", "language", "train", "eval", "eval tokens", "eval share of tokens"], rows, numeric=4)
        + _without_eval(summary["split"] or {}),
    )


def _without_eval(split: dict[str, Any]) -> str:
    """Sources and languages of which eval has nothing, by the reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, reason in split.get("without_eval", {}).items():
        source, _, lang = name.rpartition("/")
        found.setdefault((reason, source), []).append(lang or "unknown")
    rows = [[source, reason, ", ".join(langs)] for (reason, source), langs in sorted(found.items())]
    return "<h3>Nothing in eval</h3>" + table(["source", "because", "languages"], rows, numeric=0) if rows else ""


def _tokenizer(summary: dict[str, Any]) -> str:
    card = summary.get("tokenizer_card")
    hint = f"<code>{escape(summary['tokenizer']['config_name'])}</code>, trained on train only."
    drift = summary["drift"]
    said = f'<p class="{"alarm" if drift["verdict"] == "retrain" else "hint"}">{escape(sentence(drift))}</p>' if drift else ""
    return section("Tokenizer", hint, said + fragment(card)) if card else ""


def _licenses(summary: dict[str, Any]) -> str:
    tokens = sorted(added_up(summary["mix"], "license").items(), key=lambda entry: (-entry[1]["tokens"], entry[0]))
    rows = [
        [name or "not stated", number(found["documents"]), number(found["tokens"]), "yes" if asks_for_names(name) else ""]
        for (name,), found in tokens
    ]
    named = [[source["name"], source["attribution"]] for source in summary["recipe"]["sources"] if source.get("attribution")]
    return section(
        "Licences",
        "Tokens by stated licence. Where one asks that somebody is named, <code>ATTRIBUTION.md</code> says whom.",
        table(["licence", "documents", "tokens", "names asked for"], rows, numeric=3)
        + table(["source", "to be named"], named, 0),
    )


def _rebuild(summary: dict[str, Any]) -> str:
    rows = [[name, value] for name, value in summary["versions"].items()]
    text = (
        f"The same dumps, recipe (hash <code>{summary['recipe_hash']}</code>), pins and library versions give these bytes again: "
        "<code>python -m curation run RECIPE</code>."
    )
    return section("How to rebuild", text, table(["part", "version"], rows, numeric=0))
