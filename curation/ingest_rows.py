"""Batches of raw records through the stages to stored rows, counting what each stage takes: rows and characters.

The stages count nothing themselves. Origins and works of rows that leave before the scrubbing stage pass its scrubber
here, so that no ledger holds a personal name.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation import ledger
from curation.document import ROLE_END, TURN, TURNS_TYPE, document_id, split_turns, with_column
from curation.source import Dropped
from curation.stage import DROP_SCHEMA, Place, StageFunction


class Flow:
    """The built stages of one source and the running accounts per input."""

    def __init__(
        self,
        place: Place,
        license: str,
        before: Iterable[tuple[str, StageFunction]],
        after: Iterable[tuple[str, StageFunction]],
    ) -> None:
        self.place, self.license = place, license
        self.before, self.after = list(before), list(after)
        self.scrubber: Any = dict(self.before)["scrub"]
        self.num_records: Counter[str] = Counter()
        self.num_stored: Counter[str] = Counter()
        self.num_dropped: Counter[str] = Counter()
        self.chars_read: Counter[str] = Counter()
        self.removed: dict[str, Counter[str]] = defaultdict(Counter)
        self.replaced: dict[str, Counter[str]] = defaultdict(Counter)
        self.seconds: dict[str, float] = defaultdict(float)
        self._drops: list[pa.RecordBatch] = []

    def scrub(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """RAW_SCHEMA -> clean rows of known language that may be written to disk."""
        speakers = dict(zip(batch["origin"].to_pylist(), batch["speakers"].to_pylist(), strict=True))
        for key, chars in _chars(batch).items():
            self.chars_read[key] += chars
        batch = with_column(batch, "chars_read", _chars_of_words(batch["text"]))
        for name, function in self.before:
            batch = self._apply(name, function, batch, speakers)
        for key, counts in self.scrubber.counts_by_input().items():
            self.replaced[key].update(counts)
        return batch

    def lose(self, stage: str, chars: Counter[str]) -> None:
        """Characters that a stage of its own pace took from each input."""
        for key, count in chars.items():
            self.removed[key][stage] += count

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Scrubbed rows -> everything a segment stores of them."""
        batch = self._drop_empty(self._identify(batch))
        for name, function in self.after:
            batch = self._apply(name, function, batch, {})
        batch = with_column(batch, "num_chars", pc.utf8_length(batch["text"]).cast(pa.int32()))
        batch = with_column(batch, "num_bytes", pc.binary_length(batch["text"]).cast(pa.int32()))
        for key, count in zip(*_counted(batch["input"]), strict=True):
            self.num_stored[key] += count
        return batch

    def _apply(self, name: str, function: StageFunction, batch: pa.RecordBatch, speakers: dict[str, list[str]]) -> pa.RecordBatch:
        started = time.perf_counter()
        before = _chars(batch)
        kept, dropped = function(batch)
        ledger.check_sum(f"{self.place.source}/{name}", batch.num_rows, {"kept": kept.num_rows, "dropped": dropped.num_rows})
        if dropped.num_rows:
            gone = set(dropped["origin"].to_pylist())
            lost = batch.filter(pa.array([origin in gone for origin in batch["origin"].to_pylist()]))
            before -= _chars(lost)
            self._leave(dropped, name, speakers)
        after = _chars(kept)
        for key in before:
            self.removed[key][name] += before[key] - after[key]
        self.seconds[name] += time.perf_counter() - started
        return kept

    def _identify(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Turn marks become the `turns` column; `id` and `source` are added."""
        texts = batch["text"].to_pylist()
        views: list[Any] = batch["view"].to_pylist() if "view" in batch.schema.names else [None] * len(texts)
        turns: list[Any] = [None] * len(texts)
        for index, text in enumerate(texts):
            if TURN in text:
                texts[index], turns[index] = split_turns(text)
                views[index] = split_turns(views[index])[0] if views[index] else None
        ids = [document_id(self.place.kind, text if view is None else view) for text, view in zip(texts, views, strict=True)]
        size = len(texts)
        batch = with_column(batch, "text", pa.array(texts, pa.string()))
        batch = with_column(batch, "view", pa.array(views, pa.string()))
        batch = with_column(batch, "turns", pa.array(turns, TURNS_TYPE))
        batch = with_column(batch, "id", pa.array(ids, pa.string()))
        batch = with_column(batch, "source", pa.array([self.place.source] * size, pa.string()))
        licenses = pc.replace_with_mask(batch["license"], pc.equal(batch["license"], ""), self.license)
        return with_column(batch, "license", licenses)

    def _drop_empty(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A document of which cleaning or scrubbing left nothing is no document: reason `empty`, stage `clean`."""
        bare = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(batch["text"])), 0)
        if not pc.any(bare).as_py():
            return batch
        gone = batch.filter(bare).select(["input", "origin", "work"])
        gone = gone.append_column("reason", pa.array(["empty"] * gone.num_rows, pa.string()))
        self._leave(pa.RecordBatch.from_arrays(gone.columns, schema=DROP_SCHEMA), "clean", {})
        return batch.filter(pc.invert(bare))

    def _leave(self, dropped: pa.RecordBatch, stage: str, speakers: dict[str, list[str]]) -> None:
        known = [speakers.get(origin, []) for origin in dropped["origin"].to_pylist()]
        self._drops.append(self._ledger(dropped.to_pylist(), known, stage, ledger.DROPPED))

    def read_drops(self, drops: list[tuple[str, Dropped, str]]) -> pa.RecordBatch | None:
        """Ledger rows (with `input`) for what the reader dropped or quarantined."""
        batches = []
        for verdict in (ledger.DROPPED, ledger.QUARANTINED):
            chosen = [(key, drop) for key, drop, which in drops if which == verdict]
            if chosen:
                rows = [{"input": key, "origin": drop.origin, "work": drop.work, "reason": drop.reason} for key, drop in chosen]
                batches.append(self._ledger(rows, [list(drop.speakers) for _, drop in chosen], "read", verdict))
        return _joined(batches)

    def take_drops(self) -> pa.RecordBatch | None:
        taken, self._drops = self._drops, []
        return _joined(taken)

    def _ledger(self, drops: list[dict[str, str]], speakers: list[list[str]], stage: str, verdict: str) -> pa.RecordBatch:
        for name in ("origin", "work"):
            for drop, clean in zip(drops, self.scrubber.names([drop[name] for drop in drops], speakers), strict=True):
                drop[name] = clean
        self.num_dropped.update(drop["input"] for drop in drops)
        batch = ledger.rows(self.place.source, drops, stage, verdict)
        return batch.append_column("input", pa.array([drop["input"] for drop in drops], pa.string()))

    def account(self, key: str) -> dict[str, Any]:
        return {
            "records": self.num_records[key],
            "stored": self.num_stored[key],
            "dropped": self.num_dropped[key],
            "chars_read": self.chars_read[key],
            "removed": {name: count for name, count in sorted(self.removed[key].items()) if count},
            "replaced": dict(sorted(self.replaced[key].items())),
        }


def _chars(batch: pa.RecordBatch) -> Counter[str]:
    """Characters of text by input."""
    if not batch.num_rows:
        return Counter()
    codes = batch["input"].dictionary_encode()
    sums = np.bincount(codes.indices.to_numpy(), weights=pc.utf8_length(batch["text"]).to_numpy())
    return Counter({key: int(total) for key, total in zip(codes.dictionary.to_pylist(), sums, strict=True)})


def _chars_of_words(texts: pa.Array) -> pa.Array:
    """Characters of each text without the marks of its turns, which are no words of it."""
    return pc.utf8_length(pc.replace_substring_regex(texts, f"{TURN}[^{ROLE_END}]*{ROLE_END}", "")).cast(pa.int32())


def _counted(column: pa.Array) -> tuple[list[str], list[int]]:
    counts = column.value_counts()
    return counts.field("values").to_pylist(), counts.field("counts").to_pylist()


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch | None:
    if len(batches) < 2:
        return batches[0] if batches else None
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]
