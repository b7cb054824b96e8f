"""The pulse as lines: a name and why, a few at a time; closer by every reason, with the entries that show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from textual.content import Content

from convo_tui.core.plain_words import lasting
from convo_tui.core.pulse import AT_ONCE
from convo_tui.core.summary import DAYS_OF_CADENCE
from convo_tui.tui.place import Place
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.brief import encounter_facts
from convo_tui.tui.rows.lazy import LazyRows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.models import Encounter, Heard, Issue, Person
    from convo_tui.core.pulse import Attention
    from convo_tui.store.journal import View

    Entry: TypeAlias = Issue | Heard | Encounter | Person

REST = "rest"
"""The key of the line that unfolds the others."""

_INDENT = 3
_FIRST, _OTHERS = 4, 2
"""Lines of the sentence that says why: so many at the most for the first few, and exactly so many for the others."""
_SINCE, _CADENCE, _WIDE_ENOUGH_FOR_CADENCE = 10, 12, 44
_HEIGHT = 1 + _OTHERS
_WORD = 7
_NOTE = 1000
"""Characters of a note in which its first line is looked for."""


def place_of(attention: Attention) -> Place:
    """Return the place of a relationship that needs attention."""
    return Place(attention.id, "relationship", attention.id, attention.name)


class PulseRows(LazyRows):
    """Those who need attention, the first few in full; the others, of whom there may be thousands, when `whole`."""

    def __init__(self, found: Sequence[Attention], width: int, *, whole: bool) -> None:
        self._width = width
        self._first = [row for each in found[:AT_ONCE] for row in [*_entry(each, width, _FIRST), Row(Content())]]
        self._others = found[AT_ONCE:] if whole else ()
        self._foot = _foot(len(found) - AT_ONCE, whole) if len(found) > AT_ONCE else []
        self._end = len(self._first) + _HEIGHT * len(self._others)
        super().__init__(self._end + len(self._foot))

    def row(self, index: int) -> Row:
        """Make a line of one who needs attention, or the one at the foot."""
        if index < len(self._first):
            return self._first[index]
        if index >= self._end:
            return self._foot[index - self._end]
        place, line = divmod(index - len(self._first), _HEIGHT)
        made = _entry(self._others[place], self._width, _OTHERS)
        return made[line] if line < len(made) else Row(Content())

    def index_of(self, key: str) -> int | None:
        """Return where someone stands, or the line that unfolds the others."""
        if key == REST:
            return self._end if self._foot else None
        first = next((index for index, row in enumerate(self._first) if row.key == key), None)
        if first is not None:
            return first
        place = next((place for place, each in enumerate(self._others) if place_of(each).row == key), None)
        return None if place is None else len(self._first) + _HEIGHT * place


def _entry(attention: Attention, width: int, lines: int) -> list[Row]:
    """A name with how long it has been, and the weightiest reason."""
    key = place_of(attention).row
    name = Content(" ") + parts.text(attention.name, "bold")
    said = parts.text(attention.reasons[0].text)
    return [
        parts.row(name, _rhythm(attention, width), width, key),
        *parts.wrapped(said, width, key, lines, _INDENT),
    ]


def _rhythm(attention: Attention, width: int) -> Content:
    days, cadence = attention.days_since, attention.cadence_days
    since = "" if days is None else lasting(days) if days > 0 else "today"
    said = f"{since:>{_SINCE}}"
    if width >= _WIDE_ENOUGH_FOR_CADENCE:
        said += f"{f' · every {_interval(cadence)}' if cadence is not None else '':<{_CADENCE}}"
    return Content.styled(said, parts.QUIET)


def _interval(days: int) -> str:
    """Return a cadence in its largest unit: `3w`."""
    length, unit = max((length, unit) for unit, length in DAYS_OF_CADENCE.items() if days % length == 0)
    return f"{days // length}{unit}"


def _foot(others: int, whole: bool) -> list[Row]:
    said = " ▾ all are shown" if whole else f" ▸ {others:,} more would like to hear from you"
    return [Row(Content.styled(said, parts.QUIET), REST)]


# ── closer by ────────────────────────────────────────────────────────────────────────────────────────────


def reason_rows(attention: Attention, view: View, today: date, width: int) -> list[Row]:
    """Return every reason as a sentence, and below it the entries that show it, which can be selected."""
    entries = _entries(view)
    rows: list[Row] = []
    for number, reason in enumerate(attention.reasons):
        rows += [Row(Content())] if rows else []
        rows += parts.wrapped(parts.text(reason.text), width)
        for kind, entry in (entries[each] for each in reason.evidence if each in entries):
            key = f"{number} {kind}:{entry.id}"  # what shows two reasons stands below both
            rows += [replace(row, key=key) for row in _evidence(entry, view.names, today, width)]
    return rows


def entry_at(place: Place, key: str | None) -> Place | None:
    """Return the place of the entry whose row has this key, below a reason of the relationship `place`."""
    kind, _, identity = (key or "").partition(" ")[2].partition(":")
    return replace(place, kind=kind, id=identity) if identity else None


def _entries(view: View) -> Mapping[str, tuple[str, Entry]]:
    """Everything that can be evidence, by its id, with its kind."""
    known = view.relationship
    entries: dict[str, tuple[str, Entry]] = {each.id: ("person", each) for each in known.people}
    entries |= {each.id: ("encounter", each) for each in view.timeline}
    entries |= {each.id: ("heard", each) for each in known.heard}
    return entries | {each.id: ("issue", each) for each in known.issues}


def _evidence(entry: Entry, names: dict[str, str], today: date, width: int) -> list[Row]:
    from convo_tui.core.models import Encounter, Heard, Issue

    if isinstance(entry, Issue):
        owner = Content.assemble((" ● ", parts.QUIET), (f"{entry.owner:<{_WORD}}", parts.OWNER_STYLE[entry.owner]))
        return parts.hanging(owner, parts.with_topics(parts.text(entry.text)), width, lines=2)
    if isinstance(entry, Heard):
        kind = Content.styled(f" ◇ {entry.kind.removesuffix('ation'):<{_WORD}}", parts.NEED)
        return parts.hanging(kind, parts.text(entry.text), width, lines=2)
    mark = Content.styled(" · " if isinstance(entry, Encounter) else " @ ", parts.QUIET)
    if isinstance(entry, Encounter):
        facts = parts.hanging(mark, parts.text(encounter_facts(entry, today, names)), width, lines=2)
        said = next((line for line in parts.note_lines(entry.note[:_NOTE]) if line.plain.strip()), None)
        return [*facts, *(parts.wrapped(said.stylize(parts.QUIET), width, lines=1, indent=3) if said else [])]
    known = [each for each in (entry.influence, entry.stance) if each != "unknown"]
    about = parts.after(" · ", " · ".join(filter(None, [entry.role, *known])))
    return parts.hanging(mark, parts.text(entry.name) + about, width, lines=2)
