"""Someone takes back what they did: the end of an encounter, a deletion, what was said on a receipt."""

from __future__ import annotations

import pytest
import rtoml
from journey import ANA, LAST, LEGAL, PRICING, Home


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
        await convo.press("s", "2", "tab", "tab", "tab", "Z")
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
