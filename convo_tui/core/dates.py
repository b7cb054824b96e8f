"""What people type for dates: due dates look forward, encounter times back (CONTRACT.md, "Dates").

The common forms have a grammar of their own; anything else of up to 40 characters is shown to dateparser, which is
imported only then. Only a whole expression is a date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from convo_tui.core.day_forms import (
    COUNT,
    LONGEST,
    MONTHS,
    WEEKDAYS,
    Around,
    DateOrder,
    NotADate,
    counted,
    normal,
    quoted,
    read_day,
    shifted,
)

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "DateOrder",
    "NotADate",
    "age",
    "dated",
    "due",
    "interval_after",
    "interval_days",
    "leading_date",
    "moment",
    "short",
]

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Dates outside these years are refused: they are slips of the finger."""

_LEADING_WORDS = 6
_NOON = time(12)

# The languages that dateparser tries: with all 200 of its own, a word that is no date costs two seconds
# and is far more often mistaken for one.
_LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "ro", "hu", "tr"]
_LANGUAGES += ["ru", "uk", "el", "ja", "zh", "ko", "ar", "he"]


def due(text: str, today: date, order: DateOrder = None) -> date:
    """Return the day that `text` means, looking forward from `today`; an explicit past day stays one.

    A weekday is the first one after today, `next fri` the one in next week (weeks begin on Monday), `eow` the
    first Friday after today, `next week` its Monday, `next month` its first.

    Raises:
        NotADate: when `text` as a whole is not a date, or names a time of day.
    """
    words = normal(text)
    if _split_time(words):
        raise NotADate(f"{quoted(text)}: a due date has no time of day; write the day alone, like fri or 27 nov")
    day = read_day(words, Around(today, True, order))
    if day is None:
        found = _foreign(words, datetime.combine(today, _NOON), Around(today, True, order))
        day = found[0].date() if found and not found[1] else None
    if day is None:
        raise NotADate(f"{quoted(text)} is not a date; write one like fri, 2w, 27 nov, eom or 2026-11-27")
    return _within_range(day, text)


def moment(text: str, now: datetime, order: DateOrder = None) -> datetime:
    """Return the time that `text` means, looking back from `now`: in its zone, to the minute, never after it.

    A day without a time is noon, today it is now; a time without a day is today's, or yesterday's when that is
    still to come. `now.tzinfo` gives the offset that held on the day in question.

    Raises:
        NotADate: when `text` as a whole is not a date or a time, or lies in the future.
    """
    words = normal(text)
    zone = now.tzinfo
    assert zone is not None, "the clock gives aware times"
    result = _iso_moment(words, zone) or _ago(words, now, zone) or _day_and_time(words, now, zone, order)
    if result is None:
        raise NotADate(
            f"{quoted(text)} is not a time; write one like 15:30, yesterday 3pm, last fri or 2026-11-20 15:00"
        )
    _within_range(result.date(), text)
    if result > now:
        raise NotADate(f"{quoted(text)} is still to come; an encounter lies in the past")
    return result.replace(second=0, microsecond=0)


def leading_date(text: str, today: date, order: DateOrder = None) -> tuple[date, str] | None:
    """Return the due date that `text` begins with, and the rest: `in 3 weeks the board's answer`; else None.

    The longest run of at most six words that is a date as a whole counts. Forms that may as well begin a sentence
    (`2 weeks`, `sat`, `may 4`) need to stand alone or before a comma, colon or dash. Own grammar only: it runs at
    every keystroke.
    """
    words = text.split()
    around = Around(today, True, order)
    for count in range(min(_LEADING_WORDS, len(words)), 0, -1):
        run, rest = " ".join(words[:count]), " ".join(words[count:])
        closed = not rest or run[-1] in ",:;" or rest[0] in "-–—"
        try:
            day = read_day(normal(run.rstrip(",:;")), around, alone=closed)
            if day is not None:
                return _within_range(day, run), rest.lstrip(",:;-–— ")
        except NotADate:
            continue
    return None


def interval_after(day: date, interval: str) -> date:
    """Return the day one `interval` (`10d`, `3w`, `2m`, `1y`) after `day`; month ends are clamped.

    Raises:
        NotADate: when `interval` is not one, or leads beyond the year 2200.
    """
    count, unit = _interval(interval)
    try:
        return _within_range(shifted(day, count, unit), interval)
    except (ValueError, OverflowError):
        raise NotADate(f"{quoted(interval)} leads beyond the year {LAST_YEAR}") from None


def interval_days(interval: str) -> int:
    """Return about how many days `interval` is: a month counts as 30, a year as 365.

    Raises:
        NotADate: when `interval` is not one.
    """
    count, unit = _interval(interval)
    return count * {"d": 1, "w": 7, "m": 30, "y": 365}[unit]


def age(days: int) -> str:
    """Return an age in short words: `today`, `3d` up to 59 days, `5mo` up to 23 months, then `2y`."""
    if days <= 0:
        return "today"
    if days < 60:
        return f"{days}d"
    months = days // 30
    return f"{months}mo" if months < 24 else f"{max(2, days // 365)}y"


def short(day: date, today: date) -> str:
    """Return `day` as lists show it: `today`, `Fri` within six days, `Fri 27 Nov`, else `27 Nov 2027`.

    The year is left out when it is this one, or when the day is at most 300 days away. Always in English.
    """
    if day == today:
        return "today"
    if 0 < (day - today).days <= 6:
        return WEEKDAYS[day.weekday()].title()
    return dated(day, today)


def dated(day: date, today: date) -> str:
    """Return `day` as a receipt shows it, always with its date: `Fri 27 Nov`, or `27 Nov 2027` as in `short`."""
    weekday, month = WEEKDAYS[day.weekday()].title(), MONTHS[day.month - 1].title()
    if day.year == today.year or abs((day - today).days) <= 300:
        return f"{weekday} {day.day} {month}"
    return f"{day.day} {month} {day.year}"


# Times of day, and times that carry their own day.

_TIME = (
    r"(?:(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::\d{2})?|h(?P<minute_h>\d{2}))"
    r"|(?P<hour_12>\d{1,2})(?::(?P<minute_12>\d{2}))? ?(?P<half>am|pm)|(?P<noon>noon))"
)
_TIME_LAST = re.compile(rf"(?:(?P<day>.+) )??(?:at )?{_TIME}", re.ASCII)
_TIME_FIRST = re.compile(rf"(?:at )?{_TIME} (?P<day>.+)", re.ASCII)
_ISO_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)? ?(z|[+-]\d{2}:?\d{2})?", re.ASCII)
_HOURS_AGO = re.compile(
    rf"(?:(?P<half>half an hour)|{COUNT}(?P<unit>h|hrs?|hours?|min|mins|minutes?))(?: ago)?", re.ASCII
)


def _split_time(words: str) -> tuple[str, time] | None:
    """The expression without its time of day, and that time; None when it has none."""
    found = None
    if len(words) <= LONGEST:
        found = _TIME_LAST.fullmatch(words) or _TIME_FIRST.fullmatch(words)
    if not found:
        return None
    if found["noon"]:
        return found["day"] or "", _NOON
    hour = int(found["hour"] or found["hour_12"])
    minute = int(found["minute"] or found["minute_h"] or found["minute_12"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "pm" else 0) if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        raise NotADate(f"{quoted(words)}: there is no such time of day; write one like 15:30")
    return found["day"] or "", time(hour, minute)


def _iso_moment(words: str, zone: tzinfo) -> datetime | None:
    found = _ISO_MOMENT.fullmatch(words)
    if not found:
        return None
    try:
        wall = datetime.fromisoformat(f"{found[1]}T{found[2]}")
        _within_range(wall.date(), words)
        if found[3]:
            return _in_zone(wall.replace(tzinfo=datetime.strptime(found[3].upper(), "%z").tzinfo), zone)
    except ValueError:
        raise NotADate(f"{quoted(words)}: there is no such time; write one like 2026-11-20 15:00") from None
    return _local(wall, zone)


def _ago(words: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Minutes and hours before now, exact also where the clocks were changed."""
    if words == "now":
        return now
    found = _HOURS_AGO.fullmatch(words)
    if not found:
        return None
    minutes = 30 if found["half"] else counted(found["count"]) * (60 if found["unit"][0] == "h" else 1)
    return _in_zone(now.astimezone(UTC) - timedelta(minutes=minutes), zone)


def _day_and_time(words: str, now: datetime, zone: tzinfo, order: DateOrder) -> datetime | None:
    expression, at = _split_time(words) or (words, None)
    today, around = now.date(), Around(now.date(), False, order)
    if at and not expression:
        result = _local(datetime.combine(today, at), zone)
        return result if result <= now else _local(datetime.combine(today - timedelta(days=1), at), zone)
    day = read_day(expression, around)
    if day is None:
        found = _foreign(expression, now.replace(tzinfo=None), around)
        if not found:
            return None
        day, at = found[0].date(), at or (found[0].time() if found[1] else None)
    if at is None and day == today:
        return now
    return _local(datetime.combine(_within_range(day, words), at or _NOON), zone)


def _local(wall: datetime, zone: tzinfo) -> datetime:
    """`wall` in `zone`, with the offset that held then written out."""
    offset = wall.replace(tzinfo=zone).utcoffset()
    assert offset is not None
    return wall.replace(tzinfo=timezone(offset))


def _in_zone(instant: datetime, zone: tzinfo) -> datetime:
    """The same instant with the offset of `zone`: `astimezone(zone)` asks for `dst()`, which not every zone knows."""
    wall = instant.astimezone(UTC).replace(tzinfo=None)
    guess = _local(wall, zone).utcoffset()
    assert guess is not None
    return instant.astimezone(_local(wall + guess, zone).tzinfo)


# Everything else.


def _foreign(words: str, base: datetime, around: Around) -> tuple[datetime, bool] | None:
    """What dateparser makes of `words` around the naive time `base`, and whether it has a time of day.

    None for what it should not have taken for a date: figures, short words (`to` is a Finnish Thursday), months
    without a day, `this week`, `mon 3/4`.
    """
    digits = any(character.isdecimal() for character in words)
    letters = sum(character.isalpha() for character in words)
    too_little = not letters or (words.isascii() and letters < (3 if digits else 4))
    if len(words) > LONGEST or too_little or (around.order is None and re.search(r"\d[/-]\d", words)):
        return None
    return _relative(words, base, around, digits) or _absolute(words, base, around, digits)


def _relative(words: str, base: datetime, around: Around, digits: bool) -> tuple[datetime, bool] | None:
    """`morgen`, `hace 3 días`."""
    found = _dateparser(words, base, around, "relative-time")
    if not found or (found[0].date() == base.date() and found[1] in ("week", "month", "year")):
        return None
    # It reads "today 9" as today: a number that makes no difference was not understood.
    changed = re.sub(r"\d+", lambda number: str(int(number[0]) + 1), words)
    if digits and found == _dateparser(changed, base, around, "relative-time"):
        return None
    return found[0], found[1] == "time"


def _absolute(words: str, base: datetime, around: Around, digits: bool) -> tuple[datetime, bool] | None:
    """`vendredi`, `10 décembre`."""
    if digits and around.forward:
        base -= timedelta(days=1)  # It takes the future to begin tomorrow, but a date may be today's.
    found = _dateparser(words, base, around, "absolute-time", ["day", "month"] if digits else [])
    if not found or found[1] not in ("day", "time"):
        return None
    if not digits:
        # It reads "nine" as the ninth: without figures only a weekday is meant, which moves on with the week.
        week = timedelta(days=7)
        moved = _dateparser(words, base + week, around, "absolute-time")
        if not moved or moved[0] - found[0] != week:
            return None
    return found[0], found[1] == "time"


def _dateparser(
    words: str, base: datetime, around: Around, parser: str, required: Sequence[str] = ()
) -> tuple[datetime, str] | None:
    """What one of dateparser's parsers finds, and how exact it is: time, day, week, month or year."""
    from dateparser.date import DateDataParser

    settings = {
        "RELATIVE_BASE": base,
        "PREFER_DATES_FROM": "future" if around.forward else "past",
        "DATE_ORDER": around.order or "DMY",
        "RETURN_TIME_AS_PERIOD": True,
        "PARSERS": [parser],
        "REQUIRE_PARTS": list(required),
    }
    try:
        found = DateDataParser(languages=_LANGUAGES, settings=settings).get_date_data(words)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None  # It is made for well-meant input; what trips it is no date.
    # A time with a zone of its own ("5pm est") would be moved silently.
    return (found.date_obj, found.period) if found.date_obj and not found.date_obj.tzinfo else None


def _within_range(day: date, text: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotADate(f"{quoted(text)}: the year {day.year} is not within {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _interval(interval: str) -> tuple[int, str]:
    found = re.fullmatch(r"([1-9]\d{0,3})([dwmy])", interval, re.ASCII)
    if not found:
        raise NotADate(f"{quoted(interval)} is not an interval; write one like 10d, 3w, 2m or 1y")
    return int(found[1]), found[2]
