"""`python -m trainer.train RELEASE`: train, fine-tune or chat-tune a GPT. The same command on a CPU, a small card, a
data-centre GPU, torchrun.

The loop: take a batch, forward and backward in micro-batches, clip, step; now and then evaluate, sample, save. Killed at any
step, the same command goes on from the last checkpoint with the same losses to the last bit (on CUDA with --deterministic).
"""

import json
import time
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from trainer import chat, checkpoint, data, device, evaluate, folder, lora, optimizer, parallel, sample, seeing
from trainer.config import Settings, parse, run_command
from trainer.setup import Job, build, explain


def micro_batches(job: Job, batch: data.Batch) -> list[tuple[torch.Tensor, ...]]:
    """This rank's rows of the batch, on its device, cut into what one forward pass takes."""
    share, cuda = len(batch.inputs) // job.world, job.device.type == "cuda"
    parts = [torch.from_numpy(part[job.rank * share :][:share]) for part in batch if part is not None]
    parts = [(part.contiguous().pin_memory() if cuda else part).to(job.device, non_blocking=cuda) for part in parts]
    return list(zip(*(torch.split(part, job.settings.micro_batch) for part in parts), strict=True))


def train_step(job: Job, step: int, batch: data.Batch) -> tuple[torch.Tensor, torch.Tensor]:
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
            with device.autocast(job.device, settings.precision):
                loss = job.wrapped(*part)
            job.scaler.scale(loss * (job.world / num_targets)).backward()
        loss_sum += loss.detach()
    for each in job.optimizers:
        job.scaler.unscale_(each)
    norm = optimizer.clip(job.model, settings.clip)
    for each in job.optimizers:
        for group in each.param_groups:
            group["lr"] = settings.lr * optimizer.lr_factor(step, settings)
        job.scaler.step(each)
        each.zero_grad(set_to_none=True)
    job.scaler.update()
    return parallel.total(loss_sum) / num_targets, norm


def resume(job: Job) -> int:
    """The step to go on from; 0 for a new run."""
    found = checkpoint.newest(job.settings.out) if job.settings.resume == "auto" else None
    if found is None:
        return 0
    state = json.loads((found / "state.json").read_text())
    checkpoint.check_same(state, job.identity(), found)
    folder.load_weights(job.model, found)
    optimizer.load_state_tensors(job.model, job.optimizers, load_file(found / "optimizer.safetensors"))
    job.scaler.load_state_dict(state["scaler"])
    return int(state["step"])


def save(job: Job, step: int) -> None:
    """Every rank puts its part in; rank 0 writes. After the last step also the finished model, adapters merged."""
    settings, config, finished = job.settings, job.model.config, step == job.settings.steps
    weights = {name: parallel.whole(p) for name, p in job.model.named_parameters()}
    states = {name: parallel.whole(t) for name, t in optimizer.state_tensors(job.model, job.optimizers).items()}
    if job.rank != 0:
        return
    if finished:
        if settings.lora_rank and settings.init:
            lora.save_adapters(settings.out / "adapter", weights, settings.lora_rank, settings.init)
        folder.save_model(settings.out, config, lora.merged(weights), job.tokenizer_folder, job.token_ids())
        if settings.chat:
            chat.end_at_turns(settings.out)
    state = job.identity() | {"step": step, "scaler": job.scaler.state_dict(), "finished": finished}
    with checkpoint.writing(settings.out, step) as temporary:
        folder.save_model(temporary, config, weights, job.tokenizer_folder, {})
        save_file(states, temporary / "optimizer.safetensors")
        (temporary / "state.json").write_text(json.dumps(state))


def look(job: Job, step: int, show: seeing.Show, rows: list[evaluate.EvalRow]) -> None:
    """Bits per byte and samples, computed by every rank, because under FSDP each layer's weights are gathered from all."""
    settings = job.settings
    if rows:
        nats = evaluate.nats_per_row(job.model, rows, job.tokenizer, settings.context, settings.precision)
        show.evaluation(step, evaluate.bits_per_byte(rows, nats))
    for prompt in settings.prompt:
        ids, how = chat.prompt_ids(job.tokenizer, prompt, bool(settings.chat)), sample.Sampling(max_tokens=settings.sample_tokens)
        made = list(sample.generate(job.model, ids, sample.stop_ids(job.tokenizer), how))
        show.sample(step, prompt, job.tokenizer.decode(made))


def train(settings: Settings) -> Path:
    """Run to the end; returns the model's folder."""
    job = build(settings)
    settings, out, config = job.settings, job.settings.out, job.model.config
    if settings.fit:
        print("\n".join(device.Account(config, settings, job.world).table(device.budget_bytes(job.device, settings.memory_gib))))
        return out
    out.mkdir(parents=True, exist_ok=True)
    start = resume(job)
    rows = evaluate.choose_rows(job.release, settings.eval_bytes) if job.release else []
    peak = device.peak_flops(job.device, settings.precision) * job.world / config.flops_per_token(settings.context)
    show = seeing.Show(out, job.rank == 0, start, settings.steps, settings.batch_size * settings.context, peak, job.device)
    show.print("\n".join([*explain(job), *([f"going on from step {start}"] if start else [])]))
    for step, (batch, waited) in enumerate(data.prefetch(job.data.batch, start, settings.steps), start + 1):
        result = train_step(job, step - 1, batch)
        show.pending.append((step, job.optimizers[0].param_groups[0]["lr"], waited, *result))
        looks, saves = (step % every == 0 or step == settings.steps for every in (settings.eval_every, settings.save_every))
        if looks or saves or step % settings.log_every == 0 or step == start + 1:
            show.flush()
        if looks:
            look(job, step, show, rows)
        if saves:
            save(job, step)
        show.begin = time.perf_counter() if looks or saves else show.begin  # neither is part of the speed
    if job.rank == 0:
        seeing.write_report(out, explain(job))
        print(f"model in {out}; what was seen: {out / 'report.html'}; try: python -m trainer.sample {out}", flush=True)
    parallel.stop()
    return out


def main(arguments: list[str]) -> None:
    train(parse(Settings, "trainer.train", "release", "Train, fine-tune or chat-tune; docs/gpt.md has the words.", arguments))


if __name__ == "__main__":
    run_command(main)
