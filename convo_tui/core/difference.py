"""What changed between two versions of a relationship, in words: for commit messages and for its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeAlias, get_args

from pydantic import BaseModel

from convo_tui.core.alike import alike, form
from convo_tui.core.edits import Entry
from convo_tui.core.models import ENTRY_KINDS, Encounter, Heard, Issue, Person, Relationship
from convo_tui.core.sides import as_text, name_of, words_for, written

Kind: TypeAlias = Literal[
    "new",
    "deleted",
    "encounter",
    "opened",
    "carried",
    "settled",
    "parked",
    "dropped",
    "reopened",
    "heard",
    "met",
    "person",
    "changed",
    "unnamed",
    "removed",
]
"""What happened, in the order in which one cares.

`unnamed` is a field that changed only in that it no longer names an entry that was removed.
"""

LONGEST = 60
"""Characters of a headline: room for a name in front, in the 72 that logs show of a message."""

_ORDER = get_args(Kind)
_FIELDS_NAMED = 3
_JOINERS = "\u200c\u200d"
_TEXTS = frozenset({"story", "note"})
_CALLED_BY = frozenset({"name", "text"})

_CLOSING = frozenset({"closed", "closed_in", "outcome"})
_TOLD: Mapping[str, frozenset[str]] = {
    "open": frozenset(),
    "parked": frozenset({"parked_until"}),
    "settled": _CLOSING,
    "dropped": _CLOSING,
}
"""What comes with a state of an issue; what only goes with the one before is part of the same change as well."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: `what` says it in words, on one line.

    `table` and `identity` are empty for a field of the relationship itself, `identity` alone for the order of a table.
    `counted` is what it is counted as: the channel of an encounter, the field that changed, else its `kind`.
    """

    table: str
    identity: str
    what: str
    kind: Kind
    counted: str


def differences(before: Relationship | None, after: Relationship | None) -> tuple[Difference, ...]:
    """Return everything that differs, in the order in which one cares; None is a relationship that is not there.

    Nothing that would be written otherwise is left unsaid: there are none exactly when both are `alike`.
    """
    if after is None:
        return () if before is None else (Difference("", "", "deleted", "deleted", "deleted"),)
    found = _Comparison(before, after).differences()
    return tuple(sorted(found, key=lambda each: _ORDER.index(each.kind)))


def headline(before: Relationship | None, after: Relationship | None) -> str:
    """Return what changed in a few words, as a commit message says it: `call, 1 opened, 1 carried`."""
    return label(differences(before, after))


def label(found: Sequence[Difference]) -> str:
    """Return differences in a few words, at most `LONGEST` characters: one in full, several counted."""
    told = [each for each in found if each.kind != "unnamed"] or found
    if not told:
        return "only comments or formatting"
    if len(told) == 1 and told[0].kind not in ("new", "encounter"):
        (only,) = told
        if len(only.what) <= LONGEST or only.kind not in ("changed", "unnamed"):
            return _cut(only.what)
    parts = [*_counts(told)]
    words = ", ".join(parts)
    while len(words) > LONGEST and len(parts) > 1:
        parts.pop()
        words = ", ".join([*parts, "…"])
    return _cut(words)


def _counts(told: Sequence[Difference]) -> Iterator[str]:
    counts = Counter((each.kind, each.counted) for each in told)
    fields = [_plural(noun, count) for (kind, noun), count in counts.items() if kind in ("changed", "unnamed")]
    for (kind, noun), count in counts.items():
        if kind == "new":
            yield noun
        elif kind == "encounter":
            yield noun if count == 1 else f"{count} {_plural(noun, count)}"
        elif kind == "person":
            yield "new person" if count == 1 else f"{count} new people"
        elif kind not in ("changed", "unnamed"):
            yield f"{count} {noun}"
        elif fields:
            named = ", ".join(fields) if len(fields) <= _FIELDS_NAMED else f"{len(fields)} fields"
            fields = []
            yield f"{named} changed"


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 or " " in noun or noun.endswith(("s", "`")) else f"{noun}s"


def _cut(text: str) -> str:
    """`text` itself, or as much of it as fits, with the quote closed in which it ends."""
    if len(text) <= LONGEST:
        return text
    within = text[: LONGEST - 1]
    return f"{within.rstrip()}…" if within.rfind("“") <= within.rfind("”") else f"{within[:-1].rstrip()}…”"


# ── the comparison ───────────────────────────────────────────────────────────────────────────────────────


class _Comparison:
    """Two versions; an id in either of them is said as what it is called, and as it is called now if in both."""

    def __init__(self, before: Relationship | None, after: Relationship) -> None:
        self._before, self._after = before, after
        was, now = ({each.id: name_of(each) for each in _entries(side)} for side in (before, after))
        self._names = {**was, **now}
        self._gone = was.keys() - now.keys()

    def differences(self) -> Iterator[Difference]:
        if self._before is None:
            yield _difference("new", "new relationship", counted="new")
        else:
            yield from self._fields(self._before, self._after)
        for table in ENTRY_KINDS:
            yield from self._table(table)

    def _table(self, table: str) -> Iterator[Difference]:
        old, new = ({each.id: each for each in getattr(side, table, ())} for side in (self._before, self._after))
        for identity, entry in new.items():
            was = old.get(identity)
            if not alike(was, entry):
                yield from self._entry(was, entry)
        for entry in old.values():
            if entry.id not in new:
                yield _difference("removed", f"removed {name_of(entry)}", entry)
        stayed = [[key for key in side if key in old and _is_in_time(old[key], new.get(key))] for side in (old, new)]
        if stayed[0] != stayed[1]:
            order = f"order of the {table}" if table != "heard" else "order of what was heard"
            yield Difference(table, "", f"{order} changed", "changed", order)

    def _entry(self, was: Any, entry: Entry) -> Iterator[Difference]:
        steps, told = _steps(was, entry)
        yield from steps
        if was is not None:
            yield from self._fields(was, entry, told)

    def _fields(self, was: BaseModel, model: BaseModel, told: Collection[str] = ()) -> Iterator[Difference]:
        """The keys that differ, but for those in `told` and the tables of entries."""
        for key in type(model).model_fields:
            old, new = getattr(was, key), getattr(model, key)
            if key not in told and key not in ENTRY_KINDS and not alike(old, new):
                yield self._field(model, key, old, new)
        old_extra, new_extra = was.model_extra or {}, model.model_extra or {}
        for key in {**old_extra, **new_extra}:
            if not alike(old_extra.get(key), new_extra.get(key)):
                yield _difference("changed", f"`{key}`{_of(model)} changed", model, f"`{key}`")

    def _field(self, model: BaseModel, key: str, old: Any, new: Any) -> Difference:
        noun = words_for(key.rstrip("_"))
        subject = noun if key in _CALLED_BY else f"{noun}{_of(model)}"
        if isinstance(new, bool):
            what = key if new else f"no longer {key}"
        elif key in _TEXTS:
            what = f"{subject} changed"
        elif isinstance(new, tuple):
            what = self._list(subject, old, new)
        else:
            what = _value(subject, self._shown(old), self._shown(new))
        kind: Kind = "unnamed" if alike(self._without_gone(old), new) else "changed"
        return _difference(kind, what, model, noun)

    def _without_gone(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(each for each in value if not isinstance(each, str) or each not in self._gone)
        return "" if isinstance(value, str) and value in self._gone else value

    def _list(self, subject: str, old: Sequence[Any], new: Sequence[Any]) -> str:
        """What came and what went; where nothing did, how often or in which order it stands."""
        was, now = ({form(each) for each in side} for side in (old, new))
        came = [self._shown(each) for each in new if form(each) not in was]
        went = [self._shown(each) for each in old if form(each) not in now]
        if came == went:
            return f"{subject} changed" if came or len(old) != len(new) else f"order of the {subject} changed"
        return f"{subject}: {', '.join([*(f'+ {each}' for each in came), *(f'− {each}' for each in went)])}"

    def _shown(self, value: Any) -> str:
        if isinstance(value, BaseModel):
            parts = (self._shown(each) for each in value.__dict__.values() if not isinstance(each, bool))
            return " ".join(filter(None, parts))
        if isinstance(value, datetime):
            return f"{written(value)} {value:%H:%M}"
        if isinstance(value, date):
            return written(value)
        text = as_text(value)
        return _one_line(self._names.get(text, text))


def _entries(side: Relationship | None) -> Iterator[Entry]:
    return (entry for table in ENTRY_KINDS for entry in getattr(side, table, ()))


def _is_in_time(was: Entry, entry: Entry | None) -> bool:
    """Whether its place tells nothing but the order: it is still there, and no encounter that went to another time."""
    return entry is not None and not (
        isinstance(was, Encounter) and isinstance(entry, Encounter) and was.at != entry.at
    )


_Steps: TypeAlias = tuple[list[tuple[Kind, str]], set[str]]
"""What happened to an entry, each with what is said behind its name, and the fields that this tells."""


def _steps(was: Any, entry: Entry) -> tuple[list[Difference], set[str]]:
    """What happened to an entry since `was`, None when it is new, and the fields that this tells."""
    appeared = [_appeared(entry)] if was is None else []
    steps, told = _happened(was, entry)
    return [*appeared, *(_difference(kind, f"{kind} {name_of(entry)}{detail}", entry) for kind, detail in steps)], told


def _happened(was: Any, entry: Entry) -> _Steps:
    match entry:
        case Issue():
            return _issue_steps(was or entry.model_copy(update={"state": "open", "carried": ()}), entry)
        case Heard():
            return _heard_steps(was or entry.model_copy(update={"met": None, "dropped": None}), entry)
    return [], set()


def _issue_steps(was: Issue, issue: Issue) -> _Steps:
    steps: list[tuple[Kind, str]] = []
    told: set[str] = set()
    times = sum(each not in was.carried for each in issue.carried)
    if times:
        steps.append(("carried", f" {times} times" if times > 1 else ""))
        if [each for each in issue.carried if each in was.carried] == [*was.carried]:
            told.add("carried")
    if issue.state != was.state:
        steps.append(("reopened" if issue.state == "open" else issue.state, _detail(issue)))
        gone = {key for key in (*_CLOSING, "parked_until") if not getattr(issue, key)}
        told |= {"state", *_TOLD[issue.state], *gone}
    return steps, told


def _detail(issue: Issue) -> str:
    if issue.state == "parked":
        return f" until {written(issue.parked_until)}" if issue.parked_until else ""
    return f" ({issue.outcome})" if issue.outcome and issue.state != "open" else ""


def _heard_steps(was: Heard, heard: Heard) -> _Steps:
    if heard.is_live:
        return ([], set()) if was.is_live else ([("reopened", "")], {"met", "dropped"})
    ends: tuple[Literal["met", "dropped"], ...] = ("met", "dropped")
    steps: list[Kind] = [key for key in ends if getattr(heard, key) and not getattr(was, key)]
    told: set[str] = {key for key in ends if key in steps or (steps and not getattr(heard, key))}
    return [(step, "") for step in steps], told


def _appeared(entry: Entry) -> Difference:
    name = name_of(entry)
    match entry:
        case Encounter():
            what = name.removeprefix("the ")
            return _difference("encounter", what, entry, what.split()[0])
        case Issue():
            return _difference("opened", f"opened {name}", entry)
        case Heard():
            return _difference("heard", f"heard: {entry.kind} {name}", entry)
        case Person():
            return _difference("person", f"new person {name}", entry)


def _value(subject: str, old: str, new: str) -> str:
    if old == new:
        return f"{subject} changed"
    if not old or not new:
        return f"{subject}: {new}" if new else f"{subject} removed"
    return f"{subject}: {old} → {new}"


# ── sentences ────────────────────────────────────────────────────────────────────────────────────────────

_TABLES: Mapping[type[BaseModel], str] = {model: table for table, model in ENTRY_KINDS.items()}


def _difference(kind: Kind, what: str, about: BaseModel | None = None, counted: str = "") -> Difference:
    table, identity = (_TABLES[type(about)], about.id) if isinstance(about, Entry) else ("", "")
    return Difference(table, identity, _one_line(what), kind, _one_line(counted or kind))


def _of(model: BaseModel) -> str:
    return f" of {name_of(model)}" if isinstance(model, Entry) else ""


def _one_line(text: str) -> str:
    """`text` single-spaced and printable; what joins the letters of some scripts, and emoji, stays."""
    kept = (
        " " if char.isspace() else char for char in text if char.isprintable() or char.isspace() or char in _JOINERS
    )
    return " ".join("".join(kept).split())
