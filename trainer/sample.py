"""`python -m trainer.sample MODEL --prompt TEXT`: what a model writes, token by token, with a key-value cache, until a stop
token or the length asked for. With --chat the prompt is a user's turn, the answer the assistant's."""

import argparse
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor

from trainer.attention import Cache
from trainer.chat import prompt_ids
from trainer.config import run_command
from trainer.device import choose_device
from trainer.folder import find_model, load_model
from trainer.model import Decoder
from trainer.shards import load_tokenizer

STOPS = ("<|bos|>", "<|eos|>", "<|end|>", "<|endoftext|>", "<|eot_id|>", "<|im_end|>", "<|end_of_text|>", "</s>")


def stop_ids(tokenizer: Tokenizer) -> list[int]:
    """A document ends where the next would begin (BOS), at EOS, or at the end of a turn."""
    return [found for name in STOPS if (found := tokenizer.token_to_id(name)) is not None]


class Sampling(NamedTuple):
    """Temperature 0 takes the likeliest; `top_k` 0 allows all; `top_p` keeps the likeliest that hold this share."""

    temperature: float = 0.8
    top_k: int = 50
    top_p: float = 1.0
    seed: int = 0


DEFAULT = Sampling()


def choose(logits: Tensor, how: Sampling, generator: torch.Generator) -> int:
    """One id from logits [vocabulary]."""
    if how.temperature <= 0:
        return int(logits.argmax())
    logits = logits / how.temperature
    if how.top_k:
        logits = logits.masked_fill(logits < logits.topk(min(how.top_k, len(logits))).values[-1], -torch.inf)
    if how.top_p < 1:
        ordered, where = logits.sort(descending=True)
        before = ordered.softmax(-1).cumsum(-1) - ordered.softmax(-1)
        logits = logits.scatter(0, where[before >= how.top_p], -torch.inf)
    return int(torch.multinomial(logits.softmax(-1), 1, generator=generator))


@torch.no_grad()
def generate(
    model: Decoder, prompt: list[int], max_tokens: int, stops: Collection[int] = (), how: Sampling = DEFAULT
) -> Iterator[int]:
    """New ids one by one. Beyond the model's context the newest half of it is read again."""
    generator, device = torch.Generator().manual_seed(how.seed), next(model.parameters()).device
    training, cache, seen = model.training, Cache(model.config.num_layers), prompt[-model.config.context :]
    model.eval()
    fresh = seen
    for _ in range(max_tokens):
        if cache.length + len(fresh) > model.config.context:
            cache, fresh = Cache(model.config.num_layers), seen[-max(1, model.config.context // 2) :]
        logits = model(torch.tensor([fresh], device=device), cache=cache)[0, -1].float().cpu()
        token = choose(logits, how, generator)
        if token in stops:
            break
        seen, fresh = [*seen, token], [token]
        yield token
    model.train(training)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m trainer.sample", description=__doc__)
    parser.add_argument("model", type=Path, help="a model folder, or the folder of a run")
    parser.add_argument("--prompt", default="", help="what the text starts with")
    parser.add_argument("--chat", action="store_true", help="answer the prompt as the assistant")
    parser.add_argument("--system", default="", help="with --chat: the rules of the conversation")
    parser.add_argument("--num-samples", type=int, default=1)
    parser.add_argument("--max-tokens", type=int, default=200)
    parser.add_argument("--temperature", type=float, default=0.8, help="0 takes the likeliest token")
    parser.add_argument("--top-k", type=int, default=50, help="choose among the k likeliest (0: all)")
    parser.add_argument("--top-p", type=float, default=1.0, help="choose among the likeliest that hold this share")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto")
    asked = parser.parse_args(arguments)
    model = load_model(asked.model).to(choose_device(asked.device))
    tokenizer = load_tokenizer(find_model(asked.model) / "tokenizer.json")
    prompt = prompt_ids(tokenizer, asked.prompt, asked.chat, asked.system)
    for number in range(asked.num_samples):
        how = Sampling(asked.temperature, asked.top_k, asked.top_p, asked.seed + number)
        ids = list(generate(model, prompt, asked.max_tokens, stop_ids(tokenizer), how))
        print(("" if asked.chat else asked.prompt) + tokenizer.decode(ids))


if __name__ == "__main__":
    run_command(main)
