"""From flags to everything a run needs: shape, weights, data, optimizers, and each derived number in the open.

`build` prints nothing; `explain` gives the lines that the run prints first.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn

from trainer import parallel
from trainer.config import DIAL, ModelConfig, describe, preset
from trainer.data import BatchSource, ShardData
from trainer.device import choose_device, precision_of, set_up
from trainer.errors import TrainerError
from trainer.folder import find_model, from_hugging_face, load_weights, read_weights
from trainer.generate import stop_ids
from trainer.model import Decoder
from trainer.optimizer import make_optimizers
from trainer.settings import FREE, Settings
from trainer.shards import Release, bos_id, file_sha256, load_tokenizer, open_release

SHAPE = ("num_layers", "hidden_size", "num_heads", "num_kv_heads", "head_dim", "intermediate_size", "context", "classic", "qk_norm", "tied", "rope_theta")


@dataclass
class Job:
    """A run that is ready to start. `settings` holds no None where a number is needed."""

    settings: Settings
    device: torch.device
    precision: str
    rank: int
    world: int
    release: Release | None
    tokenizer: Tokenizer
    tokenizer_folder: Path
    bos: int
    data: BatchSource
    model: Decoder
    wrapped: nn.Module
    optimizers: list[torch.optim.Optimizer]

    @property
    def config(self) -> ModelConfig:
        return self.model.config

    @property
    def steps(self) -> int:
        return self.settings.steps or 0

    @property
    def row_tokens(self) -> int:
        return self.settings.context or self.config.context

    def identity(self) -> dict[str, Any]:
        """What must be equal for a continuation to be exact."""
        settings = {key: str(value) if isinstance(value, Path) else list(value) if isinstance(value, tuple) else value
                    for key, value in asdict(self.settings).items() if key not in FREE}
        return {"settings": settings | {"precision": self.precision}, "files": self.release.files if self.release else {}}

    def token_ids(self) -> dict[str, Any]:
        """For config.json: where generation begins and ends, and which tokenizer the weights belong to."""
        return {"bos_token_id": self.bos, "eos_token_id": stop_ids(self.tokenizer) or None,
                "tokenizer_sha256": file_sha256(self.tokenizer_folder / "tokenizer.json")}


def build(settings: Settings) -> Job:
    """Open the data, make or load the model, derive what was left to us."""
    device = choose_device(settings.device)
    set_up(device, settings.deterministic)
    rank, world = parallel.start(device)
    precision = precision_of(device, settings.precision)
    release = open_release(settings.release)
    config, tokenizer_folder = _shape(settings, release)
    tokenizer = load_tokenizer(tokenizer_folder / "tokenizer.json")
    settings = _derive(settings, config, device)
    assert settings.batch_size and settings.context
    data = ShardData(release, settings.context, settings.batch_size, settings.seed, settings.packing, settings.document_mask)
    steps = settings.steps or max(1, round((settings.epochs or 1) * data.rows_per_epoch / settings.batch_size))
    settings = _schedule(replace(settings, steps=steps), device, world)
    torch.manual_seed(settings.seed)
    model = Decoder(replace(config, dropout=settings.dropout))
    if settings.init:
        folder = find_model(settings.init)
        load_weights(model, read_weights(folder), folder)
    model.to(device)
    model.loss_chunk, model.checkpointing = settings.loss_chunk or 0, bool(settings.checkpointing)
    if settings.compile:
        for block in model.blocks:
            block.compile(dynamic=False)
    wrapped = parallel.wrap(model, world, device, settings.fsdp)
    assert settings.lr and settings.optimizer
    optimizers = make_optimizers(model, settings.optimizer, settings.lr, settings.weight_decay, (settings.beta1, settings.beta2), settings.momentum)
    return Job(settings, device, precision, rank, world, release, tokenizer, tokenizer_folder, bos_id(tokenizer), data, model, wrapped, optimizers)


def _shape(settings: Settings, release: Release) -> tuple[ModelConfig, Path]:
    if settings.init is None:
        return preset(settings.preset, release.vocab_size, {key: getattr(settings, key) for key in SHAPE}), release.folder / "tokenizer"
    folder = find_model(settings.init)
    asked = [key for key in SHAPE if key != "context" and getattr(settings, key) is not None]
    if asked:
        raise TrainerError(f"--init takes the shape from {folder}; leave out --{', --'.join(asked).replace('_', '-')}")
    config = from_hugging_face(json.loads((folder / "config.json").read_text()), folder)
    own = file_sha256(folder / "tokenizer.json") if (folder / "tokenizer.json").is_file() else "none"
    if own != release.tokenizer_sha256:
        raise TrainerError(f"{folder} has tokenizer {own}, release {release.id} has {release.tokenizer_sha256}: "
                           f"make shards with the model's own by `python -m curation.tokenize --tokenizer {folder / 'tokenizer.json'}`")
    if settings.context and settings.context > config.context:
        raise TrainerError(f"--context {settings.context} is more than the {config.context} positions of {folder}")
    return config, release.folder / "tokenizer"


def _derive(settings: Settings, config: ModelConfig, device: torch.device) -> Settings:
    _, _, _, _, preset_lr, preset_rows = DIAL[settings.preset]
    tuned = settings.init is not None
    context = settings.context or config.context
    rows = round(settings.batch_tokens / context) if settings.batch_tokens else settings.batch_size or preset_rows
    lr = settings.lr or (0.08 / config.hidden_size * (5 if settings.lora_rank else 1) if tuned else preset_lr)
    return replace(settings, context=context, batch_size=max(1, rows), lr=lr, optimizer=settings.optimizer or ("adamw" if tuned else "muon"),
                   epochs=settings.epochs or (3 if tuned else 1), compile=device.type == "cuda" if settings.compile is None else settings.compile,
                   loss_chunk=(16384 if device.type == "cuda" else 4096) if settings.loss_chunk is None else settings.loss_chunk)


def _schedule(settings: Settings, device: torch.device, world: int) -> Settings:
    steps, rows, context = settings.steps or 1, settings.batch_size or 1, settings.context or 1
    if rows % world:
        raise TrainerError(f"--batch-size {rows} cannot be shared equally by {world} ranks")
    tenth = max(1, -(-steps // (10 if steps > 200 else 4)))
    return replace(
        settings, warmup=min(200, round(0.02 * steps)) if settings.warmup is None else settings.warmup,
        micro_batch=min(rows // world, settings.micro_batch or max(1, 4096 // context)),
        eval_every=settings.eval_every or tenth, save_every=settings.save_every or tenth,
        sample_every=settings.sample_every or settings.eval_every or tenth,
        eval_bytes=settings.eval_bytes or (1 << 16 if device.type == "cpu" else 1 << 22))


def explain(job: Job) -> list[str]:
    """Every derived number, in the words of the flags that change it."""
    shown = {key: value for key, value in asdict(job.settings).items() if key not in SHAPE and value not in (None, False, ())}
    per_step = (job.settings.batch_size or 0) * job.row_tokens
    return [describe(job.config), "  " + "  ".join(f"{key}={value}" for key, value in shown.items()),
            f"  {per_step:,} tokens a step, {per_step * job.steps:,} in all, {job.data.rows_per_epoch:,} rows an epoch "
            f"({job.steps * (job.settings.batch_size or 0) / job.data.rows_per_epoch:.2f} epochs); {job.device} in {job.precision}, {job.world} rank(s)"]
