"""Someone opens the journal and looks around: nothing is asked of them, and nothing changes."""

from __future__ import annotations

import pytest
from journey import ANA, MEDIUM, NARROW, PRICING, SPONSOR, UNSAID, WIDE, Home


async def test_where_we_left_off_is_seen_without_pressing_a_key(three: Home) -> None:
    async with three.convo() as convo:
        assert convo.selected == "Ana Ruiz"
        brief = convo.told("brief")
        assert "We are building the January pilot together." in brief
        assert "WHERE WE LEFT OFF Thu 19 Nov · call · 25 min Legal has the draft; she wants the #pilot in" in brief
        assert "unsaid afraid the migration makes her look bad" in brief
        assert "WE ARE TALKING ABOUT #pricing 3 #pilot 2" in brief
        assert [line.split()[:2] for line in convo.lines("brief") if "↻" in line] == [["1", "me"], ["2", "them"]]
        assert "Sun 22 Nov 10:37" in convo.text
        assert "Ana Ruiz · Head of Operations · Acme GmbH" in convo.text
        assert "Legal has the draft" in convo.pane("details")
        assert convo.said == []


async def test_it_opens_at_the_relationship_that_was_named(three: Home) -> None:
    async with three.convo(start="20240301-b01indq1") as convo:
        assert convo.selected == "Bo Lindqvist"
        assert "A long talk about sailing." in convo.pane("brief")
        assert "nothing is left open" in convo.pane("brief")


async def test_someone_never_spoken_with_is_listed_last_and_not_nagged_about(three: Home) -> None:
    """PRODUCT.md: People imported and never spoken with are an address book, listed last, never nagged about."""
    async with three.convo() as convo:
        assert [each.split()[0] for each in convo.lines("list")] == ["Ana", "Bo", "Chiara"]
        await convo.press("G")
        assert convo.selected == "Chiara Neri"
        assert "You have not talked yet: n starts an encounter." in convo.pane("brief")
        assert "!" not in convo.lines("list")[2]


async def test_letters_and_arrows_move_through_the_list(three: Home) -> None:
    async with three.convo() as convo:
        ana, bo, chiara = "Ana Ruiz", "Bo Lindqvist", "Chiara Neri"
        for keys, name in (("j", bo), ("down", chiara), ("j", chiara), ("k", bo), ("g", ana), ("G", chiara)):
            await convo.press(keys)
            assert convo.selected == name
            assert str(convo.journal.query_one("#conversation").border_title).startswith(name)


async def test_tab_goes_round_the_panes_and_back(three: Home) -> None:
    async with three.convo() as convo:
        seen = []
        for key in ["tab"] * 4 + ["shift+tab"] * 4:
            await convo.press(key)
            seen.append(convo.focused)
        assert seen == ["brief", "timeline", "details", "list", "details", "timeline", "brief", "list"]


async def test_enter_goes_deeper_until_the_encounter_stands_in_full(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("enter")
        assert convo.focused == "brief"
        await convo.press("tab", "j", "enter")
        assert convo.focused == "details"
        assert "Talked about #pricing." in convo.pane("details")
        assert "spark ▄ 3 of 5" in convo.pane("details")


async def test_an_issue_shows_its_way_through_the_encounters(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{PRICING}")
        for said in ("send pricing for 40 seats #pricing", "due Fri", "opened   Wed 4 Nov", "carried  Thu 12 Nov"):
            assert said in convo.pane("details")
        await convo.select("brief", f"heard:{UNSAID}")
        assert "unsaid · unmet" in convo.pane("details")


async def test_a_slash_filters_the_list_and_enter_goes_back_to_it(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("slash", "l", "i")
        assert convo.selected == "Bo Lindqvist"
        assert len(convo.lines("list")) == 1
        await convo.press("enter")
        assert convo.focused == "list"
        await convo.press("slash", "x")
        assert "Nobody answers to that." in convo.text
        assert convo.pane("brief") == ""


async def test_escape_gives_the_whole_list_back_the_selection_kept(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("slash", "b", "o", "escape")
        assert (convo.focused, convo.selected, len(convo.lines("list"))) == ("list", "Bo Lindqvist", 3)


async def test_down_goes_from_the_filter_into_the_list(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("slash", "i", "down")
        assert convo.focused == "list"


async def test_the_filter_finds_organisations_too(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("slash", *"acme")
        assert convo.selected == "Ana Ruiz"


async def test_b_ranks_by_attention_by_name_and_by_last_contact(home: Home) -> None:
    zoe = ANA.replace("20240301-anaruiz1", "20240301-z0e00001").replace("Ana Ruiz", "Zoe")
    home.put(ana=ANA, zoe=zoe.replace("due = 2026-11-27", "due = 2026-11-20"))
    async with home.convo() as convo:
        assert "by attention" in convo.text
        assert convo.lines("list")[0].startswith("Zoe"), "something is overdue there"
        await convo.press("b")
        assert "by name" in convo.text
        assert convo.lines("list")[0].startswith("Ana")
        await convo.press("b")
        assert "by last contact" in convo.text
        await convo.press("b")
        assert "by attention" in convo.text


async def test_what_is_settled_is_folded_away_until_opened(ana: Home) -> None:
    async with ana.convo() as convo:
        assert "▸ 1 settled" in convo.pane("brief")
        assert "name the sponsor" not in convo.pane("brief")
        await convo.select("brief", "closed")
        await convo.press("enter")
        assert "settled name the sponsor · it is Bo" in convo.told("brief")
        await convo.select("brief", f"issue:{SPONSOR}")
        assert "it is Bo" in convo.pane("details")
        await convo.select("brief", "closed")
        await convo.press("enter")
        assert "name the sponsor" not in convo.pane("brief")


async def test_help_lists_the_keys_and_answers_a_search(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("question_mark")
        assert "Starts an encounter" in convo.text
        await convo.press(*"settles")
        await convo.settle()
        assert "Settles the issue" in convo.text
        assert "Starts an encounter" not in convo.text
        await convo.press("escape")
        assert convo.focused == "list"


async def test_the_palette_does_by_name_what_a_key_does(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("ctrl+p")
        await convo.press(*"ranks the")
        await convo.until(lambda: "Ranks the relationships" in convo.text, "the command")
        await convo.press("enter")
        await convo.until(lambda: convo.journal.order == "name", "the order")


@pytest.mark.parametrize(
    ("size", "panes"),
    [(WIDE, {"relationships", "conversation", "note-pane"}), (NARROW, {"relationships"})],
)
async def test_panes_stand_side_by_side_where_there_is_room(ana: Home, size: tuple[int, int], panes: set[str]) -> None:
    """SCREENS.md: From 120 columns on three panes side by side; below 80, one at a time."""
    async with ana.convo(size) as convo:
        shown = {each for each in ("relationships", "conversation", "note-pane") if convo.shows(each)}
        assert shown == panes


async def test_from_80_columns_the_timeline_stands_over_the_note(ana: Home) -> None:
    """SCREENS.md: from 80, relationships beside timeline over editor."""
    async with ana.convo(MEDIUM) as convo:
        left, upper, lower = (
            convo.journal.query_one(f"#{each}").region for each in ("relationships", "conversation", "note-pane")
        )
        assert left.right <= upper.x == lower.x
        assert upper.bottom <= lower.y


async def test_below_80_columns_the_pane_with_the_focus_is_the_one_shown(ana: Home) -> None:
    async with ana.convo(NARROW) as convo:
        stops = ("enter", "conversation"), ("tab", "conversation"), ("tab", "note-pane"), ("tab", "relationships")
        for key, pane in stops:
            await convo.press(key)
            assert {each for each in ("relationships", "conversation", "note-pane") if convo.shows(each)} == {pane}
        await convo.press("n")
        assert convo.shows("note")
        await convo.press("escape")
        assert convo.shows("list")


async def test_looking_around_changes_no_file_and_makes_none(three: Home) -> None:
    before = {path.name: path.read_bytes() for path in three.places.journal.iterdir()}
    async with three.convo() as convo:
        await convo.press("j", "enter", "tab", "j", "enter", "tab", "slash", "a", "enter", "b")
        await convo.press("question_mark", "escape")
    assert {path.name: path.read_bytes() for path in three.places.journal.iterdir()} == before
