"""An idea that was built waits to be told: PRODUCT.md, "They tell you where to innovate"."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from core_builders import ACME_ID, NOW, TODAY, acme, ago, day, encounter, heard, issue

from convo_tui.core import edits
from convo_tui.core.alike import alike
from convo_tui.core.ending import Plan, Settled, applied
from convo_tui.core.errors import Refused
from convo_tui.core.inverse import reverted
from convo_tui.core.merge import merged
from convo_tui.core.models import Heard, Issue, Relationship
from convo_tui.core.telling import telling_id, told_at, waits

IDEA = heard("a darker theme", "idea")
BEFORE = acme(heard=[IDEA, heard("calm"), heard("another", "idea")])
BUILT = edits.build(BEFORE, IDEA.id, NOW)
TELLING = telling_id(IDEA.id)


def idea(relationship: Relationship) -> Heard:
    return edits.heard(relationship, IDEA.id)


def told(relationship: Relationship) -> Issue:
    return edits.issue(relationship, TELLING)


def unclosed(relationship: Relationship) -> set[str]:
    return {each.id for each in relationship.issues if each.state in ("open", "parked")}


def test_a_built_idea_opens_an_issue_of_mine_to_tell_them() -> None:
    """ "an idea that was built is waiting to be told" (PRODUCT.md)"""
    assert [(each.text, each.owner, each.state, each.opened) for each in BUILT.issues] == [
        ("tell Acme GmbH that we built: a darker theme", "me", "open", NOW)
    ]
    assert BUILT.heard == BEFORE.heard
    assert [waits(each, unclosed(BUILT)) for each in BUILT.heard] == [True, False, False]
    assert not waits(IDEA, unclosed(BEFORE))


def test_built_again_it_is_still_one_issue_and_a_closed_one_is_open_again() -> None:
    assert edits.build(BUILT, IDEA.id, ago(-3)) == BUILT
    parked = edits.park(BUILT, TELLING, day(-9))
    assert edits.build(parked, IDEA.id, NOW) == parked
    assert waits(IDEA, unclosed(parked)), "it is not told yet"
    assert edits.build(edits.drop(BUILT, TELLING, NOW), IDEA.id, ago(-3)) == BUILT
    again = edits.reopen_heard(edits.settle(BUILT, TELLING, NOW), IDEA.id)
    assert edits.build(again, IDEA.id, NOW) == BUILT


def test_settling_the_issue_marks_the_idea_as_met_on_that_day() -> None:
    """`met`: "the day it was met (an idea: built, and told)" (CONTRACT.md, "The file")"""
    after = edits.settle(BUILT, TELLING, ago(-2), outcome="she laughed")
    assert idea(after).met == day(-2)
    assert [each.met for each in after.heard].count(None) == 2
    assert reverted(after, BUILT, after) == BUILT


def test_settled_in_a_note_it_is_met_too_even_where_the_note_says_both() -> None:
    call = encounter(0)
    plan = Plan(
        ACME_ID, call, call.at, settled=(Settled(ACME_ID, told(BUILT), "glad"),), met=((ACME_ID, IDEA),), is_new=True
    )
    after = applied(plan, BUILT, TODAY)
    assert (told(after).closed_in, told(after).outcome, idea(after).met) == (call.id, "glad", TODAY)
    assert applied(plan, after, TODAY) == after


def test_meeting_the_idea_settles_the_issue() -> None:
    after = edits.meet(BUILT, IDEA.id, day(-1))
    assert (idea(after).met, told(after).state) == (day(-1), "settled")
    assert told(after).closed == datetime.combine(day(-1), time(12), NOW.tzinfo)
    parked = edits.meet(edits.park(BUILT, TELLING), IDEA.id, day(-1))
    assert told(parked).state == "settled"
    assert edits.meet(BEFORE, BEFORE.heard[1].id, TODAY).issues == (), "a need has nobody to be told"


def test_no_issue_is_settled_before_it_was_opened() -> None:
    assert told_at(told(BUILT), day(5)) == NOW
    by_hand = Issue(id=TELLING, text="tell them")
    assert told_at(by_hand, TODAY) == datetime.combine(TODAY, time(12), UTC)


def test_dropping_the_issue_leaves_the_idea_as_it_was_and_dropping_the_idea_the_issue() -> None:
    dropped = edits.drop(BUILT, TELLING, NOW)
    assert idea(dropped) == IDEA
    assert not waits(IDEA, unclosed(dropped))
    no_more = edits.drop_heard(BUILT, IDEA.id, TODAY)
    assert told(no_more) == told(BUILT)
    assert idea(edits.settle(no_more, TELLING, NOW)).dropped == TODAY
    assert not waits(idea(no_more), unclosed(no_more))


def test_reopening_one_leaves_the_other_closed() -> None:
    after = edits.settle(BUILT, TELLING, NOW)
    assert idea(edits.reopen(after, TELLING)).met == TODAY
    assert told(edits.reopen_heard(after, IDEA.id)).state == "settled"


def test_other_issues_meet_nothing() -> None:
    other = issue("send pricing")
    after = edits.settle(edits.added(BUILT, "issues", other), other.id, NOW)
    assert after.heard == BEFORE.heard


@pytest.mark.parametrize(
    ("relationship", "identity", "why"),
    [
        (BEFORE, BEFORE.heard[1].id, "“calm” is no idea of theirs (need): only ideas are built"),
        (edits.meet(BEFORE, IDEA.id, TODAY), IDEA.id, "“a darker theme” is met already; reopen it first"),
        (edits.drop_heard(BEFORE, IDEA.id, TODAY), IDEA.id, "“a darker theme” is dropped already; reopen it first"),
    ],
)
def test_what_is_no_idea_or_is_over_is_refused(relationship: Relationship, identity: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        edits.build(relationship, identity, NOW)
    assert str(refused.value) == why


@pytest.mark.parametrize("told_there", [False, True])
def test_two_machines_that_mark_it_as_built_open_one_issue(told_there: bool) -> None:
    """The earlier opening stands; who told them meanwhile has told them for both."""
    ours, theirs = edits.build(BEFORE, IDEA.id, ago(-1)), BUILT
    theirs = edits.settle(theirs, TELLING, ago(-2)) if told_there else theirs
    result = merged(BEFORE, ours, theirs)
    assert result.clashes == ()
    assert alike(result.relationship, merged(BEFORE, theirs, ours).relationship)
    assert result.relationship == theirs


def test_where_one_told_them_at_once_the_issue_of_the_other_has_nothing_more_to_meet() -> None:
    result = merged(BEFORE, BUILT, edits.meet(BEFORE, IDEA.id, day(1)))
    assert result.clashes == ()
    assert not waits(idea(result.relationship), unclosed(result.relationship))
    assert idea(edits.settle(result.relationship, TELLING, NOW)).met == day(1)
