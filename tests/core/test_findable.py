"""What can be found in a relationship, and how a result shows it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from core_builders import ACME_ID, ANA_ID, NOW, SOREN_ID, TODAY, acme, day, encounter, heard, issue, soren
from hypothesis import given
from hypothesis import strategies as st
from strategies import relationships

from convo_tui.core.findable import NAMES, STILL_OPEN, THE_REST, Findable, findables, has_marks, in_time, snippet
from convo_tui.core.folding import folded
from convo_tui.core.models import Issue, Relationship
from convo_tui.core.query import MARKS, Query, parse


def read(text: str) -> Query:
    return parse(text, TODAY)


def one(relationship: Relationship, kind: str) -> Findable:
    (found,) = (each for each in findables(relationship) if each.kind == kind)
    return found


def answers(query: str, findable: Findable) -> bool:
    return has_marks(read(query), findable, TODAY)


# ── what can be found ────────────────────────────────────────────────────────────────────────────────────


def test_a_relationship_is_found_by_its_names_role_organisation_and_tags() -> None:
    fields = {"aliases": ("Soren",), "role": "CTO", "organisation": "Halden", "tags": ("client", "emea")}
    found = one(soren().model_copy(update=fields), "relationship")
    assert folded(found.text) == " soren berg soren cto halden client emea "
    assert (found.id, found.relationship_id, found.rank, found.at) == (SOREN_ID, SOREN_ID, NAMES, None)
    assert found.marks == ("relationship", "person")


def test_the_id_of_an_organisation_is_no_text() -> None:
    found = one(soren().model_copy(update={"organisation": ACME_ID}), "relationship")
    assert found.text == "Søren Berg"


def test_people_are_found_by_name_and_role() -> None:
    people = tuple(each.model_copy(update={"role": "Operations"}) for each in acme().people[:1])
    found = one(acme().model_copy(update={"people": people}), "person")
    assert (found.id, found.text, found.rank, found.marks) == (ANA_ID, "Ana Ruiz · Operations", NAMES, ("person",))


def test_a_story_is_found_when_there_is_one() -> None:
    assert one(acme(story="We build the pilot."), "story").text == "We build the pilot."
    assert not [each for each in findables(acme(story=" \n")) if each.kind == "story"]


def test_an_issue_is_found_by_its_text_and_its_outcome() -> None:
    found = one(acme(issue("send pricing", 9, state="settled", outcome="38 seats")), "issue")
    assert folded(found.text) == " send pricing 38 seats "
    assert (found.at, found.rank) == (NOW - timedelta(days=9), THE_REST)


def test_an_encounter_is_found_by_its_note_and_knows_who_was_there() -> None:
    note = encounter(3, "hello", with_=(ANA_ID,), mentions=(SOREN_ID, ANA_ID), channel="meeting")
    found = one(acme(encounters=(note, encounter(2, " "))), "encounter")
    assert (found.id, found.text, found.at) == (note.id, "hello", note.at)
    assert found.with_ == (ANA_ID, SOREN_ID)
    assert found.marks == ("encounter", "meeting", "conversation")


def test_what_has_no_time_of_its_own_has_the_noon_of_the_day_in_its_id() -> None:
    """ "A time given without one is noon" (CONTRACT.md, "The note grammar")."""
    assert one(acme(Issue(id="20260301-q2w3e4r5", text="x")), "issue").at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert one(acme(Issue(id="by-hand", text="x")), "issue").at is None


@given(relationships())
def test_all_that_can_be_found_has_marks_that_can_be_asked_for(relationship: Relationship) -> None:
    found = list(findables(relationship))
    assert {mark for each in found for mark in each.marks} <= MARKS
    assert all(each.kind in each.marks and each.relationship_id == relationship.id for each in found)
    assert len({(each.kind, each.id) for each in found}) == len(found)


# ── marks ────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_in_an_archived_relationship_is_archived() -> None:
    found = list(
        findables(acme(issue("x"), heard=[heard("y")], encounters=(encounter(0, "z"),), archived=True, story="s"))
    )
    assert len(found) == 7
    assert all(answers("is:archived", each) and not answers("-is:archived", each) for each in found)


@pytest.mark.parametrize(
    ("fields", "marks"),
    [
        ({}, {"open", "mine"}),
        ({"owner": "them"}, {"open", "theirs"}),
        ({"owner": "us", "due": day(0)}, {"open", "ours"}),
        ({"due": day(1)}, {"open", "mine", "overdue"}),
        ({"due": day(1), "state": "settled"}, {"settled", "mine"}),
        ({"state": "dropped"}, {"dropped", "mine"}),
        ({"state": "parked"}, {"parked", "mine"}),
        ({"state": "parked", "parked_until": day(-1), "due": day(1)}, {"parked", "mine"}),
        ({"state": "parked", "parked_until": day(0), "due": day(1)}, {"open", "mine", "overdue"}),
        ({"state": "settled", "parked_until": day(1)}, {"settled", "mine"}),
    ],
)
def test_an_issue_parked_until_a_day_that_has_come_is_open(fields: dict[str, object], marks: set[str]) -> None:
    """ "Past it the issue reads as open everywhere; nothing is written" (CONTRACT.md, "The file")."""
    written = issue("x", **fields)
    found = one(acme(written), "issue")
    assert {mark for mark in MARKS if answers(f"is:{mark}", found)} == {"issue", *marks}
    assert answers("is:open", found) == written.is_open(TODAY)
    assert answers("is:overdue", found) == written.is_overdue(TODAY)


@pytest.mark.parametrize(
    ("fields", "rank"),
    [
        ({}, STILL_OPEN),
        ({"state": "parked", "parked_until": day(-30)}, STILL_OPEN),
        ({"state": "parked"}, THE_REST),
        ({"state": "settled"}, THE_REST),
    ],
)
def test_open_issues_and_those_that_will_be_rank_before_the_rest(fields: dict[str, object], rank: int) -> None:
    assert one(acme(issue("x", **fields)), "issue").rank == rank


@pytest.mark.parametrize(
    ("kind", "fields", "marks"),
    [
        ("need", {}, {"need", "unmet"}),
        ("unsaid", {"met": TODAY}, {"unsaid", "met"}),
        ("want", {"dropped": TODAY}, {"want", "dropped"}),
        ("idea", {}, {"idea"}),
        ("idea", {"met": TODAY}, {"idea", "met"}),
    ],
)
def test_what_was_heard_is_met_unmet_or_dropped(kind: str, fields: dict[str, object], marks: set[str]) -> None:
    found = one(acme(heard=[heard("x", kind, **fields)]), "heard")
    assert set(found.marks) == {"heard", *marks}


def test_every_mark_asked_for_counts() -> None:
    found = one(acme(issue("x")), "issue")
    assert answers("is:open is:mine -is:overdue", found)
    assert not answers("is:open is:theirs", found)
    assert not answers("is:issue -is:mine", found)


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_since_and_until_include_their_days() -> None:
    found = one(acme(encounters=(encounter(5, "x"),)), "encounter")
    at = day(5)
    assert in_time(Query(since=at, until=at), found)
    assert not in_time(Query(since=at + timedelta(days=1)), found)
    assert not in_time(Query(until=at - timedelta(days=1)), found)


def test_what_has_no_time_is_out_when_a_time_is_asked_for() -> None:
    found = one(soren(), "relationship")
    assert in_time(Query(), found)
    assert not in_time(Query(until=date(2100, 1, 1)), found)


# ── snippets ─────────────────────────────────────────────────────────────────────────────────────────────


def shown(text: str, query: str, width: int = 60) -> str:
    """The snippet, with what is highlighted in brackets."""
    found = snippet(text, read(query), width)
    parts, end = [], 0
    for start, stop in found.spans:
        parts += [found.text[end:start], "[", found.text[start:stop], "]"]
        end = stop
    return "".join([*parts, found.text[end:]])


LONG = "one two three four five six seven eight nine ten eleven twelve"


@pytest.mark.parametrize(
    ("text", "query", "line"),
    [
        ("legal  has\nthe Draft.", "dra", "legal has the [Draft]."),
        ("the draft of drafts", "dra", "the [draft] of [drafts]"),
        ("the draft of drafts", '"draft"', "the [draft] of drafts"),
        ("Zoë’s Café, café", "cafe zoe", "[Zoë]’s [Café], [café]"),
        ("has the draft now", '"the draft"', "has [the draft] now"),
        ("write an e-mails", "e-mail", "write an [e-mails]"),
        ("请看合同草案", "合同", "请看[合同]草案"),
        ("about #pricing, pricing", "#pri", "about [#pricing], pricing"),
        ("about #pricing, pricing", "pri", "about #[pricing], [pricing]"),
        ("draft draft", "-other", "draft draft"),
        ("", "draft", ""),
    ],
)
def test_matching_words_are_highlighted_in_one_line(text: str, query: str, line: str) -> None:
    assert shown(text, query) == line


def test_only_the_part_that_counts_inside_a_word_is_highlighted() -> None:
    (term,) = read("raf").wanted
    found = snippet("the Dráft", Query(wanted=(type(term)(term.words, inside=True),)), 40)
    assert [found.text[start:end] for start, end in found.spans] == ["ráf"]


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("two", "one [two] three four…"),
        ("six", "…five [six] seven eig…"),
        ("twelve", "…ten eleven [twelve]"),
        ("nothing", "one two three four…"),
    ],
)
def test_a_long_text_is_cut_around_the_first_match(query: str, line: str) -> None:
    assert shown(LONG, query, 20) == line


@given(
    st.text(st.characters() | st.sampled_from("ab #\n"), max_size=80),
    st.text(st.sampled_from('ab #"合é-½'), max_size=6),
    st.integers(1, 50),
)
def test_spans_stand_inside_a_line_that_is_never_too_long(text: str, query: str, width: int) -> None:
    found = snippet(text, read(query), width)
    assert len(found.text) <= width
    assert found.text == " ".join(found.text.split())
    ends = [0, *(place for span in found.spans for place in span), len(found.text)]
    assert ends == sorted(ends)
    assert all(start < end for start, end in found.spans)
