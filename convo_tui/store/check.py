"""`convo check`: every problem of a folder, with its file, line and reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from convo_tui.clock import Clock
from convo_tui.core.models import Relationship
from convo_tui.store import syntax
from convo_tui.store.catalog import Catalog
from convo_tui.store.errors import Damage
from convo_tui.store.index.index import Index

Level: TypeAlias = Literal["error", "warning"]
Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: an `error` keeps it from being used or written, a `warning` does not.

    `line` counts from 1; None where no line is at fault.
    """

    file: str
    line: int | None
    message: str
    level: Level


def check(index: Index, catalog: Catalog, clock: Clock) -> list[Problem]:
    """Return the problems of all files, by file and line. Raises Damage when the folder cannot be read."""
    problems = []
    for summary in index.summaries():
        if not summary.readable:
            problems.append(Problem(summary.file, summary.line, summary.problem, "error"))
            continue
        if summary.problem:
            level: Level = "error" if "same id" in summary.problem else "warning"
            problems.append(Problem(summary.file, None, summary.problem, level))
        try:
            document = catalog.document(summary.file)
        except Damage as damage:  # it changed while we looked
            problems.append(Problem(summary.file, damage.line, damage.reason, "error"))
            continue
        text = document.text
        problems += [Problem(summary.file, None, each, "warning") for each in _form(text)]
        problems += [
            Problem(summary.file, syntax.line_of(text, place), message, "warning")
            for place, message in _content(document.relationship, index, clock.today())
        ]
    return sorted(problems, key=lambda each: (each.file, each.line or 0))


def _form(text: str) -> Iterator[str]:
    if text.startswith("\ufeff"):
        yield "begins with a byte order mark; other tools may stumble over it"
    if "\r\n" in text:
        yield "has Windows line endings; git will show whole lines as changed"


def _content(relationship: Relationship, folder: Index, today: date) -> Iterator[tuple[Place, str]]:
    own = {*(each.id for each in relationship.encounters), *(each.id for each in relationship.people)}
    for place, identity in _references(relationship):
        if identity not in own and not folder.knows(identity):
            yield place, f"{place[-1]} names {identity}, which is nowhere in this journal"
    for index, issue in enumerate(relationship.issues):
        if len(set(issue.carried)) < len(issue.carried):
            yield ("issues", index, "carried"), "is carried into the same encounter twice"
        if issue.state in ("open", "parked") and issue.closed is not None:
            yield ("issues", index, "closed"), f"is {issue.state}, but has a day on which it was closed"
        if issue.opened is not None and issue.closed is not None and issue.closed < issue.opened:
            yield ("issues", index, "closed"), "is closed before it was opened"
    for index, encounter in enumerate(relationship.encounters):
        if encounter.at.date() > today:
            yield ("encounters", index, "at"), "is in the future"


def _references(relationship: Relationship) -> Iterator[tuple[Place, str]]:
    for index, issue in enumerate(relationship.issues):
        for key in ("opened_in", "closed_in"):
            if getattr(issue, key):
                yield ("issues", index, key), getattr(issue, key)
        for identity in issue.carried:
            yield ("issues", index, "carried"), identity
    for index, heard in enumerate(relationship.heard):
        if heard.heard_in:
            yield ("heard", index, "heard_in"), heard.heard_in
    for index, person in enumerate(relationship.people):
        if person.relationship:
            yield ("people", index, "relationship"), person.relationship
    for index, encounter in enumerate(relationship.encounters):
        for key, ids in (("with", encounter.with_), ("mentions", encounter.mentions)):
            for identity in ids:
                yield ("encounters", index, key), identity
