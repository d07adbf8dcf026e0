"""The first journey, by the commands a person types: init, run, explain, tune, verify, takedown; errors in one sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import prose, write_dumps


def curation(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "curation", *arguments], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journey")
    write_dumps(folder / "dumps")
    (folder / "dumps/books/letter.txt").write_text(prose(70) + "\n\nWrite to jan.kowalski@gmail.com before the winter.")
    (folder / "dumps/picture.bin").write_bytes(bytes(range(256)) * 8)
    made = curation("init", "dumps", cwd=folder)
    assert made.returncode == 0, made.stderr
    ran = curation("run", "recipe.toml", "--workers", "1", "--json", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    (folder / "summary.json").write_text(ran.stdout)
    return folder


def test_init_writes_a_commented_recipe_that_runs_as_it_is(finished: Path) -> None:
    recipe = (finished / "recipe.toml").read_text()
    summary = json.loads((finished / "summary.json").read_text())
    assert "picture.bin" in recipe
    assert set(summary["sources"]) == {"books", "chat", "code"}
    assert summary["documents"]["kept"] > 10


def test_init_does_not_overwrite_a_recipe_unless_forced(finished: Path) -> None:
    again = curation("init", "dumps", cwd=finished)
    assert (again.returncode, "--force" in again.stderr) == (1, True)


def test_explain_names_reason_and_twin_of_a_dropped_copy(finished: Path) -> None:
    told = curation("explain", "copy-of-2", "--workspace", "data/dumps", cwd=finished).stdout
    other = curation("explain", "book-2", "--workspace", "data/dumps", cwd=finished).stdout
    assert "exact_duplicate" in told + other
    assert "twin" in told + other


def test_explain_shows_what_cleaning_and_scrubbing_changed(finished: Path) -> None:
    told = curation("explain", "letter.txt", "--changes", "--workspace", "data/dumps", cwd=finished).stdout
    assert "- jan.kowalski@gmail.com" in told
    assert "+ <EMAIL_ADDRESS>" in told
    assert "jan.kowalski" not in curation("explain", "letter.txt", "--workspace", "data/dumps", cwd=finished).stdout


def test_explain_of_an_unknown_document_is_one_sentence(finished: Path) -> None:
    told = curation("explain", "nowhere", "--workspace", "data/dumps", cwd=finished)
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "no such document" in told.stderr


def test_tune_shows_from_scores_alone_what_thresholds_would_keep(finished: Path) -> None:
    told = json.loads(curation("tune", "recipe.toml", "--measure", "toxicity.max_score", "--json", cwd=finished).stdout)
    (measure,) = told["measures"]
    assert {cell["source"] for cell in measure["cells"]} == {"books", "chat", "code"}
    assert all(cell["kept"] == sorted(cell["kept"]) for cell in measure["cells"])


def test_sample_runs_in_a_workspace_of_its_own(finished: Path) -> None:
    ran = curation("run", "recipe.toml", "--sample", "1%", "--until", "select", "--workers", "1", "--json", cwd=finished)
    assert json.loads(ran.stdout)["workspace"].endswith("-sample")


def test_tokenize_of_a_recipe_ends_in_the_same_release_and_names_the_command_where_documents_are_missing(finished: Path) -> None:
    command = [sys.executable, "-m", "curation.tokenize"]
    done = subprocess.run([*command, "recipe.toml"], cwd=finished, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(list((finished / "data/dumps/releases").iterdir())) == 1
    text = (finished / "recipe.toml").read_text().replace('name = "dumps"', 'name = "other"')
    (finished / "other.toml").write_text(text)
    missing = subprocess.run([*command, "other.toml"], cwd=finished, capture_output=True, text=True, check=False)
    assert (missing.returncode, "python -m curation run other.toml" in missing.stderr) == (1, True)


def test_verify_passes_a_release_and_names_a_shard_that_changed(finished: Path, tmp_path: Path) -> None:
    import shutil

    release = Path(json.loads((finished / "summary.json").read_text())["path"])
    assert curation("verify", str(release), cwd=finished).returncode == 0
    shutil.copytree(release, tmp_path / "copy")
    shard = next((tmp_path / "copy/train").iterdir())
    raw = bytearray(shard.read_bytes())
    raw[len(raw) // 2] ^= 1
    shard.write_bytes(raw)
    told = curation("verify", str(tmp_path / "copy"), cwd=finished)
    assert told.returncode == 1
    assert shard.name in told.stderr


def test_wrong_recipe_is_one_message_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('[run]\nname = "a"\n[[sources]]\nname = "s"\nkind = "book"\npaths = ["x"]\n')
    told = curation("run", "bad.toml", cwd=tmp_path)
    assert (told.returncode, "Traceback" in told.stderr) == (1, False)
    assert "sources[0].kind" in told.stderr
