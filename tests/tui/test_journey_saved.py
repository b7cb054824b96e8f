"""An encounter that is saved already: more of it, its note opened again, another relationship for it."""

from __future__ import annotations

from datetime import datetime

import pytest
from journey import ANA, FIRST, LAST, LEGAL, NOW, PRICING, SECOND, Home, Screenful

OLD = '> "we begin"\n! wire the money\n- [ ] and soon'
ANA_WITH_MARKS = ANA.replace('note = "Talked about #pricing."', f"note = '''\n{OLD}'''")


async def test_more_of_the_last_encounter_follows_its_note(ana: Home) -> None:
    """SCREENS.md: `A` add to the last encounter."""
    async with ana.convo() as convo:
        await convo.press("A")
        assert (convo.note, "Adding to: Ana Ruiz" in convo.title) == ("", True)
        await convo.write("And the board agrees.\n! thank the board")
        ana.time.go_on(minutes=5)
        await convo.write(".")
        await convo.press("ctrl+s")
        assert "opened thank the board" in convo.told("ended")
    last = ana.entry("ana", "encounters", LAST)
    assert last["note"] == "Legal has the draft; she wants the #pilot in January.\n\nAnd the board agrees."
    assert last["minutes"] == 30
    assert last["at"] == datetime.fromisoformat("2026-11-19T15:00:00+01:00")
    assert ana.file("ana")["issues"][-1]["opened_in"] == LAST
    assert len(ana.file("ana")["encounters"]) == 3


async def test_undoing_an_addition_gives_its_draft_back(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("A")
        await convo.write("more")
        await convo.press("ctrl+s", "u")
        assert ana.path("ana").read_text() == ANA
        assert (convo.note, "Adding to" in convo.title, convo.focused) == ("more", True, "note")
        await convo.write(" again")
        await convo.press("ctrl+s", "x")
        assert (convo.note, ana.path("ana").read_text() == ANA) == ("more againx", True)


async def test_an_addition_goes_on_after_a_restart(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("A")
        await convo.write("more")
        await convo.press("ctrl+q")
    async with ana.convo() as convo:
        assert (convo.note, "Adding to: Ana Ruiz" in convo.title) == ("more", True)
        await convo.press("ctrl+s")
    assert ana.entry("ana", "encounters", LAST)["note"].endswith("January.\n\nmore")


async def test_right_after_an_end_one_may_go_on_with_it(ana: Home) -> None:
    """SCREENS.md: `n` within 15 minutes offers to go on with it."""
    async with ana.convo() as convo:
        await convo.press("n", "a", "ctrl+s", "enter")
        ana.time.go_on(minutes=14)
        await convo.press("n")
        assert "goes on with it" in convo.said[-1]
        await convo.press("escape", "A")
        await convo.write("b")
        await convo.press("ctrl+s", "enter")
        ana.time.go_on(minutes=16)
        convo.said.clear()
        await convo.press("n")
        assert convo.said == []
    assert ana.file("ana")["encounters"][-1]["note"] == "a\n\nb"


async def open_again(convo: Screenful, identity: str) -> None:
    """Open an encounter of the timeline again."""
    await convo.select("timeline", f"encounter:{identity}")
    await convo.press("e")


async def test_an_old_note_opens_escaped_and_only_new_marks_fire(ana: Home) -> None:
    """CONTRACT.md: A saved note that is opened again shows such lines escaped, so nothing fires twice."""
    ana.put(ana=ANA_WITH_MARKS)
    async with ana.convo() as convo:
        await open_again(convo, SECOND)
        assert convo.note == '> "we begin"\n\\! wire the money\n- \\[ ] and soon'
        assert "opens" not in convo.pane("receipt")
        assert "Rewriting: Ana Ruiz" in convo.title
        convo.editor.move_cursor(convo.editor.document.end)
        await convo.write("\n! one that is new\nand a word")
        await convo.press("ctrl+s")
    second = ana.entry("ana", "encounters", SECOND)
    assert second["note"] == f"{OLD}\nand a word"
    new = ana.file("ana")["issues"][3:]
    assert [(each["text"], each["opened_in"]) for each in new] == [("one that is new", SECOND)]


async def test_time_people_and_minutes_of_an_old_one_change(three: Home) -> None:
    """Issue 3: editing an old encounter's note, time, people, spark."""
    async with three.convo() as convo:
        await open_again(convo, SECOND)
        line = convo.journal.note_pane.facts._line
        assert line.value == "call · Thu 12 Nov 11:00"
        await convo.press("f7", "ctrl+u")
        await convo.hurry(*"meeting, with bo, 13 nov 10:00, 50 min", "enter")
        await convo.press("ctrl+s")
    second = three.entry("ana", "encounters", SECOND)
    assert (second["channel"], second["with"], second["minutes"], second["spark"], second["note"]) == (
        "meeting",
        ["20240301-b01indq1"],
        50,
        3,
        "Talked about #pricing.",
    )
    assert second["at"] == datetime.fromisoformat("2026-11-13T10:00:00+01:00")


async def test_a_time_that_breaks_a_rule_is_refused_and_the_note_goes_on(ana: Home) -> None:
    """CONTRACT.md: never [carried] into one at or before its opening."""
    async with ana.convo() as convo:
        await open_again(convo, SECOND)
        await convo.press("f7", "ctrl+u")
        await convo.hurry(*"call, 1 nov 10:00", "enter")
        await convo.press("ctrl+s")
        assert convo.mode == "writing"
        assert "not after its opening" in convo.said[-1]
        await convo.press("f7", "ctrl+u")
        await convo.hurry(*"call, 11 nov 10:00", "enter")
        await convo.press("ctrl+s")
        assert convo.mode == "ended"
    assert ana.entry("ana", "encounters", SECOND)["at"].day == 11


async def test_undoing_a_rewrite_gives_its_draft_back(ana: Home) -> None:
    async with ana.convo() as convo:
        await open_again(convo, FIRST)
        await convo.write("Anew. ")
        await convo.press("ctrl+s", "u")
        assert ana.path("ana").read_text() == ANA
        assert (convo.note, "Rewriting" in convo.title) == ("Anew. Walked through the #pilot together.", True)
        await convo.press("ctrl+s")
    assert ana.entry("ana", "encounters", FIRST)["note"] == "Anew. Walked through the #pilot together."


@pytest.mark.parametrize("way", ["u", "x"])
async def test_a_rewrite_that_changed_nothing_takes_nothing_else_back(ana: Home, way: str) -> None:
    """What was done before it was not its doing."""
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("s")
        assert ana.entry("ana", "issues", LEGAL)["state"] == "settled"
        await open_again(convo, FIRST)
        await convo.press("ctrl+s")
        assert convo.mode == "ended"
        await convo.press(way)
        assert convo.note == f"{way.strip('u')}Walked through the #pilot together."
        assert ana.entry("ana", "issues", LEGAL)["state"] == "settled"


async def test_a_rewrite_goes_on_after_a_restart(ana: Home) -> None:
    async with ana.convo() as convo:
        await open_again(convo, FIRST)
        await convo.write("Anew. ")
        await convo.press("ctrl+q")
    async with ana.convo() as convo:
        assert (convo.note, "Rewriting" in convo.title) == ("Anew. Walked through the #pilot together.", True)
        await convo.press("ctrl+s")
    assert ana.entry("ana", "encounters", FIRST)["note"].startswith("Anew.")
    assert len(ana.file("ana")["encounters"]) == 3


async def test_moving_an_encounter_takes_along_what_came_of_it(three: Home) -> None:
    """Issue 3: moving an encounter to another relationship."""
    async with three.convo() as convo:
        await convo.select("timeline", f"encounter:{LAST}")
        await convo.hurry("M", *"chiara", "enter")
        assert [each["id"] for each in three.file("chiara")["encounters"]] == [LAST]
        assert [each["id"] for each in three.file("chiara")["issues"]] == [LEGAL]
        assert LAST not in [each["id"] for each in three.file("ana")["encounters"]]
        assert LAST in three.entry("ana", "issues", PRICING)["carried"]
        await convo.press("u")
    assert three.path("ana").read_text() == ANA
    assert "encounters" not in three.file("chiara")


async def test_a_second_mail_of_the_day_joins_the_first(ana: Home) -> None:
    """Issue 3: mail and chat logged on one day join that day's entry."""

    async def mail(convo: Screenful, said: str) -> None:
        await convo.press("n")
        await convo.write(said)
        await convo.press("f7", "ctrl+u")
        await convo.hurry(*"email", "enter")
        await convo.press("ctrl+s")

    async with ana.convo() as convo:
        await mail(convo, "asked for the offer")
        await convo.press("enter")
        ana.time.go_on(hours=2)
        await mail(convo, "sent it\n! hear from her")
        one = ana.path("ana").read_text()
        await convo.press("u")
        assert (convo.note, convo.focused) == ("sent it\n! hear from her", "note")
        assert ana.file("ana")["encounters"][-1]["note"] == "asked for the offer"
        await convo.press("ctrl+s")
    assert len(ana.file("ana")["encounters"]) == 4
    entry = ana.file("ana")["encounters"][-1]
    assert (entry["channel"], entry["at"], entry["note"]) == ("email", NOW, "asked for the offer\n\nsent it")
    assert ana.file("ana")["issues"][-1]["opened_in"] == entry["id"]
    assert len(one.splitlines()) == len(ana.path("ana").read_text().splitlines())


async def test_a_draft_left_lying_is_offered_for_ending_as_of_its_last_key(ana: Home) -> None:
    """SCREENS.md: A draft left for two hours is offered for ending, with one key, at the time of its last
    keystroke."""
    async with ana.convo() as convo:
        await convo.press("n", "a")
        ana.time.go_on(minutes=20)
        await convo.press("b", "ctrl+q")
    ana.time.go_on(hours=3)
    async with ana.convo() as convo:
        assert convo.said == ["You left this at 10:57: ctrl+s ends it as of then."]
        await convo.press("ctrl+s")
    newest = ana.file("ana")["encounters"][-1]
    assert (newest["at"], newest["minutes"]) == (NOW, 20)
