"""The grammar of days: the forms that people type most, each a pattern and what it means around a day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from convo_tui.core.errors import ConvoError

DateOrder: TypeAlias = Literal["DMY", "MDY", "YMD"] | None
"""How `3/4` is read; None: it is refused."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONGEST = 40
"""No date needs more characters."""

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


class NotADate(ConvoError):
    """What was typed is no date, or one that cannot be meant here; nothing was guessed."""


@dataclass(frozen=True)
class Around:
    """From where an expression is read, in which direction, and how `3/4` is."""

    today: date
    forward: bool
    order: DateOrder


def read_day(words: str, around: Around, *, alone: bool = True) -> date | None:
    """Return the day that `normal` words mean; None when they are none of the forms here.

    Not `alone`, other words follow: forms that may as well begin a sentence do not count.

    Raises:
        NotADate: for a form that names no day (`31 feb`), or two (`3/4`).
    """
    if len(words) > LONGEST:
        return None
    for pattern, meaning in _FORMS + _FORMS_ALONE if alone else _FORMS:
        found = pattern.fullmatch(words)
        if found:
            try:
                return meaning({name: part for name, part in found.groupdict().items() if part}, around)
            except (ValueError, OverflowError):
                raise NotADate(f"{quoted(words)}: there is no such day; write one like 27 nov") from None
    return None


def normal(text: str) -> str:
    """Return `text` in lower case, with single spaces, no commas, no full stops after letters (`a.m.`, `nov.`)."""
    spaced = " ".join(text.replace(",", " ").split()).casefold()
    return re.sub(r"(?<=[^\W\d_])\.", "", spaced)


def quoted(text: str) -> str:
    """Return `text` on one line, short enough for a message."""
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    return f"“{line[:LONGEST]}{'…' if len(line) > LONGEST else ''}”"


def counted(word: str) -> int:
    """Return the number that `12`, `a` or `two` is, as `COUNT` matches them."""
    word = word.strip()
    return int(word) if word.isdecimal() else 1 if word in ("a", "an") else _NUMBERS.index(word) + 1


def shifted(day: date, count: int, unit: str) -> date:
    """Return `day` moved by `count` of `unit` (d, w, m or y); the end of a month is clamped.

    Raises:
        ValueError, OverflowError: when the calendar ends before that.
    """
    if unit in "dw":
        return day + timedelta(days=count * (7 if unit == "w" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 + count * (12 if unit == "y" else 1), 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, _length(first)))


# What the forms mean. Parts that were not typed are not in `part`.

_Parts: TypeAlias = Mapping[str, str]


def _length(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def _month(part: _Parts) -> int:
    return MONTHS.index(part["month"][:3]) + 1


def _full_year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _nearest(candidates: Iterable[date], around: Around) -> date:
    """The first candidate from today on, or looking back the last one up to today."""
    if around.forward:
        return min(day for day in candidates if day >= around.today)
    return max(day for day in candidates if day <= around.today)


def _with_day(months: Iterable[date], day: int) -> Iterator[date]:
    """That day of those of `months` (given by their first) that have it."""
    return (first.replace(day=day) for first in months if day <= _length(first))


def _yearless(month: int, day: int, around: Around) -> date:
    # Nine years on either side hold a 29 February, also around 1900, 2100 and 2200.
    year = around.today.year
    return _nearest(_with_day((date(year + step, month, 1) for step in range(-9, 10)), day), around)


def _full(part: _Parts, around: Around) -> date:
    month, day = int(part["month"]), int(part["day"])
    return date(_full_year(part["year"]), month, day) if "year" in part else _yearless(month, day, around)


def _slashed(part: _Parts, around: Around) -> date:
    """`3/4` and `3/4/26`, by the date order that is set."""
    typed = [part[name] for name in ("first", "second", "third") if name in part]
    if around.order is None:
        raise NotADate(
            f"{quoted('/'.join(typed))} can be read in two ways; write 3 apr or 2026-04-03, or set date_order"
        )
    order = around.order if len(typed) == 3 else around.order.replace("Y", "")
    names = {"D": "day", "M": "month", "Y": "year"}
    return _full({names[letter]: number for letter, number in zip(order, typed, strict=True)}, around)


def _named_month(part: _Parts, around: Around) -> date:
    day = _full({**part, "month": str(_month(part))}, around)
    if "weekday" in part and WEEKDAYS[day.weekday()] != part["weekday"][:3]:
        actual = WEEKDAYS[day.weekday()].title()
        raise NotADate(f"{day} is a {actual}, not a {part['weekday'].title()}; leave the weekday out, or correct it")
    return day


def _day_of_month(part: _Parts, around: Around) -> date:
    this = around.today.replace(day=1)
    return _nearest(_with_day((shifted(this, step, "m") for step in range(-2, 3)), int(part["day"])), around)


def _near(part: _Parts, around: Around) -> date:
    return around.today + timedelta(days={"today": 0, "tomorrow": 1, "tmrw": 1, "yesterday": -1}[part["near"]])


def _two_days(part: _Parts, around: Around) -> date:
    return around.today + timedelta(days=2 if "after" in part else -2)


def _weekday(part: _Parts, around: Around) -> date:
    """A weekday never means today; `next` is the one in next week, whose weeks begin on Monday."""
    today, which = around.today, part.get("which")
    ahead = WEEKDAYS.index(part["weekday"][:3]) - today.weekday()
    if which == "next":
        return today + timedelta(days=ahead + 7)
    if around.forward and which not in ("last", "past"):
        return today + timedelta(days=ahead if ahead > 0 else ahead + 7)
    return today + timedelta(days=ahead if ahead < 0 else ahead - 7)


def _span(part: _Parts, around: Around) -> date:
    count, tail = counted(part["count"]), part.get("tail", "")
    back = tail == "ago" or not (around.forward or tail or "in" in part)
    return shifted(around.today, -count if back else count, part["unit"][0])


def _first_after(today: date, unit: str, later: int = 0) -> date:
    """The first day of the next month, quarter or year, `later` more of them on."""
    months = {"m": 1, "q": 3, "y": 12}[unit]
    begin = today.replace(month=(today.month - 1) // months * months + 1, day=1)
    return shifted(begin, months * (later + 1), "m")


def _end(part: _Parts, around: Around) -> date:
    """The last day of a month, quarter or year; of a week its Friday, and always one after today."""
    unit, later = part["unit"][0], "next" in part
    if unit != "w":
        return _first_after(around.today, unit, int(later)) - timedelta(days=1)
    days = 4 - around.today.weekday() + 7 * later
    return around.today + timedelta(days=days if days > 0 else days + 7)


def _end_of_month(part: _Parts, around: Around) -> date:
    this = around.today.year
    years = [int(part["year"])] if "year" in part else [this - 1, this, this + 1]
    firsts = [date(year, _month(part), 1) for year in years]
    ends = [first.replace(day=_length(first)) for first in firsts]
    return ends[0] if "year" in part else _nearest(ends, around)


def _next(part: _Parts, around: Around) -> date:
    if part["unit"] == "week":
        return around.today + timedelta(days=7 - around.today.weekday())
    return _first_after(around.today, part["unit"][0])


# The forms.

COUNT = rf"(?P<count>\d{{1,4}} ?|(?:an?|{'|'.join(_NUMBERS)}) (?=\w{{3}}))"
"""A pattern for how many: figures, or a word before a unit written out."""

_Meaning: TypeAlias = Callable[[_Parts, Around], date]

_UNIT = r"(?P<unit>days?|weeks?|months?|years?|wks?|mos?|yrs?|[dwmy])"
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?: (?P<year>\d{4}))?"


def _forms(*forms: tuple[str, _Meaning]) -> tuple[tuple[re.Pattern[str], _Meaning], ...]:
    return tuple((re.compile(f"(?:(?:on|by|until) )?(?:{pattern})", re.ASCII), meaning) for pattern, meaning in forms)


_FORMS = _forms(
    (r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", _full),
    (r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.(?: ?(?P<year>\d{4}|\d{2}))?", _full),
    (r"(?P<first>\d{1,2})[/-](?P<second>\d{1,2})(?:[/-](?P<third>\d{4}|\d{1,2}))?", _slashed),
    (rf"(?:{_WEEKDAY} )?(?:the )?{_DAY} (?:of )?{_MONTH}{_YEAR}", _named_month),
    (rf"(?:{_WEEKDAY} )?(?!may |march ){_MONTH} {_DAY}{_YEAR}", _named_month),
    (r"(?P<near>today|tomorrow|tmrw|yesterday)", _near),
    (r"(?:the )?day (?:(?P<after>after) tomorrow|before yesterday)", _two_days),
    (rf"(?:(?P<which>this|next|last|past) )?(?:(?<= )|(?!(?:wed|sat|sun)$)){_WEEKDAY}", _weekday),
    (rf"(?P<in>in ){COUNT}{_UNIT}", _span),
    (rf"{COUNT}{_UNIT} (?P<tail>ago|from now)", _span),
    (r"(?P<count>\d{1,3})(?P<unit>[dw])", _span),
    (r"eo(?P<unit>[wmqy])", _end),
    (r"(?:the )?end of (?:the |this |(?P<next>next ))?(?P<unit>week|month|quarter|year)", _end),
    (rf"(?:the )?end of {_MONTH}{_YEAR}", _end_of_month),
    (r"next (?P<unit>week|month|quarter|year)", _next),
)
# In front of other words these are words: "2 weeks of rain", "sat down", "may 4 people come?".
_FORMS_ALONE = _forms(
    (rf"{COUNT}{_UNIT}", _span),
    (_WEEKDAY, _weekday),
    (rf"(?:{_WEEKDAY} )?{_MONTH} {_DAY}{_YEAR}", _named_month),
    (r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)", _day_of_month),
)
