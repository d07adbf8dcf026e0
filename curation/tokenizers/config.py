"""Tokenizer recipes: data in tokenizers_cfg/*.toml, checked here.

In: the name of a preset, the path of such a TOML file, or the path of an existing tokenizer (a `tokenizer.json`, a
folder that holds one, or a SentencePiece `.model`). Out: a frozen TokenizerConfig.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from curation.errors import RecipeError
from curation.stage import Settings, threshold
from curation.tokenizers.pretokenizers import PRETOKENIZERS

PRESETS = Path(__file__).resolve().parent.parent.parent / "tokenizers_cfg"

# The contract's special tokens; they follow the learned tokens, in this order.
SPECIAL_TOKENS = ("<|bos|>", "<|eos|>", "<|pad|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>", "<|end|>")
FILL_IN_THE_MIDDLE = ("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>")


class TokenizerConfig(Settings):
    """What decides a tokenizer, and the thresholds by which it is judged later."""

    vocab_size: int = Field(default=32_768, ge=300, le=1_000_000)  # special tokens included
    pretokenizer: str = "llama3"
    fill_in_the_middle: bool = False
    min_frequency: int = Field(default=2, ge=1)
    max_token_bytes: int = Field(default=64, ge=4)
    sample_bytes: int = Field(default=256 << 20, ge=1 << 10)  # UTF-8 bytes of train text that training reads
    card_bytes: int = Field(default=16 << 20, ge=1 << 10)  # further bytes, held out of training, that the card is measured on
    temperature: float = Field(default=1.0, gt=0)  # shares of sources and languages are taken to the power 1 / temperature
    source_weights: dict[str, float] = Field(default_factory=dict)
    language_weights: dict[str, float] = Field(default_factory=dict)
    seed: int = 0
    existing: str | None = None  # path of a tokenizer to use as it is: nothing is trained
    max_parallel_ratio: float = threshold(1.5, gt=0)  # tokens of a parallel text beside English
    parallel: str | None = threshold(None)  # JSON lines of parallel passages {"en": …, "pl": …}; default: the bundled ones
    compare: tuple[str, ...] = threshold(())  # tokenizers by path to stand beside ours in the card

    @field_validator("pretokenizer")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in PRETOKENIZERS:
            raise ValueError(f"unknown pre-tokenizer {name!r}; llama.cpp knows, of those we offer: {', '.join(PRETOKENIZERS)}")
        return name

    @property
    def special_tokens(self) -> tuple[str, ...]:
        return SPECIAL_TOKENS + (FILL_IN_THE_MIDDLE if self.fill_in_the_middle else ())


def presets() -> dict[str, Path]:
    return {path.stem: path for path in sorted(PRESETS.glob("*.toml"))}


def load_config(name: str, folder: Path = Path()) -> TokenizerConfig:
    """The config called `name`: a preset, or a path relative to `folder` (the recipe's). RecipeError says what is wrong."""
    if name in presets():
        return _read(presets()[name])
    path = folder / name
    if path.is_dir() or path.suffix in (".json", ".model"):
        file = path / "tokenizer.json" if path.is_dir() else path
        if not file.is_file():
            raise RecipeError("no tokenizer there", where=str(path), expected="a tokenizer.json, or a SentencePiece .model")
        return TokenizerConfig(existing=str(file.resolve()))
    if not path.is_file():
        raise RecipeError(
            "no such tokenizer config", where="[tokenizer] config", got=name, expected=f"one of {', '.join(presets())}, or a path"
        )
    return _read(path)


def _read(path: Path) -> TokenizerConfig:
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
        config = TokenizerConfig(**fields)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError("not readable as TOML", where=str(path), got=str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        raise RecipeError(first["msg"], where=f"{path}: {'.'.join(map(str, first['loc']))}", got=repr(first["input"])) from None
    here = {key: str((path.parent / value).resolve()) for key in ("existing", "parallel") if (value := getattr(config, key))}
    compare = tuple(str((path.parent / value).resolve()) for value in config.compare)
    return config.model_copy(update={**here, "compare": compare})
