"""What ending an encounter does to the file of everyone who took part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from core_builders import (
    ACME_ID,
    ANA_ID,
    BO_ID,
    NOW,
    SOREN_ID,
    TODAY,
    acme,
    ago,
    context,
    day,
    encounter,
    heard,
    issue,
    soren,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from convo_tui.core import edits, grammar
from convo_tui.core.ending import Plan, applied, continued, entry_of_day, joining, plan
from convo_tui.core.errors import NotFound
from convo_tui.core.models import Encounter, Issue, Relationship

HERE = "20261122-here0001"


def counted(start: str = "20261122-new") -> Callable[[], str]:
    numbers: Iterator[int] = iter(range(10_000))
    return lambda: f"{start}{next(numbers):05d}"


def planned(note: str, *parties: Relationship, **fields: Any) -> Plan:
    parties = parties or (acme(),)
    reading = grammar.read(note, context(*parties))
    return plan(parties[0].id, Encounter(id=HERE, at=fields.pop("at", NOW), **fields), reading, counted())


def ended(note: str, home: Relationship, **fields: Any) -> Relationship:
    return applied(planned(note, home, **fields), home, TODAY)


# ── the plan ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_lines_of_the_note_win_over_the_fields_of_the_encounter() -> None:
    """`with:` `spark:` `nature:` `minutes:` who took part; a field of the encounter."""
    note = "with: bo\nspark: 5\nnature: transaction\nminutes: 7\nabout @ana \r\n"
    made = planned(note, with_=(ANA_ID,), mentions=("x",), spark=1, minutes=40).encounter
    assert (made.spark, made.minutes, made.nature) == (5, 7, "transaction")
    assert (made.with_, made.mentions) == ((ANA_ID, BO_ID), ("x", ANA_ID))
    assert made.note == "about @ana"


def test_without_such_lines_the_fields_stay() -> None:
    made = planned("x", with_=(ANA_ID, ACME_ID, ANA_ID), spark=1, minutes=40, nature="transaction").encounter
    assert (made.spark, made.minutes, made.nature, made.with_) == (1, 40, "transaction", (ANA_ID,))


def test_which_files_it_changes() -> None:
    """An encounter lives in one file; an issue … is opened in that one's file."""
    assert planned("just words").relationships == (ACME_ID,)
    assert planned("! @soren one", acme(), soren()).relationships == (ACME_ID, SOREN_ID)
    assert planned("~1", acme(), soren(issue("two"))).relationships == (ACME_ID, SOREN_ID)
    assert planned("=1", acme(), soren(issue("two"))).relationships == (ACME_ID, SOREN_ID)
    assert planned("= two", acme(), soren(heard=(heard("two"),))).relationships == (ACME_ID, SOREN_ID)


def test_every_record_gets_an_id_of_its_own() -> None:
    done = planned("! a\n? b\nneed: c\n=1\n~2\nstays ~ put\n~ no", acme(issue("x", every="1m"), issue("y")))
    ids = [one.id for _, one in done.opened] + [one.id for one in done.heard]
    assert len(set(ids)) == len(ids) == 3
    assert [one.issue.text for one in done.settled] == ["x"]
    assert [one.text for _, one in done.carried] == ["y"]
    assert done.unmatched == ("~ no",)


def test_an_issue_that_is_carried_twice_in_a_note_is_carried_once() -> None:
    assert len(planned("~1\n~ *\n~ x", acme(issue("x"))).carried) == 1


# ── what it does ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_encounter_does_it_all_in_its_file() -> None:
    """On save a marked line becomes the record and leaves the note."""
    home = acme(issue("old"), issue("report", every="1m", due=day(2)), heard=[heard("a plan")])
    note = "intro\n! new due:fri @us every:2w\n~ old\n= report : sent\nmet: plan\nidea: a thing\nnext: fri more\nrest"
    result = ended(note, home, channel="meeting")
    old, report, new, following = result.issues
    assert (old.carried, old.state) == ((HERE,), "open")
    assert (report.state, report.closed, report.closed_in, report.outcome) == ("settled", NOW, HERE, "sent")
    assert (new.text, new.owner, new.due, new.every) == ("new", "us", date(2026, 11, 27), "2w")
    assert (new.opened, new.opened_in) == (NOW, HERE)
    assert (following.text, following.due, following.opened_in) == ("report", date(2026, 12, 20), HERE)
    plan_, idea = result.heard
    assert plan_.met == TODAY
    assert (idea.kind, idea.text, idea.heard_in, idea.at) == ("idea", "a thing", HERE, NOW)
    assert (result.next_on, result.next_about) == (date(2026, 11, 27), "more")
    (made,) = result.encounters
    assert (made.id, made.channel, made.note) == (HERE, "meeting", "intro\nrest")


def test_each_file_gets_what_is_its_own() -> None:
    """An issue line that begins with the `@name` of a relationship taking part is opened in that one's file."""
    home, other = acme(issue("ours")), soren(issue("theirs"), issue("done?"), heard=(heard("a plan"),))
    done = planned("! @soren slides\n! at home\n~1\n~2\n=3\nmet: plan\nneed: x", home, other)
    home, other = applied(done, home, TODAY), applied(done, other, TODAY)
    assert [each.text for each in home.issues] == ["ours", "at home"]
    assert [each.text for each in other.issues] == ["theirs", "done?", "slides"]
    assert home.issues[0].carried == other.issues[0].carried == (HERE,)
    assert other.issues[1].state == "settled"
    assert other.heard[0].met == TODAY
    assert (len(home.encounters), len(other.encounters)) == (1, 0)
    assert [each.text for each in home.heard] == ["x"]
    bystander = soren(issue("ours")).model_copy(update={"id": "20260101-bystandr"})
    assert applied(done, bystander, TODAY) is bystander


LINES = ["! a", "? b due:fri", "~1", "~ *", "=1", "= report : ok", "need: c", "met: plan", "next: fri x", "next: y"]
LINES += ["spark: 3", "with: ana", "words", "~ nothing", "! @soren d", "=3"]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=6).map("\n".join), st.sampled_from(["call", "note"]), st.integers(0, 12)
)
def test_doing_it_again_changes_nothing(note: str, channel: str, days_ago: int) -> None:
    """May be repeated, so that a save that met another writer starts over, and nothing is done twice."""
    home = acme(issue("old"), issue("report", every="1m"), heard=[heard("a plan")], next_on=day(3), next_about="x")
    home = edits.added(home, "encounters", encounter(5))
    other = soren(issue("third"), every_field="kept")
    done = planned(note, home, other, channel=channel, at=ago(days_ago))
    for relationship in (home, other):
        once = applied(done, relationship, TODAY)
        assert applied(done, once, TODAY) == once


def test_what_another_writer_did_meanwhile_stays() -> None:
    """An issue that another writer settled meanwhile stays as that writer left it."""
    home = acme(issue("a"), issue("b"), issue("c"), issue("d"), heard=[heard("e")])
    done = planned("=1 : here\n~2\n~3\n~4\nmet: e", home)
    since = edits.settle(home, home.issues[0].id, ago(1), outcome="elsewhere")
    since = edits.drop(since, home.issues[1].id, ago(1))
    since = edits.removed(since, home.issues[2].id)
    since = edits.meet(since, home.heard[0].id, day(1))
    since = edits.added(since, "issues", issue("new"))
    result = applied(done, since, TODAY)
    assert [each.text for each in result.issues] == ["a", "b", "d", "new"]
    assert result.issues[0].outcome == "elsewhere"
    assert [each.carried for each in result.issues] == [(), (), (HERE,), ()]
    assert result.heard == since.heard


def test_an_entry_that_is_gone_is_not_met() -> None:
    home = acme(heard=[heard("e")])
    assert applied(planned("met: e", home), acme(), TODAY).heard == ()


def test_going_on_with_an_encounter_keeps_its_place() -> None:
    """`n` within 15 minutes offers to go on with it."""
    home = acme(encounters=(encounter(9), Encounter(id=HERE, at=ago(5), note="first"), encounter(1)))
    made = planned("first\nsecond", home, at=ago(5))
    result = applied(made, home, TODAY)
    assert [each.note for each in result.encounters] == ["", "first\nsecond", ""]


# ── talking again ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("on", "about", "fields", "left"),
    [
        (TODAY, "the board", {}, (None, "")),
        (day(3), "the board", {}, (None, "")),
        (None, "the board", {}, (None, "")),
        (day(-1), "the board", {}, (day(-1), "the board")),
        (TODAY, "the board", {"channel": "note"}, (TODAY, "the board")),
        (day(9), "the board", {"at": ago(8)}, (day(9), "the board")),
        (None, "", {}, (None, "")),
    ],
    ids=["its day", "late", "no day", "too early", "a note", "added late for an earlier day", "nothing meant"],
)
def test_what_was_meant_for_next_time_goes_when_its_time_has_come(
    on: date | None, about: str, fields: dict[str, Any], left: tuple[date | None, str]
) -> None:
    """`next_on`: when we mean to talk again; the cadence rests until then. `next:` says when and about what; … the
    brief opens with it."""
    home = acme(next_on=on, next_about=about, encounters=(encounter(5),))
    result = ended("words", home, **fields)
    assert (result.next_on, result.next_about) == left


def test_next_without_a_day_keeps_the_day() -> None:
    """`next:` when and about what to talk again."""
    home = acme(next_on=day(-9), next_about="old")
    assert (ended("next: new", home).next_on, ended("next: new", home).next_about) == (day(-9), "new")
    again = ended("next: in 3 weeks", home)
    assert (again.next_on, again.next_about) == (date(2026, 12, 13), "")


def test_next_without_a_day_forgets_the_day_that_has_come() -> None:
    """`next_on`: when we mean to talk again."""
    result = ended("next: new", acme(next_on=day(3), next_about="old"))
    assert (result.next_on, result.next_about) == (None, "new")


# ── going on with what is saved ──────────────────────────────────────────────────────────────────────────


def test_more_words_follow_those_that_stand_in_the_file_now() -> None:
    """`--last` (add to the newest)."""
    saved = Encounter(id=HERE, at=ago(1), note="first", spark=2, minutes=10, with_=(ANA_ID,))
    home = acme(issue("a"), encounters=(saved,), next_about="what the first words said")
    reading = grammar.read("third @bo\n~1\n! b\nspark: 4\nwith: bo", context(home, at=saved.at))
    done = plan(ACME_ID, saved.model_copy(update={"note": ""}), reading, counted())
    meanwhile = saved.model_copy(update={"note": "first\nsecond", "minutes": 20})
    result = continued(done, saved, edits.replaced(home, "encounters", meanwhile), TODAY)
    (joined,) = result.encounters
    assert joined.note == "first\nsecond\n\nthird @bo"
    assert (joined.spark, joined.minutes, joined.at) == (4, 20, saved.at)
    assert (joined.with_, joined.mentions) == ((ANA_ID, BO_ID), (BO_ID,))
    assert [(each.text, each.carried, each.opened_in) for each in result.issues] == [
        ("a", (HERE,), ""),
        ("b", (), HERE),
    ]
    assert result.next_about == "what the first words said"


def test_going_on_does_in_other_files_what_ending_does() -> None:
    home, other = acme(encounters=(Encounter(id=HERE, at=NOW),)), soren()
    done = plan(ACME_ID, home.encounters[0], grammar.read("! @soren x", context(home, other)), counted())
    assert continued(done, home.encounters[0], other, TODAY) == applied(done, other, TODAY) != other


def test_an_encounter_that_is_gone_cannot_be_gone_on_with() -> None:
    done = planned("more")
    with pytest.raises(NotFound, match=HERE):
        continued(done, done.encounter, acme(), TODAY)


# ── one entry a day ──────────────────────────────────────────────────────────────────────────────────────

MAIL = Encounter(id=HERE, at=ago(1), channel="email", note="first", with_=(ANA_ID,), spark=2, minutes=10)
SECOND = Encounter(id="20261121-second01", at=ago(1).replace(hour=17), channel="email")


def day_entry(note: str, home: Relationship, second: Encounter = SECOND) -> Encounter | None:
    return entry_of_day(home, second, grammar.read(note, context(home, at=second.at)))


def test_mail_and_chat_join_the_entry_of_their_day() -> None:
    """Mail and chat logged on one day join that day's entry."""
    later = MAIL.model_copy(update={"id": "later", "at": ago(1).replace(hour=12)})
    home = acme(encounters=(later, MAIL))
    assert day_entry("words", home) == later
    assert day_entry("words", home, edits.changed(SECOND, at=NOW)) is None
    assert day_entry("words", home, edits.changed(SECOND, channel="chat")) is None
    assert day_entry("words", home, edits.changed(SECOND, at=ago(1).replace(hour=0))) == later


def test_a_call_never_joins() -> None:
    home = acme(encounters=(edits.changed(MAIL, channel="call"),))
    assert day_entry("words", home, edits.changed(SECOND, channel="call")) is None


@pytest.mark.parametrize(
    ("opened", "opened_in", "note", "joins"),
    [
        (ago(9), "", "~1", True),
        (ago(9), "", "=1", True),
        (ago(1).replace(hour=12), "", "~1", False),
        (ago(1).replace(hour=12), "", "=1", False),
        (ago(1), HERE, "~1", False),
        (ago(1), HERE, "=1", True),
    ],
    ids=["older", "older settled", "since", "since settled", "in it", "in it settled"],
)
def test_what_could_not_be_carried_into_it_makes_an_entry_of_its_own(
    opened: datetime, opened_in: str, note: str, joins: bool
) -> None:
    """ "never into one at or before its opening"."""
    home = acme(Issue(id="i", text="a", opened=opened, opened_in=opened_in), encounters=(MAIL,))
    assert (day_entry(note, home) is not None) == joins


def test_what_the_entry_has_stays_unless_given_anew() -> None:
    more = edits.changed(SECOND, with_=(BO_ID, ANA_ID), mentions=("x",), minutes=5)
    joined = joining(edits.changed(MAIL, nature="transaction"), more)
    assert (joined.id, joined.at, joined.note, joined.nature) == (HERE, MAIL.at, "", "transaction")
    assert (joined.with_, joined.mentions, joined.spark, joined.minutes) == ((ANA_ID, BO_ID), ("x",), 2, 5)
    assert joining(MAIL, edits.changed(SECOND, nature="transaction", spark=5)).spark == 5
    assert joining(MAIL, edits.changed(SECOND, nature="transaction")).nature == "transaction"


def test_what_joins_was_said_when_it_was_said() -> None:
    home = acme(issue("a"), encounters=(MAIL,))
    reading = grammar.read("second\n=1\n! b\nneed: c", context(home, at=SECOND.at))
    done = plan(ACME_ID, joining(MAIL, SECOND), reading, counted(), SECOND.at)
    result = continued(done, MAIL, home, TODAY)
    assert result.encounters == (MAIL.model_copy(update={"note": "first\n\nsecond"}),)
    assert (result.issues[0].closed, result.issues[0].closed_in) == (SECOND.at, HERE)
    assert (result.issues[1].opened, result.issues[1].opened_in) == (SECOND.at, HERE)
    assert (result.heard[0].at, result.heard[0].heard_in) == (SECOND.at, HERE)
