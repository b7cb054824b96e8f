"""The signs of how a conversation goes: what the pulse has to know of a relationship, whatever the day is.

Plain values, so that an index can hold them: over ten thousand relationships nothing but these is read. They are
gathered in `noticing`, and judged in `pulse_rules`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

TREND = 4
"""No trend is read from fewer encounters than these (issue "Where the conversation stands")."""

QUOTE = 48
"""The most characters of a text that are quoted in a reason."""

ISSUES, NEEDS, RIVALS, PEOPLE, EVIDENCE = 8, 3, 2, 6, 4
"""How many of each are kept: those that ask the most, so that no relationship is too large for a list of them."""


class Run(NamedTuple):
    """The newest encounters, or moves, that have something in common, so many `times`; `words` say what.

    `since` and `until` are the days of its oldest and newest; `evidence` the newest ids of it, newest first.
    """

    times: int = 0
    since: date | None = None
    until: date | None = None
    words: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


NO_RUN = Run()


class Lengths(NamedTuple):
    """How long the notes of one family of channels are, in characters: the median of the earlier and of the later half
    of the newest ones; `evidence` are the ids of the later half."""

    family: str
    earlier: float
    later: float
    evidence: tuple[str, ...]


class IssueSign(NamedTuple):
    """An issue that is open, from `shows_from` on if it is parked until then. `passed` counts encounters."""

    id: str
    text: str
    owner: str
    due: date | None
    shows_from: date | None
    passed: int
    avoided: bool
    circling: bool


class HeardSign(NamedTuple):
    """A need that is unmet, or a rival."""

    id: str
    kind: str
    text: str
    since: date


class PersonSign(NamedTuple):
    """Someone in an organisation, the last day on which they took part, and the encounter in which they did."""

    id: str
    name: str
    influence: str
    stance: str
    left: date | None
    last_contact: date | None
    last_id: str


@dataclass(frozen=True, slots=True)
class Signs:
    """What the rules of the pulse look at.

    `days_between` is its own rhythm: the median of days from one contact to the next, None for fewer than `TREND` days
    of contact. `known_since` is the day in its id. `sparks` are the newest ones with the encounters that had them,
    oldest first; `transactions`, `same_topics`, `one_person` and `one_sided` are runs up to now. `people_noted` counts
    the contacts of which is known who of an organisation took part.
    """

    id: str
    name: str
    kind: str
    archived: bool = False
    cadence: str = ""
    known_since: date | None = None
    next_on: date | None = None
    next_about: str = ""
    snoozed_until: date | None = None
    contacts: int = 0
    last_contact: date | None = None
    last_id: str = ""
    days_between: float | None = None
    people_noted: int = 0
    transactions: Run = NO_RUN
    same_topics: Run = NO_RUN
    one_person: Run = NO_RUN
    one_sided: Run = NO_RUN
    sparks: tuple[tuple[str, int], ...] = ()
    lengths: tuple[Lengths, ...] = ()
    issues: tuple[IssueSign, ...] = ()
    needs: tuple[HeardSign, ...] = ()
    rivals: tuple[HeardSign, ...] = ()
    people: tuple[PersonSign, ...] = ()


def quotable(text: str) -> str:
    """Return `text` on one line, nothing in it but what can be printed, at most `QUOTE` characters."""
    line = " ".join(text[: 8 * QUOTE].split())
    if not line.isprintable():
        line = "".join(character for character in line if character.isprintable()).strip()
    return line if len(line) <= QUOTE else line[: QUOTE - 1].rstrip() + "…"


def to_json(signs: Signs) -> str:
    """Return `signs` as JSON: a list of the values of its fields, days as in ISO 8601."""
    values = [getattr(signs, name) for name in _NAMES]
    return json.dumps(values, default=date.isoformat, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Signs:
    """Return the signs that `to_json` made `text` of.

    Raises:
        ValueError: when it is no such text; also when another version of this module made it.
    """
    values = json.loads(text)
    if not isinstance(values, list) or len(values) != len(_NAMES):
        raise ValueError("these are not the signs of a relationship")
    try:
        return _read(dict(zip(_NAMES, values, strict=True)))
    except TypeError as error:
        raise ValueError("these are not the signs of a relationship") from error


_NAMES = tuple(field.name for field in fields(Signs))


def _read(values: dict[str, Any]) -> Signs:
    for name in ("known_since", "next_on", "snoozed_until", "last_contact"):
        values[name] = _day(values[name])
    for name in ("transactions", "same_topics", "one_person", "one_sided"):
        values[name] = _run(*values[name])
    values["sparks"] = tuple((encounter, spark) for encounter, spark in values["sparks"])
    values["lengths"] = tuple(_lengths(*each) for each in values["lengths"])
    values["issues"] = tuple(_issue(*each) for each in values["issues"])
    values["needs"] = tuple(_heard(*each) for each in values["needs"])
    values["rivals"] = tuple(_heard(*each) for each in values["rivals"])
    values["people"] = tuple(_person(*each) for each in values["people"])
    return Signs(**values)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _run(times: int, since: str | None, until: str | None, words: Iterable[str], evidence: Iterable[str]) -> Run:
    return Run(times, _day(since), _day(until), tuple(words), tuple(evidence)) if times else NO_RUN


def _lengths(family: str, earlier: float, later: float, evidence: Iterable[str]) -> Lengths:
    return Lengths(family, earlier, later, tuple(evidence))


def _issue(id_: str, text: str, owner: str, due: str | None, shows_from: str | None, *stands: Any) -> IssueSign:
    return IssueSign(id_, text, owner, _day(due), _day(shows_from), *stands)


def _heard(id_: str, kind: str, text: str, since: str) -> HeardSign:
    return HeardSign(id_, kind, text, date.fromisoformat(since))


def _person(
    id_: str, name: str, influence: str, stance: str, left: str | None, last: str | None, in_: str
) -> PersonSign:
    return PersonSign(id_, name, influence, stance, _day(left), _day(last), in_)
