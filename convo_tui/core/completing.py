"""Completion while typing: what could be meant at the cursor, and what answers to it (SCREENS.md, "An encounter
in progress"). Completions only offer: what is offered is spelled so that the note grammar finds it again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from convo_tui.core import match
from convo_tui.core.dates import NotADate, due
from convo_tui.core.day_forms import LONGEST, MONTHS, WEEKDAYS, DateOrder
from convo_tui.core.inline import plain
from convo_tui.core.markers import marker, split_lead

if TYPE_CHECKING:
    from convo_tui.core.meaning import Context

Kind: TypeAlias = Literal["issue", "name", "topic", "date"]
T = TypeVar("T")

MOST = 6
"""No more is offered at once: it is read at a glance, in the middle of a call."""

_LONGEST_TEXT = 200
_SHORTEST_ALIKE = 3
_ALIKE = 80  # of 100: two letters swapped in a name, not another name

_ISSUE = re.compile(r"(?:(?:~|(?P<settles>=))[ \t]+|(?:carry|(?P<word>settled|met)):(?!//)[ \t]*)", re.IGNORECASE)
_LISTED = re.compile(r"(?:with|(?P<next>next)):(?!//)[ \t]*", re.IGNORECASE)
_PARTED = re.compile(r"(?<!\s)\s+:(?:\s|$)")
_INLINE: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("name", re.compile(r"(?:^|(?<=[\s(]))@(\"[^\"]*|(?:[^\W_][\w'’.-]*)?)$")),
    ("topic", re.compile(r"(?:^|(?<=[\s(]))#((?:[^\W\d_](?:[^\W_]|-)*)?)$")),
    ("date", re.compile(r"(?<![^\s(])due:(\"[^\"]*|[^\s\"]*)$", re.IGNORECASE)),
)
_WORD_ENDS = re.compile(r"[\s,;.:!?)]|$")

_BARE_NAME = re.compile(r"[^\W_](?:[\w'’.-]*\w)?")
_LISTED_NAME = re.compile(r"[^,;@\"]+")
# What people promise most comes first. Each is a date also in front of other words.
_DAYS: tuple[str, ...] = (
    "fri",
    "mon",
    "eow",
    "eom",
    "2w",
    "tomorrow",
    "tuesday",
    "wednesday",
    "thursday",
    "saturday",
    "sunday",
)
_DAYS += ("today", "1w", "3w", "next week", "next month", "eoq", "eoy", "end of month", "end of next month")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that can be completed where the cursor is.

    `prefix` is what is typed of it, without an opening quote; a choice takes the place of the line from `start` to
    the cursor. On a line of such things `alone` two words need no quotes; with `needs` an unmet need answers too.
    """

    kind: Kind
    prefix: str
    start: int
    alone: bool = False
    needs: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the things offered: the text to type for it, what is shown of it, and a hint beside that."""

    text: str
    shown: str
    hint: str = ""


def completion_at(line: str, column: int) -> Wanted | None:
    """Return what could be completed at `column` of a line outside code fences; None when nothing could.

    Issues after `~ ` and `= ` up to the ` : `, people after `@` and in a `with:` line, topics after `#`, dates after
    the `due:` of an issue and in a `next:` line; never inside code, links and addresses.
    """
    lead, _ = split_lead(line)
    if not len(lead) <= column <= len(line) or not _WORD_ENDS.match(line, column):
        return None
    after = line[column:].strip()
    if (found := _ISSUE.match(line, len(lead))) and found.end() <= column:
        typed = line[found.end() : column]
        if not _PARTED.search(typed):
            if after or len(typed) > _LONGEST_TEXT:
                return None
            return Wanted("issue", typed, found.end(), needs=bool(found["settles"] or found["word"]))
    if (found := _LISTED.match(line, len(lead))) and found.end() <= column:
        if found["next"]:
            typed = line[found.end() : column]
            return Wanted("date", typed, found.end(), alone=True) if not after and len(typed) <= LONGEST else None
        return _listed_name(line, found.end(), column)
    return _inline(line, column)


def _listed_name(line: str, start: int, column: int) -> Wanted:
    """The name that the cursor is in, on a `with:` line from `start` on: after the last separator or open quote."""
    typed = line[start:column]
    if typed.count('"') % 2:
        begin = typed.rindex('"')
        return Wanted("name", typed[begin + 1 :], start + begin, alone=True)
    begin = max(typed.rfind(separator) for separator in ",;@") + 1
    begin += len(typed[begin:]) - len(typed[begin:].lstrip())
    return Wanted("name", typed[begin:], start + begin, alone=True)


def _inline(line: str, column: int) -> Wanted | None:
    for kind, pattern in _INLINE:
        found = pattern.search(line, max(0, column - _LONGEST_TEXT), column)
        if found and not _is_hidden(line, found.start(), column) and (kind != "date" or _is_issue(line)):
            return Wanted(kind, found[1].removeprefix('"'), found.start(1))
    return None


def _is_hidden(line: str, start: int, end: int) -> bool:
    """Whether a part of `line` stands inside code, a link or an address, or in code that is not closed yet."""
    seen = plain(line)
    return seen[start:end] != line[start:end] or "`" in seen[:start]


def _is_issue(line: str) -> bool:
    found = marker(*split_lead(line))
    return found is not None and found[0] in ("issue", "ask")


def choices(wanted: Wanted, context: Context, topics: Sequence[str] = ()) -> list[Choice]:
    """Return at most six things that answer to what is `wanted`, the best first; nothing that is typed already.

    `context` is what the note is read against; `topics` are without their `#`, what matters most first.
    """
    if wanted.kind == "issue":
        found = _issues(wanted, context)
    elif wanted.kind == "name":
        found = _names(wanted, context)
    elif wanted.kind == "topic":
        known = (((folded(topic),), Choice(topic, f"#{topic}")) for topic in topics)
        found = ranked(wanted.prefix, known, MOST + 1)
    else:
        found = list(_dates(wanted, context.today, context.date_order))
    typed = wanted.prefix.casefold()
    return [choice for choice in found if choice.text.casefold() != typed][:MOST]


def ranked(asked: str, entries: Iterable[tuple[Sequence[str], T]], most: int = MOST) -> list[T]:
    """Return at most `most` of the entries, each given with its `folded` spellings, that answer to what is `asked`.

    First those that begin with it, then those with words that begin with its words, then those spelled nearly so;
    among equals, and for an empty question, in the order given. Case and accents do not count.
    """
    wanted = folded(asked)
    if not wanted:
        return [] if asked.strip() else [entry for _, entry in islice(entries, most)]
    words = [f" {word}" for word in wanted.split()]
    begin: list[T] = []
    hold: list[T] = []
    other: list[tuple[str, T]] = []
    for spellings, entry in entries:
        text = " ".join(spellings)
        if any(each.startswith(wanted) for each in spellings):
            begin.append(entry)
        elif all(word in f" {text}" for word in words):
            hold.append(entry)
        else:
            other.append((text, entry))
        if len(begin) == most:
            return begin
    found = [*begin, *hold][:most]
    if len(found) < most and len(wanted) >= _SHORTEST_ALIKE:
        found += _alike(wanted, other, most - len(found))
    return found


def folded(text: str) -> str:
    """Return the words of `text` as they are compared while typing: case, accents and punctuation do not count."""
    return match.slug(text).replace("-", " ")


def _alike(wanted: str, entries: Sequence[tuple[str, T]], most: int) -> list[T]:
    from rapidfuzz import fuzz, process

    # A text much shorter than the question would be found inside it.
    near = [(text, entry) for text, entry in entries if len(text) >= len(wanted) - 1]
    found = process.extract(
        wanted, [text for text, _ in near], scorer=fuzz.partial_ratio, limit=most, score_cutoff=_ALIKE
    )
    return [near[index][1] for _, _, index in found]


# ── issues and needs ─────────────────────────────────────────────────────────────────────────────────────────


def _issues(wanted: Wanted, context: Context) -> list[Choice]:
    from convo_tui.core.carry import opened_before

    numbers = {item.issue.id: number for number, item in enumerate(context.agenda, 1)}
    hints: dict[str, str] = {}
    answering: list[tuple[str, str, str]] = []
    for item in context.agenda:
        if item.issue.is_open(context.today):
            answering.append((item.issue.id, item.issue.text, item.issue.id))
            by = f" · {_spelled_day(item.issue.due, context.today)}" if item.issue.due else ""
            hints[item.issue.id] = f"{numbers[item.issue.id]}{by}"
    offered = [each for each in context.agenda if wanted.needs or opened_before(each.issue, context.at)]
    ids = {item.issue.id for item in offered}
    if wanted.needs:
        for _, heard in context.needs:
            answering.append((heard.id, heard.text, heard.id))
            hints[heard.id] = heard.kind
            ids.add(heard.id)
    order = [item.issue.id for item in context.agenda]
    entries = (((folded(text),), (identity, text)) for identity, text, _ in answering if identity in ids)
    return [
        Choice(_spelled_issue(identity, text, answering, order), " ".join(text.split()), hints[identity])
        for identity, text in ranked(wanted.prefix, entries, MOST + 1)
    ]


def _spelled_issue(identity: str, text: str, answering: Sequence[tuple[str, str, str]], order: Sequence[str]) -> str:
    """Return the text of an issue when the grammar finds that one by it; else its number, else its id."""
    spellings = [text.strip()] if text.strip().isprintable() and not _PARTED.search(text) else []
    if identity in order:
        spellings.append(str(order.index(identity) + 1))
    return next((each for each in spellings if match.texts(each, answering, order) == [identity]), identity)


# ── people and relationships ─────────────────────────────────────────────────────────────────────────────────


def _names(wanted: Wanted, context: Context) -> list[Choice]:
    from convo_tui.core.finding import fuzzy

    people = context.people
    # Someone in an organisation with a file of their own is one, not two.
    own: dict[str, match.Named] = {}
    for each in people:
        own.setdefault(each.relationship or each.id, each)
    near = {each.id: place for place, each in enumerate(own.values())}
    found = fuzzy(wanted.prefix, list(own.values()), near, MOST + 1)
    called = {each.slugs[0] for each in found}
    shared = Counter(each.slugs[0] for each in own.values() if each.slugs[0] in called)
    organisations = {each.organisation for each in found} - {""}
    known = {each.id: each.name for each in people if each.id in organisations}
    return [
        Choice(
            _spelled_name(each, shared[each.slugs[0]] > 1, wanted.alone),
            each.name,
            known.get(each.organisation, each.organisation),
        )
        for each in found
    ]


def _spelled_name(named: match.Named, shared: bool, alone: bool) -> str:
    """Return a name as it is typed, in quotes where it needs them; one that others have too by its file or id."""
    name = " ".join(named.name.replace('"', " ").split())
    if shared or not name.isprintable() or not named.slugs[0]:
        name = named.file.removesuffix(".toml") or named.id
    bare = _LISTED_NAME if alone else _BARE_NAME
    return name if bare.fullmatch(name) else f'"{name}"'


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────


def _dates(wanted: Wanted, today: date, order: DateOrder) -> Iterator[Choice]:
    typed = " ".join(wanted.prefix.casefold().split())
    days = [*_counted_days(typed, today), *(day for day in _DAYS if day.startswith(typed))]
    for day in days:
        with suppress(NotADate):
            text = day if wanted.alone or " " not in day else f'"{day}"'
            yield Choice(text, day, _spelled_day(due(day, today, order), today))


def _counted_days(typed: str, today: date) -> Iterator[str]:
    """What a number alone may become: that day of a month, so many days or weeks."""
    if typed.isdecimal() and typed.isascii() and len(typed) <= _SHORTEST_ALIKE:
        with suppress(NotADate):
            on = due(f"{typed}th", today)
            yield f"{on.day} {MONTHS[on.month - 1]}"
        yield from (f"{typed}d", f"{typed}w")


def _spelled_day(day: date, today: date) -> str:
    """Return `Fri 27 Nov`, with the year when it is not this one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{WEEKDAYS[day.weekday()].title()} {day.day} {MONTHS[day.month - 1].title()}{year}"
