"""TOML text to model and back: what a file says, and the text that says it (CONTRACT.md, "The file")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import chain, count, islice
from typing import Any

import rtoml
from pydantic import ValidationError

from convo_tui.core.contradiction import UNRESOLVED
from convo_tui.core.errors import ConvoError
from convo_tui.core.ids import derived_id
from convo_tui.core.models import Relationship
from convo_tui.store import emit, syntax
from convo_tui.store.complaints import complaint, complaints, lines_of, repeated, repeated_ids, rows_with_ids
from convo_tui.store.same import same
from convo_tui.store.splice import spliced

_CONFLICT = re.compile(r"^(?:<<<<<<< |\|\|\|\|\|\|\| |>>>>>>> )", re.MULTILINE)
_OPENING = re.compile(r"^<<<<<<< ", re.MULTILINE)
_WHERE = re.compile(r" at line (\d+) column (\d+)\s*$")
_WORDS = {"people": "name", "issues": "text", "heard": "text", "encounters": "at"}
_FALLBACK_DAY = date(2000, 1, 1)

_MOST = 100
"""How many faults of one file are told: whoever has put so many right looks again."""

_AND_MORE = f"there is more than the {_MOST} faults that are told; put those right first"


class Malformed(ConvoError):
    """A text that is not a relationship: `line` counts from 1, None where no line is at fault."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.line, self.reason = line, reason


class Unspliceable(ConvoError):
    """A change that cannot be written without touching what it does not concern; nothing was written."""


@dataclass(frozen=True)
class Document:
    """A file as it was read: its text, what it says, and what was needed to tell.

    `zone` is the one of its times without an offset; `provisional` are the ids of entries that have none as yet.
    """

    text: str
    relationship: Relationship
    zone: tzinfo
    provisional: frozenset[str] = frozenset()


def read(data: bytes, zone: tzinfo) -> Document:
    """Return what a file says; times without an offset are in `zone`.

    Raises:
        Malformed: for whatever is wrong with it, and nothing else.
    """
    text = _decoded(data)
    table = parsed(text)
    provisional = _give_ids(text, table)
    try:
        relationship = Relationship.model_validate(table, context={"zone": zone}, by_alias=True, by_name=False)
    except ValidationError as error:
        path, reason = complaint(error)
        raise _at(text, path, reason) from error
    except Exception as error:
        raise _at(text, (), f"not a relationship: {_in_one_line(error)}") from error
    return Document(text, relationship, zone, provisional)


def faults(data: bytes, zone: tzinfo) -> list[Malformed]:
    """Return everything that keeps a file from being read, by line; nothing when it can be.

    A mistake in the encoding or the syntax hides what comes after it; of wrong values none hides another, but the
    second element of a list that holds something wrong.
    """
    try:
        read(data, zone)
    except Malformed as first:
        found = _all_faults(data, zone) or [first]
        told = sorted(found[:_MOST], key=lambda each: each.line or 0)
        return [*told, Malformed(None, _AND_MORE)] if len(found) > _MOST else told
    return []


def _all_faults(data: bytes, zone: tzinfo) -> list[Malformed]:
    """Each conflict of git, or else each wrong value; nothing where `read` has told all that can be told."""
    try:
        text = _decoded(data)
        if hunks := list(islice(conflicts(text), _MOST + 1)):
            return [Malformed(line, UNRESOLVED) for line in hunks]
        table = parsed(text)
    except Malformed:
        return []
    try:
        doubled = ((path, repeated(identity)) for path, identity, _ in repeated_ids(table))
        found = list(islice(chain(doubled, complaints(table, zone)), _MOST + 1))
    except Exception:  # noqa: BLE001 - what no model has foreseen: `read` has said that in one line
        return []
    lines = lines_of(text, [path for path, _ in found])
    return [Malformed(line, reason) for line, (_, reason) in zip(lines, found, strict=True)]


def parsed(text: str) -> dict[str, Any]:
    """Return the table that a TOML text holds, whether or not it is a relationship. Raises Malformed."""
    try:
        table: dict[str, Any] = rtoml.loads(text)
    except Exception as error:
        raise _not_toml(text, error) from error
    return table


def conflicts(text: str) -> Iterator[int]:
    """Yield the line on which each conflict of git begins, counted from 1."""
    line, done = 1, 0
    for found in _OPENING.finditer(text):
        line, done = line + text.count("\n", done, found.start()), found.start()
        yield line


def write(relationship: Relationship) -> str:
    """Return the whole canonical file of a new relationship."""
    return emit.whole(relationship)


def splice(document: Document, new: Relationship) -> str:
    """Return the text of the document changed, as little as can be, to say what `new` says.

    Raises:
        Unspliceable: when that text would not say what was asked for; it is not returned then.
    """
    if same(document.relationship, new):
        return document.text
    try:
        text = spliced(document.text, document.relationship, new, document.provisional)
        again = read(text.encode("utf-8"), document.zone)
    except (Malformed, ValueError, TypeError) as error:
        raise Unspliceable(f"the change does not fit into the file by itself ({_in_one_line(error)})") from error
    if not same(again.relationship, new):
        raise Unspliceable("the change does not fit into the file by itself; make it in the file, by hand")
    return text


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(data.count(b"\n", 0, error.start) + 1, "not UTF-8 text") from error
    if not text.removeprefix("\ufeff").strip():
        raise Malformed(None, "the file is empty")
    if "\0" in text:
        raise Malformed(syntax.line_at(text, text.index("\0")), "a NUL byte")
    return text


def _not_toml(text: str, error: Exception) -> Malformed:
    """What rtoml found, or the git conflict that is the cause of it."""
    message = _in_one_line(error)
    where = _WHERE.search(message)
    line = int(where[1]) if where else None
    if "recurs" in message:
        message = "nested too deeply"
    return _conflict(text, line) or Malformed(line, f"not valid TOML: {_WHERE.sub('', message)}")


def _at(text: str, path: syntax.Path, reason: str) -> Malformed:
    """What is wrong with the value at `path`."""
    line: int | None
    try:
        line = syntax.line_of(text, path)
    except syntax.Unclear:
        line = None
    return _conflict(text, line) or Malformed(line, reason)


def _conflict(text: str, line: int | None) -> Malformed | None:
    marker = _CONFLICT.search(text)
    if marker:
        line = syntax.line_at(text, marker.start())
    # Seven equals signs alone underline a heading in a note: they are a marker only where the reader stumbled.
    elif line is None or text.split("\n", line)[line - 1].rstrip("\r") != "=======":
        return None
    return Malformed(line, UNRESOLVED)


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _give_ids(text: str, table: dict[str, Any]) -> frozenset[str]:
    """Give every entry without an id the one that its words always give it; return those ids.

    Raises:
        Malformed: when two entries have one id, or one has no words.
    """
    taken: set[str] = set()
    lacking: list[tuple[str, dict[str, Any]]] = []
    for path, row in rows_with_ids(table):
        identity, kind = str(row.get("id", "")), str(path[0])
        if identity in taken:
            raise _at(text, (*path, "id"), repeated(identity))
        if identity:
            taken.add(identity)
        elif _WORDS[kind] not in row:
            raise _at(text, path, f"{_WORDS[kind]}: is missing")
        else:
            lacking.append((kind, row))
    home, given = str(table.get("id", "")), set()
    candidates: dict[tuple[date, str, str], Iterator[str]] = {}
    for kind, row in lacking:
        required = _WORDS[kind]
        moment = row.get("at", row.get("opened"))
        words = f"{moment} {row.get('note', '')}" if required == "at" else str(row[required])
        day = _day(moment) or _day(home[:8]) or _FALLBACK_DAY
        derived = candidates.setdefault((day, kind, words), _derived_ids(day, home, kind, words))
        row["id"] = next(identity for identity in derived if identity not in taken)
        given.add(row["id"])
    return frozenset(given)


def _derived_ids(day: date, *words: str) -> Iterator[str]:
    """The id that these words give, and those for entries that repeat them."""
    return (derived_id(day, *words, str(number)) for number in count())


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        return None
