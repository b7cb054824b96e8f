"""Moving an encounter to another relationship: losing nothing."""

from __future__ import annotations

import pytest
from core_builders import ANA_ID, NOW, SOREN_ID, acme, ago, encounter, heard, issue, soren

from convo_tui.core import edits
from convo_tui.core.errors import NotFound, Refused
from convo_tui.core.inverse import reverted
from convo_tui.core.models import Encounter
from convo_tui.core.moving import belongings, moved_in, moved_out

HERE = "20261120-here0001"
TALK = Encounter(id=HERE, at=ago(2), note="words", with_=(SOREN_ID, ANA_ID))
OPENED = issue("opened there", 2, opened_in=HERE, carried=("later",))
HEARD = heard("said there", days_ago=2, heard_in=HERE)
OLD = issue("older", 9, carried=(HERE,))
CLOSED = issue("closed there", 9, state="settled", closed=ago(2), closed_in=HERE)

OLD_HOME = acme(OLD, OPENED, CLOSED, heard=(heard("elsewhere"), HEARD), encounters=(encounter(5), TALK, encounter(1)))
NEW_HOME = soren(issue("his"), encounters=(encounter(4), encounter(0)))


def test_what_was_opened_and_heard_in_it_moves_along() -> None:
    moved = belongings(OLD_HOME, HERE)
    new = moved_in(moved, NEW_HOME)
    assert [each.id for each in new.encounters] == [encounter(4).id, HERE, encounter(0).id]
    assert new.encounters[1] == TALK.model_copy(update={"with_": (ANA_ID,)})
    assert new.issues[-1] == OPENED
    assert new.heard == (HEARD,)


def test_issues_that_stay_keep_naming_it() -> None:
    """`opened_in`: encounter id … (it may live in another file)."""
    old = moved_out(belongings(OLD_HOME, HERE), OLD_HOME)
    assert old.issues == (OLD, CLOSED)
    assert [each.text for each in old.heard] == ["elsewhere"]
    assert HERE not in {each.id for each in old.encounters}


def test_the_next_of_a_recurring_issue_stays_with_it() -> None:
    """Settling opens the next one: that is no issue of the encounter."""
    talk = Encounter(id=HERE, at=NOW)
    home = edits.added(acme(issue("report", every="1m")), "encounters", talk)
    home = edits.settle(home, home.issues[0].id, NOW, encounter_id=HERE)
    assert belongings(home, HERE).issues == ()


def test_what_is_to_tell_that_their_idea_was_built_goes_with_the_idea() -> None:
    idea = heard("a map", "idea", days_ago=2, heard_in=HERE)
    home = edits.build(acme(heard=(idea,), encounters=(TALK,)), idea.id, NOW)
    moved = belongings(home, HERE)
    assert (moved.issues, moved.heard) == (home.issues, (idea,))
    new = edits.settle(moved_in(moved, NEW_HOME), home.issues[0].id, NOW)
    assert edits.heard(new, idea.id).met == NOW.date()


def test_an_issue_opened_and_settled_in_it_moves() -> None:
    once = issue("quick", 2, opened_in=HERE, state="settled", closed=ago(2), closed_in=HERE, every="1m")
    assert belongings(acme(once, encounters=(TALK,)), HERE).issues == (once,)


def test_taken_back_both_files_are_as_they_were() -> None:
    """One undo brings all back, also what named it in the file that it was moved to."""
    named = edits.replaced(NEW_HOME, "issues", NEW_HOME.issues[0].model_copy(update={"carried": (HERE,)}))
    moved = belongings(OLD_HOME, HERE)
    for before, after in ((OLD_HOME, moved_out(moved, OLD_HOME)), (named, moved_in(moved, named))):
        assert reverted(after, before, after) == before
        assert reverted(before, after, before) == after


def test_what_another_writer_added_meanwhile_is_not_left_behind() -> None:
    moved = belongings(OLD_HOME, HERE)
    since = edits.replaced(OLD_HOME, "encounters", TALK.model_copy(update={"note": "words\n\nmore"}))
    with pytest.raises(Refused, match="Acme GmbH: the encounter has changed meanwhile; nothing was moved"):
        moved_out(moved, since)
    with pytest.raises(NotFound):
        moved_out(moved, edits.removed(OLD_HOME, HERE))
