"""The people of an organisation as lines: a table of them, and one of them from closer by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.dates import age, dated
from convo_tui.tui.place import Place
from convo_tui.tui.rows import parts
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.models import Encounter
    from convo_tui.core.people import Someone
    from convo_tui.core.pulse_rules import Reason
    from convo_tui.core.reaching import Way

OWN = " ↗"
"""Stands after the name of whoever has a file of their own."""

_GAP = 2
_WIDEST_NAME = 24
_NARROWEST_ROLE, _WIDEST_ROLE = 10, 26
_INFLUENCE, _STANCE, _LAST, _SPOKEN_OF = 10, 8, 6, 18
_STYLES = {"decides": "bold $accent", "advocate": "$us", "critic": "$warning"}
_HEADINGS = ("NAME", "ROLE", "INFLUENCE", "STANCE", "LAST", "SPOKEN OF BY")
_NOTHING = "·"
"""Stands where nothing was noted: that counts against no one."""
_MOST = 100
"""So many encounters with someone are listed, and as many in which they were spoken of; the timeline has all."""


def place_of(someone: Someone, organisation: Place) -> Place:
    """Return the place of someone: among the people of the organisation, else their own relationship."""
    if someone.is_listed:
        return Place(organisation.key, "person", someone.id, someone.name)
    return Place(someone.id, "relationship", someone.id, someone.name)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Cells of the columns; 0 for one that has no room."""

    name: int
    role: int
    influence: int = 0
    stance: int = 0
    last: int = 0
    spoken_of: int = 0


def _columns(everyone: Sequence[Someone], width: int) -> _Columns:
    """Give each column its room, from the left; what does not fit is left out from the right, never the name.

    What is left over goes to the role, and then to the last column.
    """
    names = (parts.text(each.name + OWN * bool(each.own)).cell_length for each in everyone)
    name = min(max(names, default=0), _WIDEST_NAME, width)
    role = min(max((parts.text(each.role).cell_length for each in everyone), default=0), _WIDEST_ROLE)
    room, cells = width - name, [0] * 5
    spoken_of = _SPOKEN_OF if any(each.mentions for each in everyone) else 0
    for at, least in enumerate((min(role, _NARROWEST_ROLE), _INFLUENCE, _STANCE, _LAST, spoken_of)):
        if least and room < least + _GAP:
            break
        room -= least + _GAP if least else 0
        cells[at] = least
    more = min(room, role - cells[0]) if cells[0] else 0
    cells[0] += more
    cells[4] += room - more if cells[4] else 0
    return _Columns(name, *cells)


def people_rows(
    everyone: Sequence[Someone], said: Iterable[Reason], organisation: Place, today: date, width: int
) -> list[Row]:
    """Return what the pulse says of them, and the table of everyone."""
    if not everyone:
        return []
    rows = [
        row for each in said for row in parts.hanging(Content.styled(" ! ", "$warning"), parts.text(each.text), width)
    ]
    columns = _columns(everyone, width)
    name, role, influence, stance, last, spoken_of = (Content.styled(each, parts.HEADING) for each in _HEADINGS)
    head = _line(columns, name, role, influence, stance, last, spoken_of)
    rows += [Row(Content()), Row(head)] if rows else [Row(head)]
    return [*rows, *(Row(_row(each, columns, today), place_of(each, organisation).row) for each in everyone)]


def _row(someone: Someone, columns: _Columns, today: date) -> Content:
    gone = someone.has_left(today)
    quiet = parts.QUIET if gone else ""
    mark = Content.styled(OWN if someone.own else "", "$accent" if not gone else parts.QUIET)
    name = parts.text(someone.name, quiet).truncate(columns.name - mark.cell_length, ellipsis=True) + mark
    role = parts.text(someone.role, parts.QUIET)
    influence, stance = _word(someone.influence), _word(someone.stance) if someone.is_listed and not gone else None
    if stance is None:
        left = f"left {dated(someone.left, today)}" if someone.left else "a file of their own"
        influence = parts.text(left, parts.QUIET)
    last = _age(someone.last, today) or Content.styled("never", parts.QUIET)
    return _line(columns, name, role, influence, stance, last, _spoken_of(someone, today))


def _word(said: str) -> Content:
    return Content.styled(_NOTHING, parts.QUIET) if said == "unknown" else Content.styled(said, _STYLES.get(said, ""))


def _age(day: date | None, today: date) -> Content:
    return Content(age((today - day).days)) if day is not None else Content()


def _spoken_of(someone: Someone, today: date) -> Content:
    if not someone.mentions:
        return Content()
    newest = someone.mentions[0]
    when = age((today - newest.encounter.at.date()).days)
    return Content(f"{when:<5}") + parts.text(", ".join(newest.by), parts.QUIET)


def _line(
    columns: _Columns,
    name: Content,
    role: Content,
    influence: Content,
    stance: Content | None,
    last: Content,
    spoken_of: Content,
) -> Content:
    """Put the cells of a line side by side; without a stance the influence takes its room too."""
    both = stance is None and columns.stance
    cells = [
        (name, columns.name),
        (role, columns.role),
        (influence, columns.influence + (columns.stance + _GAP if both else 0)),
        (stance or Content(), 0 if both else columns.stance),
        (last, columns.last),
        (spoken_of, columns.spoken_of),
    ]
    return Content(" " * _GAP).join(each.truncate(room, ellipsis=True, pad=True) for each, room in cells if room)


# ── from closer by ───────────────────────────────────────────────────────────────────────────────────────


def someone_rows(someone: Someone, ways: Sequence[Way], today: date, width: int) -> list[Row]:
    """Return how to reach someone, the encounters in which they took part, and where they were spoken of."""
    facts = [someone.role, *(each for each in (someone.influence, someone.stance) if each != "unknown")]
    facts += [f"left {dated(someone.left, today)}"] if someone.left else []
    rows = parts.wrapped(parts.text(" · ".join(filter(None, facts)), parts.QUIET), width) if any(facts) else []
    if someone.own:
        rows += parts.wrapped(Content.styled("has a file of their own: O goes there", parts.QUIET), width)
    if not someone.is_listed:
        rows += parts.wrapped(Content.styled("is not among the people yet: + adds them", parts.QUIET), width)
    label = min(max((len(each.label) for each in ways), default=0), _WIDEST_LABEL)
    for way in ways:
        kind = parts.text(way.label, "$accent").truncate(label, ellipsis=True, pad=True)
        rows.append(parts.row(kind + "  " + parts.text(way.value), width=width))
    rows += [Row(Content())] if rows else []
    if someone.encounters:
        rows.append(parts.heading("Spoken with", Content.styled(_counted(len(someone.encounters)), parts.QUIET)))
        rows += [_encounter(each, today, width) for each in someone.encounters[:_MOST]]
    else:
        said = "You have not spoken with them yet: n starts an encounter."
        rows += parts.wrapped(Content.styled(said, parts.QUIET), width)
    if someone.mentions:
        rows += [Row(Content()), parts.heading("Spoken of")]
        rows += [_encounter(each.encounter, today, width, each.by) for each in someone.mentions[:_MOST]]
    return rows


_WIDEST_LABEL, _WHEN, _CHANNEL = 16, 12, 9


def _counted(count: int) -> str:
    return f"{count:,} encounter" if count == 1 else f"{count:,} encounters"


def _encounter(encounter: Encounter, today: date, width: int, by: Sequence[str] = ()) -> Row:
    """A line of an encounter: when, how, by whom it was said, and how its note begins."""
    when = Content.styled(f" {dated(encounter.at.date(), today):<{_WHEN}}", "$accent")
    channel = Content.styled(f"{encounter.channel:<{_CHANNEL}}", parts.QUIET)
    who = parts.text(", ".join(by), "bold") + Content("  ") if by else Content()
    note = parts.with_topics(parts.text(encounter.note))
    return parts.row(when + channel + who + note, width=width, key=f"encounter:{encounter.id}")
