"""The folder under git: how its versions stand, a sync with another machine, what only a person can merge."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from git_home import git
from journey import ANA, BO, NARROW, PATIENCE, Home, Screenful

from convo_tui.store.git.repository import Repository
from convo_tui.tui import desk
from convo_tui.tui.screens.conflict import Conflict
from convo_tui.tui.screens.problems import Problems
from convo_tui.tui.screens.versions import Versions
from convo_tui.tui.widgets.header import Header

pytestmark = pytest.mark.usefixtures("quiet_git")

STORY = "We are building the January pilot together."


def repository(home: Home) -> Repository:
    return Repository(home.places, home.time.clock)


def versioned(home: Home) -> Home:
    """The same home with everything in a version."""
    repository(home).set_up()
    repository(home).commit()
    return home


def messages(home: Home) -> list[str]:
    """The first lines of what every version says, newest first."""
    return git(home.places.journal, "log", "--format=%s").split("\n")


@pytest.fixture
def kept(home: Home) -> Home:
    """A journal with Ana alone, all of it in a version."""
    return versioned(home.put(ana=ANA))


@pytest.fixture
def two(tmp_path: Path) -> tuple[Home, Home]:
    """Two machines with one journal, and a place between them."""
    here, there = Home(tmp_path / "here").put(ana=ANA, bo=BO), Home(tmp_path / "there")
    versioned(here)
    git(tmp_path, "init", "--quiet", "--bare", "between")
    git(here.places.journal, "remote", "add", "origin", str(tmp_path / "between"))
    git(here.places.journal, "push", "--quiet", "--set-upstream", "origin", "main")
    git(tmp_path, "clone", "--quiet", str(tmp_path / "between"), str(there.places.journal))
    return here, there


def write_there(there: Home, **texts: str) -> None:
    """Have the other machine change files, and send that."""
    there.put(**texts)
    repository(there).sync()


def told(convo: Screenful) -> str:
    """What stands in the header about the versions, as long as it can be."""
    return next(iter(convo.journal.query_one(Header).versions), "")


async def see(convo: Screenful, text: str) -> None:
    await convo.until(lambda: text in convo.text, text)


async def test_the_header_says_what_is_in_no_version_yet_and_follows_it(kept: Home) -> None:
    """Issue 6: "branch, clean or dirty, ahead and behind, last sync and its error, in the header"."""
    async with kept.convo(asks_git=True) as convo:
        assert "⎇ main ✓" in convo.strips[0]
        await convo.talk_to("Ana Ruiz")
        await convo.press("s", "1")
        await convo.until(lambda: "⎇ main *1" in convo.strips[0], "the change")


async def test_in_a_folder_that_nobody_asked_git_about_no_git_runs(kept: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Repository, "state", lambda self: pytest.fail("git was asked"))
    async with kept.convo() as convo:
        assert told(convo) == ""


async def test_a_sync_shows_what_it_would_do_then_does_it(two: tuple[Home, Home]) -> None:
    """SCREENS.md: `S` sync (shows what it would do; `enter` does it)."""
    here, there = two
    write_there(there, bo=BO.replace("A long talk about sailing.", "A talk about sailing and the pilot."))
    here.put(ana=ANA.replace(STORY, "We built the pilot."))
    async with here.convo(asks_git=True) as convo:
        assert told(convo) == "⎇ main *1"
        await convo.press("S")
        await see(convo, "enter does it all · c only makes the version")
        assert "Sync · main ⎇ origin/main" in convo.text
        assert "make a version of 1 file" in convo.text
        assert "push 1 version to origin" in convo.text
        assert messages(here) == ["2 relationships: Ana Ruiz and Bo Lindqvist"], "nothing is done before enter"
        await convo.press("enter")
        await see(convo, "Both places have the same now: 1 came, 2 went.")
        assert "Bo Lindqvist: " in convo.text
        await convo.press("enter")
        await convo.settle()
        assert convo.app.screen is convo.journal
        assert told(convo).startswith("⎇ main ✓ · fetched ")
    assert here.file("bo")["encounters"][0]["note"] == "A talk about sailing and the pilot."


async def test_what_contradicts_is_asked_and_can_be_left_for_later(two: tuple[Home, Home]) -> None:
    """Issue 6: "the conflict screen for what is truly contradictory"."""
    here, there = two
    write_there(there, ana=ANA.replace(STORY, "We are building it in March."))
    here.put(ana=ANA.replace(STORY, "We built the pilot."))
    async with here.convo(asks_git=True) as convo:
        await convo.press("S")
        await see(convo, "enter does it all")
        await convo.press("enter")
        await convo.until(lambda: isinstance(convo.app.screen, Conflict), "the question")
        await see(convo, "2 theirs, the other version")
        await convo.press("escape")
        await see(convo, "1 file is left to be decided · S asks again")
        await convo.press("escape")
        await convo.settle()
        assert told(convo) == "⎇ main · merge going on, 1 to decide"
    async with here.convo(NARROW, asks_git=True) as convo:
        assert "1 file is to be merged · S does it" in convo.said
        await convo.press("S")
        await see(convo, "merge 1 file by meaning")
        await convo.press("enter")
        await convo.until(lambda: isinstance(convo.app.screen, Conflict), "the question")
        await convo.press("2")
        await see(convo, "Both places have the same now")
    assert here.file("ana")["story"] == "We are building it in March."


async def test_a_folder_without_versions_gets_them_and_then_the_first(ana: Home) -> None:
    async with ana.convo(asks_git=True) as convo:
        assert told(convo) == ""
        await convo.press("S")
        await see(convo, "begin to keep versions")
        await convo.press("enter")
        await see(convo, "c only makes the version")
        await convo.press("c")
        await see(convo, "Made a version: Ana Ruiz: new")
        await convo.press("escape")
        await convo.settle()
        assert told(convo) == "⎇ main ✓"
    (message,) = messages(ana)
    assert message.startswith("Ana Ruiz: new, ")


async def test_what_the_repository_would_run_is_shown_first(kept: Home) -> None:
    """GATES.md 17: "nothing executed"."""
    ran = kept.root / "ran"
    hook = kept.places.journal / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch '{ran}'\n", "utf-8")
    hook.chmod(0o755)
    kept.put(bo=BO)
    async with kept.convo(asks_git=True) as convo:
        await convo.press("S")
        await see(convo, "the hook pre-commit")
        assert "If these are not yours, stop here." in convo.text
        await convo.press("escape")
        assert not ran.exists()


async def test_without_git_one_sentence_says_so(ana: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 6: "Works without git installed"."""
    monkeypatch.setenv("PATH", str(ana.root))
    async with ana.convo(asks_git=True) as convo:
        await convo.press("S")
        await see(convo, "git is not installed")
        await convo.press("enter", "c", "escape")
        assert convo.app.screen is convo.journal


async def test_a_file_with_markers_is_merged_from_the_list_of_problems_also_without_git(home: Home) -> None:
    """Issue 6: "files with conflict markers recognised and offered"."""
    theirs = ANA.replace(STORY, "We are building it in March.")
    home.put(ana=f"<<<<<<< ours\n{ANA}=======\n{theirs}>>>>>>> theirs\n")
    async with home.convo() as convo:
        assert "m in the list of problems" in convo.told("brief")
        await convo.press("D")
        await see(convo, "m merges its two versions")
        await convo.press("m")
        await convo.until(lambda: isinstance(convo.app.screen, Conflict), "the question")
        await convo.press("2")
        await see(convo, "All is well")
        assert isinstance(convo.app.screen, Problems)
        await convo.press("escape")
    assert home.file("ana")["story"] == "We are building it in March."


async def test_each_encounter_becomes_a_version_once_its_receipt_is_left_or_convo_is(kept: Home) -> None:
    """Issue 6: "`auto_commit = true` in the settings (after each encounter, in the background)"."""
    kept.settings = replace(kept.settings, auto_commit=True)
    async with kept.convo() as convo:
        await convo.talk_to("Ana Ruiz")
        await convo.press("n")
        await convo.write("Legal is fine.")
        await convo.press("ctrl+s")
        assert len(messages(kept)) == 1, "the end can still be taken back"
        await convo.press("enter")
        assert messages(kept)[:-1] == ["Ana Ruiz: call"]
        kept.time.go_on(hours=1)
        await convo.press("n")
        await convo.write("Bo signs.")
        await convo.press("ctrl+s", "ctrl+q")
    assert messages(kept)[:-1] == ["Ana Ruiz: call"] * 2


async def test_nobody_waits_for_another_machine_that_does_not_answer(
    kept: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 6: "work never blocks on git". What only talks to another machine is hung up on when Convo is left."""
    silent = kept.root / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 300\n", "utf-8")
    silent.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(silent))
    monkeypatch.setattr(desk, "_GRACE", 0.05)
    git(kept.places.journal, "remote", "add", "origin", "ssh://nowhere.example/journal")
    async with kept.convo() as convo:
        await convo.press("S")
        await see(convo, "enter does it all")
        await convo.press("enter")
        await see(convo, "fetching from origin")
        convo.send("escape")
        await convo.until(lambda: convo.app.screen is convo.journal, "the journal, while it goes on")
        convo.send("S")
        await convo.until(lambda: isinstance(convo.app.screen, Versions), "the screen")
        await see(convo, "fetching from origin")
        began = time.monotonic()
    assert time.monotonic() - began < PATIENCE
    state = repository(kept).state()
    assert state is not None
    assert "stopped" in state.error


async def test_what_another_machine_has_sent_is_seen_when_the_settings_ask_for_it(two: tuple[Home, Home]) -> None:
    """Issue 6: "`auto_fetch` (off) fetches in the background and writes no history"."""
    here, there = two
    repository(here).sync()  # somebody who has used git here
    write_there(there, bo=BO.replace("sailing", "the pilot"))
    here.settings = replace(here.settings, auto_fetch=True)
    before = messages(here)
    async with here.convo(asks_git=True) as convo:
        assert "⎇ main ✓ ↓1 · fetched " in told(convo)
    assert messages(here) == before


async def test_a_fresh_clone_is_told_once_that_it_merges_by_lines(two: tuple[Home, Home]) -> None:
    """Issue 6: "in a fresh clone the program notices the missing driver and offers one key"."""
    _, there = two
    async with there.convo(asks_git=True) as convo:
        said = "This clone merges by lines only · S sets up the merge by meaning"
        assert convo.said == [said]
        convo.journal.look_at_versions()
        await convo.settle()
        assert convo.said == [said]
