"""Someone adds relationships: the first start in an empty folder, names that exist, forms left again."""

from __future__ import annotations

import stat

from journey import NOW, Home
from textual.widgets import Input, TextArea


async def test_the_first_start_tells_how_to_begin_and_the_first_note_needs_only_a_name(home: Home) -> None:
    """PRODUCT.md: Nothing to configure before the first note; no field is compulsory but the name."""
    home.places.journal.rmdir()
    async with home.convo() as convo:
        assert "Nobody is here yet." in convo.text
        assert "N adds a relationship." in convo.text
        await convo.press("n", "i", "C", "s", "delete", "enter", "tab", "u")
        assert not home.places.journal.exists(), "looking makes no folder"
        await convo.press("N")
        await convo.answer("Søren Berg")
        assert (convo.selected, convo.focused) == ("Søren Berg", "list")
        await convo.press("n")
        await convo.write("! send the offer")
        await convo.press("ctrl+s")
        assert "send the offer" in convo.told("brief")
    held = home.file("soren-berg")
    assert (held["name"], held["kind"], held["issues"][0]["text"]) == ("Søren Berg", "person", "send the offer")
    assert stat.S_IMODE(home.path("soren-berg").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.places.journal.stat().st_mode) == 0o700


async def test_every_field_of_the_form_reaches_the_file(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("N")
        form = convo.app.screen
        for field, value in (("organisation", "Acme"), ("role", "CFO"), ("tags", "client"), ("cadence", "3w")):
            form.query_one(f"#{field}", Input).value = value
        form.query_one("#reach", TextArea).text = "d@x.example\nwork: +1 200"
        await convo.answer("Dora Maar")
        assert convo.selected == "Dora Maar"
        await convo.press("u")
        assert "Dora Maar" not in convo.pane("list")
        await convo.press("U")
    held = three.file("dora-maar")
    assert (held["organisation"], held["role"], held["tags"], held["cadence"]) == ("Acme", "CFO", ["client"], "3w")
    assert held["reach"] == [
        {"kind": "email", "value": "d@x.example"},
        {"kind": "phone", "label": "work", "value": "+1 200"},
    ]
    assert held["id"].startswith(f"{NOW:%Y%m%d}-")


async def test_an_organisation_is_chosen_with_the_keyboard(home: Home) -> None:
    async with home.convo() as convo:
        await convo.press("N", *"Acme", "tab", "right", "enter", "ctrl+s")
    assert home.file("acme")["kind"] == "organisation"


async def test_a_name_that_is_here_is_refused_with_words(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("N")
        await convo.answer("ana  ruiz")
        await convo.until(lambda: "Ana Ruiz is here already" in convo.text)
        assert len(list(three.places.journal.iterdir())) == 3
        await convo.press("ctrl+s")  # there may be two of that name
        await convo.until(lambda: len(list(three.places.journal.iterdir())) == 4)


async def test_a_form_without_a_name_says_what_it_needs_and_escape_adds_nobody(home: Home) -> None:
    async with home.convo() as convo:
        await convo.press("N", "enter")
        assert "A name is all that is needed." in convo.text
        await convo.press("escape")
        assert "Nobody is here yet." in convo.text
    assert list(home.places.journal.iterdir()) == []
