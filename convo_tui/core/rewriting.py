"""Rewriting an encounter that is saved: its note, its time, who took part.

What another writer has changed meanwhile stays, and no rule of carrying is broken by a new time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from convo_tui.core import edits
from convo_tui.core.carry import opened_before
from convo_tui.core.contradiction import Contradiction, Place
from convo_tui.core.ending import Plan, applied
from convo_tui.core.errors import Refused
from convo_tui.core.lines import merged_lines
from convo_tui.core.markers import cleaned
from convo_tui.core.meaning import Reading
from convo_tui.core.models import Encounter, Issue, Relationship

_FIELDS = ("at", "channel", "with_", "mentions", "nature", "spark", "minutes")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """An encounter rewritten: `before` as it was when it was opened for that, and what its new note does."""

    before: Encounter
    plan: Plan

    @property
    def is_moved(self) -> bool:
        """Whether it has another time now."""
        return self.plan.encounter.at != self.before.at


def mentions_left(before: Encounter, was: Reading, now: Reading) -> tuple[str, ...]:
    """Return the mentions that stay: all but those that only the words of the old note made."""
    gone = set(was.mentions) - set(now.mentions)
    return tuple(each for each in before.mentions if each not in gone)


def rewritten(rewrite: Rewrite, relationship: Relationship, times: Mapping[str, datetime], today: date) -> Relationship:
    """Return `relationship` after it; `times` says when each encounter of its timeline was.

    Raises:
        Contradiction: when the same lines of the note have changed since it was opened.
        Refused: when an issue would be carried or closed before it was opened, or carried after it was closed.
        NotFound: when the encounter is gone.
    """
    plan, result = rewrite.plan, relationship
    if relationship.id == plan.home:
        encounter = _merged(rewrite, edits.encounter(relationship, plan.encounter.id))
        plan, result = replace(plan, encounter=encounter), edits.placed(relationship, encounter)
    if rewrite.is_moved:
        result = _retimed(rewrite, result, times)
        _check(relationship, result, times, {**times, plan.encounter.id: plan.encounter.at})
    return applied(plan, result, today)


def _merged(rewrite: Rewrite, now: Encounter) -> Encounter:
    """What was changed here, on what stands in the file now."""
    before, new = rewrite.before, rewrite.plan.encounter
    fields = {key: value for key in _FIELDS if (value := getattr(new, key)) != getattr(before, key)}
    note = _note(before.note, new.note, now.note)
    if note is None:
        what = f"the note of the {now.channel} of {now.at:%Y-%m-%d %H:%M}"
        raise Contradiction("the encounter", [Place(what, new.note, now.note)])
    return edits.changed(now, **fields, note=note)


def _note(before: str, new: str, now: str) -> str | None:
    """The new note, with what was written into it meanwhile; None when both changed the same lines.

    What was added at the end (`convo log --last`) follows whatever was typed.
    """
    if new in (before, cleaned(before)):
        return now
    more = now.removeprefix(before)
    if now.startswith(before) and (not before or not more or more.startswith("\n\n")):
        return "\n\n".join(filter(None, (new, more.strip("\n"))))
    return merged_lines(before, new, now)


def _retimed(rewrite: Rewrite, relationship: Relationship, times: Mapping[str, datetime]) -> Relationship:
    """What was said in it was said at its new time."""
    old, new = rewrite.before, rewrite.plan.encounter

    def then(at: datetime | None) -> datetime | None:
        """What joined the entry of a day was said on that day, but later."""
        return new.at + (at - old.at) if at is not None and at.date() == old.at.date() else at

    issues = []
    for each in relationship.issues:
        update: dict[str, object] = {}
        if each.opened_in == new.id:
            update["opened"] = then(each.opened)
        if each.closed_in == new.id and each.closed == old.at:
            update["closed"] = new.at
        if new.id in each.carried:
            others = tuple(one for one in each.carried if one != new.id)
            update["carried"] = edits.in_order(others, new.id, new.at, times)
        issues.append(edits.changed(each, **update) if update else each)
    heard = [edits.changed(each, at=then(each.at)) if each.heard_in == new.id else each for each in relationship.heard]
    return relationship.model_copy(update={"issues": tuple(issues), "heard": tuple(heard)})


def _check(
    before: Relationship, after: Relationship, times: Mapping[str, datetime], new_times: Mapping[str, datetime]
) -> None:
    """Raise Refused when an issue breaks a rule that it did not break before."""
    for was, issue in zip(before.issues, after.issues, strict=True):
        why = _contradiction(issue, new_times)
        if why and not _contradiction(was, times):
            raise Refused(f"“{issue.text}” would be {why}; nothing is changed")


def _contradiction(issue: Issue, times: Mapping[str, datetime]) -> str:
    """Which rule of carrying an issue goes against, in words: "never into one at or before its opening; only open
    issues are carried" (CONTRACT.md, "Rules")."""
    for at in (times[each] for each in issue.carried if each in times):
        when = f"carried into the encounter of {at:%Y-%m-%d %H:%M}"
        if not opened_before(issue, at):
            return f"{when}, which is not after its opening"
        if issue.closed is not None and issue.closed < at:
            return f"{when}, after it was {issue.state}"
    if issue.opened is not None and issue.closed is not None and issue.closed < issue.opened:
        return f"{issue.state} before it was opened"
    return ""
