"""Every change as a function of a relationship: CONTRACT.md, "The file", Rules."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from core_builders import (
    ACME_ID,
    ANA_ID,
    NOW,
    SOREN_ID,
    TODAY,
    acme,
    ago,
    day,
    encounter,
    everyone,
    heard,
    issue,
    soren,
    texts,
)

from convo_tui.core import edits
from convo_tui.core.errors import NotFound, Refused
from convo_tui.core.models import Issue, Person, Relationship
from convo_tui.core.recurring import next_id


def only(relationship: Relationship) -> str:
    return relationship.issues[0].id


# ── relationships ────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_compulsory_but_the_name() -> None:
    """No field is compulsory but the name."""
    made = edits.new_relationship(SOREN_ID, "  Søren Berg ")
    assert made.to_file() == {"format": 1, "id": SOREN_ID, "name": "Søren Berg", "kind": "person"}
    assert edits.new_relationship("x", "Acme", "organisation", tags=["client"]).tags == ("client",)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "  "}, "name: must not be empty (not '')"),
        ({"kind": "pet"}, "kind: Input should be 'person' or 'organisation' (not 'pet')"),
        ({"cadence": "often"}, "cadence: String should match pattern"),
    ],
)
def test_a_field_that_does_not_validate_is_refused_in_one_line(fields: dict[str, str], said: str) -> None:
    with pytest.raises(Refused) as refused:
        edits.new_relationship(**{"identity": "x", "name": "X", **fields})
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


def test_a_rename_adds_the_old_name() -> None:
    """`aliases`: a rename adds the old name."""
    renamed = edits.rename(acme(aliases=("ACME",)), " Acme SE ")
    assert (renamed.name, renamed.aliases) == ("Acme SE", ("ACME", "Acme GmbH"))
    assert edits.rename(renamed, "Acme GmbH").aliases == ("ACME", "Acme SE")
    assert edits.rename(renamed, "Acme SE") is renamed
    assert edits.rename(acme(aliases=("Acme GmbH",)), "X").aliases == ("Acme GmbH",)


def test_a_name_cannot_be_empty() -> None:
    with pytest.raises(Refused, match="name"):
        edits.rename(acme(), " ")


def test_unknown_keys_survive_every_change() -> None:
    """Unknown keys … stay."""
    strange = Issue.model_validate({"id": "x1", "text": "x", "colour": "red", "every": "1m"})
    relationship = Relationship.model_validate({**acme().to_file(), "issues": [strange], "mood": 3})
    assert relationship.model_extra == {"mood": 3}
    settled = edits.settle(edits.rename(relationship, "X"), "x1", NOW)
    assert settled.model_extra == {"mood": 3}
    assert [each.model_extra for each in settled.issues] == [{"colour": "red"}, {}]


# ── entries by id ────────────────────────────────────────────────────────────────────────────────────────


def test_entries_are_found_by_id() -> None:
    relationship = acme(issue("a"), heard=[heard("b")], encounters=(encounter(1),))
    one, need, met = relationship.issues[0], relationship.heard[0], relationship.encounters[0]
    assert edits.issue(relationship, one.id) is one
    assert edits.heard(relationship, need.id) is need
    assert edits.encounter(relationship, met.id) is met
    tables = [edits.table_of(relationship, each) for each in (ANA_ID, one.id, need.id, met.id, "nobody")]
    assert tables == ["people", "issues", "heard", "encounters", None]


@pytest.mark.parametrize("find", [edits.issue, edits.heard, edits.encounter, edits.removed, edits.reopen])
def test_what_is_not_there_is_not_found(find: object) -> None:
    with pytest.raises(NotFound, match=r"Acme GmbH.*nothing-here"):
        find(acme(), "nothing-here")  # type: ignore[operator]


def test_an_encounter_goes_to_its_place_in_time() -> None:
    """Encounters oldest first (ties as written)."""
    relationship = acme(encounters=(encounter(9), encounter(2)))
    tied = encounter(9).model_copy(update={"id": "tied"})
    for each in (encounter(5), encounter(0), encounter(20), tied):
        relationship = edits.added(relationship, "encounters", each)
    ids = [encounter(20).id, encounter(9).id, "tied", encounter(5).id, encounter(2).id, encounter(0).id]
    assert [each.id for each in relationship.encounters] == ids


def test_a_removal_takes_its_references_with_it() -> None:
    """To the trash, its references removed."""
    gone = encounter(5)
    relationship = acme(
        issue("a", carried=(gone.id, "other"), opened_in=gone.id),
        issue("b", state="settled", closed_in=gone.id, opened_in="other"),
        heard=[heard("c", heard_in=gone.id)],
        encounters=(gone, encounter(2, with_=(ANA_ID, "x"), mentions=(ANA_ID,))),
    )
    left = edits.removed(relationship, gone.id)
    assert [(each.carried, each.opened_in, each.closed_in) for each in left.issues] == [
        (("other",), "", ""),
        ((), "other", ""),
    ]
    assert left.heard[0].heard_in == ""
    assert left.encounters == relationship.encounters[1:]
    nobody = edits.removed(left, ANA_ID)
    assert [(each.with_, each.mentions) for each in nobody.encounters] == [(("x",), ())]
    assert [each.name for each in nobody.people] == ["Bo Lindqvist"]


def test_references_to_a_relationship_that_is_gone_are_taken_out() -> None:
    """To the trash, its references removed."""
    person = Person(id="p", name="Søren", relationship=SOREN_ID)
    relationship = acme(people=(person,), organisation=SOREN_ID, encounters=(encounter(1, with_=(SOREN_ID,)),))
    left = edits.without_references(relationship, {SOREN_ID})
    assert (left.organisation, left.people[0].relationship, left.encounters[0].with_) == ("", "", ())
    assert edits.without_references(left, {SOREN_ID}) is left


# ── issues ───────────────────────────────────────────────────────────────────────────────────────────────


def test_settling() -> None:
    relationship = edits.settle(acme(issue("a")), only(acme(issue("a"))), NOW, encounter_id="e", outcome=" 38 seats\n")
    (settled,) = relationship.issues
    assert (settled.state, settled.closed, settled.closed_in, settled.outcome) == ("settled", NOW, "e", "38 seats")


def test_settling_a_parked_one_unparks_it() -> None:
    relationship = acme(issue("a", state="parked", parked_until=day(-9)))
    (settled,) = edits.settle(relationship, only(relationship), NOW).issues
    assert (settled.state, settled.parked_until) == ("settled", None)


@pytest.mark.parametrize(
    ("due", "every", "following"),
    [
        (date(2026, 11, 20), "1m", date(2026, 12, 20)),
        (date(2026, 1, 31), "1m", date(2026, 11, 28)),
        (None, "2w", date(2026, 12, 6)),
        (date(2026, 12, 24), "1y", date(2027, 12, 24)),
        (date(2026, 11, 21), "1d", date(2026, 11, 23)),
    ],
)
def test_settling_what_recurs_opens_the_next_one(due: date | None, every: str, following: date) -> None:
    """`every`: settling opens the next one."""
    relationship = acme(issue("report", owner="them", due=due, every=every, carried=("x",)))
    settled, opened = edits.settle(relationship, only(relationship), NOW, encounter_id="e").issues
    assert settled.state == "settled"
    assert opened == Issue(
        id=next_id(settled.id), text="report", owner="them", opened=NOW, opened_in="e", due=following, every=every
    )


def test_the_next_of_what_recurs_is_opened_once_however_often_that_is_settled() -> None:
    """`every`: settling opens the next one. Its id follows from the one settled, so two machines open the same."""
    relationship = acme(issue("report", every="1m"))
    once = edits.settle(relationship, only(relationship), NOW)
    again = edits.settle(edits.reopen(once, only(relationship)), only(relationship), ago(-3))
    assert again.issues[1:] == once.issues[1:]
    assert next_id(only(relationship)) == edits.settle(relationship, only(relationship), ago(-3)).issues[1].id
    assert next_id("by-hand").startswith("20000101-")


def test_what_recurs_beyond_the_calendar_is_settled_all_the_same() -> None:
    """`every`: settling opens the next one (there is none)."""
    relationship = acme(issue("report", every="9999y"))
    assert [each.state for each in edits.settle(relationship, only(relationship), NOW).issues] == ["settled"]


def test_dropping_what_recurs_opens_nothing() -> None:
    relationship = acme(issue("report", every="1m"))
    (dropped,) = edits.drop(relationship, only(relationship), NOW, encounter_id="e", outcome="no longer").issues
    assert (dropped.state, dropped.closed_in, dropped.outcome) == ("dropped", "e", "no longer")


def test_parked_until_a_day_or_until_reopened() -> None:
    """An issue can be parked (out of sight until a date or until reopened)."""
    relationship = acme(issue("a"))
    until = edits.park(relationship, only(relationship), day(-7)).issues[0]
    assert [until.is_open(each) for each in (TODAY, day(-6), day(-7), day(-8))] == [False, False, True, True]
    assert not edits.park(relationship, only(relationship)).issues[0].is_open(day(-900))


def test_past_its_day_a_parked_issue_reads_as_open_everywhere() -> None:
    """`parked_until`: past it the issue reads as open everywhere; nothing is written."""
    parked = issue("a", state="parked", parked_until=TODAY, due=day(1))
    assert parked.is_open(TODAY)
    assert parked.is_overdue(TODAY)
    assert not parked.is_overdue(day(1))
    assert parked.state == "parked"


@pytest.mark.parametrize("state", ["settled", "dropped"])
def test_what_is_closed_is_not_closed_again(state: str) -> None:
    relationship = acme(issue("a", state=state))
    for act in (
        lambda: edits.settle(relationship, only(relationship), NOW),
        lambda: edits.drop(relationship, only(relationship), NOW),
        lambda: edits.park(relationship, only(relationship)),
    ):
        with pytest.raises(Refused, match=f"{state} already; reopen it first"):
            act()


@pytest.mark.parametrize("state", ["parked", "settled", "dropped"])
def test_reopening_removes_what_closing_wrote(state: str) -> None:
    """Reopening removes `closed closed_in outcome parked_until`."""
    fields = {"closed": NOW, "closed_in": "e", "outcome": "o", "parked_until": TODAY}
    relationship = acme(issue("a", carried=("x",), due=TODAY).model_copy(update={"state": state, **fields}))
    assert edits.reopen(relationship, only(relationship)) == acme(issue("a", carried=("x",), due=TODAY))


def test_what_is_open_is_not_reopened() -> None:
    with pytest.raises(Refused, match="open already"):
        edits.reopen(acme(issue("a")), only(acme(issue("a"))))


def test_fields_of_an_issue_change_alone() -> None:
    relationship = acme(issue("a"), issue("b"))
    changed = edits.change_issue(relationship, only(relationship), owner="us", due=TODAY, text="c", every="1m")
    assert changed.issues == (
        issue("a").model_copy(update={"owner": "us", "due": TODAY, "text": "c", "every": "1m"}),
        issue("b"),
    )
    with pytest.raises(Refused, match="owner"):
        edits.change_issue(relationship, only(relationship), owner="nobody")


# ── what was heard ───────────────────────────────────────────────────────────────────────────────────────


def test_a_need_is_met_or_dropped_or_live_again() -> None:
    """Each met or unmet; `met`: the day it was met; `dropped`: no longer so."""
    relationship = acme(heard=[heard("a")])
    identity = relationship.heard[0].id
    met = edits.meet(relationship, identity, TODAY)
    assert (met.heard[0].met, met.heard[0].dropped, met.heard[0].is_live) == (TODAY, None, False)
    dropped = edits.drop_heard(met, identity, day(-1))
    assert (dropped.heard[0].met, dropped.heard[0].dropped, dropped.heard[0].is_live) == (None, day(-1), False)
    assert edits.meet(dropped, identity, TODAY) == met
    assert edits.reopen_heard(met, identity) == edits.reopen_heard(dropped, identity) == relationship
    with pytest.raises(Refused, match="met already"):
        edits.meet(met, identity, TODAY)
    with pytest.raises(Refused, match="dropped already"):
        edits.drop_heard(dropped, identity, TODAY)
    with pytest.raises(Refused, match="unmet already"):
        edits.reopen_heard(relationship, identity)


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_relationship_and_the_people_in_it_can_be_named() -> None:
    left = Person(id="left", name="Cy", left=date(2026, 5, 1), relationship=SOREN_ID)
    found = everyone(acme(people=(left, *acme().people), aliases=("Acme",), former=("old",)), soren())
    assert [(each.id, each.home, each.organisation) for each in found] == [
        (ACME_ID, "", ""),
        (ANA_ID, ACME_ID, "Acme GmbH"),
        (acme().people[1].id, ACME_ID, "Acme GmbH"),
        ("left", ACME_ID, "Acme GmbH"),
        (SOREN_ID, "", ""),
    ]
    assert (found[0].aliases, found[0].former, found[0].file) == (("Acme",), ("old",), f"{ACME_ID}.toml")
    assert (found[1].aliases, found[1].former, found[1].file) == ((), (), "")
    assert found[3].relationship == SOREN_ID


def test_days_are_those_of_the_calendar_where_it_was_said() -> None:
    relationship = acme(issue("a", every="1d"))
    late = datetime.fromisoformat("2026-11-22T23:59-08:00")
    assert edits.settle(relationship, only(relationship), late).issues[1].due == date(2026, 11, 23)
    assert texts(edits.added(relationship, "issues", issue("b")).issues) == ["a", "b"]
    assert ago(1) < NOW
