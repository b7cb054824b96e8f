"""Someone edits a relationship in its form: every field, checked as it is typed, and nothing lost silently."""

from __future__ import annotations

import pytest
from journey import ANA, CHIARA, Home, Screenful
from textual.widgets import Input, TextArea

from convo_tui.tui.screens.form import Form

ACME = """\
format = 1
id = "20240301-acmegmbh"
name = "Acme GmbH"
kind = "organisation"

[[people]]
id = "20240301-anaatacm"
name = "Ana Ruiz"
influence = "unknown"
stance = "unknown"
"""
RICH = CHIARA + (
    'organisation = "20240301-acmegmbh" # where she is\ncadence = "3w"\n'
    '\n[[reach]]\nkind = "email"\nvalue = "c@acme.example"\nseen = 3 # times\n'
)


@pytest.fixture
def acme(home: Home) -> Home:
    return home.put(ana=ANA.replace('organisation = "Acme GmbH"\n', ""), acme=ACME, chiara=RICH)


async def form_of(convo: Screenful, name: str) -> Form:
    await convo.talk_to(name)
    await convo.press("e")
    await convo.until(lambda: isinstance(convo.app.screen, Form), "the form")
    await convo.settle()
    form = convo.app.screen
    assert isinstance(form, Form)
    return form


def line(form: Form, key: str) -> Input:
    return form.query_one(f"#{key}", Input)


async def test_a_form_is_opened_checked_saved_and_taken_back_and_untouched_it_changes_no_byte(acme: Home) -> None:
    async with acme.convo(size=(70, 30)) as convo:
        form = await form_of(convo, "Chiara Neri")
        assert line(form, "organisation").value == "Acme GmbH", "an id is told by its name"
        await convo.press("ctrl+s")
        await convo.until(lambda: not isinstance(convo.app.screen, Form))
        assert acme.path("chiara").read_text() == RICH

        form = await form_of(convo, "Chiara Neri")
        line(form, "cadence").value = "often"
        await convo.until(lambda: "is not an interval; write one like" in convo.text, "what is wrong, below the line")
        await convo.press("ctrl+s")
        assert convo.focused == "cadence", "it is not saved like this, and where to mend it is shown"
        line(form, "cadence").value = "1m"
        form.query_one("#reach", TextArea).text = "c@acme.example\nwork: +1 200"
        line(form, "name").value = "Chiara N. Neri"
        await convo.press("ctrl+s")
        await convo.until(lambda: acme.file("chiara")["name"] == "Chiara N. Neri")
        held = acme.path("chiara").read_text()
        for kept in ("# where she is", "seen = 3 # times", 'aliases = ["Chiara Neri"]', 'label = "work"'):
            assert kept in held
        await convo.until(lambda: convo.selected == "Chiara N. Neri")
        await convo.press("u")
        assert acme.path("chiara").read_text() == RICH


async def test_what_was_typed_is_left_only_when_that_is_said_twice(acme: Home) -> None:
    async with acme.convo() as convo:
        await form_of(convo, "Ana Ruiz")
        await convo.press("tab", "enter", "escape")
        assert not isinstance(convo.app.screen, Form), "nothing was typed"
        form = await form_of(convo, "Ana Ruiz")
        await convo.press("enter", "tab")
        assert convo.focused == "organisation", "enter goes to the next line"
        await convo.press(*"[/b]", "escape")
        assert "esc again leaves without saving · ctrl+s saves" in convo.text
        await convo.press("x", "escape")
        assert convo.app.screen is form, "whoever types on is asked again"
        await convo.press("escape")
        assert not isinstance(convo.app.screen, Form)
        assert "organisation" not in acme.file("ana")


async def test_whoever_is_said_to_be_there_is_linked_both_ways_as_one_change(acme: Home) -> None:
    async with acme.convo() as convo:
        form = await form_of(convo, "Ana Ruiz")
        line(form, "organisation").value = "acme gmbh"
        await convo.press("ctrl+s")
        await convo.until(lambda: acme.file("ana").get("organisation") == "acme gmbh")
        await convo.until(lambda: acme.file("acme")["people"][0].get("relationship") == "20240301-anaruiz1")
        await convo.settle()
        await convo.press("u")
        assert acme.path("acme").read_text() == ACME
        assert "organisation" not in acme.file("ana")


async def test_what_another_program_wrote_meanwhile_is_told_before_it_is_overwritten(acme: Home) -> None:
    async with acme.convo() as convo:
        form = await form_of(convo, "Chiara Neri")
        line(form, "cadence").value = "1m"
        line(form, "role").value = "CFO"
        acme.path("chiara").write_text(RICH.replace('"3w"', '"2w"') + '\n[[reach]]\nkind = "chat"\nvalue = "@c"\n')
        await convo.press("ctrl+s")
        await convo.until(lambda: "Meanwhile another program wrote “2w” here" in " ".join(convo.text.split()))
        assert 'cadence = "2w"' in acme.path("chiara").read_text()
        await convo.press("ctrl+s")
        await convo.until(lambda: acme.file("chiara")["cadence"] == "1m")
        assert acme.file("chiara")["role"] == "CFO"
        assert [each["value"] for each in acme.file("chiara")["reach"]] == ["c@acme.example", "@c"]
