"""Something is wrong: a file, the folder, another writer, the terminal. It is said in one line and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from journey import ANA, LEGAL, Home

from convo_tui.settings import load
from convo_tui.store import files
from convo_tui.store.errors import Conflict, Unwritable

DAMAGED = 'format = 1\nid = "20240301-dora0001"\nname = "Dora Maar"\nkind = "martian"\n'


async def test_a_damaged_file_is_shown_with_line_and_reason_and_the_others_go_on(three: Home) -> None:
    """CONTRACT.md: A file that does not validate is shown as such, with file, line and reason; it is never written
    to, and every other file goes on working."""
    three.put(dora=DAMAGED)
    async with three.convo() as convo:
        assert convo.selected == "Dora Maar"
        assert "damaged" in convo.lines("list")[0]
        for said in ("dora.toml:4", "kind", "E opens the file"):
            assert said in convo.told("brief").replace(" ", "") or said in convo.told("brief")
        await convo.press("n", "i", "C", "s", "c", "delete")
        assert convo.journal.talks == []
        await convo.press("j")
        assert convo.selected == "Ana Ruiz"
        await convo.press("n", "ctrl+s")
    assert three.path("dora").read_text() == DAMAGED
    assert len(three.file("ana")["encounters"]) == 4


async def test_a_file_that_is_mended_meanwhile_works_again(three: Home) -> None:
    three.put(dora=DAMAGED)
    async with three.convo() as convo:
        three.put(dora=DAMAGED.replace("martian", "person"))
        await convo.press("j", "n", "ctrl+s", "enter")
        assert "damaged" not in convo.pane("list")


async def test_a_newer_format_is_shown_and_never_written(ana: Home) -> None:
    """CONTRACT.md: format = 1; a newer one is read and shown, never written."""
    newer = ANA.replace("format = 1", "format = 2")
    ana.put(ana=newer)
    async with ana.convo() as convo:
        assert "who signs in legal?" in convo.told("brief")
        await convo.press("n")
        assert "newer Convo" in convo.said[-1]
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("s")
        assert "newer Convo" in convo.said[-1]
    assert ana.path("ana").read_text() == newer


async def test_two_files_with_one_id_are_both_read_only_and_say_so(ana: Home) -> None:
    """CONTRACT.md: Two files with one id are reported, both read-only until one is re-identified."""
    twin = ANA.replace("Ana Ruiz", "Ana Twin")
    ana.put(copy=twin)
    async with ana.convo() as convo:
        assert len(convo.lines("list")) == 2
        for _ in range(2):
            await convo.press("n")
            assert "has the same id as" in convo.said[-1]
            await convo.press("j")
    assert (ana.path("ana").read_text(), ana.path("copy").read_text()) == (ANA, twin)


async def test_an_unwritable_folder_is_named_and_the_draft_stays(ana: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """GATES.md 3: old bytes intact, draft kept, message names file and cause."""

    def refuse(path: Path, *_: Any, **__: Any) -> None:
        raise Unwritable(path, "the disk is full")

    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("worth keeping\n! an issue")
        with monkeypatch.context() as patch:
            patch.setattr(files, "save", refuse)
            await convo.press("ctrl+s")
            assert "ana.toml: cannot save: the disk is full" in convo.said[-1]
            assert (convo.mode, convo.focused) == ("writing", "note")
            assert convo.note == "worth keeping\n! an issue"
            await convo.write("!")
        assert ana.path("ana").read_text() == ANA
        await convo.press("ctrl+s")
        assert convo.mode == "ended"
    assert [each["text"] for each in ana.file("ana")["issues"][3:]] == ["an issue!"]


async def test_a_conflict_with_another_writer_is_named_and_nothing_is_lost(
    ana: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meet(path: Path, *_: Any, **__: Any) -> None:
        raise Conflict(path, "another program changed it; try again")

    monkeypatch.setattr(files, "save", meet)
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("worth keeping")
        await convo.press("ctrl+s")
        assert "another program changed it" in convo.said[-1]
        assert convo.note == "worth keeping"
        await convo.press("escape")
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("o")
        assert "another program changed it" in convo.said[-1]
    assert ana.path("ana").read_text() == ANA


async def test_what_another_program_wrote_meanwhile_stays(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("mine")
        ana.put(ana=ANA.replace('role = "Head of Operations"', 'role = "COO"  # theirs'))
        await convo.press("ctrl+s")
        assert "COO" in convo.text
    assert 'role = "COO"  # theirs' in ana.path("ana").read_text()
    assert ana.file("ana")["encounters"][-1]["note"] == "mine"


async def test_a_relationship_whose_file_is_gone_says_so(three: Home) -> None:
    async with three.convo() as convo:
        three.path("bo").unlink()
        await convo.press("j", "n")
        assert convo.journal.talks == []
        await convo.press("i")
        assert convo.app.is_running


async def test_a_draft_open_in_another_window_is_left_to_it(ana: Home) -> None:
    async with ana.convo() as one:
        await one.press("n")
        await one.write("typed there")
        async with ana.convo() as other:
            assert other.mode == "details"
            await other.press("n")
            assert "open in another Convo" in other.said[-1]
            assert other.mode == "details"


async def test_one_draft_without_its_relationship_keeps_no_other_back(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("n", "a", "escape", "j", "n", "b", "escape", "q")
    three.put(ana=DAMAGED)
    async with three.convo() as convo:
        assert (convo.mode, convo.note) == ("writing", "b")
        assert any("note in progress" in said for said in convo.said)
    three.put(ana=ANA)
    async with three.convo() as convo:
        assert {talk.name: talk.text for talk in convo.journal.talks} == {"Ana Ruiz": "a", "Bo Lindqvist": "b"}


async def test_a_note_whose_relationship_is_gone_is_put_where_it_can_be_read(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("what she said")
        await convo.press("escape", "q")
    three.path("ana").unlink()
    async with three.convo() as convo:
        said = next(said for said in convo.said if "is kept in" in said)
        assert Path(said.rsplit(" ", 1)[-1]).read_text() == "what she said"
    async with three.convo() as convo:
        assert not any("kept" in said for said in convo.said), "it is told once"


async def test_a_terminal_that_is_too_small_says_so_and_what_is_typed_is_kept(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("before ")
        await convo.resize(20, 5)
        assert "20×5 is too small." in convo.text
        await convo.press(*"blind")
        await convo.resize(100, 30)
        assert convo.note == "before blind"
        assert convo.focused == "note"
        assert "before blind" in convo.text


async def test_it_starts_in_a_terminal_that_is_too_small(ana: Home) -> None:
    async with ana.convo((20, 5)) as convo:
        assert "too small" in convo.text
        await convo.resize(140, 30)
        assert "Ana Ruiz" in convo.text


async def test_keys_of_ones_own_work_and_stand_in_the_footer(ana: Home) -> None:
    ana.settings = replace(ana.settings, keys={"settle-issue": "w", "end-encounter": "f10"})
    async with ana.convo() as convo:
        assert convo.said == []
        await convo.select("brief", f"issue:{LEGAL}")
        assert "w Settle" in convo.strips[-1]
        await convo.press("s")
        assert ana.path("ana").read_text() == ANA
        await convo.press("w")
        assert ana.entry("ana", "issues", LEGAL)["state"] == "settled"
        await convo.press("n", "f10")
        assert convo.mode == "ended"


async def test_wrong_settings_and_themes_are_named_and_the_rest_works(ana: Home) -> None:
    """CONTRACT.md: a wrong value is named with its line and its default used."""
    ana.places.themes.mkdir(parents=True)
    (ana.places.themes / "broken.toml").write_text('primary = "no colour"\n')
    (ana.places.themes / "mine.toml").write_text('primary = "#a0d0ff"\n')
    config = ana.places.config / "config.toml"
    config.write_text(
        'theme = "gone"\ncolour = 3\n\n[keys]\nsettle-issue = "c"\nno-such = "z"\nundo-change = "ctrl+ü+x"\n'
    )
    ana.settings = load(ana.places.config)
    async with ana.convo() as convo:
        said = "\n".join(convo.said)
        for problem in (
            f"{config}:2: colour is no setting",
            "there is no theme called gone",
            "broken.toml: primary",
            "settle-issue",
            "no-such",
            "undo-change",
        ):
            assert problem in said
        assert convo.app.theme == "convo-dark"
        assert "mine" in convo.app.available_themes
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("s", "u")
    assert ana.path("ana").read_text() == ANA


async def test_a_theme_of_ones_own_is_put_on(ana: Home) -> None:
    ana.places.themes.mkdir(parents=True)
    (ana.places.themes / "mine.toml").write_text('primary = "#a0d0ff"\n')
    ana.settings = replace(ana.settings, theme="mine")
    async with ana.convo() as convo:
        assert convo.app.theme == "mine"
        assert convo.said == []


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    """ARCHITECTURE.md: before the first paint no Pydantic, click or rtoml."""
    heavy = "{'pydantic', 'click', 'rtoml', 'sqlite3', 'dateparser', 'tomli_w', 'vobject'}"
    code = f"import sys, convo_tui.tui.app; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
