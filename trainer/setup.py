"""From flags to everything a run needs: shape, weights, data, optimizers, and each derived number in the open."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn

from trainer import memory, parallel
from trainer.chat import ChatData
from trainer.config import DIAL, ModelConfig, TrainerError, describe, preset
from trainer.data import BatchSource, ShardData
from trainer.device import choose_device, precision_of, set_up
from trainer.folder import find_model, load_weights, read_config, read_weights
from trainer.lora import add_adapters
from trainer.model import Decoder
from trainer.optimizer import make_optimizers
from trainer.sample import stop_ids
from trainer.settings import Settings
from trainer.shards import Release, bos_id, file_sha256, load_tokenizer, open_release


@dataclass
class Job:
    """A run that is ready to start. `settings` holds no `auto` any more."""

    settings: Settings
    device: torch.device
    rank: int
    world: int
    release: Release | None
    tokenizer: Tokenizer
    tokenizer_folder: Path
    data: BatchSource
    model: Decoder
    wrapped: nn.Module
    optimizers: list[torch.optim.Optimizer]
    scaler: torch.amp.GradScaler

    def identity(self) -> dict[str, Any]:
        """What must be equal for a continuation to be exact."""
        files, chat = dict(self.release.files) if self.release else {}, self.settings.chat
        return {"settings": self.settings.fixed(), "data": files | ({str(chat): file_sha256(chat)} if chat else {})}

    def token_ids(self) -> dict[str, Any]:
        """For config.json: where generation begins and ends, and which tokenizer the weights belong to."""
        sha256 = file_sha256(self.tokenizer_folder / "tokenizer.json")
        return {"bos_token_id": bos_id(self.tokenizer), "eos_token_id": stop_ids(self.tokenizer), "tokenizer_sha256": sha256}


def build(settings: Settings) -> Job:
    """Open the data, make or load the model, derive what was left to us."""
    if settings.release is None and not (settings.init and settings.chat and str(settings.chat) != "release"):
        raise TrainerError("give a release folder (only --init MODEL --chat FILE does without)")
    device = choose_device(settings.device)
    set_up(device, settings.deterministic)
    rank, world = parallel.start(device)
    release = open_release(settings.release) if settings.release else None
    config, tokenizer_folder = _shape(settings, release)
    tokenizer = load_tokenizer(tokenizer_folder / "tokenizer.json")
    settings = _derive(settings, config, device, release)
    read = settings.shape["context"], settings.batch_size, settings.seed
    if settings.chat:
        data: BatchSource = ChatData(tokenizer, settings.chat, *read)
    elif release:
        data = ShardData(release, *read, settings.packing, settings.document_mask)
    settings = _schedule(settings, config, device, world, data.rows_per_epoch)
    torch.manual_seed(settings.seed)
    model = Decoder(replace(config, dropout=settings.dropout))
    if settings.init:
        load_weights(model, read_weights(find_model(settings.init)), settings.init)
    if settings.lora_rank:
        add_adapters(model, settings.lora_rank)
    model.to(device)
    model.loss_chunk, model.checkpointing = settings.loss_chunk, bool(settings.checkpointing)
    if settings.compile:
        for block in model.parts()[1]:
            block.compile(dynamic=False)
    wrapped = parallel.wrap(model, world, device, settings.fsdp)
    optimizers = make_optimizers(model, settings)
    scaler = torch.amp.GradScaler(device.type, enabled=settings.precision == "fp16")
    where = (settings, device, rank, world)
    return Job(*where, release, tokenizer, tokenizer_folder, data, model, wrapped, optimizers, scaler)


def _shape(settings: Settings, release: Release | None) -> tuple[ModelConfig, Path]:
    if settings.init is None:
        assert release is not None
        return preset(settings.preset, release.vocab_size, settings.shape), release.folder / "tokenizer"
    folder = find_model(settings.init)
    config, asked, context = read_config(folder), settings.shape.keys() - {"context"}, settings.shape.get("context", 0)
    if asked:
        raise TrainerError(f"--init takes the shape from {folder}; leave out --{', --'.join(asked).replace('_', '-')}")
    file = folder / "tokenizer.json"
    own = file_sha256(file) if file.is_file() else "none"
    if release and own != release.tokenizer_sha256:
        advice = f"make shards with its own by `python -m curation.tokenize --tokenizer {file}`"
        raise TrainerError(f"{folder} has tokenizer {own}, the release {release.tokenizer_sha256}: {advice}")
    if context > config.context:
        raise TrainerError(f"--context {context} is more than the {config.context} positions of {folder}")
    return config, release.folder / "tokenizer" if release else folder


def _derive(settings: Settings, config: ModelConfig, device: torch.device, release: Release | None) -> Settings:
    """What does not depend on the amount of data."""
    tuned, cuda, context = settings.init is not None, device.type == "cuda", settings.shape.get("context", config.context)
    *_, rate, rows = DIAL[settings.preset]
    if tuned:
        rate = 0.08 / config.hidden_size * (5 if settings.lora_rank else 1)
    if settings.batch_tokens:
        rows = max(1, round(settings.batch_tokens / context))
    if release and str(settings.chat) == "release":
        settings = replace(settings, chat=release.folder / "chat" / "train.jsonl")
    settings = replace(settings, shape=settings.shape | {"context": context}, precision=precision_of(device, settings.precision))
    settings = settings.derive(lr=rate, batch_size=rows, epochs=3.0 if tuned else 1.0, optimizer="adamw" if tuned else "muon")
    return settings.derive(compile=cuda, loss_chunk=16384 if cuda else 1024, eval_bytes=1 << 22 if cuda else 1 << 16)


def _schedule(settings: Settings, config: ModelConfig, device: torch.device, world: int, rows_per_epoch: int) -> Settings:
    """Steps from epochs, the rhythm of looking and saving, and the micro-batch that fits."""
    rows, context = settings.batch_size, settings.shape["context"]
    if rows % world:
        raise TrainerError(f"--batch-size {rows} cannot be shared equally by {world} ranks")
    settings = settings.derive(steps=max(1, round(settings.epochs * rows_per_epoch / rows)))
    steps, micro, again = settings.steps, max(1, 4096 // context), settings.checkpointing
    if not settings.micro_batch and (device.type == "cuda" or settings.memory_gib):
        budget = memory.budget_bytes(device, settings.memory_gib)
        found = account(settings, config, world).fit(rows // world, budget, again)
        if found is None:
            advice = "lower --context, --loss-chunk or the preset, or shard with --fsdp (--fit prints what fits)"
            raise TrainerError(f"a single row of {context} tokens does not fit into {budget / 2**30:.1f} GiB: {advice}")
        micro, again = found
    settings = settings.derive(warmup=min(200, round(0.02 * steps)), eval_every=-(-steps // (10 if steps > 200 else 4)))
    settings = settings.derive(save_every=settings.eval_every, micro_batch=micro)
    return replace(settings, checkpointing=bool(again), micro_batch=min(rows // world, settings.micro_batch))


def account(settings: Settings, config: ModelConfig, world: int) -> memory.Account:
    """The bytes that this run's steps take."""
    how = settings.optimizer, settings.shape["context"], settings.precision, settings.loss_chunk
    return memory.Account(config, *how, shards=world if settings.fsdp else 1)


def explain(job: Job) -> list[str]:
    """Every derived number, in the words of the flags that change it."""
    settings, epoch = job.settings, job.data.rows_per_epoch
    shown = {key: value for key, value in asdict(settings).items() if value not in (None, False, ("",)) and key != "shape"}
    tokens, epochs = settings.batch_size * settings.shape["context"], settings.steps * settings.batch_size / epoch
    amount = f"{tokens:,} tokens a step, {tokens * settings.steps:,} in all, {epoch:,} rows an epoch ({epochs:.2f} epochs)"
    lines = [describe(job.model.config), "  " + "  ".join(f"{key}={value}" for key, value in shown.items())]
    lines.append(f"  {amount}; {job.device}, {job.world} rank(s)")
    if left_out := getattr(job.data, "left_out", 0):
        lines.append(f"  {left_out} conversations left out whole: longer than the context, or without an assistant's turn")
    return lines
