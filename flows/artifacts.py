"""What the Prefect UI shows of a run: the funnel, the drop reasons, a plot, and where the report lies. Counts only."""

from __future__ import annotations

import base64
import html
from collections import Counter
from typing import Any

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from curation.tokenizers.drift import sentence

LABEL_CHARS = 18
COLOURS = {"kept": "#2f9e62", "dropped": "#d64f4f"}


def show_funnel(summary: dict[str, Any]) -> None:
    sources = summary.get("sources", {})
    if not sources:
        return
    create_table_artifact(key="funnel", table=funnel_rows(sources), description="Documents read, kept and dropped by source")
    create_table_artifact(key="drop-reasons", table=reason_rows(sources), description="Why documents were dropped")
    picture = base64.b64encode(funnel_svg(sources).encode()).decode()
    create_markdown_artifact(
        key="funnel-plot",
        markdown=f"![kept and dropped](data:image/svg+xml;base64,{picture})",
        description="Documents kept (green) and dropped (red) by source",
    )


def show_release(summary: dict[str, Any], seconds: dict[str, float]) -> None:
    """`seconds`: how long each step took, its start included."""
    state = "published" if summary["published"] else "unchanged: nothing new to publish"
    rows = "\n".join(f"| {name} | {value:.1f} |" for name, value in seconds.items())
    drift = summary.get("tokenizer", {}).get("drift")
    advice = f"Tokenizer: {sentence(drift)}\n\n" if drift else ""
    create_markdown_artifact(
        key="release",
        markdown=(
            f"## Release `{summary['release']}`\n\n{state}\n\n{advice}"
            f"* report: `{summary['report']}`\n* folder: `{summary['path']}`\n"
            f"* train: `python -m trainer.train {summary['path']}`\n\n| step | seconds |\n|---|---:|\n{rows}\n"
        ),
        description="What was made and where it lies",
    )


def funnel_rows(sources: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "source": name,
            "kind": tally["kind"],
            "read": tally["in"],
            "kept": tally["kept"],
            "dropped": tally["in"] - tally["kept"],
        }
        for name, tally in sources.items()
    ]


def reason_rows(sources: dict[str, Any]) -> list[dict[str, Any]]:
    counts: Counter[tuple[str, str]] = Counter()
    for tally in sources.values():
        for _, stage, reason, count in tally["drops"]:
            counts[(stage, reason)] += count
    return [{"stage": stage, "reason": reason, "documents": count} for (stage, reason), count in counts.most_common()]


def funnel_svg(sources: dict[str, Any]) -> str:
    """One bar a source: share kept and share dropped."""
    rows = []
    for index, (name, tally) in enumerate(sources.items()):
        top, kept = 10 + 28 * index, 420 * tally["kept"] / max(tally["in"], 1)
        rows.append(
            f'<text x="0" y="{top + 14}" font-size="13" fill="#888">{_label(name)}</text>'
            f'<rect x="130" y="{top}" width="{kept:.1f}" height="18" fill="{COLOURS["kept"]}"/>'
            f'<rect x="{130 + kept:.1f}" y="{top}" width="{420 - kept:.1f}" height="18" fill="{COLOURS["dropped"]}"/>'
            f'<text x="560" y="{top + 14}" font-size="12" fill="#888">{tally["kept"]:,} of {tally["in"]:,} kept</text>'
        )
    height = 20 + 28 * len(sources)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="700" height="{height}" font-family="sans-serif">{"".join(rows)}</svg>'


def _label(name: str) -> str:
    return html.escape(name if len(name) <= LABEL_CHARS else name[: LABEL_CHARS - 1] + "…")
