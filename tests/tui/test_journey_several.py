"""Several at one table: who takes part, the agenda of them all, and what becomes of it in each one's file."""

from __future__ import annotations

import pytest
from journey import ANA, BO, LEGAL, NOW, PRICING, Home, Screenful

SAIL, TOW = "20261022-sa11b0at", "20261022-t0wb0at1"
BO_WITH_ISSUES = BO.replace(
    "[[encounters]]",
    f"""\
[[issues]]
id = "{SAIL}"
text = "mend the sail"
owner = "them"
state = "open"
opened = 2026-10-22T09:00:00+02:00

[[issues]]
id = "{TOW}"
text = "tow the boat"
owner = "me"
state = "open"
opened = 2026-10-22T09:00:00+02:00

[[encounters]]""",
)


@pytest.fixture
def both(three: Home) -> Home:
    """Ana and Bo, with two open issues each."""
    return three.put(bo=BO_WITH_ISSUES)


async def call_both(convo: Screenful) -> None:
    """Begin a call with Ana and Bo."""
    await convo.press("ctrl+n", *"ana,bo", "enter")


async def test_with_several_agenda_and_effects_are_in_each_ones_file(both: Home) -> None:
    """CONTRACT.md: the agenda of an encounter shows the open issues of everyone who takes part. Issue 3: agenda and
    effects in each one's file."""
    async with both.convo() as convo:
        await call_both(convo)
        assert (convo.focused, convo.selected) == ("note", "Ana Ruiz")
        assert "mend the sail Bo Lindqvist" in convo.told("agenda")
        sail = 1 + next(row for row, line in enumerate(convo.lines("agenda")) if "mend the sail" in line)
        await convo.write(f"All agreed.\n={sail} : in May\n~ tow\n! @Bo buy a rope due:fri\n! for Ana")
        await convo.press("ctrl+s")
        assert "All agreed." in convo.told("timeline")
        await convo.press("enter")
        await convo.talk_to("Bo Lindqvist")
        assert "All agreed." in convo.told("timeline")
    encounter = both.file("ana")["encounters"][-1]
    assert (encounter["with"], encounter["note"]) == (["20240301-b01indq1"], "All agreed.")
    assert len(both.file("bo")["encounters"]) == 1, "an encounter lives in one file"
    sail_after = both.entry("bo", "issues", SAIL)
    assert (sail_after["state"], sail_after["outcome"]) == ("settled", "in May")
    assert both.entry("bo", "issues", TOW)["carried"] == [encounter["id"]]
    assert both.file("bo")["issues"][-1]["text"] == "buy a rope"
    assert both.file("ana")["issues"][-1]["text"] == "for Ana"


async def test_one_undo_gives_all_files_and_the_draft_back(both: Home) -> None:
    async with both.convo() as convo:
        await call_both(convo)
        await convo.write("~ tow\n~ pricing")
        await convo.press("ctrl+s", "u")
        assert (convo.note, convo.focused) == ("~ tow\n~ pricing", "note")
        assert "mend the sail" in convo.told("agenda")
    assert (both.path("ana").read_text(), both.path("bo").read_text()) == (ANA, BO_WITH_ISSUES)


async def test_the_numbers_stay_when_someone_joins(both: Home) -> None:
    """CONTRACT.md: the number in the agenda (fixed during an encounter)."""
    async with both.convo() as convo:
        await convo.press("n")
        await convo.write("=2 : Jo signs")
        before = convo.lines("agenda")
        await convo.press("f7", "ctrl+u")
        await convo.hurry(*"call, with bo", "enter")
        after = convo.lines("agenda")
        assert [line.split()[0] for line in after] == ["1", "2", "3", "4"]
        assert after[:2] == before
        await convo.press("ctrl+s")
    assert both.entry("ana", "issues", LEGAL)["outcome"] == "Jo signs"


async def test_whoever_is_called_while_one_of_them_talks_joins(both: Home) -> None:
    async with both.convo() as convo:
        await convo.press("n")
        await convo.write("with Ana")
        await call_both(convo)
        assert convo.note == "with Ana"
        assert "mend the sail" in convo.told("agenda")
        await convo.press("ctrl+s")
    assert both.file("ana")["encounters"][-1]["with"] == ["20240301-b01indq1"]


async def select_sail(convo: Screenful) -> None:
    """Begin a call with both, a letter of its note, and go to Bo's issue on the agenda."""
    await call_both(convo)
    await convo.write("x")
    await convo.select("agenda", f"issue:{SAIL}")


async def test_carry_and_settle_on_the_agenda_go_through_the_note(both: Home) -> None:
    async with both.convo() as convo:
        await select_sail(convo)
        await convo.press("c")
        await convo.select("agenda", f"issue:{PRICING}")
        await convo.press("s")
        assert convo.focused == "note"
        await convo.write("agreed")
        await convo.press("ctrl+s")
    assert len(both.entry("bo", "issues", SAIL)["carried"]) == 1
    assert both.entry("ana", "issues", PRICING)["outcome"] == "agreed"


async def test_drop_and_reopen_on_the_agenda_change_the_file_it_is_in(both: Home) -> None:
    """Issue 3: each with carry, settle, park, drop […] one key, without leaving the flow."""
    async with both.convo() as convo:
        await select_sail(convo)
        await convo.press("x")
        dropped = both.entry("bo", "issues", SAIL)
        assert (dropped["state"], dropped.get("closed_in")) == ("dropped", "20261022-enc00004")
        sail = next(line for line in convo.lines("agenda") if "mend the sail" in line)
        assert "✓" in sail, "it is closed, and keeps its number"
        assert convo.focused == "agenda"
        await convo.press("r")
        assert both.entry("bo", "issues", SAIL)["state"] == "open"
        assert "☐ mend the sail" in convo.told("agenda")
        await convo.press("u", "u")
    assert both.path("bo").read_text() == BO_WITH_ISSUES
    assert both.path("ana").read_text() == ANA


async def test_park_owner_and_due_on_the_agenda_change_the_file_it_is_in(both: Home) -> None:
    async with both.convo() as convo:
        await select_sail(convo)
        await convo.press("o", "t")
        await convo.answer("fri")
        (sail,) = (line for line in convo.lines("agenda") if "mend" in line)
        assert "Fri" in sail
        await convo.press("p")
        await convo.answer("2w")
    sail = both.entry("bo", "issues", SAIL)
    assert (sail["owner"], sail["state"], str(sail["due"])) == ("us", "parked", "2026-11-27")
    assert both.path("ana").read_text() == ANA


async def test_the_receipt_says_in_whose_file_something_is_left_open(both: Home) -> None:
    async with both.convo() as convo:
        await call_both(convo)
        await convo.write("! @Bo buy a rope")
        assert "opens buy a rope" in convo.told("receipt")
        await convo.press("ctrl+s")
        assert "opened buy a rope" in convo.told("ended")
    assert both.file("bo")["issues"][-1]["opened"] == NOW
