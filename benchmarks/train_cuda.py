"""The CUDA part of `benchmarks.train`: how fast, how full, how small, how exact on one card.

speed     tokens/s of whole optimizer steps of 124 M in GPT-2's and in Qwen3's shape (T=1024) beside nanoGPT's model compiled
          in the same run, alternating, with the 12 rows at once of its train.py and with 32; 350 M at T=2048. MFU is by PaLM's
          count of the data sheet's 16-bit rate, and of the rate of large matrix products measured here. Muon's share of a step
          by the card's own clock; the share of time for which `python -m trainer.train` waited for data.
memory    200 M parameters for three steps where the process may take 6 GiB of the card.
exact     a run that goes on from its checkpoint ends in the same weights, bit for bit, with --deterministic.
race      only with --minutes M: nanoGPT's defaults (AdamW 6e-4, 480 rows of 1,024 a step, warm-up and cosine fitted into the
          time) and ours for M minutes each on the same shard, then the loss on the same held-out rows. --release DIR.
"""

from __future__ import annotations

import gc
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

from benchmarks.train_corpus import write_release
from benchmarks.train_peers import our_job, our_steps, their_steps
from trainer import device as devices
from trainer import train
from trainer.config import Settings
from trainer.seeing import read_metrics
from trainer.setup import Job
from trainer.shards import open_release

VOCABULARY = 50_304
SHAPE_124M = {"block_size": 1024, "vocab_size": VOCABULARY, "n_layer": 12, "n_head": 12, "n_embd": 768, "dropout": 0.0}
MODEL_200M = {"num_layers": 19, "hidden_size": 896, "num_heads": 14}
CARD = torch.device("cuda")


def race_cuda(folder: Path, nanogpt: Any, rounds: int) -> dict[str, float]:
    """Everything but the race of losses, on tokens drawn at random."""
    release, ids = random_release(folder)
    figures = {"cuda_matmul_tflops": devices.measured_flops(CARD, torch.bfloat16, 8192) / 1e12}
    figures |= race_124m(release, folder, nanogpt, ids, rounds)
    figures |= speed_of(release, folder, "cuda_350m", rounds, preset="medium")
    figures |= waiting(release, folder / "waiting")
    figures |= in_six_gib(release, folder / "six")
    return figures | {"cuda_resume_exact": resume_is_exact(release, folder / "exact")}


def random_release(folder: Path) -> tuple[Path, np.ndarray]:
    """24 documents of a step's length, and some of their ids end to end."""
    documents = list(np.random.default_rng(1).integers(4, 50_000, (24, 480 * 1024)).astype(np.uint16))
    return write_release(folder / "cuda", documents, [documents[0][:1000]], VOCABULARY, 1), np.concatenate(documents[:4])


def race_124m(release: Path, folder: Path, nanogpt: Any, ids: np.ndarray, rounds: int) -> dict[str, float]:
    figures, contestants = dict[str, float](), dict[str, Callable[[], float]]()
    for name, classic in (("cuda_gpt2", True), ("cuda_qwen3", False)):
        begin = time.perf_counter()
        job = our_job(release, folder / name, 10_000, preset="gpt2", shape={"classic": classic}, device="cuda")
        our_steps(job, 1)()
        figures[f"{name}_first_step_seconds"] = time.perf_counter() - begin
        figures[f"{name}_muon_share"] = muon_share(job)
        contestants[name] = our_steps(job, 4)
        figures[f"{name}_flops_per_token"] = float(job.model.config.flops_per_token(1024))
    for name, at_once in (("cuda_nanogpt", 32), ("cuda_nanogpt_12_rows", 12)):
        config = SHAPE_124M | {"bias": True}
        contestants[name] = their_steps(nanogpt, ids, config, at_once, 4, "cuda", accumulate=480 // at_once)[1]
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):  # the first is not counted
        for name, run in contestants.items():
            rates[name] += [run()] * bool(number)
    for name, found in rates.items():
        figures[name] = statistics.median(found)
        print(f"{name} {figures[name]:,.0f} tokens/s ({min(found):,.0f} to {max(found):,.0f})", flush=True)
    for name in ("cuda_gpt2", "cuda_qwen3"):
        figures |= share_of_peak(name, figures[name] * figures.pop(f"{name}_flops_per_token"))
        figures[f"{name}_over_nanogpt"] = figures[name] / figures["cuda_nanogpt"]
        figures[f"{name}_over_nanogpt_12_rows"] = figures[name] / figures["cuda_nanogpt_12_rows"]
    return figures


def clear() -> None:
    """What earlier contestants held goes back to the card."""
    gc.collect()
    torch.cuda.empty_cache()


def share_of_peak(name: str, flops: float) -> dict[str, float]:
    """Of the data sheet's rate, and of what a product of 8192 × 8192 reaches here."""
    matmul = devices.measured_flops(CARD, torch.bfloat16, 8192)
    return {f"{name}_mfu": flops / devices.peak_flops(CARD, "bf16"), f"{name}_of_measured_matmul": flops / matmul}


def speed_of(release: Path, folder: Path, name: str, rounds: int, **settings: Any) -> dict[str, float]:
    """One model alone on the card."""
    clear()
    job = our_job(release, folder / name, 10_000, device="cuda", **settings)
    our_steps(job, 1)()
    found = [our_steps(job, 2)() for _ in range(rounds)]
    rate, config = statistics.median(found), job.model.config
    print(
        f"{name} {rate:,.0f} tokens/s ({min(found):,.0f} to {max(found):,.0f}), rows at once: {job.settings.micro_batch}",
        flush=True,
    )
    return {name: rate} | share_of_peak(name, rate * config.flops_per_token(job.settings.context))


def muon_share(job: Job) -> float:
    """Of a whole step, by events on the card around every step of the optimizers' last (Muon), median of three."""
    muon, shares = job.optimizers[-1], []
    assert isinstance(muon, torch.optim.Muon)
    for step in range(4):
        events = [torch.cuda.Event(enable_timing=True) for _ in range(4)]
        hooks = [
            muon.register_step_pre_hook(lambda *_, at=events[1]: at.record()),
            muon.register_step_post_hook(lambda *_, at=events[2]: at.record()),
        ]
        events[0].record()
        train.train_step(job, step, job.data.batch(step))
        events[3].record()
        torch.cuda.synchronize()
        shares += [events[1].elapsed_time(events[2]) / events[0].elapsed_time(events[3])] * bool(step)
        for hook in hooks:
            hook.remove()
    return statistics.median(shares)


def waiting(release: Path, out: Path) -> dict[str, float]:
    """The command's own loop: the share of its time for which it waited for data, after the first ten steps."""
    settings = Settings(release=release, out=out, preset="gpt2", steps=30, batch_size=120, device="cuda", eval_bytes=1)
    train.train(replace(settings, eval_every=1000, save_every=1000, prompt=(), log_every=5))
    shares = [line["data_wait"] for line in read_metrics(out / "metrics.jsonl") if line["kind"] == "train" and line["step"] > 10]
    return {"cuda_data_wait": statistics.median(shares)}


def in_six_gib(release: Path, out: Path) -> dict[str, float]:
    """Peak GiB reserved by a process that may take no more than six."""
    clear()
    torch.cuda.reset_peak_memory_stats()
    held = torch.cuda.memory_reserved()
    total = torch.cuda.get_device_properties(CARD).total_memory
    torch.cuda.set_per_process_memory_fraction((held + 6 * 2**30) / total)
    settings = {"preset": "medium", "shape": MODEL_200M, "context": 1024, "batch_size": 16, "memory_gib": 6.0, "loss_chunk": 2048}
    job = our_job(release, out, 10, device="cuda", **settings)
    our_steps(job, 3)()
    peak, parameters = torch.cuda.max_memory_reserved() - held, sum(p.numel() for p in job.model.parameters())
    torch.cuda.set_per_process_memory_fraction(1.0)
    return {"cuda_six_gib_million_parameters": parameters / 1e6, "cuda_six_gib_peak": peak / 2**30}


def resume_is_exact(release: Path, out: Path) -> float:
    """1.0 where the second half of a run, done again from its checkpoint in another folder, gives the same weights."""
    common = Settings(release=release, preset="small", steps=6, save_every=3, eval_every=6, batch_size=16, device="cuda")
    common = replace(common, deterministic=True, eval_bytes=1, prompt=())
    train.train(replace(common, out=out / "whole"))
    shutil.copytree(out / "whole" / "checkpoints" / "step-00000003", out / "again" / "checkpoints" / "step-00000003")
    train.train(replace(common, out=out / "again"))
    torch.use_deterministic_algorithms(False)
    whole, again = (load_file(out / name / "model.safetensors") for name in ("whole", "again"))
    return float(all(torch.equal(whole[name], again[name]) for name in whole))


def race_minutes(release: Path, folder: Path, nanogpt: Any, minutes: float) -> dict[str, float]:
    """Held-out nats per token of both after the same time of training (compilation not counted)."""
    rows = held_out_rows(release)
    figures = nanogpt_for(release, nanogpt, rows, minutes)
    clear()
    figures |= ours_for(release, folder, rows, minutes)
    print(f"held-out nats per token after {minutes:g} minutes each:", {k: v for k, v in figures.items() if k.endswith("loss")})
    return figures


def nanogpt_for(release: Path, nanogpt: Any, rows: torch.Tensor, minutes: float) -> dict[str, float]:
    opened = open_release(release)
    ids = np.concatenate([each for group in opened.groups["train"] for each in opened.documents(group)])
    config = SHAPE_124M | {"bias": False, "vocab_size": -(-opened.vocab_size // 64) * 64}
    recipe = {"accumulate": 15, "peak_lr": 6e-4, "beta2": 0.95}
    torch.manual_seed(1337)
    trial = their_steps(nanogpt, ids, config, 32, 2, "cuda", **recipe)[1]
    trial()
    steps = max(2, int(minutes * 60 * trial() / (480 * 1024)))
    del trial
    model, run = their_steps(nanogpt, ids, config, 32, steps, "cuda", total=steps, **recipe)
    begin = time.perf_counter()
    run()
    figures = {"race_nanogpt_seconds": time.perf_counter() - begin, "race_nanogpt_tokens": float(steps * 480 * 1024)}
    model.eval()
    return figures | {"race_nanogpt_loss": loss_on(rows, lambda part: model(part, part)[0])}


def ours_for(release: Path, folder: Path, rows: torch.Tensor, minutes: float) -> dict[str, float]:
    wanted: dict[str, Any] = {"preset": "gpt2", "device": "cuda", "batch_size": 240}
    trial = our_job(release, folder / "trial", 100, **wanted)
    our_steps(trial, 2)()
    steps = max(2, int(minutes * 60 * our_steps(trial, 4)() / (240 * 1024)))
    job = our_job(release, folder / "ours", steps, **wanted)
    begin = time.perf_counter()
    our_steps(job, steps)()
    figures = {"race_gpt2_seconds": time.perf_counter() - begin, "race_gpt2_tokens": float(steps * 240 * 1024)}
    job.model.eval()
    return figures | {"race_gpt2_loss": loss_on(rows, job.model)}


def held_out_rows(release: Path, count: int = 512) -> torch.Tensor:
    """Windows of 1,025 tokens of eval documents end to end, without BOS, which nanoGPT's data does not have."""
    opened = open_release(release)
    ids = np.concatenate([each for group in opened.groups["eval"] for each in opened.documents(group)])[: count * 1025]
    return torch.from_numpy(ids[: len(ids) // 1025 * 1025].astype(np.int64)).view(-1, 1025)


@torch.no_grad()
def loss_on(rows: torch.Tensor, forward: Callable[[torch.Tensor], torch.Tensor]) -> float:
    sums = 0.0
    for part in rows.split(8):
        part = part.to(CARD)
        with torch.autocast("cuda", torch.bfloat16):
            logits = forward(part[:, :-1].contiguous())
        sums += float(torch.nn.functional.cross_entropy(logits.float().flatten(0, 1), part[:, 1:].flatten(), reduction="sum"))
    return sums / (len(rows) * 1024)
