"""Two versions of a relationship as one, by ids."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from core_builders import ANA, ANA_ID, BO, BO_ID, NOW, TODAY, acme, ago, day, encounter, heard, issue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import relationships

from convo_tui.core import edits
from convo_tui.core.alike import alike
from convo_tui.core.errors import Refused
from convo_tui.core.merge import Merged, decided, merged
from convo_tui.core.models import ENTRY_KINDS, Anniversary, Encounter, Heard, Issue, Person, Reach, Relationship
from convo_tui.core.recurring import next_id
from convo_tui.core.sides import described

_EXAMPLES = 2_000 if os.environ.get("CONVO_EXAMPLES") == "long" else 60
many = settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

CALL, LATER = encounter(20, "We talked.\nAt length."), encounter(10)
PRICING = issue("send pricing")
NEED = heard("a plan")
BASE = acme(
    PRICING, heard=[NEED], encounters=(CALL, LATER), tags=("a", "b"), role="client", next_on=day(-9), next_about="board"
)


def _merge(ours: Relationship, theirs: Relationship, base: Relationship | None = BASE) -> Relationship:
    """The merge of what can be merged, seen from both sides."""
    result = merged(base, ours, theirs)
    assert result.clashes == ()
    assert alike(result.relationship, merged(base, theirs, ours).relationship)
    return result.relationship


def _with(base: Relationship = BASE, **fields: Any) -> Relationship:
    return edits.changed(base, **fields)


def _issue(**fields: Any) -> Relationship:
    return edits.change_issue(BASE, PRICING.id, **fields)


def _heard(**fields: Any) -> Relationship:
    return edits.replaced(BASE, "heard", edits.changed(NEED, **fields))


def _call(base: Relationship = BASE, **fields: Any) -> Relationship:
    return edits.placed(base, edits.changed(edits.encounter(base, CALL.id), **fields))


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────


def test_fields_changed_by_one_side_are_taken() -> None:
    result = _merge(_with(role="partner", cadence="3w"), _call(spark=4, unknown="kept"))
    assert (result.role, result.cadence, result.encounters[0].spark) == ("partner", "3w", 4)
    assert result.encounters[0].model_extra == {"unknown": "kept"}


def test_a_field_changed_by_both_alike_is_taken_once() -> None:
    assert _merge(_with(role="x", odd=float("nan")), _with(role="x", odd=float("nan"))).role == "x"


@pytest.mark.parametrize("key", ["role", "unknown", "cadence"])
def test_a_field_changed_by_both_differently_is_a_clash(key: str) -> None:
    result = merged(BASE, _with(**{key: "1w"}), _with(**{key: "2w"}))
    assert [(clash.table, clash.key, clash.ours, clash.theirs) for clash in result.clashes] == [("", key, "1w", "2w")]
    assert result.relationship.to_file()[key] == "2w"
    assert decided(result, [0]).to_file()[key] == "1w"


def test_an_unknown_key_can_be_taken_away_by_either_side() -> None:
    base = _with(odd=1, other=[float("nan")])
    result = _merge(BASE, _with(base, role="x"), base)
    assert (result.model_extra, result.role) == ({}, "x")
    clash = merged(base, BASE, _with(base, odd=2)).clashes[0]
    assert (clash.key, clash.ours, clash.theirs) == ("odd", None, 2)


def test_each_clash_is_decided_by_itself() -> None:
    ours, theirs = _issue(due=day(-1), owner="us"), _issue(due=day(-2), owner="them")
    result = merged(BASE, ours, theirs)
    places = [clash.key for clash in result.clashes]
    assert sorted(places) == ["due", "owner"]
    assert decided(result, [places.index("owner")]).issues[0].owner == "us"
    assert decided(result, [places.index("owner")]).issues[0].due == day(-2)
    assert decided(result, [0, 1]) == ours
    assert decided(result, []) == result.relationship == theirs


def test_a_moment_in_another_offset_is_a_change_and_nan_is_none() -> None:
    moved = CALL.at.astimezone(UTC)
    result = _merge(_call(at=moved), _call(odd=float("nan")), base := _call(odd=float("nan")))
    assert result.encounters[0].at.utcoffset() == timedelta(0)
    assert _merge(base, _call(odd=float("nan"), spark=2), base).encounters[0].spark == 2


def test_a_note_that_both_wrote_on_is_merged_by_lines() -> None:
    result = _merge(_call(note=f"First.\n{CALL.note}"), _call(note=f"{CALL.note}\nLast."))
    assert result.encounters[0].note == "First.\nWe talked.\nAt length.\nLast."
    assert _merge(_with(story="a\nb\nc"), _with(story="a\nb\nc")).story == "a\nb\nc"


def test_a_note_of_which_both_changed_one_line_is_a_clash() -> None:
    result = merged(BASE, _call(note="ours"), _call(note="theirs"))
    assert [(clash.table, clash.identity, clash.key) for clash in result.clashes] == [("encounters", CALL.id, "note")]


def test_when_to_talk_again_stays_where_only_one_side_cleared_it() -> None:
    cleared = _with(next_on=None, next_about="")
    result = _merge(cleared, _with(next_on=day(-30)))
    assert (result.next_on, result.next_about) == (day(-30), "board")
    assert _merge(_with(next_about=""), _with(next_about="more")).next_about == "more"
    assert _merge(cleared, _with(role="x")).next_on is None


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────


def test_tags_are_added_and_removed_by_either_side() -> None:
    assert set(_merge(_with(tags=("a", "b", "c")), _with(tags=("b", "d"))).tags) == {"b", "c", "d"}
    assert _merge(_with(tags=("b",)), _with(tags=("first", "a", "b"))).tags == ("first", "b")
    assert _merge(_with(tags=("b", "a")), _with(role="x")).tags == ("b", "a")


def test_ways_to_reach_and_days_are_added_by_both() -> None:
    mail, phone = Reach(kind="email", value="a@b.example"), Reach(kind="phone", value="1")
    birthday = Anniversary(label="birthday", on="--04-15")
    result = _merge(_with(reach=(mail,), dates=(birthday,)), _with(reach=(phone,), aliases=("A",), former=("x",)))
    assert (set(map(str, result.reach)), result.dates) == ({str(mail), str(phone)}, (birthday,))
    people = _merge(
        edits.replaced(BASE, "people", edits.changed(ANA, reach=("1",))),
        edits.replaced(BASE, "people", edits.changed(ANA, reach=("2",), role="boss")),
    ).people
    assert (set(people[0].reach), people[0].role) == ({"1", "2"}, "boss")


def test_encounters_into_which_an_issue_was_carried_are_of_both_and_oldest_first() -> None:
    """ "encounters in which it was talked about again, oldest first"."""
    first, second = encounter(5), encounter(4)
    one = edits.added(_issue(carried=("elsewhere", second.id)), "encounters", second)
    other = edits.added(_issue(carried=("elsewhere", first.id)), "encounters", first)
    result = _merge(one, other, _issue(carried=("elsewhere",)))
    assert result.issues[0].carried == ("elsewhere", first.id, second.id)
    assert [each.id for each in result.encounters] == [CALL.id, LATER.id, first.id, second.id]


def test_who_took_part_and_who_was_spoken_of_is_added_by_both() -> None:
    result = _merge(_call(with_=(ANA_ID,), mentions=("x",)), _call(with_=(BO_ID,), mentions=("y",)))
    assert set(result.encounters[0].with_) == {ANA_ID, BO_ID}
    assert set(result.encounters[0].mentions) == {"x", "y"}


# ── the state of an issue, and of what was heard ─────────────────────────────────────────────────────────


def _state(ours: dict[str, Any], theirs: dict[str, Any], base: Relationship = BASE) -> dict[str, Any]:
    result = _merge(*(edits.change_issue(base, PRICING.id, **fields) for fields in (ours, theirs)), base)
    return result.issues[0].to_file()


SETTLED = {"state": "settled", "closed": ago(3), "closed_in": "in-s", "outcome": "agreed"}
DROPPED = {"state": "dropped", "closed": ago(4), "closed_in": "in-d", "outcome": "not now"}


def test_settled_is_over_dropped_and_the_earlier_closing_and_both_outcomes_stay() -> None:
    issue_ = _state(SETTLED, DROPPED)
    assert [issue_[key] for key in ("state", "closed", "closed_in", "outcome")] == [
        "settled", ago(4), "in-d", "not now / agreed",
    ]  # fmt: skip


def test_equal_outcomes_are_kept_once() -> None:
    assert _state(SETTLED, {**SETTLED, "closed": ago(5)})["outcome"] == "agreed"
    assert _state(SETTLED, {**SETTLED, "closed": ago(5)})["closed"] == ago(5)


@pytest.mark.parametrize("closed", [SETTLED, DROPPED])
def test_closed_is_over_parked_and_parked_over_open(closed: dict[str, Any]) -> None:
    parked = {"state": "parked", "parked_until": day(-5)}
    issue_ = _state(closed, parked)
    assert (issue_["state"], issue_["outcome"], "parked_until" in issue_) == (closed["state"], closed["outcome"], False)
    reopened = {"state": "open", "closed": None, "closed_in": "", "outcome": ""}
    base = edits.change_issue(BASE, PRICING.id, **closed)
    assert _state(reopened, {**reopened, **parked}, base)["state"] == "parked"
    assert _state(reopened, {"due": day(-8)}, base)["state"] == "open"


def test_parked_by_both_comes_back_on_the_later_day() -> None:
    early, late, forever = ({"state": "parked", "parked_until": until} for until in (day(-5), day(-7), None))
    assert _state(early, late)["parked_until"] == day(-7)
    assert "parked_until" not in _state(early, forever)


def test_a_state_changed_by_one_side_goes_with_fields_changed_by_the_other() -> None:
    issue_ = _state(SETTLED, {"due": day(-3), "carried": ["x"]})
    assert (issue_["state"], issue_["due"], issue_["carried"]) == ("settled", day(-3), ["x"])


@pytest.mark.parametrize(
    ("ours", "theirs", "wanted"),
    [
        ({"met": day(2)}, {"met": day(3)}, (day(3), None)),
        ({"met": day(2)}, {"dropped": day(3)}, (day(2), None)),
        ({"dropped": day(2)}, {"dropped": day(3)}, (None, day(3))),
        ({"met": day(2)}, {"text": "a better plan"}, (day(2), None)),
    ],
)
def test_met_is_over_dropped_and_the_earlier_day_wins(ours: Any, theirs: Any, wanted: Any) -> None:
    need = _merge(_heard(**ours), _heard(**theirs)).heard[0]
    assert (need.met, need.dropped) == wanted


REPORT = issue("report", every="1w", due=day(2))
RECURRING = acme(REPORT)


def _settled(days: int, base: Relationship = RECURRING, **fields: Any) -> Relationship:
    """It as a machine leaves it that settled the report so many days later, and then changed the next one."""
    result = edits.settle(base, REPORT.id, ago(-days), encounter_id=f"in-{days}")
    return edits.change_issue(result, next_id(REPORT.id), **fields) if fields else result


@pytest.mark.parametrize("due", [day(2), None])
def test_what_recurs_and_was_settled_on_two_machines_has_one_next(due: Any) -> None:
    """ "settling opens the next one": one, though each machine opened it; as the earlier settling had it."""
    base = edits.change_issue(RECURRING, REPORT.id, due=due)
    result = _merge(_settled(1, base), _settled(8, base), base)
    first, following = result.issues
    assert (first.state, first.closed, first.closed_in) == ("settled", ago(-1), "in-1")
    assert following == _settled(1, base).issues[1]


def test_what_was_changed_of_the_next_one_since_is_kept() -> None:
    ours, theirs = _settled(1, text="monthly report"), _settled(8, due=day(-30), owner="us")
    following = _merge(ours, theirs, RECURRING).issues[1]
    assert (following.text, following.due, following.owner) == ("monthly report", day(-30), "us")
    assert (following.opened, following.opened_in) == (ago(-1), "in-1")
    done = edits.settle(_settled(8), next_id(REPORT.id), ago(-9))
    assert [each.state for each in _merge(_settled(1), done, RECURRING).issues] == ["settled", "settled", "open"]


def test_an_issue_that_both_opened_unlike_is_opened_when_it_was_first() -> None:
    young, old = (Issue(id="x", text="new", opened=ago(days), opened_in=f"in-{days}") for days in (1, 2))
    assert _merge(edits.added(BASE, "issues", young), edits.added(BASE, "issues", old)).issues[1] == old
    sides = [_issue(opened=ago(days)) for days in (3, 4)]
    assert [clash.key for clash in merged(BASE, *sides).clashes] == ["opened"]


# ── entries ──────────────────────────────────────────────────────────────────────────────────────────────


def test_what_one_side_deleted_is_gone_with_what_names_it() -> None:
    theirs = edits.added(_issue(carried=("elsewhere", LATER.id)), "heard", heard("more", heard_in=LATER.id))
    result = _merge(edits.removed(BASE, LATER.id), theirs)
    assert [each.id for each in result.encounters] == [CALL.id]
    assert result.issues[0].carried == ("elsewhere",)
    assert [each.heard_in for each in result.heard] == ["", ""]
    assert _merge(edits.removed(BASE, LATER.id), edits.removed(BASE, LATER.id)).encounters == (CALL,)


def test_what_is_left_stands_in_its_order_when_a_name_before_it_goes() -> None:
    """ "carried … oldest first" (CONTRACT.md, "The file")."""
    first, second, third = encounter(7), encounter(6), encounter(5)
    base = edits.changed(_issue(carried=("", first.id, "", third.id)), encounters=(first, second, third))
    theirs = edits.removed(edits.carry(base, PRICING.id, second, TODAY), first.id)
    assert theirs.issues[0].carried == ("", "", second.id, third.id)
    assert _merge(base, theirs, base) == theirs


def test_an_encounter_moved_to_another_file_is_named_still() -> None:
    """ "encounter id, when there is one (it may live in another file)"."""
    base = edits.changed(BASE, issues=(edits.changed(PRICING, carried=(LATER.id,)),))
    moved = base.model_copy(update={"encounters": (CALL,)})
    result = _merge(moved, edits.change_issue(base, PRICING.id, due=day(-1)), base)
    assert result.encounters == (CALL,)
    assert result.issues[0].carried == (LATER.id,)


def test_what_one_side_deleted_and_the_other_changed_is_a_clash() -> None:
    result = merged(BASE, edits.removed(BASE, CALL.id), theirs := _call(spark=5))
    clash = result.clashes[0]
    assert (clash.table, clash.identity, clash.key, clash.ours) == ("encounters", CALL.id, "", None)
    assert clash.theirs == theirs.encounters[0]
    assert result.relationship == theirs
    assert decided(result, [0]) == edits.removed(BASE, CALL.id)


def test_a_deleted_entry_that_stays_after_all_is_named_as_it_was() -> None:
    closed = {**SETTLED, "closed_in": LATER.id, "carried": (CALL.id, LATER.id), "opened_in": CALL.id}
    base = edits.placed(_issue(**closed), edits.changed(CALL, with_=(ANA_ID,)))
    ours = edits.removed(edits.removed(edits.removed(base, LATER.id), CALL.id), ANA_ID)
    theirs = edits.replaced(
        edits.replaced(base, "people", edits.changed(ANA, role="x")), "encounters", edits.changed(LATER, spark=1)
    )
    result = merged(base, ours, theirs)
    assert {clash.identity for clash in result.clashes} == {LATER.id, ANA_ID}
    kept = result.relationship.issues[0]
    assert (kept.carried, kept.closed_in, kept.opened_in) == ((LATER.id,), LATER.id, "")
    assert decided(result, [0, 1]) == ours


def test_both_can_make_one_relationship() -> None:
    one = acme(PRICING, people=(ANA,), tags=("a",), role="x")
    other = acme(edits.changed(PRICING, owner="them", unknown=1), people=(BO,), tags=("b",), cadence="3w")
    result = _merge(one, other, None)
    assert (result.role, result.cadence, set(result.tags)) == ("x", "3w", {"a", "b"})
    assert {each.id for each in result.people} == {ANA_ID, BO_ID}
    assert (result.issues[0].owner, result.issues[0].model_extra) == ("them", {"unknown": 1})
    assert [clash.key for clash in merged(None, one, _with(other, name="Other", role="y")).clashes] == ["name", "role"]


def test_encounters_at_one_time_stay_as_written_and_new_ones_follow_by_id() -> None:
    """ "encounters oldest first (ties as written; a merge orders new ties by id)"."""
    z, y, b, a = (Encounter(id=name, at=LATER.at) for name in "zyba")
    base = BASE.model_copy(update={"encounters": (CALL, z, y)})
    result = _merge(edits.added(base, "encounters", b), edits.added(base, "encounters", a), base)
    assert [each.id for each in result.encounters] == [CALL.id, "z", "y", "a", "b"]


def test_an_encounter_that_one_side_moved_in_time_stands_in_its_place() -> None:
    new = encounter(8)
    moved = edits.placed(BASE, edits.changed(CALL, at=ago(5)))
    assert [each.id for each in _merge(moved, edits.added(BASE, "encounters", new)).encounters] == [
        LATER.id,
        new.id,
        CALL.id,
    ]


def test_what_is_new_stands_behind_what_was_there_by_its_age() -> None:
    old, young = issue("old", 4), issue("young", 3)
    result = _merge(edits.added(BASE, "issues", young), edits.added(BASE, "issues", old))
    assert result.issues == (PRICING, old, young)
    people = _merge(*(edits.added(BASE, "people", Person(id=f"x{n}", name="x")) for n in (2, 1))).people
    assert [each.id for each in people] == [ANA_ID, BO_ID, "x1", "x2"]
    needs = _merge(
        edits.added(BASE, "heard", heard("b", days_ago=1)), edits.added(BASE, "heard", heard("a", days_ago=2))
    )
    assert [each.text for each in needs.heard] == ["a plan", "a", "b"]


# ── refusals and words ───────────────────────────────────────────────────────────────────────────────────


def test_two_relationships_are_refused() -> None:
    with pytest.raises(Refused, match="two relationships"):
        merged(None, BASE, BASE.model_copy(update={"id": "another"}))


@pytest.mark.parametrize("sides", [(0, 1), (1, 0)])
def test_a_newer_format_is_refused(sides: tuple[int, int]) -> None:
    """ "a newer one is read and shown, never written"."""
    versions = (BASE, BASE.model_copy(update={"format": 2}))
    with pytest.raises(Refused, match="newer"):
        merged(BASE, versions[sides[0]], versions[sides[1]])


def test_one_id_that_means_two_entries_is_refused() -> None:
    with pytest.raises(Refused, match="two entries"):
        merged(
            BASE,
            edits.added(BASE, "issues", Issue(id="x", text="x")),
            edits.added(BASE, "heard", Heard(id="x", text="x")),
        )


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (_call(note="ours"), _call(note="theirs"), "the note of the call of 2 Nov 2026"),
        (_issue(due=day(1)), _issue(due=day(2)), "the due date of “send pricing”"),
        (_with(role="x"), _with(role="y"), "the role"),
        (_with(next_on=day(1)), _with(next_on=day(2)), "the day to talk again"),
        (edits.removed(BASE, PRICING.id), _issue(due=day(1)), "whether “send pricing” was deleted"),
        (edits.removed(BASE, ANA_ID), edits.replaced(BASE, "people", edits.changed(ANA, role="x")),
         "whether Ana Ruiz was deleted"),
        (_heard(text="x"), _heard(text="y"), "the text of “y”"),
        (_call(channel="note"), edits.removed(BASE, CALL.id), "whether the note to oneself of 2 Nov 2026 was deleted"),
    ],
)  # fmt: skip
def test_a_clash_is_told_in_words(ours: Relationship, theirs: Relationship, words: str) -> None:
    result = merged(BASE, ours, theirs)
    assert [described(clash, result.relationship) for clash in result.clashes] == [words]


# ── against an independent replay ────────────────────────────────────────────────────────────────────────

Edit = Callable[[Relationship], Relationship]


@many
@given(relationships(), relationships())
def test_a_side_that_changed_nothing_takes_the_other(base: Relationship, other: Relationship) -> None:
    other = other.model_copy(update={"id": base.id})
    for one, two in ((base, other), (other, base), (other, other)):
        result = merged(base, one, two)
        assert result.clashes == ()
        assert alike(result.relationship, edits.without_references(other, _deleted(base, other)))


def _entries(relationship: Relationship) -> dict[str, Any]:
    return {entry.id: entry for table in ENTRY_KINDS for entry in getattr(relationship, table)}


def _deleted(base: Relationship, other: Relationship) -> set[str]:
    return _entries(base).keys() - _entries(other).keys() - edits.references(other)


@many
@given(relationships(), relationships(), relationships())
def test_any_three_merge_into_something_valid_alike_from_either_side(
    base: Relationship, ours: Relationship, theirs: Relationship
) -> None:
    ours, theirs = (side.model_copy(update={"id": base.id}) for side in (ours, theirs))
    for before in (base, None):
        result, swapped = merged(before, ours, theirs), merged(before, theirs, ours)
        _check_valid(result.relationship)
        _check_valid(decided(result, range(len(result.clashes))))
        assert {(c.table, c.identity, c.key) for c in result.clashes} == {
            (c.table, c.identity, c.key) for c in swapped.clashes
        }
        if not result.clashes:
            assert alike(result.relationship, swapped.relationship)
        for clash in result.clashes:
            assert described(clash, result.relationship)


def _check_valid(relationship: Relationship) -> None:
    again = Relationship.model_validate(relationship.to_file(), by_alias=True, by_name=False)
    assert alike(again, relationship)


class _Replay:
    """Random edits of one side, each kept so that it can be made again on top of the other side's."""

    def __init__(self, name: str, base: Relationship, rng: random.Random, own: Callable[[int], bool]) -> None:
        self.name, self.base, self.rng = name, base, rng
        self.edits: list[Edit] = []
        self.count = 0
        self.entries = {
            table: [entry for number, entry in enumerate(getattr(base, table)) if own(number)] for table in ENTRY_KINDS
        }
        kinds = [self.add, self.add, self.close, self.carry, self.tag, self.field, self.write, self.delete]
        for _ in range(rng.randint(1, 6)):
            rng.choice(kinds)()

    def on(self, relationship: Relationship) -> Relationship:
        for edit in self.edits:
            relationship = edit(relationship)
        return relationship

    def pick(self, table: str) -> Any:
        return self.rng.choice(self.entries[table]) if self.entries[table] else None

    def fresh(self) -> str:
        self.count += 1
        return f"{self.name}-{self.count}"

    def change(self, table: str, entry: Any, **fields: Any) -> None:
        """Change the fields of an entry that is there still."""
        self.edits.append(
            lambda r: (
                edits.replaced(r, table, edits.changed(now, **fields)) if (now := _entries(r).get(entry.id)) else r
            )
        )

    def add(self) -> None:
        at = ago(self.rng.randint(0, 30))
        table, entry = self.rng.choice(
            [
                ("encounters", Encounter(id=self.fresh(), at=at, with_=("someone",), note="new")),
                ("issues", Issue(id=self.fresh(), text="new", opened=at)),
                ("heard", Heard(id=self.fresh(), text="new", at=at)),
                ("people", Person(id=self.fresh(), name="new")),
            ]
        )
        self.edits.append(lambda r: edits.added(r, table, entry))

    def close(self) -> None:
        if found := self.pick("issues"):
            state = self.rng.choice(["settled", "dropped"])
            self.change("issues", found, state=state, closed=NOW, outcome=f"by {self.name}")
        if need := self.pick("heard"):
            self.change("heard", need, met=TODAY)

    def carry(self) -> None:
        if found := self.pick("issues"):
            into = self.fresh()
            self.edits.append(
                lambda r: (
                    edits.replaced(r, "issues", edits.changed(now, carried=(*now.carried, into)))
                    if (now := _entries(r).get(found.id))
                    else r
                )
            )

    def tag(self) -> None:
        tag = self.fresh()
        self.edits.append(lambda r: edits.changed(r, tags=(*r.tags, tag)))

    def field(self) -> None:
        key = {"ours": "role", "theirs": "organisation"}[self.name]
        self.edits.append(lambda r: edits.changed(r, **{key: self.name}))
        if person := self.pick("people"):
            self.change("people", person, stance="advocate", unknown=self.name)

    def write(self) -> None:
        if found := self.pick("encounters"):
            line = self.fresh()
            self.edits.append(
                lambda r: (
                    edits.replaced(r, "encounters", edits.changed(now, note=f"{now.note}\n{line}".lstrip("\n")))
                    if (now := _entries(r).get(found.id))
                    else r
                )
            )

    def delete(self) -> None:
        table = self.rng.choice(list(ENTRY_KINDS))
        if (found := self.pick(table)) and self.rng.random() < 0.5:
            self.edits.append(lambda r: edits.removed(r, found.id) if found.id in _entries(r) else r)


def _lived_in() -> Relationship:
    issues = [issue(f"issue {number}", 20 - number) for number in range(5)]
    encounters = tuple(encounter(20 - number, "We talked.") for number in range(5))
    issues = [edits.changed(each, carried=(encounters[4].id,), opened_in=encounters[0].id) for each in issues]
    return acme(*issues, heard=[heard(f"need {number}") for number in range(4)], encounters=encounters, tags=("a",))


def _as_sets(relationship: Relationship) -> dict[str, Any]:
    """What it says, whatever the order of entries and of lists."""
    flat = {
        identity: {
            key: frozenset(value) if isinstance(value, list) else value for key, value in entry.to_file().items()
        }
        for identity, entry in _entries(relationship).items()
    }
    head = {key: value for key, value in relationship.to_file().items() if key not in ENTRY_KINDS}
    return {**flat, "": {**head, "tags": frozenset(relationship.tags)}}


@many
@given(st.randoms(use_true_random=False))
def test_edits_of_different_entries_merge_as_though_made_one_after_the_other(rng: random.Random) -> None:
    base = _lived_in()
    ours = _Replay("ours", base, rng, lambda number: number % 2 == 0)
    theirs = _Replay("theirs", base, rng, lambda number: number % 2 == 1)
    result = _merge(ours.on(base), theirs.on(base), base)
    assert _as_sets(result) == _as_sets(theirs.on(ours.on(base))) == _as_sets(ours.on(theirs.on(base)))
    assert [each.at for each in result.encounters] == sorted(each.at for each in result.encounters)


@many
@given(st.randoms(use_true_random=False))
def test_whatever_either_side_did_is_in_the_result_or_named_by_a_clash(rng: random.Random) -> None:
    base = _lived_in()
    sides = [_Replay(name, base, rng, lambda _: True).on(base) for name in ("ours", "theirs")]
    result = merged(base, *sides)
    for side, other in (sides, sides[::-1]):
        _check_nothing_is_lost(base, side, other, result)
    for number, clash in enumerate(result.clashes):
        for chosen, value in ((decided(result, [number]), clash.ours), (result.relationship, clash.theirs)):
            entry = _entries(chosen).get(clash.identity)
            assert (entry is None) == (value is None) if not clash.key else entry.to_file()[clash.key] == value


def _check_nothing_is_lost(base: Relationship, side: Relationship, other: Relationship, result: Merged) -> None:
    """Every change of `side`, found anew by comparing it with `base`, field by field."""
    named = {(clash.identity, clash.key) for clash in result.clashes}
    before, mine, others, now = _as_sets(base), _as_sets(side), _as_sets(other), _as_sets(result.relationship)
    gone = before.keys() - now.keys()
    for identity, entry in mine.items():
        if (identity, "") in named:
            continue
        if identity not in now:
            assert identity not in others, f"{identity} was deleted by nobody"
            assert entry == before[identity] or entry.keys() & {"carried", "with", "opened_in"}
            continue
        for key, value in entry.items():
            was = before.get(identity, {}).get(key)
            if value != was and (identity, key) not in named:
                _check_field(key, was, value, now[identity].get(key), gone)
    for identity in before.keys() - mine.keys():
        assert identity not in now or (identity, "") in named


def _check_field(key: str, was: Any, value: Any, now: Any, gone: set[str]) -> None:
    if isinstance(value, frozenset):
        assert now is not None or value <= gone
        assert value - (was or frozenset()) - gone <= (now or frozenset())
    elif key == "note":
        assert set(value.split("\n")) <= set(now.split("\n"))
    elif key == "outcome":
        assert value in now
    elif key == "state":
        assert now in (value, "settled")
    else:
        assert value == now or value in gone


def test_five_thousand_encounters_are_merged_in_no_time() -> None:
    zone = timezone(timedelta(hours=1))
    begin = datetime(2000, 1, 1, tzinfo=zone)

    def side(*more: Encounter) -> Relationship:
        encounters = [
            Encounter(id=f"e{number}", at=begin + timedelta(hours=number), note="We talked.\n" * 15)
            for number in range(5000)
        ]
        return acme(encounters=(*encounters, *more))

    versions = side(), side(Encounter(id="a", at=NOW)), side(Encounter(id="b", at=NOW))
    start = time.process_time()
    result = merged(*versions)
    assert time.process_time() - start < 2
    assert [each.id for each in result.relationship.encounters[-2:]] == ["a", "b"]
