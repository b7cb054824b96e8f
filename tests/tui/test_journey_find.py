"""Someone looks for a word that was said, to anyone, at any time, and goes to the place where it stands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from journey import ANA, FIRST, LAST, MEDIUM, NARROW, PRICING, SPONSOR, UNSAID, WIDE, Home, Screenful
from test_journey_hostile import HOSTILE, KINDS, check, hostile_file
from textual.widgets import Input

from convo_tui.store.journal import Journal
from convo_tui.tui.screens.find import Find
from convo_tui.tui.widgets.line_list import LineList

SAILING = "20261022-enc00004"
IDEA = "20261119-1dea0001"


def searching(convo: Screenful) -> Find:
    """The search, which is on the screen."""
    found = convo.app.screen
    assert isinstance(found, Find)
    return found


def places(convo: Screenful) -> LineList:
    return searching(convo).query_one(LineList)


def found(convo: Screenful) -> list[str]:
    """The lines under what is typed, single blanks between the words."""
    rows = places(convo)._rows
    return [" ".join(rows[index].content.plain.split()) for index in range(len(rows))]


def is_answered(convo: Screenful) -> bool:
    find = convo.app.screen
    return isinstance(find, Find) and find._answered.text == find.query_one(Input).value.strip()


async def seek(convo: Screenful, text: str, *key: str) -> list[str]:
    """Press f4 (or `key`) and type; the lines that stand there then."""
    await convo.press(*(key or ("f4",)))
    await convo.paste(text)
    await convo.until(lambda: is_answered(convo), f"what answers to {text}")
    await convo.settle()
    return found(convo)


async def enter(convo: Screenful, *keys: str) -> None:
    """Go to the place selected, and wait until it is on the screen."""
    await convo.press(*keys, "enter")
    await convo.until(lambda: not isinstance(convo.app.screen, Find), "the journal")
    await convo.settle()


# ── going to the place ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [WIDE, MEDIUM, NARROW])
async def test_a_word_from_a_call_a_month_ago_is_found_and_opened(three: Home, size: tuple[int, int]) -> None:
    """SCREENS.md: Find: results as you type, `enter` jumps to the place."""
    async with three.convo(size) as convo:
        (line,) = await seek(convo, "sail")
        assert line.startswith("Bo Lindqvist")
        assert "A long talk about sailing." in line
        assert line.endswith("Thu 22 Oct")
        await enter(convo)
        assert convo.selected == "Bo Lindqvist"
        assert convo.focused == "timeline"
        assert convo.list("timeline").selected == f"encounter:{SAILING}"
        assert convo.shows("timeline")
        assert convo.text.count("A long talk about sailing.") >= 1


async def test_an_old_encounter_of_many_is_the_one_selected(ana: Home) -> None:
    async with ana.convo() as convo:
        await seek(convo, "walked through")
        await enter(convo)
        assert convo.list("timeline").selected == f"encounter:{FIRST}"
        assert "Walked through the #pilot together." in convo.told("details")


async def test_open_issues_stand_before_encounters_and_enter_selects_the_issue(ana: Home) -> None:
    async with ana.convo() as convo:
        lines = await seek(convo, "pricing")
        assert [line.split()[2] for line in lines] == ["issue", "encounter"]
        await enter(convo)
        assert (convo.focused, convo.list("brief").selected) == ("brief", f"issue:{PRICING}")
        await convo.press("x")  # it is what a key acts on
    assert ana.entry("ana", "issues", PRICING)["state"] == "dropped"


async def test_a_settled_issue_is_shown_although_the_brief_has_folded_it_away(ana: Home) -> None:
    async with ana.convo() as convo:
        await seek(convo, "sponsor")
        await enter(convo)
        assert (convo.focused, convo.list("brief").selected) == ("brief", f"issue:{SPONSOR}")
        assert "settled name the sponsor · it is Bo" in convo.told("brief")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_what_was_heard_is_found_in_the_brief_or_shown_in_full(ana: Home, size: tuple[int, int]) -> None:
    heard = f'[[heard]]\nid = "{IDEA}"\nkind = "idea"\ntext = "a board on one page"\nheard_in = "{LAST}"\n\n'
    ana.put(ana=ANA.replace("[[encounters]]", f"{heard}[[encounters]]", 1))
    async with ana.convo(size) as convo:
        await seek(convo, "afraid")
        await enter(convo)
        assert (convo.focused, convo.list("brief").selected) == ("brief", f"heard:{UNSAID}")
        await seek(convo, "board")
        await enter(convo)
        assert convo.focused == "details"
        assert "a board on one page" in convo.lines("details")[0]
        await convo.talk_to("Ana Ruiz")
        await convo.press("n")
        await seek(convo, "board")
        await enter(convo)  # a note has the pane
        assert convo.list("timeline").selected == f"encounter:{LAST}"


async def test_a_name_goes_to_the_relationship(three: Home) -> None:
    async with three.convo() as convo:
        assert (await seek(convo, "chiara"))[0].startswith("Chiara Neri relationship")
        await enter(convo)
        assert (convo.focused, convo.selected) == ("list", "Chiara Neri")


async def test_a_story_goes_to_the_relationship_on_a_small_screen_to_what_it_says(ana: Home) -> None:
    async with ana.convo(NARROW) as convo:
        await seek(convo, "january is:story")
        await enter(convo)
        assert "We are building the January pilot together." in convo.text


async def test_a_place_that_the_filter_hides_is_shown(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("slash", "c", "h", "enter")
        await seek(convo, "sailing", "f")
        await enter(convo)
        assert convo.selected == "Bo Lindqvist"
        assert len(convo.lines("list")) == 3


async def test_a_relationship_that_has_gone_meanwhile_is_named(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("slash", "c", "h", "enter")
        await seek(convo, "sailing", "f")
        three.path("bo").unlink()
        await enter(convo)
        assert convo.said == ["Bo Lindqvist is no longer in the journal."]


# ── while typing ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", ["f", "f4"])
async def test_keys_pressed_faster_than_it_answers_arrive_all_the_same(three: Home, key: str) -> None:
    async with three.convo() as convo:
        await convo.hurry(key, *"sailing", "enter")
        await convo.until(lambda: convo.focused == "timeline", "the place")
        await convo.settle()
        assert convo.list("timeline").selected == f"encounter:{SAILING}"


class Slow:
    """A search that answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go_on = threading.Event()
        self.search = Journal.search

    def __call__(self, journal: Journal, text: str, *rest: Any) -> list[Any]:
        self.asked.append(text)
        assert self.go_on.wait(20)
        return self.search(journal, text, *rest)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """A journal that takes its time with every search."""
    made = Slow()
    monkeypatch.setattr(Journal, "search", lambda *arguments: made(*arguments))
    yield made
    made.go_on.set()


async def test_of_what_is_typed_meanwhile_only_the_newest_is_looked_for(three: Home, slow: Slow) -> None:
    async with three.convo() as convo:
        await convo.press("f4", "p")
        await convo.until(lambda: slow.asked == ["p"], "the first search")
        await convo.press("i", "l", "o", "t")
        assert found(convo)[0].startswith("pricing a word")  # what stood there stays until there is an answer
        slow.go_on.set()
        await convo.until(lambda: is_answered(convo), "the answer")
        assert slow.asked == ["p", "pilot"]
        assert all("pilot" in line for line in found(convo))


async def test_an_answer_to_what_is_no_longer_asked_is_not_shown(three: Home, slow: Slow) -> None:
    async with three.convo() as convo:
        await convo.press("f4", "p")
        await convo.until(lambda: slow.asked == ["p"], "the first search")
        await convo.press("backspace")
        slow.go_on.set()
        await convo.until(lambda: not searching(convo)._looking, "the end of the search")
        assert found(convo)[0].startswith("pricing a word")


async def test_leaving_while_it_looks_is_no_trouble(three: Home, slow: Slow) -> None:
    async with three.convo() as convo:
        await convo.press("f4", "p")
        await convo.until(lambda: slow.asked == ["p"], "the first search")
        await convo.press("escape")
        slow.go_on.set()
        await convo.settle()
        assert convo.focused == "list"
        assert convo.said == []


async def test_the_hit_that_one_moved_to_stays_selected_while_typing_on(ana: Home) -> None:
    async with ana.convo() as convo:
        await seek(convo, "pi")
        await convo.press("down")
        chosen = places(convo).selected
        await convo.press("l", "o", "t")
        await convo.until(lambda: is_answered(convo), "the answer")
        assert places(convo).selected == chosen
        await convo.press(*["backspace"] * 5, "l", "e", "g", "a", "l")
        await convo.until(lambda: is_answered(convo), "the answer")
        rows = places(convo)._rows
        assert places(convo).selected == rows[0].key


async def test_there_are_more_when_one_comes_near_the_end(home: Home) -> None:
    calls = "".join(
        f'[[encounters]]\nid = "202609{day:02}-{hour:08}"\nat = 2026-09-{day:02}T{hour:02}:00:00+02:00\n'
        'channel = "call"\nnature = "conversation"\nnote = "Rang about the boat."\n\n'
        for day in range(1, 11)
        for hour in range(8, 14)
    )
    home.put(bo=f'format = 1\nid = "20240301-b01indq1"\nname = "Bo"\nkind = "person"\n\n{calls}')
    async with home.convo() as convo:
        assert len(await seek(convo, "boat")) == 50
        assert "50+ found" in convo.text
        await convo.press("pagedown")
        chosen = places(convo).selected
        await convo.press("up")
        await convo.until(lambda: len(found(convo)) == 60, "the rest")
        assert "60 found" in convo.text
        await convo.press("ctrl+n")
        assert places(convo).selected == chosen
        await convo.press("ctrl+end")
        assert places(convo).selected == "encounter:20240301-b01indq1:20260901-00000008"


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_escape_leaves_everything_as_it_was_the_note_in_progress_too(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("half a thought")
        await convo.press("left", "left")
        await seek(convo, "sailing")
        await convo.press("escape")
        assert (convo.note, convo.focused, convo.selected) == ("half a thought", "note", "Ana Ruiz")
        assert convo.editor.cursor_location == (0, 12)
        await convo.press("X")
        assert convo.note == "half a thougXht"


async def test_enter_leaves_the_note_with_its_text_kept(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("n")
        await convo.hurry(*"half", "f4", *"sailing", "enter")
        await convo.until(lambda: convo.focused == "timeline", "the place")
        await convo.settle()
        assert (convo.selected, convo.note, convo.mode) == ("Bo Lindqvist", "half", "writing")
        await convo.talk_to("Ana Ruiz")
        await convo.press("enter", "X")
        assert convo.note == "halfX"


async def test_what_was_typed_stands_there_the_next_time_and_a_letter_replaces_it(three: Home) -> None:
    async with three.convo() as convo:
        await seek(convo, "sailing")
        await convo.press("escape", "f4")
        await convo.until(lambda: is_answered(convo), "the answer")
        assert searching(convo).query_one(Input).value == "sailing"
        assert found(convo)[0].startswith("Bo Lindqvist")
        await enter(convo)
        await convo.press("f", "l", "e", "g")
        await convo.until(lambda: is_answered(convo), "the answer")
        assert searching(convo).query_one(Input).value == "leg"
        assert found(convo)[0].startswith("Ana Ruiz issue who signs in legal?")


async def test_the_key_that_opened_it_closes_it(ana: Home) -> None:
    ana.settings.keys["find-everywhere"] = "f10"
    async with ana.convo() as convo:
        await convo.press("f10")
        searching(convo)
        await convo.press("f10")
        assert convo.focused == "list"


# ── what is seen ─────────────────────────────────────────────────────────────────────────────────────────


async def test_nothing_found_is_said_with_what_to_try(ana: Home) -> None:
    async with ana.convo() as convo:
        lines = await seek(convo, "zeppelin")
        assert lines[0].startswith("Nothing is found. Fewer words")
        assert any(line.startswith('"price list"') for line in lines)
        assert "0 found · esc closes" in convo.text
        await convo.press("enter")
        searching(convo)


async def test_nothing_typed_shows_what_can_be_typed(ana: Home) -> None:
    async with ana.convo() as convo:
        lines = await seek(convo, "")
        assert {'"price list" these words, one after the other', "is:open open issues"} <= set(lines)
        await convo.press("down", "enter")
        searching(convo)


@pytest.mark.parametrize(("size", "seen"), [(WIDE, True), (MEDIUM, True), (NARROW, False)])
async def test_what_matters_least_goes_first_on_a_small_screen(three: Home, size: tuple[int, int], seen: bool) -> None:
    async with three.convo(size) as convo:
        (line,) = await seek(convo, "sailing")
        assert ("encounter" in line) is seen
        assert ("since:march" in convo.text) is seen
        await convo.resize(40, 20)
        await convo.until(lambda: not searching(convo)._looking, "lines of another width")
        assert "sailing" in convo.text
        assert "22 Oct" not in convo.text


async def test_words_of_scripts_without_blanks_are_found_and_seen(home: Home) -> None:
    note = "先週の打ち合わせでは新しい倉庫の場所について長く話し合いました。" * 3 + "次の会議は来週です。"
    bo = 'format = 1\nid = "20240301-b01indq1"\nname = "山田太郎"\nkind = "person"\n'
    call = f'\n[[encounters]]\nid = "20261022-enc00004"\nat = 2026-10-22T09:00:00+02:00\nnote = "{note}"\n'
    home.put(yamada=bo + call + 'channel = "call"\nnature = "conversation"\n')
    for size in (WIDE, NARROW):
        async with home.convo(size) as convo:
            await seek(convo, "会議")
            assert "会議" in "".join(convo.strips[2:])
            await enter(convo)
            assert convo.list("timeline").selected == f"encounter:{SAILING}"


@pytest.mark.parametrize("kind", KINDS)
async def test_no_field_of_a_file_harms_what_is_found(home: Home, kind: str) -> None:
    home.put(host=hostile_file(HOSTILE[kind]))
    async with home.convo() as convo:
        for asked in ("is:relationship", "is:issue", "is:heard", "is:encounter", "is:story", HOSTILE[kind][:200]):
            await seek(convo, asked)
            check(convo)
            await convo.press("f4")
        await seek(convo, "is:issue")
        await convo.resize(60, 24)
        check(convo)


async def test_the_footer_the_help_and_the_palette_name_it(ana: Home) -> None:
    async with ana.convo(MEDIUM) as convo:
        assert "f Find" in convo.strips[-1]
        await convo.press("f1")
        await convo.paste("finds words")
        assert "f f4" in convo.text
        await convo.press("escape", "n")
        assert "f4 Find" in convo.strips[-1]


async def test_it_shows_nothing_behind_the_curtain(ana: Home) -> None:
    """SCREENS.md, Curtain: hides everything but the note being typed."""
    async with ana.convo() as convo:
        await convo.press("n", "f8", "f4")
        assert not isinstance(convo.app.screen, Find)


async def test_an_f_on_a_receipt_goes_back_to_the_note(ana: Home) -> None:
    """SCREENS.md: any other character reopens the note and is typed."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("half")
        await convo.press("ctrl+s", "f")
        assert convo.note == "halff"


async def test_a_click_selects_a_second_one_goes_there(three: Home) -> None:
    async with three.convo() as convo:
        await seek(convo, "is:encounter")
        line = next(place for place, said in enumerate(convo.strips) if "sailing" in said)
        await convo.pilot.click(offset=(30, line))
        await convo.settle()
        assert places(convo).selected == f"encounter:20240301-b01indq1:{SAILING}"
        assert isinstance(convo.app.focused, Input)
        await convo.pilot.click(offset=(30, line))
        await convo.until(lambda: convo.focused == "timeline", "the place")
        assert convo.selected == "Bo Lindqvist"
