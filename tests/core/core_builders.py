"""Small relationships for the tests of core: Acme, where Ana and Bo are, and Søren, who has a file of his own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from convo_tui.core import edits, grammar, inline
from convo_tui.core.dates import DateOrder
from convo_tui.core.ids import derived_id
from convo_tui.core.markers import lines_of, unescaped
from convo_tui.core.match import Named
from convo_tui.core.meaning import Context, Reading
from convo_tui.core.models import Encounter, Heard, Issue, Person, Relationship

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=timezone(timedelta(hours=1)))
"""A Sunday."""
TODAY = NOW.date()

ACME_ID, SOREN_ID = "20240301-acme0001", "20250110-s0ren002"
ANA_ID, BO_ID = "20240301-anaa0003", "20240301-b0b0b004"

ANA = Person(id=ANA_ID, name="Ana Ruiz")
BO = Person(id=BO_ID, name="Bo Lindqvist")


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def day(days_ago: int) -> date:
    return ago(days_ago).date()


def issue(text: str, days_ago: int = 9, **fields: Any) -> Issue:
    opened = ago(days_ago)
    return Issue(id=derived_id(opened.date(), "issue", text), text=text, opened=opened, **fields)


def heard(text: str, kind: str = "need", days_ago: int = 9, **fields: Any) -> Heard:
    at = ago(days_ago)
    return Heard(id=derived_id(at.date(), "heard", text), kind=kind, text=text, at=at, **fields)


def encounter(days_ago: int = 0, note: str = "", **fields: Any) -> Encounter:
    at = ago(days_ago)
    return Encounter(id=derived_id(at.date(), "encounter", str(at)), at=at, note=note, **fields)


def acme(*issues: Issue, heard: Sequence[Heard] = (), **fields: Any) -> Relationship:
    entries = {"people": (ANA, BO), "issues": issues, "heard": tuple(heard), **fields}
    return Relationship(format=1, id=ACME_ID, name="Acme GmbH", kind="organisation", **entries)


def soren(*issues: Issue, **fields: Any) -> Relationship:
    return Relationship(format=1, id=SOREN_ID, name="Søren Berg", kind="person", issues=issues, **fields)


def everyone(*relationships: Relationship) -> list[Named]:
    return [named for each in relationships for named in edits.named(each, f"{each.id}.toml")]


def context(
    *parties: Relationship, others: Sequence[Relationship] = (), at: datetime = NOW, date_order: DateOrder = None
) -> Context:
    """Whoever takes part (Acme alone, when nothing is said), whoever else there is, and the open issues in order."""
    parties = parties or (acme(),)
    agenda = [each for party in parties for each in party.issues if each.is_open(at.date())]
    return Context.between(parties, agenda, everyone(*parties, *others), at, at.date(), date_order)


def read(note: str, *parties: Relationship, **more: Any) -> Reading:
    return grammar.read(note, context(*parties, **more))


def texts(entries: Sequence[Any]) -> list[str]:
    return [entry.text for entry in entries]


def freed(note: str) -> str:
    """Return `note` with one `\\` before each escaped marker taken away: the counterpart of `markers.escaped`."""
    lines = lines_of(note)
    for index, line, outside in inline.unfenced(lines):
        if outside:
            lines[index] = unescaped(line)
    return "\n".join(lines)
