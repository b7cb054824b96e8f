"""What people type to search: words, "phrases", -not, #topic, with:NAME, since:march, until:2025, is:open.

Any text is a valid query: what is no filter is words. What a query means is said by `says` in plain tests on a text,
so that an index and a scan cannot differ.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from convo_tui.core.folding import TOPIC_MARK, folded, is_unspaced, topic_word
from convo_tui.core.inline import topic_spans

if TYPE_CHECKING:
    from convo_tui.core.day_forms import DateOrder

MARKS: frozenset[str] = frozenset({
    "relationship", "person", "organisation", "archived", "late", "story", "issue", "heard", "encounter",
    "open", "parked", "settled", "dropped", "overdue", "mine", "theirs", "ours",
    "met", "unmet", "need", "want", "expectation", "unsaid", "idea", "rival", "about",
    "call", "meeting", "email", "chat", "note", "conversation", "transaction",
})  # fmt: skip
"""What `is:` may be followed by."""

_SAME_MARK = {"name": "relationship", "organization": "organisation"}


@dataclass(frozen=True, slots=True)
class Term:
    """A word, a phrase or a topic that a text has, or has not: when `sought` is in the `indexed` text.

    `words` are folded and stand one after the other; the last is a beginning unless `whole`. `inside` says that the
    first may begin anywhere inside a word, which an index of words cannot tell: `sought` is looked for in the text.
    A topic is one word, its `topic_word`.
    """

    words: tuple[str, ...]
    whole: bool = False
    inside: bool = False
    sought: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write out once what thousands of texts are searched for."""
        before, after = "" if self.inside else " ", " " if self.whole else ""
        object.__setattr__(self, "sought", before + " ".join(self.words) + after)

    @property
    def is_topic(self) -> bool:
        """Whether it stands for a `#topic`."""
        return self.words[0].startswith(TOPIC_MARK)


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for; all of it counts. `since` and `until` are the first and the last day, both included.

    `with_` and `without` are names as typed; `marks` and `unmarked` are among `MARKS`.
    """

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    marks: tuple[str, ...] = ()
    unmarked: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for: every text answers."""
        return self == Query()


_QUOTES = str.maketrans("“”„", '"""')
_TOKEN = re.compile(
    r'(?P<no>-?)(?:(?P<key>(?ai:with|is|since|until)):)?(?:"(?P<quoted>[^"]*)(?P<closed>"?)|(?P<bare>\S+))'
)


def parse(text: str, today: date, date_order: DateOrder = None) -> Query:
    """Return what `text` asks for. Nothing is an error: a filter that is not understood is words.

    A bare word is a beginning, with or without a `*` at its end, and so is a `#topic`; text in quotes is a phrase of
    whole words, while the quote is still open its last word is a beginning; `"#topic"` is that topic alone. What
    folds into several words (`e-mail`) is a phrase that ends in a beginning; what folds into none is left out. Words
    of scripts written without spaces count anywhere. Days look back from `today`; of several the narrowest counts.
    """
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for token in _TOKEN.finditer(text.translate(_QUOTES)):
        if read := _filter(token, today, date_order) or _words(token):
            part, value = read
            found[part].append(value)
    return Query(
        wanted=_once(found["wanted"]),
        unwanted=_once(found["unwanted"]),
        with_=_once(found["with_"]),
        without=_once(found["without"]),
        since=max(found["since"], default=None),
        until=min(found["until"], default=None),
        marks=_once(found["marks"]),
        unmarked=_once(found["unmarked"]),
    )


def says(query: Query, text: str) -> bool:
    """Whether an `indexed` text has every term that is wanted, and none that is not."""
    return all(term.sought in text for term in query.wanted) and not any(term.sought in text for term in query.unwanted)


def settled(query: Query, begins: Callable[[str], bool]) -> Query:
    """Return `query` with each lone word that begins no word of the journal counting anywhere inside one.

    `begins` tells whether a folded word begins any word of the journal. Topics, phrases and whole words stay.
    """

    def decided(term: Term) -> Term:
        (word, *others) = term.words
        if others or term.whole or term.inside or term.is_topic or begins(word):
            return term
        return replace(term, inside=True)

    return replace(query, wanted=tuple(map(decided, query.wanted)), unwanted=tuple(map(decided, query.unwanted)))


# How a token is read: the field of the query that it adds to, and what.


def _once(values: list[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


def _filter(token: re.Match[str], today: date, order: DateOrder) -> tuple[str, Any] | None:
    """What `with:`, `is:`, `since:` and `until:` ask for; None for everything else, and what is not understood."""
    key, no = (token["key"] or "").lower(), bool(token["no"])
    value = (token["bare"] or token["quoted"] or "").strip()
    if key == "with" and folded(value) != " ":
        return "without" if no else "with_", value.removeprefix("@")
    if key == "is" and (mark := _SAME_MARK.get(value.casefold(), value.casefold())) in MARKS:
        return "unmarked" if no else "marks", mark
    if key in ("since", "until") and not no and (days := period(value, today, order)):
        return key, days[0 if key == "since" else 1]
    return None


def _words(token: re.Match[str]) -> tuple[str, Term] | None:
    """The term that a token is; None when it has no words."""
    part = "unwanted" if token["no"] else "wanted"
    whole = bool(token["closed"]) and not token["key"]
    said = token[0].removeprefix("-").strip('"').strip()
    topic = said.rstrip("*")
    if topic_spans(topic) == [(0, len(topic))]:
        return part, Term((topic_word(topic[1:]),), whole)
    words = tuple(folded(said).split())
    if not words:
        return None
    return part, Term(words, whole and not is_unspaced(words[-1]), is_unspaced(words[0]))


# Days, which look back: the past is searched.

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_CALENDAR = re.compile(
    r"(?P<which>this|last) (?P<unit>week|month|year)"
    r"|(?P<name>[a-z]{3,9})(?: (?P<of>\d{4}))?"
    r"|(?P<year>\d{4})(?:-(?P<month>\d{1,2}))?",
    re.ASCII,
)


def period(text: str, today: date, order: DateOrder = None) -> tuple[date, date] | None:
    """Return the first and the last day of what `text` means, looking back from `today`; None when it is no date.

    `march` is the last one that began, `2025` and `2025-03` a year and a month, `last week` begins on a Monday;
    anything else is a day as in CONTRACT.md, "Dates". Its own grammar only: it runs at every keystroke.
    """
    # Half of what is searched for names no day, and needs none of this.
    from convo_tui.core.dates import FIRST_YEAR, LAST_YEAR
    from convo_tui.core.day_forms import Around, NotADate, normal, read_day

    words = normal(text)
    try:
        days = _calendar(words, today)
        if days is None:
            day = read_day(words, Around(today, False, order))
            days = (day, day) if day else None
    except (NotADate, ValueError, OverflowError):
        return None
    return days if days and days[0].year >= FIRST_YEAR and days[1].year <= LAST_YEAR else None


def _calendar(words: str, today: date) -> tuple[date, date] | None:
    """A week, a month or a year as a whole."""
    found = _CALENDAR.fullmatch(words)
    if not found:
        return None
    last = found["which"] == "last"
    if found["unit"] == "week":
        monday = today - timedelta(days=today.weekday() + 7 * last)
        return monday, monday + timedelta(days=6)
    if found["unit"] == "month":
        year, month = divmod(today.year * 12 + today.month - 1 - last, 12)
        return _months(year, month + 1, 1)
    if found["unit"] == "year":
        return _months(today.year - last, 1, 12)
    if not found["name"]:
        return _months(int(found["year"]), int(found["month"] or 1), 1 if found["month"] else 12)
    named = [place for place, name in enumerate(_MONTHS, 1) if name.startswith(found["name"])]
    if not named:
        return None
    return _months(int(found["of"] or today.year - (named[0] > today.month)), named[0], 1)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    """The first day of a month and the last of `count` months, within one year."""
    after = date(year + 1, 1, 1) if month + count > 12 else date(year, month + count, 1)
    return date(year, month, 1), after - timedelta(days=1)
