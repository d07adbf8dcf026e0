"""Text from a model, token by token, with a key-value cache: temperature, top-k and top-p, until a stop token or the length
asked for."""

from collections.abc import Collection, Iterator

import torch
from tokenizers import Tokenizer
from torch import Tensor

from trainer.attention import Cache
from trainer.model import Decoder

STOPS = ("<|bos|>", "<|eos|>", "<|end|>", "<|endoftext|>", "<|eot_id|>", "<|im_end|>", "<|end_of_text|>", "</s>")


def stop_ids(tokenizer: Tokenizer) -> list[int]:
    """A document ends where the next would begin (BOS), at EOS, or at the end of a turn."""
    return [found for name in STOPS if (found := tokenizer.token_to_id(name)) is not None]


def choose(logits: Tensor, temperature: float, top_k: int, top_p: float, generator: torch.Generator) -> int:
    """One id from logits [vocabulary]; temperature 0 takes the likeliest."""
    if temperature <= 0:
        return int(logits.argmax())
    logits = logits / temperature
    if top_k:
        logits = logits.masked_fill(logits < logits.topk(min(top_k, len(logits))).values[-1], -torch.inf)
    if top_p < 1:
        ordered, where = logits.sort(descending=True)
        before = ordered.softmax(-1).cumsum(-1) - ordered.softmax(-1)
        logits = logits.scatter(0, where[before >= top_p], -torch.inf)
    return int(torch.multinomial(logits.softmax(-1), 1, generator=generator))


@torch.no_grad()
def generate(
    model: Decoder,
    prompt: list[int],
    max_tokens: int,
    *,
    temperature: float = 0.8,
    top_k: int = 50,
    top_p: float = 1.0,
    seed: int = 0,
    stops: Collection[int] = (),
) -> Iterator[int]:
    """New ids one by one. Beyond the model's context the newest half of it is read again."""
    generator, device = torch.Generator().manual_seed(seed), next(model.parameters()).device
    training, cache, seen = model.training, Cache(model.config.num_layers), prompt[-model.config.context :]
    model.eval()
    fresh = seen
    for _ in range(max_tokens):
        if cache.length + len(fresh) > model.config.context:
            cache, fresh = Cache(model.config.num_layers), seen[-max(1, model.config.context // 2) :]
        logits = model(torch.tensor([fresh], device=device), cache=cache)[0, -1].float().cpu()
        token = choose(logits, temperature, top_k, top_p, generator)
        if token in stops:
            break
        seen, fresh = [*seen, token], [token]
        yield token
    model.train(training)
