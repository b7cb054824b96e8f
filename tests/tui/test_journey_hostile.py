"""Someone hands over a file made to do harm: no byte of it reaches the terminal, and nothing crashes.

The fast part of GATES.md 15 and 16, at the widgets; the pseudo-terminal has its own.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import tomli_w
from journey import ANA, Home, Screenful
from textual.widgets import Input

from convo_tui.sanitize import accepted, drawable, single
from convo_tui.tui.screens.conflict import Conflict
from convo_tui.tui.screens.picker import Picker
from convo_tui.tui.screens.reach import Reach
from tests.cli.test_hostile_names import NAMES

HOSTILE = {
    "escapes": "\x1b]52;c;aGk=\x07\x1b[2J\x9b31m\x07\x08\x00.\x7f red",
    "bidi": "\u202egnp.exe\u202c \u2066x\u2069 \u200e\u200f\ufeff\u200b end",
    "blank": "#to\u3164pic \u115f\u1160\u034f \u180e #\uffa0x end",
    "brackets": "[/foo] [bold]x[/] [link=a]b[/link] [@click=app.quit]q[/] [ [[ ]]",
    "long": "word " * 2000 + "x" * 10_000,
    "wide": "👩\u200d👩\u200d👧 日本語の名前 ｱｲｳ é\u0301\u0301\u0301" + "\u0301" * 40 + " \U0001f1e9\U0001f1ea",
    "lines": "one\rtwo\u2028three\x85four\n\n\n```\n! never\n> quote\n# head\n\t\ttab",
}

KINDS = [
    each if each in ("escapes", "bidi", "brackets") else pytest.param(each, marks=pytest.mark.long) for each in HOSTILE
]


def hostile_file(said: str) -> str:
    """A file with `said` in every field that is shown."""
    text = tomli_w.dumps({"k": said}).removeprefix("k = ").strip()
    entry = 'channel = "call", nature = "conversation"'
    return f"""\
format = 1
id = "20240301-host1001"
name = {text}
kind = "person"
organisation = {text}
role = {text}
aliases = [{text}]
tags = [{text}]
story = {text}
next_about = {text}
issues = [
  {{ id = "20261101-00000001", text = {text}, owner = "me", state = "open" }},
  {{ id = "20261101-00000002", text = {text}, owner = "us", state = "settled", outcome = {text} }},
]
heard = [
  {{ id = "20261101-00000003", kind = "need", text = {text} }},
  {{ id = "20261101-00000004", kind = "about", text = {text} }},
]
encounters = [
  {{ id = "20261101-00000005", at = 2026-11-01T10:00:00+01:00, {entry}, note = {text} }},
]
people = [{{ id = "20261101-00000006", name = {text}, influence = "unknown", stance = "unknown" }}]
"""


def check(convo: Screenful) -> None:
    """Every character on the screen is one to be drawn, and every line as wide as the screen."""
    width = convo.app.size.width
    for strip in convo.app.screen._compositor.render_strips():
        assert strip.cell_length == width
        assert drawable(strip.text) == strip.text, ascii(strip.text)
        for character in strip.text:
            category = unicodedata.category(character)
            assert category not in {"Cc", "Cs", "Cn", "Zl", "Zp"}, ascii(strip.text)
            assert category != "Cf" or character in "\u200c\u200d", ascii(strip.text)


@pytest.mark.parametrize("kind", KINDS)
async def test_no_field_of_a_file_harms_the_screen(home: Home, kind: str) -> None:
    said = HOSTILE[kind]
    home.put(host=hostile_file(said))
    async with home.convo() as convo:
        assert convo.journal.shown is not None, convo.text
        check(convo)
        for pane, key in (
            ("brief", "issue:20261101-00000001"),
            ("brief", "heard:20261101-00000003"),
            ("timeline", "encounter:20261101-00000005"),
        ):
            await convo.select(pane, key)
            check(convo)
        await convo.select("brief", "closed")
        await convo.press("enter")
        check(convo)
        await convo.press("s", "u")  # what is said of it
        await convo.talk_to(convo.journal.summaries[0].name)
        await convo.press("i")
        check(convo)
        await convo.press("escape", "n")
        check(convo)
        await convo.write("~1\n= no such thing")
        check(convo)
        await convo.press("ctrl+s")
        check(convo)
        await convo.resize(70, 24)
        check(convo)
        await convo.press("enter")
        check(convo)


@pytest.mark.parametrize("kind", ["escapes", "bidi", "lines"])
async def test_nothing_pasted_harms_the_screen(ana: Home, kind: str) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.paste(HOSTILE[kind])
        check(convo)
        await convo.press("ctrl+s")
        check(convo)
        await convo.press("enter", "slash")
        await convo.paste(HOSTILE[kind])
        check(convo)
        await convo.press("escape", "i")
        await convo.paste(HOSTILE[kind])
        check(convo)


async def test_a_long_line_is_pasted_whole(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.paste("x" * 25_000)
        assert convo.note == "x" * 25_000
        await convo.press("ctrl+s")
    assert len(ana.file("ana")["encounters"][-1]["note"]) == 25_000


async def test_a_damaged_file_says_nothing_harmful(home: Home) -> None:
    home.put(evil='format = 1\nid = "x"\nname = "\x1b]52;c;x\x07"\n')
    home.path("\x1b[31m[evil").write_text("= = =")
    async with home.convo() as convo:
        check(convo)
        await convo.press("j")
        check(convo)
        await convo.press("n")
        check(convo)


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────

MARKED_UP = {"markup": "[/foo] [@click=app.quit]q[/] [b", "quotes": "a \"b\" 'c' @me #x : = ~ !"}
EVERYDAY = ("up", "escape", "markup")
"""Of the names, those that stand for the others."""


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the program runs."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def outside(home: Home) -> set[Path]:
    """Every file that is not where the journal and the program keep theirs."""
    places = home.places
    ours = (places.journal, places.config, places.cache, places.state)
    return {each for each in home.root.rglob("*") if each.is_file() and not any(map(each.is_relative_to, ours))}


async def pick(convo: Screenful, typed: str, *keys: str) -> None:
    """Type into the picker that is open, and take what it offers first, or where the keys lead."""
    assert isinstance(convo.app.screen, Picker)
    await convo.until(lambda: convo.app.screen._search is not None, "who there is")  # type: ignore[attr-defined]
    convo.app.screen.query_one(Input).value = typed
    await convo.settle()
    check(convo)
    await convo.press(*keys, "enter")


async def live_with(convo: Screenful, home: Home, name: str, number: int) -> None:
    """Add someone of this name and a namesake, write of them, and do with them what can be done."""
    other = f"{name} no{number}"
    kept = accepted(name).strip()
    await convo.press("N")
    await convo.answer(name)
    check(convo)
    assert convo.selected == kept

    await convo.press("ctrl+n")
    await pick(convo, other, "pagedown")  # the last offer is to add them
    assert convo.mode == "writing", convo.text
    await convo.write(f"! ask {kept} again\n~ {kept}\nneed: {kept}\nwith: {kept}\nspoke of {kept}")
    check(convo)
    await convo.press("ctrl+s")
    assert convo.mode == "ended"
    check(convo)
    await convo.press("enter")
    assert f"ask {single(kept)}"[:8] in convo.told("brief")

    await convo.press("f4")
    await convo.paste(name)
    await convo.until(lambda: "found" in convo.text, "an answer")
    check(convo)
    await convo.press("escape")

    convo.journal.go("relationships")
    await convo.talk_to(f"{kept} no{number}")
    await convo.press("at")
    await convo.until(lambda: isinstance(convo.app.screen, Reach), "the ways to reach them")
    await convo.settle()
    check(convo)
    await convo.press("escape")

    await clash(convo, home, f"{kept} no{number}")

    await convo.talk_to(kept)
    await convo.press("J")
    await pick(convo, other)
    assert "They are one now" in convo.said[-1]
    check(convo)
    await convo.press("u")
    check(convo)
    await convo.talk_to(kept)
    await convo.press("delete")
    assert "Moved to the trash" in convo.said[-1]
    await convo.press("u")
    check(convo)
    await convo.talk_to(kept)


async def clash(convo: Screenful, home: Home, name: str) -> None:
    """Rewrite the note of someone while another program does the same."""
    await convo.talk_to(name)
    assert convo.journal.shown is not None
    summary = convo.journal.shown.view.summary
    await convo.select("timeline", f"encounter:{convo.journal.shown.view.timeline[-1].id}")
    await convo.press("e")
    convo.editor.text = ""
    await convo.write(f"mine of {name}")
    path = home.places.journal / summary.file
    path.write_text(path.read_text("utf-8").replace("spoke of", "theirs of"), "utf-8")
    await convo.press("ctrl+s")
    assert isinstance(convo.app.screen, Conflict), convo.text
    check(convo)
    await convo.press("1")
    check(convo)
    await convo.press("enter")


async def live_with_all(home: Home, nowhere: Path, names: list[str]) -> None:
    home.put(ana=ANA)
    async with home.convo() as convo:
        for number, name in enumerate(names):
            await live_with(convo, home, name, number)
    files = [each.name for each in home.places.journal.iterdir()]
    assert len(files) == 1 + 2 * len(names), files
    assert all(each.isascii() and each.removesuffix(".toml").replace("-", "").isalnum() for each in files), files
    assert outside(home) == set()
    assert list(nowhere.iterdir()) == []
    written = {home.file(each.removesuffix(".toml"))["name"] for each in files}
    assert written >= {accepted(each).strip() for each in names}


async def test_hostile_names_are_only_names(home: Home, nowhere: Path) -> None:
    """GATES.md 17: "hostile names (`../x`, `CON`, emoji, 300 characters)": "nothing written outside"."""
    await live_with_all(home, nowhere, [(NAMES | MARKED_UP)[kind] for kind in EVERYDAY])


@pytest.mark.long
async def test_the_other_hostile_names_are_only_names(home: Home, nowhere: Path) -> None:
    """GATES.md 17: "hostile names (`../x`, `CON`, emoji, 300 characters)": "nothing written outside"."""
    await live_with_all(home, nowhere, [name for kind, name in (NAMES | MARKED_UP).items() if kind not in EVERYDAY])
