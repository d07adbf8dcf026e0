"""`python -m trainer.train RELEASE`: train, fine-tune or chat-tune a GPT. The same command on a CPU, a small card, a data-centre GPU, or torchrun.

The loop: take a batch, forward and backward in micro-batches, clip, step; now and then evaluate, sample, save. Killed at any step, the same
command goes on from the last checkpoint with the same losses to the last bit (on CUDA with --deterministic).
"""

from __future__ import annotations

import math
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from trainer import checkpoint, parallel
from trainer.data import Batch, prefetch
from trainer.device import autocast, memory_used, peak_flops
from trainer.errors import TrainerError, run_command
from trainer.evaluate import EvalRow, bits_per_byte, choose_rows, nats_per_row
from trainer.folder import save_model
from trainer.generate import generate, stop_ids
from trainer.optimizer import clip, load_state_tensors, lr_factor, set_lr, state_tensors
from trainer.seeing import Show
from trainer.settings import Settings, parse
from trainer.setup import Job, build, explain


def micro_batches(job: Job, batch: Batch) -> list[tuple[Tensor, Tensor, Tensor | None]]:
    """This rank's rows of the batch, on its device, cut into what one forward pass takes."""
    share = len(batch.inputs) // job.world
    mine, size = batch.rows(job.rank * share, (job.rank + 1) * share), job.settings.micro_batch or share
    cuda = job.device.type == "cuda"
    arrays = [mine.inputs, mine.targets] + ([mine.starts] if mine.starts is not None else [])
    tensors = [torch.from_numpy(np.ascontiguousarray(a)) for a in arrays]
    tensors = [(t.pin_memory() if cuda else t).to(job.device, non_blocking=cuda).long() for t in tensors]
    return [(part[0], part[1], part[2] if len(part) > 2 else None) for part in zip(*(t.split(size) for t in tensors), strict=True)]


def train_step(job: Job, step: int, batch: Batch, scaler: torch.amp.GradScaler) -> tuple[Tensor, float]:
    """One optimizer step. Returns the mean loss over the batch's targets (a device scalar, summed over ranks) and the gradient norm."""
    settings = job.settings
    num_targets = int((batch.targets >= 0).sum())
    parts, loss_sum = micro_batches(job, batch), torch.zeros((), device=job.device)
    job.wrapped.train()
    for index, (inputs, targets, starts) in enumerate(parts):
        if settings.dropout:
            torch.manual_seed((settings.seed << 40) ^ (step << 16) ^ (job.rank << 10) ^ index)
        with parallel.last_only(job.wrapped, index == len(parts) - 1):
            with autocast(job.device, job.precision):
                loss = job.wrapped(inputs, targets, starts)
            scaler.scale(loss * (job.world / num_targets)).backward()
        loss_sum += loss.detach()
    for optimizer in job.optimizers:
        scaler.unscale_(optimizer)
    norm = clip(job.model, settings.clip)
    factor = lr_factor(step, job.steps, settings.warmup or 0, settings.schedule, settings.decay, settings.min_lr)
    set_lr(job.optimizers, factor * (settings.lr or 0))
    for optimizer in job.optimizers:
        scaler.step(optimizer)
        optimizer.zero_grad(set_to_none=True)
    scaler.update()
    return parallel.total(loss_sum) / num_targets, norm


def resume(job: Job, scaler: torch.amp.GradScaler) -> int:
    """The step to go on from; 0 for a new run."""
    out, mode = job.settings.out, job.settings.resume
    found = checkpoint.newest(out) if mode != "never" else None
    if found is None:
        if mode == "must":
            raise TrainerError(f"--resume must: {out} has no checkpoint")
        return 0
    state, tensors, optimizer = checkpoint.load(found)
    if mode == "auto" and state["finished"]:
        return 0
    checkpoint.check_same(state, job.identity(), found)
    with torch.no_grad():
        for name, parameter in job.model.named_parameters():
            parameter.copy_(parallel.like(tensors[name], parameter))
    load_state_tensors(job.model, job.optimizers, optimizer)
    scaler.load_state_dict(state["scaler"])
    return int(state["step"])


def save(job: Job, step: int, scaler: torch.amp.GradScaler) -> None:
    """Every rank puts its part in; rank 0 writes."""
    weights = {name: parallel.whole(p) for name, p in job.model.named_parameters()}
    states = {name: parallel.whole(t) for name, t in state_tensors(job.model, job.optimizers).items()}
    if job.rank == 0:
        state = job.identity() | {"scaler": scaler.state_dict(), "finished": step == job.steps}
        checkpoint.save(job.settings.out, step, job.config, weights, states, state, job.tokenizer_folder, job.settings.keep)
        if step == job.steps:
            save_model(job.settings.out, job.config, weights, job.tokenizer_folder, job.token_ids())


def look(job: Job, step: int, show: Show, rows: list[EvalRow]) -> None:
    """Bits per byte and samples; under FSDP every rank computes everything, because each layer's weights are gathered from all."""
    settings, last = job.settings, step == job.steps
    if rows and (last or step % (settings.eval_every or 1) == 0):
        share = (0, 1) if settings.fsdp else (job.rank, job.world)
        nats = nats_per_row(job.model, rows, job.bos, job.row_tokens, job.device, job.precision, share)
        show.evaluation(step, bits_per_byte(rows, nats))
    if last or step % (settings.sample_every or 1) == 0:
        for prompt in settings.prompt:
            ids = [job.bos, *job.tokenizer.encode(prompt, add_special_tokens=False).ids]
            made = list(generate(job.model, ids, settings.sample_tokens, stops=stop_ids(job.tokenizer)))
            show.sample(step, prompt, job.tokenizer.decode(made))


def train(settings: Settings) -> Path:
    """Run to the end; returns the model's folder."""
    job = build(settings)
    settings, out = job.settings, job.settings.out
    out.mkdir(parents=True, exist_ok=True)
    scaler = torch.amp.GradScaler(job.device.type, enabled=job.precision == "fp16")
    start = resume(job, scaler)
    if job.rank == 0:
        checkpoint.truncate_metrics(out / "metrics.jsonl", start)
    rows = choose_rows(job.release, settings.eval_bytes or 0, settings.eval_document_bytes) if job.release else []
    peak = peak_flops(job.device, job.precision) * job.world
    tokens = (settings.batch_size or 0) * job.row_tokens
    flops = job.config.flops_per_token(job.row_tokens) * tokens
    show = Show(out, job.rank == 0, start, job.steps, settings.log_every)
    with ExitStack() as stack:
        stack.callback(parallel.stop)
        stack.callback(show.close)
        for line in explain(job):
            show.say(line)
        if start:
            show.say(f"going on from step {start}")
        begin = time.perf_counter()
        for step, batch in enumerate(prefetch(job.data, start, job.steps), start):
            waited = time.perf_counter() - begin
            loss, norm = train_step(job, step, batch, scaler)
            value = float(loss)
            if not math.isfinite(value):
                raise TrainerError(f"loss is {value} at step {step + 1}: lower --lr or lengthen --warmup; the last checkpoint is kept")
            seconds = time.perf_counter() - begin
            show.step(step + 1, seconds, tokens, flops / seconds / peak, loss=value, grad_norm=norm, lr=job.optimizers[0].param_groups[0]["lr"],
                      data_wait=round(waited / seconds, 5), memory_bytes=memory_used(job.device))
            look(job, step + 1, show, rows)
            if (step + 1) % (settings.save_every or 1) == 0 or step + 1 == job.steps:
                save(job, step + 1, scaler)
            begin = time.perf_counter()
    if job.rank == 0:
        print(f"model in {out}; curve in {out / 'loss.svg'}; try: python -m trainer.sample {out}", flush=True)
    return out


def main(arguments: list[str]) -> None:
    train(parse(arguments))


if __name__ == "__main__":
    run_command(main)
