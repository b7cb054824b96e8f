"""Whatever looks like markup is text (GATES.md 16: "20,000 bracket strings through every widget and `notify`": "no
crash, text identical")."""

from __future__ import annotations

import importlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
import tomli_w
from journey import NOW, Home, Screenful
from textual.geometry import Offset, Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.widgets._toast import Toast, ToastHolder

import convo_tui.tui
from convo_tui.core.completing import Choice
from convo_tui.core.contradiction import Contradiction, Place
from convo_tui.core.difference import Difference
from convo_tui.core.errors import ConvoError
from convo_tui.core.hits import Hit
from convo_tui.core.query import parse
from convo_tui.core.reaching import Way
from convo_tui.core.receipt import Phrase
from convo_tui.sanitize import accepted, drawable, sanitize, single
from convo_tui.store.git.repository import Past, Plan, Step, Told
from convo_tui.store.journal import Problem
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.history import Stood
from convo_tui.tui.rows.receipt import ended_rows
from convo_tui.tui.rows.versions import Course
from convo_tui.tui.screens.agenda import AgendaView
from convo_tui.tui.screens.conflict import Conflict
from convo_tui.tui.screens.find import Find
from convo_tui.tui.screens.form import Form, Line, Sheet
from convo_tui.tui.screens.heard import HeardView
from convo_tui.tui.screens.help import Help
from convo_tui.tui.screens.history import Archive, History
from convo_tui.tui.screens.journal import JournalScreen
from convo_tui.tui.screens.note_pane import NotePane
from convo_tui.tui.screens.people import PeopleView
from convo_tui.tui.screens.picker import Found, NameLine, Picker
from convo_tui.tui.screens.problems import Problems
from convo_tui.tui.screens.prompts import Ask
from convo_tui.tui.screens.pulse import PulseView
from convo_tui.tui.screens.reach import Reach
from convo_tui.tui.screens.review import ReviewView
from convo_tui.tui.screens.story import StoryEditor, StoryView
from convo_tui.tui.screens.topics import TopicsView
from convo_tui.tui.screens.versions import Versions
from convo_tui.tui.widgets.completions import Completions
from convo_tui.tui.widgets.encounter_line import EncounterLine
from convo_tui.tui.widgets.ended_list import EndedList
from convo_tui.tui.widgets.footer import Hint, KeyBar
from convo_tui.tui.widgets.header import Header
from convo_tui.tui.widgets.line_input import FilterLine, LineInput
from convo_tui.tui.widgets.line_list import LineList, Row
from convo_tui.tui.widgets.lines_input import LinesInput, lines_shown
from convo_tui.tui.widgets.note_editor import NoteEditor

EVERYDAY, ALL = 12, 20_000
"""Strings for each way to show them, and for all of them together."""

SIZE, ROOM, LONGEST = (260, 50), 85, 38
"""The screen, the columns of a pane, the characters of a string: they fit everywhere."""

PIECES = (
    *("[", "]", "[[", "]]", "[/]", "[/foo]", "[/b]", "[b", "[b]", "[bold red]x[/bold red]", "\\[", "\\", "\\\\["),
    *("[link=https://x.example]", "[link=", "[@click=app.quit]q[/]", "[@click=app.bell('x')]", "[$primary]", "[#fff]"),
    *("[on red", "[not bold]", "[b]x[/b]", "[ ]", "[]", "[=]", "[!]", "[1]", "$x", "${x}", "{}", "%s", ":smile:", "'"),
    *('"', "=", "(", ")", ",", " ", "a", "word", "é", "日本", "שלום", "☕", "e\u0301", "\u202e", "\u200b", "\x1b[31m"),
)


def brackets(count: int) -> list[str]:
    """Strings of brackets, the same in every run; some hold what a terminal would obey.

    None with several spaces in a row: a note keeps them, a line of a list does not.
    """
    dice = random.Random(16)
    made = iter(lambda: f"|{''.join(dice.choices(PIECES, k=dice.randint(1, 5)))[:LONGEST]}|", "")
    return list(islice((each for each in made if single(each) == sanitize(each)), count))


def rendered(widget: Widget) -> str:
    """A widget as it is drawn now, with its border and what stands in that."""
    return "\n".join(strip.text for strip in widget.render_lines(Region(0, 0, *widget.outer_size)))


def holds(seen: str, *given: str) -> None:
    for each in given:
        assert single(each) in seen, f"{single(each)!a} is not in\n{seen}"


def in_chunks(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (texts[start : start + size] for start in range(0, len(texts), size))


# ── widgets ──────────────────────────────────────────────────────────────────────────────────────────────


def holds_rows(found: LineList, rows: Sequence[Row], texts: Sequence[str]) -> None:
    """A list shows these rows, each with its text."""
    found.show(lambda width: rows, fresh=True)
    seen: list[str] = []
    while len(seen) < len(rows):
        found.scroll_to(y=len(seen), animate=False)
        top = found.scroll_offset.y
        seen += [found.render_line(y).text for y in range(len(seen) - top, min(found.size.height, len(rows) - top))]
    for row, text in zip(seen, texts, strict=True):
        holds(row, text)


async def into_lists(convo: Screenful, texts: Sequence[str]) -> None:
    rows = [Row(parts.text(text), str(number)) for number, text in enumerate(texts)]
    found = convo.list("details")
    holds_rows(found, rows, texts)
    found.show(lambda width: [])
    for text in texts:
        found.placeholder = parts.text(text)
        holds(rendered(found), text)


async def into_receipts(convo: Screenful, texts: Sequence[str]) -> None:
    for text in texts:
        convo.journal.note_pane.turn("ended", single(text))
        await convo.settle()
        pane = convo.list("ended")
        phrase = Phrase(text, text, doubtful=True)
        pane.show(lambda width: ended_rows(text, [phrase], text, 0, 3, "conversation", width))  # noqa: B023
        seen = rendered(pane)
        holds(seen, text)
        holds(seen, f"left open with {single(text)}: what")


async def into_header(convo: Screenful, texts: Sequence[str]) -> None:
    header = convo.journal.query_one(Header)
    for text in texts:
        header.journal = header.middle = header.clock = text
        assert rendered(header).count(single(text)) == 3


async def into_key_bar(convo: Screenful, texts: Sequence[str]) -> None:
    bar = convo.journal.query_one(KeyBar)
    for text in texts:
        bar._hints = [Hint("new-issue", "left_square_bracket", single(text), True)]
        bar.refresh()
        holds(rendered(bar), f"[ {single(text)} ")


async def write(convo: Screenful) -> None:
    """Show where a note is typed, with no encounter whose clock would tell the facts anew."""
    convo.journal.note_pane.turn("writing", "")
    await convo.settle()


async def into_editor(convo: Screenful, texts: Sequence[str]) -> None:
    await write(convo)
    editor = convo.editor
    editor.open("\n".join(texts), (0, 0))
    assert editor.text.split("\n") == [accepted(text) for text in texts]
    await convo.settle()
    for number, text in enumerate(texts):
        editor.scroll_to(y=number, animate=False)
        assert drawable(accepted(text)) in editor.render_line(number - editor.scroll_offset.y).text


async def typed_into(line: Input, texts: Sequence[str]) -> None:
    for text in texts:
        with line.prevent(Input.Changed):
            line.value = text
        line.cursor_position = 0
        assert line.value == accepted(text)
        assert drawable(accepted(text)) in line.render_line(0).text
    with line.prevent(Input.Changed):
        line.value = ""


async def into_filter(convo: Screenful, texts: Sequence[str]) -> None:
    await typed_into(convo.journal.query_one(FilterLine), texts)


async def into_placeholders(convo: Screenful, texts: Sequence[str]) -> None:
    await convo.press("slash")
    line = convo.journal.query_one(FilterLine)
    for text in texts:
        line.placeholder = single(text)
        assert single(text) in line.render_line(0).text


async def into_completions(convo: Screenful, texts: Sequence[str]) -> None:
    completions = convo.journal.query_one(Completions)
    await write(convo)
    for few in in_chunks(texts, 10):
        offered = [each for text in few for each in (Choice(text, text), Choice(text, "x", text))]
        completions.offer(offered, Offset(0, 0), Region(0, 0, *SIZE))
        await convo.settle()
        for number, line in enumerate(rendered(completions).split("\n")):
            holds(line, few[number // 2])
        assert number == len(offered) - 1


async def into_facts(convo: Screenful, texts: Sequence[str]) -> None:
    facts = convo.journal.note_pane.facts
    line, fault = facts.query_one(LineInput), facts.query_one(Static)

    def refuse(text: str) -> Callable[[str], Any]:
        def check(_: str) -> None:
            raise ConvoError(text)

        return check

    await write(convo)
    for few in in_chunks(texts, 50):
        await convo.settle()
        facts.add_class("-refused")
        await convo.settle()  # from here on there is room for what is wrong
        for text in few:
            facts.show(text, refuse(text))
            assert sanitize(text) in rendered(line)
            facts._submitted(LineInput.Submitted(line, "x"))
            assert sanitize(text) in rendered(fault)
            facts.action_restore()


async def into_titles(convo: Screenful, texts: Sequence[str]) -> None:
    """What stands in the borders; a plain string would be read as markup there."""
    pane = convo.journal.note_pane
    for text in texts:
        pane.turn("details", single(text))
        pane.border_subtitle = parts.text(text)
        seen = rendered(pane).split("\n")
        holds(seen[0], text)
        holds(seen[-1], text)


# ── screens ──────────────────────────────────────────────────────────────────────────────────────────────


async def opened(convo: Screenful, screen: Screen[Any]) -> None:
    await convo.app.push_screen(screen)
    await convo.settle()


async def closed(convo: Screenful) -> None:
    await convo.press("escape")
    assert convo.app.screen is convo.journal


async def into_questions(convo: Screenful, texts: Sequence[str]) -> None:
    for few in in_chunks(texts, 12):
        faults = iter(few)

        def refuse(_: str, faults: Iterator[str] = faults) -> None:
            raise ConvoError(next(faults))

        question = Ask(few[0], single(few[0]), refuse)  # hints are always ours
        await opened(convo, question)
        line = question.query_one(LineInput)
        holds(rendered(question.query_one(".prompt--question")), few[0])
        holds(rendered(line), few[0])
        for text in few:
            question._answer(LineInput.Submitted(line, text))
            await convo.settle()
            assert sanitize(text) in rendered(question.query_one(".prompt--fault"))
        await typed_into(line, few)
        await closed(convo)


async def into_picker(convo: Screenful, texts: Sequence[str]) -> None:
    for few in in_chunks(texts, 6):
        names = [each for text in few for each in ((text, ""), ("x", text))]
        found = [Found(f"{number}", *each) for number, each in enumerate(names)]
        question = few[0]
        await opened(convo, Picker(question, lambda asked: found, several=True, hint=question))  # noqa: B023
        holds(convo.text, question)
        box = convo.app.screen.query_one(LineList)
        for number in range(len(found)):
            holds(box.render_line(number).text, few[number // 2])
        await typed_into(convo.app.screen.query_one(NameLine), [accepted(text).replace(",", "") for text in few])
        convo.app.screen.query_one(NameLine).value = "x,"
        await convo.settle()
        kept = rendered(convo.app.screen.query_one(".picker--kept"))  # a long one is on two lines
        assert single(question).replace(" ", "") in "".join(kept.split())
        await closed(convo)


async def into_help(convo: Screenful, texts: Sequence[str]) -> None:
    await opened(convo, Help({}))
    await typed_into(convo.app.screen.query_one(LineInput), texts)
    await closed(convo)


async def into_form(convo: Screenful, texts: Sequence[str]) -> None:
    """In a line, in several lines, in its title, and as what is wrong with a line."""

    async def saved(_: Mapping[str, str]) -> None:
        return None

    for few in in_chunks(texts, 12):
        lines = [Line("name", "Name", few[0]), Line("story", "Story", few[0], 3)]
        title, typed = few[0], {"name": few[-1], "story": "\n".join(few)}
        await opened(convo, Form(Sheet(title, lines, typed, lambda key, text: text, saved)))
        form = convo.app.screen
        assert isinstance(form, Form)
        form.query_one(".form--box").styles.width = ROOM
        await convo.settle()
        holds(convo.text, title, *(each for each in map(accepted, few) if each.strip()))
        for text in few:
            form._tell("name", text)
            await convo.settle()
            holds(" ".join(convo.text.split()), " ".join(sanitize(text).split()))
        await closed(convo)


async def into_find(convo: Screenful, texts: Sequence[str]) -> None:
    found: list[Hit] = []

    async def search(text: str, limit: int, width: int) -> list[Hit]:
        return found

    await opened(convo, Find(search, NOW.date()))
    line = convo.app.screen.query_one(LineInput)
    for few in in_chunks(texts, 30):
        query = parse("word", NOW.date(), None)
        found[:] = [Hit("k", "k", text, "issue", str(at), None, text, query, 100) for at, text in enumerate(few)]
        line.value = few[0]
        await convo.settle()
        rows = [row.content.plain for row in convo.app.screen.query_one(LineList)._rows]
        for row, text in zip(rows, few, strict=True):
            holds(row[24:], text)
            assert row.startswith(single(text)[:15])
        holds(convo.text, few[-1])
        await typed_into(line, few)
    await closed(convo)


async def into_reach(convo: Screenful, texts: Sequence[str]) -> None:
    for few in in_chunks(texts, 8):
        await opened(convo, Reach(few[0], [Way(text, text, None) for text in few]))
        holds(convo.text, f"Reach {single(few[0])}")
        for number, text in enumerate(few):
            row = convo.app.screen.query_one(LineList).render_line(number).text
            assert f"{number + 1} {single(text)[:10]}" in row
            holds(row[12:], text)
        await closed(convo)
        await opened(convo, Reach(few[-1], []))
        holds(" ".join(convo.text.split()), f"No way to reach {single(few[-1])}"[:40])
        await convo.press("escape")


async def into_conflict(convo: Screenful, texts: Sequence[str]) -> None:
    places = tuple(Place(text, text, f"{text}\nother") for text in texts)
    await opened(convo, Conflict(Contradiction(texts[0], places)))
    for place in places:
        seen = convo.text
        holds(seen, f"Both sides changed {single(place.what)}.", f"Two versions of {single(texts[0])}")
        assert seen.count(sanitize(place.ours)) >= 2  # on both sides
        await convo.press("1")
    assert convo.app.screen is convo.journal


async def into_problems(convo: Screenful, texts: Sequence[str]) -> None:
    problems = [Problem(text, 1, text, "error") for text in texts]

    async def check() -> Sequence[Problem]:
        return problems

    await opened(convo, Problems(check))
    found = convo.app.screen.query_one(LineList)
    shown = [row.content.plain for row in found._rows]
    for number, text in enumerate(texts):
        holds(shown[2 * number], f"{single(text)}:1")
        holds(shown[2 * number + 1], text)
    holds(rendered(found), texts[0])
    await closed(convo)


async def into_versions(convo: Screenful, texts: Sequence[str]) -> None:
    steps = tuple(Step(text, (text,)) for text in texts)

    async def planned() -> Plan:
        return Plan(None, steps, texts[1], commands=(texts[2],), notes=(texts[3],))

    course = Course(list(texts), tuple(texts[:9]), texts[0], is_over=True)
    for screen in (Versions(planned, lambda *_: course), Versions(planned, lambda *_: course, course)):
        await opened(convo, screen)
        found = screen.query_one(LineList)
        await convo.until(lambda: found._rows, "the lines")  # noqa: B023
        holds("\n".join(row.content.plain for row in found._rows), *texts[:4], texts[-1])
        await closed(convo)


async def into_history(convo: Screenful, texts: Sequence[str]) -> None:
    pasts = [Past(str(place), "", NOW, text, text, text, "", "") for place, text in enumerate(texts[:9])]
    found = tuple(Difference("", "", text, "changed", "") for text in texts)

    async def meanings(wanted: Sequence[Past]) -> list[Told]:
        return [Told(texts[int(each.version)], found) for each in wanted]

    async def stood(past: Past, compared: Past | None) -> Stood:
        return Stood(texts[0], "", found, "", NOW.date(), problem=texts[1])

    async def restored(_: object) -> bool:
        return False

    await opened(convo, History(texts[2], pasts, Archive(meanings, stood, restored), {}, NOW.date()))
    left, right = (convo.app.screen.query_one(each, LineList) for each in ("#pasts", "#stood"))
    await convo.until(lambda: right._rows, "what stood")
    holds("\n".join(row.content.plain for row in right._rows), *texts[1:], texts[-1])
    holds(convo.text, texts[2][:20])
    assert rendered(left)
    await closed(convo)


async def into_messages(convo: Screenful, texts: Sequence[str]) -> None:
    """`notify`, over a screen made after a test's app has been told to show messages at all."""
    convo.app._disable_notifications = False
    await opened(convo, Help({}))
    for few in in_chunks(texts, 5):
        for text in few:
            convo.journal.say(text)
        await convo.until(lambda: len(convo.app.screen.query(Toast)) == len(few), "messages")  # noqa: B023
        await convo.settle()
        toasts = [toast.render().plain for toast in convo.app.screen.query(Toast)]
        assert toasts == [sanitize(text) for text in few]
        holds(" ".join(convo.text.split()), " ".join(sanitize(few[-1]).split()))
        convo.app.clear_notifications()
        await convo.app.screen.query(ToastHolder).remove()  # left behind, they make each of many more take longer
    await closed(convo)


def host(few: Sequence[str], kind: str) -> tuple[list[str], str]:
    """A relationship that says so in every field; the ends of the ids of its entries, and its file."""
    entries = [f"20261101-{number:08}" for number in range(len(few))]
    at = NOW.replace(tzinfo=None)
    text = {
        "format": 1,
        "id": HOST,
        "name": few[0],
        "kind": kind,
        "role": few[1],
        "organisation": few[2],
        "tags": list(few),
        "story": few[3],
        "next_on": NOW.date(),
        "next_about": few[4],
        "reach": [{"kind": "web", "label": each, "value": each} for each in few],
        "dates": [{"label": each, "on": NOW.date()} for each in few],
        "people": [
            {"id": f"p{key}", "name": each, "role": each, "influence": "unknown", "stance": "unknown"}
            for key, each in zip(entries, few, strict=True)
        ],
        "issues": [
            {"id": f"i{key}", "text": each, "owner": "me", "state": "open", "due": NOW.date(), "opened_in": f"e{key}"}
            for key, each in zip(entries, few, strict=True)
        ],
        "heard": [
            {"id": f"h{key}", "kind": "need", "text": each, "heard_in": f"e{key}"}
            for key, each in zip(entries, few, strict=True)
        ],
        "encounters": [
            {"id": f"e{key}", "at": at, "channel": "call", "nature": "conversation", "note": each, "with": [f"p{key}"]}
            for key, each in zip(entries, few, strict=True)
        ],
    }
    return entries, tomli_w.dumps(text)


HOST = "20240301-host1001"
SHORT = 20
"""Characters that every column has room for."""


@asynccontextmanager
async def hosted(convo: Screenful, few: Sequence[str], kind: str) -> AsyncIterator[list[str]]:
    """The relationship is in the journal, and shown."""
    path = convo.journal.desk.places.journal / "host.toml"
    entries, text = host(few, kind)
    path.write_text(text, "utf-8")
    await convo.journal.reload()
    convo.journal.listing.select(HOST)
    await convo.until(lambda: convo.journal.shown is not None, "the relationship")
    await convo.settle()
    yield entries
    path.unlink()
    await convo.journal.reload()


async def into_the_journal(convo: Screenful, texts: Sequence[str]) -> None:
    """A relationship that says so in every field: its borders, its brief, its timeline, each thing in full."""
    few = texts[: max(EVERYDAY, len(texts) // 8)]
    async with hosted(convo, few, "person") as entries:
        convo.journal.issues_shown = True
        convo.journal.show_conversation()
        pane = convo.journal.query_one("#conversation")
        holds(rendered(pane), f"{single(few[0])} · {single(few[1])} · {single(few[2])}"[:60])
        holds(convo.pane("list"), few[0])
        brief = convo.pane("brief").split("\n")
        holds(convo.pane("brief"), few[3], few[4])
        for each in few:
            assert any(single(each) in line for line in brief), ascii(each)
        notes = [line[16:].strip() for line in convo.pane("timeline").split("\n")[1:]]
        assert sorted(notes) == sorted(single(each) for each in few)
        card = convo.pane("details")
        holds(card, " · ".join(single(each) for each in few[:2]), *few)
        for number, each in enumerate(few[:EVERYDAY]):
            for kind, list_ in (("issue", "brief"), ("encounter", "timeline")):
                await convo.select(list_, f"{kind}:{kind[0]}{entries[number]}")
                holds(convo.pane("details"), each)
        convo.journal.issues_shown = False


async def into_views(convo: Screenful, texts: Sequence[str]) -> None:
    """Each view over the journal, of an organisation that says so in every field."""
    few = texts[:EVERYDAY]

    def lines(side: str) -> str:
        found = convo.app.screen.query(f"#{side}, .story--box LineList" if side == "rows" else f"#{side}")
        return "\n".join(row.content.plain for each in found.results(LineList) for row in each._rows)

    async with hosted(convo, few, "organisation"):
        convo.journal.go("relationships")
        for key, holding, closer in (
            ("a", few, few[:1]),
            ("v", few[:1], few[:1]),
            ("L", few, few[:1]),
            ("P", [each for each in few if len(each) <= SHORT], few[:1]),
            ("W", few[:1], few[:1]),
            ("Y", few, ()),
        ):
            await convo.press(key)
            await convo.until(lambda: lines("rows") and (not closer or lines("closer")), f"the view of {key}")  # noqa: B023
            holds(lines("rows"), *holding)
            holds(lines("closer"), *closer)
            holds("\n".join(convo.strips), *few[:1])
            await closed(convo)


async def into_topics(convo: Screenful, texts: Sequence[str]) -> None:
    """The thread of a topic, in notes that say so beside it."""
    few = [f"#topic {each}" for each in texts[:EVERYDAY]]
    async with hosted(convo, few, "person"):
        convo.journal.go("relationships")
        await convo.press("#")
        await convo.until(lambda: any(each._rows for each in convo.app.screen.query("#closer").results(LineList)))
        rows = convo.app.screen.query_one("#closer", LineList)._rows
        seen = " ".join(" ".join(row.content.plain for row in rows).split())
        for each in few[:3]:
            holds(seen, " ".join(single(each).split()))
        await closed(convo)


async def into_story_editor(convo: Screenful, texts: Sequence[str]) -> None:
    async def save(_: str) -> bool:
        return True

    for text in texts:
        await opened(convo, StoryEditor(text, text, save))
        holds(convo.text, text)
        assert convo.app.screen.query_one(LinesInput).value == accepted(lines_shown(text), lines=True)
        await closed(convo)


Shower = Callable[[Screenful, Sequence[str]], Awaitable[None]]

SHOWN: dict[type[Widget], tuple[Shower, ...]] = {
    LineList: (into_lists,),
    EndedList: (into_receipts,),
    Header: (into_header,),
    KeyBar: (into_key_bar,),
    NoteEditor: (into_editor,),
    LineInput: (into_placeholders,),
    FilterLine: (into_filter,),
    Completions: (into_completions,),
    EncounterLine: (into_facts,),
    NotePane: (into_titles,),
    JournalScreen: (into_the_journal, into_messages),
    Ask: (into_questions,),
    Picker: (into_picker,),
    NameLine: (into_picker,),
    Help: (into_help,),
    Form: (into_form,),
    LinesInput: (into_form,),
    PeopleView: (into_views,),
    Find: (into_find,),
    Reach: (into_reach,),
    Conflict: (into_conflict,),
    Problems: (into_problems,),
    Versions: (into_versions,),
    History: (into_history,),
    AgendaView: (into_views,),
    PulseView: (into_views,),
    HeardView: (into_views,),
    ReviewView: (into_views,),
    StoryView: (into_views,),
    TopicsView: (into_topics,),
    StoryEditor: (into_story_editor,),
}
"""Everything that shows text from a file or a person, with what shows it there."""

_PART = "a part of JournalScreen"
EXEMPT = {
    "Asking": "what the screens that ask have in common; it shows nothing",
    "Listing": _PART,
    "Browsing": _PART,
    "Jumping": _PART,
    "Changing": _PART,
    "Writing": _PART,
    "Starting": _PART,
    "Finding": _PART,
    "Recalling": _PART,
    "Versioning": _PART,
    "Surveying": _PART,
    "OverJournal": "what the views over the journal have in common; it shows nothing",
    "Overview": "what the views with two sides have in common; each of them is shown",
    "WhichIssue": "shows a verb of ours and a number",
    "Choice": "one of a few words of ours",
    "Choices": "a few words of ours",
}
"""What shows nothing but words of ours, and why that is so."""


def widgets() -> set[type[Widget]]:
    """Every class of ours that can be on a screen."""
    names = [each.name for each in walk_packages(convo_tui.tui.__path__, "convo_tui.tui.")]
    found = {each for name in names for each in vars(importlib.import_module(name)).values() if isinstance(each, type)}
    return {each for each in found if issubclass(each, Widget) and each.__module__.startswith("convo_tui.")}


def test_no_widget_and_no_screen_is_left_out() -> None:
    names = {each.__name__ for each in widgets()}
    assert names == {each.__name__ for each in SHOWN} | EXEMPT.keys()
    assert not {each.__name__ for each in SHOWN} & EXEMPT.keys()


def test_the_strings_are_those_that_markup_would_change() -> None:
    """A plain string in a border, and a message without `markup=False`, are read as markup by Textual."""
    from textual.content import Content
    from textual.markup import MarkupError

    raised = changed = 0
    for text in brackets(1000):
        try:
            changed += Content.from_markup(single(text)).plain != single(text)
        except MarkupError:
            raised += 1
    assert raised > 100
    assert changed > 100


SHOWERS = tuple(dict.fromkeys(shower for showers in SHOWN.values() for shower in showers))


async def show(folder: Path, count: int) -> None:
    """Show `count` strings everywhere in all, in one run of the program."""
    each = -(-count // len(SHOWERS))
    texts = iter(brackets(each * len(SHOWERS)))
    home = Home(folder)
    home.put(bo='format = 1\nid = "20240301-b01indq1"\nname = "Bo"\nkind = "person"\n')
    async with home.convo(SIZE) as convo:
        for pane in convo.journal.query(".pane"):
            pane.styles.width = pane.styles.min_width = pane.styles.max_width = ROOM
        await convo.settle()
        for shower in SHOWERS:
            convo.journal.go("relationships")
            await shower(convo, [next(texts) for _ in range(each)])
            await convo.settle()


async def test_bracket_strings_are_shown_as_they_are_everywhere(tmp_path: Path) -> None:
    await show(tmp_path, EVERYDAY * len(SHOWERS))


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_twenty_thousand_bracket_strings_are_shown_as_they_are_everywhere(tmp_path: Path) -> None:
    await show(tmp_path, ALL)
