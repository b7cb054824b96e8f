"""What stands within the line of an issue: owner, due date, recurrence, topics, mentions, and whose it is."""

from __future__ import annotations

from datetime import date

import pytest
from core_builders import ACME_ID, ANA_ID, BO_ID, SOREN_ID, acme, context, read, soren

from convo_tui.core.grammar import parse_issue
from convo_tui.core.meaning import Opens
from convo_tui.core.models import Person

FRIDAY, MONTH_END = date(2026, 11, 27), date(2026, 11, 30)


def opened(text: str) -> Opens:
    (found,) = read(f"! {text}").of(Opens)
    return found


@pytest.mark.parametrize(
    ("typed", "owner", "text"),
    [
        ("book the kickoff @us", "us", "book the kickoff"),
        ("@them sign the draft", "them", "sign the draft"),
        ("send @me the draft", "me", "send the draft"),
        ("sign it @THEM, soon", "them", "sign it, soon"),
        ("sign it @them.", "them", "sign it."),
        ("sign it (@them)", "them", "sign it"),
        ("ask @theme park", "me", "ask @theme park"),
        ("see @us-team and me@us", "me", "see @us-team and me@us"),
        ("`@them` is code", "me", "`@them` is code"),
        ("@them call @us back", "them", "call @us back"),
    ],
)
def test_owner(typed: str, owner: str, text: str) -> None:
    """In an issue: `@me` `@them` `@us` set the owner; `@` counts after white space or `(` only."""
    assert (opened(typed).owner, opened(typed).text) == (owner, text)


def test_a_question_can_have_another_owner() -> None:
    assert [each.owner for each in read("? who signs @us").of(Opens)] == ["us"]


@pytest.mark.parametrize(
    ("typed", "due", "text"),
    [
        ("book it due:fri", FRIDAY, "book it"),
        ('book it due:"end of month" for Bo', MONTH_END, "book it for Bo"),
        ("due:2026-11-27 book it", FRIDAY, "book it"),
        ("book it due:fri, then call", FRIDAY, "book it, then call"),
        ("book it due:fri.", FRIDAY, "book it."),
        ("book it (due:fri)", FRIDAY, "book it"),
        ("book it (by due:fri at the latest)", FRIDAY, "book it (by at the latest)"),
        ("book it (by noon due:fri)", FRIDAY, "book it (by noon)"),
        ("DUE:Fri book it", FRIDAY, "book it"),
        ("overdue:fri book it", None, "overdue:fri book it"),
        ("`due:fri` is code", None, "`due:fri` is code"),
        ("book it due: fri", None, "book it due: fri"),
        ("due:fri, or due:mon", FRIDAY, "or due:mon"),
    ],
)
def test_due(typed: str, due: date | None, text: str) -> None:
    """`due:fri` or `due:"end of month"` the due date."""
    assert (opened(typed).due, opened(typed).text, opened(typed).doubts) == (due, text, ())


@pytest.mark.parametrize("token", ["due:someday", 'due:"the end of it"', "due:3/4", 'due:"', 'due:""', "due:fri,sat"])
def test_a_due_date_that_is_not_understood_stays_in_the_words_with_a_doubt(token: str) -> None:
    """Only a whole expression counts as a date; `3/4` is refused unless `date_order` is set."""
    found = opened(f"book it {token}")
    assert found.due is None
    assert found.text == f"book it {token}"
    assert len(found.doubts) == 1


def test_the_order_of_dates_can_be_set() -> None:
    """`3/4` is refused unless `date_order` is set."""
    (found,) = read("! book it due:3/12", date_order="DMY").of(Opens)
    assert found.due == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("typed", "every", "text"),
    [
        ("report every:1m", "1m", "report"),
        ("report every:3W, please", "3w", "report, please"),
        ("every:10d due:fri report", "10d", "report"),
        ("report on everything: all", None, "report on everything: all"),
    ],
)
def test_every(typed: str, every: str | None, text: str) -> None:
    """`every:1m` a recurrence."""
    assert (opened(typed).every, opened(typed).text, opened(typed).doubts) == (every, text, ())


@pytest.mark.parametrize("token", ["every:month", "every:0d", "every:1h", "every:99999d"])
def test_a_recurrence_that_is_not_understood_stays_in_the_words_with_a_doubt(token: str) -> None:
    found = opened(f"report {token}")
    assert (found.every, found.text, len(found.doubts)) == (None, f"report {token}", 1)


def test_topics_stay_in_the_text() -> None:
    """`#topic` stays in the text."""
    assert opened("send   pricing #pricing due:fri @us").text == "send pricing #pricing"


@pytest.mark.parametrize("line", ["! due:fri", "! @me", "? every:1m @us due:fri", "! @acme @them"])
def test_an_issue_needs_words(line: str) -> None:
    reading = read(line)
    assert reading.of(Opens) == []
    assert reading.note == line


def test_an_issue_can_be_parsed_alone() -> None:
    found = parse_issue("book it @us due:fri every:1w", "me", context())
    assert found == Opens(ACME_ID, "book it", "us", FRIDAY, "1w")


# ── mentions ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("spoke of @ana", (ANA_ID,)),
        ('spoke of @"Ana Ruiz" and (@bo)', (ANA_ID, BO_ID)),
        ("@soren says hello to @ana, @ana", (SOREN_ID, ANA_ID)),
        ("! send it to @bo", (BO_ID,)),
        ("need: what @ana said", (ANA_ID,)),
        ("> @bo said so", (BO_ID,)),
        ("\\! kept for @bo", (BO_ID,)),
        ("~ nothing like @bo", (BO_ID,)),
        ("ana@acme.example `@bo` https://x.example/@ana", ()),
        ("```\n@ana\n```", ()),
        ("@nobody @a-stranger", ()),
    ],
)
def test_mentions(line: str, ids: tuple[str, ...]) -> None:
    """`@name` or `@"two words"` mentions a person or a relationship (`mentions`) … never inside links, addresses or
    code."""
    assert read(line, acme(), others=[soren()]).mentions == ids


def test_a_mention_that_may_mean_two_is_not_guessed() -> None:
    """More than one or none: nothing is guessed."""
    home = acme(people=(Person(id="20240301-a", name="Ana Ruiz"), Person(id="20240301-b", name="Ana Neri")))
    assert read("@ana and @neri", home).mentions == ("20240301-b",)


def test_me_them_and_us_are_nobodys_name() -> None:
    """`@me` `@them` `@us` set the owner."""
    people = tuple(Person(id=f"20240301-{name}", name=name) for name in ("Meret", "Theo", "Uschi", "Themis"))
    assert read("@me @them @us\n! @us and @them and @me", acme(people=people)).mentions == ()


# ── in whose file ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line", ["! @soren send the slides", '! @"Søren Berg", send the slides', "! @berg: send the slides"]
)
def test_an_issue_that_begins_with_the_name_of_someone_taking_part_is_theirs(line: str) -> None:
    """An issue line that begins with the `@name` of a relationship taking part is opened in that one's file."""
    (found,) = read(line, acme(), soren()).of(Opens)
    assert found == Opens(SOREN_ID, "send the slides", "me")


@pytest.mark.parametrize("line", ["! @ana send it", "! send @soren it", "! @nobody send it"])
def test_any_other_issue_is_opened_at_home(line: str) -> None:
    """An issue line that begins with the `@name` of a relationship taking part is opened in that one's file."""
    (found,) = read(line, acme(), soren()).of(Opens)
    assert (found.relationship_id, found.text) == (ACME_ID, line[2:])


def test_a_relationship_that_does_not_take_part_is_only_mentioned() -> None:
    """An issue line that begins with the `@name` of a relationship taking part is opened in that one's file."""
    reading = read("! @soren send it", acme(), others=[soren()])
    assert [(each.relationship_id, each.text) for each in reading.of(Opens)] == [(ACME_ID, "@soren send it")]
    assert reading.mentions == (SOREN_ID,)


def test_a_name_alone_is_the_issue() -> None:
    assert [(each.relationship_id, each.text) for each in read("! @soren", acme(), soren()).of(Opens)] == [
        (ACME_ID, "@soren")
    ]
