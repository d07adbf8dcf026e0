"""Documents of a corpus folder laid out by kind, and segments made of them, for the benchmarks of dedup and split."""

from __future__ import annotations

import hashlib
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from curation.dedup import signature
from curation.dedup.config import Config
from curation.document import STORED_SCHEMA, document_id, split_turns, valid_text
from curation.errors import InputError
from curation.manifest import fingerprint
from curation.segment import VERDICTS, Segment, scan
from curation.source import Dropped, File
from curation.sources import SOURCES
from curation.stage import Place

BATCH = 256


@dataclass(frozen=True, slots=True)
class Text:
    kind: str
    origin: str
    text: str
    work: str = ""
    lang: str = ""
    revised: datetime | None = None


def read_corpus(corpus: Path, max_bytes: int, kinds: Sequence[str] = tuple(SOURCES)) -> list[Text]:
    """About `max_bytes` of every kind: whole inputs, in order of a hash of their names, so that any machine takes the same."""
    return [text for kind in kinds if (corpus / kind).is_dir() for text in _read_kind(corpus / kind, kind, max_bytes)]


def _read_kind(folder: Path, kind: str, max_bytes: int) -> Iterator[Text]:
    source = SOURCES[kind]
    config = source.Config()
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    inputs = source.list_inputs([File(path.relative_to(folder).as_posix(), path, path.stat().st_size) for path in paths], config)
    size = 0
    for item in sorted(inputs, key=lambda item: hashlib.sha256(item.key.encode()).digest()):
        try:
            for record in source.read(item, config):
                if size >= max_bytes:
                    return
                if not isinstance(record, Dropped):
                    text = valid_text(split_turns(record.text)[0])
                    size += len(text.encode())
                    yield Text(kind, record.origin, text, record.work, record.lang, record.revised)
        except InputError as error:
            print(f"  {kind}/{item.key}: {error.reason}; what was readable is used")


def write_segments(folder: Path, texts: Sequence[Text], config: Config) -> list[Segment]:
    """One segment a kind, and verdicts that keep every row, in `folder`."""
    kinds = sorted({text.kind for text in texts})
    return [write_segment(folder, kind, [text for text in texts if text.kind == kind], config) for kind in kinds]


def write_segment(folder: Path, kind: str, texts: Sequence[Text], config: Config) -> Segment:
    name = fingerprint(kind, len(texts), str(folder))
    place = folder / name
    place.mkdir(parents=True)
    (folder / "previous").mkdir(exist_ok=True)
    stage = signature.build(config, Place(kind, kind))
    writers: dict[str, pq.ParquetWriter] = {}
    for start in range(0, len(texts), BATCH):
        signed = stage(_batch(kind, texts[start : start + BATCH])).kept
        tables = {
            "documents": signed.select(STORED_SCHEMA.names),
            "scores": signed.select(["id", "source", "lang", "license", "work", "revised", "num_chars", "num_bytes"]),
            "signatures": signed.select(["id", "signature", "num_shingles", "ngrams"]),
        }
        for table, batch in tables.items():
            if table not in writers:
                writers[table] = pq.ParquetWriter(
                    place / f"{table}-00000.parquet", batch.schema, compression="zstd", compression_level=1
                )
            writers[table].write_batch(batch)
    for writer in writers.values():
        writer.close()
    segment = Segment(name, str(place), kind, kind, "00", 0, len(texts))
    keep_all(folder / "previous", segment)
    return segment


def keep_all(folder: Path, segment: Segment) -> None:
    """A verdict file that drops nothing."""
    with pq.ParquetWriter(folder / f"{segment.fingerprint}.parquet", VERDICTS) as writer:
        for batch in scan(segment.table("signatures"), ["id"]):
            nothing = [pa.nulls(batch.num_rows, field.type) for field in VERDICTS][1:]
            writer.write_batch(pa.RecordBatch.from_arrays([batch["id"], *nothing], schema=VERDICTS))


def peak_mib() -> float:
    """Peak resident memory of this process: VmHWM where there is /proc, since a child inherits its parent's ru_maxrss."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def forget_peak() -> None:
    """Start the peak anew (Linux only)."""
    if Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5")


def _batch(kind: str, texts: Sequence[Text]) -> pa.RecordBatch:
    rows = [
        {
            "id": document_id(kind, text.text), "origin": text.origin, "work": text.work or text.origin, "ordinal": 0,
            "revised": text.revised, "text": text.text, "source": kind, "lang": text.lang, "license": "", "turns": None,
            "input": "",
        }
        for text in texts
    ]  # fmt: skip
    batch = pa.RecordBatch.from_pylist(rows, schema=STORED_SCHEMA)
    batch = batch.append_column("num_chars", pa.array([len(text.text) for text in texts], pa.int32()))
    return batch.append_column("num_bytes", pa.array([len(text.text.encode()) for text in texts], pa.int32()))
