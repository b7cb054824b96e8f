"""What people type to search, and what it means: one test for each rule."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convo_tui.core.folding import folded, indexed
from convo_tui.core.query import MARKS, Query, Term, parse, period, says, settled

TODAY = date(2026, 11, 22)
"""A Sunday."""

PIECES = st.sampled_from(
    ['"', "-", "#", "*", ":", " ", "with:", "is:", "since:", "until:", "open", "mar", "3 weeks ago", "合同", "a", "é"]
)
QUERIES = st.lists(st.text(st.characters(), max_size=4) | PIECES, max_size=12).map("".join)


def read(text: str) -> Query:
    return parse(text, TODAY)


def finds(query: str, text: str) -> bool:
    """Whether a journal of this one text finds it."""
    words = indexed(text)
    return says(settled(read(query), lambda word: f" {word}" in words), words)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_word_finds_every_word_that_begins_with_it() -> None:
    assert read("Dráft") == Query(wanted=(Term(("draft",)),))
    assert finds("dra", "legal has the Draft")
    assert says(read("raft"), indexed("legal has the draft")) is False


def test_a_star_at_the_end_changes_nothing() -> None:
    assert read("dra* #pri*") == read("dra #pri")


def test_all_words_must_be_there_in_any_order() -> None:
    assert finds("draft legal", "legal has the draft")
    assert not finds("draft ana", "legal has the draft")


def test_quotes_hold_whole_words_that_stand_one_after_the_other() -> None:
    assert read('"Has the draft"') == Query(wanted=(Term(("has", "the", "draft"), whole=True),))
    assert finds('"the draft"', "legal has the draft.")
    assert not finds('"the draft"', "the drafts")
    assert not finds('"the draft"', "draft the")
    assert not finds('"raft"', "the draft")


def test_curly_quotes_are_quotes() -> None:
    assert read("“the draft”") == read('"the draft"')


def test_a_quote_still_open_ends_in_a_beginning() -> None:
    assert read('"has the dr') == Query(wanted=(Term(("has", "the", "dr")),))
    assert finds('"has the dr', "legal has the draft")


@pytest.mark.parametrize("word", ["e-mail", "foo@bar.com", "it's", "10.30"])
def test_what_folds_into_several_words_is_a_phrase_that_ends_in_a_beginning(word: str) -> None:
    assert read(word) == Query(wanted=(Term(tuple(folded(word).split())),))
    assert finds(word, f"the {word}s")


@pytest.mark.parametrize("text", ["", " ", "-", "--", '"', '""', '-""', "*", "#", "… ?!", "\x00"])
def test_what_has_no_words_asks_for_nothing(text: str) -> None:
    assert read(text).is_empty


def test_the_same_word_twice_is_asked_once() -> None:
    assert read("draft Draft") == read("draft")


def test_a_minus_takes_out_words_phrases_and_topics() -> None:
    asked = read('-draft -"no way" -#pricing')
    assert asked == Query(
        unwanted=(Term(("draft",)), Term(("no", "way"), whole=True), Term(("♯pricing",))),
    )
    assert not asked.is_empty
    assert not finds("legal -dra", "legal has the draft")
    assert finds("legal -drat", "legal has the draft")


# ── topics ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_topic_is_found_by_its_beginning_and_in_quotes_alone() -> None:
    assert finds("#Pri", "we speak of #pricing")
    assert not finds('"#pri"', "we speak of #pricing")
    assert finds('"#pricing"', "we speak of #pricing")
    assert not finds("#pricing", "we speak of pricing")
    assert finds("pricing", "we speak of #pricing")


def test_a_topic_with_a_hyphen_is_one_word() -> None:
    assert read("#Q1-plan").wanted[0].is_topic
    assert finds("#q1-pl", "the #q1-plan")
    assert not finds("#plan", "the #q1-plan")


@pytest.mark.parametrize("text", ["#1", "#a.b", "#-x", "##a"])
def test_what_is_no_topic_is_words(text: str) -> None:
    assert [term.is_topic for term in read(text).wanted] == [False]


# ── parts of words ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("query", ["同", "合同", '"合同"', "合同*", '"合同'])
def test_words_of_scripts_without_spaces_count_anywhere(query: str) -> None:
    assert read(query).wanted[0].inside
    assert finds(query, "请看合同草案")
    assert not finds(f"-{query}", "请看合同草案")


def test_a_word_that_begins_none_in_the_journal_counts_inside_words() -> None:
    asked = settled(read("legal raft -aft"), {"legal", "draft"}.__contains__)
    assert asked == Query(
        wanted=(Term(("legal",)), Term(("raft",), inside=True)), unwanted=(Term(("aft",), inside=True),)
    )
    assert finds("raft", "the draft")
    assert not finds("the -raft", "the draft")


def test_topics_phrases_and_whole_words_never_count_inside_words() -> None:
    asked = read('#pri e-mail "raft" "the raf')
    assert settled(asked, lambda _: False) == asked


# ── filters ──────────────────────────────────────────────────────────────────────────────────────────────


def test_with_names_someone_as_typed() -> None:
    assert read('with:Ana WITH:"Bo Lindqvist" with:@søren -with:ana-ruiz') == Query(
        with_=("Ana", "Bo Lindqvist", "søren"), without=("ana-ruiz",)
    )


def test_is_asks_for_a_mark() -> None:
    assert read("is:Open IS:issue -is:mine") == Query(marks=("open", "issue"), unmarked=("mine",))
    assert read("is:name") == read("is:relationship")


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_every_mark_can_be_asked_for(mark: str) -> None:
    assert read(f"is:{mark}").marks == (mark,)


def test_since_and_until_are_the_first_and_the_last_day() -> None:
    assert read("since:2026-03-01 until:yesterday") == Query(since=date(2026, 3, 1), until=date(2026, 11, 21))
    assert read('since:"3 weeks ago"') == Query(since=date(2026, 11, 1))
    assert read("since:march until:march") == Query(since=date(2026, 3, 1), until=date(2026, 3, 31))


def test_of_several_days_the_narrowest_count() -> None:
    assert read("since:2025 since:march until:july until:may") == read("since:march until:may")


def test_the_date_order_decides_what_a_slash_means() -> None:
    assert parse("since:3/4/2026", TODAY, "DMY").since == date(2026, 4, 3)
    assert read("since:3/4/2026").since is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("is:foo", ("is", "foo")),
        ("is:", ("is",)),
        ("with:", ("with",)),
        ("with:--", ("with",)),
        ('with:"', ("with",)),
        ("since:nonsense", ("since", "nonsense")),
        ("since:31-02-2026", ("since", "31", "02", "2026")),
        ("until:3/4", ("until", "3", "4")),
        ('until:"no day', ("until", "no", "day")),
        ("until:9999", ("until", "9999")),
        ("from:ana", ("from", "ana")),
        ("ıs:open", ("is", "open")),
    ],
)
def test_a_filter_that_is_not_understood_is_words(text: str, words: tuple[str, ...]) -> None:
    assert read(text) == Query(wanted=(Term(words),))


def test_a_day_that_is_taken_out_is_words() -> None:
    assert read("-since:march") == Query(unwanted=(Term(("since", "march")),))


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("march", date(2026, 3, 1), date(2026, 3, 31)),
        ("Dec.", date(2025, 12, 1), date(2025, 12, 31)),
        ("nov", date(2026, 11, 1), date(2026, 11, 30)),
        ("may", date(2026, 5, 1), date(2026, 5, 31)),
        ("sept 2024", date(2024, 9, 1), date(2024, 9, 30)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("this week", date(2026, 11, 16), date(2026, 11, 22)),
        ("last week", date(2026, 11, 9), date(2026, 11, 15)),
        ("last month", date(2026, 10, 1), date(2026, 10, 31)),
        ("this year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last year", date(2025, 1, 1), date(2025, 12, 31)),
        ("today", TODAY, TODAY),
        ("sun", date(2026, 11, 15), date(2026, 11, 15)),
        ("27 nov", date(2025, 11, 27), date(2025, 11, 27)),
        ("2w", date(2026, 11, 8), date(2026, 11, 8)),
    ],
)
def test_days_look_back_and_months_and_years_are_whole(text: str, first: date, last: date) -> None:
    """ "Dates: due dates look forward, encounter times back; a weekday never means today" (CONTRACT.md)."""
    assert period(text, TODAY) == (first, last)


def test_the_month_before_january_is_in_the_year_before() -> None:
    assert period("last month", date(2026, 1, 31)) == (date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.parametrize("text", ["", "ma", "marching", "2024-13", "1850", "2201", "0000", "31 feb", "3/4", "x" * 500])
def test_what_is_no_date_is_none(text: str) -> None:
    assert period(text, TODAY) is None


# ── any text ─────────────────────────────────────────────────────────────────────────────────────────────


@given(QUERIES, st.sampled_from([None, "DMY", "MDY", "YMD"]))
@example("\ud800 \x00 since:\ud800", None)
def test_any_text_is_a_query(text: str, order: str | None) -> None:
    asked = parse(text, TODAY, order)  # type: ignore[arg-type]
    assert all(term.words and all(term.words) for term in asked.wanted + asked.unwanted)
    assert set(asked.marks + asked.unmarked) <= MARKS
    assert isinstance(says(settled(asked, lambda _: False), indexed(text)), bool)


@given(st.text(st.characters(), max_size=40))
def test_a_text_in_quotes_is_found_in_itself(text: str) -> None:
    query = f'"{text.translate(dict.fromkeys(map(ord, "“”„"), "x")).replace(chr(34), " ")}"'
    assert finds(query, query) or read(query).wanted[0].is_topic


@given(st.text(st.characters(), max_size=20).filter(lambda text: ":" not in text and not text.startswith("-")))
def test_what_is_found_with_a_word_is_not_found_without_it(text: str) -> None:
    word = "".join(text.split())
    if word and '"' not in word and len(read(word).wanted) == 1:
        assert finds(word, f"{text} more") != finds(f"-{word}", f"{text} more")


@pytest.mark.parametrize(
    "piece", ['"', "-", "#a", "`", "with:", "since:mar ", 'since:"3 weeks ago" ', "a b ", "é合", "[](", " "]
)
def test_ten_thousand_characters_are_read_at_once(piece: str) -> None:
    start = time.perf_counter()
    read((piece * 10_000)[:10_000])
    assert time.perf_counter() - start < 1
