"""What a shell completes, asked as the scripts of `convo completions` ask, and in a real bash."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.cli.conftest import Convo


@pytest.fixture
def journal(ana: Convo) -> Convo:
    """Ana with two issues and something unsaid; Acme with Zoe in it, and an idea."""
    ana.done("new", "Acme GmbH", "--kind", "organisation")
    with ana.file("acme-gmbh").open("a") as file:
        file.write('\n[[people]]\nid = "20260101-zoe00001"\nname = "Zoe Okafor"\n')
        file.write('\n[[people]]\nid = "20260101-ana00002"\nname = "Ana"\n')
        file.write('\n[[people]]\nid = "20260101-ana00003"\nname = "Ana"\n')
    ana.done("log", "acme", "idea: a lighter theme\n#pilot and #pricing", "--channel", "note")
    return ana


def offered(convo: Convo, line: str) -> dict[str, str]:
    """What is offered at the end of a line, with its help."""
    words = shlex.split(line) + ([""] if line.endswith(" ") else [])
    convo.monkeypatch.setenv("_CONVO_COMPLETE", "zsh_complete")
    convo.monkeypatch.setenv("COMP_WORDS", " ".join(map(shlex.quote, words)))
    convo.monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    result = convo.done()
    assert result.err == ""
    lines = result.out.splitlines()
    convo.monkeypatch.delenv("_CONVO_COMPLETE")
    return dict(zip(lines[1::3], lines[2::3], strict=True))


def ids(convo: Convo, table: str, name: str = "ana-ruiz") -> dict[str, str]:
    return {each["text"]: each["id"] for each in tomllib.loads(convo.file(name).read_text())[table]}


def test_a_name_is_completed_by_the_name_of_its_file(journal: Convo) -> None:
    """NAME: "id, file name, …": a word that no shell takes apart."""
    both = {"acme-gmbh": "Acme GmbH", "ana-ruiz": "Ana Ruiz"}
    assert offered(journal, "convo log ") == both
    assert offered(journal, "convo brief A") == both
    assert offered(journal, "convo log An") == {"ana-ruiz": "Ana Ruiz"}
    assert offered(journal, "convo delete ruiz") == {"ana-ruiz": "Ana Ruiz"}
    assert offered(journal, "convo edit zzz") == offered(journal, "convo brief ana ") == {}


def test_without_a_command_commands_and_names_are_completed(journal: Convo) -> None:
    """`convo NAME` opens it at that relationship."""
    assert list(offered(journal, "convo ca")) == ["carry"]
    assert list(offered(journal, "convo ac")) == ["acme-gmbh"]
    assert "ana-ruiz" not in offered(journal, "convo ")
    assert "--version" in offered(journal, "convo --v")


def test_people_are_completed_for_with(journal: Convo) -> None:
    """`--with NAME`: also the people of an organisation; two of one name by their ids."""
    assert offered(journal, "convo log ana --with ") == {
        "acme-gmbh": "Acme GmbH",
        "zoe-okafor": "Zoe Okafor · Acme GmbH",
        "20260101-ana00002": "Ana · Acme GmbH",
        "20260101-ana00003": "Ana · Acme GmbH",
        "ana-ruiz": "Ana Ruiz",
    }
    journal.done("log", "ana", "text", "--with", "zoe-okafor")
    assert list(offered(journal, "convo log ana --with Okaf")) == ["zoe-okafor"]


def test_open_issues_are_completed_by_id_with_their_text(journal: Convo) -> None:
    known = ids(journal, "issues")
    pricing, signs = known["send pricing for 40 seats #pricing"], known["who signs in legal?"]
    both = {
        pricing: "send pricing for 40 seats #pricing · Ana Ruiz",
        signs: "who signs in legal? · Ana Ruiz",
    }
    for command in ("carry", "settle", "park"):
        assert offered(journal, f"convo {command} ") == both
    assert list(offered(journal, f"convo carry {signs} ")) == [pricing]
    assert list(offered(journal, f"convo settle {signs[:-2]}")) == [signs]
    assert list(offered(journal, "convo settle pric")) == [pricing]
    assert offered(journal, "convo settle s") == {}, "two answer, and they begin alike with nothing that was typed"
    journal.done("settle", signs)
    assert list(offered(journal, "convo reopen ")) == [signs]
    assert list(offered(journal, "convo carry ")) == [pricing]


def test_what_was_heard_is_completed_by_id(journal: Convo) -> None:
    afraid, idea = ids(journal, "heard")["afraid of it"], ids(journal, "heard", "acme-gmbh")["a lighter theme"]
    assert offered(journal, "convo met ") == {idea: "a lighter theme · Acme GmbH", afraid: "afraid of it · Ana Ruiz"}
    assert set(offered(journal, "convo drop ")) == {idea, afraid, *ids(journal, "issues").values()}
    journal.done("met", afraid)
    assert list(offered(journal, "convo met ")) == [idea]
    assert list(offered(journal, "convo reopen ")) == [afraid]


def test_topics_are_completed_the_most_frequent_first(journal: Convo) -> None:
    assert list(offered(journal, "convo issues --topic ").items()) == [("pricing", "2 times"), ("pilot", "once")]
    assert list(offered(journal, "convo issues --topic=pi")) == ["pilot"]


def test_the_journal_is_that_of_the_line(journal: Convo) -> None:
    """`--dir PATH` anywhere."""
    assert offered(journal, "convo --dir /nowhere log ") == offered(journal, "convo log --dir=/nowhere ") == {}
    assert list(offered(journal, f"convo log --dir {journal.journal} an")) == ["ana-ruiz"]


def test_a_journal_in_trouble_offers_what_it_can_and_says_nothing(journal: Convo) -> None:
    journal.file("broken").write_text("x")
    (journal.home / "config" / "convo").mkdir(parents=True)
    (journal.home / "config" / "convo" / "config.toml").write_text("week_starts = 5\n")
    assert list(offered(journal, "convo log an")) == ["ana-ruiz"]
    journal.monkeypatch.setenv("CONVO_NOW", "never")
    assert offered(journal, "convo log an") == {}


def test_no_control_character_reaches_the_shell(journal: Convo) -> None:
    journal.done("log", "acme", "! wipe \x1b]52;c;aGk=\x07 it")
    said = offered(journal, "convo carry wipe")
    assert [text.endswith("it · Acme GmbH") and text.isprintable() for text in said.values()] == [True]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(convo: Convo, shell: str) -> None:
    """`convo completions SHELL`."""
    assert f"_CONVO_COMPLETE={shell}_complete" in convo.done("completions", shell).out


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_a_real_bash_completes(journal: Convo) -> None:
    """The script is sourced by an interactive bash, and the function it sets up fills COMPREPLY."""
    program = journal.home / "bin" / "convo"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m convo_tui "$@"\n')
    program.chmod(0o755)
    script = """
        eval "$(convo completions bash)"
        complete -p convo
        COMP_WORDS=(convo log A) COMP_CWORD=2
        _convo_completion convo
        printf '<%s>\\n' "${COMPREPLY[@]}"
        COMPREPLY=() COMP_WORDS=(convo carry "") COMP_CWORD=2
        _convo_completion convo
        printf '<%s>\\n' "${COMPREPLY[@]}"
    """
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-i", "-c", script],
        env=environment,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        start_new_session=True,  # an interactive bash would take the terminal of the tests
    )
    issues = [f"<{each}>" for each in ids(journal, "issues").values()]
    assert done.stdout.splitlines() == [
        "complete -o nosort -F _convo_completion convo",
        "<acme-gmbh>",
        "<ana-ruiz>",
        *issues,
    ]
