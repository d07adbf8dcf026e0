"""Documents against code: every reason, recipe key, command and path that is written down exists, and the other way round."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import tomllib
import typing
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from curation import select, split, stages
from curation.cli import _parser
from curation.dedup import step as deduplicate
from curation.filters.quality.rules import RULE_SETS
from curation.reasons import REASONS
from curation.recipe import Recipe
from curation.source import NOTES, READ_REASONS
from curation.sources import SOURCES
from tests.docs.pages import OWN, ROOT, pages, rows, section, text, words

REASONS_PAGE, RECIPE_PAGE = "docs/reasons.md", "docs/recipe.md"
STEPS: tuple[ModuleType, ...] = (select, deduplicate, split)


def reasons_of(module: ModuleType) -> set[str]:
    return {*module.REASONS, *getattr(module, "JUDGED", {})}


# Reasons


def test_read_reasons_documented_are_those_of_the_readers_kind_by_kind() -> None:
    expected: dict[str, list[str]] = defaultdict(list)
    for kind, source in SOURCES.items():
        for reason in source.REASONS:
            expected[reason].append(kind)
    expected |= {reason: ["any"] for reason in (*READ_REASONS, *NOTES)}
    found = {words(row[0])[0]: row[1].split() for row in rows(section(REASONS_PAGE, "read"))}
    assert found == dict(expected)


@pytest.mark.parametrize("module", [*stages.STAGES, *STEPS], ids=lambda module: module.NAME)
def test_stage_and_its_reasons_are_documented(module: ModuleType) -> None:
    part = section(REASONS_PAGE, module.NAME) if reasons_of(module) else ""
    assert {words(row[0])[0] for row in rows(part)} == reasons_of(module) if part else f"`{module.NAME}`" in text(REASONS_PAGE)


def test_every_reason_that_explain_knows_is_documented() -> None:
    assert not [reason for reason in REASONS if f"| `{reason}` |" not in text(REASONS_PAGE)]


def test_quality_limits_documented_are_those_of_the_rule_sets() -> None:
    documented = {words(row[0])[0]: row for row in rows(section(REASONS_PAGE, "quality")) if len(row) == 3}
    expected: dict[str, list[str]] = defaultdict(list)
    for name, rules in RULE_SETS.items():
        for rule in rules:
            expected[rule.reason].append(f"{name} {rule.limit:g}{' minimum' if rule.is_minimum else ''}")
            assert rule.score in words(documented[rule.reason][1])
    assert {reason: documented[reason][2].split(", ") for reason in expected} == dict(expected)


# Recipe


def inner_model(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := inner_model(part))), None)


def keys(model: type[BaseModel], prefix: str = "") -> dict[str, FieldInfo]:
    """Dotted key -> field; tables themselves only where a key stands for an array or a map of them."""
    found: dict[str, FieldInfo] = {}
    for name, field in model.model_fields.items():
        inner = inner_model(field.annotation)
        if inner is None or not (isinstance(field.annotation, type) or prefix + name == "sources"):
            found[prefix + name] = field
        if inner:
            found |= keys(inner, f"{prefix}{name}.")
    found.pop("folder", None)
    return found


def is_default(cell: str, field: FieldInfo) -> bool:
    if field.is_required():
        return cell == "required"
    default = field.get_default(call_default_factory=True)
    if isinstance(default, Path):
        return cell == "the shipped model"
    if default is None:
        return cell == "absent"
    value = tomllib.loads(f"x = {cell.strip('`')}")["x"]
    return bool(value == (list(default) if isinstance(default, tuple) else default))


def test_recipe_keys_documented_are_those_of_the_recipe_with_their_defaults() -> None:
    documented = {words(row[0])[0]: row[1] for row in rows(text(RECIPE_PAGE)) if "." in row[0]}
    expected = keys(Recipe)
    assert set(documented) == set(expected)
    assert {key: cell for key, cell in documented.items() if not is_default(cell, expected[key])} == {}


def test_reader_settings_documented_are_those_of_the_readers_with_their_defaults() -> None:
    found: dict[tuple[str, str], str] = {}
    for row in rows(section(RECIPE_PAGE, "`[[sources]]`")):
        if "." not in row[0] and row[0] != "key":
            found |= {(kind, words(row[0])[0]): cell for kind, cell in re.findall(r"(\w+) (absent|`[^`]*`)", row[1])}
    expected = {(kind, name): field for kind, source in SOURCES.items() for name, field in source.Config.model_fields.items()}
    assert set(found) == set(expected)
    assert {key: cell for key, cell in found.items() if not is_default(cell, expected[key])} == {}


def test_recipe_keys_named_on_other_pages_exist() -> None:
    tables = {key.split(".")[0] for key in keys(Recipe)}
    known = {*keys(Recipe), *(f"sources.reader.{name}" for source in SOURCES.values() for name in source.Config.model_fields)}
    named = {
        word
        for row in rows(text(REASONS_PAGE))
        for cell in row
        for word in words(cell)
        if word.split(".")[0] in tables and "." in word
    }
    assert named
    assert named <= known


# Commands


def commands_of_the_cli() -> list[str]:
    (action,) = [action for action in _parser()._actions if action.choices and not action.option_strings]
    return list(action.choices or ())


@pytest.mark.parametrize("command", commands_of_the_cli())
def test_command_is_in_the_documents(command: str) -> None:
    assert re.search(rf"(python -m curation|make) {command}\b", "\n".join(text(name) for name in OWN))


def test_commands_of_curation_in_documents_exist() -> None:
    known = set(commands_of_the_cli())
    named = {
        (page.name, found)
        for page in pages()
        for found in re.findall(r"(?:python -m )?\bcuration ([a-z]+)\b(?= [A-Za-z\"~-])", code(page))
    }
    assert {(page, name) for page, name in named if name not in known} == set()


def code(page: Path) -> str:
    """Everything in a page that is set as code: indented, fenced or in back ticks."""
    found = page.read_text(encoding="utf-8")
    return "\n".join(
        [
            *re.findall(r"^ {4}.*$", found, re.MULTILINE),
            *re.findall(r"```.*?```", found, re.DOTALL),
            *re.findall(r"`[^`\n]+`", found),
        ]
    )


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_modules_to_run_exist(page: Path) -> None:
    for module in set(re.findall(r"python -m ([a-z_]+(?:\.[a-z_]+)*)(?!\.?[\w])", page.read_text(encoding="utf-8"))):
        found = importlib.util.find_spec(module)
        assert found, module
        assert not found.submodule_search_locations or importlib.util.find_spec(f"{module}.__main__"), f"{module} cannot be run"


@pytest.mark.parametrize("page", OWN)
def test_make_targets_exist(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)\b", code(ROOT / page))) <= targets


def test_deployments_and_presets_named_exist() -> None:
    named = set(re.findall(r"prefect deployment run curate/([a-z]+)", text("README.md")))
    assert named
    assert all(f"- name: {name}\n" in text("prefect.yaml") for name in named)
    assert set(re.findall(r"`(bpe_\w+)`", text(RECIPE_PAGE))) == {path.stem for path in (ROOT / "tokenizers_cfg").glob("*.toml")}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_paths_named_exist(page: Path) -> None:
    top = "curation|flows|trainer|tests|benchmarks|docs|tokenizers_cfg"
    named = set(re.findall(rf"`((?:{top})/[\w./-]*|data/sample/[\w./-]*)`", page.read_text(encoding="utf-8")))
    made_by_the_example = {"curation/filters/shouting.py", "tests/filters/test_shouting.py"}
    assert sorted(name for name in named - made_by_the_example if not (ROOT / name).exists()) == []


def test_folders_of_the_tree_in_the_readme_exist() -> None:
    (tree,) = re.findall(r"## Where things are\n\n```\n(.*?)```", text("README.md"), re.DOTALL)
    folder = ""
    for line in tree.splitlines():
        name = line.split()[0]
        folder = folder if line.startswith(" ") else name
        assert (ROOT / (folder + name if line.startswith(" ") else name)).is_dir(), name
    shown = set(re.findall(r"^(\w+)/", tree, re.MULTILINE))
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} <= shown


def test_every_dependency_has_a_line() -> None:
    documented = {row[0] for row in rows(text("docs/dependencies.md"))}
    assert documented == {*required("dependencies"), *required("trainer"), *required("ray"), *required("dev")}


def required(group: str) -> list[str]:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    entries = project[group] if group == "dependencies" else project["optional-dependencies"][group]
    return [match[0] for entry in entries if (match := re.match(r"[A-Za-z0-9_.-]+", entry))]


@pytest.mark.parametrize("name", [*required("dependencies"), *required("trainer")])
def test_what_is_needed_at_run_time_is_neither_gpl_nor_agpl_only(name: str) -> None:
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed on this platform")
    said = " ".join([metadata.get("License-Expression") or "", *(metadata.get_all("Classifier") or [])])
    assert not re.search(r"(?<!L)\bA?GPL|(?<!Lesser )General Public License", said), said


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_documents_speak_of_the_project_alone(page: Path) -> None:
    found = page.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/work\b|\.\./\.library|AI-generated|\bAI\b|\bagents?\b|\bissue \d", found)
