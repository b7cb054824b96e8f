"""The relationships as lines of a list, in the order of a list, a page at a time."""

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
    (key, identity, name, kind, file, organisation, role, tags, archived, last_contact, issues, sparks, cadence,
     next_on, snoozed_until, problem, clash, line, readable) = row  # fmt: skip
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
        issues=tuple(OpenIssue(day(shows), day(due), owner) for shows, due, owner in json.loads(issues)),
        sparks=tuple(json.loads(sparks)),
        cadence=cadence,
        next_on=day(next_on),
        snoozed_until=day(snoozed_until),
        problem=(problem or clash) if key == identity else (clash or problem),
        line=line,
        readable=bool(readable),
    )


def day(written: str | None) -> date | None:
    """Return the day that is written in a column."""
    return date.fromisoformat(written) if written else None
