"""Rows as pure functions: they fit every width, their columns stand under each other, words say what colours say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from convo_tui.core.brief import brief
from convo_tui.core.carry import Standing, standing
from convo_tui.core.hits import Hit
from convo_tui.core.models import Anniversary, Encounter, Heard, Issue, Relationship
from convo_tui.core.participation import place_in_time
from convo_tui.core.query import parse, settled
from convo_tui.core.receipt import Phrase
from convo_tui.core.storytelling import told
from convo_tui.core.summary import OpenIssue, Summary
from convo_tui.tui.rows import brief as brief_pane
from convo_tui.tui.rows import details, parts, receipt
from convo_tui.tui.rows.breaking import breaks
from convo_tui.tui.rows.found import FoundRows, guide_rows, marked, nothing_rows, room_for_text
from convo_tui.tui.rows.relationships import Few, RelationshipRows
from convo_tui.tui.rows.story import StoryRows
from convo_tui.tui.rows.timeline import TimelineRows, newest_up_to
from convo_tui.tui.widgets.line_list import Row

NOW = datetime(2026, 11, 22, 10, 37, tzinfo=timezone(timedelta(hours=1)))
TODAY = NOW.date()
WIDTHS = (24, 36, 55, 90)
LONG = "日本語の名前と 👩‍👩‍👧 and a text that is far too long for every one of these panes " * 2


def issue(identity: str = "20261101-00000001", text: str = "send the offer", **fields: Any) -> Issue:
    return Issue(id=identity, text=text, opened=NOW - timedelta(days=18), **fields)


def met(days_ago: int, **fields: Any) -> Encounter:
    return Encounter(id=f"2026-enc-{days_ago}", at=NOW - timedelta(days=days_ago), **fields)


def stands(one: Issue, *timeline: Encounter) -> Standing:
    return standing(one, timeline, TODAY, "20240301-ana00001", "Ana Ruiz")


def ana(**fields: Any) -> Relationship:
    return Relationship(format=1, id="20240301-ana00001", name="Ana Ruiz", kind="person", **fields)


def summary(name: str = "Ana Ruiz", days_ago: int | None = 3, **fields: Any) -> Summary:
    last = None if days_ago is None else NOW - timedelta(days=days_ago)
    return Summary(name, name, name, "person", f"{name}.toml", last_contact=last, **fields)


def plain(rows: Sequence[Row]) -> list[str]:
    return [rows[index].content.plain for index in range(len(rows))]


def fit(rows: Sequence[Row], width: int) -> bool:
    """Whether every row is one line of at most `width` cells."""
    contents = [rows[index].content for index in range(len(rows))]
    return all(each.cell_length <= width and "\n" not in each.plain for each in contents)


def column(line: str, said: str) -> int:
    """The cell in which `said` begins."""
    return Content(line[: line.index(said)]).cell_length


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", [10, 20, 60])
@pytest.mark.parametrize("left", ["", "short", LONG])
def test_a_row_has_exactly_its_width_with_its_end_at_the_edge(left: str, width: int) -> None:
    made = parts.row(parts.text(left), Content("  Fri"), width).content
    assert made.cell_length == width
    assert made.plain.endswith("  Fri")


def test_a_sparkline_shows_the_newest_on_the_right() -> None:
    assert parts.sparkline([1, 2, 3, 4, 5], 4) == "▂▄▆█"
    assert parts.sparkline([5], 4) == "   █"
    assert parts.sparkline([], 4) == "    "
    assert [parts.spark(each) for each in (None, 1, 5)] == [" ", "▁", "█"]


def test_wrapped_lines_fit_and_the_last_one_says_that_there_is_more() -> None:
    rows = parts.wrapped(Content("one two three four five six seven"), 12, lines=2, indent=2)
    assert len(rows) == 2
    assert plain(rows)[-1].endswith(" …")
    assert all(each.startswith("  ") for each in plain(rows))
    assert fit(rows, 12)


def test_hanging_lines_begin_under_each_other() -> None:
    lines = plain(parts.hanging(Content("opens  "), Content("one two three four"), 16, lines=3))
    assert lines[0].startswith("opens  one")
    assert all(line.startswith(" " * 7) and line[7] != " " for line in lines[1:])


@pytest.mark.parametrize("said", ["\x1b]52;c;x\x07", "\u202egnp", "a\nb", "\x9b31m"])
def test_text_of_a_file_is_made_safe(said: str) -> None:
    assert not {"\x1b", "\x07", "\u202e", "\n", "\x9b"} & set(parts.text(said).plain)
    assert not {"\x1b", "\x07", "\u202e", "\n", "\x9b"} & {
        character for line in parts.note_lines(said) for character in line.plain
    }


def test_brackets_are_text() -> None:
    assert parts.text("[/foo] [b]x").plain == "[/foo] [b]x"
    assert [line.plain for line in parts.note_lines("[/foo]")] == ["[/foo]"]


def test_a_note_shows_quotes_headings_and_code_as_what_they_are() -> None:
    said = [line.plain for line in parts.note_lines("# Plan\n> their words\n#pricing\n```\n> code\n```")]
    assert said == ["Plan", "▎ their words", "#pricing", "```", "> code", "```"]


# ── relationships ────────────────────────────────────────────────────────────────────────────────────────


def test_columns_of_the_list_stand_under_each_other() -> None:
    issues = (OpenIssue(None, None, "me"),) * 12
    rows = RelationshipRows(
        Few([summary(), summary("Bo", 45, issues=issues[:2]), summary(LONG, 400, issues=issues)]), TODAY, set(), 34
    )
    lines = plain(rows)
    assert {Content(line).cell_length for line in lines} == {34}
    assert [column(lines[0], "○"), column(lines[1], "●"), column(lines[2], "●")] == [column(lines[0], "○")] * 3


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (summary(days_ago=0), "today"),
        (summary(days_ago=3), "3d"),
        (summary(days_ago=90), "3mo"),
        (summary(issues=(OpenIssue(None, TODAY - timedelta(days=1), "me"),)), "!"),
        (summary(days_ago=30, cadence="3w"), "!"),
        (summary(readable=False, problem="broken"), "damaged"),
        (summary(sparks=(1, 5)), "▁█"),
    ],
)
def test_the_list_says_in_signs_what_it_says_in_colours(one: Summary, said: str) -> None:
    assert said in plain(RelationshipRows(Few([one]), TODAY, set(), 34))[0]


def test_a_call_in_progress_is_marked_and_one_never_spoken_with_is_left_in_peace() -> None:
    rows = plain(RelationshipRows(Few([summary(), summary("Chiara", None)]), TODAY, {"Ana Ruiz"}, 34))
    assert rows[0].startswith("✎ Ana Ruiz")
    assert rows[1].strip() == "Chiara"


# ── where we left off ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("owner", ["me", "them", "us"])
def test_an_issue_says_whose_move_it_is_when_it_is_due_and_how_old_it_is(owner: Any) -> None:
    line = brief_pane.issue_row(stands(issue(owner=owner, due=date(2026, 11, 27))), TODAY, 60, 2).content.plain
    assert line.split()[:2] == ["2", owner]
    assert line.split()[-3:] == ["Fri", "↻0", "18d"]


def test_overdue_avoided_and_circling_are_words_or_signs() -> None:
    four = [met(days) for days in (8, 6, 4, 2)]
    ids = tuple(each.id for each in four)
    overdue = brief_pane.issue_row(stands(issue(due=date(2026, 11, 20))), TODAY, 60).content.plain
    avoided = brief_pane.issue_row(stands(issue(), *four), TODAY, 60).content.plain
    circling = brief_pane.issue_row(stands(issue(carried=ids), *four), TODAY, 60).content.plain
    assert "Fri 20 Nov !" in overdue
    assert "avoided" in avoided
    assert "circling" in circling
    assert "↻4" in circling
    assert all(Content(each).cell_length == 60 for each in (overdue, avoided, circling))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("unfolded", [False, True])
def test_every_row_of_the_brief_fits(width: int, unfolded: bool) -> None:
    aside = [
        issue("20261101-00000002", LONG, state="parked", parked_until=date(2026, 12, 15)),
        issue("20261101-00000003", LONG, state="settled", closed=NOW, outcome=LONG),
    ]
    heard = [Heard(id=f"20261101-0000001{n}", kind=kind, text=LONG) for n, kind in enumerate(("need", "about"))]
    one = ana(story=LONG, next_on=date(2026, 12, 10), next_about=LONG, issues=(issue(text=LONG), *aside), heard=heard)
    rows = brief_pane.brief_rows(brief(one, [met(3, note=LONG)], TODAY), TODAY, width, {}, unfolded)
    shown = [row for row in rows if row.key and not row.key.startswith("heard:")]
    assert fit(shown, width)
    assert sum(row.key == "issue:20261101-00000003" for row in rows) == unfolded


def test_the_brief_ranks_and_does_not_dump() -> None:
    """PRODUCT.md: The brief stays one screen: it ranks, it does not dump."""
    heard = [Heard(id=f"20261101-000000{n}", kind="need", text=f"need {n}") for n in range(10, 19)]
    rows = plain(brief_pane.brief_rows(brief(ana(heard=heard), [met(3)], TODAY), TODAY, 60, {}, False))
    assert sum("◇" in row for row in rows) == 3
    assert any("and 6 more unmet" in row for row in rows)


def test_issues_that_do_not_fit_are_counted_and_one_key_away() -> None:
    many = tuple(issue(f"20261101-000000{n}", f"thing {n}") for n in range(10, 23))
    found = brief(ana(issues=many), [met(3)], TODAY)
    folded = brief_pane.brief_rows(found, TODAY, 60, {}, False, issues_shown=False)
    assert [row.content.plain[:3] for row in folded if (row.key or "").startswith("issue:")][-1] == " 9 "
    assert [row.content.plain for row in folded if row.key == brief_pane.MORE] == [" ▸ 4 more open"]
    whole = plain(brief_pane.brief_rows(found, TODAY, 60, {}, False))
    assert any(line.startswith("13 me") for line in whole)
    assert not any("more open" in line for line in whole)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_brief_opens_with_next_time_and_names_what_changed_by_its_number(width: int) -> None:
    """PRODUCT.md: `next:` says when and about what …, and the brief opens with it."""
    about = Heard(id="20261101-00000010", kind="about", text="her marathon")
    dates = (Anniversary(label="birthday", on="--11-21"), Anniversary(label="renewal", on="--12-01"))
    due = issue("20261101-00000002", "send it", due=date(2026, 11, 21))
    one = ana(story="Ours.", next_on=TODAY, next_about="the board", issues=(issue(), due), heard=[about], dates=dates)
    found = brief(one, [met(3)], TODAY)
    rows = brief_pane.brief_rows(found, TODAY, width, {}, False, leads_on=True)
    said = " ".join(" ".join(plain(rows)).split())
    assert said.startswith("Ours. NEXT TIME today · the board ASK ABOUT her marathon COMING UP renewal Tue 1 Dec SINCE")
    if width >= 60:
        assert "SINCE WE LAST SPOKE birthday was on Sat 21 Nov · issue 1 came due Sat 21 Nov WHERE WE" in said
    assert next(row.key for row in rows if row.key) == brief_pane.STORY
    assert brief_pane.first_entry(found) == f"issue:{due.id}"
    past = " ".join(plain(brief_pane.brief_rows(found, TODAY, width, {}, False, is_past=True)))
    assert "COMING UP" not in past
    assert "SINCE" not in past


# ── the story ────────────────────────────────────────────────────────────────────────────────────────────

WORDS = st.text(st.sampled_from("ab  é界\u0301🙂"), max_size=60)


@given(WORDS, st.integers(2, 20))
def test_a_text_breaks_into_rows_that_fit_and_lose_nothing_but_blanks(said: str, width: int) -> None:
    spans = breaks(said, width)
    assert all(cell_len(said[start:stop]) <= width for start, stop in spans)
    kept = "".join(said[start:stop] for start, stop in spans)
    assert kept.replace(" ", "") == said.replace(" ", "")
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_story_is_as_high_as_it_is_drawn(width: int) -> None:
    note = f"# Plan\n> {LONG}\n\n- a\n界界界界界界界界界界界界界界界界界界界界"
    timeline = [met(40, note=note), met(3, note=""), met(2, note=LONG, channel="note")]
    opened = issue(opened_in=timeline[0].id)
    rows = StoryRows(told(ana(story=f"{LONG}\n\nmore", issues=(opened,)), timeline, {}, {}, TODAY), width)
    assert fit(rows, width)
    assert [rows[rows.index_of(f"encounter:{each.id}") or 0].key for each in timeline] == [
        f"encounter:{each.id}" for each in timeline
    ]
    lines = plain(rows)
    assert len(lines) == len(rows)
    assert sum(line.startswith("── ") for line in lines) == 2
    assert lines[-1] == ""
    assert rows.index_of("encounter:nobody") is None


# ── the timeline, one thing in full ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", WIDTHS)
def test_the_timeline_fits_newest_first_under_its_months(width: int) -> None:
    timeline = [met(40, note="older"), met(3, note=LONG, spark=4, nature="transaction"), met(1, note="\n\nnewest")]
    rows = TimelineRows(timeline, {"2026-enc-1": "home"}, {"home": "Acme GmbH"}, TODAY, width)
    assert fit(rows, width)
    lines = plain(rows)
    assert [line[:2] for line in lines] == ["──", "Sa", "Th", "──", "Tu"]
    assert lines[1].rstrip().endswith("Acme GmbH")
    assert "▆ ⇄" in lines[2]
    assert rows.index_of("encounter:2026-enc-40") == 4


def at(when: str, **fields: Any) -> Encounter:
    """An encounter named by its time: `2026-01-01T09:00+01:00`."""
    identity = when.translate(str.maketrans("", "", ":+"))
    return Encounter(id=identity, at=datetime.fromisoformat(when), **fields)


def drawn(*timeline: Encounter, homes: dict[str, str] | None = None) -> list[str]:
    """The lines of a timeline: a month by its name, an encounter by its day and where it lives."""
    rows = TimelineRows(timeline, homes or {}, {"acme": "Acme"}, TODAY, 40)
    return [" ".join(line.replace("─", "").replace("—", "").split()) for line in plain(rows)]


def test_each_month_has_one_heading_also_where_the_year_changes() -> None:
    timeline = [at(f"{day}T09:00+01:00") for day in ("2024-01-05", "2024-12-31", "2025-01-01", "2026-01-01")]
    assert drawn(*timeline) == [
        *("January 2026", "Thu 1 call"),
        *("January 2025", "Wed 1 call"),
        *("December 2024", "Tue 31 call"),
        *("January 2024", "Fri 5 call"),
    ]


def test_several_of_one_day_and_those_of_other_files_stand_under_one_heading() -> None:
    timeline = [at(f"2026-11-02T{hour}:00+01:00") for hour in ("09", "10", "11")]
    lines = drawn(*timeline, homes={timeline[1].id: "acme"})
    assert lines == ["November 2026", "Mon 2 call", "Mon 2 call Acme", "Mon 2 call"]


def test_an_encounter_stands_in_the_month_of_its_own_local_time() -> None:
    lines = drawn(at("2026-12-01T00:30+01:00"), at("2026-11-30T23:30-05:00"))
    assert lines == ["November 2026", "Mon 30 call", "December 2026", "Tue 1 call"]


def test_an_empty_timeline_has_no_rows() -> None:
    rows = TimelineRows([], {}, {}, TODAY, 40)
    assert (len(rows), rows.index_of("encounter:x"), newest_up_to([], TODAY)) == (0, None, None)


def test_of_a_transcript_only_the_beginning_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    note_lines = parts.note_lines

    def counting(note: str) -> Iterable[Content]:
        read.append(len(note))
        return note_lines(note)

    monkeypatch.setattr(parts, "note_lines", counting)
    rows = TimelineRows([met(1, note="\n \nthe first line\n" + "x" * 1_000_000)], {}, {}, TODAY, 60)
    assert rows[1].content.plain.endswith(" the first line")
    assert read == [1000]


OFFSETS = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.datetimes(datetime(2023, 12, 25), datetime(2024, 3, 5), timezones=OFFSETS) | st.datetimes(
    datetime(2022, 1, 1), datetime(2026, 1, 1), timezones=OFFSETS
)
TIMELINES = st.lists(MOMENTS, max_size=40).map(
    lambda moments: sorted(
        (Encounter(id=f"e{number}", at=moment) for number, moment in enumerate(moments)),
        key=lambda each: place_in_time(each.at, each.id, True),
    )
)


@given(TIMELINES)
def test_a_timeline_is_what_walking_through_it_one_by_one_gives(timeline: list[Encounter]) -> None:
    simple: list[tuple[str | None, str]] = []
    month = ""
    for each in reversed(timeline):
        day = each.at.date()
        if parts.month(day) != month:
            month = parts.month(day)
            simple.append((None, f"── {month} "))
        simple.append((f"encounter:{each.id}", f"{day:%a} {day.day:>2}"))
    rows = TimelineRows(timeline, {}, {}, TODAY, 40)
    assert len(rows) == len(simple)
    for index, (key, begins) in enumerate(simple):
        assert rows[index].key == key
        assert rows[index].content.plain.startswith(begins)
        assert key is None or rows.index_of(key) == index
    assert rows.index_of("encounter:nowhere") is None


@given(TIMELINES, st.dates(date(2021, 12, 25), date(2026, 1, 5)) | st.dates(date(2023, 12, 20), date(2024, 3, 10)))
def test_a_day_is_found_as_by_looking_at_every_encounter(timeline: list[Encounter], day: date) -> None:
    up_to = [each for each in timeline if each.at.date() <= day]
    assert newest_up_to(timeline, day) == (up_to[-1] if up_to else None)


@pytest.mark.parametrize("width", WIDTHS)
def test_one_thing_in_full_fits(width: int) -> None:
    encounter = met(3, note=LONG, spark=4, minutes=25)
    one = issue(text=LONG, opened_in=encounter.id, due=date(2026, 11, 20), state="settled", closed=NOW, outcome=LONG)
    need = Heard(id="20261101-00000010", kind="need", text=LONG, heard_in=encounter.id)
    everyone = ana(issues=(one,), heard=(need,))
    rows = details.encounter_rows(encounter, everyone, TODAY, width, {})
    rows += details.issue_rows(stands(one, encounter), (encounter,), TODAY, width)
    rows += details.heard_rows(need, (encounter,), TODAY, width)
    wrapped = [row for row in rows if "and a text" in row.content.plain]
    assert wrapped
    assert fit(wrapped, max(width, 8))


# ── the encounter in progress and its receipt ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", WIDTHS)
def test_the_agenda_fits_and_numbers_its_issues(width: int) -> None:
    agenda = [stands(issue(text=LONG, due=date(2026, 11, 20))), stands(issue("20261101-00000002", "short"))]
    rows = receipt.agenda_rows(agenda, TODAY, width, None, "elsewhere")
    assert fit(rows, width)
    assert [line.split()[:2] for line in plain(rows)] == [["1", "☐"], ["2", "☐"]]
    assert [row.key for row in rows] == ["issue:20261101-00000001", "issue:20261101-00000002"]


def test_what_is_not_understood_stands_out_by_its_sign() -> None:
    rows = plain(receipt.phrase_rows([Phrase("opens", "an issue"), Phrase("as typed", "= moon", doubtful=True)], 40))
    assert [row[0] for row in rows] == [" ", "?"]


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_a_receipt_fits_and_says_when_nothing_is_left_open(width: int) -> None:
    for left_open, said in ((0, True), (2, False)):
        rows = receipt.ended_rows(LONG, [Phrase("opened", LONG)], "Ana Ruiz", left_open, 4, "conversation", width)
        assert fit(rows, width)
        assert ("Nothing is left open with Ana Ruiz" in " ".join(" ".join(plain(rows)).split())) is said


# ── what was found ───────────────────────────────────────────────────────────────────────────────────────


def hit(said: str, sought: str, relationship: str = "Ana Ruiz", kind: Any = "encounter", at: Any = NOW) -> Hit:
    query = settled(parse(sought, TODAY), lambda word: False)
    return Hit("ana", "ana", relationship, kind, f"{kind}-{said[:9]}", at, said, query, 160)


@pytest.mark.parametrize("width", [*WIDTHS, 140])
def test_what_was_found_fits_with_the_words_that_were_sought_in_sight(width: int) -> None:
    said = "日本語の名前と長いメモ" * 8
    hits = [
        hit(f"{said} 会議 {said}", "会議", LONG),
        hit("word " * 40 + "needle" + " word" * 40, "needle", kind="issue"),
    ]
    rows = FoundRows(hits, TODAY, width)
    assert fit(rows, width)
    assert ["会議" in rows[0].content.plain, "needle" in rows[1].content.plain] == [True, True]
    assert room_for_text(width) <= width


def test_what_was_found_stands_in_columns() -> None:
    hits = [hit("pricing", "pricing"), hit("pricing", "pricing", "日本語", "relationship", None)]
    one, other = plain(FoundRows(hits, TODAY, 100))
    assert column(one, "pricing") == column(other, "pricing")
    assert column(one, "encounter") == column(other, "relationship")
    assert one.endswith("Sun 22 Nov") or one.endswith("today")
    assert len(plain(FoundRows(hits, TODAY, 55))[0].split()) < len(one.split())


def test_the_words_that_were_sought_differ_by_more_than_their_colour() -> None:
    """CONTRACT.md, Looks: Meaning never hangs on colour alone."""
    said = marked("send pricing now", ((5, 12),), 40)
    assert [said.plain[span.start : span.end] for span in said.spans if "bold underline" in str(span.style)] == [
        "pricing"
    ]


@pytest.mark.parametrize(
    "said", ["a \x1b]52;c;x\x07 needle \u202e b", "\x9b31m needle\u200b", "[/b] needle [@click=app.quit]"]
)
def test_what_was_found_is_made_safe_and_marked_all_the_same(said: str) -> None:
    start = said.index("needle")
    shown = marked(said, ((start, start + 6),), 60)
    assert not {"\x1b", "\x07", "\u202e", "\x9b", "\u200b"} & set(shown.plain)
    assert [shown.plain[span.start : span.end] for span in shown.spans] == ["needle"]


def test_what_can_be_typed_is_an_example_a_line() -> None:
    assert fit(guide_rows(64), 64)
    assert plain(nothing_rows(64))[0].startswith("Nothing is found.")
