"""The agenda of an encounter in progress, what its note will do, and what it did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.dates import short
from convo_tui.tui.rows import parts
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.carry import Standing
    from convo_tui.core.meaning import Reading
    from convo_tui.core.receipt import Phrase


def agenda_rows(agenda: Sequence[Standing], today: date, width: int, reading: Reading | None, home: str) -> list[Row]:
    """Return the numbered open issues of an encounter: `☐` untouched, `↻` carried, `✓` settled by the note so far."""
    carried, settled = touched(reading)
    rows = []
    for number, each in enumerate(agenda, 1):
        issue = each.issue
        done = issue.id in settled or not issue.is_open(today)
        box, style = ("✓", "$us") if done else ("↻", "$accent") if issue.id in carried else ("☐", parts.QUIET)
        said = parts.text(issue.text, parts.QUIET if done else "")
        whose = parts.after(" ", each.relationship) if each.relationship_id != home else Content()
        left = Content.assemble((f"{number:>2} ", parts.QUIET), (f"{box} ", style), parts.with_topics(said), whose)
        due = f" {short(issue.due, today)}{' !' if each.overdue else ''}" if issue.due else ""
        right = Content.assemble(
            (due, parts.OVERDUE if each.overdue else "$accent"), (f" ↻{each.carried:<2}", parts.QUIET)
        )
        rows.append(parts.row(left, right, width, f"issue:{issue.id}"))
    return rows or [Row(Content.styled("Nothing was left open.", parts.QUIET))]


def touched(reading: Reading | None) -> tuple[set[str], set[str]]:
    """Return the ids of the issues that a note carries, and of those that it settles."""
    if reading is None:
        return set(), set()
    from convo_tui.core.meaning import Carries, Settles

    carried = {item.issue.id for each in reading.of(Carries) for item in each.items}
    return carried, {each.item.issue.id for each in reading.of(Settles)}


def phrase_rows(phrases: Sequence[Phrase], width: int) -> list[Row]:
    """Return a line or two for each thing that a note does; what is not understood stands out, by its sign too."""
    rows: list[Row] = []
    for each in phrases:
        style = "$warning" if each.doubtful else "$accent"
        first = Content.styled(f"{'?' if each.doubtful else ' '} {each.verb:<9}", style)
        rows += parts.hanging(first, parts.with_topics(parts.text(each.text)), width, lines=2)
    return rows


def hint_rows(width: int) -> list[Row]:
    """Return the marks that a note knows, for one that has none yet."""
    marks = (("!", "issue"), ("?", "ask"), ("~", "carry"), ("=", "settle"), ("need:", "heard"), (">", "their words"))
    said = Content("   ").join(Content.assemble((mark, "$accent"), (f" {what}", parts.QUIET)) for mark, what in marks)
    return parts.wrapped(said, width, lines=2)


def ended_rows(
    title: str, phrases: Sequence[Phrase], name: str, left_open: int, spark: int | None, nature: str, width: int
) -> list[Row]:
    """Return the receipt of an encounter that was saved, and what can still be said of it."""
    rows = [*parts.wrapped(parts.text(title, "bold"), width), Row(Content())]
    rows += (
        phrase_rows(phrases, width)
        if phrases
        else [Row(Content.styled("  Nothing was opened, carried or settled.", parts.QUIET))]
    )
    rows.append(Row(Content()))
    if left_open == 0:
        said = f"Nothing is left open with {name}: what would you like to come back to?"
        said += "  i opens an issue, or says when you talk next"
        rows += [*parts.wrapped(parts.text(said, "$warning"), width), Row(Content())]
    sparks = Content.assemble(
        *((f"{parts.spark(each)} ", "$spark" if each <= (spark or 0) else parts.QUIET) for each in range(1, 6))
    )
    rows.append(Row(Content.assemble(("1–5 ", "bold $accent"), ("spark   ", parts.QUIET), sparks)))
    rows.append(Row(Content.assemble(("m   ", "bold $accent"), ("nature  ", parts.QUIET), nature)))
    for key, said in (("i", "open an issue"), ("u", "undo: back to the note"), ("enter", "done")):
        rows.append(Row(Content.assemble((f"{key:<6}", "bold $accent"), (said, parts.QUIET))))
    return rows
