"""The shape of a relationship over time, drawn: a year's calendar, its spark, and whose moves there were.

Every sign tells by its form what its colour tells, and the words say the rest (SCREENS.md, "Looks").
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.tui.rows import parts
from convo_tui.tui.rows.signs import Signs, signs
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.shape import Day, Month, Moves, Shape

_LABEL = 6
"""The column of what a line is: the drawings begin at one edge."""
_CALENDAR = _LABEL + 31
"""Columns that a calendar needs."""
_BAR, _SHORTEST_BAR = 16, 10
"""Cells that a bar has at most, and that it needs beside its words; where they are not there the words stand below."""
_OWNERS = (("me", "yours"), ("them", "theirs"), ("us", "ours"))


def shape_rows(shape: Shape, today: date, width: int, with_signs: Signs | None = None) -> list[Row]:
    """Return the shape of a relationship on `today`; nothing where there is nothing to draw.

    Without `with_signs` they are those that the terminal can show. A narrow pane has no room for the calendar.
    """
    if shape.is_blank:
        return []
    drawn = with_signs or signs()
    said = f"{shape.encounters} encounter{'' if shape.encounters == 1 else 's'}"
    rows = [parts.row(parts.heading("The last year", Content.styled(said, parts.QUIET)).content, width=width)]
    if shape.encounters and width >= _CALENDAR:
        rows += [_month(each, today, width, drawn) for each in shape.months]
    rows += _spark(shape, width, drawn)
    rows += _moves(shape, width, drawn)
    return rows


def _label(said: str) -> Content:
    return Content.styled(f"{said:<{_LABEL}}", parts.QUIET)


# ── the calendar ─────────────────────────────────────────────────────────────────────────────────────────


def _month(month: Month, today: date, width: int, drawn: Signs) -> Row:
    days = groupby((_cell(each, today, drawn) for each in month.days), key=itemgetter(1))  # few spans are quick to draw
    cells = Content.assemble(*(("".join(sign for sign, _ in run), style) for style, run in days)).rstrip()
    line = _label(parts.month(month.first)[:3]) + cells
    if (month.first.year, month.first.month) == (today.year, today.month):
        pointers = (f" {drawn.here} today", f" {drawn.here}", "")
        room = width - line.cell_length
        line += Content.styled(next(each for each in pointers if len(each) <= room), parts.QUIET)
    return Row(line)


def _cell(day: Day | None, today: date, drawn: Signs) -> tuple[str, str]:
    if day is None:
        return " ", ""
    if day.spark:
        sign, style = drawn.sparks[day.spark - 1], "$spark"
    else:
        sign, style = (drawn.encounter, "") if day.met else (drawn.day, parts.QUIET)
    return sign, f"{style} underline".strip() if day.on == today else style


# ── the lines below it ───────────────────────────────────────────────────────────────────────────────────


def _spark(shape: Shape, width: int, drawn: Signs) -> list[Row]:
    """The sparks, the newest last, and in words what they were lately."""
    if not shape.sparks:
        return []
    lately = shape.lately
    said = f"last {shape.sparks[-1]} of 5" if lately is None else f"lately {lately:g} of 5"
    line = "".join(drawn.sparks[each - 1] for each in shape.sparks[-max(1, width - _LABEL - 2 - len(said)) :])
    return [Row(Content.assemble(_label("spark"), (line, "$spark"), (f"  {said}", parts.QUIET)).truncate(width))]


def _moves(shape: Shape, width: int, drawn: Signs) -> list[Row]:
    """The issues of the year as a bar and in words, those that are open, and how long they wait for me."""
    rows: list[Row] = []
    if shape.moves.total:
        rows += _balance(shape.moves, width, drawn)
    if shape.open_now.total:
        rows += parts.hanging(_label("open"), _words(shape.open_now, drawn), width)
    if shape.waiting_days:
        days = f"{shape.waiting_days} day{'' if shape.waiting_days == 1 else 's'}"
        rows += parts.hanging(_label(""), Content.styled(f"they wait for you: {days}", parts.QUIET), width)
    return rows


def _balance(moves: Moves, width: int, drawn: Signs) -> list[Row]:
    words, label = _words(moves, drawn), _label("moves")
    room = width - _LABEL - 2 - words.cell_length
    if room >= min(moves.total, _SHORTEST_BAR):
        return [Row(label + _bar(moves, min(_BAR, room), drawn) + "  " + words)]
    bar = _bar(moves, max(len(_OWNERS), min(_BAR, width - _LABEL)), drawn)
    return [Row(label + bar), *parts.hanging(_label(""), words, width)]


def _words(moves: Moves, drawn: Signs) -> Content:
    said = [(f"{getattr(moves, owner)} {word}", owner) for owner, word in _OWNERS if getattr(moves, owner)]
    between = Content.styled(drawn.between, parts.QUIET)
    return between.join(Content.styled(each, parts.OWNER_STYLE[owner]) for each, owner in said)


def _bar(moves: Moves, room: int, drawn: Signs) -> Content:
    """A bar of at most `room` cells: a cell is a move as long as they fit, and nobody who moved is without one."""
    counts = [getattr(moves, owner) for owner, _ in _OWNERS]
    cells = shares(counts, min(room, moves.total))
    made = zip(drawn.moves, cells, _OWNERS, strict=True)
    return Content.assemble(*((sign * count, parts.OWNER_STYLE[owner]) for sign, count, (owner, _) in made))


def shares(counts: Sequence[int], cells: int) -> list[int]:
    """Return how many of `cells` each of these counts gets: one when it is not 0, then by how much is missing.

    There are at least as many cells as counts that are not 0.
    """
    given = [min(each, 1) for each in counts]
    while sum(given) < cells:
        missing = [each * cells / sum(counts) - has for each, has in zip(counts, given, strict=True)]
        given[missing.index(max(missing))] += 1
    return given
