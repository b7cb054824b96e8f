"""Someone hands over a file made to do harm: no byte of it reaches the terminal, and nothing crashes.

The fast part of GATES.md 15 and 16, at the widgets; the pseudo-terminal has its own.
"""

from __future__ import annotations

import unicodedata

import pytest
import tomli_w
from journey import Home, Screenful

HOSTILE = {
    "escapes": "\x1b]52;c;aGk=\x07\x1b[2J\x9b31m\x07\x08\x00.\x7f red",
    "bidi": "\u202egnp.exe\u202c \u2066x\u2069 \u200e\u200f\ufeff\u200b end",
    "brackets": "[/foo] [bold]x[/] [link=a]b[/link] [@click=app.quit]q[/] [ [[ ]]",
    "long": "word " * 2000 + "x" * 10_000,
    "wide": "👩\u200d👩\u200d👧 日本語の名前 ｱｲｳ é\u0301\u0301\u0301" + "\u0301" * 40 + " \U0001f1e9\U0001f1ea",
    "lines": "one\rtwo\u2028three\x85four\n\n\n```\n! never\n> quote\n# head\n\t\ttab",
}


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
        for character in strip.text:
            category = unicodedata.category(character)
            assert category not in {"Cc", "Cs", "Cn", "Zl", "Zp"}, ascii(strip.text)
            assert category != "Cf" or character in "\u200c\u200d", ascii(strip.text)


@pytest.mark.parametrize("kind", HOSTILE)
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
