"""`python -m trainer.train RELEASE`: train, fine-tune or chat-tune a GPT. The same command on a CPU, a small card, a
data-centre GPU, torchrun.

The loop: take a batch, forward and backward in micro-batches, clip, step; now and then evaluate, sample, save. Killed at any
step, the same command goes on from the last checkpoint with the same losses to the last bit (on CUDA with --deterministic).
"""

import math
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from trainer import checkpoint, memory, parallel
from trainer.chat import add_template, render
from trainer.config import TrainerError, run_command
from trainer.data import Batch, prefetch
from trainer.device import autocast, memory_used, peak_flops
from trainer.evaluate import EvalRow, bits_per_byte, choose_rows, nats_per_row
from trainer.folder import save_model
from trainer.generate import generate, stop_ids
from trainer.lora import merged, save_adapters
from trainer.optimizer import clip, load_state_tensors, lr_factor, set_lr, state_tensors
from trainer.report import write_report
from trainer.seeing import Show
from trainer.settings import Settings, parse
from trainer.setup import Job, build, explain
from trainer.shards import bos_id


def micro_batches(job: Job, batch: Batch) -> list[tuple[Tensor, ...]]:
    """This rank's rows of the batch, on its device, cut into what one forward pass takes."""
    share, cuda = len(batch.inputs) // job.world, job.device.type == "cuda"
    parts = [torch.from_numpy(np.ascontiguousarray(a[job.rank * share : (job.rank + 1) * share])) for a in batch if a is not None]
    parts = [(t.pin_memory() if cuda else t).to(job.device, non_blocking=cuda).long() for t in parts]
    return list(zip(*(torch.split(t, job.settings.micro_batch) for t in parts), strict=True))


def train_step(job: Job, step: int, batch: Batch, scaler: torch.amp.GradScaler) -> tuple[Tensor, float]:
    """One optimizer step. Returns the mean loss over the batch's targets (a device scalar, all ranks') and the gradient norm."""
    settings = job.settings
    num_targets = max(1, int((batch.targets >= 0).sum()))
    parts, loss_sum = micro_batches(job, batch), torch.zeros((), device=job.device)
    job.wrapped.train()
    for index, part in enumerate(parts):
        if settings.dropout:
            torch.manual_seed((settings.seed << 40) ^ (step << 16) ^ (job.rank << 10) ^ index)
        with parallel.exchange(job.wrapped, index == len(parts) - 1):
            with autocast(job.device, settings.precision):
                loss = job.wrapped(*part)
            scaler.scale(loss * (job.world / num_targets)).backward()
        loss_sum += loss.detach()
    for optimizer in job.optimizers:
        scaler.unscale_(optimizer)
    norm = clip(job.model, settings.clip)
    set_lr(job.optimizers, settings.lr * lr_factor(step, settings))
    for optimizer in job.optimizers:
        scaler.step(optimizer)
        optimizer.zero_grad(set_to_none=True)
    scaler.update()
    return parallel.total(loss_sum) / num_targets, norm


def resume(job: Job, scaler: torch.amp.GradScaler) -> int:
    """The step to go on from; 0 for a new run."""
    out, mode = job.settings.out, job.settings.resume
    found = checkpoint.newest(out) if mode != "never" else None
    if found is None and mode == "must":
        raise TrainerError(f"--resume must: {out} has no checkpoint")
    if found is None:
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
    """Every rank puts its part in; rank 0 writes. After the last step also the finished model, adapters merged."""
    settings, finished = job.settings, step == job.settings.steps
    parallel.settle(job.model)
    weights = {name: parallel.whole(p) for name, p in job.model.named_parameters()}
    states = {name: parallel.whole(t) for name, t in state_tensors(job.model, job.optimizers).items()}
    if job.rank != 0:
        return
    state = job.identity() | {"step": step, "scaler": scaler.state_dict(), "finished": finished}
    if finished:
        if settings.lora_rank and settings.init:
            save_adapters(
                settings.out / "adapter", weights, settings.lora_rank, settings.lora_alpha, settings.init, job.config.classic
            )
        whole = merged(weights, settings.lora_alpha / max(1, settings.lora_rank), job.config.classic)
        save_model(settings.out, job.config, whole, job.tokenizer_folder, job.token_ids())
        if settings.chat:
            add_template(settings.out)
    checkpoint.save(settings.out, state, job.config, weights, states, job.tokenizer_folder, settings.keep)


def look(job: Job, step: int, show: Show, rows: list[EvalRow]) -> None:
    """Bits per byte and samples; under FSDP every rank computes everything, because each layer's weights are gathered from
    all."""
    settings, last, bos = job.settings, step == job.settings.steps, bos_id(job.tokenizer)
    if rows and (last or step % settings.eval_every == 0):
        share = (0, 1) if settings.fsdp else (job.rank, job.world)
        nats = nats_per_row(job.model, rows, bos, settings.shape["context"], job.device, settings.precision, share)
        show.evaluation(step, bits_per_byte(rows, nats))
    for prompt in settings.prompt if last or step % settings.sample_every == 0 else []:
        ids = [bos, *job.tokenizer.encode(prompt, add_special_tokens=False).ids]
        if settings.chat:
            ids, _ = render(job.tokenizer, [{"role": "user", "content": prompt}], answer=True)
        made = list(generate(job.model, ids, settings.sample_tokens, stops=stop_ids(job.tokenizer)))
        show.sample(step, prompt, job.tokenizer.decode(made))


def train(settings: Settings) -> Path:
    """Run to the end; returns the model's folder."""
    job = build(settings)
    settings, out = job.settings, job.settings.out
    if settings.fit:
        print(
            "\n".join(
                memory.table(
                    job.config,
                    settings.optimizer,
                    settings.shape["context"],
                    settings.precision,
                    settings.loss_chunk,
                    memory.budget_bytes(job.device, settings.memory_gib),
                )
            )
        )
        return out
    out.mkdir(parents=True, exist_ok=True)
    scaler = torch.amp.GradScaler(job.device.type, enabled=settings.precision == "fp16")
    start = resume(job, scaler)
    if job.rank == 0:
        checkpoint.truncate_metrics(out / "metrics.jsonl", start)
    rows = choose_rows(job.release, settings.eval_bytes, settings.eval_document_bytes) if job.release else []
    peak, tokens = peak_flops(job.device, settings.precision) * job.world, settings.batch_size * settings.shape["context"]
    flops = job.config.flops_per_token(settings.shape["context"]) * tokens
    show = Show(out, job.rank == 0, start, settings.steps, settings.log_every)
    with ExitStack() as stack:
        stack.callback(parallel.stop)
        stack.callback(show.close)
        show.console.print("\n".join([*explain(job), *([f"going on from step {start}"] if start else [])]))
        begin = time.perf_counter()
        for step, batch in enumerate(prefetch(job.data, start, settings.steps), start + 1):
            waited = time.perf_counter() - begin
            loss, norm = train_step(job, step - 1, batch, scaler)
            if not math.isfinite(value := float(loss)):
                raise TrainerError(f"loss is {value} at step {step}: lower --lr or lengthen --warmup (last checkpoint kept)")
            seconds = time.perf_counter() - begin
            show.step(
                step,
                seconds,
                tokens,
                flops / seconds / peak,
                loss=value,
                grad_norm=norm,
                lr=job.optimizers[0].param_groups[0]["lr"],
                data_wait=round(waited / seconds, 5),
                memory_bytes=memory_used(job.device),
            )
            look(job, step, show, rows)
            if step % settings.save_every == 0 or step == settings.steps:
                save(job, step, scaler)
            begin = time.perf_counter()
    if job.rank == 0:
        write_report(out, explain(job))
        print(f"model in {out}; what was seen: {out / 'report.html'}; try: python -m trainer.sample {out}", flush=True)
    return out


if __name__ == "__main__":
    run_command(lambda arguments: train(parse(arguments)))
