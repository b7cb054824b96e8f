"""The facts of an encounter, typed over in one line above its note."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from convo_tui.core.errors import Refused
from convo_tui.core.facts import Facts
from convo_tui.tui import themes
from convo_tui.tui.widgets.encounter_line import EncounterLine

SAID = "call · today 10:37 · 12 min so far"


def parse(text: str) -> Facts:
    if "fax" in text:
        raise Refused("“fax” is neither call nor\x1b[31m anything [/b]")
    return Facts(minutes=len(text))


class LineApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[object] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.DARK

    def compose(self) -> ComposeResult:
        yield EncounterLine()
        yield TextArea()

    @property
    def line(self) -> EncounterLine:
        return self.query_one(EncounterLine)

    @property
    def text(self) -> str:
        return self.line.query_one(Input).value

    def on_encounter_line_changed(self, event: EncounterLine.Changed) -> None:
        self.told.append(event.facts)

    def on_encounter_line_refused(self, event: EncounterLine.Refused) -> None:
        self.told.append(event.reason)

    def on_encounter_line_left(self) -> None:
        self.told.append("left")
        self.query_one(TextArea).focus()


@asynccontextmanager
async def shown() -> AsyncIterator[tuple[LineApp, Pilot[None]]]:
    app = LineApp()
    async with app.run_test(size=(60, 10)) as pilot:
        app.line.show(SAID, parse)
        app.query_one(TextArea).focus()
        await pilot.pause()
        yield app, pilot


async def test_it_takes_one_line_and_shows_what_is_known() -> None:
    async with shown() as (app, _):
        assert app.text == SAID
        assert app.line.size.height == 1


async def test_enter_says_what_was_typed_over_it() -> None:
    async with shown() as (app, pilot):
        app.line.edit()
        await pilot.press("x", "enter")
        assert app.told == [Facts(minutes=len(SAID) + 1)]


async def test_enter_on_what_stood_there_changes_nothing() -> None:
    async with shown() as (app, pilot):
        app.line.edit()
        await pilot.press("enter")
        assert app.told == ["left"]
        assert app.query_one(TextArea).has_focus


async def test_escape_gives_back_what_stood_there() -> None:
    async with shown() as (app, pilot):
        app.line.edit()
        await pilot.press("x", "escape")
        assert (app.text, app.told) == (SAID, ["left"])


async def test_what_cannot_be_meant_is_told_in_place_and_the_line_stays_to_be_mended() -> None:
    async with shown() as (app, pilot):
        app.line.edit()
        await pilot.press("f", "a", "x", "enter")
        fault = app.line.query_one(Static)
        assert str(fault.render()) == "“fax” is neither call nor␛[31m anything [/b]"
        assert fault.display
        assert app.text == f"{SAID}fax"
        assert len(app.told) == 1
        await pilot.press("backspace")
        assert not fault.region.height
        assert app.line.size.height == 1


async def test_the_clock_goes_on_in_it_but_not_over_what_is_typed() -> None:
    async with shown() as (app, pilot):
        app.line.show("call · 13 min so far", parse)
        assert app.text == "call · 13 min so far"
        app.line.edit()
        await pilot.press("x")
        app.line.show("call · 14 min so far", parse)
        assert app.text == "call · 13 min so farx"
        await pilot.press("escape")
        assert app.text == "call · 14 min so far"


async def test_the_mouse_goes_into_it() -> None:
    async with shown() as (app, pilot):
        await pilot.click(EncounterLine, offset=(5, 0))
        assert app.line.query_one(Input).has_focus
