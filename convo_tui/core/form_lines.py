"""What fields of several values look like in a form, and how they are read back: each value reads as it was printed.

What could be taken for something else is spelled as a JSON string: `"work: home": phone 12`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar, get_args

from convo_tui.core.day_forms import MONTHS, Around, NotADate, normal, quoted, read_day
from convo_tui.core.errors import Refused
from convo_tui.core.models import Anniversary, Reach, ReachKind
from convo_tui.core.reaching import link

T = TypeVar("T")

_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))
"""What is invisible and belongs to words of many scripts all the same."""


def _is_plain(text: str) -> bool:
    """Whether it can stand in a line as it is."""
    return text == text.strip() != "" and text.translate(_JOINERS).isprintable()


def _spelled(text: str) -> str:
    return json.dumps(text).replace("\x7f", "\\u007f")


def _said(text: str) -> str:
    """What a text says: itself, or what it spells."""
    if _QUOTED.fullmatch(text):
        try:
            return str(json.loads(text))
        except ValueError:
            return text  # `"\d"`: somebody's own quotes
    return text


_STRING = r'"(?:[^"\\]|\\.)*"'
_QUOTED = re.compile(_STRING)

# Several values in one line, with commas.

_ITEM = re.compile(rf"\s*(?:({_STRING})\s*|([^,]*))(?:,|$)")


def listed(text: str) -> tuple[str, ...]:
    """Return the values of a line: `client, "Acme, Inc."`."""
    found = (quoted or plain.strip() for quoted, plain in _ITEM.findall(text))
    return tuple(_said(each) for each in found if each)


def list_line(values: Iterable[str]) -> str:
    """Return the line that says these values."""
    return ", ".join(each if _is_plain(each) and listed(each) == (each,) else _spelled(each) for each in values)


# One value in each line.


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def value_of(line: str) -> str:
    """Return the value that a line says."""
    return _said(line)


def value_line(value: str) -> str:
    """Return the line that says a value."""
    return value if _is_plain(value) and _said(value) == value else _spelled(value)


def surviving(new: Iterable[T], known: Sequence[T], line: Callable[[T], str]) -> tuple[T, ...]:
    """Return `new`, with those of `known` that the same line says in the place of theirs: they may hold more."""
    pool: dict[str, list[T]] = {}
    for each in known:
        pool.setdefault(line(each), []).append(each)
    return tuple(pool[said].pop(0) if pool.get(said := line(each)) else each for each in new)


# Ways to reach someone.

_KINDS: tuple[ReachKind, ...] = get_args(ReachKind)
_LABELLED = re.compile(rf'({_STRING}|[^:"]+?)\s*:\s+(\S.*)')
_TIGHTLY = re.compile(r'([^:"]+):(\S.*)')
_OF_KIND = re.compile(rf"({'|'.join(_KINDS)})\s+(\S.*)", re.IGNORECASE)


def way_of(line: str) -> Reach:
    """Return the way to reach someone that a line says.

    `ana@acme.example`, `work: +34 600 000 000`, `web acme.example`, `home: chat @ana`: a label before the colon, a
    kind where the value does not say it. Raises Refused when no value is said.
    """
    found = _LABELLED.fullmatch(line)
    if found is None and kind_of(line) == "other":
        tight = _TIGHTLY.fullmatch(line)
        found = tight if tight and kind_of(tight[2]) != "other" else None
    label, rest = (found[1], found[2]) if found else ("", line)
    kind = next((each for each in _KINDS if each == label.casefold()), None)
    if kind is not None:
        label = ""  # `phone: 12` is no label
    elif of_kind := _OF_KIND.fullmatch(rest):
        kind, rest = next(each for each in _KINDS if each == of_kind[1].casefold()), of_kind[2]
    value = _said(rest)
    if not value.strip() or rest.endswith(":"):
        raise Refused(f"{quoted(line)} says no way to reach them; write one like work: +34 600 000 000")
    return Reach(kind=kind or kind_of(value), label=_said(label), value=value)


def way_line(way: Reach) -> str:
    """Return the line that says a way to reach someone, the plainest there is."""
    return next(line for line in _way_lines(way) if _is_plain(line) and _reads_as(way, line))


def _way_lines(way: Reach) -> Iterator[str]:
    labels = (f"{way.label}: ", f"{_spelled(way.label)}: ") if way.label else ("",)
    for value in (way.value, _spelled(way.value)):
        for label in labels:
            for kind in ("", f"{way.kind} "):
                yield f"{label}{kind}{value}"


def _reads_as(way: Reach, line: str) -> bool:
    try:
        read = way_of(line)
    except Refused:
        return False
    return (read.kind, read.label, read.value) == (way.kind, way.label, way.value)


def kind_of(value: str) -> ReachKind:
    """Return the kind that a value tells: the first of mail, phone and web that understands it."""
    kinds: tuple[ReachKind, ...] = ("email", "phone", "web")
    return next((kind for kind in kinds if link(kind, value)), "other")


# Birthdays and renewals.

_LABELLED_DATE = re.compile(rf"({_STRING})\s+(\S.*)")
_MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]*"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEARLESS = re.compile(
    rf"(?:the )?{_DAY} (?:of )?{_MONTH}|{_MONTH} {_DAY}|\d{{1,2}}\. ?\d{{1,2}}\.|\d{{1,2}}[/-]\d{{1,2}}"
)
_MOST_WORDS = 6
"""No day that is understood has more."""
_ANY_DAY = Around(date(2001, 1, 1), True, None)
"""From where a line of ours is read again: what it says does not depend on the day."""


def anniversary_of(line: str, around: Around) -> Anniversary:
    """Return the birthday or renewal that a line says: `birthday 15 Apr`, `renewal 2027-03-01 once`.

    Raises:
        Refused, NotADate: when it ends with no day, or with one that there is not.
    """
    words = line.split()
    is_once = len(words) > 1 and words[-1].casefold() == "once"
    said = line[: -len("once")].rstrip() if is_once else line
    labelled = _LABELLED_DATE.fullmatch(said)
    if labelled is not None and (on := _day(labelled[2], around)) is not None:
        return Anniversary(label=_said(labelled[1]), on=on, once=is_once)
    words = said.split()
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        day = _day(" ".join(words[-count:]), around)
        if day is not None:
            return Anniversary(label=" ".join(words[:-count]).removesuffix(":"), on=day, once=is_once)
    raise Refused(f"{quoted(line)} ends with no day; write one like birthday 15 Apr, or renewal 2027-03-01 once")


def anniversary_line(date_: Anniversary) -> str:
    """Return the line that says a birthday or renewal."""
    day = date_.on
    said = day.isoformat() if not isinstance(day, str) else f"{int(day[5:])} {MONTHS[int(day[2:4]) - 1].title()}"
    end = f"{said} once" if date_.once else said
    plain = f"{date_.label} {end}" if date_.label else end
    return plain if _is_plain(plain) and _says(plain, date_) else f"{_spelled(date_.label)} {end}"


def _says(line: str, date_: Anniversary) -> bool:
    try:
        read = anniversary_of(line, _ANY_DAY)
    except (Refused, NotADate):
        return False
    return (read.label, read.on, read.once) == (date_.label, date_.on, date_.once)


def _day(words: str, around: Around) -> date | str | None:
    """The day that words mean as the file has it, `--04-15` for one without a year; None for none."""
    said = normal(words)
    day = read_day(said, around)
    return f"--{day:%m-%d}" if day is not None and _YEARLESS.fullmatch(said) else day
