"""What `~` and `=` match, and when nothing is guessed."""

from __future__ import annotations

import pytest
from core_builders import NOW, TODAY, acme, everyone, heard, issue, read, soren

from convo_tui.core import grammar
from convo_tui.core.meaning import Carries, Context, Meets, Settles, Unmatched
from convo_tui.core.models import Issue, Relationship


def numbered(*texts: str) -> Relationship:
    return acme(*(issue(text) for text in texts))


def settled(note: str, *parties: Relationship) -> list[str]:
    return [each.item.issue.text for each in read(note, *parties).of(Settles)]


@pytest.mark.parametrize("line", ["=2", "= 2", "settled: 2", "=2 : agreed", "  - =2", "= 2 : agreed"])
def test_the_number_in_the_agenda(line: str) -> None:
    """The number in the agenda (fixed during an encounter; `=2` needs no space)."""
    assert settled(line, numbered("one", "two", "three")) == ["two"]


def test_carrying_by_number_needs_no_space_either() -> None:
    reading = read("~1\n~3 : again", numbered("one", "two", "three"))
    assert [item.issue.text for each in reading.of(Carries) for item in each.items] == ["one", "three"]
    assert reading.note == "three: again"


def test_numbers_stay_while_issues_are_settled() -> None:
    """The number in the agenda (fixed during an encounter …)."""
    reading = read("=1\n=2\n=1", numbered("one", "two", "three"))
    assert [each.item.issue.text for each in reading.of(Settles)] == ["one", "two"]
    assert reading.note == "=1"


def test_numbers_go_on_over_everyone_who_takes_part() -> None:
    """The agenda of an encounter shows the open issues of everyone who takes part."""
    assert settled("=2", acme(issue("one")), soren(issue("two"))) == ["two"]


@pytest.mark.parametrize("line", ["=0", "=4", "=999", "= 40", "~ 7"])
def test_a_number_that_is_not_in_the_agenda_is_no_word(line: str) -> None:
    assert read(line, numbered("send 40 seats", "two", "7 things")).note == line


def test_five_minutes_late_is_text() -> None:
    reading = read("~5 minutes late", numbered("one"))
    assert reading.note == "~5 minutes late"
    assert len(reading.unmatched) == 1


@pytest.mark.parametrize("ending", ["20261101-q2w3e4r5", "q2w3e4r5", "e4r5", "E4R5", "-q2w3e4r5"])
def test_an_id_or_its_ending(ending: str) -> None:
    """An id or its ending of at least 4 characters."""
    one = Issue(id="20261101-q2w3e4r5", text="send pricing")
    assert settled(f"= {ending}", acme(one, issue("two"))) == ["send pricing"]


def test_three_characters_of_an_id_are_too_few() -> None:
    """An id or its ending of at least 4 characters."""
    one = Issue(id="20261101-q2w3e4r5", text="send pricing")
    assert read("= 4r5", acme(one)).note == "= 4r5"


def test_an_id_goes_before_words() -> None:
    """The number in the agenda …, an id or its ending …, the exact text, then all words."""
    one = Issue(id="20261101-q2w3e4r5", text="the one")
    other = Issue(id="20261101-0000wxyz", text="about e4r5")
    assert settled("= e4r5", acme(one, other)) == ["the one"]


def test_the_exact_text_goes_before_all_words() -> None:
    """The exact text, then all words."""
    assert settled("= Pricing", numbered("pricing for legal", "pricing", "new pricing")) == ["pricing"]


@pytest.mark.parametrize("words", ["seats pricing", "PRICING, 40 seats!", "prícing seats", "send  pricing"])
def test_all_words_in_any_order(words: str) -> None:
    """Then all words."""
    assert settled(f"= {words}", numbered("send pricing for 40 seats #pricing", "pricing")) == [
        "send pricing for 40 seats #pricing"
    ]


def test_a_part_of_a_word_is_no_word() -> None:
    assert read("= pric", numbered("pricing")).note == "= pric"


@pytest.mark.parametrize("line", ["= pricing", "~ pricing", "= pricing : agreed", "  - ~ pricing : again  "])
def test_more_than_one_is_never_guessed(line: str) -> None:
    """More than one or none: nothing is guessed, the line stays in the note as typed and the receipt says so."""
    reading = read(line, numbered("pricing for legal", "new pricing"))
    assert reading.note == line
    assert [each.typed for each in reading.unmatched] == [line]
    (only,) = reading.of(Unmatched)
    assert "2" in only.reason


@pytest.mark.parametrize("line", ["= nothing", "~ nothing : like it", "= 🎉", "~ ---", "= : x"])
def test_none_is_never_guessed(line: str) -> None:
    """More than one or none: nothing is guessed, the line stays in the note as typed and the receipt says so."""
    reading = read(line, numbered("pricing", "🎈"))
    assert reading.note == line
    assert len(reading.unmatched) == 1


def test_only_open_ones_match() -> None:
    """Open ones only."""
    parked = issue("parked pricing", state="parked")
    home = acme(issue("old pricing", state="settled"), issue("no pricing", state="dropped"), parked, issue("pricing 2"))
    assert settled("= pricing", home) == ["pricing 2"]


def test_an_issue_that_was_closed_since_the_agenda_got_its_numbers_is_not_open() -> None:
    """Open ones only."""
    home = numbered("one", "two")
    closed = home.issues[0].model_copy(update={"state": "settled"})
    now = home.model_copy(update={"issues": (closed, home.issues[1])})
    fixed = Context.between([now], now.issues, everyone(now), NOW, TODAY)
    reading = grammar.read("=1\n~1\n~ one\n=2", fixed)
    assert reading.note == "=1\n~1\n~ one"
    assert [each.item.issue.text for each in reading.of(Settles)] == ["two"]


def test_an_issue_and_a_need_of_the_same_words_are_two() -> None:
    home = acme(issue("the dashboard"), heard=[heard("a dashboard")])
    assert read("= dashboard", home).note == "= dashboard"
    assert len(read("= a dashboard", home).of(Meets)) == 1


def test_carrying_looks_at_issues_alone() -> None:
    """`~` carries what matches … open ones only: a need is no issue."""
    reading = read("~ dashboard", acme(issue("the dashboard"), heard=[heard("a dashboard")]))
    assert [item.issue.text for each in reading.of(Carries) for item in each.items] == ["the dashboard"]
    assert read("~ dashboard", acme(heard=[heard("a dashboard")])).note == "~ dashboard"


def test_what_is_settled_is_carried_no_more() -> None:
    reading = read("= one\n~ *\n~ one", numbered("one", "two"))
    assert [item.issue.text for each in reading.of(Carries) for item in each.items] == ["two"]
    assert reading.note == "~ one"


def test_a_need_is_met_once() -> None:
    reading = read("met: dashboard\nmet: dashboard", acme(heard=[heard("a dashboard")]))
    assert len(reading.of(Meets)) == 1
    assert reading.note == "met: dashboard"
