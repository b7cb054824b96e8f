"""Completion while typing: what could be meant at the cursor, and what answers to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from core_builders import ANA, BO, TODAY, acme, ago, context, heard, issue, read, soren
from hypothesis import given, settings
from hypothesis import strategies as st

from convo_tui.core.completing import MOST, Choice, Wanted, choices, completion_at, folded, ranked
from convo_tui.core.dates import due
from convo_tui.core.meaning import Carries, Context, Meets, Opens, Settles, TalksNext

PRICING = issue("send pricing for 40 seats #pricing", due=TODAY)
LEGAL = issue("who signs in legal?", owner="them")
PILOT = issue("plan the pilot : in January")
UNSAID = heard("afraid the migration makes her look bad", kind="unsaid")
TOPICS = ["pricing", "pilot", "platform"]


def at_cursor(marked: str) -> Wanted | None:
    """What is wanted where `|` stands."""
    line, after = marked.split("|")
    return completion_at(line + after, len(line))


def here(*others: object) -> Context:
    return context(acme(PRICING, LEGAL, PILOT, heard=[UNSAID]), others=[soren()])


def offered(marked: str, where: Context | None = None) -> list[Choice]:
    wanted = at_cursor(marked)
    assert wanted is not None
    return choices(wanted, where or here(), TOPICS)


def accepted(marked: str, choice: Choice) -> str:
    """The line once `choice` is taken."""
    line, after = marked.split("|")
    wanted = at_cursor(marked)
    assert wanted is not None
    return line[: wanted.start] + choice.text + after


@pytest.mark.parametrize(
    ("marked", "kind", "prefix"),
    [
        ("~ |", "issue", ""),
        ("= pri|", "issue", "pri"),
        ("- ~ send pri|", "issue", "send pri"),
        ("  = pri|", "issue", "pri"),
        ("carry: pri|", "issue", "pri"),
        ("Settled:pri|", "issue", "pri"),
        ("met: |", "issue", ""),
        ("spoke with @|", "name", ""),
        ("spoke with @an|", "name", "an"),
        ("(@an|", "name", "an"),
        ("(@an|)", "name", "an"),
        ('and @"Ana R|', "name", "Ana R"),
        ("with: |", "name", ""),
        ("with: Ana Ruiz, bo|", "name", "bo"),
        ("with: @an|", "name", "an"),
        ('with: Bo; "Ruiz, A|', "name", "Ruiz, A"),
        ("about #|", "topic", ""),
        ("#pri|", "topic", "pri"),
        ("! book it due:|", "date", ""),
        ("! book it due:f| @us", "date", "f"),
        ('- [ ] book it due:"end of|', "date", "end of"),
        ("? really due:|", "date", ""),
        ("next: |", "date", ""),
        ("next: next w|", "date", "next w"),
        ("~ pricing : said @an|", "name", "an"),
        ("= pricing : about #pi|", "topic", "pi"),
        ("> she and @bo|", "name", "bo"),
    ],
)
def test_what_could_be_completed_is_seen_where_the_cursor_is(marked: str, kind: str, prefix: str) -> None:
    wanted = at_cursor(marked)
    assert wanted is not None
    assert (wanted.kind, wanted.prefix) == (kind, prefix)


@pytest.mark.parametrize(
    "marked",
    [
        "|",
        "hello|",
        "~|",
        "|~ pricing",
        "\\~ pri|",
        "said ~ pri|",
        "~ pri|cing",
        "~ pri| cing",
        "~ pricing : |",
        "~ pricing :|",
        "@an|a",
        "ana@ac|",
        "ana@acme.example|",
        "https://x.example/@an|",
        "https://x.example/a #|b",
        "see `git @an|a",
        "see `git @an|",
        "see `git @an| x`",
        "`due:fri #to|`",
        "[the @ana|](https://x.example)",
        "a#pri|",
        "#1|",
        "@@an|",
        "due:fr|",
        "> said due:fr|",
        "! book overdue:fr|",
        'said @"Ana" |',
        "next: fri the board's answer and then some more of it|",
        "= " + "x" * 300 + "|",
    ],
)
def test_nothing_is_offered_where_nothing_is_meant(marked: str) -> None:
    """`@` and `#` count after white space or `(` only, never inside links, addresses or code."""
    assert at_cursor(marked) is None


def test_issues_are_spelled_so_that_the_line_reads_well_and_the_grammar_finds_them() -> None:
    (choice,) = offered("~ pri|")
    assert choice == Choice(PRICING.text, PRICING.text, "1 · Sun 22 Nov")
    (carried,) = read(accepted("~ pri|", choice), acme(PRICING, LEGAL)).of(Carries)
    assert [each.issue.id for each in carried.items] == [PRICING.id]


def test_an_issue_that_its_words_do_not_name_alone_is_named_by_its_number() -> None:
    twins = [issue("call back", 9), issue("call back", 8)]
    assert [each.text for each in offered("= call|", context(acme(*twins)))] == ["1", "2"]
    assert [each.text for each in offered("= plan|")] == ["3"]
    assert [each.shown for each in offered("= plan|")] == [PILOT.text]


def test_what_was_heard_can_be_met_but_not_carried() -> None:
    (choice,) = offered("= afraid|")
    assert (choice.text, choice.hint) == (UNSAID.text, "unsaid")
    assert read(accepted("= afraid|", choice), acme(heard=[UNSAID])).of(Meets)[0].heard.id == UNSAID.id
    assert offered("~ afraid|") == []


def test_what_is_closed_or_opened_just_now_is_not_offered_to_be_carried() -> None:
    late = issue("opened just now", 0)
    where = context(acme(PRICING, late))
    closed = replace(where, agenda=(replace(where.agenda[0], issue=PRICING.model_copy(update={"state": "settled"})),))
    assert [each.text for each in offered("~ |", where)] == [PRICING.text]
    assert [each.text for each in offered("= |", where)] == [PRICING.text, late.text]
    assert offered("= |", closed) == []


def test_an_empty_question_offers_the_agenda_in_its_order() -> None:
    assert [each.shown for each in offered("~ |")] == [PRICING.text, LEGAL.text, PILOT.text]


def test_no_more_than_six_are_offered() -> None:
    many = [issue(f"call number {each}", 9) for each in range(20)]
    assert len(offered("~ |", context(acme(*many)))) == MOST == len(offered("~ call|", context(acme(*many))))


def test_what_is_typed_in_full_is_not_offered_again() -> None:
    assert offered("~ who signs in legal?|") == []
    assert [each.text for each in offered("#Pricing|")] == []
    assert "fri" not in [each.text for each in offered("! x due:fri|")]


@pytest.mark.parametrize(
    ("marked", "line"),
    [
        ("met @an|", 'met @"Ana Ruiz"'),
        ('met @"an|', 'met @"Ana Ruiz"'),
        ("met @bo| today", 'met @"Bo Lindqvist" today'),
        ("met @sor|", 'met @"Søren Berg"'),
        ("met @SØR|", 'met @"Søren Berg"'),
        ("met @ruiz|", 'met @"Ana Ruiz"'),
        ("met @lindqist|", 'met @"Bo Lindqvist"'),
        ("with: an|", "with: Ana Ruiz"),
        ("with: Bo, an|", "with: Bo, Ana Ruiz"),
        ("with: Bo, @an|", "with: Bo, @Ana Ruiz"),
    ],
)
def test_names_of_two_words_are_quoted_where_they_must_be(marked: str, line: str) -> None:
    (choice, *_) = offered(marked)
    assert accepted(marked, choice) == line


def test_a_name_that_others_have_too_is_told_apart_by_its_file() -> None:
    twins = [soren(), soren().model_copy(update={"id": "20260101-s0ren009"})]
    where = context(acme(), others=twins)
    texts = [each.text for each in offered("with: sør|", where)]
    assert texts == [each.id for each in twins]
    for text in texts:
        assert [each.id for each in where.called(text)] == [text]


def test_someone_with_a_file_of_their_own_is_offered_once() -> None:
    ana = ANA.model_copy(update={"relationship": soren().id, "name": "Søren Berg"})
    where = context(acme(people=(ana, BO)), others=[soren()])
    assert [(each.shown, each.hint) for each in offered("@sør|", where)] == [("Søren Berg", "Acme GmbH")]


def test_topics_are_offered_in_the_order_given() -> None:
    assert [(each.text, each.shown) for each in offered("about #p|")] == [(topic, f"#{topic}") for topic in TOPICS]
    assert [each.text for each in offered("about #pi|")] == ["pilot"]


def test_due_dates_come_with_the_real_date() -> None:
    assert [(each.text, each.hint) for each in offered("! book it due:|")][:5] == [
        ("fri", "Fri 27 Nov"),
        ("mon", "Mon 23 Nov"),
        ("eow", "Fri 27 Nov"),
        ("eom", "Mon 30 Nov"),
        ("2w", "Sun 6 Dec"),
    ]
    assert [each.text for each in offered("! book it due:27|")] == ['"27 nov"', "27d", "27w"]
    assert [each.text for each in offered('! book it due:"end of m|')] == ['"end of month"']
    assert [each.text for each in offered("! book it due:0|")] == ["0d", "0w"]
    assert [each.text for each in offered("next: next|")] == ["next week", "next month"]


@pytest.mark.parametrize("letter", ["", *"abcdefghijklmnopqrstuvwxyz0123456789"])
def test_every_date_offered_is_one_for_the_grammar(letter: str) -> None:
    for choice in offered(f"! book it due:{letter}|"):
        (opened,) = read(accepted(f"! book it due:{letter}|", choice)).of(Opens)
        assert opened.due == due(choice.shown, TODAY)
        assert opened.text == "book it"
    for choice in offered(f"next: {letter}|"):
        (again,) = read(accepted(f"next: {letter}|", choice) + " the board's answer").of(TalksNext)
        assert (again.on, again.about) == (due(choice.shown, TODAY), "the board's answer")


def test_the_best_comes_first() -> None:
    """At most six, best first: prefix, then words, then what is spelled nearly so."""
    said = ["the anchor", "banana", "ana", "anabel", "x ana y", "nothing"]
    entries = [((folded(each),), each) for each in said]
    assert ranked("ana", entries) == ["ana", "anabel", "x ana y", "banana"]
    assert ranked("ANA", entries, 1) == ["ana"]
    assert ranked("anebel", entries) == ["anabel"]
    assert ranked("zzz", entries) == []
    assert ranked("!!", entries) == []
    assert ranked(" ", entries, 2) == said[:2]


def test_a_short_name_is_not_found_inside_a_longer_question() -> None:
    assert ranked("bobsled", [(("bo",), "Bo")]) == []


LINES = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["~ ", "= ", "@", '@"', "#", "! ", "due:", "next:", "with: ", " : ", "`", "- ", "[a](b)", "an", "pri", ",", '"']
    ),
    max_size=8,
).map("".join)


@given(line=LINES, column=st.integers(-2, 70))
@settings(max_examples=300, deadline=None)
def test_any_line_can_be_asked_about_and_any_choice_taken(line: str, column: int) -> None:
    wanted = completion_at(line, column)
    if wanted is None:
        return
    assert 0 <= wanted.start <= column
    typed = line[wanted.start : column]
    assert wanted.prefix in (typed, typed.removeprefix('"'))  # a quote before an issue's words is one of them
    found = choices(wanted, here(), TOPICS)
    assert len(found) <= MOST
    assert all(choice.text and "\n" not in choice.text for choice in found)


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(str.strip)


@given(st.lists(NAMES, min_size=1, max_size=4), st.sampled_from(["@|", "with: |"]))
@settings(max_examples=150, deadline=None)
def test_any_name_offered_is_found_again_by_the_grammar(names: list[str], marked: str) -> None:
    people = [BO.model_copy(update={"id": f"20240301-p00{place}", "name": name}) for place, name in enumerate(names)]
    where = context(acme(people=tuple(people)))
    for choice in offered(marked, where):
        mentioned = accepted(marked, choice).removeprefix("with: ").removeprefix("@").strip('"')
        assert len(where.called(mentioned)) == 1, choice


@given(st.lists(st.text(max_size=20).filter(str.strip), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_issue_offered_is_found_again_by_the_grammar(said: list[str]) -> None:
    issues = [issue(text, 9 + place) for place, text in enumerate(said)]
    party = acme(*issues)
    for choice in offered("= |", context(party)):
        assert len(read(accepted("= |", choice), party, at=ago(0)).of(Settles)) == 1, choice
