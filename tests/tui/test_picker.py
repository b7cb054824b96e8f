"""Whom an encounter is with: a few letters and enter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from convo_tui.tui import themes
from convo_tui.tui.screens.picker import Found, NameLine, Picked, Picker
from convo_tui.tui.widgets.line_list import LineList

EVERYONE = [
    Found("bo", "Bo Lindqvist"),
    Found("ana", "Ana Ruiz", "Acme GmbH"),
    Found("acme", "Acme GmbH"),
    Found("chiara", "Chiara [b]Neri[/] \x1b[31m"),
]


def search(asked: str) -> Sequence[Found]:
    """The likely ones first for nothing; else whoever holds the letters."""
    return [each for each in EVERYONE if asked.casefold() in each.name.casefold()]


class PickerApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Picked | None] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.DARK


@asynccontextmanager
async def asked(**options: Any) -> AsyncIterator[tuple[PickerApp, Pilot[None]]]:
    app = PickerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Picker("Encounter with", search, **options), app.answers.append)
        await pilot.pause()
        yield app, pilot


async def typed(app: PickerApp, pilot: Pilot[None], text: str) -> None:
    app.post_message(events.Paste(text))
    for _ in range(3):
        await pilot.pause()


def shown(app: PickerApp) -> list[str]:
    """The rows of the list, without marker and scrollbar."""
    found = app.screen.query_one(LineList)
    return [" ".join(found.render_line(y).text[1:].split()) for y in range(found.size.height)]


async def test_enter_alone_takes_whoever_is_likeliest() -> None:
    async with asked() as (app, pilot):
        assert shown(app) == ["Bo Lindqvist", "Ana Ruiz Acme GmbH", "Acme GmbH", "Chiara [b]Neri[/] ␛[31m"]
        await pilot.press("enter")
        assert app.answers == [Picked(("bo",))]


async def test_a_few_letters_and_enter_take_anyone() -> None:
    """At most: `ctrl+n`, a few letters, `enter`."""
    async with asked() as (app, pilot):
        await pilot.press("r", "u", "enter")
        assert app.answers == [Picked(("ana",))]


@pytest.mark.parametrize(
    ("keys", "key"), [("down", "ana"), ("down down up", "ana"), ("ctrl+n ctrl+n", "acme"), ("pagedown", "chiara")]
)
async def test_the_list_is_gone_through_from_the_line(keys: str, key: str) -> None:
    async with asked() as (app, pilot):
        await pilot.press(*keys.split(), "enter")
        assert app.answers == [Picked((key,))]


async def test_escape_leaves() -> None:
    async with asked() as (app, pilot):
        await pilot.press("a", "escape")
        assert app.answers == [None]


async def test_several_are_separated_by_commas() -> None:
    async with asked(several=True) as (app, pilot):
        await pilot.press("r", "u", "comma", "space")
        assert str(app.screen.query_one(".picker--kept", Static).render()) == "Ana Ruiz, "
        assert app.screen.query_one(NameLine).value == ""
        assert shown(app) == ["nobody else", "Bo Lindqvist", "Acme GmbH", "Chiara [b]Neri[/] ␛[31m"]
        await pilot.press("b", "o", "enter")
        assert app.answers == [Picked(("ana", "bo"))]


async def test_after_a_comma_enter_says_that_was_everyone() -> None:
    async with asked(several=True) as (app, pilot):
        await typed(app, pilot, "bo, chi,")
        await pilot.press("enter")
        assert app.answers == [Picked(("bo", "chiara"))]


async def test_a_comma_keeps_whoever_is_selected_and_backspace_asks_again() -> None:
    async with asked(several=True) as (app, pilot):
        await pilot.press("down", "a", "down", "comma")
        assert app.screen.query_one(NameLine).value == ""
        await pilot.press("b", "backspace", "backspace", "backspace", "b", "enter")
        assert app.answers == [Picked(("bo",))]


async def test_a_name_that_nobody_has_can_be_added() -> None:
    async with asked(several=True) as (app, pilot):
        await typed(app, pilot, "ana, Zoë  Quist")
        assert shown(app) == ["create “Zoë Quist”"]
        await pilot.press("enter")
        assert app.answers == [Picked(("ana",), create="Zoë Quist")]


async def test_a_name_like_another_can_be_added_too() -> None:
    async with asked(several=True) as (app, pilot):
        await typed(app, pilot, "Ana")
        assert shown(app) == ["Ana Ruiz Acme GmbH", "create “Ana”"]
        await typed(app, pilot, " Ruiz")
        assert shown(app) == ["Ana Ruiz Acme GmbH"]


async def test_nobody_is_kept_for_a_comma_after_a_name_that_nobody_has() -> None:
    async with asked(several=True) as (app, pilot):
        await typed(app, pilot, "Zed,")
        assert app.screen.query_one(NameLine).value == "Zed,"
        await pilot.press("enter")
        assert app.answers == [Picked((), create="Zed")]


async def test_where_one_is_meant_nobody_is_added_and_a_comma_is_a_comma() -> None:
    async with asked() as (app, pilot):
        await typed(app, pilot, "zed,")
        assert shown(app)[0] == "Nobody answers to that."
        await pilot.press("enter")
        assert app.answers == []


async def test_the_mouse_selects_and_takes_and_letters_still_go_to_the_line() -> None:
    async with asked() as (app, pilot):
        await pilot.click(LineList, offset=(3, 2))
        await pilot.press("a")
        assert app.screen.query_one(NameLine).value == "a"
        await pilot.click(LineList, offset=(3, 1))
        await pilot.click(LineList, offset=(3, 1))
        await pilot.pause()
        assert app.answers == [Picked(("acme",))]
