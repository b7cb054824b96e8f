"""What is wrong in the folder, as a list: each file that is damaged, and where it is to be opened."""

from __future__ import annotations

from collections.abc import Sequence

from journey import ANA, BO, NARROW, Home, Screenful

from convo_tui.store.journal import Problem
from convo_tui.tui.screens.problems import Problems
from convo_tui.tui.widgets.line_list import LineList

DORA = 'format = 1\nid = "20240301-dora0001"\nname = ""\nkind = "martian"\n'
EVE = BO.replace("b01indq1", "eve00001").replace("2026-10-22", "2027-10-22").replace("enc00004", "enc00009")


class Answers(list["Problem | None"]):
    """What the screen was closed with."""


async def opened(convo: Screenful, at: Problem | None = None) -> Answers:
    """Push the screen as its key does: the journal is asked through the desk."""
    answers, desk = Answers(), convo.journal.desk

    async def check() -> Sequence[Problem]:
        return await desk.do(lambda journal: journal.check())

    await convo.app.push_screen(Problems(check, at), answers.append)
    places = convo.app.screen.query_one(LineList)
    await convo.until(lambda: places._rows or "Looking" not in places.placeholder.plain, "the answer")
    await convo.settle()
    return answers


def shown(convo: Screenful) -> str:
    return "\n".join(row.content.plain.rstrip() for row in convo.app.screen.query_one(LineList)._rows)


async def test_every_problem_is_listed_errors_first_with_file_line_and_reason(three: Home) -> None:
    three.put(dora=DORA, eve=EVE, empty="")
    async with three.convo() as convo:
        await opened(convo)
        assert shown(convo) == (
            "✗ error    dora.toml:3\n"
            "  name: must not be empty\n"
            "✗ error    dora.toml:4\n"
            '  kind: "martian" is not one of person, organisation\n'
            "✗ error    empty.toml\n"
            "  the file is empty\n"
            "· warning  eve.toml:8\n"
            "  at is in the future"
        )
        assert "Problems · 3 errors, 1 warning" in convo.text
        assert "enter opens the file there" in convo.text


async def test_enter_and_the_key_for_the_editor_give_the_place_to_open(three: Home) -> None:
    three.put(dora=DORA)
    async with three.convo() as convo:
        for key in ("enter", "E"):
            answers = await opened(convo)
            await convo.press("j", key)
            assert answers == [Problem("dora.toml", 4, 'kind: "martian" is not one of person, organisation', "error")]
        (problem,) = answers
        assert problem is not None
        three.put(dora=DORA.replace('""', '"Dora"'))
        again = await opened(convo, problem)
        assert "name:" not in shown(convo)
        await convo.press("enter")
        assert again == [problem]


async def test_the_selection_comes_back_to_the_problem_one_was_at(three: Home) -> None:
    three.put(dora=DORA, eve=EVE)
    async with three.convo() as convo:
        first = await opened(convo)
        await convo.press("G", "enter")
        second = await opened(convo, first[0])
        await convo.press("enter")
        assert second == first
        assert first[0] is not None
        assert first[0].file == "eve.toml"


async def test_escape_leaves_and_when_all_is_well_it_says_so(ana: Home) -> None:
    async with ana.convo() as convo:
        answers = await opened(convo)
        assert "All is well" in convo.text
        await convo.press("enter", "E")
        assert isinstance(convo.app.screen, Problems)
        await convo.press("escape")
        assert answers == [None]
        assert convo.app.screen is convo.journal


async def test_a_folder_that_cannot_be_checked_is_no_reason_to_crash(ana: Home) -> None:
    async def check() -> None:
        return None

    async with ana.convo() as convo:
        convo.app.push_screen(Problems(check))
        await convo.until(lambda: "cannot be checked" in convo.text, "the line")


async def test_what_a_file_says_and_is_called_reaches_the_screen_harmless(home: Home) -> None:
    home.put(**{"a\x1b[31m\u202e[b]": 'name = "\\u001b]0;x\\u0007[/b]"\nkind = "\u202e[red]"\n'})
    async with home.convo(NARROW) as convo:
        await opened(convo)
        assert not {"\x1b", "\u202e", "\x07"} & set(shown(convo))
        assert "[b].toml" in shown(convo)


async def test_a_screen_that_is_left_while_it_looks_is_no_trouble(three: Home) -> None:
    three.put(dora=DORA, ana=ANA)
    async with three.convo() as convo:
        answers = Answers()
        desk = convo.journal.desk
        convo.app.push_screen(Problems(lambda: desk.do(lambda journal: journal.check())), answers.append)
        await convo.hurry("escape")
        await convo.until(lambda: answers == [None], "the screen to close")
        await convo.settle()
        assert convo.app.is_running
