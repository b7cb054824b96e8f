"""The shape of a relationship as lines: also narrow, without colour and without Unicode (SCREENS.md, "Looks")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convo_tui.core.models import Encounter, Issue, Relationship
from convo_tui.core.shape import Shape, shape
from convo_tui.tui.rows import signs as signs_of
from convo_tui.tui.rows.shape import shape_rows, shares
from convo_tui.tui.rows.signs import ASCII, UNICODE, Signs, signs
from convo_tui.tui.widgets.line_list import Row

TODAY = date(2026, 11, 22)
SPARKS = {(10, 3): 5, (10, 9): 1, (11, 3): None, (11, 12): 3, (11, 22): 2}


def issues(**counts: int) -> list[Issue]:
    return [
        Issue(id=f"20261104-{owner}{each:05}", text="send it", owner=owner, state="settled" if each else "open")
        for owner, count in counts.items()
        for each in range(count)
    ]


def drawn(today: date = TODAY, sparks: dict[Any, Any] = SPARKS, **counts: int) -> Shape:
    ana = Relationship(format=1, id="20240301-ana00001", name="Ana", kind="person", issues=issues(**counts))
    zone = timezone(timedelta(hours=1))
    timeline = [
        Encounter(id=f"{number}", at=datetime.combine(date(2026, *day), time(9), zone), spark=spark)
        for number, (day, spark) in enumerate(sparks.items())
    ]
    return shape(ana, timeline, today)


def lines(rows: Sequence[Row]) -> list[str]:
    return [each.content.plain.rstrip() for each in rows]


@pytest.mark.parametrize("used", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [16, 30, 37, 38, 45, 100])
def test_the_lines_fit_and_cut_no_word_of_the_balance(width: int, used: Signs) -> None:
    found = shape_rows(drawn(me=12, them=7, us=4), TODAY, width, used)
    assert all(each.content.cell_length <= width and "\n" not in each.content.plain for each in found)
    if width >= 30:
        said = " ".join(" ".join(lines(found)).split())
        assert used.between.join(["12 yours", "7 theirs", "4 ours"]) in said
        assert "they wait for you: 18 days" in said
        assert "lately 2.5 of 5" in said


def test_a_year_of_encounters_as_it_is_drawn() -> None:
    found = lines(shape_rows(drawn(me=12, them=7, us=4), TODAY, 60, UNICODE))
    assert found[0] == "THE LAST YEAR  5 encounters"
    assert found[1] == "Dec   " + "·" * 31
    assert found[3] == "Feb   " + "·" * 28
    assert found[11:] == [
        "Oct   ··█·····▁······················",
        "Nov   ··•········▄·········▂ ‹ today",
        "spark █▁▄▂  lately 2.5 of 5",
        "moves ████████▒▒▒▒▒░░░  12 yours · 7 theirs · 4 ours",
        "open  1 yours · 1 theirs · 1 ours",
        "      they wait for you: 18 days",
    ]


def test_without_unicode_it_says_the_same() -> None:
    found = lines(shape_rows(drawn(me=2, us=1), TODAY, 45, ASCII))
    assert "".join(found).isascii()
    assert found[11:] == [
        "Oct   ..5.....1......................",
        "Nov   ..o........3.........2 < today",
        "spark 5132  lately 2.5 of 5",
        "moves ##-  2 yours, 1 ours",
        "open  1 yours, 1 ours",
        "      they wait for you: 18 days",
    ]


def test_no_two_signs_of_one_drawing_are_the_same() -> None:
    """ "Meaning never hangs on colour alone"."""
    for each in (UNICODE, ASCII):
        assert len({each.day, each.encounter, *each.sparks, " "}) == 8
        assert len({*each.moves, " "}) == 4


def test_today_is_underlined_and_pointed_at_where_there_is_room() -> None:
    end = date(2026, 10, 31)
    for width, pointer in ((60, " ‹ today"), (39, " ‹"), (37, "")):
        october = shape_rows(drawn(end), end, width, UNICODE)[12].content
        assert october.plain == "Oct   ··█·····▁······················" + pointer
        assert [october.plain[span.start : span.end] for span in october.spans if "underline" in str(span.style)] == [
            "·"
        ]


def test_a_narrow_pane_has_the_lines_but_no_calendar() -> None:
    found = lines(shape_rows(drawn(me=12, them=7, us=4), TODAY, 30, UNICODE))
    labels = [each[:6].strip() for each in found]
    assert [each for each in labels if each] == ["THE LA", "spark", "moves", "open"]


def test_of_what_there_is_nothing_nothing_is_drawn() -> None:
    assert shape_rows(drawn(sparks={}), TODAY, 60) == []
    assert lines(shape_rows(drawn(sparks={(11, 3): None}), TODAY, 60))[0] == "THE LAST YEAR  1 encounter"
    assert len(shape_rows(drawn(sparks={(11, 3): None}), TODAY, 60)) == 13, "no line about sparks or moves"
    assert lines(shape_rows(drawn(sparks={}, them=1), TODAY, 60, UNICODE)) == [
        "THE LAST YEAR  0 encounters",
        "moves ▒  1 theirs",
        "open  1 theirs",
    ]
    few = lines(shape_rows(drawn(sparks={(11, 3): 4}), TODAY, 60, UNICODE))
    assert few[-1] == "spark ▆  last 4 of 5", "nothing is said of a trend"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", UNICODE), ("UTF-16", UNICODE), ("ascii", ASCII), ("ISO-8859-1", ASCII), (None, UNICODE)],
)
def test_the_encoding_of_the_terminal_decides(
    monkeypatch: pytest.MonkeyPatch, encoding: str | None, found: Signs
) -> None:
    monkeypatch.setattr(signs_of.sys, "__stderr__", SimpleNamespace(encoding=encoding))
    assert signs() is found


@given(st.lists(st.integers(0, 400), min_size=3, max_size=3).filter(any), st.integers(3, 16))
def test_whoever_moved_has_a_cell_and_who_moved_more_has_no_fewer(counts: list[int], room: int) -> None:
    cells = min(room, sum(counts))
    given_ = shares(counts, cells)
    assert sum(given_) == cells
    assert [bool(each) for each in given_] == [bool(each) for each in counts]
    ranked = sorted(zip(counts, given_, strict=True))
    assert all(one[1] <= other[1] or one[0] == other[0] for one, other in pairwise(ranked))
