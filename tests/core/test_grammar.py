"""The marker table of CONTRACT.md, "The note grammar", row by row."""

from __future__ import annotations

from datetime import date

import pytest
from core_builders import ACME_ID, ANA, ANA_ID, BO_ID, SOREN_ID, acme, heard, issue, read, soren, texts

from convo_tui.core.meaning import Carries, Hears, Meets, Opens, Sets, Settles, TalksNext, Unmatched
from convo_tui.core.models import Person


@pytest.mark.parametrize("marker", ["! ", "issue: ", "ISSUE:"])
def test_opens_an_issue_of_mine(marker: str) -> None:
    """`!` `issue:` opens an issue, owner `me`."""
    (found,) = read(f"{marker}send pricing #pricing").of(Opens)
    assert found == Opens(ACME_ID, "send pricing #pricing", "me")


@pytest.mark.parametrize("marker", ["? ", "ask: "])
def test_opens_an_issue_of_theirs(marker: str) -> None:
    """`?` `ask:` opens an issue, owner `them`: a question to come back to."""
    (found,) = read(f"{marker}who signs in legal?").of(Opens)
    assert found == Opens(ACME_ID, "who signs in legal?", "them")


@pytest.mark.parametrize("marker", ["~ ", "carry: ", "Carry:"])
def test_carries_what_matches(marker: str) -> None:
    """`~` `carry:` carries what matches: "we talked about it"."""
    pricing = issue("send pricing")
    reading = read(f"before\n{marker}pricing\nafter", acme(pricing, issue("who signs?")))
    assert [texts([item.issue for item in each.items]) for each in reading.of(Carries)] == [["send pricing"]]
    assert reading.note == "before\nafter"


def test_carries_all_open_ones() -> None:
    """`~ *` all open ones."""
    closed = issue("done", state="settled")
    parked = issue("parked", state="parked", parked_until=date(2026, 12, 1))
    again = issue("again", state="parked", parked_until=date(2026, 11, 1))
    reading = read("~ *", acme(issue("one"), closed, parked, again), soren(issue("two")))
    ((items),) = [each.items for each in reading.of(Carries)]
    assert [(item.issue.text, item.relationship_id) for item in items] == [
        ("one", ACME_ID),
        ("again", ACME_ID),
        ("two", SOREN_ID),
    ]


def test_text_after_the_colon_stays_in_the_note_with_the_issues_words() -> None:
    """Text after ` : ` stays in the note with the issue's words."""
    reading = read("- ~ pricing : she asked again, see @bo", acme(issue("send pricing")))
    assert reading.note == "- send pricing: she asked again, see @bo"
    assert reading.mentions == (BO_ID,)
    assert read("~ * : went through them all", acme(issue("a"))).note == "went through them all"


@pytest.mark.parametrize("line", ["~ *", "carry:*"])
def test_with_nothing_to_carry_the_line_stays(line: str) -> None:
    reading = read(line, acme(issue("opened later", days_ago=-1)))
    assert reading.note == line
    assert [each.meaning for each in reading.unmatched] == [Unmatched("there is nothing to carry")]


def test_never_carries_what_was_opened_at_that_time_or_after_it() -> None:
    """Never into one at or before its opening."""
    reading = read("~ pricing", acme(issue("send pricing", days_ago=0)))
    assert reading.note == "~ pricing"
    assert [each.index for each in reading.unmatched] == [0]


@pytest.mark.parametrize("marker", ["= ", "settled: ", "met: ", "MET:"])
def test_settles_what_matches(marker: str) -> None:
    """`=` `settled:` `met:` settles the issue … that matches; text after ` : ` is the outcome."""
    reading = read(f"{marker}pricing : agreed on 38 seats", acme(issue("send pricing")))
    assert [(each.item.issue.text, each.outcome) for each in reading.of(Settles)] == [
        ("send pricing", "agreed on 38 seats")
    ]
    assert reading.note == ""


@pytest.mark.parametrize("marker", ["= ", "settled: ", "met: "])
def test_marks_the_need_that_matches_as_met(marker: str) -> None:
    """`=` `settled:` `met:` settles the issue, or marks the need as met, that matches."""
    quiet = heard("afraid the migration makes her look bad", "unsaid")
    reading = read(f"{marker}migration", acme(issue("send pricing"), heard=[quiet]))
    assert reading.of(Meets) == [Meets(ACME_ID, quiet)]
    assert reading.note == ""


def test_words_after_a_need_that_was_met_stay_in_the_note() -> None:
    reading = read("= dashboard : shown today", acme(heard=[heard("a dashboard")]))
    assert reading.note == "a dashboard: shown today"


def test_a_need_that_was_met_before_does_not_match() -> None:
    """Open ones only."""
    reading = read("= dashboard", acme(heard=[heard("a dashboard", met=date(2026, 11, 1))]))
    assert reading.note == "= dashboard"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("need", "need"),
        ("want", "want"),
        ("expect", "expectation"),
        ("unsaid", "unsaid"),
        ("idea", "idea"),
        ("rival", "rival"),
        ("about", "about"),
    ],
)
def test_hears(word: str, kind: str) -> None:
    """`need:` `want:` `expect:` `unsaid:` heard: what they need, want, expect, or did not say. `idea:` `rival:`
    `about:` an idea of theirs; a competitor; what matters in their life."""
    reading = read(f"{word.title()}: her son's exam, says @bo")
    assert reading.of(Hears) == [Hears(kind, "her son's exam, says @bo")]  # type: ignore[arg-type]
    assert reading.note == ""
    assert reading.mentions == (BO_ID,)


@pytest.mark.parametrize(
    ("text", "on", "about"),
    [
        ("in 3 weeks the board's answer", "2026-12-13", "the board's answer"),
        ("fri", "2026-11-27", ""),
        ("2026-12-10: the board", "2026-12-10", "the board"),
        ("the board's answer", None, "the board's answer"),
        ("3/4 the fair", None, "3/4 the fair"),
    ],
)
def test_when_and_about_what_to_talk_again(text: str, on: str | None, about: str) -> None:
    """`next:` when and about what to talk again: `next: in 3 weeks the board's answer`."""
    reading = read(f"next: {text}")
    assert reading.of(TalksNext) == [TalksNext(date.fromisoformat(on) if on else None, about)]
    assert reading.note == ""


def test_an_ambiguous_date_is_read_when_its_order_is_set() -> None:
    """`3/4` is refused unless `date_order` is set."""
    assert read("next: 3/4 the fair", date_order="DMY").of(TalksNext) == [TalksNext(date(2027, 4, 3), "the fair")]


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("spark: 4", "spark", 4),
        ("Spark:1", "spark", 1),
        ("nature: transaction", "nature", "transaction"),
        ("nature: Conversation", "nature", "conversation"),
        ("minutes: 25", "minutes", 25),
        ("minutes: 25 min", "minutes", 25),
        ("minutes: 5m", "minutes", 5),
    ],
)
def test_sets_a_field_of_the_encounter(line: str, field: str, value: int | str) -> None:
    """`spark:` `nature:` `minutes:` a field of the encounter."""
    reading = read(line)
    assert reading.of(Sets) == [Sets(field, value)]
    assert reading.field(field) == value
    assert reading.note == ""


@pytest.mark.parametrize(
    "line",
    ["spark: 6", "spark: 0", "spark: high", "nature: nice", "minutes: ten", "minutes: -5", "minutes: 12345", "with: ,"],
)
def test_a_value_that_cannot_be_stays_as_typed_and_is_named(line: str) -> None:
    """The line stays in the note as typed and the receipt says so."""
    reading = read(line)
    assert reading.note == line
    assert [each.typed for each in reading.unmatched] == [line]
    assert reading.field(line.partition(":")[0]) is None


def test_of_two_lines_that_say_the_same_the_last_counts_and_no_word_is_lost() -> None:
    reading = read("next: fri pricing\nspark: 2\nx\nspark: 5\nnext: the board\nminutes: 5")
    assert reading.of(TalksNext) == [TalksNext(None, "the board")]
    assert (reading.field("spark"), reading.field("minutes")) == (5, 5)
    assert reading.note == "next: fri pricing\nspark: 2\nx"
    assert [each.index for each in reading.unmatched] == [0, 1]


@pytest.mark.parametrize(
    "line",
    [
        "with: Ana, Bo",
        "with: @ana; @bo",
        "with: @ana @bo",
        'with: @"Ana Ruiz", "Bo Lindqvist"',
        "WITH:ana,bo,ana",
        'with: "lindqvist, bo", @"Ruiz, Ana"',
    ],
)
def test_who_took_part(line: str) -> None:
    """`with:` who took part."""
    reading = read(line)
    assert {each.id for each in reading.took_part} == {ANA_ID, BO_ID}
    assert len(reading.took_part) == 2
    assert reading.note == ""


def test_whoever_has_a_file_elsewhere_can_take_part() -> None:
    assert [each.id for each in read("with: soren", others=[soren()]).took_part] == [SOREN_ID]


@pytest.mark.parametrize("line", ["with: Zoe", "with: Ana, Zoe", "with: an"])
def test_one_name_that_is_not_clear_keeps_the_whole_line(line: str) -> None:
    """More than one or none: nothing is guessed, the line stays in the note as typed and the receipt says so."""
    reading = read(line, acme(people=(ANA, Person(id="20240301-anna0005", name="Anna Bell"))))
    assert reading.took_part == ()
    assert reading.note == line
    assert len(reading.unmatched) == 1


def test_someone_here_who_also_has_a_file_of_their_own_is_one_not_two() -> None:
    here = Person(id="20240301-s0ren006", name="Søren Berg", relationship=SOREN_ID)
    home = acme(people=(here,))
    assert [each.id for each in read("with: soren", home, others=[soren()]).took_part] == [here.id]
    elsewhere = home.model_copy(update={"id": "20240301-0ther007", "name": "Other", "people": ()})
    assert [each.id for each in read("with: soren", elsewhere, others=[home, soren()]).took_part] == [SOREN_ID]
    known_as = soren(aliases=("Sørensen the elder",))
    assert [each.id for each in read("with: the elder", home, others=[known_as]).took_part] == [SOREN_ID]


def test_every_line_keeps_its_place_and_what_was_typed() -> None:
    reading = read("a\n  ! one\nb\nneed: two\n~ nothing like it")
    assert [(each.index, each.typed) for each in reading.lines] == [
        (1, "  ! one"),
        (3, "need: two"),
        (4, "~ nothing like it"),
    ]
