"""What goes wrong between programs, in a real terminal: damage is opened at its line, a contradiction is decided, and
what was done in one program is taken back in another."""

from __future__ import annotations

from conftest import ANA, Home

DAMAGED = """format = 1
id = "20260301-d4m4g3dd"
name = "Bo Lindqvist"
kind = "persn"
"""


def editor(home: Home, script: str) -> str:
    """Make an editor called vi, which notes how it was called and does what `script` says to the file `$file`."""
    program = home.folder / "vi"
    program.write_text(f'#!/bin/sh\necho "$@" >> {home.folder}/called\nfor file; do :; done\n{script}\n')
    program.chmod(0o755)
    return str(program)


def test_a_damaged_file_is_listed_opened_at_its_line_and_mended(ana: Home) -> None:
    """Issue 5: The full screen lists damaged files and opens them in `$EDITOR` at the line."""
    bo = ana.write("bo.toml", DAMAGED)
    convo = ana.open(EDITOR=editor(ana, 'sed -i s/persn/person/ "$file"'))
    convo.wait_for("✗ 1 file is damaged")
    convo.press("D")
    convo.wait_for("Problems · 1 error")
    convo.wait_for("bo.toml:4")
    convo.press("enter")
    convo.wait_for("All is well")
    assert bo.read_text("utf-8") == DAMAGED.replace("persn", "person")
    assert (ana.folder / "called").read_text().startswith("+4 /")
    convo.press("escape")
    convo.wait_without("All is well")
    convo.wait_without("damaged")
    convo.press("u")
    convo.wait_to_hear("Taken back: edit Bo Lindqvist")
    assert bo.read_text("utf-8") == DAMAGED


def test_an_edit_that_contradicts_another_program_is_decided_with_one_key(ana: Home) -> None:
    """SCREENS.md: Conflict: both sides, one key each."""
    file = ana.journal / "ana-ruiz.toml"
    meddling = f's/Head of Operations/Queen of it all/" {file}'
    convo = ana.open(EDITOR=editor(ana, f'sed -i "s/Head of Operations/Chief/" "$file"; sed -i "{meddling}'))
    convo.wait_for("send pricing")
    convo.press("E")
    convo.wait_for("Two versions of Ana Ruiz")
    convo.wait_for("Chief")
    convo.wait_for("Queen of it all")
    convo.press("1")
    convo.wait_for(lambda: 'role = "Chief"' in file.read_text("utf-8"))
    convo.wait_for("Ana Ruiz · Chief")
    (kept,) = ana.state.rglob("kept/*.md")
    assert "Queen of it all" in kept.read_text("utf-8")


def test_what_the_screen_did_is_taken_back_by_a_command_and_done_again_by_the_screen(ana: Home) -> None:
    convo = ana.open()
    convo.wait_for("send pricing")
    convo.press("s", "1")
    convo.wait_to_hear("Settled · u takes it back")
    said = ana.run("undo")
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("taken back: settled: send pricing")
    assert (ana.journal / "ana-ruiz.toml").read_text("utf-8") == ANA
    convo.wait_without("Settled")
    convo.press("U")
    convo.wait_to_hear("Done again: settled: send pricing")
    assert 'state = "settled"' in (ana.journal / "ana-ruiz.toml").read_text("utf-8")


def test_two_screens_on_one_journal_both_show_what_one_of_them_does(ana: Home) -> None:
    """The index is one file, which both read and write."""
    one, two = ana.open(), ana.open()
    for each in (one, two):
        each.wait_for("send pricing")
    one.press("i")
    one.wait_for("Issue with Ana Ruiz")
    one.type("call the notary")
    one.press("enter")
    for each in (one, two):
        each.wait_for("call the notary")
        each.wait_for("▌Ana Ruiz              3d   ●2")
        assert "damaged" not in each.text
    two.press("u")
    for each in (one, two):
        each.wait_without("call the notary")
        assert "▌Ana Ruiz" in each.text
        assert "damaged" not in each.text
