"""What can be done to an issue, or to something heard, wherever on the screen it is selected; also to several at once.

Each verb looks at the journal and returns the edit for one of them: `do` makes one change of all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial, reduce
from typing import TYPE_CHECKING, TypeAlias

from convo_tui.tui.place import Place

if TYPE_CHECKING:
    from convo_tui.core.models import Owner, Relationship
    from convo_tui.store.journal import Journal

    Edit: TypeAlias = Callable[[Relationship], Relationship]
    Verb: TypeAlias = Callable[[Journal, Place], Edit]

_OWNERS = ("me", "them", "us")


def do(journal: Journal, what: str, places: Sequence[Place], verb: Verb) -> bool:
    """Do it to each of these, all of it or nothing, as one change; return whether anything is different now.

    Raises:
        Refused: when a rule is against it, with the reason.
        NotFound, Damage, Conflict, Unwritable: with nothing done.
    """
    edits: dict[str, list[Edit]] = {}
    for place in places:
        edits.setdefault(place.key, []).append(verb(journal, place))
    changes = {key: partial(_in_turn, those) for key, those in edits.items()}
    before = [journal.view(key).relationship for key in changes]
    texts = [text for now, edit in zip(before, changes.values(), strict=True) for text in _texts(now, edit(now))]
    return journal.change_all(f"{what.lower()}: {', '.join(texts)}", changes) != before


def _in_turn(edits: Sequence[Edit], relationship: Relationship) -> Relationship:
    return reduce(lambda now, edit: edit(now), edits, relationship)


def _texts(before: Relationship, after: Relationship) -> list[str]:
    """The words of what an edit changed."""
    issues = [each.text for each in after.issues if each not in before.issues]
    return issues + [each.text for each in after.heard if each not in before.heard]


# ── the verbs ────────────────────────────────────────────────────────────────────────────────────────────


def carry(journal: Journal, place: Place) -> Edit:
    """Carry an issue into the newest encounter: it was talked about again."""
    from convo_tui.core import edits
    from convo_tui.core.errors import Refused

    newest = journal.newest_encounter(journal.view(place.key))
    if newest is None:
        raise Refused("There is no encounter yet to carry it into; n starts one.")
    return partial(edits.carry, identity=place.id, into=newest, today=journal.clock.today())


def settle(journal: Journal, place: Place) -> Edit:
    """Settle an issue; mark a need as met, an idea as built and told."""
    from convo_tui.core import edits

    now = journal.clock.now().replace(second=0)
    if place.kind == "heard":
        return partial(edits.meet, identity=place.id, on=now.date())
    return partial(edits.settle, identity=place.id, at=now, encounter_id=_closed_in(journal, place))


def drop(journal: Journal, place: Place) -> Edit:
    """Drop an issue, or what was heard: it no longer matters."""
    from convo_tui.core import edits

    now = journal.clock.now().replace(second=0)
    if place.kind == "heard":
        return partial(edits.drop_heard, identity=place.id, on=now.date())
    return partial(edits.drop, identity=place.id, at=now, encounter_id=_closed_in(journal, place))


def reopen(journal: Journal, place: Place) -> Edit:
    """Open an issue again, or what was met or dropped."""
    from convo_tui.core import edits

    return partial(edits.reopen_heard if place.kind == "heard" else edits.reopen, identity=place.id)


def park(until: date | None) -> Verb:
    """Return what puts an issue out of sight until a day, or until it is reopened."""

    def parked(journal: Journal, place: Place) -> Edit:
        from convo_tui.core import edits

        return partial(edits.park, identity=place.id, until=until)

    return parked


def set_due(on: date | None) -> Verb:
    """Return what sets the day by which an issue is due; None takes it away."""

    def due(journal: Journal, place: Place) -> Edit:
        from convo_tui.core import edits

        return partial(edits.change_issue, identity=place.id, due=on)

    return due


def hand_on(journal: Journal, place: Place) -> Edit:
    """Hand an issue on, between me, them and us."""
    from convo_tui.core import edits

    def handed(now: Relationship) -> Relationship:
        return edits.change_issue(now, place.id, owner=next_owner(edits.issue(now, place.id).owner))

    return handed


def next_owner(owner: str) -> str:
    """Return whose move it is after that of `owner`."""
    return _OWNERS[(_OWNERS.index(owner) + 1) % len(_OWNERS)]


def _closed_in(journal: Journal, place: Place) -> str:
    """The newest encounter, when the issue was there by then; an issue opened since was closed in none."""
    view = journal.view(place.key)
    newest = journal.newest_encounter(view)
    since = next((each.since for each in view.relationship.issues if each.id == place.id), None)
    if newest is None or (since is not None and since > newest.at.date()):
        return ""
    return newest.id


def open_issue(journal: Journal, key: str, said: str) -> bool:
    """Open the issue that a line says; `next: in 2 weeks the offer` says when to talk again instead.

    Raises:
        Refused: when it has no words.
        NotFound, Damage, Conflict, Unwritable: with nothing done.
    """
    from convo_tui.core import edits
    from convo_tui.core.errors import Refused
    from convo_tui.core.grammar import parse_issue, read
    from convo_tui.core.meaning import TalksNext
    from convo_tui.core.models import Issue

    at = journal.clock.now().replace(second=0)
    context = journal.context(key, at)
    if meant := read(said, context).of(TalksNext):
        fields = {"next_about": meant[-1].about} | ({"next_on": meant[-1].on} if meant[-1].on else {})
        journal.change(key, f"next: {meant[-1].about}", lambda now: edits.changed(now, **fields))
        return True
    owner: Owner = "them" if said.startswith("? ") else "me"
    found = parse_issue(said.removeprefix("! ").removeprefix("? "), owner, context)
    if not found.text:
        raise Refused("an issue needs words")
    issue = Issue(id=journal.new_id(), text=found.text, owner=found.owner, opened=at, due=found.due, every=found.every)
    journal.change(key, f"opened: {issue.text}", lambda now: edits.added(now, "issues", issue))
    return True


def snooze(journal: Journal, key: str, until: date | None) -> bool:
    """Leave a relationship alone until a day, or no longer; return whether that is new. Raises what `do` does."""
    from convo_tui.core import edits

    before = journal.view(key).relationship
    what = f"snooze {before.name}" if until else f"wake {before.name}"
    return journal.change(key, what, lambda now: edits.changed(now, snoozed_until=until)) != before


def rests(journal: Journal, key: str) -> bool:
    """Return whether a relationship is left alone today. Raises NotFound, Damage."""
    until = journal.view(key).relationship.snoozed_until
    return until is not None and until > journal.clock.today()


def leave_as_it_is(journal: Journal, key: str, default_cadence: str | None) -> date:
    """Leave a relationship alone for one cadence, and return the day until which it is. Raises what `do` does."""
    from convo_tui.core.snoozing import one_cadence

    view = journal.view(key)
    until = one_cadence(view.relationship, view.timeline, journal.clock.today(), default_cadence)
    snooze(journal, key, until)
    return until
