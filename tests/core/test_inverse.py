"""Taking a change back, whatever came in since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import pytest
from core_builders import NOW, TODAY, acme, encounter, heard, issue
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import relationships

from convo_tui.core import edits
from convo_tui.core.ending import applied, plan
from convo_tui.core.errors import ConvoError, Refused
from convo_tui.core.grammar import read
from convo_tui.core.inverse import reverted
from convo_tui.core.meaning import Context
from convo_tui.core.models import ENTRY_KINDS, Encounter, Heard, Issue, Person, Relationship

Edit = Callable[[Relationship], Relationship]

FRESH = "20261122-fresh001"
MOMENT = datetime(2000, 1, 1, 12, tzinfo=UTC)


def _ended(relationship: Relationship, fresh: str) -> Relationship:
    """A whole encounter: it opens, carries, settles, meets, hears, and says when to talk again."""
    everyone = edits.named(relationship)
    open_ones = [each for each in relationship.issues if each.is_open(TODAY)]
    context = Context.between([relationship], open_ones, everyone, NOW, TODAY)
    note = "! new\n~1\n=2 : done\n~ *\nneed: a plan\nnext: in 3 weeks more\nspark: 4\nmore words"
    ids = (f"{fresh}-{number}" for number in range(99))
    done = plan(relationship.id, Encounter(id=fresh, at=NOW), read(note, context), lambda: next(ids))
    return applied(done, relationship, TODAY)


def _with_someone_new(relationship: Relationship, at: datetime, fresh: str) -> Relationship:
    known = edits.added(relationship, "people", Person(id=fresh, name="New"))
    return edits.added(known, "encounters", Encounter(id=f"{fresh}-e", at=at, with_=(fresh,)))


def _choices(relationship: Relationship, at: datetime, fresh: str) -> list[Edit]:
    """Every change that can be made to it; what is new gets ids that begin with `fresh`."""
    choices: list[Edit] = [
        lambda r: edits.rename(r, "Another name"),
        lambda r: edits.changed(r, cadence="3w", story="Ours.\n", tags=("a",), next_on=None, archived=True),
        lambda r: edits.added(r, "issues", Issue(id=fresh, text="new")),
        lambda r: edits.added(r, "encounters", Encounter(id=fresh, at=at)),
        lambda r: edits.added(r, "heard", Heard(id=fresh, text="new")),
        lambda r: _with_someone_new(r, at, fresh),
        lambda r: _ended(r, fresh),
    ]
    choices += [
        partial(edits.removed, identity=entry.id) for table in ENTRY_KINDS for entry in getattr(relationship, table)
    ]
    choices += [partial(edits.placed, new=edits.changed(each, at=at)) for each in relationship.encounters]
    for one in relationship.issues:
        choices += [
            partial(edits.settle, identity=one.id, at=at, encounter_id="e", outcome="done"),
            partial(edits.drop, identity=one.id, at=at),
            partial(edits.park, identity=one.id, until=TODAY),
            partial(edits.reopen, identity=one.id),
            partial(edits.change_issue, identity=one.id, owner="us", due=TODAY),
        ]
        choices += [
            partial(edits.carry, identity=one.id, into=each, today=date(2101, 1, 1)) for each in relationship.encounters
        ]
    for need in relationship.heard:
        choices += [
            partial(edits.meet, identity=need.id, on=TODAY),
            partial(edits.drop_heard, identity=need.id, on=TODAY),
            partial(edits.reopen_heard, identity=need.id),
        ]
    return choices


@st.composite
def edits_of(draw: st.DrawFn, relationship: Relationship) -> Edit:
    """One change, or two in one."""
    at = draw(st.sampled_from([NOW, MOMENT]))
    first = draw(st.sampled_from(_choices(relationship, at, FRESH)))
    second = draw(st.none() | st.sampled_from(_choices(relationship, at, "20261122-fresh002")))
    return first if second is None else lambda r: second(first(r))


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_a_change_taken_back_at_once_leaves_what_there_was(data: st.DataObject) -> None:
    """Takes the last change back, as an inverse edit by id."""
    before = data.draw(relationships())
    edit = data.draw(edits_of(before))
    try:
        after = edit(before)
    except ConvoError:
        return
    assert reverted(after, before, after) == before
    assert reverted(before, after, before) == after  # and done again


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_what_came_in_since_stays(data: st.DataObject) -> None:
    """Takes the last change back, as an inverse edit by id."""
    before = data.draw(relationships())
    edit = data.draw(edits_of(before))

    def later(relationship: Relationship) -> Relationship:
        relationship = edits.changed(relationship, role="something else", snoozed_until=TODAY)
        relationship = edits.added(relationship, "issues", Issue(id="later-issue", text="later"))
        relationship = edits.added(relationship, "people", Person(id="later-person", name="Later"))
        return edits.added(relationship, "encounters", Encounter(id="later-encounter", at=MOMENT))

    try:
        after = edit(before)
    except ConvoError:
        return
    found, expected = reverted(later(after), before, after), later(before)
    assert _sorted(found) == _sorted(expected)


def _sorted(relationship: Relationship) -> dict[str, object]:
    """Ignoring where in a table the entries that came in since stand."""
    tables = ("people", "issues", "heard", "encounters")
    return {
        **{key: value for key, value in relationship if key not in tables},
        **{table: {each.id: each for each in getattr(relationship, table)} for table in tables},
    }


def test_what_comes_back_stands_where_it_stood() -> None:
    before = acme(issue("a"), issue("b"), issue("c"), encounters=(encounter(9), encounter(5), encounter(1)))
    after = edits.removed(edits.removed(before, before.issues[1].id), before.encounters[1].id)
    since = edits.added(edits.added(after, "encounters", encounter(7)), "encounters", encounter(3))
    since = edits.added(since, "issues", issue("d"))
    found = reverted(since, before, after)
    assert [each.text for each in found.issues] == ["a", "b", "c", "d"]
    assert [each.at for each in found.encounters] == [encounter(each).at for each in (9, 7, 5, 3, 1)]


def test_encounters_written_out_of_order_come_back_as_they_were() -> None:
    """Encounters … ties as written."""
    before = acme(encounters=(encounter(1), encounter(9), encounter(5)))
    after = edits.removed(before, encounter(1).id)
    assert reverted(after, before, after) == before


SAME_PLACE: list[tuple[str, Edit, Edit]] = [
    ("name has changed", lambda r: edits.rename(r, "One"), lambda r: edits.rename(r, "Two")),
    (
        "state has changed",
        lambda r: edits.park(r, r.issues[0].id),
        lambda r: edits.drop(r, r.issues[0].id, NOW),
    ),
    (
        "what was changed then is gone",
        lambda r: edits.park(r, r.issues[0].id),
        lambda r: edits.removed(r, r.issues[0].id),
    ),
    (
        "what was added then has changed",
        lambda r: edits.added(r, "issues", Issue(id=FRESH, text="new")),
        lambda r: edits.park(r, FRESH),
    ),
    (
        "with has changed",
        lambda r: edits.replaced(r, "encounters", r.encounters[0].model_copy(update={"with_": ("a",)})),
        lambda r: edits.replaced(r, "encounters", r.encounters[0].model_copy(update={"with_": ("b",)})),
    ),
]


@pytest.mark.parametrize(("said", "edit", "later"), SAME_PLACE, ids=[each[0] for each in SAME_PLACE])
def test_with_the_same_place_changed_since_it_is_refused(said: str, edit: Edit, later: Edit) -> None:
    """Takes the last change back, as an inverse edit by id."""
    before = acme(issue("a"), encounters=(encounter(1),))
    after = edit(before)
    with pytest.raises(Refused, match=f"{said}.*nothing was taken back"):
        reverted(later(after), before, after)


def test_another_field_of_the_same_entry_may_have_changed_since() -> None:
    before = acme(issue("a"), heard=[heard("b")])
    identity = before.issues[0].id
    after = edits.change_issue(before, identity, owner="us")
    since = edits.change_issue(after, identity, due=TODAY)
    assert reverted(since, before, after) == edits.change_issue(before, identity, due=TODAY)


def test_what_was_added_and_is_gone_since_stays_gone() -> None:
    before = acme()
    after = edits.added(before, "issues", Issue(id=FRESH, text="new"))
    assert reverted(before, before, after) == before


def test_an_encounter_that_went_to_another_time_stands_where_it_stood() -> None:
    before = acme(encounters=(encounter(9), encounter(1), encounter(5)))
    after = edits.placed(before, edits.changed(before.encounters[1], at=encounter(7).at))
    since = edits.added(after, "encounters", encounter(2))
    assert [each.at for each in reverted(since, before, after).encounters] == [
        encounter(each).at for each in (9, 1, 5, 2)
    ]


def test_what_was_named_before_it_came_stays_named_when_it_goes() -> None:
    """An encounter "may live in another file"."""
    before = acme(issue("a", carried=(encounter(1).id,)))
    after = edits.added(before, "encounters", encounter(1))
    assert reverted(after, before, after) == before


def test_references_made_since_to_what_is_taken_back_go_too() -> None:
    """To the trash, its references removed."""
    before = acme(issue("a"))
    after = edits.added(before, "encounters", encounter(1))
    since = edits.carry(after, before.issues[0].id, encounter(1), TODAY)
    assert reverted(since, before, after) == before
