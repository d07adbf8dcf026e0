"""Conversations: what is scored, what fits, what a tuned model says; adapters and fine-tuning."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.trainer.conftest import QUICK, SMALL
from tests.trainer.releases import write_release
from tests.trainer.test_resume import losses
from trainer import sample
from trainer.chat import ChatData, read_conversations, render
from trainer.config import Settings, TrainerError
from trainer.folder import load_model, save_model
from trainer.shards import load_tokenizer
from trainer.train import train

NAME = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Who are you?"},
    {"role": "assistant", "content": "I am Ada."},
]


def write_messages(path: Path, conversations: list[list[dict[str, str]]]) -> Path:
    path.write_text("".join(json.dumps({"messages": messages}) + "\n" for messages in conversations))
    return path


def test_chat_scores_exactly_the_assistants_words_and_the_end_of_its_turn(release: Path, tmp_path: Path) -> None:
    tokenizer = load_tokenizer(release / "tokenizer" / "tokenizer.json")
    other = [
        {"role": "user", "content": "<|assistant|> Hello"},
        {"role": "assistant", "content": "Hi."},
        {"role": "user", "content": "Bye"},
        {"role": "assistant", "content": "See you."},
    ]
    data = ChatData(tokenizer, write_messages(tmp_path / "chat.jsonl", [NAME, other]), 96, 1, 0)
    batch = data.batch(0)
    scored = tokenizer.decode(batch.targets[batch.targets >= 0].tolist(), skip_special_tokens=False)
    assert sorted(scored.split("<|end|>")) == sorted(["I am Ada.", "Hi.", "See you.", ""])
    assert batch.starts is not None and len(np.unique(batch.starts)) == 3  # two conversations and the padding
    assert (batch.inputs == tokenizer.token_to_id("<|assistant|>")).sum() == 3  # the one in the user's text is plain text


def test_chat_epoch_holds_every_conversation_once_and_leaves_out_long_ones_whole(release: Path, tmp_path: Path) -> None:
    tokenizer = load_tokenizer(release / "tokenizer" / "tokenizer.json")
    conversations = [[{"role": "user", "content": "fox " * n}, {"role": "assistant", "content": f"{n}!"}] for n in range(1, 70)]
    data = ChatData(tokenizer, write_messages(tmp_path / "chat.jsonl", conversations), 64, 1, 0)
    fitting = [c for c in conversations if len(render(tokenizer, c)[0]) <= 64]
    assert data.left_out == len(conversations) - len(fitting) > 0
    said = "".join(tokenizer.decode(b.targets[b.targets >= 0].tolist()) for b in map(data.batch, range(data.rows_per_epoch)))
    assert sorted(said.split("!")[:-1]) == sorted(c[1]["content"][:-1] for c in fitting)
    assert data.rows_per_epoch < len(fitting)


def test_chat_file_with_an_unknown_role_is_refused_by_its_line(release: Path, tmp_path: Path) -> None:
    path = write_messages(tmp_path / "chat.jsonl", [NAME, [{"role": "robot", "content": "secret words"}]])
    with pytest.raises(TrainerError, match="line 2") as error:
        ChatData(load_tokenizer(release / "tokenizer" / "tokenizer.json"), path, 64, 1, 0)
    assert "secret" not in str(error.value)


def test_only_line_feeds_end_a_line_of_a_messages_file(tmp_path: Path) -> None:
    said = [{"role": "user", "content": "one\u2028two\x85three\u2029"}, {"role": "assistant", "content": "four"}]
    path = tmp_path / "chat.jsonl"
    path.write_text(json.dumps({"messages": said}, ensure_ascii=False) + "\r\n" + json.dumps({"messages": NAME}) + "\n", "utf-8")
    assert read_conversations(path) == [said, NAME]


def test_chat_tuning_gives_the_model_its_name_and_transformers_the_template(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chat = write_messages(tmp_path / "chat.jsonl", [NAME[1:], NAME])
    numbers = QUICK | {"steps": 40, "batch_size": 2, "lr": 1e-2, "optimizer": "muon"}
    out = train(Settings(init=trained, chat=chat, out=tmp_path / "tuned", **numbers))
    capsys.readouterr()
    sample.main([str(out), "--chat", "--prompt", "Who are you?", "--temperature", "0"])
    assert capsys.readouterr().out.strip() == "I am Ada."
    tokenizer = pytest.importorskip("transformers").AutoTokenizer.from_pretrained(out)
    theirs = tokenizer.apply_chat_template(NAME, tokenize=True, return_dict=False)
    assert theirs == render(load_tokenizer(out / "tokenizer.json"), NAME)[0]


def test_fine_tuning_starts_from_the_models_loss_and_refuses_another_tokenizer(
    release: Path, trained: Path, tmp_path: Path
) -> None:
    out = train(Settings(release=release, init=trained, out=tmp_path / "tuned", seed=9, **(QUICK | {"steps": 2})))
    assert losses(out)[0] < losses(trained)[0] - 2
    with pytest.raises(TrainerError, match="has tokenizer"):
        train(Settings(release=write_release(tmp_path / "other", vocab_size=310), init=trained, out=tmp_path / "no", **QUICK))


@pytest.mark.parametrize("classic", [False, True])
def test_adapters_merged_equal_adapters_applied_and_leave_the_base_alone(classic: bool, release: Path, tmp_path: Path) -> None:
    base = train(Settings(release=release, out=tmp_path / "base", shape=SMALL | {"classic": classic}, **(QUICK | {"steps": 4})))
    before = load_file(base / "model.safetensors")
    out = train(Settings(release=release, init=base, out=tmp_path / "tuned", lora_rank=4, lr=0.02, **QUICK))
    merged, raw = load_file(out / "model.safetensors"), load_file(out / "checkpoints" / "step-00000012" / "model.safetensors")
    adapters = load_file(out / "adapter" / "adapter_model.safetensors")
    assert set(merged) == set(before) and all(torch.equal(raw[name], before[name]) for name in before)
    name = "transformer.h.0.attn.c_attn" if classic else "model.layers.0.self_attn.q_proj"
    product = adapters[f"base_model.model.{name}.lora_B.weight"] @ adapters[f"base_model.model.{name}.lora_A.weight"] * (16 / 4)
    torch.testing.assert_close(merged[f"{name}.weight"], before[f"{name}.weight"] + (product.t() if classic else product))
    assert not torch.equal(merged[f"{name}.weight"], before[f"{name}.weight"])


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_adapters_open_in_peft_with_the_merged_models_logits(release: Path, tmp_path: Path) -> None:
    peft, transformers = pytest.importorskip("peft"), pytest.importorskip("transformers")
    base = train(Settings(release=release, out=tmp_path / "base", shape=SMALL, **(QUICK | {"steps": 4})))
    out = train(Settings(release=release, init=base, out=tmp_path / "tuned", lora_rank=4, lr=0.02, **QUICK))
    theirs = peft.PeftModel.from_pretrained(transformers.AutoModelForCausalLM.from_pretrained(base), out / "adapter").eval()
    tokens = torch.arange(20)[None]
    with torch.no_grad():
        torch.testing.assert_close(load_model(out).eval()(tokens), theirs(tokens).logits, rtol=0, atol=1e-5)


def test_pickled_weights_are_refused(trained: Path, tmp_path: Path) -> None:
    model = load_model(trained)
    save_model(tmp_path / "copy", model.config, dict(model.named_parameters()), trained, {})
    (tmp_path / "copy" / "model.safetensors").rename(tmp_path / "copy" / "pytorch_model.bin")
    with pytest.raises(TrainerError, match="only safetensors"):
        load_model(tmp_path / "copy")
