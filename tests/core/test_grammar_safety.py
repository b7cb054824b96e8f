"""Whatever is typed: nothing raises, no word is lost, and long lines are read in no time."""

from __future__ import annotations

import re
import time

import pytest
from core_builders import NOW, TODAY, acme, context, freed, heard, issue, read, soren
from hypothesis import given, settings
from hypothesis import strategies as st

from convo_tui.core import grammar
from convo_tui.core.ending import plan
from convo_tui.core.markers import cleaned, escaped, marker_span
from convo_tui.core.match import names
from convo_tui.core.meaning import Carries, Hears, Meets, Opens, Sets, Settles, Takes, TalksNext
from convo_tui.core.models import Encounter
from convo_tui.core.receipt import done, phrase, phrases

HOME = acme(issue("send pricing"), issue("who signs?"), heard=[heard("a dashboard")])
CONTEXT = context(HOME, others=[soren()])

MARKERS = ["! ", "? ", "~ ", "= ", "=1 ", "~2", "- [ ] ", "issue:", "ask: ", "carry: ", "met: ", "need: ", "want:"]
MARKERS += ["expect: ", "unsaid: ", "idea: ", "rival: ", "about: ", "next: ", "with: ", "spark: ", "nature: "]
MARKERS += ["minutes: ", "> ", "\\", "```", "~~~", ""]
PIECES = [
    "pricing",
    "signs",
    " : ",
    "@ana",
    "@us",
    "@soren",
    '@"Ana Ruiz"',
    "due:fri",
    "due:",
    'due:"',
    "every:1m",
    "*",
]
PIECES += ["every:99999y", "#x", "3", "25", "in 3 weeks", "conversation", "transaction", "&#99999999999999999999;"]
PIECES += [
    "`",
    "[x](",
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
    "İ",
    "ß",
    "،",
]


def lines() -> st.SearchStrategy[str]:
    body = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=5).map(" ".join)
    return st.tuples(st.sampled_from(["", " ", "- ", "\\"]), st.sampled_from(MARKERS), body).map("".join)


@settings(deadline=None)
@given(st.lists(lines() | st.text(), max_size=6).map("\n".join))
def test_no_text_raises(note: str) -> None:
    reading = grammar.read(note, CONTEXT)
    ids = iter(f"20261122-{number:08d}" for number in range(1000))
    done(plan(HOME.id, Encounter(id="20261122-aaaaaaaa", at=NOW), reading, lambda: next(ids)), TODAY)
    assert len(phrases(reading, TODAY)) >= len(reading.unmatched)
    for line in note.split("\n"):
        marker_span(line)
    names(note, CONTEXT.people)


# ── nothing typed is ever lost ───────────────────────────────────────────────────────────────────────────

WORDS = st.sampled_from(["pricing", "signs", "dashboard", "seats", "legal", "draft", "pilot", "board", "x1y"])
TOKENS = ["@us", "@me,", "(@them)", "due:fri", 'due:"end of month"', "due:nonsense", "every:1m", "every:nonsense"]
TOKENS += ["#topic", "@ana", "@nobody", "due:mon,", "(due:tue)", "every:2w.", " : ", "*", "3", "in 3 weeks", "fri"]


@st.composite
def marked_lines(draw: st.DrawFn) -> str:
    marker = draw(st.sampled_from([each for each in MARKERS if each not in ("```", "~~~", "\\")]))
    return marker + " ".join(draw(st.lists(WORDS | st.sampled_from(TOKENS), max_size=7)))


def said_in(reading: grammar.Reading) -> str:
    """Every word that is in a record or in the note that is left."""
    said = [reading.note]
    for line in reading.lines:
        match line.meaning:
            case Opens(text=text) | Hears(text=text):
                said.append(text)
            case TalksNext(about=about):
                said.append(about)
            case Settles(item=item, outcome=outcome):
                said += [item.issue.text, item.issue.id, outcome]
            case Carries(items=items):
                said += [text for item in items for text in (item.issue.text, item.issue.id)]
            case Meets(heard=heard_):
                said += [heard_.text, heard_.id]
            case Takes(who=who):
                said += [each.name for each in who]
            case Sets(value=value):
                said.append(str(value))
    return " ".join(said)


@settings(deadline=None)
@given(st.lists(marked_lines(), min_size=1, max_size=5).map("\n".join))
def test_every_word_typed_is_in_the_note_or_in_a_record(note: str) -> None:
    """On save a marked line becomes the record and leaves the note; everything else stays in the note."""
    reading = grammar.read(note, CONTEXT)
    words = [word for word in re.findall(r"[a-z0-9]+", note.lower()) if len(word) > 2]
    once = {"next", "with", "spark", "nature", "minutes", "issue", "carry", "need", "want", "expect", "unsaid", "idea"}
    once |= {"rival", "about", "met", "ask", "due", "every", "them", "weeks", "fri", "mon", "tue", "end", "month"}
    left = said_in(reading).lower()
    for word in words:
        if word not in once:
            assert left.count(word) >= 1
    opened = [line for line in reading.lines if isinstance(line.meaning, Opens)]
    for line in opened:
        assert isinstance(line.meaning, Opens)
        taken = re.sub(r"@(us|me|them)|due:\w+|every:\w+|due:\"[^\"]*\"", " ", line.typed)
        kept = re.sub(r"@(us|me|them)|due:\w+|every:\w+|due:\"[^\"]*\"", " ", line.meaning.text)
        marker = len(re.findall(r"\w+", re.match(r"\W*(?:issue:|ask:)?", line.typed)[0]))  # type: ignore[index]
        assert re.findall(r"\w+", taken)[marker:] == re.findall(r"\w+", kept)


# ── long lines ───────────────────────────────────────────────────────────────────────────────────────────

SECONDS = 4.0
"""Generous for a loaded machine; a pattern that scans ahead from each character needs minutes."""

UNITS = ["`", "[", "](", "[](", "[]((x)", '[](x "', "@", "a@", "a@a@a", '@"', '@"a" ', "<", "(", "a.", "+.", "a", "a:"]
UNITS += ["due:,", "due:x ", "every:x ", "@me ", "@ana ", "` `` ", "#", "#a ", "-", "\\", "~", "~ ", "> ", " ", "\t"]
UNITS += ["é", "山", "&#9;", "https://", "http://a", "x@y.", " : ", ",", '"', "1 ", "\r", "! x\r\n", "\\! x\n", "```\n"]


@pytest.mark.parametrize("start", ["", "! ", "~ ", "with: ", "! due:", "```"])
def test_no_long_line_takes_long(start: str) -> None:
    notes = [start + unit * (10_000 // len(unit)) for unit in UNITS]
    for note in notes:
        began = time.perf_counter()
        grammar.read(note, CONTEXT)
        assert time.perf_counter() - began < SECONDS, (start, note[:20])
    for note in notes:
        assert freed(escaped(note)) == note.replace("\r\n", "\n").replace("\r", "\n")
        cleaned(note)


@pytest.mark.parametrize("unit", ["pricing ", "(#a) @@"])
def test_a_line_of_a_megabyte_is_read(unit: str) -> None:
    began = time.perf_counter()
    grammar.read(unit * (1_000_000 // len(unit)), CONTEXT)
    assert time.perf_counter() - began < SECONDS


@pytest.mark.long
@pytest.mark.parametrize("start", ["", "! "])
@pytest.mark.parametrize("unit", UNITS)
def test_every_line_of_a_megabyte_is_read(start: str, unit: str) -> None:
    began = time.perf_counter()
    grammar.read(start + unit * (1_000_000 // len(unit)), CONTEXT)
    assert time.perf_counter() - began < 10 * SECONDS


def test_a_line_that_is_being_typed_has_its_phrase() -> None:
    reading = read("! send it\n> quoted", HOME)
    assert [bool(phrase(line, TODAY)) for line in reading.lines] == [True, False]
