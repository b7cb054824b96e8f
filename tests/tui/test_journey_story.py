"""Someone reads a relationship as a story, and writes its beginning."""

from __future__ import annotations

import pytest
from journey import ANA, CHIARA, LAST, Home, Screenful
from textual.widgets import Static

from convo_tui.tui.screens.story import StoryEditor, StoryView
from convo_tui.tui.widgets.line_list import LineList
from convo_tui.tui.widgets.lines_input import LinesInput

WRITTEN = "We are building the January pilot together."


@pytest.fixture
def two(home: Home) -> Home:
    return home.put(ana=ANA, chiara=CHIARA)


def lines(convo: Screenful) -> list[str]:
    if not isinstance(convo.app.screen, StoryView):
        return []
    lists = convo.app.screen.query(LineList)  # none while it is being put together
    return [each._rows[index].content.plain.strip() for each in lists for index in range(len(each._rows))]


async def story(convo: Screenful, *keys: str) -> None:
    await convo.press(*keys)
    await convo.until(lambda: len(lines(convo)) > 1, "the story")


async def test_they_read_it_from_its_beginning_and_go_to_where_we_are_now(two: Home) -> None:
    async with two.convo() as convo:
        await convo.select("brief", "story")
        await story(convo, "enter")
        said = lines(convo)
        assert said[1] == WRITTEN
        assert said[3].startswith("── November 2026 ──")
        assert said[5] == "Wednesday 4 · meeting"
        assert "→ Opened: who signs in legal? Came back to: send pricing for 40 seats #pricing." in " ".join(said)
        assert said.index("Wednesday 4 · meeting") < said.index("Thursday 19 · call · 25 min")
        await convo.press("G", "enter")
        await convo.until(lambda: convo.list("timeline").selected == f"encounter:{LAST}")
        await story(convo, "Y")
        await convo.press("escape")
        assert not isinstance(convo.app.screen, StoryView)


async def test_they_write_its_beginning_and_take_it_back(two: Home) -> None:
    async with two.convo() as convo:
        await story(convo, "Y")
        await convo.press("e")
        await convo.until(lambda: isinstance(convo.app.screen, StoryEditor))
        convo.app.screen.query_one(LinesInput).insert("\n[/b] And the next one.")
        await convo.press("escape")
        line = convo.app.screen.query_one(".story--keys", Static)
        assert "This is not saved yet" in str(line.render()), "the first escape says so"
        await convo.press("ctrl+s")
        await convo.until(lambda: any("[/b] And the next one." in each for each in lines(convo)))
        assert two.file("ana")["story"] == f"{WRITTEN}\n[/b] And the next one."
        await convo.press("u")
        await convo.until(lambda: two.path("ana").read_text() == ANA)
        await convo.until(lambda: lines(convo)[1] == WRITTEN)
        await convo.press("e")
        await convo.until(lambda: isinstance(convo.app.screen, StoryEditor))
        convo.app.screen.query_one(LinesInput).insert("No.")
        await convo.press("escape", "escape")
        assert isinstance(convo.app.screen, StoryView)
        assert two.path("ana").read_text() == ANA


async def test_who_has_no_story_yet_is_invited_to_write_one(two: Home) -> None:
    async with two.convo(start="20240301-ch1ara01") as convo:
        await story(convo, "Y")
        assert lines(convo)[1] == "What are the two of you doing together? e writes it down."
        await convo.press("enter")
        await convo.until(lambda: isinstance(convo.app.screen, StoryEditor))
        two.path("chiara").write_text("damaged")
        convo.app.screen.query_one(LinesInput).insert("Climbing.")
        await convo.press("ctrl+s")
        await convo.until(lambda: bool(convo.said), "the refusal")
        assert isinstance(convo.app.screen, StoryEditor), "what could not be saved is not lost"
        two.put(chiara=CHIARA)
        await convo.press("ctrl+s")
        await convo.until(lambda: isinstance(convo.app.screen, StoryView))
        assert two.file("chiara")["story"] == "Climbing."
