"""Text to finished token shards: MB/s beside HF, datatrove's DocumentTokenizer and tiktoken. `python -m benchmarks.encode`

The same extracted text and the same trained tokenizer for all, in one process on one core, alternating; ours alone also
with two worker processes. Everybody's ids are compared first: a difference prints `mismatch …` and exits 1.

    --corpus DIR     laid out by kind; 4 MB of each are taken
    --tokenizer DIR  default: bpe_32k trained on that text
    --json FILE, --quick

Last line: ratio R (text to Parquet shards, ours / datatrove's DocumentTokenizer, MB/s on one core).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

os.environ["RAYON_NUM_THREADS"] = "1"  # one core for everybody
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dedup_corpus import read_corpus
from curation.document import document_id
from curation.shards import ShardWriter
from curation.tokenizers.config import load_config
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.segments import COLUMNS, encode_documents
from curation.tokenizers.train import train

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "corpus"
CORPUS = SHARED if SHARED.is_dir() else ROOT / "data" / "sample" / "dumps"
ROWS = 256

Rows = list[dict[str, object]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encode")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    rows = documents(options.corpus, (1 if options.quick else 4) << 20)
    texts = [str(row["text"]) for row in rows]
    size = sum(len(text.encode()) for text in texts) / 1e6
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tokenizer = options.tokenizer or _trained(texts, folder / "tokenizer")
        encoder = Encoder.load(tokenizer)
        print(f"{len(texts):,} documents, {size:.1f} MB, {encoder.vocab_size:,} ids, engine {encoder.engine}")
        runs = contenders(rows, texts, encoder, folder)
        if wrong := different(encoder, texts, folder, runs):
            print(f"mismatch {wrong}")
            return 1
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(1 if options.quick else 3):
            for name, run in runs.items():
                seconds[name].append(timed(run))
        seconds["ours, Parquet, 2 processes"] = [
            two_processes(rows, str(tokenizer), folder) for _ in range(1 if options.quick else 3)
        ]
    return report(seconds, size, options.json)


def documents(corpus: Path, max_bytes: int) -> Rows:
    return [
        {"id": document_id(text.kind, text.text), "source": text.kind, "lang": text.lang, "license": "", "work": text.work}
        | {"ordinal": number, "text": text.text}
        for number, text in enumerate(read_corpus(corpus, max_bytes))
        if text.text
    ]


def _trained(texts: list[str], out: Path) -> Path:
    train(texts, load_config("bpe_32k"), out)
    return out


def contenders(rows: Rows, texts: list[str], encoder: Encoder, folder: Path) -> dict[str, Callable[[], None]]:
    import tiktoken
    from tokenizers import Tokenizer

    words = encoder.vocabulary
    assert words.token_bytes is not None and words.regex is not None
    ranks = {words.token_bytes[number]: number for number in words.ranks.values()}
    alone = tiktoken.Encoding("alone", pat_str=words.regex, mergeable_ranks=ranks, special_tokens={})
    blind = without_special_tokens(encoder.path, folder / "blind.json")
    hf = Tokenizer.from_file(str(blind))

    def tiktoken_alone() -> None:
        for text in texts:
            alone.encode_ordinary(text)

    def hf_batches() -> None:
        for start in range(0, len(texts), ROWS):
            hf.encode_batch(texts[start : start + ROWS])

    return {
        "ours, Parquet": lambda: shards(rows, encoder, folder / "ours"),
        "datatrove DocumentTokenizer, .ds": lambda: datatrove(texts, blind, folder / "datatrove"),
        "HF encode_batch, no file": hf_batches,
        "tiktoken alone, no file": tiktoken_alone,
    }


def without_special_tokens(path: Path, out: Path) -> Path:
    """The peers' copy: they would turn a special token that is spelled out in a document into a control token."""
    out.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "added_tokens": []}), encoding="utf-8")
    return out


def batches(rows: Rows) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(rows), ROWS):
        yield pa.RecordBatch.from_pylist(rows[start : start + ROWS]).select(list(COLUMNS))


def shards(rows: Rows, encoder: Encoder, out: Path) -> None:
    """What the pipeline does, from Arrow batches to shards."""
    with ShardWriter(out, "train", encoder.vocab_size, encoder.sha256, 100_000_000) as writer:
        for batch in batches(rows):
            writer.add(encode_documents(batch, encoder))
        writer.close()


def datatrove(texts: list[str], tokenizer: Path, out: Path) -> None:
    from datatrove.data import Document
    from datatrove.pipeline.tokens.tokenizer import DocumentTokenizer

    step = DocumentTokenizer(str(out), str(tokenizer), batch_size=ROWS, shuffle_documents=False)
    for _ in step.run(iter([Document(text=text, id=str(number)) for number, text in enumerate(texts)])) or ():
        pass


def different(encoder: Encoder, texts: list[str], folder: Path, runs: dict[str, Callable[[], None]]) -> str:
    """Which contender's ids differ from HF's, document by document; empty if none."""
    from tokenizers import Tokenizer

    hf = Tokenizer.from_file(str(folder / "blind.json"))
    expected = [encoding.ids for start in range(0, len(texts), ROWS) for encoding in hf.encode_batch(texts[start : start + ROWS])]
    runs["ours, Parquet"]()
    (path,) = (folder / "ours").glob("*.parquet")
    table = pq.read_table(path)
    ours = dict(zip(table["ordinal"].to_pylist(), table["input_ids"].to_pylist(), strict=True))
    if any(ours[number] != ids for number, ids in enumerate(expected)):
        return "ours and HF"
    runs["datatrove DocumentTokenizer, .ds"]()
    (path,) = (folder / "datatrove").glob("*.ds")
    if np.fromfile(path, encoder.dtype).tolist() != [number for ids in expected for number in ids]:
        return "datatrove and HF"
    return ""


def timed(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def two_processes(rows: Rows, tokenizer: str, folder: Path) -> float:
    """Wall seconds of two warm workers, half of the text each."""
    half = sum(len(str(row["text"])) for row in rows) / 2
    sizes = np.cumsum([len(str(row["text"])) for row in rows])
    border = int(np.searchsorted(sizes, half))
    with ProcessPoolExecutor(2, mp_context=get_context("fork"), initializer=Encoder.load, initargs=(tokenizer,)) as pool:
        list(pool.map(_half, [tokenizer] * 2, [rows[:20]] * 2, [str(folder / f"warm{number}") for number in range(2)]))
        start = time.perf_counter()
        list(
            pool.map(
                _half, [tokenizer] * 2, [rows[:border], rows[border:]], [str(folder / f"half{number}") for number in range(2)]
            )
        )
        return time.perf_counter() - start


def _half(tokenizer: str, rows: Rows, out: str) -> None:
    shards(rows, Encoder.load(tokenizer), Path(out))


def report(seconds: dict[str, list[float]], size: float, json_file: Path | None) -> int:
    speeds = {name: size / statistics.median(times) for name, times in seconds.items()}
    for name, times in seconds.items():
        print(f"{name:36} {speeds[name]:7.2f} MB/s   {min(times):.2f} to {max(times):.2f} s")
    ratio = speeds["ours, Parquet"] / speeds["datatrove DocumentTokenizer, .ds"]
    behind = speeds["tiktoken alone, no file"] / speeds["ours, Parquet"]
    print(f"tiktoken alone is {behind:.2f} times as fast as ours with its files")
    if json_file:
        figures = {"mb": size, "mb_per_second": speeds, "seconds": seconds, "ratio": ratio, "tiktoken_over_ours": behind}
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"ratio {ratio:.1f} (text to Parquet shards, ours / datatrove's DocumentTokenizer, MB/s on one core)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
