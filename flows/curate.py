"""The flow `curate`: the same function as `python -m curation run`, step by step, with what it did shown in the UI.

Deployments (prefect.yaml): `full` on demand, `nightly` by cron; a night with nothing new publishes nothing.
Sealed folders decide what is done: Prefect's own result cache stays off. Only a step that says "try later" is retried.
"""

from __future__ import annotations

import time
from typing import Any, cast

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Failed

from flows.artifacts import show_funnel, show_release
from flows.steps import StepFailed, run_step

STEPS = ("ingest", "select", "deduplicate", "split", "tokenizer", "tokenize", "release")
SAMPLE = "data/sample/recipe.toml"


def _worth_another_try(task: Any, run: Any, state: State) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, StepFailed) and error.try_later


@task(retries=5, retry_delay_seconds=60, retry_condition_fn=_worth_another_try, cache_policy=NO_CACHE, persist_result=False)
def step(name: str, recipe: str, options: list[str]) -> dict[str, Any] | State:
    """One step to its end; returns its summary, or the state `Failed` with the step's own sentence."""
    try:
        summary = run_step(recipe, name, options, get_run_logger().info)
    except StepFailed as error:
        if error.try_later:
            raise
        return Failed(message=str(error))
    if name == "split":
        show_funnel(summary)
    return summary


@flow(name="curate", persist_result=False)
def curate(recipe: str = SAMPLE, retrain: bool = False, ignore_alarms: bool = False) -> dict[str, Any] | State:
    """Raw dumps to a release. `recipe`: path of a recipe, relative to the clone's folder."""
    options = [flag for flag, given in (("--retrain", retrain), ("--ignore-alarms", ignore_alarms)) if given]
    summary: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    for name in STEPS:
        started = time.perf_counter()
        state = step.with_options(name=name)(name, recipe, options, return_state=True)
        if not state.is_completed():
            return Failed(message=state.message)
        summary = cast(dict[str, Any], state.result())
        seconds[name] = time.perf_counter() - started
    show_release(summary, seconds)
    return {name: summary[name] for name in ("release", "path", "report", "published", "documents")}


if __name__ == "__main__":
    curate()
