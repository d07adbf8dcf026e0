"""The worked example of CONTRIBUTING.md, applied to a copy of the package: its own test and the contract tests pass."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks

EDITED = ("curation/filters/__init__.py",)
RECIPE = '[run]\nname = "x"\n[[sources]]\nname = "x"\nkind = "web"\npaths = ["*"]\n[shouting]\nmax_share = 0.5\n'


def edited(code: str, diff: str) -> str:
    """`code` with each run of `-` lines replaced by the `+` lines behind it; they must stand there, each run once."""
    old: list[str] = []
    new: list[str] = []
    for line in [*diff.splitlines(), ""]:
        if new and not line.startswith("+"):
            before = "\n".join(old) + "\n"
            assert code.count(before) == 1, f"not in the file, or twice: {before}"
            code = code.replace(before, "\n".join(new) + "\n")
            old, new = [], []
        if line:
            (old if line[0] == "-" else new).append(line[1:])
    return code


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("curation", "tests/contracts"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "tests" / "filters").mkdir()
    module, test = blocks("CONTRIBUTING.md", "python")
    (folder / "curation/filters/shouting.py").write_text(module, encoding="utf-8")
    (folder / "tests/filters/test_shouting.py").write_text(test, encoding="utf-8")
    for name, diff in zip(EDITED, blocks("CONTRIBUTING.md", "diff"), strict=True):
        path = folder / name
        path.write_text(edited(path.read_text(encoding="utf-8"), diff), encoding="utf-8")
    (folder / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    return folder


def run(clone: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
def test_example_filter_passes_its_own_test_and_the_contracts(clone: Path) -> None:
    tests = ("tests/filters/test_shouting.py", "tests/contracts/test_stages.py")
    said = run(clone, "-m", "pytest", "-p", "no:cacheprovider", "-n", "0", "-k", "shouting", "-rA", *tests)
    assert "test_text_in_capitals" in said
    assert "test_stage_takes_any_text[shouting]" in said


def test_example_filter_has_its_table_in_the_recipe(clone: Path) -> None:
    program = """if True:
        import pathlib, curation
        from curation.recipe import load
        print(curation.__file__, load(pathlib.Path("recipe.toml")).shouting)"""
    said = run(clone, "-c", program)
    assert str(clone) in said
    assert "max_share=0.5" in said
