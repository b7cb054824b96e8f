"""The small pieces that rows are made of. All text from a file passes `sanitize` here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from textual.content import Content

from convo_tui.core.inline import topic_spans
from convo_tui.sanitize import sanitize, single
from convo_tui.tui.widgets.line_list import Row

QUIET, HEADING, OVERDUE, NEED = "$quiet", "bold $heading", "$overdue", "$need"
OWNER_STYLE = {"me": "$me", "them": "$them", "us": "$us"}
_BARS = "▁▂▄▆█"


def text(said: str, style: str = "") -> Content:
    """Return one line of a file's text, made safe for the screen."""
    return Content.styled(single(said), style)


def after(gap: str, said: str, style: str = QUIET) -> Content:
    """Return text that follows other text, a gap or a separator before it; nothing for nothing."""
    return Content.styled(gap, style) + text(said, style) if said.strip() else Content()


def spark(value: int | None) -> str:
    """Return a spark of 1 to 5 as a bar; a space for none."""
    return _BARS[value - 1] if value else " "


def sparkline(sparks: Sequence[int], width: int) -> str:
    """Return the newest `width` sparks as bars, oldest first, right-aligned."""
    return "".join(_BARS[each - 1] for each in sparks[-width:]).rjust(width)


def row(left: Content, right: Content | None = None, width: int = 0, key: str | None = None) -> Row:
    """Return a line with `left` cut to the room that `right`, at the end of `width` cells, leaves it."""
    if right is None:
        return Row(left.truncate(width, ellipsis=True) if width else left, key)
    room = max(1, width - right.cell_length - 1)
    left = left.truncate(room, ellipsis=True)
    return Row(left.pad_right(max(0, width - left.cell_length - right.cell_length)) + right, key)


def marked(made: Row, keys: Collection[str]) -> Row:
    """Return a row with a tick in place of the three cells that it begins with, when its key is among `keys`."""
    return Row(Content.styled(" ✓ ", "bold $accent") + made.content[3:], made.key) if made.key in keys else made


def heading(said: str, rest: Content | None = None, key: str | None = None, *, capitals: bool = True) -> Row:
    """Return a heading, in capitals unless it is a name, with something quieter after it."""
    content = text(said.upper() if capitals else said, HEADING)
    return Row(content + "  " + rest if rest else content, key)


def wrapped(content: Content, width: int, key: str | None = None, lines: int = 0, indent: int = 0) -> list[Row]:
    """Return `content` on lines of `width` cells; on at most `lines` of them, the last cut with `…`."""
    room = max(8, width - indent)
    made = content.wrap(room) if content else [Content()]
    if lines and len(made) > lines:
        made = [*made[: lines - 1], made[lines - 1].rstrip().truncate(room - 2) + " …"]
    return [Row(Content(" " * indent) + line.rstrip(), key) for line in made]


def hanging(first: Content, content: Content, width: int, lines: int = 0, key: str | None = None) -> list[Row]:
    """Return `content` after `first`, its further lines under its own beginning; at most `lines` of them."""
    indent = first.cell_length
    made = wrapped(content, width - indent, lines=lines)
    return [Row((Content(" " * indent) if place else first) + each.content, key) for place, each in enumerate(made)]


def note_lines(note: str) -> Iterable[Content]:
    """Return the lines of a note with its Markdown made visible: quotes, headings, code and topics."""
    fenced = False
    for line in sanitize(note, lines=True).split("\n"):
        bare = line.lstrip()
        if bare.startswith(("```", "~~~")):
            fenced = not fenced
            yield Content.styled(line, QUIET)
        elif fenced:
            yield Content.styled(line, "$secondary")
        elif bare.startswith(">"):
            yield Content.styled("▎ " + bare[1:].strip(), "italic $quote")
        elif bare.startswith("#") and bare.lstrip("#").startswith(" "):
            yield Content.styled(bare.lstrip("#").strip(), "bold")
        else:
            yield with_topics(Content(line))


def with_topics(content: Content) -> Content:
    """Return `content` with its `#topics` coloured."""
    for start, end in topic_spans(content.plain):
        content = content.stylize("$topic", start, end)
    return content


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(when: date, today: date | None = None) -> str:
    """Return `Thu 19 Nov`, with the year when it is not the one of `today`."""
    year = f" {when.year}" if today is None or when.year != today.year else ""
    return f"{_DAYS[when.weekday()]} {when.day} {_MONTHS[when.month - 1]}{year}"


def month(when: date) -> str:
    """Return `November 2026`."""
    return f"{_LONG_MONTHS[when.month - 1]} {when.year}"


def clock(now: datetime) -> str:
    """Return `Sun 22 Nov 10:37`."""
    return f"{day(now.date(), now.date())} {now:%H:%M}"


def progress(done: int, total: int) -> str:
    """Return how far a long piece of work is: `reading the journal ━━━━━━╌╌╌╌ 62 %`."""
    share = done / total if total else 1.0
    full = round(share * _PROGRESS)
    return f"reading the journal {'━' * full}{'╌' * (_PROGRESS - full)} {share:.0%}".replace("%", " %")


_PROGRESS = 16
"""Columns of a bar that shows how far something is."""
