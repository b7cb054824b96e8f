"""Someone takes back what they did: the end of an encounter, a deletion, what was said on a receipt."""

from __future__ import annotations

from contextlib import closing

import pytest
import rtoml
from journey import ANA, LAST, LEGAL, PRICING, Home

from convo_tui.store.journal import Journal


@pytest.mark.parametrize("way", [("u",), ("enter", "u")])
async def test_undoing_an_end_gives_back_draft_cursor_and_clock(ana: Home, way: tuple[str, ...]) -> None:
    """SCREENS.md: undoing an end gives back draft, cursor and clock."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("first\n! an issue\nlast")
        convo.editor.move_cursor((0, 3))
        await convo.write("X")
        ana.time.go_on(minutes=3)
        await convo.press("ctrl+s", *way)
        assert (convo.mode, convo.focused) == ("writing", "note")
        assert convo.note == "firXst\n! an issue\nlast"
        assert convo.editor.cursor_location == (0, 4)
        assert "03:00" in convo.title
        assert ana.path("ana").read_text() == ANA
        await convo.press("escape", "U")
        assert ana.path("ana").read_text() == ANA, "the note is in progress again: it ends once"
        await convo.press("enter", "ctrl+s")
    assert [each["text"] for each in ana.file("ana")["issues"][3:]] == ["an issue"]


async def test_what_was_said_on_the_receipt_is_taken_back_first(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n", "a", "ctrl+s", "4")
        assert ana.file("ana")["encounters"][-1]["spark"] == 4
        await convo.press("u")
        assert convo.mode == "ended"
        assert "spark" not in ana.file("ana")["encounters"][-1]
        await convo.press("u")
        assert (convo.mode, convo.note) == ("writing", "a")
    assert ana.path("ana").read_text() == ANA


async def test_stray_typing_keeps_what_was_said_on_the_receipt(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n", "a", "ctrl+s", "4", "m", "i")
        await convo.answer("call back")
        await convo.hurry("b", "c")
        assert convo.note == "abc\nspark: 4\nnature: transaction\n! call back"
        assert ana.path("ana").read_text() == ANA
        await convo.press("ctrl+s")
    newest = ana.file("ana")["encounters"][-1]
    assert (newest["note"], newest["spark"], newest["nature"]) == ("abc", 4, "transaction")
    assert [each["text"] for each in ana.file("ana")["issues"][3:]] == ["call back"]


async def test_a_receipt_is_read_once_the_focus_is_elsewhere(ana: Home) -> None:
    """Stray typing must not take back what was done in another pane since."""
    async with ana.convo() as convo:
        await convo.press("n", "a", "ctrl+s", "tab")
        assert (convo.mode, convo.focused) == ("details", "list")
        await convo.press("s", "2", "tab", "tab", "tab", "Q")
        assert ana.entry("ana", "issues", LEGAL)["state"] == "settled"
        await convo.press("u", "u")
        assert (convo.mode, convo.note) == ("writing", "a")
    assert ana.path("ana").read_text() == ANA


async def test_an_issue_deleted_comes_back(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("delete")
        assert "who signs" not in convo.told("brief")
        assert "u brings it back" in convo.said[-1]
        await convo.press("u")
        assert "who signs" in convo.told("brief")
    assert ana.path("ana").read_text() == ANA


async def test_an_encounter_deleted_takes_its_references_along_and_comes_back(ana: Home) -> None:
    """CONTRACT.md: `delete`: an entry to the trash, its references removed."""
    async with ana.convo() as convo:
        await convo.select("timeline", f"encounter:{LAST}")
        await convo.press("delete")
        assert LAST not in ana.path("ana").read_text()
        assert LAST not in ana.entry("ana", "issues", PRICING)["carried"]
        assert "Legal has the draft" not in convo.told("timeline")
        await convo.press("u")
        assert "Legal has the draft" in convo.told("timeline")
    assert ana.file("ana") == rtoml.loads(ANA)


async def test_a_relationship_deleted_comes_back(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("delete")
        assert not three.path("ana").exists()
        assert convo.selected == "Bo Lindqvist"
        assert len(list(three.places.trash.iterdir())) == 1
        await convo.press("u")
        assert "Ana Ruiz" in convo.pane("list")
    assert three.path("ana").read_text() == ANA


async def test_with_nothing_to_take_back_it_says_so(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("u", "U")
        assert convo.said == ["there is nothing to take back", "there is nothing to do again"]


async def test_what_another_program_changed_since_is_not_trampled(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("o")
        theirs = ana.path("ana").read_text().replace('owner = "us"\nstate = "open"', 'owner = "me"\nstate = "open"')
        ana.put(ana=theirs)
        await convo.press("u")
        assert "has changed since" in convo.said[-1]
    assert ana.path("ana").read_text() == theirs


# ── across restarts, and other programs ──────────────────────────────────────────────────────────────────────


def journal(home: Home) -> Journal:
    """The journal as another program has it."""
    return Journal(home.places, home.time.clock)


async def test_what_was_done_before_a_restart_is_taken_back_and_done_again(ana: Home) -> None:
    """Issue 5: every change made in the full screen or the command line, across restarts."""
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("x")
    dropped = ana.path("ana").read_text()
    async with ana.convo() as convo:
        await convo.press("u")
        assert convo.said[-1] == "Taken back: dropped: who signs in legal? · U does it again"
        assert ana.path("ana").read_text() == ANA
    async with ana.convo() as convo:
        await convo.press("U")
        assert convo.said[-1] == "Done again: dropped: who signs in legal?"
    assert ana.path("ana").read_text() == dropped


async def test_what_a_command_did_is_taken_back_on_the_screen(ana: Home) -> None:
    with closing(journal(ana)) as command:
        command.create("Bo Lindqvist")
    async with ana.convo() as convo:
        await convo.press("u")
        assert convo.said[-1] == "Taken back: new Bo Lindqvist · U does it again"
    assert not ana.path("bo-lindqvist").exists()


async def test_typing_on_a_receipt_takes_back_nothing_that_another_program_did_since(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n", "a", "ctrl+s")
        with closing(journal(ana)) as command:
            command.create("Bo Lindqvist")
        await convo.press("x")
        assert (convo.mode, convo.note) == ("writing", "ax")
    assert ana.path("bo-lindqvist").exists()
    assert ana.path("ana").read_text() == ANA


async def test_what_cannot_be_taken_back_does_not_stand_in_the_way(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{PRICING}")
        await convo.press("o")
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("o")
        hers = 'owner = "us"\nstate = "open"\nopened = 2026-11-19'
        ana.put(ana=ana.path("ana").read_text().replace(hers, hers.replace("us", "me")))
        await convo.press("u")
        assert "goes past it" in convo.said[-1]
        await convo.press("u")
        assert "send pricing" in convo.said[-1]
    assert ana.entry("ana", "issues", PRICING)["owner"] == "me"
    assert ana.entry("ana", "issues", LEGAL)["owner"] == "me"


async def test_someone_who_is_here_twice_becomes_one_and_two_again(three: Home) -> None:
    """CONTRACT.md: two relationships become one."""
    chiara = three.path("chiara").read_text()
    async with three.convo() as convo:
        await convo.press("J", *"chiara", "enter")
        assert "They are one now" in convo.said[-1]
        assert "Chiara" not in convo.pane("list")
        assert convo.selected == "Ana Ruiz"
        assert three.file("ana")["aliases"] == ["Chiara Neri"]
        await convo.press("u")
        assert "Chiara" in convo.pane("list")
    assert three.path("chiara").read_text() == chiara
    assert three.path("ana").read_text() == ANA


async def test_a_note_in_progress_with_one_who_is_joined_goes_on_with_both(three: Home) -> None:
    async with three.convo() as convo:
        await convo.talk_to("Chiara Neri")
        await convo.press("n", *"Rang.", "ctrl+q")
    with closing(journal(three)) as command:
        command.join(command.find("ana").key, command.find("chiara").key)
    async with three.convo() as convo:
        assert (convo.note, convo.selected) == ("Rang.", "Ana Ruiz")
        await convo.press("ctrl+s")
    assert three.file("ana")["encounters"][-1]["note"] == "Rang."
