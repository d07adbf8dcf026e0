"""What a tokenizer is trained on: a bounded sample of the train split, stratified by source and language.

In: segments and the verdicts that have `split`; only documents that are kept and in train are read. Out: one Parquet
file a segment in `out` with source, lang, text, held_out, times (how often training reads it).

The unit is a passage of 32,768 characters, so a book is as well spread as a thousand pages, and no text is longer than
that. A passage is taken when hash(seed, id, number) falls below its stratum's rate: the sample depends on the documents
alone, and two passes suffice: sizes from narrow columns, then texts. Passages just above the threshold are held out of
training; the report card is measured on them. Where a stratum is taken whole, one passage in 20 is held out.

Shares: a language gets (bytes x source weight x language weight) to the power 1 / temperature, and divides them among
its sources by the same rule; programming languages count as one, else forty of them would crowd out forty languages.
A stratum gives at most MAX_TIMES its text, and what it cannot give goes to the others. Without repeats temperature
would do nothing on a corpus below sample_bytes, which is taken whole: Persian then needs 1.65 times the tokens of
English for the Universal Declaration, with them 1.47 (`python -m benchmarks.bpe`).
Reference: temperature sampling as in multilingual BERT and XLM-R; four readings after Muennighoff et al. 2023.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation.segment import Segment, scan, scan_aligned
from curation.tokenizers.config import TokenizerConfig

if TYPE_CHECKING:
    from curation.engine import Engine, Progress

Stratum = tuple[str, str]  # source, language

PASSAGE_CHARS = 32_768
HELD_OUT_SHARE = 0.05
READ_ROWS = 64
MAX_TIMES = 4.0
SAMPLE_SCHEMA = pa.schema(
    [("source", pa.string()), ("lang", pa.string()), ("text", pa.string()), ("held_out", pa.bool_()), ("times", pa.int8())]
)


@dataclass(frozen=True, slots=True)
class Rate:
    """Shares of a stratum's passages: hash below `train` goes to training, below `train + held_out` is held out.

    `times`: how often training reads a passage on average, 1 to MAX_TIMES; above 1 only where all of a stratum is read.
    """

    train: float
    held_out: float
    times: float = 1.0


def sample(
    segments: list[Segment], verdicts: Path, config: TokenizerConfig, engine: Engine, out: Path, progress: Progress | None = None
) -> Path:
    """Write the sample's files into `out`, one task a segment in the engine's workers. Returns `out`."""
    out.mkdir(parents=True, exist_ok=True)
    tasks: list[dict[str, Any]] = [{"segment": segment.to_json(), "verdicts": str(verdicts)} for segment in segments]
    sizes: dict[Stratum, int] = {}
    for found in engine.run(measure_segment, tasks, workers=1):
        for source, lang, size in found:
            sizes[source, lang] = sizes.get((source, lang), 0) + size
    code = {segment.source for segment in segments if segment.kind == "code"}
    shares = [[*stratum, rate.train, rate.held_out, rate.times] for stratum, rate in rates(sizes, config, code).items()]
    tasks = [{**task, "out": str(out), "rates": shares, "seed": config.seed} for task in tasks]
    engine.run(sample_segment, tasks, progress, rows=sum(segment.rows for segment in segments))
    return out


def rates(sizes: Mapping[Stratum, int], config: TokenizerConfig, code: Collection[str] = ()) -> dict[Stratum, Rate]:
    """How much of each stratum to take, so that all together stay within sample_bytes and card_bytes. `code`: sources of it."""
    sizes = {key: size for key, size in sorted(sizes.items()) if size}
    weights = _weights(sizes, config, code)
    held = {key: min(HELD_OUT_SHARE, given / sizes[key]) for key, given in _fill(sizes, weights, config.card_bytes).items()}
    left = {key: int(size * (1 - held[key])) for key, size in sizes.items()}
    most = {key: int(size * MAX_TIMES) for key, size in left.items()}
    given = _fill(most, weights, min(config.sample_bytes, sum(left.values())))
    return {
        key: Rate(min(given[key], left[key]) / size, held[key], max(given[key] / max(left[key], 1), 1.0))
        for key, size in sizes.items()
    }


def _weights(sizes: Mapping[Stratum, int], config: TokenizerConfig, code: Collection[str]) -> dict[Stratum, float]:
    """Share by language first, then by source within it; all of `code` is one language."""
    weighed: dict[str, dict[Stratum, float]] = {}
    for key, size in sizes.items():
        weight = config.source_weights.get(key[0], 1.0) * config.language_weights.get(key[1], 1.0)
        weighed.setdefault("source code" if key[0] in code else key[1], {})[key] = size * weight
    found: dict[Stratum, float] = {}
    for parts in weighed.values():
        language = sum(parts.values()) ** (1 / config.temperature)
        lifted = {key: part ** (1 / config.temperature) for key, part in parts.items()}
        total = sum(lifted.values())
        found |= {key: language * part / total if total else 0.0 for key, part in lifted.items()}
    return dict(sorted(found.items()))


def _fill(sizes: Mapping[Stratum, int], weights: Mapping[Stratum, float], budget: int) -> dict[Stratum, float]:
    """`budget` shared by weight; a stratum that cannot use its share gives the rest back."""
    given: dict[Stratum, float] = {}
    open_, left = dict(weights), float(budget)
    while open_:
        total = sum(open_.values())
        full = {key for key, weight in open_.items() if sizes[key] <= (left * weight / total if total else 0)}
        if not full:
            return given | {key: left * weight / total if total else 0.0 for key, weight in open_.items()}
        for key in full:
            given[key] = float(sizes[key])
            del open_[key]
        left = budget - sum(given.values())
    return given


def measure_segment(segment: dict[str, Any], verdicts: str) -> list[list[Any]]:
    """Bytes of train documents per stratum of one segment, from narrow columns."""
    here = Segment(**segment)
    sizes: dict[Stratum, int] = {}
    tables = [(here.table("scores"), ("source", "lang", "num_bytes")), (_table(verdicts, here), ("reason", "split"))]
    for batch in scan_aligned(tables):
        chosen = pa.Table.from_batches([batch.filter(_in_train(batch))])
        for row in chosen.group_by(["source", "lang"], use_threads=False).aggregate([("num_bytes", "sum")]).to_pylist():
            key = row["source"], row["lang"] or ""
            sizes[key] = sizes.get(key, 0) + int(row["num_bytes_sum"] or 0)
    return [[*key, size] for key, size in sorted(sizes.items())]


def sample_segment(segment: dict[str, Any], verdicts: str, out: str, rates: list[list[Any]], seed: int) -> None:
    """The sampled passages of one segment, as a Parquet file of SAMPLE_SCHEMA."""
    here = Segment(**segment)
    by_stratum = {(source, lang): Rate(*rate) for source, lang, *rate in rates}
    tables = [(here.table("documents"), ("id", "source", "lang", "text")), (_table(verdicts, here), ("reason", "split"))]
    with pq.ParquetWriter(Path(out) / f"{here.fingerprint}.parquet", SAMPLE_SCHEMA, compression="zstd") as writer:
        for batch in scan_aligned(tables, READ_ROWS):
            rows = list(choose(batch.filter(_in_train(batch)).to_pylist(), by_stratum, seed))
            if rows:
                writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=SAMPLE_SCHEMA))


def choose(rows: Iterable[dict[str, Any]], rates: Mapping[Stratum, Rate], seed: int) -> Iterator[dict[str, Any]]:
    """Rows of SAMPLE_SCHEMA: the sampled passages of rows with id, source, lang, text."""
    for row in rows:
        rate = rates.get((row["source"], row["lang"] or ""))
        if rate is None:
            continue
        for number, text in enumerate(passages(row["text"])):
            place = uniform(f"{seed}\0{row['id']}\0{number}")
            if place < rate.train + rate.held_out:
                held_out = place >= rate.train
                times = 1 if held_out else _times(rate.times, place / rate.train)
                yield {"source": row["source"], "lang": row["lang"] or "", "text": text, "held_out": held_out, "times": times}


def _times(mean: float, place: float) -> int:
    """`mean` rounded up or down, so that over places in [0, 1) it is kept."""
    return int(mean) + (place < mean % 1)


def passages(text: str) -> Iterator[str]:
    """`text` in pieces of PASSAGE_CHARS, cut after a line end where one stands in the last eighth."""
    start = 0
    while start < len(text):
        stop = start + PASSAGE_CHARS
        if stop < len(text):
            line_end = text.rfind("\n", stop - PASSAGE_CHARS // 8, stop)
            stop = line_end + 1 if line_end >= 0 else stop
        yield text[start:stop]
        start = stop


def read_sample(folder: Path, held_out: bool) -> Iterator[dict[str, Any]]:
    """Rows of SAMPLE_SCHEMA, in the order of file names."""
    for path in sorted(folder.glob("*.parquet")):
        for batch in scan(path, rows=256):
            yield from batch.filter(pc.equal(batch.column("held_out"), held_out)).to_pylist()


def training_texts(folder: Path) -> Iterator[str]:
    """The texts of a sample that training reads, each as often as it should."""
    for row in read_sample(folder, held_out=False):
        yield from [row["text"]] * row["times"]


def uniform(key: str) -> float:
    """A number in [0, 1) that depends on `key` alone."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=7).digest()) / (1 << 56)


def _in_train(batch: pa.RecordBatch) -> pa.Array:
    return pc.and_(pc.is_null(batch.column("reason")), pc.fill_null(pc.equal(batch.column("split"), "train"), False))


def _table(verdicts: str, segment: Segment) -> Path:
    return Path(verdicts) / f"{segment.fingerprint}.parquet"
