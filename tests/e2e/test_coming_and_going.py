"""Coming and going: with and without a terminal, at a relationship, on the sample, past damage, by the editor."""

from __future__ import annotations

import pytest
from conftest import ANA, Home

DAMAGED = """format = 1
id = "20260301-d4m4g3dd"
name = "Bo Lindqvist"
kind = "persn"
"""

SWITCHED_OFF = {
    "the alternate screen": b"\x1b[?1049",
    "reports of clicks": b"\x1b[?1000",
    "reports of moves": b"\x1b[?1003",
    "reports in another form": b"\x1b[?1006",
    "reports of the focus": b"\x1b[?1004",
    "marks around what is pasted": b"\x1b[?2004",
}


def test_without_a_terminal_it_says_so_in_one_line(home: Home) -> None:
    done = home.run()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("convo: Convo's full screen needs a terminal")
    assert done.stderr.count("\n") == 1
    assert list(home.folder.iterdir()) == []


def test_the_sample_opens_and_leaves_the_terminal_as_it_was(home: Home) -> None:
    convo = home.open("demo")
    for shown in ("sample journal", "Relationships · 16", "Ana Ruiz", "Mirador Health", "WE ARE TALKING ABOUT"):
        convo.wait_for(shown)
    convo.press("q")
    assert convo.finish() == 0
    for what, mode in SWITCHED_OFF.items():
        on, off = convo.raw.rfind(mode + b"h"), convo.raw.rfind(mode + b"l")
        assert off > on >= 0, what
    assert convo.raw.rfind(b"\x1b[?25h") > convo.raw.rfind(b"\x1b[?25l"), "the cursor"
    assert not home.journal.exists(), "the sample is nobody's journal"


def test_the_sample_is_summed_up_without_a_terminal(home: Home) -> None:
    done = home.run("demo", "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("16 relationships · ")
    assert done.stdout.endswith(" · 0 problems\n")


@pytest.mark.parametrize("arguments", [("aiko",), ("open", "Aiko Tanaka")])
def test_it_opens_at_the_relationship_that_is_named(ana: Home, arguments: tuple[str, ...]) -> None:
    ana.write("aiko.toml", ANA.replace("7k3q9m2f", "7k3q9m2g").replace("Ana Ruiz", "Aiko Tanaka"))
    convo = ana.open(*arguments)
    convo.wait_for("▌Aiko Tanaka")
    convo.wait_for("─ Aiko Tanaka · Head of Operations")


def test_a_damaged_file_is_named_with_its_line_and_the_others_work(ana: Home) -> None:
    """ "with file, line and reason; it is never written to, and every other file goes on working"."""
    bo = ana.write("bo.toml", DAMAGED)
    convo = ana.open(columns=160)
    convo.wait_for("✗ Bo Lindqvist")
    convo.wait_to_hear(f'{bo}:4: kind: "persn" is not one of person, organisation')
    convo.press("j")
    convo.wait_for("─ Ana Ruiz")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")
    assert bo.read_text("utf-8") == DAMAGED


def editor(home: Home, name: str, line: str) -> str:
    """Make an editor that adds a line to what it is given."""
    program = home.folder / name
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' '{line}' >> \"$1\"\n")
    program.chmod(0o755)
    return str(program)


def test_the_editor_changes_the_file_and_what_it_breaks_is_kept_aside(ana: Home) -> None:
    file = ana.journal / "ana-ruiz.toml"
    convo = ana.open(EDITOR=editor(ana, "comments", "# from my editor"))
    convo.wait_for("send pricing")
    convo.press("E")
    convo.wait_for(lambda: file.read_text("utf-8") == ANA + "# from my editor\n")
    convo.wait_for("send pricing")
    convo.press("q")
    assert convo.finish() == 0

    commented = file.read_text("utf-8")
    convo = ana.open(EDITOR=editor(ana, "breaks", "[[nonsense"), columns=160)
    convo.wait_for("send pricing")
    convo.press("E")
    convo.wait_to_hear("the file is as it was, your edit is kept")
    assert file.read_text("utf-8") == commented
    (kept,) = ana.state.rglob("kept/*/ana-ruiz.toml")
    assert kept.read_text("utf-8") == f"{commented}[[nonsense\n"
    convo.wait_to_hear(str(kept))
