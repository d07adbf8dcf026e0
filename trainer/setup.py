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
from trainer.generate import stop_ids
from trainer.lora import add_adapters
from trainer.model import Decoder
from trainer.optimizer import make_optimizers
from trainer.settings import Settings
from trainer.shards import Release, bos_id, file_sha256, load_tokenizer, open_release


@dataclass
class Job:
    """A run that is ready to start. `settings` holds no `auto` any more."""

    settings: Settings
    config: ModelConfig
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

    def identity(self) -> dict[str, Any]:
        """What must be equal for a continuation to be exact."""
        chat = self.settings.chat
        files = dict(self.release.files) if self.release else {}
        return {"settings": self.settings.fixed(), "files": files | ({str(chat): file_sha256(chat)} if chat else {})}

    def token_ids(self) -> dict[str, Any]:
        """For config.json: where generation begins and ends, and which tokenizer the weights belong to."""
        return {
            "bos_token_id": bos_id(self.tokenizer),
            "eos_token_id": stop_ids(self.tokenizer),
            "tokenizer_sha256": file_sha256(self.tokenizer_folder / "tokenizer.json"),
        }


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
    context = settings.shape["context"]
    data: BatchSource
    if settings.chat:
        data = ChatData(tokenizer, settings.chat, context, settings.batch_size, settings.seed)
    elif release:
        data = ShardData(release, context, settings.batch_size, settings.seed, settings.packing, settings.document_mask)
    settings = _schedule(settings, config, device, world, data.rows_per_epoch)
    torch.manual_seed(settings.seed)
    model = Decoder(replace(config, dropout=settings.dropout))
    if settings.init:
        load_weights(model, read_weights(find_model(settings.init)), settings.init)
    if settings.lora_rank:
        add_adapters(model, settings.lora_rank, settings.lora_alpha)
    model.to(device)
    model.loss_chunk, model.checkpointing = settings.loss_chunk, bool(settings.checkpointing)
    if settings.compile:
        for block in model.parts()[1]:
            block.compile(dynamic=False)
    wrapped = parallel.wrap(model, world, device, settings.fsdp)
    return Job(
        settings,
        model.config,
        device,
        rank,
        world,
        release,
        tokenizer,
        tokenizer_folder,
        data,
        model,
        wrapped,
        make_optimizers(model, settings),
    )


def _shape(settings: Settings, release: Release | None) -> tuple[ModelConfig, Path]:
    if settings.init is None:
        assert release is not None
        return preset(settings.preset, release.vocab_size, settings.shape), release.folder / "tokenizer"
    folder = find_model(settings.init)
    config, asked = read_config(folder), [key for key in settings.shape if key != "context"]
    if asked:
        raise TrainerError(f"--init takes the shape from {folder}; leave out --{', --'.join(asked).replace('_', '-')}")
    own = file_sha256(folder / "tokenizer.json") if (folder / "tokenizer.json").is_file() else "none"
    if release and own != release.tokenizer_sha256:
        raise TrainerError(
            f"{folder} has tokenizer {own}, the release {release.tokenizer_sha256}: make "
            f"shards with its own by `python -m curation.tokenize --tokenizer {folder / 'tokenizer.json'}`"
        )
    if settings.shape.get("context", 0) > config.context:
        raise TrainerError(f"--context {settings.shape['context']} is more than the {config.context} positions of {folder}")
    return config, release.folder / "tokenizer" if release else folder


def _derive(settings: Settings, config: ModelConfig, device: torch.device, release: Release | None) -> Settings:
    """What does not depend on the amount of data."""
    tuned, context, cuda = settings.init is not None, settings.shape.get("context", config.context), device.type == "cuda"
    chat = release.folder / "chat" / "train.jsonl" if release and str(settings.chat) == "release" else settings.chat
    rate = 0.08 / config.hidden_size * (5 if settings.lora_rank else 1) if tuned else DIAL[settings.preset][4]
    return replace(
        settings,
        shape=settings.shape | {"context": context},
        chat=chat,
        lr=settings.lr or rate,
        epochs=settings.epochs or (3.0 if tuned else 1.0),
        batch_size=max(1, round(settings.batch_tokens / context))
        if settings.batch_tokens
        else settings.batch_size or DIAL[settings.preset][5],
        optimizer=("adamw" if tuned else "muon") if settings.optimizer == "auto" else settings.optimizer,
        precision=precision_of(device, settings.precision),
        compile=cuda if settings.compile is None else settings.compile,
        loss_chunk=(16384 if cuda else 1024) if settings.loss_chunk < 0 else settings.loss_chunk,
        eval_bytes=settings.eval_bytes or (1 << 22 if cuda else 1 << 16),
    )


def _schedule(settings: Settings, config: ModelConfig, device: torch.device, world: int, rows_per_epoch: int) -> Settings:
    """Steps from epochs, the rhythm of looking and saving, and the micro-batch that fits."""
    rows, context = settings.batch_size, settings.shape["context"]
    if rows % world:
        raise TrainerError(f"--batch-size {rows} cannot be shared equally by {world} ranks")
    steps = settings.steps or max(1, round(settings.epochs * rows_per_epoch / rows))
    every = settings.eval_every or max(1, -(-steps // (10 if steps > 200 else 4)))
    micro, again = settings.micro_batch or max(1, 4096 // context), bool(settings.checkpointing)
    if not settings.micro_batch and (device.type == "cuda" or settings.memory_gib):
        budget = memory.budget_bytes(device, settings.memory_gib)
        found = memory.fit(
            config,
            settings.optimizer,
            rows // world,
            context,
            settings.precision,
            settings.loss_chunk,
            budget,
            settings.checkpointing,
            world if settings.fsdp else 1,
        )
        if found is None:
            raise TrainerError(
                f"a single row of {context} tokens does not fit into {budget / 2**30:.1f} GiB: lower --context, "
                "--loss-chunk or the preset, or shard with --fsdp (--fit prints what fits)"
            )
        micro, again = found
    return replace(
        settings,
        steps=steps,
        warmup=min(200, round(0.02 * steps)) if settings.warmup < 0 else settings.warmup,
        micro_batch=min(rows // world, micro),
        checkpointing=again,
        eval_every=every,
        sample_every=settings.sample_every or every,
        save_every=settings.save_every or every,
    )


def explain(job: Job) -> list[str]:
    """Every derived number, in the words of the flags that change it."""
    settings, per_step = job.settings, job.settings.batch_size * job.settings.shape["context"]
    shown = {key: value for key, value in asdict(settings).items() if value not in (None, False, [""]) and key != "shape"}
    lines = [
        describe(job.config),
        "  " + "  ".join(f"{key}={value}" for key, value in shown.items()),
        f"  {per_step:,} tokens a step, {per_step * settings.steps:,} in all, {job.data.rows_per_epoch:,} rows an epoch "
        f"({settings.steps * settings.batch_size / job.data.rows_per_epoch:.2f} epochs); {job.device}, {job.world} rank(s)",
    ]
    if left_out := getattr(job.data, "left_out", 0):
        lines.append(f"  {left_out} conversations left out whole: longer than the context, or without an assistant's turn")
    return lines
