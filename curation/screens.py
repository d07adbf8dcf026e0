"""What commands print for a person: the end of a run, one document's story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from curation.dedup.difference import Passage
from curation.tokenizers.drift import sentence

console = Console(highlight=False)


def print_summary(summary: dict[str, Any]) -> None:
    if "sources" in summary:
        console.print(_funnel(summary["sources"]))
    if "documents" in summary:
        documents = summary["documents"]
        kept, dropped = f"[bold]{documents['kept']:,} kept[/]", f"{documents['dropped']:,} dropped, each with its reason"
        console.print(f"{documents['in']:,} documents read, {kept}, {dropped}")
    if drift := summary.get("tokenizer", {}).get("drift"):
        console.print(f"tokenizer {sentence(drift)}", style="yellow" if drift["verdict"] == "retrain" else None, markup=False)
    if private := summary.get("tokenizer", {}).get("private_tokens"):
        console.print(f"tokenizer has {private:,} tokens that look like personal data: --retrain leaves them out", style="yellow")
    if "release" in summary:
        word = "[green]published[/]" if summary["published"] else "unchanged, nothing new to publish"
        console.print(f"release   {summary['release']} ({word})")
        console.print(f"folder    {summary['path']}", soft_wrap=True)
        console.print(f"report    {summary['report']}", soft_wrap=True)
        console.print(f"train     python -m trainer.train {summary['path']}", soft_wrap=True)
    else:
        console.print(f"workspace {summary['workspace']}", soft_wrap=True)


def _funnel(sources: dict[str, Any]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("source", "kind"):
        table.add_column(name)
    for name in ("read", "kept"):
        table.add_column(name, justify="right")
    table.add_column("dropped most often for")
    for name, tally in sources.items():
        reasons: Counter[str] = Counter()
        for _, _, reason, count in tally["drops"]:
            reasons[reason] += count
        common = ", ".join(f"{reason} {count:,}" for reason, count in reasons.most_common(3))
        table.add_row(name, tally["kind"], f"{tally['in']:,}", f"{tally['kept']:,}", common)
    return table


def print_decision(row: dict[str, Any]) -> None:
    colour = {"kept": "green", "dropped": "red", "quarantined": "yellow"}[row["verdict"]]
    console.print(row["origin"], style="bold", markup=False, soft_wrap=True)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("verdict", f"[{colour}]{row['verdict']}[/]")
    for name in ("id", "source", "work", "stage", "reason"):
        if row[name]:
            table.add_row(name, str(row[name]))
    if row["meaning"]:
        table.add_row("that is", row["meaning"])
    if row["score"] is not None:
        table.add_row("score", f"{row['score']:.4g}")
    if row["twin"]:
        table.add_row("twin", f"{row['twin']}  {row['twin_origin'] or ''}")
    for ngram in row["ngrams"]:
        table.add_row("holds", ngram)
    if row["shard"]:
        table.add_row("tokens in", f"{row['shard']}, row {row['row']}, split {row['split']}")
    scores = {name: value for name, value in row["scores"].items() if isinstance(value, float | int | str)}
    for name, value in scores.items():
        if name not in ("id", "source", "work", "license"):
            table.add_row(f"  {name}", f"{value:.4g}" if isinstance(value, float) else str(value))
    console.print(table)


def print_passages(title: str, passages: Sequence[Passage], limit: int = 20, max_chars: int = 300) -> None:
    """Each passage as one text has it (-) and as the other has it (+), shortened."""
    if not passages:
        return
    console.print(title, style="bold")
    for passage in passages[:limit]:
        for sign, text, colour in (("-", passage.kept, "red"), ("+", passage.dropped, "green")):
            if text:
                rest = f" … {len(text) - max_chars:,} more characters" if len(text) > max_chars else ""
                console.print(f"  {sign} {text[:max_chars]}{rest}", style=colour, markup=False, soft_wrap=True)
        console.print()
    if len(passages) > limit:
        console.print(f"  … and {len(passages) - limit} more passages")
