"""Days and counts as people say them: `6 weeks`, `every 3 weeks`, `since March`. Always in English."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
_NAMED_FOR = 300
"""Days within which a month needs no year."""


def counted(count: int, unit: str) -> str:
    """Return `1 week`, `6 weeks`."""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def measured(days: float) -> tuple[int, str]:
    """Return a number of days in the unit in which one says it: days below two weeks, weeks below two months, months
    below two years, else years."""
    for below, length, unit in ((14, 1, "day"), (60, 7, "week"), (730, 30.4, "month")):
        if days < below:
            return max(0, round(days / length)), unit
    return round(days / 365.25), "year"


def lasting(days: float) -> str:
    """Return how long so many days are: `6 weeks`."""
    return counted(*measured(days))


def interval(cadence: str) -> tuple[int, str]:
    """Return what `3w` is: `(3, "week")`."""
    return int(cadence[:-1]), _UNITS[cadence[-1]]


def every(count: int, unit: str) -> str:
    """Return `every week`, `every 3 weeks`."""
    return f"every {unit}" if count == 1 else f"every {count} {unit}s"


def silence(days: int, rhythm: tuple[int, str], verb: str) -> str:
    """Return `It has been 6 weeks; you usually talk every 3.`: `verb` is `usually talk`; a unit is said once."""
    count, unit = measured(days)
    if (count, unit) == rhythm and unit != "day":
        count, unit = days, "day"
    same = unit == rhythm[1] and rhythm[0] > 1
    return f"It has been {counted(count, unit)}; you {verb} {f'every {rhythm[0]}' if same else every(*rhythm)}."


def when(day: date, today: date) -> str:
    """Return `today`, `yesterday`, `3 weeks ago`, then `in March`, `in March 2024`; what is to come is `today`."""
    days = (today - day).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    return f"{lasting(days)} ago" if days < 60 else f"in {month(day, today)}"


def month(day: date, today: date) -> str:
    """Return the month of a day that is past, with its year where it may be taken for another."""
    name = MONTHS[day.month - 1]
    return name if (today - day).days < _NAMED_FOR else f"{name} {day.year}"
