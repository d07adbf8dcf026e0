"""What `curation tune` prints: which thresholds matter, a picture of the scores about each, what a change would do."""

from __future__ import annotations

from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

console = Console(highlight=False)

BLOCKS = " ▁▂▃▄▅▆▇█"
NUM_ROWS, NUM_PICTURES, NUM_LANGUAGES = 16, 5, 12

Counts = dict[str, Any]  # name, documents, unscored, histogram, kept


def print_overview(found: dict[str, Any]) -> None:
    """Those thresholds first that decide about most documents: alone, or by one step to the next value."""
    measures = sorted(found["measures"], key=lambda measure: (-_weight(measure), measure["key"]))
    shown = [measure for measure in measures if _weight(measure)][:NUM_ROWS]
    console.print(_thresholds(shown))
    console.print(f"and {len(measures) - len(shown)} thresholds that decide about fewer documents, or none. Alone: documents")
    console.print("that nothing else would drop. A name without a dot is a key of quality.limits.\n", markup=False)
    for measure in shown[:NUM_PICTURES]:
        _print_picture(measure, _by_source(measure))
    console.print("Kept is what `select` keeps, before copies leave. To go on:", markup=False)
    console.print("  --measure KEY      one threshold by source and language", markup=False)
    console.print("  --set KEY=VALUE    who would come back or go, with ids", markup=False)
    _print_missing(found)


def print_measure(found: dict[str, Any]) -> None:
    for measure in found["measures"]:
        _print_picture(measure, _by_language(measure))
    if len(found["measures"]) > 1:
        console.print("One picture for each limit in force; a value in the recipe replaces them all.")
    _print_missing(found)


def print_comparison(found: dict[str, Any], settings: list[str]) -> None:
    table = _table("source", "language", "documents", "kept now", "kept then", "back", "gone")
    names = ("documents", "kept", "kept_then", "back", "gone")
    for cell in found["cells"]:
        if cell["back"] or cell["gone"]:
            table.add_row(cell["source"], cell["lang"] or "-", *(f"{cell[name]:,}" for name in names))
    table.add_row("all", "", *(f"{sum(cell[name] for cell in found['cells']):,}" for name in names), style="bold")
    console.print(f"with {', '.join(settings)}", style="bold", markup=False)
    console.print(table)
    for name, words in (("back", "back from"), ("gone", "gone for")):
        for reason, rows in sorted(found["samples"][name].items()):
            console.print(f"{words} {reason}, such as", markup=False)
            for row in rows:
                console.print("  " + " ".join(row), markup=False, soft_wrap=True)
    console.print("Kept is what `select` keeps, before copies leave.", markup=False)
    console.print("`curation explain ID --text` shows a document.", markup=False)
    _print_missing(found)


def sparkline(histogram: list[int], mark: int) -> str:
    """One character a bin, by the logarithm of its count; │ before bin `mark`, where the threshold stands."""
    heights = np.log1p(histogram)
    top = max(float(heights.max()), 1e-9)
    bars = [BLOCKS[max(1, round(height / top * 8)) if count else 0] for count, height in zip(histogram, heights, strict=True)]
    return "".join([*bars[:mark], "│", *bars[mark:]])


def _thresholds(measures: list[dict[str, Any]]) -> Table:
    table = _table("threshold", "now", "alone", "a step lower", "a step higher", "sources")
    everywhere = {cell["source"] for measure in measures for cell in measure["cells"]}
    for measure in measures:
        steps = [f"{change:+,} at {value:g}" if value is not None else "" for value, change in _steps(measure)]
        sources = {cell["source"] for cell in measure["cells"]}
        name = measure["key"].removeprefix("quality.limits.")
        table.add_row(
            name,
            f"{measure['now']:g}",
            f"{_alone(measure):,}",
            *steps,
            "all" if sources == everywhere else " ".join(sorted(sources)),
        )
    return table


def _print_picture(measure: dict[str, Any], rows: list[Counts]) -> None:
    shown, now = _shown(measure), measure["thresholds"].index(measure["now"])
    unscored = sum(row["unscored"] for row in rows)
    tail = f"; {unscored:,} documents have none" if unscored else ""
    console.print(f"{measure['key']} = {measure['now']:g}", style="bold", markup=False)
    console.print(f"{measure['score']} from 0 to {measure['edges'][-1]:g} and above, heights by logarithm{tail}", markup=False)
    table = _table("source", "documents", "scores │ limit")
    for at in shown:
        head = f"{'kept at ' if at == now else ''}{measure['thresholds'][at]:g}"
        table.add_column(head, justify="right", no_wrap=True, style="bold" if at == now else None)
    mark = int(np.searchsorted(measure["edges"], measure["now"]))
    for row in rows:
        kept = (f"{row['kept'][at]:,}" if at == now else _signed(row["kept"][at] - row["kept"][now]) for at in shown)
        table.add_row(row["name"], f"{row['documents']:,}", sparkline(row["histogram"], mark), *kept)
    console.print(table)
    console.print()


def _print_missing(found: dict[str, Any]) -> None:
    if found["missing"]:
        console.print(
            f"{found['missing']} parts of the corpus have no scores yet: `curation run RECIPE --until ingest`",
            style="yellow", markup=False,
        )  # fmt: skip


def _shown(measure: dict[str, Any]) -> list[int]:
    """Places of the threshold in force and of up to two on each side."""
    at = measure["thresholds"].index(measure["now"])
    return list(range(max(0, at - 2), min(len(measure["thresholds"]), at + 3)))


def _by_source(measure: dict[str, Any]) -> list[Counts]:
    sources = dict.fromkeys(cell["source"] for cell in measure["cells"])
    return [_added(name, [cell for cell in measure["cells"] if cell["source"] == name]) for name in sources]


def _by_language(measure: dict[str, Any]) -> list[Counts]:
    """The languages with most documents of each source; the rest of a source in one row."""
    rows = []
    for source in dict.fromkeys(cell["source"] for cell in measure["cells"]):
        cells = sorted((cell for cell in measure["cells"] if cell["source"] == source), key=lambda cell: -cell["documents"])
        rows += [_added(f"{source} {cell['lang'] or '-'}", [cell]) for cell in cells[:NUM_LANGUAGES]]
        if rest := cells[NUM_LANGUAGES:]:
            rows.append(_added(f"{source}, {len(rest)} more", rest))
    return rows


def _added(name: str, cells: list[Counts]) -> Counts:
    return {
        "name": name,
        **{key: sum(cell[key] for cell in cells) for key in ("documents", "unscored")},
        **{key: np.sum([cell[key] for cell in cells], axis=0).tolist() for key in ("histogram", "kept")},
    }


def _total(measure: dict[str, Any]) -> list[int]:
    return [int(count) for count in np.sum([cell["kept"] for cell in measure["cells"]], axis=0)]


def _alone(measure: dict[str, Any]) -> int:
    """Documents that nothing but this threshold drops: those that its laxest value in the row would keep."""
    kept = _total(measure)
    now: int = measure["thresholds"].index(measure["now"])
    return max(kept) - kept[now]


def _steps(measure: dict[str, Any]) -> list[tuple[float | None, int]]:
    """(value, documents more or fewer) of the next value below the one in force, and of the next above."""
    kept, at = _total(measure), measure["thresholds"].index(measure["now"])
    places = (at - 1, at + 1)
    return [(measure["thresholds"][to], kept[to] - kept[at]) if 0 <= to < len(kept) else (None, 0) for to in places]


def _weight(measure: dict[str, Any]) -> int:
    return max(_alone(measure), *(abs(change) for _, change in _steps(measure)))


def _signed(change: int) -> str:
    return f"{change:+,}" if change else "="


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        is_words = name in ("source", "language", "threshold", "sources", "scores │ limit")
        table.add_column(name, justify="left" if is_words else "right", no_wrap=name != "sources")
    return table
