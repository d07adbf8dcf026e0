"""`python -m trainer.sample MODEL --prompt TEXT`: what a model writes, token by token, with a key-value cache, until a stop
token or the length asked for. With --chat the prompt is a user's turn, the answer the assistant's."""
# ruff: noqa: RUF009 (a flag is a dataclass field)

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from tokenizers import Tokenizer

from trainer.chat import prompt_ids
from trainer.config import flag, parse, run_command
from trainer.device import choose_device
from trainer.folder import find_model, load_model
from trainer.model import Decoder, Memory
from trainer.shards import load_tokenizer

STOPS = ("<|bos|>", "<|eos|>", "<|end|>", "<|endoftext|>", "<|eot_id|>", "<|im_end|>", "<|end_of_text|>", "</s>")


def stop_ids(tokenizer: Tokenizer) -> list[int]:
    """A document ends where the next would begin (BOS), at EOS, or at the end of a turn."""
    return [found for name in STOPS if (found := tokenizer.token_to_id(name)) is not None]


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How a text is continued."""

    max_tokens: int = flag("sampling", "where a text that does not stop is cut", 200)
    temperature: float = flag("sampling", "above 1 bolder, below 1 safer, 0 the likeliest token", 0.8)
    top_k: int = flag("sampling", "choose among the k likeliest (0: all)", 50)
    seed: int = flag("sampling", "of the first text", 0)


@dataclass(frozen=True, kw_only=True)
class Asked(Sampling):
    """The command line."""

    model: Path = flag("model", "a model folder, or the folder of a run")
    device: str = flag("model", "cpu, cuda or mps", "auto", auto="the fastest there is")
    prompt: str = flag("text", "what the text starts with", "", auto="nothing")
    chat: bool = flag("text", "answer the prompt as the assistant", False)
    num_samples: int = flag("text", "how many texts, each with a seed of its own", 1)


def choose(logits: torch.Tensor, how: Sampling, generator: torch.Generator) -> int:
    """One id from logits [vocabulary]."""
    greedy, count = how.temperature <= 0, min(how.top_k or len(logits), len(logits))
    likely = logits.topk(1) if greedy else (logits / how.temperature).topk(count)
    return int(likely.indices[torch.multinomial(likely.values.softmax(-1), 1, generator=generator)])


@torch.no_grad()
def generate(model: Decoder, prompt: list[int], stops: Collection[int], how: Sampling) -> Iterator[int]:
    """New ids one by one. Beyond the model's context the newest half of it is read again."""
    generator, context = torch.Generator().manual_seed(how.seed), model.config.context
    training, held, cache = model.training, 0, list[Memory]()
    seen = fresh = prompt[-context:]
    model.eval()
    for _ in range(how.max_tokens):
        if held + len(fresh) > context:
            fresh, held = seen[-max(1, context // 2) :], 0
        cache = cache if held else [[] for _ in range(model.config.num_layers)]
        logits = model(torch.tensor([fresh], device=model.lm_head.weight.device), cache=cache)[0, -1].float().cpu()
        token, held = choose(logits, how, generator), held + len(fresh)
        if token in stops:
            break
        seen, fresh = [*seen, token], [token]
        yield token
    model.train(training)


def main(arguments: list[str]) -> None:
    asked: Asked = parse(Asked, "trainer.sample", "model", __doc__, arguments)
    model = load_model(asked.model).to(choose_device(asked.device))
    tokenizer = load_tokenizer(find_model(asked.model) / "tokenizer.json")
    for seed in range(asked.seed, asked.seed + asked.num_samples):
        made = generate(model, prompt_ids(tokenizer, asked.prompt, asked.chat), stop_ids(tokenizer), replace(asked, seed=seed))
        print(("" if asked.chat else asked.prompt) + tokenizer.decode(list(made)))


if __name__ == "__main__":
    run_command(main)
