"""Forms: every field of a relationship's file, and of a person in an organisation, as text and back.

What is not changed in a form changes nothing in the file; a value is read back as it was printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from convo_tui.core import edits, form_lines
from convo_tui.core.dates import due, interval_days
from convo_tui.core.day_forms import Around, DateOrder, NotADate, normal, quoted, read_day
from convo_tui.core.errors import ConvoError, Refused
from convo_tui.core.models import Influence, Kind, Person, Relationship, Stance

M = TypeVar("M", Relationship, Person)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: its key in the file, what it is called, and how its value is printed and read.

    `line` prints one of its values, where each has a line of its own. `choices` are all that it can be.
    """

    key: str
    label: str
    shown: Callable[[Any], str]
    read: Callable[[str, Around], Any]
    line: Callable[[Any], str] | None = None
    choices: tuple[str, ...] = ()


class ChangedMeanwhile(Refused):
    """Another program has changed the fields that are changed in a form: `said` is what they say in `stands`."""

    def __init__(self, stands: Relationship | Person, said: Mapping[str, str]) -> None:
        super().__init__(f"{stands.name} was changed by another program meanwhile: {', '.join(said)}")
        self.stands, self.said = stands, said


def fields(model: Relationship | Person) -> dict[str, str]:
    """Return the text of each field of a form, by its key."""
    return {key: field.shown(getattr(model, key)) for key, field in FORMS[type(model)].items()}


def fault(of: type[Relationship | Person], key: str, text: str, today: date, order: DateOrder = None) -> str:
    """Return in a sentence what is wrong with the text of a field; empty when nothing is."""
    try:
        FORMS[of][key].read(text, Around(today, True, order))
    except ConvoError as refusal:
        return str(refusal)
    return ""


def values(
    of: type[Relationship | Person], typed: Mapping[str, str], today: date, order: DateOrder = None
) -> dict[str, Any]:
    """Return the values that the texts of a form mean, by their keys. Raises Refused, naming the field."""
    return {key: _value(FORMS[of][key], text, Around(today, True, order)) for key, text in typed.items()}


def filled(model: M, typed: Mapping[str, str], today: date, order: DateOrder = None) -> M:
    """Return `model` with what was typed into a form; a field that says what it said before stays as it is.

    A new name makes the old one of a relationship an alias. Lines that are as they were keep all that they hold.

    Raises:
        Refused: naming the field, with what is wrong with it.
    """
    table, before = FORMS[type(model)], fields(model)
    new = values(type(model), {key: text for key, text in typed.items() if text != before[key]}, today, order)
    for key, value in new.items():
        if (line := table[key].line) is not None:
            new[key] = form_lines.surviving(value, getattr(model, key), line)
    name = new.pop("name", None) if isinstance(model, Relationship) else None
    result = edits.changed(model, **new) if new else model
    return edits.rename(result, name) if isinstance(result, Relationship) and name is not None else result


def filled_since(base: M, now: M, typed: Mapping[str, str], today: date, order: DateOrder = None) -> M:
    """Return `now` with what was typed into a form that showed `base`.

    Raises:
        ChangedMeanwhile: when a field that was typed into says something else now than it did, and than was typed.
        Refused: naming the field, with what is wrong with it.
    """
    was, stands = fields(base), fields(now)
    other = {key: stands[key] for key, text in typed.items() if stands[key] not in (was[key], text)}
    if other:
        raise ChangedMeanwhile(now, other)
    return filled(now, typed, today, order)


# How the values of fields are printed and read.


def _value(field: Field, text: str, around: Around) -> Any:
    try:
        return field.read(text, around)
    except ConvoError as refusal:
        raise Refused(f"{field.label}: {refusal}") from None


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _text(text: str, around: Around) -> str:
    return text.strip()


def _name(text: str, around: Around) -> str:
    if not text.strip():
        raise Refused("A name is all that is needed.")
    return text.strip()


def _day(text: str, around: Around) -> date | None:
    return due(text, around.today, around.order) if text.strip() else None


def _day_past(text: str, around: Around) -> date | None:
    if not text.strip():
        return None
    day = read_day(normal(text), replace(around, forward=False))
    if day is None:
        raise NotADate(f"{quoted(text)} is not a date; write one like today, 3 may or 2026-05-03")
    return day


def _cadence(text: str, around: Around) -> str | None:
    interval = text.strip().lower()
    if interval:
        interval_days(interval)
    return interval or None


def _lines(values: Iterable[Any], line: Callable[[Any], str]) -> str:
    return "\n".join(map(line, values))


def _plain(key: str, label: str) -> Field:
    return Field(key, label, _said, _text)


def _dated(key: str, label: str) -> Field:
    return Field(key, label, _said, _day)


def _listed(key: str, label: str) -> Field:
    return Field(key, label, form_lines.list_line, lambda text, around: form_lines.listed(text))


def _lined(key: str, label: str, line: Callable[[Any], str], read: Callable[[str, Around], Any]) -> Field:
    """A field of many values, each in a line."""

    def read_all(text: str, around: Around) -> tuple[Any, ...]:
        return tuple(read(each, around) for each in form_lines.lines_of(text))

    return Field(key, label, lambda values: _lines(values, line), read_all, line)


def _chosen(key: str, label: str, choices: tuple[str, ...]) -> Field:
    def read(text: str, around: Around) -> str:
        if text not in choices:
            raise Refused(f"{quoted(text)} is none of {', '.join(choices)}")
        return text

    return Field(key, label, _said, read, choices=choices)


def _form(*fields: Field) -> Mapping[str, Field]:
    return MappingProxyType({each.key: each for each in fields})


_NO, _YES = "no", "yes"

FORMS: Mapping[type[Relationship | Person], Mapping[str, Field]] = MappingProxyType(
    {
        Relationship: _form(
            Field("name", "Name", _said, _name),
            _chosen("kind", "Kind", get_args(Kind)),
            _plain("organisation", "Organisation"),
            _plain("role", "Role"),
            _lined("reach", "Reach", form_lines.way_line, lambda line, around: form_lines.way_of(line)),
            _lined("dates", "Dates", form_lines.anniversary_line, form_lines.anniversary_of),
            _listed("aliases", "Also called"),
            _listed("tags", "Tags"),
            Field("cadence", "Talk every", _said, _cadence),
            _dated("next_on", "Next time"),
            _plain("next_about", "About"),
            _dated("snoozed_until", "Rests until"),
            Field(
                "archived",
                "Archived",
                lambda archived: _YES if archived else _NO,
                lambda text, around: text == _YES,
                choices=(_NO, _YES),
            ),
            _plain("story", "Story"),
        ),
        Person: _form(
            Field("name", "Name", _said, _name),
            _plain("role", "Role"),
            _chosen("influence", "Influence", get_args(Influence)),
            _chosen("stance", "Stance", get_args(Stance)),
            _lined("reach", "Reach", form_lines.value_line, lambda line, around: form_lines.value_of(line)),
            Field("left", "Left on", _said, _day_past),
        ),
    }
)
"""The fields of each form, in the order in which they are asked for (CONTRACT.md, "The file")."""
