"""What is wrong with a file's values, in plain words: pydantic's findings told to a person."""

from __future__ import annotations

import json
import re
from datetime import date, time
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from convo_tui.store.syntax import Path

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_LONGEST = 40
_QUOTED = re.compile(r"'([^']*)'")
_WITH_TIME = frozenset({"at", "opened", "closed"})
_NOT_A = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


def complaint(error: ValidationError) -> tuple[Path, str]:
    """Return the path to the first wrong value and what is wrong with it, in one line."""
    first = error.errors(include_url=False)[0]
    path = tuple(first["loc"])
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    return path, f"{key}: {_reason(first, key)}"


def _reason(error: ErrorDetails, key: str) -> str:
    kind, bounds = error["type"], error.get("ctx", {})
    given = _shown(error["input"])
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        return f"{given} is not one of {', '.join(_QUOTED.findall(bounds['expected']))}"
    if kind == "string_pattern_mismatch":
        wanted = "an id" if key == "id" else "an interval such as 10d, 3w, 2m or 1y"
        return f"{given} is not {wanted}"
    if kind == "greater_than_equal":
        return f"{given} is less than {bounds['ge']}"
    if kind == "less_than_equal":
        return f"{given} is more than {bounds['le']}"
    if kind == "value_error":
        cause = str(bounds["error"])
        return cause if cause.startswith("must") else f"{given} is not a date{' and time' * (key in _WITH_TIME)}"
    return f"{given} is not {_NOT_A[kind]}" if kind in _NOT_A else error["msg"].lower()


def _shown(value: Any) -> str:
    match value:
        case str() | bool() | int() | float():
            shown = json.dumps(value, ensure_ascii=False)
        case date() | time():
            shown = value.isoformat()
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return "this"
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
