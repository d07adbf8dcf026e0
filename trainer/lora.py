"""Low-rank adapters: the weights stand still, each matrix of the blocks learns a product of two thin ones (Hu et al. 2021).

Saved under PEFT's names (adapter_model.safetensors, adapter_config.json); merged into the weights for everything else.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from trainer.model import Decoder

ALPHA = 16  # adapters are scaled by alpha / rank, as in their paper


class LowRank(nn.Module):
    """weight · x + scale · B · A · x; B starts at zero, so training starts from the model itself."""

    def __init__(self, base: nn.Linear, rank: int):
        super().__init__()
        self.weight, self.bias, self.scale = base.weight, base.bias, ALPHA / rank
        self.lora_A, self.lora_B = nn.Linear(base.in_features, rank, bias=False), nn.Linear(rank, base.out_features, bias=False)
        nn.init.zeros_(self.lora_B.weight)

    def forward(self, x: Tensor) -> Tensor:
        return torch.add(nn.functional.linear(x, self.weight, self.bias), self.lora_B(self.lora_A(x)), alpha=self.scale)


def add_adapters(model: Decoder, rank: int) -> None:
    """Freeze the model and put an adapter on every matrix of its blocks."""
    model.requires_grad_(False)
    for name, module in list(model.parts()[1].named_modules()):
        if isinstance(module, nn.Linear):
            parent, _, child = name.rpartition(".")
            model.parts()[1].get_submodule(parent).register_module(child, LowRank(module, rank))


@torch.no_grad()
def merged(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The model's own names, with each adapter's product added to its weight."""
    result = {name: value for name, value in tensors.items() if "lora_" not in name}
    for stem in (name.removesuffix("lora_A.weight") for name in tensors if name.endswith("lora_A.weight")):
        a, b = tensors[stem + "lora_A.weight"], tensors[stem + "lora_B.weight"]
        result[stem + "weight"] = result[stem + "weight"] + ALPHA / len(a) * (b @ a)
    return result


def save_adapters(folder: Path, tensors: dict[str, Tensor], rank: int, base: Path) -> None:
    """A folder that PEFT opens on top of the base model."""
    folder.mkdir(parents=True, exist_ok=True)
    adapters = {f"base_model.model.{name}": value for name, value in tensors.items() if "lora_" in name}
    save_file(adapters, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    config = dict(peft_type="LORA", task_type="CAUSAL_LM", r=rank, lora_alpha=ALPHA, lora_dropout=0.0, bias="none")
    config |= dict(base_model_name_or_path=str(base), fan_in_fan_out=any(".c_attn." in name for name in adapters))
    config |= dict(target_modules=sorted({name.split(".")[-3] for name in adapters}), inference_mode=True)
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=1))
