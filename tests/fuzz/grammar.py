"""Notes by chance: whatever is typed, nothing raises, nothing is lost, and nothing fires twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random

from convo_tui.core import dates, grammar, query
from convo_tui.core.ending import plan
from convo_tui.core.markers import cleaned, escaped, lines_of, marker_span, unescaped
from convo_tui.core.meaning import Carries, Hears, Line, Opens, Quotes, Reading, Settles, TalksNext, Unmatched
from convo_tui.core.models import Encounter
from convo_tui.core.receipt import done, phrases
from tests.core.core_builders import NOW, TODAY, acme, context, heard, issue, soren
from tests.fuzz.cases import Case, Target, within

SECONDS = 1.0

_HOME = acme(
    issue("send pricing"), issue("who signs?"), issue("the #pilot: when", days_ago=0), heard=[heard("a dashboard")]
)
CONTEXT = context(_HOME, soren(issue("sailing")), others=())

_LEADS: tuple[str, ...] = (
    "",
    "",
    "",
    " ",
    "\t",
    "- ",
    "* ",
    "1. ",
    "  - ",
    "\\",
    "\\\\",
    "> ",
    "- [ ] ",
    "- [x] ",
    "\u3000",
    "\ufeff",
)
_MARKERS: tuple[str, ...] = (
    "! ",
    "? ",
    "~ ",
    "= ",
    "=1 ",
    "~2",
    "=9 ",
    "~ *",
    "!",
    "issue:",
    "ASK: ",
    "carry: ",
    "settled:",
    "met: ",
    "need: ",
    "want:",
)
_MARKERS += (
    "expect: ",
    "unsaid: ",
    "Idea: ",
    "rival: ",
    "about: ",
    "next: ",
    "with: ",
    "spark: ",
    "nature: ",
    "minutes: ",
    "> ",
    "",
)
_FENCES: tuple[str, ...] = ("```", "~~~", "````", "```python", "``` `", "  ```", "- ```")
_PIECES: tuple[str, ...] = (
    "pricing",
    "signs",
    "send pricing",
    "a dashboard",
    " : ",
    ":",
    "@ana",
    "@us",
    "@them",
    "@soren",
    '@"Ana Ruiz"',
    "@acme",
    '@"',
    "@",
)
_PIECES += (
    "due:fri",
    "due:",
    'due:"end of month"',
    'due:"',
    "due:3/4",
    "every:1m",
    "every:0d",
    "every:99999y",
    "#x",
    "#",
    "##",
    "(#a)",
    "*",
)
_PIECES += (
    "`",
    "``",
    "[x](",
    "](",
    "[](",
    '[](x "',
    "<a@b.c>",
    "https://x.y/#z",
    "a@b.example",
    "&#99999999999999999999;",
    "&amp;",
    "&#9;",
)
_PIECES += (
    "\u202e",
    "\u0301",
    "👩‍👩‍👧",
    "山田",
    "שלום",
    "\x00",
    "\x1b[31m",
    "\ud800",
    "\r",
    "\t",
    "\x0b",
    "\x85",
    "\u2028",
    "İ",
    "ß",
    "،",
    "ǅ",
)
_PIECES += (
    "3",
    "5",
    "25",
    "0",
    "²",
    "٣",
    "in 3 weeks",
    "fri",
    "27 nov",
    "conversation",
    "Transaction",
    "ana, bo",
    "  ",
    "\\",
    "!",
    "~",
    "=",
    "-",
)
_DATES: tuple[str, ...] = (
    "fri",
    "next",
    "last",
    "in",
    "3",
    "weeks",
    "w",
    "d",
    "2w",
    "99999999",
    "eom",
    "eow",
    "end of month",
    "27",
    "nov",
    "31",
    "feb",
    "may",
)
_DATES += (
    "2026-11-27",
    "2026-02-30",
    "0000-00-00",
    "3/4",
    "13/13/2026",
    "12:30",
    "25:61",
    "at",
    "noon",
    "3pm",
    "ago",
    "yesterday",
    "today",
    "now",
)
_DATES += (
    "T",
    "+01:00",
    "+99:99",
    "Z",
    "half",
    "an hour",
    "demain",
    "übermorgen",
    "明日",
    "٣",
    "²",
    "-",
    ",",
    ".",
    "00",
    "2200",
    "1900",
    "--04-15",
)
_FILTERS: tuple[str, ...] = (
    "with:",
    "is:",
    "since:",
    "until:",
    "-",
    '"',
    "“",
    "#",
    "*",
    "is:open",
    "is:nonsense",
    "since:march",
    "until:2025",
    "-with:ana",
    "until:0",
)


def _soup(rng: Random, pieces: tuple[str, ...], most: int) -> str:
    parts = [rng.choice(pieces) if rng.random() < 0.85 else _character(rng) for _ in range(rng.randint(0, most))]
    return rng.choice((" ", " ", "")).join(parts)


def _character(rng: Random) -> str:
    return chr(rng.choice((rng.randrange(0x80), rng.randrange(0x300), rng.randrange(0x3000), rng.randrange(0x110000))))


def _line(rng: Random) -> str:
    if rng.random() < 0.08:
        return rng.choice(_FENCES)
    line = rng.choice(_LEADS) + rng.choice(_MARKERS) + _soup(rng, _PIECES, 6)
    return line * rng.choice((500, 2000)) if rng.random() < 0.005 else line


def _make(rng: Random) -> Case:
    note = rng.choice(("\n", "\n", "\n", "\r\n")).join(_line(rng) for _ in range(rng.randint(1, 12)))
    return note, _soup(rng, _DATES, 4), _soup(rng, _FILTERS + _PIECES + _DATES, 5)


def _check(case: Case) -> None:
    note, when, asked = case
    with within(SECONDS):
        reading = grammar.read(note, CONTEXT)
    assert grammar.read(note, CONTEXT) == reading, "the same note means the same"
    with within(SECONDS):
        _check_receipt(note, reading)
    _check_nothing_lost(note, reading)
    with within(SECONDS):
        again = grammar.read(escaped(reading.note), CONTEXT)
    assert all(isinstance(line.meaning, Quotes) for line in again.lines), (
        "a saved note that is opened again fires nothing"
    )
    assert again.note == cleaned(reading.note), "and stays as it is"
    _check_dates(when)
    with within(SECONDS):
        query.says(query.parse(asked, TODAY, None), " pricing ")
    assert query.parse(asked, TODAY, None) == query.parse(asked, TODAY, None)


def _check_receipt(note: str, reading: Reading) -> None:
    said = phrases(reading, TODAY)
    assert sum(each.doubtful for each in said) >= len(reading.unmatched), "what was not understood is said"
    done(plan(_HOME.id, Encounter(id="20261122-aaaaaaaa", at=NOW), reading), TODAY)
    for line in lines_of(note):
        marker_span(line)


# ── nothing typed is lost ────────────────────────────────────────────────────────────────────────────────


def _check_nothing_lost(note: str, reading: Reading) -> None:
    """ "A marked line becomes the record and leaves the note; everything else stays in the note, in order"."""
    records = {line.index: line for line in reading.lines if not isinstance(line.meaning, Quotes | Unmatched)}
    left = iter(reading.note.split("\n"))
    for index, typed in enumerate(lines_of(note)):
        if index in records:
            missing = _words(typed) - _accounted(records[index], reading)
            assert not missing, f"of the line {typed!r} nobody has {dict(missing)}"
        elif typed.strip():
            forms = {cleaned(typed), cleaned(unescaped(typed))}
            assert any(each in forms for each in left), f"the line {typed!r} is gone from the note"


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def _accounted(line: Line, reading: Reading) -> Counter[str]:
    """The words of a line that are in its record, or are what the record was made from."""
    meaning, typed = line.meaning, line.typed
    everything = _words(typed)
    lead = Counter(re.findall(r"\w+", typed)[:2])  # a numbered bullet, and the word of the marker
    match meaning:
        case Opens(text=text):
            parts = re.findall(r"(?i)@(?:me|them|us)\b|(?<![^\s(:])(?:due|every):(?:\"[^\"]*\"|\S+)", typed)
            names = re.findall(r"@(?:\"[^\"]*\"|\S+)", typed)[:1]
            return _words(text) + lead + sum(map(_words, [*parts, *names]), Counter())
        case Hears(text=text):
            return _words(text) + lead
        case TalksNext(on=None, about=about):
            return _words(about) + lead
        case TalksNext(about=about):
            return everything if "".join(typed.split()).endswith("".join(about.split())) else lead
        case Settles(outcome=outcome):
            return everything if typed.rstrip().endswith(outcome) else lead
        case Carries():
            rest = re.split(r"\s:\s", typed, maxsplit=1)[1:]
            return everything if all(_words(each) <= _words(reading.note) for each in rest) else lead
    return everything


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────


def _check_dates(text: str) -> None:
    for read in _READERS:
        with within(5 * SECONDS), suppress(dates.NotADate):
            read(text)


_READERS: tuple[Callable[[str], object], ...] = (
    lambda text: dates.due(text, TODAY),
    lambda text: dates.due(text, TODAY, "DMY"),
    lambda text: dates.moment(text, NOW),
    lambda text: dates.leading_date(text, TODAY),
    lambda text: dates.interval_after(TODAY, text),
    lambda text: query.period(text, TODAY),
)

TARGET = Target("grammar", _make, _check)
