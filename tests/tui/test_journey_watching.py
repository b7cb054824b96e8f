"""What other programs write shows by itself; and what was known is on the screen before anything is read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from journey import ANA, BO, PRICING, Home

from convo_tui.store.index import filling
from convo_tui.store.journal import Journal
from convo_tui.tui.screens import listing
from convo_tui.tui.screens.listing import Listing
from convo_tui.tui.widgets.header import Header

LATER = """
[[encounters]]
id = "20261121-later001"
at = 2026-11-21T10:00:00+01:00
channel = "call"
nature = "conversation"
note = "The sponsor said yes."
"""


def replace(path: Path, text: str) -> None:
    """Save as most programs do: beside it, then in its place."""
    fresh = path.with_name(".fresh")
    fresh.write_text(text, "utf-8")
    os.replace(fresh, path)


async def test_what_another_program_saves_shows_by_itself(three: Home) -> None:
    async with three.convo(watches=True) as convo:
        await convo.talk_to("Ana Ruiz")
        replace(three.path("ana"), ANA + LATER)
        await convo.until(lambda: "The sponsor said yes." in convo.pane("timeline"), "the new encounter")
        assert convo.selected == "Ana Ruiz"


async def test_what_is_written_in_place_shows_too(three: Home) -> None:
    async with three.convo(watches=True) as convo:
        await convo.talk_to("Bo Lindqvist")
        with three.path("bo").open("a", encoding="utf-8") as file:
            file.write(LATER)
        await convo.until(lambda: "The sponsor said yes." in convo.pane("timeline"), "the new encounter")
        assert convo.selected == "Bo Lindqvist"


async def test_who_comes_and_who_goes_shows_and_the_selection_stays(three: Home) -> None:
    async with three.convo(watches=True) as convo:
        await convo.talk_to("Bo Lindqvist")
        three.put(dora=BO.replace("b01indq1", "d0ra0000").replace("enc00004", "enc00009").replace("Bo Lind", "Dora K"))
        await convo.until(lambda: "Dora" in convo.pane("list"), "Dora")
        three.path("chiara").unlink()
        await convo.until(lambda: "Chiara" not in convo.pane("list"), "Chiara's end")
        assert convo.selected == "Bo Lindqvist"


async def test_typing_goes_on_while_the_same_relationship_changes_outside(three: Home) -> None:
    async with three.convo(watches=True) as convo:
        await convo.talk_to("Ana Ruiz")
        await convo.press("n")
        await convo.write("She said\nthat legal ")
        before = (convo.note, convo.editor.cursor_location, convo.focused)
        replace(three.path("ana"), ANA.replace("send pricing for 40 seats", "send pricing for 50 seats") + LATER)
        await convo.until(lambda: "50 seat" in convo.pane("agenda"), "the agenda to follow")
        assert (convo.note, convo.editor.cursor_location, convo.focused) == before
        await convo.write("is fine.\n= pricing : agreed")
        await convo.press("ctrl+s")
    assert three.entry("ana", "issues", PRICING)["state"] == "settled"
    assert [each["note"] for each in three.file("ana")["encounters"]][-2:] == [
        "The sponsor said yes.",
        "She said\nthat legal is fine.",
    ]


async def test_what_breaks_outside_is_said_where_it_stood_and_heals_by_itself(three: Home) -> None:
    async with three.convo(watches=True) as convo:
        await convo.talk_to("Ana Ruiz")
        replace(three.path("ana"), ANA + "\n<<<<<<< ours\n")
        await convo.until(lambda: "two versions" in convo.pane("list"), "the damage")
        replace(three.path("ana"), ANA)
        await convo.until(lambda: "two versions" not in convo.pane("list"), "the end of it")
        assert convo.selected == "Ana Ruiz"


async def test_what_is_known_is_painted_before_anything_is_read(three: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start: first paint from the index before any folder scan."""
    async with three.convo():
        pass
    monkeypatch.setattr(Listing, "load", lambda self: None)
    three.path("bo").unlink()
    async with three.convo() as convo:
        assert {"Ana Ruiz", "Bo Lindqvist", "Chiara Neri"} <= {each.name for each in convo.journal.summaries}


async def test_the_scan_comes_in_without_a_jump_of_the_selection(three: Home) -> None:
    async with three.convo() as convo:
        first = convo.selected
    three.put(zoe=BO.replace("b01indq1", "z0e00000").replace("enc00004", "enc00009").replace("Bo Lindqvist", "Zoe"))
    async with three.convo() as convo:
        assert convo.selected == first
        assert "Zoe" in convo.pane("list")


async def test_a_long_first_reading_says_how_far_it_is_and_shows_what_it_knows(
    three: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First build: … a progress bar on the screen … app usable and already showing what is known."""
    monkeypatch.setattr(listing, "_WORTH_TELLING", 0)
    monkeypatch.setattr(filling, "_STEP_BYTES", 1)
    told: list[str] = []
    monkeypatch.setattr(Header, "watch_middle", lambda self, said: told.append(said), raising=False)
    async with three.convo() as convo:
        assert len(convo.lines("list")) == 3
    said = [each for each in told if each]
    assert said
    assert said[-1].endswith("100 %")
    assert told[-1] == ""


async def test_what_one_does_during_a_first_reading_does_not_wait_for_its_end(
    three: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First build: in the background … app usable."""
    async with three.convo() as convo:
        await convo.talk_to("Ana Ruiz")
        whole: list[bool] = []
        refresh = Journal.refresh

        def noting(journal: Journal, only: Iterable[str] | None = None) -> bool:
            whole.append(only is None)
            return refresh(journal, only)

        monkeypatch.setattr(Journal, "refresh", noting)
        convo.journal._is_reading = True
        await convo.press("i")
        await convo.answer("call their lawyer")
        assert "call their lawyer" in convo.pane("brief")
        assert whole == [False], "only what was written is read again"
        assert convo.journal._is_behind, "the rest is looked at when the reading is done"


async def test_an_index_that_cannot_be_kept_is_said_once_and_all_goes_on(three: Home) -> None:
    three.places.cache.parent.mkdir(parents=True, exist_ok=True)
    three.places.cache.write_text("a file where the folder should be")
    async with three.convo() as convo:
        assert len(convo.lines("list")) == 3
        assert [said for said in convo.said if "index" in said] == convo.said
        assert len(convo.said) == 1
