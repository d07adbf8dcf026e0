"""From flags to everything a run needs: shape, weights, data, optimizers, and each derived number in the open."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from trainer import chat, device, folder, lora, optimizer, parallel, shards
from trainer.config import DIAL, ModelConfig, Settings, TrainerError, describe, preset
from trainer.data import ShardData
from trainer.model import Decoder
from trainer.sample import stop_ids


@dataclass
class Job:
    """A run that is ready to start. `settings` holds no `auto` any more."""

    settings: Settings
    device: torch.device
    rank: int
    world: int
    release: shards.Release | None
    tokenizer: Tokenizer
    tokenizer_folder: Path
    data: ShardData | chat.ChatData
    model: Decoder
    wrapped: torch.nn.Module
    optimizers: list[torch.optim.Optimizer]
    scaler: torch.amp.GradScaler

    def identity(self) -> dict[str, Any]:
        """What must be equal for a continuation to be exact."""
        files, talk = dict(self.release.files) if self.release else {}, self.settings.chat
        return {"settings": self.settings.fixed(), "data": files | ({str(talk): shards.file_sha256(talk)} if talk else {})}

    def token_ids(self) -> dict[str, Any]:
        """For config.json: where generation begins and ends, and which tokenizer the weights belong to."""
        begin, sha256 = shards.bos_id(self.tokenizer), shards.file_sha256(self.tokenizer_folder / "tokenizer.json")
        return {"bos_token_id": begin, "eos_token_id": stop_ids(self.tokenizer), "tokenizer_sha256": sha256}


def build(settings: Settings) -> Job:
    """Open the data, make or load the model, derive what was left to us."""
    if not settings.release and not (settings.init and settings.chat):
        raise TrainerError("give a release folder (only --init MODEL --chat FILE does without)")
    card = device.choose_device(settings.device)
    device.set_up(card, settings.deterministic)
    rank, world = parallel.start(card)
    release: Any = shards.open_release(settings.release) if settings.release else None
    if release and str(settings.chat) == "release":
        settings = replace(settings, chat=release.folder / "chat" / "train.jsonl")
    config, tokenizer_folder = _shape(settings, release)
    tokenizer = shards.load_tokenizer(tokenizer_folder / "tokenizer.json")
    settings = _derive(settings, config, card)
    read, packed = (settings.context, settings.batch_size, settings.seed), (settings.packing, settings.document_mask)
    data = chat.ChatData(tokenizer, settings.chat, *read) if settings.chat else ShardData(release, *read, *packed)
    settings = _schedule(settings, config, card, world, data.rows_per_epoch)
    torch.manual_seed(settings.seed)
    model = Decoder(replace(config, dropout=settings.dropout))
    if settings.init:
        folder.load_weights(model, folder.find_model(settings.init))
    if settings.lora_rank:
        lora.add_adapters(model, settings.lora_rank)
    model.to(card)
    model.loss_chunk, model.checkpointing = settings.loss_chunk, bool(settings.checkpointing)
    for block in model.parts()[1] if settings.compile else []:
        block.compile(dynamic=False)
    wrapped = parallel.wrap(model, world, card, settings.fsdp)
    scaler = torch.amp.GradScaler(card.type, enabled=settings.precision == "fp16")
    learner = model, wrapped, optimizer.make_optimizers(model, settings), scaler
    return Job(settings, card, rank, world, release, tokenizer, tokenizer_folder, data, *learner)


def _shape(settings: Settings, release: Any) -> tuple[ModelConfig, Path]:
    """The model's shape, and the folder of its tokenizer."""
    if settings.init is None:
        context = {"context": settings.context} if settings.context else {}
        return preset(settings.preset, release.vocab_size, settings.shape | context), release.folder / "tokenizer"
    where = folder.find_model(settings.init)
    config, file = folder.read_config(where), where / "tokenizer.json"
    if settings.shape:
        raise TrainerError(f"--init takes the shape from {where}; leave out --{', --'.join(settings.shape).replace('_', '-')}")
    if settings.context > config.context:
        raise TrainerError(f"--context {settings.context} is more than the {config.context} positions of {where}")
    own = shards.file_sha256(file) if file.is_file() else "none"
    if release and own != release.tokenizer_sha256:
        advice = f"make shards with its own by `python -m curation.tokenize --tokenizer {file}`"
        raise TrainerError(f"{where} has tokenizer {own}, the release {release.tokenizer_sha256}: {advice}")
    return config, where


def _derive(settings: Settings, config: ModelConfig, card: torch.device) -> Settings:
    """What does not depend on the amount of data."""
    tuned, cuda, context = settings.init is not None, card.type == "cuda", settings.context or config.context
    *_, rate, rows = DIAL[settings.preset]
    rate = 0.08 / config.hidden_size * (5 if settings.lora_rank else 1) if tuned else rate
    rows = max(1, round(settings.batch_tokens / context)) if settings.batch_tokens else rows
    known = (torch.cuda.get_device_capability(card), torch.cuda.get_device_name(card)) if cuda else ((0, 0), card.type)
    settings = settings.derive(context=context, precision=device.choose_precision(*known), lr=rate, batch_size=rows, compile=cuda)
    settings = settings.derive(epochs=3.0 if tuned else 1.0, optimizer="adamw" if tuned else "muon")
    return settings.derive(loss_chunk=16384 if cuda else 1024, eval_bytes=1 << 22 if cuda else 1 << 16)


def _schedule(settings: Settings, config: ModelConfig, card: torch.device, world: int, rows_per_epoch: int) -> Settings:
    """Steps from epochs, the rhythm of looking and saving, and the micro-batch that fits."""
    rows, micro, again = settings.batch_size, max(1, 4096 // settings.context), bool(settings.checkpointing)
    if rows % world:
        raise TrainerError(f"--batch-size {rows} cannot be shared equally by {world} ranks")
    if not settings.micro_batch and (card.type == "cuda" or settings.memory_gib):
        budget = device.budget_bytes(card, settings.memory_gib)
        found = device.Account(config, settings, world).fit(rows // world, budget)
        if found is None and not settings.fit:
            advice = "lower --context, --loss-chunk or the preset, or shard with --fsdp (--fit prints what fits)"
            raise TrainerError(f"a single row of {settings.context} tokens does not fit into {budget / 2**30:.1f} GiB: {advice}")
        micro, again = found or (1, True)
    steps = settings.steps or max(1, round(settings.epochs * rows_per_epoch / rows))
    every = settings.eval_every or -(-steps // (10 if steps > 200 else 4))
    settings = settings.derive(steps=steps, warmup=min(200, round(0.02 * steps)), eval_every=every, save_every=every)
    return replace(settings, checkpointing=again, micro_batch=min(rows // world, settings.micro_batch or micro))


def explain(job: Job) -> list[str]:
    """Every derived number, in the words of the flags that change it."""
    settings, config, epoch = job.settings, job.model.config, job.data.rows_per_epoch
    lines = [f"{config.architecture} shape, {config.matrix_parameters / 1e6:,.1f} M weights that multiply each token"]
    tokens, epochs = settings.batch_size * settings.context, settings.steps * settings.batch_size / epoch
    amount = f"{tokens:,} tokens a step, {tokens * settings.steps:,} in all, {epoch:,} rows an epoch ({epochs:.2f} epochs)"
    lines += [f"  {describe(config)}", f"  {describe(settings)}", f"  {amount}; {job.device}, {job.world} rank(s)"]
    if left_out := getattr(job.data, "left_out", 0):
        lines.append(f"  {left_out} conversations left out whole: longer than the context, or without an assistant's turn")
    return lines
