"""The flow `curate` as deployed: exit statuses, what the UI shows, what a second run does. Server, worker and runs are real."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.end_to_end.conftest import make_corpus
from tests.flows.conftest import Ended, Prefect, eventually


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def released(prefect: Prefect, recipe: Path) -> Ended:
    return prefect.run(recipe)


def test_deployment_full_on_a_tiny_corpus_ends_in_a_release(released: Ended, recipe: Path) -> None:
    assert released.status == 0, released.output
    latest = json.loads((recipe.parent / "ws/latest.json").read_text())
    assert (recipe.parent / "ws/releases" / latest["release"] / "manifest.json").is_file()


def test_run_of_each_step_is_a_task_of_its_own(prefect: Prefect, released: Ended) -> None:
    tasks = prefect.ask("task_runs/filter", {"flow_runs": {"id": {"any_": [released.run]}}, "sort": "EXPECTED_START_TIME_ASC"})
    steps = [task["name"].rpartition("-")[0] for task in tasks]
    assert steps == ["ingest", "select", "deduplicate", "split", "tokenizer", "tokenize", "release"]
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}


def test_artifacts_of_a_run_tell_the_funnel_the_reasons_and_where_the_report_lies(
    prefect: Prefect, released: Ended, recipe: Path
) -> None:
    shown = prefect.artifacts(released.run)
    funnel = {row["source"]: row for row in json.loads(shown["funnel"])}
    assert funnel["books"]["read"] == 11
    assert all(row["read"] == row["kept"] + row["dropped"] for row in funnel.values())
    reasons = json.loads(shown["drop-reasons"])
    assert {"exact_duplicate", "near_duplicate", "empty"} <= {row["reason"] for row in reasons}
    assert sum(row["documents"] for row in reasons) == sum(row["dropped"] for row in funnel.values())
    assert shown["funnel-plot"].startswith("![kept and dropped](data:image/svg+xml;base64,")
    report = next(line for line in shown["release"].splitlines() if line.startswith("* report:")).split("`")[1]
    assert Path(report).is_file()
    assert Path(report).is_relative_to(recipe.parent / "ws/releases")


def test_second_run_on_the_same_dumps_publishes_nothing(prefect: Prefect, released: Ended, recipe: Path) -> None:
    before = (recipe.parent / "ws/latest.json").stat().st_mtime_ns, sorted((recipe.parent / "ws/releases").iterdir())
    again = prefect.run(recipe)
    assert again.status == 0, again.output
    assert "nothing new to publish" in prefect.artifacts(again.run)["release"]
    assert before == ((recipe.parent / "ws/latest.json").stat().st_mtime_ns, sorted((recipe.parent / "ws/releases").iterdir()))


def test_recipe_that_does_not_exist_ends_with_status_one_and_the_sentence(prefect: Prefect, tmp_path: Path) -> None:
    ended = prefect.run(tmp_path / "absent.toml")
    assert ended.status == 1
    state = prefect.ask(f"flow_runs/{ended.run}")["state"]
    assert state["type"] == "FAILED"
    assert state["message"].startswith(f"ingest: {tmp_path}/absent.toml: no such recipe.")
    assert "no such recipe" in ended.output


def test_nightly_waits_for_its_next_nights_and_full_for_nobody(prefect: Prefect) -> None:
    """With SQLAlchemy 2.1 the scheduler of Prefect 3.8.8 raises at each turn, and no night ever comes."""
    nightly = prefect.ask("deployments/name/curate/nightly")
    schedule = nightly["schedules"][0]
    assert schedule["active"] and schedule["schedule"]["cron"]
    assert ZoneInfo(schedule["schedule"]["timezone"])
    assert not prefect.ask("deployments/name/curate/full")["schedules"]
    question = {"deployments": {"id": {"any_": [nightly["id"]]}}, "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    assert eventually(lambda: prefect.ask("flow_runs/filter", question), 60, f"scheduled nights; see {prefect.log}")


def test_server_and_runs_call_nobody_outside(prefect: Prefect, released: Ended) -> None:
    prefect.outside.setblocking(False)
    with pytest.raises(BlockingIOError):
        prefect.outside.accept()
