"""Someone wonders what was agreed in spring, or has lost something: the history of a relationship is one key away."""

from __future__ import annotations

import pytest
from git_home import git
from journey import ANA, LAST, LEGAL, NARROW, NOW, PRICING, Home, Screenful

from convo_tui.tui.screens.history import History
from convo_tui.tui.widgets.line_list import LineList

pytestmark = pytest.mark.usefixtures("quiet_git")

OPEN = ANA.replace('state = "settled"', 'state = "open"').replace(
    'closed = 2026-11-12T11:00:00+01:00\nclosed_in = "20261112-enc00002"\noutcome = "it is Bo"\n', ""
)
WITHOUT_PRICING = ANA.replace(ANA[ANA.index("[[issues]]") : ANA.index("[[issues]]", ANA.index("[[issues]]") + 1)], "")


def version(home: Home, day: int, text: str) -> None:
    """What stood in Ana's file on a day of November becomes a version."""
    folder = home.places.journal
    home.put(ana=text)
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    git(folder, "add", "ana.toml")
    when = NOW.replace(day=day).isoformat()
    git(folder, "commit", "--quiet", "--message", "Ana", also={"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when})


@pytest.fixture
def past(home: Home) -> Home:
    """Ana as she came on 4 Nov, with the sponsor named on the 12th; on the 20th an issue was lost."""
    version(home, 4, OPEN)
    version(home, 12, ANA)
    version(home, 20, WITHOUT_PRICING)
    return home


def history(convo: Screenful) -> History:
    screen = convo.app.screen
    assert isinstance(screen, History), convo.text
    return screen


def lines(convo: Screenful, pane: str) -> str:
    found = history(convo).query_one(f"#{pane}", LineList)
    return "\n".join(each.content.plain.rstrip() for each in found._rows)


async def look(convo: Screenful, said: str) -> None:
    """Wait until the version that is selected says this, and the versions what they changed."""
    screen = history(convo)
    await convo.until(lambda: said in lines(convo, "stood") and len(screen._told) == len(screen._pasts), said)
    await convo.settle()


def keys_named(convo: Screenful) -> str:
    return str(history(convo).query_one(".sides--box").border_subtitle)


async def test_one_reads_what_was_then_and_what_changed_between_two_days(past: Home) -> None:
    async with past.convo() as convo:
        await convo.press("h")
        await look(convo, "removed “send pricing")
        told = lines(convo, "pasts").split("\n")
        assert [each.split()[:3] for each in told] == [
            [day, str(n), "Nov"] for day, n in (("Fri", 20), ("Thu", 12), ("Wed", 4))
        ]
        assert "settled “name the sponsor” (it" in told[1]
        await convo.press("j", "j")
        await look(convo, "WHAT CHANGED  Wed 4 Nov 10:37")
        then = lines(convo, "stood")
        assert "AS IT STOOD THEN  Ana Ruiz · Head of Operations" in then
        assert "name the sponsor" in then[then.index("AS IT STOOD") :]
        await convo.press("space", "k", "k")
        await look(convo, "Wed 4 Nov 10:37 → Fri 20 Nov 10:37")
        between = lines(convo, "stood")
        assert "settled “name the sponsor” (it is Bo)" in between
        assert "removed “send pricing for 40 seats #pricing”" in between
        assert "space ends it" in keys_named(convo)
        await convo.press("escape")
        assert convo.focused == "list"


async def test_something_lost_comes_back_alone_and_one_key_takes_it_away_again(past: Home) -> None:
    async with past.convo() as convo:
        await convo.press("h")
        await look(convo, "removed “send pricing")
        await convo.press("tab")
        assert "r restores this" in keys_named(convo)
        await convo.press("r")
        await convo.until(lambda: convo.app.screen is convo.journal, "the journal")
        await convo.settle()
        assert past.entry("ana", "issues", PRICING)["carried"]
        assert past.entry("ana", "issues", LEGAL)
        assert convo.said[-1] == (
            "Restored “send pricing for 40 seats #pricing” as it was before Fri 20 Nov 10:37 · u takes it back"
        )
        assert "send pricing" in convo.pane("brief")
        await convo.press("u")
        assert past.path("ana").read_text("utf-8") == WITHOUT_PRICING


async def test_all_of_it_comes_back_as_it_was(past: Home) -> None:
    async with past.convo(NARROW) as convo:
        await convo.press("h")
        await look(convo, "removed “send pricing")
        await convo.press("j")
        await look(convo, "Thu 12 Nov")
        await convo.press("r")
        await convo.until(lambda: convo.app.screen is convo.journal, "the journal")
        assert past.entry("ana", "issues", PRICING)
        assert "Restored Ana Ruiz as of Thu 12 Nov 10:37 · u takes it back" in convo.said
        await convo.press("h")
        await look(convo, "WHAT CHANGED  not in a version yet")
        await convo.press("r")
        await convo.until(lambda: "as it was then already" in convo.said[-1], "the refusal")
        assert history(convo).is_current


async def test_an_entry_is_read_in_full_as_it_was_and_without_versions_one_line_says_so(home: Home) -> None:
    home.put(ana=ANA)
    async with home.convo() as convo:
        await convo.press("h")
        await convo.until(lambda: convo.said, "why not")
        assert convo.said == ["No versions are kept yet; S begins."]
        version(home, 20, ANA)
        home.put(ana=ANA.replace("Legal has the draft;", "Bo has it;"))
        await convo.press("h")
        await look(convo, "not in a version yet")
        await convo.press("j")
        await look(convo, "Fri 20 Nov")
        stood = history(convo).query_one("#stood", LineList)
        stood.focus()
        stood.select(f"encounter:{LAST}")
        await convo.press("enter")
        await look(convo, "Legal has the draft; she wants the #pilot in January.")
        assert "IN THIS ENCOUNTER" in lines(convo, "stood")
        await convo.press("escape")
        await look(convo, "AS IT STOOD THEN")
        await convo.press("escape", "f8", "h")
        assert convo.app.screen is convo.journal
