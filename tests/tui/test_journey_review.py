"""Someone goes through the week on a Sunday: what was promised, who needs attention, one key each."""

from __future__ import annotations

from typing import Any

import pytest
from journey import ANA, BO, CHIARA, NARROW, Home, Screenful

from convo_tui.settings import Settings
from convo_tui.tui.rows.review import THE_END
from convo_tui.tui.screens.prompts import Ask
from convo_tui.tui.screens.reach import Reach
from convo_tui.tui.screens.review import ReviewView
from convo_tui.tui.widgets.line_list import LineList

CHARTS, SAILS, KEPT = "20261020-char7s01", "20261020-sai1s001", "20261020-kept0001"


def promise(identity: str, text: str, rest: str) -> str:
    return f'\n[[issues]]\nid = "{identity}"\ntext = "{text}"\nopened = 2026-10-20T10:00:00+02:00\n{rest}\n'


BUSY = (
    BO.replace(
        'kind = "person"\n', 'kind = "person"\ncadence = "2w"\n[[reach]]\nkind = "phone"\nvalue = "+46 31 1"\n', 1
    )
    + promise(CHARTS, "send him the charts", 'owner = "me"\nstate = "open"\ndue = 2026-11-20')
    + promise(SAILS, "mend the sails", 'owner = "us"\nstate = "open"\ndue = 2026-11-10')
    + promise(KEPT, "pay the harbour", 'owner = "me"\nstate = "settled"\nclosed = 2026-11-12T11:00:00+01:00')
)
QUIET_ANA = ANA.replace('kind = "person"\n', 'kind = "person"\ncadence = "2d"\n', 1)


@pytest.fixture
def busy(tmp_path: Any) -> Home:
    return Home(tmp_path).put(ana=QUIET_ANA, bo=BUSY, chiara=CHIARA)


def lines(convo: Screenful, side: str = "rows") -> list[str]:
    lists = convo.app.screen.query(f"#{side}").results(LineList)  # none while it is being put together
    return [each._rows[index].content.plain.rstrip() for each in lists for index in range(len(each._rows))]


def told(convo: Screenful, words: str) -> str:
    """The line with these words, its columns as one text; nothing when there is none."""
    return next((" ".join(each.split()) for each in lines(convo) if words in each), "")


def below(convo: Screenful, name: str) -> str:
    """The line below a name."""
    found = lines(convo)
    return found[next(place for place, each in enumerate(found) if each[3:] == name) + 1].strip()


async def review(convo: Screenful) -> ReviewView:
    await convo.press("W")
    await convo.until(lambda: isinstance(convo.app.screen, ReviewView) and lines(convo), "the review")
    view = convo.app.screen
    assert isinstance(view, ReviewView)
    return view


async def on(convo: Screenful, view: ReviewView, what: str) -> None:
    """Wait until the cursor stands on this, and what is done about it is named."""
    await convo.until(lambda: what in (view.listed.selected or ""), f"the cursor on {what}")
    await convo.settle()


async def answer(convo: Screenful, key: str, said: str) -> None:
    """Press a key that asks something, and answer."""
    await convo.press(key)
    await convo.until(lambda: isinstance(convo.app.screen, Ask), "the question")
    await convo.answer(said)


def far(view: ReviewView) -> str:
    return str(view.query_one(".sides--box").border_title).rpartition("· ")[2]


async def test_they_walk_through_the_week_with_one_key_each(busy: Home) -> None:
    async with busy.convo() as convo:
        view = await review(convo)
        assert lines(convo)[0] == "LAST WEEK'S PROMISES  since Mon 9 Nov"
        assert told(convo, "sails") == "● us mend the sails Bo Lindqvist Tue 10 Nov !"
        assert told(convo, "harbour") == "✓ me pay the harbour Bo Lindqvist kept Thu 12 Nov"
        assert far(view) == "0 of 4", "what was kept need not be gone through"
        await on(convo, view, SAILS)
        await convo.until(lambda: "ITS WAY" in lines(convo, "closer"))
        await convo.press("s")
        await on(convo, view, CHARTS)
        assert told(convo, "sails") == "✓ us mend the sails Bo Lindqvist kept today"
        await answer(convo, "t", "27 nov")
        await on(convo, view, "relationship:20240301-b01indq1")
        assert told(convo, "charts") == "✓ me send him the charts Bo Lindqvist due Fri 27 Nov"
        assert far(view) == "2 of 4"
        await convo.until(lambda: {"WHY", "THE LAST YEAR  1 encounter"} <= set(lines(convo, "closer")))
        assert "Z fine as it is" in str(view.query_one(".sides--box").border_subtitle)
        await convo.press("Z")
        await on(convo, view, "relationship:20240301-anaruiz1")
        assert below(convo, "Bo Lindqvist") == "rests until Sun 6 Dec", "one cadence of two weeks"
        assert THE_END not in "".join(lines(convo))
        await answer(convo, "z", "10 dec")
        await convo.until(lambda: far(view) == "4 of 4")
        assert below(convo, "Ana Ruiz") == "rests until Thu 10 Dec"
        assert lines(convo)[-1].strip() == THE_END
        assert str(busy.file("ana")["snoozed_until"]) == "2026-12-10"
        await convo.press("u")
        await convo.until(lambda: far(view) == "3 of 4")
        assert busy.path("ana").read_text() == QUIET_ANA
        assert THE_END not in "".join(lines(convo))


async def test_they_reach_someone_open_an_issue_and_leave_for_an_encounter(busy: Home) -> None:
    async with busy.convo() as convo:
        view = await review(convo)
        view.listed.select("relationship:20240301-b01indq1@20240301-b01indq1")
        await convo.press("at")
        await convo.until(lambda: isinstance(convo.app.screen, Reach))
        await convo.press("escape")
        await on(convo, view, "relationship:20240301-anaruiz1")
        assert below(convo, "Bo Lindqvist") == "you are reaching out"
        await answer(convo, "i", "ask about the marathon")
        await convo.until(lambda: far(view) == "2 of 4")
        assert below(convo, "Ana Ruiz") == "opened: ask about the marathon"
        view.listed.select("relationship:20240301-b01indq1@20240301-b01indq1")
        await convo.press("n")
        await convo.until(lambda: convo.mode == "writing")
        assert "Bo" in convo.title


async def test_the_day_on_which_the_week_starts_is_theirs_and_it_fits_a_small_screen(busy: Home) -> None:
    busy.settings = Settings(week_starts="sunday")
    async with busy.convo(size=NARROW) as convo:
        await review(convo)
        assert lines(convo)[0] == "LAST WEEK'S PROMISES  since Sun 15 Nov"
        assert (told(convo, "mend the sails  "), told(convo, "harbour")) == ("", "")
        assert told(convo, "charts").startswith("● me send him the charts")
        assert max(map(len, lines(convo))) <= 66


async def test_a_quiet_week_ends_with_a_kind_word(tmp_path: Any) -> None:
    async with Home(tmp_path).put(chiara=CHIARA).convo() as convo:
        await convo.press("W")
        await convo.until(lambda: isinstance(convo.app.screen, ReviewView))
        view = convo.app.screen
        assert isinstance(view, ReviewView)
        await convo.until(lambda: THE_END in view.listed.placeholder.plain)
        assert lines(convo) == []


async def test_the_card_of_a_relationship_shows_its_last_year(busy: Home) -> None:
    async with busy.convo(start="20240301-anaruiz1") as convo:
        await convo.talk_to("Ana Ruiz")
        shown = convo.pane("details")
        assert "Nov   ···•·······▄······•··· ‹ today\nspark ▄  last 3 of 5\n" in shown
        assert shown.index("Legal has the draft") < shown.index("THE LAST YEAR  3 encounters")
