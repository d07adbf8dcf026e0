"""`python -m trainer.sample MODEL --prompt TEXT`: what a model writes. With --chat the prompt is a user's turn, the answer
the assistant's."""

import argparse
from pathlib import Path

from trainer.chat import prompt_ids
from trainer.config import run_command
from trainer.device import choose_device
from trainer.folder import find_model, load_model
from trainer.generate import generate, stop_ids
from trainer.shards import load_tokenizer


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
    how = {"temperature": asked.temperature, "top_k": asked.top_k, "top_p": asked.top_p, "stops": stop_ids(tokenizer)}
    for number in range(asked.num_samples):
        ids = list(generate(model, prompt, asked.max_tokens, seed=asked.seed + number, **how))
        print(("" if asked.chat else asked.prompt) + tokenizer.decode(ids))


if __name__ == "__main__":
    run_command(main)
