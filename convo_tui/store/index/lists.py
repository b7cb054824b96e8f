"""The relationships as lines of a list: how they stand in the index, and how they come out of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from convo_tui.core.summary import OpenIssue, Summary

SUMMARY = (
    "key, id, name, kind, file, organisation, role, tags, archived, last_contact, issues, sparks, cadence, next_on,"
    " snoozed_until, problem, clash, line, readable"
)
"""The columns of `files` that `summary_of` takes."""


def summary_of(row: Sequence[Any]) -> Summary:
    """Return the summary in a row of the columns `SUMMARY`."""
    # fmt: off
    (key, identity, name, kind, file, organisation, role, tags, archived, last_contact, issues, sparks, cadence,
     next_on, snoozed_until, problem, clash, line, readable) = row
    # fmt: on
    return Summary(
        key=key,
        id=identity,
        name=name,
        kind=kind,
        file=file,
        organisation=organisation,
        role=role,
        tags=tuple(json.loads(tags)) if tags != "[]" else (),
        archived=bool(archived),
        last_contact=datetime.fromisoformat(last_contact) if last_contact else None,
        issues=tuple(OpenIssue(_day(shows), _day(due), owner) for shows, due, owner in json.loads(issues)),
        sparks=tuple(json.loads(sparks)),
        cadence=cadence,
        next_on=_day(next_on),
        snoozed_until=_day(snoozed_until),
        problem=(problem or clash) if key == identity else (clash or problem),
        line=line,
        readable=bool(readable),
    )


def columns_of(summary: Summary) -> dict[str, Any]:
    """Return the columns of `files` for a summary that is not one of two with the same id."""
    return {
        "key": summary.key,
        "id": summary.id,
        "name": summary.name,
        "called": summary.name.casefold(),
        "kind": summary.kind,
        "organisation": summary.organisation,
        "role": summary.role,
        "tags": json.dumps(summary.tags),
        "archived": summary.archived,
        "issues": json.dumps([(_iso(each.shows_from), _iso(each.due), each.owner) for each in summary.issues]),
        "cadence": summary.cadence,
        "next_on": _iso(summary.next_on),
        "snoozed_until": _iso(summary.snoozed_until),
        "problem": summary.problem,
        "clash": "",
        "line": summary.line,
        "readable": summary.readable,
        **order_of(summary),
    }


def order_of(summary: Summary) -> dict[str, Any]:
    """Return the columns of `files` that depend on encounters, and put a relationship into its place in a list.

    `rank` is the part of `summary.by_attention` that no day changes: the lowest comes first.
    """
    last = summary.last_contact
    return {
        "last_contact": _iso(last),
        "moment": last.timestamp() if last else 0.0,
        "sparks": json.dumps(summary.sparks),
        "wakes": _iso(summary.asks_from()),
        "rank": 4 * (not summary.problem) + 2 * summary.archived + (last is None),
    }


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment is not None else None
