"""README: every command that it shows under "The command line" does what stands there, for someone new."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from convo_tui.cli.group import COMMANDS
from tests.cli.conftest import Convo

README = Path(__file__).parents[2] / "README.md"
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Bo Lindqvist\nEMAIL:bo@acme.example\nEND:VCARD\n"


def shown() -> list[str]:
    """The lines of the section's block."""
    section = README.read_text("utf-8").partition("## The command line\n")[2].partition("\n## ")[0]
    return section.partition("```sh\n")[2].partition("```")[0].splitlines()


def run(convo: Convo, line: str) -> str:
    """Run a line as a shell would, what stands before a pipe taken as said; return what it printed."""
    before, _, command = line.rpartition("|")
    program, *arguments = shlex.split(command, comments=True)
    assert program == "convo"
    return convo.done(*arguments, stdin="Fix the export\n" if before else "").out


@pytest.fixture
def someone_new(convo: Convo) -> Convo:
    """Ana, with whom one issue is open, and a card next to the journal; nothing else in the home folder."""
    convo.monkeypatch.chdir(convo.home)
    (convo.home / "contacts.vcf").write_text(CARD)
    convo.done("new", "Ana Ruiz")
    convo.done("log", "Ana", "! send pricing due:tomorrow", "--at", "yesterday")
    return convo


def test_every_command_shown_works_in_turn(someone_new: Convo) -> None:
    said = {line.partition("#")[0].strip(): run(someone_new, line) for line in shown()}
    for command, words in {
        'convo log Ana "Legal is fine with the draft"': "call with Ana Ruiz · today 10:30",
        "git log -1 | convo log Ana -": "call with Ana Ruiz · today 10:30",
        "convo brief Ana": "Fix the export",
        "convo issues --due friday": "send pricing",
        'convo settle pricing --outcome "38 seats"': "settled send pricing · Ana Ruiz · 38 seats",
        "convo import vcard contacts.vcf": "1 new, 0 changed",
        "convo undo": "taken back: import of contacts.vcf",
        "convo check --fix": "1 file, no problems",
    }.items():
        assert words in said[command]


def test_importing_twice_changes_nothing(someone_new: Convo) -> None:
    """ "people you know; twice changes nothing"."""
    (line,) = [each for each in shown() if "import" in each]
    run(someone_new, line)
    assert "0 new, 0 changed, 1 unchanged" in run(someone_new, line)


def test_help_lists_all_commands_and_each_has_its_own(convo: Convo) -> None:
    """ "`convo --help` lists all commands, and each has its own `--help`"."""
    listed = convo.done("--help").out
    for command in COMMANDS:
        assert f"\n  {command} " in listed
        assert f"convo {command} " in convo.done(command, "--help").out
