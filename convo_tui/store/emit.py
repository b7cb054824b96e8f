"""TOML as Convo writes it: values, keys, blocks and the whole file of a new relationship (CONTRACT.md, "The file")."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, TypeAlias

from convo_tui.core.models import Anniversary, Encounter, Heard, Issue, Person, Reach, Relationship

Table: TypeAlias = dict[str, Any]
Entry: TypeAlias = Reach | Anniversary | Person | Issue | Heard | Encounter

KINDS: Mapping[str, type[Entry]] = {
    "reach": Reach,
    "dates": Anniversary,
    "people": Person,
    "issues": Issue,
    "heard": Heard,
    "encounters": Encounter,
}
"""The arrays of tables of a file with their models, in the order of the contract."""

PROSE = frozenset({"story", "note"})
"""Texts that stand between triple quotes even on one line, so that when they grow only lines are added."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_IN_ONE_LINE = re.compile(r'[\x00-\x1f\x7f"\\]')
_IN_MANY_LINES = re.compile(r'[\x00-\x08\x0b-\x1f\x7f\\]|(?<="")"')


def key_order(model: type[Entry] | type[Relationship]) -> tuple[str, ...]:
    """Return the known keys of a table in the order of the contract."""
    return tuple(name.rstrip("_") for name in model.model_fields)


def key(name: str) -> str:
    """Return a key as it is written: bare where TOML allows it."""
    return name if _BARE_KEY.fullmatch(name) else _one_line(name)


def value(item: object, many_lines: str = "") -> str:
    """Return a value as it is written: on one line, but for a text when `many_lines` is the newline to use in it.

    Raises:
        TypeError: when TOML has no such value.
    """
    match item:
        case str():
            return _many_lines(item, many_lines) if many_lines else _one_line(item)
        case bool():
            return "true" if item else "false"
        case int() | float():
            return repr(item)
        case datetime():
            return _whole_minutes(item).isoformat()
        case date() | time():
            return item.isoformat()
        case list() | tuple():
            return f"[{', '.join(value(element) for element in item)}]"
        case dict():
            return f"{{ {', '.join(pair(name, inner) for name, inner in item.items())} }}" if item else "{}"
    raise TypeError(f"TOML has no {type(item).__name__}")


def pair(name: str, item: object, many_lines: str = "") -> str:
    """Return `key = value`, without a newline after it."""
    return f"{key(name)} = {value(item, many_lines)}"


def line(name: str, item: object, known: tuple[str, ...], newline: str = "\n") -> str:
    """Return `key = value` on lines of its own, in a table of which `known` are the known keys."""
    spreads = isinstance(item, str) and (name in PROSE or "\n" in item)
    return pair(name, item, newline_in(name, known, newline) if spreads else "") + newline


def newline_in(name: str, known: tuple[str, ...], newline: str) -> str:
    """Return the newline to use in a text of several lines; none when it has to stay on one.

    A text between `\\r\\n` reads as `\\n` where the key is known; an unknown one would come back changed.
    """
    return newline if name in known or newline == "\n" else ""


def block(header: str, table: Table, known: tuple[str, ...], newline: str = "\n") -> str:
    """Return a header with its keys, one a line."""
    return header + newline + "".join(line(name, item, known, newline) for name, item in table.items())


def entry(kind: str, item: Entry, newline: str = "\n") -> str:
    """Return the block of a new entry of one of `KINDS`."""
    return block(f"[[{kind}]]", item.to_file(), key_order(type(item)), newline)


def is_table(item: object) -> bool:
    """Whether an unknown value of the file stands under headers of its own: a table or several."""
    return isinstance(item, dict) or (
        isinstance(item, list) and bool(item) and all(isinstance(inner, dict) for inner in item)
    )


def tables(name: str, item: Any, newline: str = "\n") -> list[str]:
    """Return the blocks of an unknown table or of several."""
    if isinstance(item, dict):
        return [block(f"[{key(name)}]", item, (), newline)]
    return [block(f"[[{key(name)}]]", inner, (), newline) for inner in item]


def head(relationship: Relationship) -> Table:
    """Return the keys of the file above its first header, and the unknown tables, which come last."""
    return relationship.model_copy(update=dict.fromkeys(KINDS, ())).to_file()


def whole(relationship: Relationship) -> str:
    """Return the canonical file of a new relationship, each block after a blank line, unknown tables last."""
    top = head(relationship)
    known = key_order(Relationship)
    lines = "".join(line(name, item, known) for name, item in top.items() if not is_table(item))
    entries = [entry(kind, item) for kind in KINDS for item in getattr(relationship, kind)]
    unknown = [text for name, item in top.items() if is_table(item) for text in tables(name, item)]
    return "\n".join([lines, *entries, *unknown])


def _one_line(text: str) -> str:
    return f'"{_IN_ONE_LINE.sub(_escape, text)}"'


def _many_lines(text: str, newline: str) -> str:
    return f'"""{newline}{_IN_MANY_LINES.sub(_escape, text).replace(chr(10), newline)}"""'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _SHORT.get(character) or f"\\u{ord(character):04x}"


def _whole_minutes(moment: datetime) -> datetime:
    """The same wall time with an offset that TOML can hold: that of old local times had seconds."""
    offset = moment.utcoffset() or timedelta()
    minutes = offset // timedelta(minutes=1)
    return (
        moment if offset == timedelta(minutes=minutes) else moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    )


def place(present: Sequence[str], name: str, order: tuple[str, ...]) -> int:
    """Return how many of the keys that are `present` stand before a new one: unknown ones come last."""
    if name not in order:
        return len(present)
    earlier = [key for key in order[: order.index(name)] if key in present]
    return present.index(earlier[-1]) + 1 if earlier else 0
