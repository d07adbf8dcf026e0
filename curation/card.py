"""The dataset card: README.md of a release, with Hugging Face metadata. In: the release's summary. Deterministic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from curation.attribution import FILE, added_up
from curation.licenses import asks_for_names
from curation.tokenizers.drift import sentence

_LIMITS = ((0, "n<1K"), (1_000, "1K<n<10K"), (10_000, "10K<n<100K"), (100_000, "100K<n<1M"), (1_000_000, "1M<n<10M"))


def write_card(path: Path, summary: dict[str, Any]) -> None:
    path.write_text(card(summary), encoding="utf-8")


def card(summary: dict[str, Any]) -> str:
    sources = summary["sources"]
    languages = _languages(sources)
    lines = [
        "---",
        f"pretty_name: {summary['name']}",
        "task_categories:\n- text-generation",
        "language:\n" + "\n".join(f"- {name}" for name in languages if 2 <= len(name) <= 3 and name.isalpha())
        if languages
        else "",
        f"size_categories:\n- {_size(summary['ledger']['kept'])}",
        "configs:\n- config_name: default\n  data_files:",
        "  - split: train\n    path: train/*.parquet\n  - split: eval\n    path: eval/*.parquet",
        "---",
        "",
        f"# {summary['name']}",
        "",
        f"{summary['ledger']['kept']:,} documents of {summary['ledger']['in']:,} read, "
        f"{_tokens(summary):,} tokens by a byte-level BPE tokenizer of {summary['tokenizer']['vocab_size']:,} tokens "
        f"(`{summary['tokenizer']['config_name']}`, in `tokenizer/`).",
        "",
        "Each row of `train/` and `eval/` is one document: `id, source, lang, license, work, ordinal, n_bytes, input_ids`. "
        "`input_ids` hold the text only, without BOS or EOS. "
        "Every document that was read is in `ledger/`, also the dropped ones, with the reason.",
        "",
        "| source | kind | read | kept | weight | tokens |",
        "|---|---|---:|---:|---:|---:|",
        *(
            f"| {name} | {tally['kind']} | {tally['in']:,} | {tally['kept']:,} | {summary['weights'][name]:g} "
            f"| {_tokens(summary, name):,} |"
            for name, tally in sources.items()
        ),
        "",
        "## Why documents were dropped",
        "",
        "| source | stage | reason | documents |",
        "|---|---|---|---:|",
        *(
            f"| {name} | {stage} | {reason} | {count:,} |"
            for name, tally in sources.items()
            for _, stage, reason, count in tally["drops"]
        ),
        "",
        "## Languages",
        "",
        "| language | documents | tokens | share |",
        "|---|---:|---:|---:|",
        *_mixed(summary),
        "",
        "## Tokenizer",
        "",
        *_tokenizer(summary),
        "",
        "## Licences",
        "",
        "| licence | documents | tokens |",
        "|---|---:|---:|",
        *(
            f"| {name or 'not stated'} | {found['documents']:,} | {found['tokens']:,} |"
            for (name,), found in added_up(summary["mix"], "license").items()
        ),
        "",
        *(_attribution(summary)),
        "## Personal data",
        "",
        "Found values were replaced before anything was stored: "
        + (", ".join(f"{name} {count:,}" for name, count in _replaced(sources).items()) or "none were found")
        + ". What pattern recognizers cannot see is still there; treat the corpus accordingly.",
        "",
    ]
    return "\n".join(line for line in lines if line is not None) + "\n"


def _languages(sources: dict[str, Any]) -> list[str]:
    total: dict[str, int] = {}
    for tally in sources.values():
        if tally["kind"] == "code":
            continue  # `go` is a programming language there, not an ISO code
        for name, size in tally["languages"]["bytes"].items():
            total[name] = total.get(name, 0) + size
    return [name for name in sorted(total, key=lambda name: (-total[name], name)) if name][:50]


def _mixed(summary: dict[str, Any]) -> list[str]:
    total = max(_tokens(summary), 1)
    rows = sorted(added_up(summary["mix"], "lang").items(), key=lambda entry: -entry[1]["tokens"])[:50]
    return [
        f"| {name or 'unknown'} | {found['documents']:,} | {found['tokens']:,} | {found['tokens'] / total:.1%} |"
        for (name,), found in rows
    ]


def _tokenizer(summary: dict[str, Any]) -> list[str]:
    report, drift = summary["tokenizer_card"], summary["drift"]
    lines = []
    if report:
        total = report["total"]
        lines.append(
            f"{total['bytes_per_token']:.2f} bytes and {total['chars_per_token']:.2f} characters a token, "
            f"{total['tokens_per_word']:.2f} tokens a word on text that its training did not see; "
            "the whole report card stands in `report.html` and in `pins/tokenizer_card.json`."
        )
        lines += [f"**Alarm:** {len(report['entities'])} tokens look like personal data."] if report["entities"] else []
    return [*lines, *([f"Drift since the release before: {sentence(drift)}."] if drift else [])]


def _attribution(summary: dict[str, Any]) -> list[str]:
    if not any(asks_for_names(row["license"]) for row in summary["mix"]):
        return []
    return [f"Some of these ask that somebody is named: see [{FILE}]({FILE}).", ""]


def _replaced(sources: dict[str, Any]) -> dict[str, int]:
    return _added(tally["replaced"] for tally in sources.values())


def _added(counters: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for counter in counters:
        for name, count in counter.items():
            total[name] = total.get(name, 0) + count
    return dict(sorted(total.items()))


def _tokens(summary: dict[str, Any], source: str | None = None) -> int:
    return sum(shard["tokens"] for shard in summary["shards"] if source in (None, shard["source"]))


def _size(count: int) -> str:
    return [name for limit, name in _LIMITS if count >= limit][-1]
