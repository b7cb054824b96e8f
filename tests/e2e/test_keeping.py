"""Nothing that was typed is lost: not to kill -9, not to a window too small, not to a folder that cannot be written."""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path

import pytest
import rtoml
from conftest import Home
from terminal import Terminal

NOTE = "The pilot begins in January if legal is quick, and she will ask them on Monday. "


def type_fast(convo: Terminal, letters: int) -> list[tuple[float, str]]:
    """Type as fast as the letters appear; return when each was sent, and all that was sent by then."""
    sent: list[tuple[float, str]] = []
    typed = ""
    for letter in itertools.islice(itertools.cycle(NOTE), letters):
        convo.type(letter)
        typed += letter
        sent.append((time.monotonic(), typed))
        convo.wait_for_more()
    return sent


def drafts(home: Home) -> list[Path]:
    return list(home.state.rglob("drafts/*.jsonl"))


@pytest.mark.parametrize("letters", [25, pytest.param(60, marks=pytest.mark.long)])
def test_kill_while_typing_costs_a_second_or_twenty_letters(ana: Home, letters: int) -> None:
    """GATES.md 6: "kill -9 while typing: at most 1 s or 20 characters gone"; SCREENS.md: "the next start goes on"."""
    convo = ana.open()
    convo.wait_for("send pricing")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.type("\r! the last line")
    convo.wait_for("opens    the last line")
    convo.press("up")
    sent = type_fast(convo, letters)
    killed = time.monotonic()
    convo.kill()

    convo = ana.open()
    convo.wait_for("You were in the middle of this")
    convo.wait_for("Call with Ana Ruiz")
    convo.type("|")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")
    file = rtoml.loads((ana.journal / "ana-ruiz.toml").read_text("utf-8"))
    kept, bar, rest = file["encounters"][-1]["note"].partition("|")
    typed = sent[-1][1]
    a_second_ago = max((len(text) for when, text in sent if when <= killed - 1), default=0)
    assert typed.startswith(kept)
    assert len(kept) >= min(len(typed) - 20, a_second_ago)
    assert (bar, rest) == ("|", "")
    assert [issue["text"] for issue in file["issues"]][1:] == ["the last line"]
    assert os.listdir(ana.journal) == ["ana-ruiz.toml"]
    assert drafts(ana) == []


def test_the_keys_of_a_quick_typist_are_taken_in_their_order(ana: Home) -> None:
    """Many at once, as over a slow line: nothing overtakes the letters before it, and the end takes them all."""
    convo = ana.open()
    convo.wait_for("send pricing")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.press("Legal is fime", "backspace", "backspace", "ne.", "enter", "!! X", "left", "left", "left", "backspace")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")
    file = rtoml.loads((ana.journal / "ana-ruiz.toml").read_text("utf-8"))
    assert file["encounters"][-1]["note"] == "Legal is fine.", file["encounters"][-1]
    assert [issue["text"] for issue in file["issues"]][1:] == ["X"]


def test_leaving_keeps_the_note_and_the_cursor(ana: Home) -> None:
    convo = ana.open()
    convo.wait_for("send pricing")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.press("the draft is with them", "home", "ctrl+q")
    assert convo.finish() == 0
    convo = ana.open()
    convo.wait_for("You were in the middle of this")
    convo.type("Now ")
    convo.wait_for("Now the draft is with them")


def test_a_second_key_after_an_answer_harms_nothing(ana: Home) -> None:
    """A question is answered once; what is pressed on top of the answer does not end the program."""
    convo = ana.open()
    convo.wait_for("send pricing")
    for question, asked, answers in (
        ("s", "Settle which one?", ["1", "1", "1"]),
        ("i", "Issue with Ana", ["escape"]),
        ("i", "Issue with Ana", ["offer", "enter", "enter"]),
        ("N", "New relationship", ["Bo", "enter", "enter"]),
    ):
        convo.press(question)
        convo.wait_for(asked)
        convo.press(*answers)
        convo.wait_without(asked)
    convo.wait_for("▌Bo")
    file = rtoml.loads((ana.journal / "ana-ruiz.toml").read_text("utf-8"))
    assert [(issue["text"], issue["state"]) for issue in file["issues"]] == [
        ("send pricing for 40 seats #pricing", "settled"),
        ("offer", "open"),
    ]
    assert sorted(os.listdir(ana.journal)) == ["ana-ruiz.toml", "bo.toml"]


def test_a_window_too_small_says_so_and_keeps_the_note(ana: Home) -> None:
    """What is typed while the note cannot be seen goes into the note, not to the keys of the panes."""
    convo = ana.open(columns=20, lines=5)
    convo.wait_for("20×5 is too small")
    convo.resize(100, 30)
    convo.wait_for("send pricing")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.type("Legal has")
    convo.wait_for("Legal has")
    convo.resize(20, 5)
    convo.wait_for("20×5 is too small")
    convo.type(" answered")
    convo.resize(100, 30)
    convo.wait_for("Legal has answered")
    for shown in ("Relationships · 1", "WHERE WE LEFT OFF", "Call with Ana Ruiz", "ctrl+s End"):
        convo.wait_for(shown)


def test_a_folder_that_cannot_be_read_is_said_in_one_line(home: Home) -> None:
    (home.folder / "file").write_text("not a folder")
    folder = home.folder / "file" / "journal"
    done = home.run("--dir", str(folder), "new", "Ana Ruiz")
    assert done.returncode != 0
    told = f"convo: {folder}: the journal folder cannot be read: Not a directory"
    assert done.stderr == f"{told}; put that right, or name another folder with --dir\n"
    convo = home.open("--dir", str(folder))
    convo.wait_to_hear("The journal cannot be read.")
    convo.wait_to_hear(f"{folder}: the journal folder cannot be read: Not a directory")
    convo.press("N")
    convo.wait_for("New relationship")
    convo.type("Ana Ruiz")
    convo.press("enter")
    convo.wait_for("It was not saved; all you typed is here.")
    convo.press("escape", "escape")
    convo.wait_without("New relationship")
    convo.press("q")
    assert convo.finish() == 0


def test_an_encounter_that_cannot_be_saved_goes_on_as_a_draft(ana: Home) -> None:
    convo = ana.open()
    convo.wait_for("send pricing")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.type("! a promise")
    convo.wait_for("opens    a promise")
    away = ana.journal.with_name("away")
    ana.journal.rename(away)
    ana.journal.write_text("no folder any more")
    convo.press("ctrl+s")
    convo.wait_to_hear("cannot be read (Not a directory); check the file and its folder")
    convo.type(" kept")
    convo.wait_for("! a promise kept")
    convo.press("ctrl+q")
    assert convo.finish() == 0
    assert len(drafts(ana)) == 1

    ana.journal.unlink()
    away.rename(ana.journal)
    convo = ana.open()
    convo.wait_for("You were in the middle of this")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")
    assert 'text = "a promise kept"' in (ana.journal / "ana-ruiz.toml").read_text("utf-8")
    assert drafts(ana) == []
