"""`convo git`, as a command: what it says, what it refuses, and how it ends."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from disk import on_disk
from git_home import git

from tests.cli.conftest import Convo

__all__ = ["on_disk"]

pytestmark = pytest.mark.usefixtures("quiet_git")


@pytest.fixture
def kept(convo: Convo) -> Convo:
    """A journal with one relationship, and one version."""
    convo.done("new", "Ana Ruiz")
    convo.done("git", "init")
    convo.done("git", "commit")
    return convo


def other_machine(convo: Convo, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second clone beside the journal, and the place between them."""
    shared, clone = convo.home / "shared.git", convo.home / "clone"
    git(convo.home, "init", "--quiet", "--bare", str(shared))
    git(convo.journal, "remote", "add", "origin", str(shared))
    convo.done("git", "sync")
    git(convo.home, "clone", "--quiet", str(shared), str(clone))
    return clone


def test_versions_are_kept_from_the_first_command_on(convo: Convo) -> None:
    convo.done("new", "Ana Ruiz")
    assert convo.done("git", "status").out == "no versions are kept yet; `convo git init` begins\n"
    planned = convo.done("git", "init", "--dry-run").out.split("\n")[:-1]
    assert not (convo.journal / ".git").exists()
    done = convo.done("git", "init").out.split("\n")[:-1]
    assert [each.replace("added", "would add") for each in done[:-1]] == planned
    assert "`convo git commit`" in done[-1]
    assert convo.done("git", "commit", "--dry-run").out == "would make a version: Ana Ruiz: new\n"
    assert convo.done("git", "commit").out == "made a version: Ana Ruiz: new\n"
    assert convo.done("git", "commit").out == "nothing has changed since the last version\n"
    assert convo.done("git", "init").out == "everything is set up already\n"


def test_status_tells_programs_the_same(kept: Convo) -> None:
    kept.done("log", "ana", "Rang.\n! call the notary")
    assert "changed       ana-ruiz.toml\n" in kept.done("git", "status").out
    state = kept.done("git", "status", "--json").json
    assert len(state.pop("commit")) == 40
    assert state == {
        "branch": "main",
        "upstream": "",
        "ahead": 0,
        "behind": 0,
        "changed": ["ana-ruiz.toml"],
        "unmerged": [],
        "doing": "",
        "set_up": True,
        "fetched": None,
        "synced": None,
        "error": "",
    }
    assert kept.done("git", "commit", "--json").json == {
        "files": ["ana-ruiz.toml"],
        "message": "Ana Ruiz: call, 1 opened",
        "left_out": [],
    }


def test_two_machines_go_on_with_one_conversation(kept: Convo, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = other_machine(kept, monkeypatch)
    kept.done("log", "ana", "From the desk.\n! send pricing")
    kept.done("--dir", str(clone), "log", "ana", "On the train.\n? who signs?")
    assert "made a version: Ana Ruiz: call, 1 opened\n" in kept.done("git", "sync").out
    planned = kept.done("--dir", str(clone), "git", "sync", "--dry-run").out
    assert "2. would make a version of 1 file\n   Ana Ruiz: call, 1 opened\n" in planned
    done = kept.done("--dir", str(clone), "git", "sync")
    assert done.out.endswith("pushed 2 versions to origin\n  came: Ana Ruiz: call, 1 opened\nin step\n")
    kept.done("git", "sync")
    issues = {each["text"] for each in kept.done("issues", "--json").json}
    assert issues == {"send pricing", "who signs?"}
    assert kept.file("ana-ruiz").read_bytes() == (clone / "ana-ruiz.toml").read_bytes()


def test_what_only_a_person_can_decide_ends_with_four_and_says_how_to(
    kept: Convo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CONTRACT.md: exit code 4, a conflict with another writer."""
    clone = other_machine(kept, monkeypatch)
    for folder, role in ((kept.journal, "Buyer"), (clone, "Partner")):
        with (folder / "ana-ruiz.toml").open("a") as file:
            file.write(f'role = "{role}"\n')
    kept.done("git", "sync")
    result = kept("--dir", str(clone), "git", "sync")
    assert result.code == 4
    assert "ana-ruiz.toml: only one side can stand" in result.err
    assert "`convo git resolve --ours|--theirs`" in result.err
    refused = kept("--dir", str(clone), "git", "commit")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    asked = kept("--dir", str(clone), "git", "resolve")
    assert asked.code == 4
    assert "ana-ruiz.toml: both sides changed the role" in asked.err
    assert kept.done("--dir", str(clone), "git", "resolve", "--theirs").out == (
        "merged Ana Ruiz\n`convo git sync` goes on from there\n"
    )
    kept.done("--dir", str(clone), "git", "sync")
    assert 'role = "Buyer"' in (clone / "ana-ruiz.toml").read_text()


def test_markers_left_in_a_file_are_merged_by_meaning(convo: Convo) -> None:
    convo.done("new", "Ana Ruiz")
    with convo.file("ana-ruiz").open("a") as file:
        file.write('<<<<<<< a\ntags = ["x"]\n=======\ntags = ["y"]\n>>>>>>> b\n')
    assert convo("brief", "ana").code == 3
    assert "`convo git resolve` merges both sides" in convo("check").out
    assert convo.done("git", "resolve").out == "merged Ana Ruiz\n"
    assert sorted(convo.done("list", "--json").json[0]["tags"]) == ["x", "y"]
    assert convo("git", "resolve").err == "convo: nothing is unmerged, and no file has conflict markers\n"


def test_what_a_repository_brings_along_does_not_run_before_it_is_allowed(kept: Convo) -> None:
    canary = kept.home / "ran"
    hook = kept.journal / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
    hook.chmod(0o755)
    kept.done("log", "ana", "Rang.")
    refused = kept("git", "commit")
    assert refused.code == 1
    assert refused.err.startswith("convo: this repository would run the hook pre-commit\n")
    assert not canary.exists()
    kept.done("git", "commit", "--trust")
    assert canary.exists()
    kept.done("log", "ana", "Again.")
    kept.done("git", "commit")


def test_auto_commit_makes_a_version_after_each_encounter(kept: Convo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 6: `auto_commit = true` in the settings (after each encounter, in the background)."""
    settings = kept.home / "config" / "convo" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("auto_commit = true\n")
    kept.done("log", "ana", "Rang.\n! call the notary")
    deadline = time.monotonic() + 30
    while git(kept.journal, "log", "-1", "--format=%s") != "Ana Ruiz: call, 1 opened":
        assert time.monotonic() < deadline, "no version was made"
        time.sleep(0.02)
    assert git(kept.journal, "status", "--porcelain") == ""


def test_without_git_everything_else_works_and_it_is_said(convo: Convo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(convo.home))
    convo.done("new", "Ana Ruiz")
    convo.done("log", "ana", "Rang.")
    for command in ("init", "commit", "sync", "status"):
        result = convo("git", command)
        assert (result.code, result.out) == (1, "")
        assert result.err == (
            "convo: git is not installed; install it, then `convo git init` keeps versions of the journal\n"
        )


def test_git_alone_and_a_wrong_word_show_how(convo: Convo) -> None:
    assert "sync" in convo("git").out
    assert convo("git", "pull").code == 2
