"""Editing an old encounter: its note, time, people, spark; losing nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from core_builders import ACME_ID, ANA_ID, BO_ID, SOREN_ID, TODAY, acme, ago, context, encounter, heard, issue, soren

from convo_tui.core import edits, grammar
from convo_tui.core.contradiction import Contradiction
from convo_tui.core.ending import plan
from convo_tui.core.errors import NotFound, Refused
from convo_tui.core.inverse import reverted
from convo_tui.core.markers import escaped
from convo_tui.core.meaning import Reading
from convo_tui.core.models import Encounter, Relationship
from convo_tui.core.rewriting import Rewrite, mentions_left, rewritten

HERE = "20261117-here0001"
TALK = Encounter(id=HERE, at=ago(5), note="first\n~ what it was", spark=2, with_=(ANA_ID,), mentions=(BO_ID, "x"))


def home(*issues: Any, **fields: Any) -> Relationship:
    return acme(*issues, encounters=(encounter(9), TALK, encounter(3), encounter(1)), **fields)


def rewriting(relationship: Relationship, note: str | None = None, **fields: Any) -> Rewrite:
    wanted = edits.changed(TALK, **fields)
    reading = Reading(note=TALK.note)
    if note is not None:
        reading = grammar.read(note, context(relationship, at=wanted.at))
    numbers = iter(range(99))
    return Rewrite(TALK, plan(ACME_ID, wanted, reading, lambda: f"new-{next(numbers)}"))


def times(relationship: Relationship) -> dict[str, datetime]:
    return {each.id: each.at for each in relationship.encounters}


def done(relationship: Relationship, note: str | None = None, **fields: Any) -> Relationship:
    return rewritten(rewriting(relationship, note, **fields), relationship, times(relationship), TODAY)


def here(relationship: Relationship) -> Encounter:
    return edits.encounter(relationship, HERE)


def test_only_lines_that_are_not_escaped_make_records() -> None:
    """ "A saved note that is opened again shows such lines escaped, so nothing fires twice."""
    result = done(home(issue("what it was", 9), issue("other", 9)), escaped(TALK.note) + "\n~ other\n! new\nmore")
    assert here(result).note == "first\n~ what it was\nmore"
    assert [(each.text, each.carried) for each in result.issues] == [
        ("what it was", ()),
        ("other", (HERE,)),
        ("new", ()),
    ]
    assert (result.issues[2].opened, result.issues[2].opened_in) == (TALK.at, HERE)


def test_nothing_changed_is_nothing_changed() -> None:
    before = home(issue("a"))
    assert done(before) == done(before, escaped(TALK.note)) == before


def test_fields_change_and_others_stay_as_they_are_now() -> None:
    before = home()
    meanwhile = edits.replaced(before, "encounters", TALK.model_copy(update={"minutes": 7}))
    result = rewritten(rewriting(before, with_=(BO_ID,), spark=None, channel="meeting"), meanwhile, {}, TODAY)
    assert here(result) == TALK.model_copy(
        update={"minutes": 7, "with_": (BO_ID,), "spark": None, "channel": "meeting"}
    )


def test_a_line_of_the_note_sets_a_field() -> None:
    assert here(done(home(), "first\nspark: 5\nwith: bo")).spark == 5
    assert here(done(home(), "first\nspark: 5\nwith: bo")).with_ == (ANA_ID, BO_ID)


def test_who_is_no_longer_spoken_of_is_no_longer_mentioned() -> None:
    """ "who was spoken of": what marked lines mentioned, which left the note, stays."""
    was, now = Reading(mentions=(BO_ID,)), Reading(mentions=())
    assert mentions_left(TALK, was, now) == ("x",)
    assert mentions_left(TALK, was, was) == (BO_ID, "x")


# ── meanwhile ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "note"),
    [("first\n~ what it was\n\nadded", "new\n\nadded"), ("first\n~ what it was", "new")],
)
def test_what_was_added_meanwhile_follows(now: str, note: str) -> None:
    """`--last` (add to the newest): both keep theirs."""
    meanwhile = edits.replaced(home(), "encounters", TALK.model_copy(update={"note": now}))
    result = rewritten(rewriting(home(), "new"), meanwhile, {}, TODAY)
    assert here(result).note == note


def test_what_was_changed_meanwhile_in_another_line_stays() -> None:
    meanwhile = edits.replaced(home(), "encounters", TALK.model_copy(update={"note": "at first\n~ what it was"}))
    result = rewritten(rewriting(home(), "first\n~ what it was\nmore"), meanwhile, {}, TODAY)
    assert here(result).note == "at first\n~ what it was\nmore"


@pytest.mark.parametrize("now", ["another", "first\n~ what it was longer"])
def test_a_note_that_another_changed_is_not_written_over(now: str) -> None:
    """Issue 5: Conflict: merged when both sides can be kept, else both sides are shown."""
    meanwhile = edits.replaced(home(), "encounters", TALK.model_copy(update={"note": now}))
    with pytest.raises(
        Contradiction, match="the note of the call of 2026-11-17 10:30 as well; nothing was saved"
    ) as told:
        rewritten(rewriting(home(), "new"), meanwhile, {}, TODAY)
    assert [(each.ours, each.theirs) for each in told.value.places] == [("new", now)]
    assert here(rewritten(rewriting(home(), spark=5), meanwhile, {}, TODAY)).note == now


def test_an_encounter_that_is_gone_cannot_be_rewritten() -> None:
    with pytest.raises(NotFound, match=HERE):
        rewritten(rewriting(home(), "new"), edits.removed(home(), HERE), {}, TODAY)


# ── another time ─────────────────────────────────────────────────────────────────────────────────────────


def test_another_time_is_another_place_and_taken_back_it_stands_where_it_stood() -> None:
    """ "encounters oldest first"; taking back is "an inverse edit by id"."""
    before = home()
    for days, order in ((10, [HERE, 9, 3, 1]), (2, [9, 3, HERE, 1]), (0, [9, 3, 1, HERE])):
        after = done(before, at=ago(days))
        assert [each.id for each in after.encounters] == [
            each if isinstance(each, str) else encounter(each).id for each in order
        ]
        assert reverted(after, before, after) == before
        assert reverted(before, after, before) == after


def test_what_was_said_in_it_was_said_at_its_new_time() -> None:
    opened = issue("opened", 5, opened_in=HERE)
    later = opened.model_copy(update={"id": "b", "text": "joined", "opened": ago(5).replace(hour=17)})
    closed = issue("closed", 9, state="settled", closed=ago(5), closed_in=HERE)
    aside = issue("settled later on", 9, state="settled", closed=ago(4), closed_in=HERE)
    before = home(opened, later, closed, aside, heard=(heard("need", days_ago=5, heard_in=HERE), heard("other")))
    result = done(before, at=ago(6))
    assert [each.opened for each in result.issues[:2]] == [ago(6), ago(6).replace(hour=17)]
    assert [each.closed for each in result.issues[2:]] == [ago(6), ago(4)]
    assert [each.at for each in result.heard] == [ago(6), ago(9)]
    assert reverted(result, before, result) == before


def test_carried_stays_oldest_first() -> None:
    """`carried`: "encounters in which it was talked about again, oldest first"."""
    one, three, nine = (encounter(each).id for each in (1, 3, 9))
    result = done(home(issue("a", 20, carried=(nine, HERE, three, one))), at=ago(2))
    assert result.issues[0].carried == (nine, three, HERE, one)


@pytest.mark.parametrize(
    ("fields", "days", "why"),
    [
        ({"days_ago": 7, "carried": (HERE,)}, 7, "carried into the encounter of 2026-11-15 10:30, which is not after"),
        ({"days_ago": 7, "carried": (HERE,)}, 8, "carried into the encounter of 2026-11-14 10:30, which is not after"),
        (
            {"days_ago": 5, "opened_in": HERE, "carried": (encounter(3).id,)},
            2,
            "of 2026-11-19 10:30, which is not after",
        ),
        (
            {"days_ago": 7, "state": "settled", "closed": ago(4), "carried": (HERE,)},
            3,
            "carried into the encounter of 2026-11-19 10:30, after it was settled",
        ),
        (
            {"days_ago": 7, "state": "dropped", "closed": ago(5), "closed_in": HERE},
            8,
            "dropped before it was opened",
        ),
    ],
)
def test_a_time_that_goes_against_a_rule_of_carrying_is_refused(fields: dict[str, Any], days: int, why: str) -> None:
    """ "never into one at or before its opening; only open issues are carried"."""
    before = home(issue("pricing", **fields))
    with pytest.raises(Refused, match=f"“pricing” would be .*{why}.*; nothing is changed"):
        done(before, at=ago(days))


def test_what_was_wrong_before_is_no_reason_to_refuse() -> None:
    before = home(issue("by hand", 1, carried=(encounter(9).id, HERE)))
    assert here(done(before, at=ago(6))).at == ago(6)


def test_other_files_that_name_it_follow_its_time() -> None:
    """ "`opened_in`: encounter id (it may live in another file)"."""
    other = soren(issue("there", 5, opened_in=HERE))
    result = rewritten(rewriting(home(), at=ago(4)), other, {HERE: TALK.at}, TODAY)
    assert (result.id, result.issues[0].opened, result.encounters) == (SOREN_ID, ago(4), ())
