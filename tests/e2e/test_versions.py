"""Git lands while a call runs: in a real terminal, with a real git (GATES.md 13)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ANA, Home
from disk import on_disk
from git_home import SETTINGS

__all__ = ["on_disk"]

THEIRS = """
[[encounters]]
id = "20261121-bbbb2222"
at = 2026-11-21T09:00:00+01:00
channel = "meeting"
nature = "conversation"
note = "Met on the other machine."
"""


class Versions:
    """Two clones of one journal, and the place between them."""

    def __init__(self, home: Home) -> None:
        self.home, self.other = home, home.folder / "other"
        (home.folder / ".gitconfig").write_text(SETTINGS, "utf-8")
        self.convo("git", "init")
        self.convo("git", "commit")
        self.git("init", "--quiet", "--bare", str(home.folder / "shared.git"))
        self.git("remote", "add", "origin", str(home.folder / "shared.git"))
        self.git("push", "--quiet", "--set-upstream", "origin", "main")
        self.git("clone", "--quiet", str(home.folder / "shared.git"), str(self.other))

    def convo(self, *words: str) -> str:
        done = self.home.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def git(self, *words: str, at: Path | None = None, fails: bool = False) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=at or self.home.journal,
            env=self.home.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert bool(done.returncode) == fails, done.stderr + done.stdout
        return done.stdout

    @property
    def file(self) -> Path:
        return self.home.journal / "ana-ruiz.toml"

    def elsewhere(self, text: str) -> None:
        """Let the other machine have this, and send it."""
        (self.other / "ana-ruiz.toml").write_text(text, "utf-8")
        self.git("commit", "--quiet", "--all", "--message", "theirs", at=self.other)
        self.git("push", "--quiet", at=self.other)


@pytest.fixture
def versions(ana: Home) -> Versions:
    return Versions(ana)


def test_a_pull_while_a_call_is_typed_keeps_the_call_and_what_came(versions: Versions) -> None:
    """GATES.md 13: pull or checkout while the file is open and being typed into: merged or asked; nothing lost."""
    convo = versions.home.open()
    convo.wait_for("send pricing")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.type("Legal is fine ")
    versions.elsewhere(ANA + THEIRS)
    versions.git("pull", "--quiet")
    convo.wait_for("Met on the other machine.")
    convo.type("with the draft.")
    convo.press("enter")
    convo.type("! book the kickoff")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")
    text = versions.file.read_text("utf-8")
    assert text.startswith(ANA[: ANA.index("[[encounters]]")].rstrip())
    assert THEIRS.strip() in text
    assert "Legal is fine with the draft." in text
    assert 'text = "book the kickoff"' in text


def test_a_pull_that_cannot_be_merged_by_lines_is_merged_with_s_and_the_call_goes_on(versions: Versions) -> None:
    versions.git("config", "--remove-section", "merge.convo")
    versions.convo("log", "ana", "Rang before.", "--at", "2026-11-20 10:00")
    versions.convo("git", "commit")
    versions.elsewhere(ANA + THEIRS)
    convo = versions.home.open()
    convo.wait_for("send pricing")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.type("Legal is fine with the draft.")
    versions.git("pull", "--quiet", "--no-rebase", fails=True)
    assert "<<<<<<<" in versions.file.read_text("utf-8")
    convo.wait_for("two versions")
    convo.press("ctrl+s")
    convo.wait_to_hear("git conflict")
    assert "Legal is fine with the draft." in convo.text
    convo.press("escape")
    convo.wait_for("n Encounter")
    convo.press("S")
    convo.wait_for("merge 1 file by meaning")
    convo.press("enter")
    convo.wait_without("two versions")
    convo.wait_for("pushed")
    convo.press("escape")
    convo.wait_without("pushed")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")
    text = versions.file.read_text("utf-8")
    assert [said in text for said in ("Rang before.", "Met on the other machine.", "Legal is fine")] == [True] * 3
    assert versions.git("status", "--porcelain") == " M ana-ruiz.toml\n"


def test_an_older_version_checked_out_while_typing_gets_the_call_too(versions: Versions) -> None:
    versions.convo("log", "ana", "Rang before.", "--at", "2026-11-20 10:00")
    versions.convo("git", "commit")
    convo = versions.home.open()
    convo.wait_for("Rang before.")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.type("Legal is fine")
    versions.git("checkout", "--quiet", "HEAD~1")
    convo.wait_without("Rang before.")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")
    assert "Legal is fine" in versions.file.read_text("utf-8")
    assert "Rang before." in versions.git("show", "main:ana-ruiz.toml")


def test_the_driver_that_is_set_up_is_this_program(versions: Versions) -> None:
    assert versions.git("config", "merge.convo.driver").startswith(sys.executable)
