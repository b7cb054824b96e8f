"""What is wrong with a file's values, in plain words and on which line: pydantic's findings told to a person."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time, tzinfo
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import BaseModel, ValidationError

from convo_tui.core.models import ENTRY_KINDS, Relationship
from convo_tui.store import syntax
from convo_tui.store.emit import KINDS
from convo_tui.store.syntax import Path

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Complaint: TypeAlias = tuple[Path, str]
"""Where a wrong value stands, and what is wrong with it, in one line."""

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


def complaint(error: ValidationError) -> Complaint:
    """Return the path to the first wrong value and what is wrong with it."""
    return _told(error.errors(include_url=False)[0], ())


def complaints(table: Mapping[str, Any], zone: tzinfo) -> Iterator[Complaint]:
    """Yield what is wrong with each value that a file holds, its entries looked at one by one.

    An entry without an id is none: it gets one. Ids that several entries share are `repeated_ids`.
    """
    rows = {kind: table[kind] for kind in KINDS if isinstance(table.get(kind), list)}
    yield from _wrong(Relationship, {**table, **dict.fromkeys(rows, ())}, zone, ())
    for kind, entries in rows.items():
        for index, row in enumerate(entries):
            lacks_id = kind in ENTRY_KINDS and isinstance(row, dict) and row.get("id", "") == ""
            yield from _wrong(KINDS[kind], {**row, "id": "any"} if lacks_id else row, zone, (kind, index))


def repeated_ids(table: Mapping[str, Any]) -> Iterator[tuple[Path, str, Path]]:
    """Yield the path to each id that an entry before it has as well, the id, and the path to that entry."""
    first: dict[str, Path] = {}
    for path, row in rows_with_ids(table):
        identity = str(row.get("id", ""))
        if identity and identity in first:
            yield (*path, "id"), identity, first[identity]
        first.setdefault(identity, path)


def rows_with_ids(table: Mapping[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the entries of a file that have an id, or are to have one, with the path to each."""
    for kind in ENTRY_KINDS:
        entries = table.get(kind)
        for index, row in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(row, dict):
                yield (kind, index), row


def repeated(identity: str) -> str:
    """Return what is wrong with an id that another entry of the same file has."""
    return f"id: {identity:.{_LONGEST}} is already the id of another entry"


def lines_of(text: str, paths: Sequence[Path]) -> list[int | None]:
    """Return the line of each of these values or its nearest ancestor, counted from 1; None where that is unclear.

    The text is gone through once, however many there are.
    """
    if not paths:
        return []
    wanted = {path[:length] for path in paths for length in range(1, len(path) + 1)}
    places: dict[Path, tuple[int, int]] = {}
    offsets: dict[Path, int] = {}
    try:
        for known, start, value in _places(text):
            for length in range(len(known), 0, -1):
                if known[:length] in wanted:
                    places.setdefault(known[:length], (start, value if length == len(known) else -1))
        inside: defaultdict[int, list[tuple[Path, int]]] = defaultdict(list)
        for path in set(paths):
            length = next((length for length in range(len(path), 0, -1) if path[:length] in places), 0)
            offsets[path], value = places.get(path[:length], (0, -1))
            inside[value].append((path, length))
        for value, those in inside.items():
            _look_inside(text, value, those, offsets)
    except syntax.Unclear:
        return [None] * len(paths)
    lines, line, done = {}, 1, 0
    for offset in sorted(set(offsets.values())):
        line, done = line + text.count("\n", done, offset), offset
        lines[offset] = line
    return [lines[offsets[path]] for path in paths]


def _places(text: str) -> Iterator[tuple[Path, int, int]]:
    """Every header and key: its path, where it begins, and where its value begins (-1 for a header)."""
    for block in syntax.blocks(text):
        yield block.path, block.start, -1
        for pair in block.pairs:
            yield (*block.path, *pair.keys), pair.start, pair.value


def _look_inside(text: str, value: int, those: Iterable[tuple[Path, int]], offsets: dict[Path, int]) -> None:
    """Note where those paths, of which so many keys lead to `value`, go on in the array or inline table there is."""
    waiting: defaultdict[str | int, list[tuple[Path, int]]] = defaultdict(list)
    for path, known in those:
        if known < len(path):
            waiting[path[known]].append((path, known))
    if value < 0 or not waiting or text[value] not in "[{":
        return
    for number, item in enumerate(syntax.items(text, value)):
        keys: Path = item.keys or (number,)
        found = [
            (path, known + len(keys))
            for path, known in waiting.get(keys[0], ())
            if path[known : known + len(keys)] == keys
        ]
        offsets.update((path, item.start) for path, _ in found)
        _look_inside(text, item.value, found, offsets)
        if not item.keys:
            waiting.pop(number, [])
            if not waiting:
                return


def _wrong(model: type[BaseModel], row: Any, zone: tzinfo, path: Path) -> Iterator[Complaint]:
    try:
        model.model_validate(row, context={"zone": zone}, by_alias=True, by_name=False)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            yield _told(each, path)


def _told(error: ErrorDetails, path: Path) -> Complaint:
    path = (*path, *error["loc"])
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    return path, f"{key}: {_reason(error, key)}"


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
