"""The step `tokenizer`: from the kept train documents to a sealed tokenizer with its report card.

In: segments, the verdicts that have `split`, a TokenizerConfig. Out, in a draft folder: tokenizer.json,
tokenizer_config.json, special_tokens_map.json, card.json. It sees the train split only.

An existing tokenizer (`config.existing`) is copied instead of trained, and judged by the same card.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation import storage
from curation.pii import Config as Policy
from curation.segment import Segment
from curation.stage import segment_settings
from curation.tokenizers.card import DEFAULT_POLICY, Passage, report_card
from curation.tokenizers.config import TokenizerConfig, load_config, presets
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.existing import adopt
from curation.tokenizers.forbidden import train_clean
from curation.tokenizers.sampling import read_sample, sample, training_texts
from curation.tokenizers.train import TOKENIZER_FILES, train

if TYPE_CHECKING:
    from curation.engine import Engine, Progress

__all__ = ["CARD", "TOKENIZER_FILES", "TokenizerConfig", "identity", "load_config", "presets", "sample", "train", "train_step"]

CARD = "card.json"
LIBRARIES = ("tokenizers", "tiktoken", "transformers")


def identity(config: TokenizerConfig) -> dict[str, Any]:
    """What of the config decides the tokenizer's bytes: all but the thresholds that only judge it."""
    return segment_settings(config)


def train_step(
    segments: list[Segment],
    verdicts: Path,
    config: TokenizerConfig,
    out: Path,
    engine: Engine,
    progress: Progress | None = None,
    *,
    policy: Policy = DEFAULT_POLICY,
    languages: Collection[str] = (),
) -> dict[str, Any]:
    """Fill `out` and return the summary: sha256, vocab_size, pretokenizer, trained, engine, bytes_per_token, left_out.

    `policy`: the recipe's [pii], none of whose entities may become a token; `languages`: whose parity must hold.
    """
    with storage.draft_folder(engine.workspace) as folder:
        sample(segments, verdicts, config, engine, folder, progress)
        if config.existing:
            summary = adopt(Path(config.existing), out)
        else:
            summary = train_clean(lambda: training_texts(folder), config, policy, out)
        seen, unseen = _passages(folder, False), _passages(folder, True)
        card = report_card(Encoder(out / "tokenizer.json"), unseen, config, seen, languages, policy)
    card["left_out"] = summary.get("left_out", 0)
    storage.write_json(out / CARD, card)
    return {**summary, "engine": card["engine"], "bytes_per_token": card["total"]["bytes_per_token"]}


def _passages(folder: Path, held_out: bool) -> Iterator[Passage]:
    for row in read_sample(folder, held_out):
        yield Passage(row["source"], row["lang"], row["text"])


def copy_tokenizer(folder: Path, out: Path) -> None:
    """The files that a release carries, card included."""
    out.mkdir(parents=True, exist_ok=True)
    for name in (*TOKENIZER_FILES, CARD):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, out / name)
