"""The trainer against nanoGPT. `python -m benchmarks.train [--nanogpt DIR] [--parts loader cpu loss cuda]`

    1. loader: tokens/s on one core of `chop` and `best_fit` from zstd Parquet by the contract (more row groups than are kept
       decoded), and of `chop` where everything is kept, beside the operation of nanoGPT's get_batch (random offsets into a
       memmap of uint16, stacked as int64) with the same rows and length, alternating. An epoch must hold every token once
       (else `mismatch …`, exit 1).
    2. CPU: tokens/s of a whole step at the shape of nanoGPT's README recipe (T=64, 12 rows, 4 layers, width 128), its model
       and AdamW beside ours in GPT-2's shape, alternating; then both recipes on the same bytes to the same number of steps,
       and the loss on the same held-out bytes.
    3. CUDA: `train_cuda.py` says what; with --minutes M and --release DIR also the race of losses.

Where a card is, 1 and 3 are run, elsewhere 1 and 2; --parts chooses. Either takes under nine minutes.

nanoGPT's model is read from the checkout that --nanogpt names; without one a look-alike (`train_peers.LookAlike`: the same
modules and kernels) takes its place, and a line says so. Also --corpus DIR, --json FILE, --quick.

Last line: ratio R (loader from Parquet, ours / a memmap's get_batch, tokens/s on one core).
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import torch

from benchmarks.train_corpus import SPECIALS, byte_documents, read_text, write_release
from benchmarks.train_cuda import race_cuda, race_minutes
from benchmarks.train_peers import LookAlike, load_nanogpt, our_job, our_steps, their_steps, train_bytes
from trainer.data import ShardData
from trainer.shards import open_release

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
PARTS = ("loader", "cpu", "loss", "cuda")
RECIPE = {"num_layers": 4, "hidden_size": 128, "num_heads": 4, "classic": True}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train")
    parser.add_argument("--corpus", type=Path, default=CORPUS if CORPUS.is_dir() else SAMPLE)
    parser.add_argument("--labelled", type=Path, help="not used")
    parser.add_argument("--nanogpt", type=Path, help="a nanoGPT checkout (its model.py is read at run time)")
    usual = ("loader", "cuda") if torch.cuda.is_available() else ("loader", "cpu", "loss")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=usual, help=f"which of the parts (here: {' '.join(usual)})")
    parser.add_argument("--minutes", type=float, default=0.0, help="CUDA: race of losses, for so long each")
    parser.add_argument("--release", type=Path, help="CUDA: the release of that race")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="of the CPU races")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    nanogpt = load_nanogpt(options.nanogpt) if options.nanogpt else LookAlike
    if not options.nanogpt:
        print("no checkout given by --nanogpt: a look-alike of its model and recipe takes its place")
    with tempfile.TemporaryDirectory() as name:
        figures = run_parts(options, Path(name), nanogpt)
    for key, value in figures.items():
        print(f"{key:48} {value:14,.4f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    if "loader" in options.parts:
        ratio = figures["loader_chop"] / figures["loader_memmap"]
        print(f"ratio {ratio:.3f} (loader from Parquet, ours / a memmap's get_batch, tokens/s on one core)")
    return 0


def run_parts(options: argparse.Namespace, folder: Path, nanogpt: Any) -> dict[str, float]:
    figures, quick, parts = dict[str, float](), options.quick, options.parts
    if "loader" in parts:
        figures |= race_loader(folder / "loader", 8 if quick else 48)
    if "cpu" in parts or "loss" in parts:
        text = read_text(options.corpus, (1 if quick else 4) << 20)
        release = write_release(folder / "bytes", *byte_documents(text), vocab_size=len(SPECIALS) + 256, group_rows=1000)
    if "cpu" in parts:
        figures |= race_cpu(release, folder / "cpu", nanogpt, 3 if quick else 7)
    if "loss" in parts:
        figures |= race_loss(release, folder / "loss", nanogpt, 300 if quick else 2000)
    if "cuda" in parts and not torch.cuda.is_available():
        print("CUDA: no card here, nothing of part 3 was run")
    elif "cuda" in parts:
        figures |= race_cuda(folder, nanogpt, 1 if quick else 3)
        if options.minutes:
            figures |= race_minutes(options.release, folder / "race", nanogpt, options.minutes)
    return figures


def alternate(contestants: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Median rate of each, after one round that is not counted; every round runs all of them."""
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, run in contestants.items():
            rate = run()
            if number:
                rates[name].append(rate)
    spread = {name: (max(r) - min(r)) / statistics.median(r) for name, r in rates.items()}
    print("  ".join(f"{name} {statistics.median(r):,.0f} (spread {100 * spread[name]:.0f} %)" for name, r in rates.items()))
    return {name: statistics.median(r) for name, r in rates.items()}


def race_loader(folder: Path, millions: int, context: int = 1024, rows: int = 64) -> dict[str, float]:
    """Tokens whose frequencies follow Zipf's law, in documents of log-normal length (median 500). Each run reads one epoch."""
    rng = np.random.default_rng(0)
    lengths = np.clip(rng.lognormal(math.log(500), 1.0, millions * 1500), 20, 200_000).astype(int)
    ids = np.minimum(rng.zipf(1.2, int(lengths.sum())), 32_000).astype(np.uint16) + len(SPECIALS)
    documents = np.split(ids, np.cumsum(lengths)[:-1])
    release = open_release(write_release(folder, documents, documents[:10], 32_768, 1200))
    ids.tofile(folder / "train.bin")
    epoch, held = ShardData(release, context, rows, 0, "best_fit"), np.zeros(33_001, np.int64)
    for places in np.array_split(np.arange(epoch.rows_per_epoch), epoch.rows_per_epoch // 32):
        held += np.bincount(epoch.block(*epoch.locate(places))[0].ravel() + 1, minlength=33_001)
    held = held[1:]  # the first counts padding
    if not np.array_equal(held[len(SPECIALS) :], np.bincount(ids, minlength=33_000)[len(SPECIALS) :]):
        print("mismatch: an epoch does not hold every token once")
        raise SystemExit(1)

    def ours(packing: str, kept: bool) -> Callable[[], float]:
        with patch("trainer.data.RING_TOKENS", 1 << 40 if kept else 0):
            data = ShardData(release, context, rows, 0, packing)

        def run() -> float:
            if not kept:
                data.slot_of = {~slot: slot for slot in data.slot_of.values()}  # everything is decoded anew
            steps, begin = data.rows_per_epoch // rows, time.process_time()
            for step in range(steps):
                data.batch(step)
            return steps * rows * context / (time.process_time() - begin)

        return run

    def memmap() -> float:
        steps, begin = len(ids) // (rows * context), time.process_time()
        for _ in range(steps):
            data = np.memmap(folder / "train.bin", dtype=np.uint16, mode="r")
            at = torch.randint(len(data) - context, (rows,)).tolist()
            torch.stack([torch.from_numpy(data[i : i + context].astype(np.int64)) for i in at])
            torch.stack([torch.from_numpy(data[i + 1 : i + 1 + context].astype(np.int64)) for i in at])
        return steps * rows * context / (time.process_time() - begin)

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    print("loader, tokens per second of processor time on one core:")
    contestants = {"loader_chop": ours("chop", False), "loader_memmap": memmap, "loader_best_fit": ours("best_fit", False)}
    found = alternate(contestants | {"loader_chop_later_epochs": ours("chop", True)}, 5)
    torch.set_num_threads(threads)
    return found


def race_cpu(release: Path, out: Path, nanogpt: Any, rounds: int) -> dict[str, float]:
    contestants = {}
    for name, shape in (("gpt2", RECIPE), ("qwen3", RECIPE | {"classic": False})):
        job = our_job(release, out, 10_000, shape=shape, context=64, batch_size=12, device="cpu", optimizer="adamw")
        contestants[f"cpu_{name}"] = our_steps(job, 15)
    config = {"block_size": 64, "vocab_size": 260, "n_layer": 4, "n_head": 4, "n_embd": 128, "dropout": 0.0, "bias": True}
    contestants["cpu_nanogpt"] = their_steps(nanogpt, train_bytes(release), config, 12, 15)[1]
    print(f"CPU, {torch.get_num_threads()} threads, tokens/s of whole steps at T=64, 12 rows, 4 layers, width 128:")
    return alternate(contestants, rounds)


@torch.no_grad()
def held_out_loss(forward: Callable[[torch.Tensor], torch.Tensor], release: Path) -> float:
    """Mean nats of each byte of the eval documents in windows of 64 (without BOS, which nanoGPT's data does not have)."""
    opened = open_release(release)
    ids = np.concatenate([ids for group in opened.groups["eval"] for ids in opened.documents(group)])[: 65 * 1500]
    windows = torch.from_numpy(ids[: len(ids) // 65 * 65].astype(np.int64)).view(-1, 65)
    sums = [
        torch.nn.functional.cross_entropy(forward(part[:, :-1]).flatten(0, 1), part[:, 1:].flatten())
        for part in windows.split(100)
    ]
    return float(torch.stack(sums).mean())


def race_loss(release: Path, out: Path, nanogpt: Any, steps: int) -> dict[str, float]:
    """Both recipes for the same number of steps of 12 rows, in the same shape; ours: Muon, the preset's rate."""
    config = {"block_size": 64, "vocab_size": 260, "n_layer": 4, "n_head": 4, "n_embd": 128, "dropout": 0.0, "bias": False}
    torch.manual_seed(1337)
    model, run = their_steps(nanogpt, train_bytes(release), config, 12, steps, total=steps)
    run()
    model.eval()

    def all_logits(part: torch.Tensor) -> torch.Tensor:  # its forward gives all logits only where targets are given
        return model(part.contiguous(), part.contiguous())[0]

    job = our_job(release, out, steps, shape=RECIPE, context=64, batch_size=12, device="cpu")
    our_steps(job, steps)()
    job.model.eval()
    figures = {"loss_nanogpt": held_out_loss(all_logits, release), "loss_gpt2": held_out_loss(job.model, release)}
    listed = "  ".join(f"{name} {value:.4f}" for name, value in figures.items())
    print(f"held-out loss after {steps} steps, nats per byte:  {listed}")
    return figures


if __name__ == "__main__":
    sys.exit(main())
