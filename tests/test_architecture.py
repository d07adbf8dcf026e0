"""The law of the house, read from the syntax tree: who may import whom, how long a file may be, what may not exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("curation", "flows", "trainer", "benchmarks", "tests")
MAX_LINES = 300

# The part of `dedup` that signs documents while a segment is made; the rest of it is a step.
STAGE_PART_OF_DEDUP = tuple(f"dedup.{name}" for name in ("config", "signature", "shingles", "tokens", "minhash"))

# Rooms of `curation` from the left to the right: a module imports from its own room and from those before it.
ROOMS: list[tuple[str, tuple[str, ...]]] = [
    ("words", ("document", "errors", "watchdog")),
    ("shapes", ("stage", "source", "ledger", "manifest", "storage", "shards", "segment", "segment_writer")),
    ("sources and stages", ("sources", "cleaning", "filters", "pii", *STAGE_PART_OF_DEDUP, "split_config")),
    ("recipe", ("recipe", "recipe_errors", "stages", "discover", "discover_kinds")),
    ("step and engine", ("step", "engine", "engine_local", "engine_slurm", "progress")),
    ("tokenizers", ("tokenizers",)),
]
HEAVY = (
    "fasttext",
    "presidio_analyzer",
    "spacy",
    "hyperscan",
    "trafilatura",
    "transformers",
    "tiktoken",
    "torch",
    "prefect",
    "datatrove",
)


def files(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path, *, top_level_only: bool = False) -> set[str]:
    """Names of modules that a file imports; `a.b` for `from a import b` as well as `a`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = _run_on_import(tree) if top_level_only else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _run_on_import(tree: ast.Module) -> list[ast.stmt]:
    """Statements that run when the module is imported: not those in functions, nor under TYPE_CHECKING."""
    found: list[ast.stmt] = []
    queue: list[ast.stmt] = list(tree.body)
    while queue:
        node = queue.pop()
        found.append(node)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            queue += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    return found


def is_within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


@pytest.mark.parametrize("path", files("curation"), ids=module_name)
def test_curation_imports_neither_flows_nor_trainer_nor_prefect_nor_torch(path: Path) -> None:
    assert not [name for name in imports(path) if is_within(name, ("flows", "trainer", "benchmarks", "prefect", "torch"))]


@pytest.mark.parametrize("path", files("trainer"), ids=module_name)
def test_trainer_imports_nothing_of_ours_but_itself(path: Path) -> None:
    assert not [
        name for name in imports(path) if is_within(name, ("curation", "flows", "benchmarks", "datatrove", "prefect", "pydantic"))
    ]


@pytest.mark.parametrize("path", files("curation", "trainer", "benchmarks"), ids=module_name)
def test_prefect_is_imported_by_flows_alone(path: Path) -> None:
    assert not [name for name in imports(path) if is_within(name, ("prefect",))]


@pytest.mark.parametrize("path", files("curation"), ids=module_name)
def test_rooms_import_one_way(path: Path) -> None:
    own = _room(module_name(path))
    assert [name for name in sorted(imports(path)) if name.startswith("curation.") and _room(name) > own] == []


def _room(module: str) -> int:
    name = module.removeprefix("curation.")
    if name == "dedup":
        return _room("dedup.config")
    for index, (_, members) in enumerate(ROOMS):
        if is_within(name, members):
            return index
    return len(ROOMS)


@pytest.mark.parametrize("path", files("curation"), ids=module_name)
def test_heavy_libraries_are_not_imported_on_import(path: Path) -> None:
    assert not [name for name in imports(path, top_level_only=True) if is_within(name, HEAVY)]


@pytest.mark.parametrize("path", files("curation"), ids=module_name)
def test_executors_of_datatrove_are_imported_by_the_engine_alone(path: Path) -> None:
    if not module_name(path).startswith("curation.engine"):
        assert not [name for name in imports(path) if is_within(name, ("datatrove.executor",))]


@pytest.mark.parametrize("path", files(*PACKAGES), ids=module_name)
def test_files_are_small_rooms(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    assert path.stem not in ("utils", "util", "helpers", "common", "misc")


@pytest.mark.parametrize("path", files("curation", "flows", "trainer"), ids=module_name)
def test_modules_say_what_they_are(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not source.strip() or ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("path", files("curation", "flows", "trainer"), ids=module_name)
def test_input_meets_no_pickle_no_eval_no_unsafe_yaml(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not calls & {"eval", "exec", "pickle.load", "pickle.loads", "yaml.load", "marshal.loads", "torch.load"}
    assert not [name for name in imports(path) if is_within(name, ("pickle", "marshal", "shelve"))]


@pytest.mark.parametrize("path", files("curation"), ids=module_name)
def test_renames_and_links_happen_in_storage_alone(path: Path) -> None:
    if path.name != "storage.py":
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not calls & {"os.rename", "os.replace", "os.link", "shutil.move"}


# Calls that read a whole file, or join batches, into one table; each module that may, with what bounds the table.
WHOLE = {"read_table", "read_all", "to_table", "from_batches", "read_pandas", "concat_batches"}
MAY_HOLD_ONE = {
    "curation.splitting.pins": "the pinned eval documents: a share of the corpus, without text",
    "curation.splitting.test_sets": "the ids of one segment",
    "curation.verify": "the ids of one shard",
    "curation.trace": "the rows of one document",
    "curation.tokenizers.sampling": "one batch",
    "curation.ingest_rows": "one batch",
    "curation.cleaning.boilerplate": "one batch",
    "curation.dedup.rows": "the ids of one segment",
    "curation.shards": "one row group",
    "curation.release_ledger": "the ledger of one segment, without text",
}


@pytest.mark.parametrize("path", files("curation"), ids=module_name)
def test_no_step_reads_a_whole_dataset_into_one_table(path: Path) -> None:
    """A dataset is many files: the first calls read them at once, the others one at a time where it is said what that is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {call.rpartition(".")[2] for call in calls}
    assert not names & {"ParquetDataset", "dataset", "concat_tables", "read_parquet", "scan_parquet"}
    assert not names & WHOLE or module_name(path) in MAY_HOLD_ONE
