"""BPE training and what it buys: seconds, memory, bytes per token per language. `python -m benchmarks.bpe`

    1. training on the full extracted text: ours beside HF's trainer by itself and rustbpe; the merges of ours and of HF
       must be the same (else `mismatch …`, exit 1). Each runs in a process of its own, for its peak memory.
    2. held-out text per language: bpe_32k on the pipeline's mix of all languages beside one of the same size whose text is
       nine tenths English.
    3. the Universal Declaration, which training never sees: tokens beside English.

    --corpus DIR, --labelled DIR (not used), --json FILE, --quick

Last line: ratio R (BPE training on the full text, HF's trainer / ours, seconds).
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dedup_corpus import read_corpus
from benchmarks.encode import CORPUS
from benchmarks.udhr import read_udhr
from curation.filters import fasttext_model, language
from curation.tokenizers.card import Passage, report_card
from curation.tokenizers.config import TokenizerConfig, load_config
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.pretokenizers import PRETOKENIZERS
from curation.tokenizers.sampling import choose, passages, rates, uniform
from curation.tokenizers.train import train

VOCAB = 32_768
HELD_OUT = 0.1
MIN_BYTES = 20_000  # of held-out text, for a language to stand in the table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bpe")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--worker", nargs=3, metavar=("NAME", "TEXTS", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(work(options.worker[0], Path(options.worker[1]), Path(options.worker[2]))))
        return 0
    rows = recognized(options.corpus, (1 << 19) if options.quick else 4 << 20)
    everything = rows if options.quick else recognized(options.corpus, 1 << 30)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures, ratio = race(rows, folder, 1 if options.quick else 3)
        if ratio is None:
            return 1
        figures["compression"] = compression(everything, folder)
        figures["udhr"] = declaration(options.corpus, Encoder.load(folder / "ours-all"), folder)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"ratio {ratio:.2f} (BPE training on the full text, HF's trainer / ours, seconds)")
    return 0


def recognized(corpus: Path, max_bytes: int) -> list[Passage]:
    """Passages with their language: the reader's for code, fastText's elsewhere."""
    predict = fasttext_model.load(language.models(language.Config())[0])
    return [
        Passage(text.kind, text.lang or language.recognize(text.text, predict)[0], passage)
        for text in read_corpus(corpus, max_bytes)
        if "udhr.zip" not in text.origin
        for passage in passages(text.text)
    ]


def race(rows: list[Passage], folder: Path, repeats: int) -> tuple[dict[str, Any], float | None]:
    texts = folder / "texts.parquet"
    pq.write_table(pa.table({"text": [row.text for row in rows]}), texts, row_group_size=1024)
    size = sum(len(row.text.encode()) for row in rows) / 1e6
    names = ["ours", "HF", *(["rustbpe"] if install_rustbpe(folder / "peers") else [])]
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(repeats):
        for name in names:
            runs[name].append(in_own_process(name, texts, folder))
    print(f"training {VOCAB:,} ids on {size:.1f} MB")
    for name, found in runs.items():
        seconds, memory = statistics.median(run["seconds"] for run in found), max(run["peak_mib"] for run in found)
        print(f"  {name:8} {seconds:7.1f} s  {size / seconds:6.2f} MB/s  peak {memory:6.0f} MiB")
    if merges(folder / "ours" / "tokenizer.json") != merges(folder / "HF" / "tokenizer.json"):
        print("mismatch merges of ours and of HF's trainer on the same text")
        return {}, None
    ratio = statistics.median(run["seconds"] for run in runs["HF"]) / statistics.median(run["seconds"] for run in runs["ours"])
    return {"mb": size, "training": runs, "ratio": ratio}, ratio


def in_own_process(name: str, texts: Path, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.bpe", "--worker", name, str(texts), str(folder / name)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def work(name: str, texts: Path, out: Path) -> dict[str, float]:
    """Train once; seconds and the growth of this process's peak memory."""
    before = peak_mib()
    start = time.perf_counter()
    {"ours": _ours, "HF": _hf, "rustbpe": _rustbpe}[name](texts, out)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "peak_mib": peak_mib() - before}


def peak_mib() -> float:
    """Of this process alone: Linux's getrusage starts at the parent's size."""
    status = Path("/proc/self/status")
    if status.is_file():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def stream(texts: Path) -> Iterator[str]:
    with pq.ParquetFile(texts) as file:
        for batch in file.iter_batches(256):
            yield from batch.column("text").to_pylist()


def config() -> TokenizerConfig:
    return load_config("bpe_32k")


def _ours(texts: Path, out: Path) -> None:
    train(stream(texts), config(), out)


def _hf(texts: Path, out: Path) -> None:
    """HF's trainer as its documentation uses it, with our regex and limits."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(PRETOKENIZERS[config().pretokenizer].regex), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB - len(config().special_tokens),
        min_frequency=config().min_frequency,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=config().max_token_bytes + 1,
        show_progress=False,
    )
    tokenizer.train_from_iterator(stream(texts), trainer)
    out.mkdir(exist_ok=True)
    tokenizer.save(str(out / "tokenizer.json"))


def _rustbpe(texts: Path, out: Path) -> None:
    sys.path.insert(0, str(out.parent / "peers"))
    import rustbpe

    rustbpe.Tokenizer().train_from_iterator(stream(texts), VOCAB - 8, pattern=PRETOKENIZERS[config().pretokenizer].regex)


def install_rustbpe(place: Path) -> bool:
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(place), "rustbpe"]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        print("rustbpe: skipped, it cannot be installed here")
        return False
    return True


def merges(path: Path) -> list[list[str]]:
    found: list[list[str]] = json.loads(path.read_text(encoding="utf-8"))["model"]["merges"]
    return found


def compression(rows: list[Passage], folder: Path) -> dict[str, Any]:
    """Bytes per token on held-out passages, by language: ours on all languages, and one trained on mostly English."""
    seen = [row for row in rows if uniform(row.text[:200]) >= HELD_OUT]
    held_out = [row for row in rows if uniform(row.text[:200]) < HELD_OUT]
    settings = config().model_copy(update={"card_bytes": 1 << 10})
    train(mixed(seen, settings), settings, folder / "ours-all")
    english = settings.model_copy(update={"temperature": 1.0, "language_weights": {"en": 20.0}})
    train(mixed(seen, english), settings, folder / "english")
    settings = settings.model_copy(update={"compare": (str(folder / "english"),)})
    card = report_card(Encoder.load(folder / "ours-all"), held_out, settings)
    english = card["compare"][0]["bytes_per_token"]
    print(f"held-out bytes per token, {VOCAB:,} ids: ours on all languages, one on nine tenths English, ratio; fertility of ours")
    for row in card["languages"]:
        if row["bytes"] >= MIN_BYTES:
            own, other = row["bytes_per_token"], english[row["lang"]]
            print(f"  {row['lang']:12} {own:6.2f} {other:6.2f}  {own / other:5.2f}   {row['tokens_per_word']:5.2f} tokens a word")
    return {"languages": card["languages"], "english": english}


def mixed(rows: list[Passage], settings: TokenizerConfig) -> Iterator[str]:
    """What the pipeline would train on."""
    sizes: Counter[tuple[str, str]] = Counter()
    for row in rows:
        sizes[row.source, row.lang] += len(row.text.encode())
    documents = ({"id": f"{number}", **row._asdict()} for number, row in enumerate(rows))
    for found in choose(documents, rates(sizes, settings, {"code"}), settings.seed):
        yield from [found["text"]] * (0 if found["held_out"] else found["times"])


def declaration(corpus: Path, encoder: Encoder, folder: Path) -> list[dict[str, Any]]:
    rows = read_udhr(corpus)
    if not rows:
        print("no udhr.zip in the corpus: no parallel text")
        return []
    file = folder / "udhr.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    card = report_card(encoder, [], config().model_copy(update={"parallel": str(file)}))
    print("tokens of the Universal Declaration beside English (articles that both have)")
    for row in card["parallel"]:
        print(f"  {row['lang']:4} {row['ratio']:5.2f}  ({row['passages']} articles)")
    found: list[dict[str, Any]] = card["parallel"]
    return found


if __name__ == "__main__":
    sys.exit(main())
