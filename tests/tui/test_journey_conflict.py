"""Two programs change the same place: both sides are shown, one key each, and nothing is thrown away."""

from __future__ import annotations

import pytest
from journey import ANA, LAST, MEDIUM, NARROW, WIDE, Home, Screenful

from convo_tui.core.contradiction import Contradiction, Decision, Place
from convo_tui.tui.screens.conflict import Conflict

NOTE = 'note = "Legal has the draft; she wants the #pilot in January."'
THEIRS = "Legal has sent it back; she wants the pilot in March."


async def contradict(convo: Screenful, home: Home, typed: str = "Legal has it.\n! ask Bo") -> None:
    """Rewrite the last note while another program does the same, and end that."""
    await convo.select("timeline", f"encounter:{LAST}")
    await convo.press("e", "ctrl+end")
    convo.editor.text = ""
    await convo.write(typed)
    home.put(ana=ANA.replace(NOTE, f'note = "{THEIRS}"'))
    await convo.press("ctrl+s")


def kept(home: Home) -> str:
    """What was put aside."""
    (path,) = home.places.kept.iterdir()
    return path.read_text("utf-8")


@pytest.mark.parametrize("size", [WIDE, MEDIUM, NARROW])
async def test_both_sides_are_shown(ana: Home, size: tuple[int, int]) -> None:
    """SCREENS.md: Conflict: both sides, one key each."""
    async with ana.convo(size) as convo:
        if size == NARROW:
            await convo.press("enter")
        await contradict(convo, ana)
        assert isinstance(convo.app.screen, Conflict)
        assert "Two versions of" in convo.text
        assert "Both sides changed the note of the call of 2026-11-19 15:00." in convo.text
        ours, theirs = convo.text.index("Legal has it."), convo.text.index("Legal has sent it back")
        assert ours < theirs
        assert "1 yours" in convo.text
        assert "2 theirs, in the file now" in convo.text


async def test_mine_stands_with_what_it_opens_and_theirs_is_put_aside(ana: Home) -> None:
    """Issue 5: the loser's text is kept in the state dir for 30 days, never thrown away."""
    async with ana.convo() as convo:
        await contradict(convo, ana)
        await convo.press("1")
        assert "opened ask Bo" in convo.told("ended")
    assert ana.entry("ana", "encounters", LAST)["note"] == "Legal has it."
    assert ana.file("ana")["issues"][-1]["text"] == "ask Bo"
    assert THEIRS in kept(ana)
    assert list(ana.places.drafts.iterdir()) == []


async def test_theirs_stands_and_what_was_typed_is_put_aside(ana: Home) -> None:
    async with ana.convo() as convo:
        await contradict(convo, ana)
        await convo.press("2")
        assert convo.mode == "ended"
    assert ana.entry("ana", "encounters", LAST)["note"] == THEIRS
    assert [each["text"] for each in ana.file("ana")["issues"]].count("ask Bo") == 0
    assert kept(ana) == "Legal has it.\n! ask Bo"


async def test_undecided_the_note_goes_on_and_nothing_is_saved(ana: Home) -> None:
    async with ana.convo() as convo:
        await contradict(convo, ana)
        await convo.press("escape")
        assert "nothing was saved" in convo.said[-1]
        assert (convo.mode, convo.note) == ("writing", "Legal has it.\n! ask Bo")
    assert ana.entry("ana", "encounters", LAST)["note"] == THEIRS
    async with ana.convo() as convo:
        assert convo.note == "Legal has it.\n! ask Bo"
        await convo.press("ctrl+s", "1")
    assert ana.entry("ana", "encounters", LAST)["note"] == "Legal has it."


async def test_what_changes_once_more_while_one_looks_is_asked_again(ana: Home) -> None:
    async with ana.convo() as convo:
        await contradict(convo, ana)
        ana.put(ana=ANA.replace(NOTE, 'note = "Neither."'))
        await convo.press("1")
        assert isinstance(convo.app.screen, Conflict)
        assert "Neither." in convo.text
        await convo.press("1")
        assert convo.mode == "ended"
    assert ana.entry("ana", "encounters", LAST)["note"] == "Legal has it."


async def test_changes_in_other_lines_are_both_kept_without_a_question(ana: Home) -> None:
    """Issue 5: what changed under us is merged when both sides can be kept."""
    ana.put(ana=ANA.replace(NOTE, 'note = "one\\n\\ntwo\\n\\nthree"'))
    async with ana.convo() as convo:
        await convo.select("timeline", f"encounter:{LAST}")
        await convo.press("e", "ctrl+home")
        await convo.write("at first: ")
        ana.put(ana=ANA.replace(NOTE, 'note = "one\\n\\ntwo\\n\\nthree, or four"'))
        await convo.press("ctrl+s")
        assert convo.mode == "ended"
    assert ana.entry("ana", "encounters", LAST)["note"] == "at first: one\n\ntwo\n\nthree, or four"


async def ask(convo: Screenful, *places: Place) -> list[Decision | None]:
    """Ask about these places; what is answered is in the list."""
    answers: list[Decision | None] = []
    convo.app.push_screen(Conflict(Contradiction("Ana Ruiz", places)), answers.append)
    await convo.until(lambda: isinstance(convo.app.screen, Conflict), "the question")
    await convo.settle()
    return answers


PLACES = (Place("the role", "boss", "chief"), Place("the story", "We sail.\nWe row.", ""), Place("the name", "A", "B"))


async def test_each_place_is_asked_for_by_itself_and_one_may_go_back(ana: Home) -> None:
    async with ana.convo() as convo:
        answers = await ask(convo, *PLACES)
        assert "1 of 3" in convo.text
        await convo.press("1")
        assert "Both sides changed the story." in convo.text
        assert "nothing" in convo.text
        await convo.press("backspace", "2", "1", "1")
    assert answers == [Decision(PLACES, frozenset({1, 2}))]
    assert answers[0] is not None
    assert answers[0].lost == ("# Not kept: the role\n\nboss\n\n# Not kept: the story\n\n\n\n# Not kept: the name\n\nB")


async def test_a_long_side_is_read_with_the_keys_of_a_list(ana: Home) -> None:
    long = "\n".join(f"line {number}" for number in range(200))
    async with ana.convo(MEDIUM) as convo:
        await ask(convo, Place("the note", long, f"{long}\nand one more"))
        assert "line 150" not in convo.text
        await convo.press("tab", "G")
        assert "▌ and one more" in convo.text
        await convo.press("tab", "G")
        assert convo.text.count("line 199") == 2


async def test_what_another_program_wrote_is_shown_harmless(ana: Home) -> None:
    async with ana.convo() as convo:
        await ask(convo, Place("\x1b]0;x\x07", "\x1b[31mred\u202e[/b]", "[bold]\x9b2J\x00"))
        for harmful in ("\x1b", "\x9b", "\x00", "\u202e"):
            assert harmful not in convo.text
        assert "[bold]" in convo.text
