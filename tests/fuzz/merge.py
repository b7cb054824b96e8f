"""Two sides of one relationship, each edited by chance: merged nothing is lost, and any edit can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any

from convo_tui.core import edits
from convo_tui.core.errors import ConvoError
from convo_tui.core.inverse import reverted
from convo_tui.core.merge import Merged, decided, merged
from convo_tui.core.models import ENTRY_KINDS, Issue, Relationship
from convo_tui.store import codec
from convo_tui.store.same import same
from tests.fuzz.cases import Case, Target, within
from tests.fuzz.edits import ZONE, edited
from tests.fuzz.files import whole

SECONDS = 1.0

_TOGETHER = frozenset({"state", "closed", "closed_in", "outcome", "parked_until", "met", "dropped"})
"""How a thing stands: these change as one, and of two the stronger wins."""


def _make(rng: Random) -> Case:
    return whole(rng), *(tuple(rng.getrandbits(32) for _ in range(rng.randint(0, 4))) for _ in range(2))


def _check(case: Case) -> None:
    data, ours_by, theirs_by = case
    try:
        base = codec.read(data, ZONE).relationship
    except codec.Malformed:
        return
    if base.is_writable:
        ours, theirs = _after(base, ours_by), _after(base, theirs_by)
        with within(SECONDS):
            found = merged(base, ours, theirs)
        _check_merge(base, ours, theirs, found)
        _check_undo(base, ours)


def _after(relationship: Relationship, numbers: tuple[int, ...]) -> Relationship:
    for number in numbers:
        with suppress(ConvoError):
            relationship = edited(relationship, number)
    return relationship


# ── merging ──────────────────────────────────────────────────────────────────────────────────────────────


def _check_merge(base: Relationship, ours: Relationship, theirs: Relationship, found: Merged) -> None:
    assert same(merged(base, base, theirs).relationship, theirs), "who did nothing changes nothing"
    assert same(merged(base, ours, base).relationship, ours), "who did nothing changes nothing"
    swapped = merged(base, theirs, ours)
    assert len(swapped.clashes) == len(found.clashes)
    if not found.clashes:
        assert same(swapped.relationship, found.relationship), "ours and theirs may be swapped"
    _check_entries(base, ours, theirs, found)
    for side, other in ((ours, theirs), (theirs, ours)):
        _check_fields(base, side, other, found)
    decided(found, range(len(found.clashes)))


def _check_entries(base: Relationship, ours: Relationship, theirs: Relationship, found: Merged) -> None:
    before, result = _entries(base), _entries(found.relationship)
    for side, other in ((_entries(ours), _entries(theirs)), (_entries(theirs), _entries(ours))):
        assert side.keys() - before.keys() <= result.keys(), "what either side added is there"
        for identity in before.keys() - side.keys():
            if identity not in other or other[identity] == before[identity]:
                assert identity not in result, "what one deleted and the other left alone is gone"


def _check_fields(base: Relationship, side: Relationship, other: Relationship, found: Merged) -> None:
    """Every field that one side alone changed has its value, or there is a clash about it."""
    clashes = {(each.identity, each.key) for each in found.clashes} | {(each.identity, "") for each in found.clashes}
    before, mine, their, result = map(_rows, (base, side, other, found.relationship))
    gone = before.keys() - result.keys()
    for identity, key, value in _changes(before, mine):
        if identity not in their or (identity, key) in clashes:
            assert identity in result or (identity, "") in clashes, (
                "what one deleted and the other changed is asked about"
            )
        elif not _changed(before[identity], their[identity], key):
            assert _without(result[identity].get(key), gone) == _without(value, gone), (identity, key)


def _changes(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str, Any]]:
    """What changed; to take out what names a deleted entry is no change of its own."""
    deleted = before.keys() - after.keys()
    for identity in before.keys() & after.keys():
        for key in before[identity].keys() | after[identity].keys():
            was, value = before[identity].get(key), after[identity].get(key)
            if not same(was, value) and not same(_without(was, deleted), _without(value, deleted)):
                yield identity, key, value


def _changed(before: dict[str, Any], after: dict[str, Any], key: str) -> bool:
    keys = _TOGETHER if key in _TOGETHER else {key}
    return any(not same(before.get(each), after.get(each)) for each in keys)


def _without(value: Any, gone: set[str]) -> Any:
    """A value without the names of what is gone."""
    if isinstance(value, list | tuple):
        return [each for each in value if each not in gone]
    return None if isinstance(value, str) and value in gone else value or None


def _entries(relationship: Relationship) -> dict[str, Any]:
    return {entry.id: entry for table in ENTRY_KINDS for entry in getattr(relationship, table)}


def _rows(relationship: Relationship) -> dict[str, dict[str, Any]]:
    """The fields of every entry, and those of the relationship under no id."""
    rows = {identity: dict(entry) for identity, entry in _entries(relationship).items()}
    return {**rows, "": {key: value for key, value in relationship if key not in ENTRY_KINDS}}


# ── taking back ──────────────────────────────────────────────────────────────────────────────────────────


def _check_undo(before: Relationship, after: Relationship) -> None:
    assert same(reverted(after, before, after), before), "a change taken back leaves what there was"
    assert same(reverted(before, after, before), after), "and can be done again"
    since = reverted(_later(after), before, after)
    assert _rows(since) == _rows(_later(before)), "what came in since stays"


def _later(relationship: Relationship) -> Relationship:
    """Return it after the change of a third, which concerns nothing that the edits here do."""
    relationship = relationship.model_copy(update={"role": "something else"})
    return edits.added(relationship, "issues", Issue(id="later-issue", text="later"))


TARGET = Target("merge", _make, _check)
