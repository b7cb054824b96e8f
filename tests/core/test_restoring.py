"""Restoring a relationship, or one entry of it, as it was in an earlier version."""

from __future__ import annotations

import os
from datetime import UTC, date
from typing import Any

import pytest
from core_builders import ANA, BO, acme, ago, encounter, heard, issue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import relationships

from convo_tui.core import edits
from convo_tui.core.alike import alike
from convo_tui.core.difference import differences
from convo_tui.core.errors import Refused
from convo_tui.core.models import ENTRY_KINDS, Encounter, Heard, Issue, Relationship
from convo_tui.core.restoring import restored

_EXAMPLES = 500 if os.environ.get("CONVO_EXAMPLES") == "long" else 40
many = settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

FIRST, CALL, LAST = encounter(9), encounter(7, "We talked.", with_=(ANA.id,)), encounter(3)
OFFER, PRICING, KICKOFF = issue("offer"), issue("send pricing", carried=(CALL.id,)), issue("book the kickoff")
PLAN = heard("a plan", heard_in=CALL.id)
THEN = acme(OFFER, PRICING, KICKOFF, heard=[PLAN], encounters=(FIRST, CALL, LAST), role="Buyer", crm_id=7)


def _ids(relationship: Relationship, table: str) -> list[str]:
    return [each.id for each in getattr(relationship, table)]


# ── all of it ────────────────────────────────────────────────────────────────────────────────────────────


def test_all_of_it_is_as_it_was_and_what_came_since_goes() -> None:
    now = edits.added(edits.added(THEN, "encounters", encounter()), "issues", issue("new"))
    now = edits.removed(edits.changed(now, role="", story="Ours.", crm_id=8, other=1), PRICING.id)
    assert alike(restored(now, THEN), THEN)


def test_former_ids_stay_because_other_files_name_it_by_them() -> None:
    """CONTRACT.md: "ids of relationships joined into this one; resolved everywhere"."""
    now = edits.changed(THEN, former=("joined",), role="")
    assert alike(restored(now, THEN), edits.changed(THEN, former=("joined",)))


def test_a_version_from_before_the_two_became_one_comes_back_under_the_id_of_now() -> None:
    then = edits.changed(THEN, id="before", role="Lead")
    now = edits.changed(THEN, former=("before",))
    assert alike(restored(now, then), edits.changed(then, id=THEN.id, former=("before",)))


def test_what_goes_is_no_longer_named() -> None:
    """An encounter that lived in another file then, and moved here since, goes with the names of it."""
    moved = encounter(1)
    then = edits.replaced(THEN, "issues", edits.changed(PRICING, carried=(CALL.id, moved.id)))
    now = edits.added(then, "encounters", moved)
    assert edits.issue(restored(now, then), PRICING.id).carried == (CALL.id,)


@many
@given(relationships(), relationships())
def test_nothing_differs_once_all_is_restored(now: Relationship, then: Relationship) -> None:
    then = then.model_copy(update={"id": now.id, "former": now.former})
    if not alike(now, then):
        now = restored(now, then)
        assert differences(now, then) == ()
    with pytest.raises(Refused, match="already"):
        restored(now, then)


# ── one entry ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("table", "entry", "fields"),
    [
        ("issues", PRICING, {"text": "other", "state": "settled", "outcome": "38 seats", "crm_id": 1}),
        ("heard", PLAN, {"met": date(2026, 11, 15)}),
        ("people", ANA, {"role": "Lead"}),
        ("encounters", CALL, {"note": "Otherwise.", "spark": 2}),
        ("encounters", CALL, {"at": ago(1)}),
        ("encounters", CALL, {"at": CALL.at.astimezone(UTC)}),
    ],
)
def test_an_entry_that_changed_is_as_it_was_and_nothing_else(table: str, entry: Any, fields: dict[str, Any]) -> None:
    changed = edits.changed(entry, **fields)
    now = edits.changed(THEN, role="Lead")
    now = edits.placed(now, changed) if isinstance(changed, Encounter) else edits.replaced(now, table, changed)
    assert alike(restored(now, THEN, entry.id), edits.changed(THEN, role="Lead"))


@pytest.mark.parametrize("entry", [OFFER, PRICING, KICKOFF, ANA, BO])
def test_an_entry_that_is_gone_comes_back_at_its_place(entry: Any) -> None:
    table = edits.table_of(THEN, entry.id) or ""
    now = edits.added(edits.removed(THEN, entry.id), "issues", issue("new"))
    result = restored(now, THEN, entry.id)
    new = [] if table != "issues" else [issue("new").id]
    assert _ids(result, table) == [*_ids(THEN, table), *new]
    assert [each for each in getattr(result, table) if each.id == entry.id] == [entry]


def test_an_encounter_that_is_gone_comes_back_at_its_place_in_time() -> None:
    """CONTRACT.md: "encounters oldest first"; also among those that came in, or moved, since."""
    added = encounter(8)
    now = edits.added(edits.removed(THEN, CALL.id), "encounters", added)
    now = edits.placed(now, edits.changed(FIRST, at=ago(1)))
    assert _ids(restored(now, THEN, CALL.id), "encounters") == [added.id, CALL.id, LAST.id, FIRST.id]


def test_a_restored_entry_may_name_what_is_gone() -> None:
    """CONTRACT.md: "it may live in another file"."""
    now = edits.removed(edits.removed(THEN, CALL.id), PRICING.id)
    assert edits.issue(restored(now, THEN, PRICING.id), PRICING.id).carried == (CALL.id,)


@many
@given(relationships(), st.data())
def test_whatever_is_removed_can_be_restored_at_its_place(relationship: Relationship, data: st.DataObject) -> None:
    ids = [(t, each.id) for t in ENTRY_KINDS for each in getattr(relationship, t)]
    if not ids:
        return
    encounters = sorted(relationship.encounters, key=lambda each: each.at)
    then = relationship.model_copy(update={"encounters": tuple(encounters)})
    table, identity = data.draw(st.sampled_from(ids))
    kept = tuple(each for each in getattr(then, table) if each.id != identity)
    result = restored(then.model_copy(update={table: kept}), then, identity)
    assert table == "encounters" or alike(result, then)
    assert sorted(_ids(result, table)) == sorted(_ids(then, table))
    times = [each.at for each in result.encounters]
    assert times == sorted(times)


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────


_NEWER = THEN.model_copy(update={"format": 2})
_ELSEWHERE = edits.added(edits.removed(THEN, PLAN.id), "issues", Issue(id=PLAN.id, text="another"))
_JOINED = edits.changed(edits.removed(THEN, PLAN.id), former=(PLAN.id,))
_WITH_MORE = edits.added(THEN, "heard", Heard(id="more", text="more"))


@pytest.mark.parametrize(
    ("now", "then", "identity", "words"),
    [
        (THEN, edits.changed(THEN, id="other"), None, "two relationships"),
        (edits.changed(THEN, id="other"), edits.changed(THEN, former=("other",)), None, "two relationships"),
        (_NEWER, THEN, None, "format 2, newer than 1; update Convo"),
        (THEN, _NEWER, None, "format 2, newer than 1; update Convo"),
        (THEN, THEN, None, "^Acme GmbH is as it was then already"),
        (_WITH_MORE, THEN, PLAN.id, "^Acme GmbH: “a plan” is as it was then already"),
        (_WITH_MORE, THEN, "more", "^Acme GmbH: “more” was not there then; `convo delete more`"),
        (_WITH_MORE, THEN, "never", "had nothing with the id never then"),
        (_ELSEWHERE, THEN, PLAN.id, "something else now"),
        (_JOINED, THEN, PLAN.id, "something else now"),
    ],
)
def test_what_goes_against_a_rule_is_refused(
    now: Relationship, then: Relationship, identity: str | None, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        restored(now, then, identity)
