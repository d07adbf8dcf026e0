"""One unit of work in a worker process: its inputs, read once through the local stages, into one sealed segment.

Unscrubbed text lives in this process's memory only. Rows of inputs that an earlier segment of the same bucket already
holds are copied from it. The accounts of every input (records read, rows stored and dropped, characters removed by each
stage, values replaced) stand in the segment's manifest, and the segment is not sealed if they do not add up.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from curation import ledger, manifest, stages, storage
from curation.cleaning import boilerplate
from curation.document import RAW_SCHEMA, Record, to_batches
from curation.errors import InputError
from curation.ingest_rows import Flow
from curation.plan import known_input
from curation.recipe import Recipe
from curation.segment_writer import SegmentReuse, SegmentWriter
from curation.source import Dropped, Input
from curation.sources import SOURCES
from curation.stage import Place, StageFunction

Reader = Callable[[Input], Iterable[Record | Dropped]]


def ingest_unit(
    recipe: dict[str, Any], unit: dict[str, Any], identity: dict[str, Any], final: str, reuse: str | None
) -> dict[str, Any]:
    """Make the segment `final`; returns what it cost. Arguments are JSON."""
    settings = Recipe.model_validate(recipe)
    source = next(source for source in settings.sources if source.name == unit["source"])
    place = Place(source.name, source.kind)
    flow = Flow(place, source.license, *_built(json.dumps(recipe, sort_keys=True), place))
    reader = SOURCES[source.kind]
    read = partial(reader.read, config=reader.Config.model_validate(source.reader))
    started = time.perf_counter()
    with storage.draft_folder(settings.workspace) as draft:
        spool = draft / "spool" if settings.cleaning.boilerplate and source.kind in boilerplate.KINDS else None
        writer = SegmentWriter(draft, flow.score(flow.scrub(pa.RecordBatch.from_pylist([], schema=RAW_SCHEMA))))
        earlier = SegmentReuse.open(Path(reuse) if reuse else None)
        accounts: dict[str, Any] = {}
        fresh: list[tuple[str, Input]] = []
        for key, content in unit["inputs"]:
            if earlier and earlier.holds(key, content):
                _ingest(fresh, read, flow, writer, spool)
                fresh = []
                writer.copy(earlier, key)
                accounts[key] = earlier.account(key)
            else:
                fresh.append((key, known_input(settings.workspace, source.name, key, unit["part"])))
                accounts[key] = {"content": content}
        _ingest(fresh, read, flow, writer, spool)
        writer.close()
        _settle(accounts, flow, unit)
        counts = {"rows": writer.rows, "ledger_rows": writer.ledger_rows, "conversations": writer.conversations}
        payload = {"name": unit["name"], "identity": identity, "inputs": accounts, **counts}
        manifest.seal(draft, payload)
        storage.publish(draft, Path(final))
    return {"seconds": {**flow.seconds, "all": time.perf_counter() - started}, "chars": sum(flow.chars_read.values())}


@lru_cache(maxsize=8)
def _built(recipe: str, place: Place) -> tuple[list[tuple[str, StageFunction]], list[tuple[str, StageFunction]]]:
    """The stages of a source, built once a process: their models cost seconds, a unit often less than one."""
    settings = Recipe.model_validate_json(recipe)
    return list(stages.build(settings, place, stages.BEFORE_IDENTITY)), list(stages.build(settings, place, stages.AFTER_IDENTITY))


def _ingest(inputs: list[tuple[str, Input]], read: Reader, flow: Flow, writer: SegmentWriter, spool: Path | None) -> None:
    """`spool`: where the rows of a large input may wait for the second pass over it; None for none."""

    def scrubbed() -> Iterator[pa.RecordBatch]:
        drops: list[tuple[str, Dropped, str]] = []
        for batch in to_batches(_records(inputs, read, flow.num_records, drops)):
            yield flow.scrub(batch)
            writer.write_ledger(flow.read_drops(drops))
            drops.clear()
        writer.write_ledger(flow.read_drops(drops))

    whole = ((batch, Counter[str]()) for batch in scrubbed())
    for batch, lost in boilerplate.without_boilerplate(scrubbed(), spool) if spool else whole:
        flow.lose("boilerplate", lost)
        writer.write(flow.score(batch))
        writer.write_ledger(flow.take_drops())


def _records(
    inputs: list[tuple[str, Input]], read: Reader, counts: Counter[str], drops: list[tuple[str, Dropped, str]]
) -> Iterator[tuple[str, Record]]:
    """(digest, record) of every input; what is dropped or quarantined is appended to `drops` as (digest, row, verdict)."""
    for key, item in inputs:
        unseen = {file.path for file in item.files}
        events = iter(read(item))
        while True:
            try:
                event = next(events)
            except StopIteration:
                break
            except InputError as error:
                counts[key] += 1
                drops.append((key, Dropped(error.where or item.files[0].path, error.reason), ledger.QUARANTINED))
                unseen.discard(error.where or item.files[0].path)
                break
            counts[key] += 1
            unseen -= _named(event.origin, unseen)
            if isinstance(event, Dropped):
                drops.append((key, event, ledger.DROPPED))
            else:
                yield key, event
        for path in sorted(unseen):
            counts[key] += 1
            drops.append((key, Dropped(path, "in_other_document" if len(item.files) > 1 else "no_document"), ledger.DROPPED))


def _named(origin: str, paths: set[str]) -> set[str]:
    """Which of `paths` the origin starts with, up to a `!`, a `#` or the end."""
    if not paths:
        return set()
    ends = [index for index, char in enumerate(origin) if char in "!#"] + [len(origin)]
    return {origin[:end] for end in ends} & paths


def _settle(accounts: dict[str, Any], flow: Flow, unit: dict[str, Any]) -> None:
    for key, account in accounts.items():
        if "records" not in account:
            account.update(flow.account(key))
        ledger.check_sum(
            f"{unit['source']}/{unit['name']}/{key}",
            account["records"],
            {"stored": account["stored"], "dropped": account["dropped"]},
        )
