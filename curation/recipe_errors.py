"""Turns pydantic's report into sentences a person can act on: table, key, what is wrong, what would be right."""

from __future__ import annotations

import difflib
import typing
from typing import Any

from pydantic import BaseModel, ValidationError


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """All problems of a recipe, one line each."""
    lines = [_line(problem, model) for problem in error.errors()]
    return lines[0] if len(lines) == 1 else "\n  " + "\n  ".join(lines)


def _line(problem: Any, model: type[BaseModel]) -> str:
    location = problem["loc"]
    name = ".".join(f"[{part}]" if isinstance(part, int) else str(part) for part in location).replace(".[", "[")
    if problem["type"] == "extra_forbidden":
        keys = _keys(model, location[:-1])
        near = difflib.get_close_matches(str(location[-1]), keys, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(sorted(keys))}"
        return f"unknown key `{name}`; {hint}"
    if problem["type"] == "missing":
        return f"`{name}` is missing"
    message = problem["msg"].removeprefix("Value error, ")
    message = message[0].lower() + message[1:]
    return f"`{name}` = {problem['input']!r}: {message}"


def _keys(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(str(part))
        if field is None:
            return []
        model = _inner(field.annotation)
    return [name for name, field in model.model_fields.items() if not field.exclude]


def _inner(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in typing.get_args(annotation):
        if argument is not Ellipsis and isinstance(argument, type) and issubclass(argument, BaseModel):
            return argument
    return BaseModel
