"""The three-way merge of two relationships by id: what either side did since `base` stands in the result.

Only a place that both sides changed, each so that one of them alone can stand, is left for a person to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel

from convo_tui.core import edits
from convo_tui.core.alike import alike, form
from convo_tui.core.edits import Entry
from convo_tui.core.errors import Refused
from convo_tui.core.lines import merged_lines
from convo_tui.core.models import ENTRY_KINDS, FORMAT, Encounter, Issue, Relationship
from convo_tui.core.recurring import next_id, opened_by_both

M = TypeVar("M", bound=BaseModel)
Row: TypeAlias = dict[str, Any]
"""The keys of a file with their values: every known one, and the unknown ones that there are."""

_ABSENT: Any = object()
"""The value of a key that is not there, of which None is none: an unknown one, or one without a default."""

_SETS: Mapping[str, frozenset[str]] = {
    "": frozenset({"aliases", "former", "tags", "reach", "dates"}),
    "people": frozenset({"reach"}),
    "issues": frozenset({"carried"}),
    "encounters": frozenset({"with", "mentions"}),
}
"""Lists of which each element comes and goes by itself."""

_TEXTS = frozenset({("", "story"), ("encounters", "note")})
"""Texts of several lines, merged by lines."""

_REFERENCES: Mapping[str, tuple[str, ...]] = {
    "people": ("relationship",),
    "issues": ("opened_in", "closed_in", "carried"),
    "heard": ("heard_in",),
    "encounters": ("with_", "mentions"),
}
"""The fields that name other entries by id."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A place that both sides changed, each so that only one of them can stand.

    `table` and `identity` are empty for a field of the relationship itself, `key` where one side deleted the entry
    that the other changed. `ours` and `theirs` are values, or the whole entry; None for what is absent or deleted.
    """

    table: str
    identity: str
    key: str
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge: every clash is decided for theirs in `relationship`; `sides` are base, ours, theirs."""

    relationship: Relationship
    clashes: tuple[Clash, ...]
    sides: tuple[Relationship | None, Relationship, Relationship] = field(repr=False, compare=False)


def merged(base: Relationship | None, ours: Relationship, theirs: Relationship) -> Merged:
    """Return both sides as one, by the ids of the entries; without a `base` both made it with the same id.

    Fields are merged three-way, lists as sets, notes and the story by lines. An issue whose state both changed is
    settled over dropped over parked over open, the earlier closing wins and both outcomes are kept; something heard
    is met over dropped over live. Of an issue that both opened, the next of one that recurs, the earlier opening
    stands. Who deletes an entry takes along what names it, even what the other side wrote since. ours and theirs may
    be swapped: where nothing clashes the result is the same.

    Raises:
        Refused: for two different relationships, a format newer than ours, or one id that means two entries.
    """
    if ours.id != theirs.id:
        raise Refused(f"{ours.id} and {theirs.id} are two relationships; `convo join` makes them one")
    for side in (ours, theirs):
        if not side.is_writable:
            raise Refused(f"{side.name} is in format {side.format}, newer than {FORMAT}; update Convo to merge it")
    return _merged(base, ours, theirs, for_ours=())


def decided(merged: Merged, for_ours: Collection[int]) -> Relationship:
    """Return the result with the clashes at these positions of `merged.clashes` decided for ours, the rest for theirs.

    An entry that stays after all is still named wherever it was.
    """
    return _merged(*merged.sides, for_ours).relationship if for_ours else merged.relationship


# ── the whole ────────────────────────────────────────────────────────────────────────────────────────────


def _merged(base: Relationship | None, ours: Relationship, theirs: Relationship, for_ours: Collection[int]) -> Merged:
    # To take out what names a deleted entry is no change of its own: should the entry stay, the names stay too.
    merging = _Merging(base, _naming_again(ours, base), _naming_again(theirs, base), for_ours)
    result = merging.relationship()
    _check_ids(result)
    if base is not None:
        gone = _ids(base) - _ids(result) - _elsewhere(ours) - _elsewhere(theirs)
        result = edits.without_references(result, gone)
    return Merged(result, tuple(merging.clashes), (base, ours, theirs))


def _ids(relationship: Relationship) -> set[str]:
    return {entry.id for table in ENTRY_KINDS for entry in getattr(relationship, table)}


def _elsewhere(relationship: Relationship) -> set[str]:
    """The ids that it names and does not have. Who deletes an entry names it no more; who moves it to a file does."""
    return edits.references(relationship) - _ids(relationship)


def _check_ids(relationship: Relationship) -> None:
    seen: set[str] = set()
    for table in ENTRY_KINDS:
        for entry in getattr(relationship, table):
            if entry.id in seen:
                raise Refused(f"{relationship.name}: {entry.id} is the id of two entries; give one another in its file")
            seen.add(entry.id)


def _naming_again(side: Relationship, base: Relationship | None) -> Relationship:
    """Return `side` with the names of what it deleted put back into the entries that had them in `base`."""
    gone = _ids(base) - _ids(side) if base is not None else set()
    if base is None or not gone:
        return side
    update: Row = {}
    for table, keys in _REFERENCES.items():
        before = {entry.id: entry for entry in getattr(base, table)}
        entries = getattr(side, table)
        update[table] = tuple(_with_names(entry, before.get(entry.id), keys, gone) for entry in entries)
    return side.model_copy(update=update)


def _with_names(entry: Any, before: Any, keys: tuple[str, ...], gone: set[str]) -> Any:
    update: Row = {}
    for key in keys if before is not None else ():
        was, now = getattr(before, key), getattr(entry, key)
        if isinstance(was, tuple) and not gone.isdisjoint(was):
            update[key] = _put_back(was, now, gone)
        elif was in gone and not now and (key != "closed_in" or before.closed == entry.closed):
            update[key] = was
    return entry.model_copy(update=update) if update else entry


def _put_back(was: Sequence[str], now: Sequence[str], gone: Collection[str]) -> tuple[str, ...]:
    """`now`, in its order, with the names of `gone` that it lacks, each behind what it stood behind in `was`."""
    result, place = list(now), 0
    for each in was:
        if each in result[place:]:
            place = result.index(each, place) + 1
        elif each in gone and each not in now:
            result.insert(place, each)
            place += 1
    return tuple(result)


class _Merging:
    """One merge under way, with the clashes met so far; those at the positions in `for_ours` are decided for ours."""

    def __init__(
        self, base: Relationship | None, ours: Relationship, theirs: Relationship, for_ours: Collection[int]
    ) -> None:
        self._base, self._ours, self._theirs = base, ours, theirs
        self._for_ours = for_ours
        self._times: dict[str, datetime] = {}
        self.clashes: list[Clash] = []

    def relationship(self) -> Relationship:
        row = self._row("", "", self._base, self._ours, self._theirs)
        row["encounters"] = self._table("encounters")
        self._times = {each.id: each.at for each in row["encounters"]}
        row |= {table: self._table(table) for table in ("people", "issues", "heard")}
        return _model(Relationship, row)

    def _clash(self, table: str, identity: str, key: str, ours: Any, theirs: Any) -> Any:
        values = (None if each is _ABSENT else each for each in (ours, theirs))
        self.clashes.append(Clash(table, identity, key, *values))
        return ours if len(self.clashes) - 1 in self._for_ours else theirs

    def _table(self, table: str) -> tuple[Entry, ...]:
        old, mine, other = (
            {entry.id: entry for entry in getattr(side, table, ())} for side in (self._base, self._ours, self._theirs)
        )
        entries: Iterable[Entry] | None = _one_sided([*old.values()], [*mine.values()], [*other.values()])
        if entries is None:
            found = {
                identity: self._entry(table, old.get(identity), mine.get(identity), other.get(identity))
                for identity in {**old, **mine, **other}
            }
            kept = {identity: entry for identity, entry in found.items() if entry is not None}
            entries = _in_order(table, old, mine, other, kept)
        return tuple(entries)

    def _entry(self, table: str, old: Entry | None, mine: Entry | None, other: Entry | None) -> Entry | None:
        if mine is None or other is None:
            left = mine or other
            if left is None or old is None:
                return left
            if alike(left, old):
                return None
            kept: Entry | None = self._clash(table, left.id, "", mine, other)
            return kept
        if old is None and isinstance(mine, Issue) and isinstance(other, Issue):
            old, mine, other = self._opened_by_both(mine, other) or (None, mine, other)
        one: Entry | None = _one_sided(old, mine, other)
        return one or _model(type(other), self._row(table, other.id, old, mine, other))

    def _opened_by_both(self, mine: Issue, other: Issue) -> tuple[Issue, Issue, Issue] | None:
        settled = next((each for each in getattr(self._base, "issues", ()) if next_id(each.id) == mine.id), None)
        return opened_by_both(settled, mine, other) if settled else None

    def _row(self, table: str, identity: str, base: M | None, ours: M, theirs: M) -> Row:
        old = _row_of(base) if base is not None else _defaults(type(theirs))
        mine, other = _row_of(ours), _row_of(theirs)
        if not table:
            mine, other = _next_kept(old, mine, other), _next_kept(old, other, mine)
        row: Row = {}
        for keys, decide in _UNITS.get(table, {}).items():
            units = [{key: side[key] for key in keys} for side in (old, mine, other)]
            row |= _one_sided(*units) or decide(*units)
        for key in [key for key in {**other, **mine} if key not in row and (table or key not in ENTRY_KINDS)]:
            values = (side.get(key, _ABSENT) for side in (old, mine, other))
            row[key] = self._value(table, identity, key, *values)
        return row

    def _value(self, table: str, identity: str, key: str, old: Any, mine: Any, other: Any) -> Any:
        if alike(old, mine) or alike(mine, other):
            return other
        if alike(old, other):
            return mine
        if key in _SETS.get(table, ()):
            united = _united(old, mine, other)
            return _by_time(united, self._times) if key == "carried" else united
        if (table, key) in _TEXTS:
            text = merged_lines(old, mine, other)
            if text is not None:
                return text
        return self._clash(table, identity, key, mine, other)


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────


def _one_sided(old: Any, mine: Any, other: Any) -> Any:
    """What stands when one side at most changed it, or both alike; None when both did, differently."""
    if alike(old, mine) or alike(mine, other):
        return other
    return mine if alike(old, other) else None


def _row_of(model: BaseModel) -> Row:
    known = {name.rstrip("_"): getattr(model, name) for name in type(model).model_fields}
    return {**known, **(model.model_extra or {})}


def _defaults(model: type[BaseModel]) -> Row:
    return {
        name.rstrip("_"): _ABSENT if info.is_required() else info.get_default()
        for name, info in model.model_fields.items()
    }


def _model(model: type[M], row: Row) -> M:
    values = {key: value for key, value in row.items() if value is not _ABSENT}
    return model.model_validate(values, by_alias=True, by_name=False)


_NEXT = (("next_on", "next_about"), ("next_on",), ("next_about",))


def _next_kept(old: Row, side: Row, other: Row) -> Row:
    """`side` as though it had not cleared when to talk again and about what, where the other said so anew."""
    for keys in _NEXT:
        is_said_anew = any(other[key] and not alike(old[key], other[key]) for key in keys)
        if is_said_anew and not any(side[key] for key in keys):
            side = {**side, **{key: old[key] for key in keys}}
    return side


_STANDING = {"open": 0, "parked": 1, "dropped": 2, "settled": 3}


def _state(old: Row, mine: Row, other: Row) -> Row:
    """The state of an issue that both changed: as far as either brought it."""
    less, more = sorted((mine, other), key=lambda unit: _STANDING[unit["state"]])
    if less["state"] != more["state"] and _STANDING[less["state"]] < _STANDING["dropped"]:
        return more
    earlier, later = sorted((mine, other), key=lambda unit: _first(unit, "closed"))
    closings, outcomes = (
        [{key: unit[key] for key in keys} for unit in (old, mine, other)]
        for keys in (("closed", "closed_in"), ("outcome",))
    )
    both = dict.fromkeys(filter(None, (earlier["outcome"], later["outcome"])))
    closing = _one_sided(*closings) or {key: earlier[key] for key in ("closed", "closed_in")}
    outcome = _one_sided(*outcomes) or {"outcome": " / ".join(both)}
    days = [unit["parked_until"] for unit in (mine, other)]
    # Parked without a day is parked until someone reopens it: later than any day.
    is_forever = more["state"] == "parked" and None in days
    until = None if is_forever else max(filter(None, days), default=None)
    return {"state": more["state"], **closing, **outcome, "parked_until": until}


def _first(unit: Row, key: str) -> tuple[bool, float, str]:
    moment: datetime | None = unit[key]
    return moment is None, moment.timestamp() if moment else 0.0, form(unit)


def _hearing(_: Row, mine: Row, other: Row) -> Row:
    """Met over dropped over live, and the earlier day, for something heard of which both changed that."""
    units = [unit for unit in (mine, other) if unit["met"]] or [mine, other]
    return {key: min((unit[key] for unit in units if unit[key]), default=None) for key in ("met", "dropped")}


def _opening(old: Row, mine: Row, other: Row) -> Row:
    """The earlier opening of an issue that both opened; one that both changed since is for a person to decide."""
    if old["opened"] is not None:
        return {}
    return min((mine, other), key=lambda unit: _first(unit, "opened"))


_UNITS: Mapping[str, Mapping[tuple[str, ...], Callable[[Row, Row, Row], Row]]] = {
    "issues": {("state", "closed", "closed_in", "outcome", "parked_until"): _state, ("opened", "opened_in"): _opening},
    "heard": {("met", "dropped"): _hearing},
}
"""Keys that only mean something together, and what stands of them when both sides changed them."""


# ── order ────────────────────────────────────────────────────────────────────────────────────────────────


def _leading(old: Mapping[str, Any], mine: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whose order to follow: that of the side which did more than take away; when both or neither did, the base's."""
    only_took = [[*side] == [key for key in old if key in side] for side in (mine, other)]
    if only_took[0] == only_took[1]:
        return old
    return other if only_took[0] else mine


def _united(old: Sequence[Any], mine: Sequence[Any], other: Sequence[Any]) -> tuple[Any, ...]:
    """A list as a set: what either side added is in it, what either side removed is not."""
    before, ours, theirs = ({form(each): each for each in side} for side in (old, mine, other))
    kept = {
        key: each for key, each in {**ours, **theirs}.items() if (key in ours and key in theirs) or key not in before
    }
    standing = [key for key in _leading(before, ours, theirs) if key in kept]
    return tuple(kept[key] for key in [*standing, *sorted(kept.keys() - {*standing})])


def _by_time(carried: Sequence[str], times: Mapping[str, datetime]) -> tuple[str, ...]:
    """ "Oldest first" (CONTRACT.md, "The file"); what happened in another file keeps its place."""
    known = iter(sorted((each for each in carried if each in times), key=lambda each: (times[each], each)))
    return tuple(next(known) if each in times else each for each in carried)


def _in_order(
    table: str,
    old: Mapping[str, Entry],
    mine: Mapping[str, Entry],
    other: Mapping[str, Entry],
    kept: Mapping[str, Entry],
) -> list[Entry]:
    """The entries of a table in the order that they had, what is new behind them or, an encounter, in its time."""
    leading = _leading(old, mine, other)
    standing = [kept[key] for key, entry in leading.items() if key in kept and _is_in_time(kept[key], entry)]
    placed = {entry.id for entry in standing}
    new = sorted((entry for entry in kept.values() if entry.id not in placed), key=_age)
    return _in_time(standing, new) if table == "encounters" else [*standing, *new]


def _in_time(standing: Sequence[Entry], new: list[Entry]) -> list[Entry]:
    """What is new, oldest first, each behind what is not later than it."""
    result: list[Entry] = []
    for entry in reversed(standing):
        while new and _age(new[-1])[0] >= _age(entry)[0]:
            result.append(new.pop())
        result.append(entry)
    return [*new, *reversed(result)]


def _is_in_time(entry: Entry, leading: Entry) -> bool:
    """Whether an entry stands where the leading order has it: an encounter at another time does not."""
    return not (isinstance(entry, Encounter) and isinstance(leading, Encounter) and entry.at != leading.at)


def _age(entry: Entry) -> tuple[float, str]:
    moment: datetime | None = getattr(entry, "at", None) or getattr(entry, "opened", None)
    return moment.timestamp() if moment else float("-inf"), entry.id
