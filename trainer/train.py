"""`python -m trainer.train RELEASE`: train, fine-tune or chat-tune a GPT. The same command on a CPU, a small card, a
data-centre GPU, torchrun.

The loop: take a batch, forward and backward in micro-batches, clip, step; now and then evaluate, sample, save. Killed at any
step, the same command goes on from the last checkpoint with the same losses to the last bit (on CUDA with --deterministic).
"""

import json
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from trainer import checkpoint, parallel
from trainer.chat import add_template, prompt_ids
from trainer.config import run_command
from trainer.data import Batch, prefetch
from trainer.device import autocast, peak_flops
from trainer.evaluate import EvalRow, bits_per_byte, choose_rows, nats_per_row
from trainer.folder import save_model
from trainer.lora import merged, save_adapters
from trainer.memory import budget_bytes
from trainer.optimizer import clip, load_state_tensors, lr_factor, set_lr, state_tensors
from trainer.report import write_report
from trainer.sample import generate, stop_ids
from trainer.seeing import Show
from trainer.settings import Settings, parse
from trainer.setup import Job, account, build, explain


def micro_batches(job: Job, batch: Batch) -> list[tuple[Tensor, ...]]:
    """This rank's rows of the batch, on its device, cut into what one forward pass takes."""
    share, cuda = len(batch.inputs) // job.world, job.device.type == "cuda"
    parts = [torch.from_numpy(np.ascontiguousarray(a[job.rank * share : (job.rank + 1) * share])) for a in batch if a is not None]
    parts = [(t.pin_memory() if cuda else t).to(job.device, non_blocking=cuda).long() for t in parts]
    return list(zip(*(torch.split(t, job.settings.micro_batch) for t in parts), strict=True))


def train_step(job: Job, step: int, batch: Batch) -> tuple[Tensor, Tensor]:
    """One optimizer step. Returns the mean loss over the batch's targets (all ranks') and the gradient norm, both on the
    device: reading them would wait for it."""
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
            job.scaler.scale(loss * (job.world / num_targets)).backward()
        loss_sum += loss.detach()
    for optimizer in job.optimizers:
        job.scaler.unscale_(optimizer)
    norm = clip(job.model, settings.clip)
    set_lr(job.optimizers, settings.lr * lr_factor(step, settings))
    for optimizer in job.optimizers:
        job.scaler.step(optimizer)
        optimizer.zero_grad(set_to_none=True)
    job.scaler.update()
    return parallel.total(loss_sum) / num_targets, norm


def resume(job: Job) -> int:
    """The step to go on from; 0 for a new run."""
    found = checkpoint.newest(job.settings.out) if job.settings.resume == "auto" else None
    if found is None:
        return 0
    state, tensors, optimizer = checkpoint.load(found)
    if state["finished"]:
        return 0
    checkpoint.check_same(state, job.identity(), found)
    with torch.no_grad():
        for name, parameter in job.model.named_parameters():
            parameter.copy_(parallel.like(tensors[name], parameter))
    load_state_tensors(job.model, job.optimizers, optimizer)
    job.scaler.load_state_dict(state["scaler"])
    return int(state["step"])


def save(job: Job, step: int) -> None:
    """Every rank puts its part in; rank 0 writes. After the last step also the finished model, adapters merged."""
    settings, config, finished = job.settings, job.model.config, step == job.settings.steps
    parallel.settle(job.model)
    weights = {name: parallel.whole(p) for name, p in job.model.named_parameters()}
    states = {name: parallel.whole(t) for name, t in state_tensors(job.model, job.optimizers).items()}
    if job.rank != 0:
        return
    if finished:
        if settings.lora_rank and settings.init:
            save_adapters(settings.out / "adapter", weights, settings.lora_rank, settings.init, config.classic)
        save_model(settings.out, config, merged(weights, config.classic), job.tokenizer_folder, job.token_ids())
        if settings.chat:
            add_template(settings.out)
    state = job.identity() | {"step": step, "scaler": job.scaler.state_dict(), "finished": finished}
    with checkpoint.writing(settings.out, step) as folder:
        save_model(folder, config, weights, job.tokenizer_folder, {})
        save_file(states, folder / "optimizer.safetensors")
        (folder / "state.json").write_text(json.dumps(state))


def look(job: Job, step: int, show: Show, rows: list[EvalRow]) -> None:
    """Bits per byte and samples; under FSDP every rank computes everything, because each layer's weights are gathered from
    all."""
    settings = job.settings
    if rows:
        share = (0, 1) if settings.fsdp else (job.rank, job.world)
        nats = nats_per_row(job.model, rows, job.tokenizer, settings.shape["context"], settings.precision, share)
        show.evaluation(step, bits_per_byte(rows, nats))
    for prompt in settings.prompt:
        ids = prompt_ids(job.tokenizer, prompt, bool(settings.chat))
        made = list(generate(job.model, ids, settings.sample_tokens, stop_ids(job.tokenizer)))
        show.sample(step, prompt, job.tokenizer.decode(made))


def train(settings: Settings) -> Path:
    """Run to the end; returns the model's folder."""
    job = build(settings)
    settings, out, config, context = job.settings, job.settings.out, job.model.config, job.settings.shape["context"]
    if settings.fit:
        print("\n".join(account(settings, config, job.world).table(budget_bytes(job.device, settings.memory_gib))))
        return out
    out.mkdir(parents=True, exist_ok=True)
    start = resume(job)
    if job.rank == 0:
        checkpoint.truncate_metrics(out / "metrics.jsonl", start)
    rows = choose_rows(job.release, settings.eval_bytes) if job.release else []
    peak = peak_flops(job.device, settings.precision) * job.world / config.flops_per_token(context)
    with ExitStack() as stack:
        stack.callback(parallel.stop)
        show = Show(out, job.rank == 0, settings.steps, settings.batch_size * context, peak, job.device)
        stack.callback(show.close)
        show.print("\n".join([*explain(job), *([f"going on from step {start}"] if start else [])]))
        for step, batch in enumerate(prefetch(job.data, start, settings.steps), start + 1):
            show.batch_came()
            show.add(step, *train_step(job, step - 1, batch), job.optimizers[0].param_groups[0]["lr"])
            looks, saves = (step % every == 0 or step == settings.steps for every in (settings.eval_every, settings.save_every))
            if looks or saves or step % settings.log_every == 0 or step == start + 1:
                show.flush()
            if looks:
                look(job, step, show, rows)
            if saves:
                save(job, step)
            show.training_again()
    if job.rank == 0:
        write_report(out, explain(job))
        print(f"model in {out}; what was seen: {out / 'report.html'}; try: python -m trainer.sample {out}", flush=True)
    return out


if __name__ == "__main__":
    run_command(lambda arguments: train(parse(arguments)))
