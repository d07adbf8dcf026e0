"""docs/gpt.md: every topic names functions that exist, and its runs run."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest
import torch

from trainer import export, sample
from trainer.config import Settings, parse

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "gpt.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^## ", PAGE, flags=re.M)[1:]
ANCHOR = re.compile(r"\[`([\w.]+)`\]\(\.\./(trainer/\w+\.py)\)")
COMMANDS = re.findall(r"^    (?:torchrun .*-m|python -m) (trainer\.\w+) (.*)$", PAGE, flags=re.M)
TOPICS = (
    "tokens embeddings positions attention heads feed-forward normalisation residuals logits loss backward sampling "
    "fine-tuning quantization"
)


def names(path: Path) -> set[str]:
    """What a module defines: functions, classes, methods as Class.method, constants."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found.update(f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef))
    return found


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.splitlines()[0])
def test_every_topic_names_code_that_is_there_and_shows_a_run(section: str) -> None:
    anchors = ANCHOR.findall(section)
    assert anchors and re.search(r"^    \S", section, re.M)
    for name, path in anchors:
        assert name in names(ROOT / path), f"{path} has no {name}"


def test_page_has_every_topic() -> None:
    headings = " ".join(section.splitlines()[0].lower() for section in SECTIONS)
    assert not [topic for topic in TOPICS.split() if topic not in headings]


def test_python_runs_of_the_page_run_one_after_the_other(
    release: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line[4:] for line in PAGE.splitlines() if line.startswith("    ") or not line]
    code = "\n".join(line for line in lines if not line.startswith(("python ", "torchrun ", "{")))
    code = code.replace("data/demo", str(release)).replace("/tmp/gpt", str(trained))
    torch.manual_seed(0)
    exec(compile(code, "docs/gpt.md", "exec"), {})
    printed = capsys.readouterr().out
    step = re.search(r"([\d.]+) -> ([\d.]+)", printed)
    assert step and float(step[2]) < float(step[1])
    assert len(printed.splitlines()) >= code.count("print(")


@pytest.mark.parametrize(("module", "flags"), COMMANDS, ids=[" ".join(command) for command in COMMANDS])
def test_commands_of_the_page_have_flags_that_exist(module: str, flags: str) -> None:
    owner, first = {
        "trainer.train": (Settings, "release"),
        "trainer.sample": (sample.Asked, "model"),
        "trainer.export": (export.Asked, "model"),
    }[module]
    parse(owner, module, first, "", [part for part in shlex.split(flags) if part != "…"])
