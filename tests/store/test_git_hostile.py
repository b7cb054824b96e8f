"""Repositories that are made to run something, and names that are made to lead elsewhere (GATES.md 17: "hostile
`.git/config`, hooks, bare repository inside the folder; hostile names: nothing executed, nothing written outside").

Whatever an attack runs leaves a file with the name of the attack behind.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from disk import on_disk
from git_home import attempted, environment, git

from convo_tui.clock import Clock
from convo_tui.core.errors import ConvoError
from convo_tui.paths import Places
from convo_tui.store.git import running, setting_up
from convo_tui.store.git.repository import GitFailed, Repository
from convo_tui.store.git.running import Git
from convo_tui.store.names import as_text

__all__ = ["on_disk"]

pytestmark = [
    pytest.mark.usefixtures("quiet_git"),
    pytest.mark.skipif(sys.platform == "win32", reason="the attacks are shell scripts"),
]

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def person(name: str = "Ana Ruiz", number: int = 1, more: str = "") -> str:
    return f'format = 1\nid = "20240301-abcd{number:04}"\nname = "{name}"\nkind = "person"\n{more}'


def call(number: int) -> str:
    return (
        f'\n[[encounters]]\nid = "20261122-enc{number:05}"\nat = 2026-11-22T{8 + number % 12:02}:00:00+01:00\n'
        'channel = "call"\nnature = "conversation"\nnote = "Talked."\n'
    )


@dataclass
class Victim:
    """A folder that somebody else gave us, and what its attacks have run."""

    home: Path
    folder: Path

    @property
    def versions(self) -> Repository:
        places = Places(self.folder, self.home / "config", self.home / "cache", self.home / "state")
        zone = NOW.tzinfo
        assert zone is not None
        return Repository(places, Clock(lambda: NOW, zone))

    @property
    def ran(self) -> set[str]:
        folder = self.home / "ran"
        return {each.name for each in folder.iterdir()} if folder.exists() else set()

    def attack(self, name: str, then: str = "exit 0") -> str:
        """A program that tells that it ran; its path."""
        path = self.home / "attacks" / name
        path.parent.mkdir(exist_ok=True)
        (self.home / "ran").mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch '{self.home}/ran/{name}'\n{then}\n")
        path.chmod(0o755)
        return str(path)

    def hook(self, name: str, then: str = "exit 0", folder: str = ".git/hooks") -> None:
        path = self.folder / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(self.attack(f"hook-{name}", then), path)

    def config(self, text: str, file: str = ".git/config") -> None:
        with (self.folder / file).open("a", encoding="utf-8") as config:
            config.write(text)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")


def begun(home: Path) -> Victim:
    """A folder with a version of a relationship."""
    victim = Victim(home, home / "journal")
    victim.folder.mkdir(parents=True)
    git(victim.folder, "init", "--quiet", "--template=")
    victim.write("ana.toml", person())
    victim.versions.set_up()
    victim.versions.commit()
    return victim


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a version, `plain`; and one that another place knows, with something new on `both` sides."""
    home = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(home / "git").items():
            patch.setenv(name, value)
        begun(home / "plain" / "victim")
        victim = begun(home / "both" / "victim")
        shared, other = home / "both" / "shared.git", home / "both" / "other"
        git(home, "init", "--quiet", "--bare", "--template=", str(shared))
        git(victim.folder, "remote", "add", "origin", str(shared))
        victim.write("bo.toml", person("Bo", 2))
        victim.versions.sync()
        git(home, "clone", "--quiet", "--template=", str(shared), str(other))
        (other / "ana.toml").write_text(person() + call(1))
        git(other, "commit", "--quiet", "--all", "--message=theirs")
        git(other, "push", "--quiet")
        victim.write("ana.toml", person() + call(2))
    return home


@pytest.fixture
def victim(prepared: Path, tmp_path: Path) -> Victim:
    """A folder with a version of a relationship."""
    shutil.copytree(prepared / "plain", tmp_path, dirs_exist_ok=True)
    return Victim(tmp_path / "victim", tmp_path / "victim" / "journal")


@pytest.fixture
def between(prepared: Path, tmp_path: Path) -> Victim:
    """A folder that another place knows, with something new on both sides."""
    shutil.copytree(prepared / "both", tmp_path, dirs_exist_ok=True)
    for config in (tmp_path / "victim" / "journal" / ".git" / "config", tmp_path / "other" / ".git" / "config"):
        config.write_text(config.read_text().replace(str(prepared / "both"), str(tmp_path)))
    return Victim(tmp_path / "victim", tmp_path / "victim" / "journal")


def gits(victim: Victim, folder: str = ".git") -> dict[str, object]:
    """All that lies in git's folder."""
    return {
        str(each): os.readlink(each) if each.is_symlink() else each.read_bytes() if each.is_file() else None
        for each in (victim.folder / folder).rglob("*")
    }


def looked(victim: Victim) -> list[str]:
    """Look at everything that the program looks at by itself; return what could be told."""
    versions, told = victim.versions, []

    def history() -> object:
        pasts = versions.history("ana.toml")
        versions.meanings(pasts)
        return [(versions.as_it_was(each), versions.difference(pasts[-1], each)) for each in pasts]

    questions: dict[str, Callable[[], object]] = {
        "state": versions.state,
        "plan": versions.plan,
        "version": versions.version,
        "missing": versions.missing,
        "commands": lambda: [versions.unknown_commands()],
        "use": lambda: [versions.is_used()],
        "history": history,
    }
    for name, ask in questions.items():
        with suppress(ConvoError):
            if ask() is not None:
                told.append(name)
    return told


HOOKS = (
    *("applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit", "prepare-commit-msg"),
    *("commit-msg", "post-commit", "pre-rebase", "post-checkout", "post-merge", "pre-push", "pre-receive", "update"),
    *("proc-receive", "post-receive", "post-update", "reference-transaction", "push-to-checkout", "pre-auto-gc"),
    *("post-rewrite", "fsmonitor-watchman", "post-index-change"),
)


def hostile_config(victim: Victim) -> str:
    """Every setting that names a program, in one file."""
    run = victim.attack
    return f"""
[core]
fsmonitor = {run("fsmonitor")}
hooksPath = hooked
pager = {run("pager")}
editor = {run("editor")}
sshCommand = {run("ssh", "exit 1")}
askPass = {run("askpass")}
gitProxy = {run("proxy")}
alternateRefsCommand = {run("alternates")}
[sequence]
editor = {run("sequence")}
[pager]
status = {run("pager-status")}
log = {run("pager-log")}
[alias]
status = "!{run("alias")}"
[diff]
external = {run("diff")}
[diff "x"]
textconv = {run("textconv")}
command = {run("diff-command")}
[filter "x"]
clean = {run("clean")}
smudge = {run("smudge")}
required
[filter "a=b"]
clean = {run("clean-equals")}
[filter ""]
clean = {run("clean-empty")}
[filter "long"]
process = {run("process", "exit 1")}
required
[merge "x"]
driver = {run("merge-x")}
[merge "convo"]
driver = {run("merge-convo")} %O %A %B %P
[interactive]
diffFilter = {run("diff-filter")}
[trailer "x"]
command = {run("trailer")}
cmd = {run("trailer-cmd")}
[gpg]
program = {run("gpg", "exit 1")}
[log]
showSignature = true
[commit]
gpgSign = true
[push]
gpgSign = true
[credential]
helper = {run("credential")}
[uploadpack]
packObjectsHook = {run("pack-objects")}
[protocol]
allow = always
[url "ext::{run("instead")} "]
insteadOf = https://
[remote "origin"]
url = git@example.invalid:journal.git
uploadpack = {run("uploadpack")}
vcs = evil
fetch = +refs/heads/*:refs/remotes/origin/*
[branch "main"]
remote = origin
merge = refs/heads/main
[submodule "sub"]
url = ext::{run("submodule")}
update = !{run("submodule-update")}
[submodule]
recurse = true
[status]
submoduleSummary = true
[include]
path = ../included
"""


def test_looking_runs_nothing_and_writes_nothing_whatever_the_settings_say(victim: Victim, tmp_path: Path) -> None:
    """The same is run by git itself: the attacks work."""
    attributes = "a.toml filter=a=b\nb.toml filter=\nc.toml filter=long\nana.toml filter=x diff=x merge=x\n"
    for name in ("a", "b", "c"):
        victim.write(f"{name}.toml", person(name, ord(name)))
    git(victim.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    victim.write(".gitattributes", attributes)
    victim.versions.commit()
    git(victim.folder, "submodule", "--quiet", "add", str(victim.folder), "sub")
    victim.config(f"\n[core]\nfsmonitor = {victim.attack('sub-fsmonitor')}\n", ".git/modules/sub/config")
    victim.write("sub/ana.toml", "changed")
    for name in HOOKS:
        victim.hook(name)
        victim.hook(name, folder="hooked")
    victim.write("included", f"[core]\nsshCommand = {victim.attack('included')}\n[extensions]\nworktreeConfig = true\n")
    victim.config(hostile_config(victim))
    victim.config(f'[filter "x"]\nclean = {victim.attack("clean-worktree")}\n', ".git/config.worktree")
    for each in victim.folder.glob("*.toml"):  # git has to look into it
        os.utime(each, (1, 1))
    victim.write("ana.toml", person() + call(1))
    before = gits(victim)
    assert looked(victim) == ["state", "plan", "version", "missing", "commands", "use", "history"]
    assert victim.ran == set()
    assert gits(victim) == before
    state = victim.versions.state()
    assert state is not None
    assert "ana.toml" in state.changed

    for words in (("status",), ("diff",), ("log", "-p", "-1")):
        attempted(victim.folder, *words)
    assert {"fsmonitor", "sub-fsmonitor", "clean-equals", "clean-empty", "process", "clean"} <= victim.ran


def test_a_missing_object_is_not_fetched_by_looking(victim: Victim) -> None:
    victim.write("ana.toml", person() + call(1))
    blob = git(victim.folder, "rev-parse", "HEAD:ana.toml")
    (victim.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    git(victim.folder, "config", "core.repositoryFormatVersion", "1")
    victim.config(
        f"""[extensions]
partialClone = origin
[protocol "ext"]
allow = always
[remote "origin"]
url = ext::{victim.attack("promised")} %S
promisor = true
"""
    )
    before = gits(victim)
    assert "state" in looked(victim)
    assert victim.ran == set()
    assert gits(victim) == before
    attempted(victim.folder, "cat-file", "-p", blob)
    assert victim.ran == {"promised"}


def bare(folder: Path, victim: Victim) -> None:
    git(folder.parent, "init", "--quiet", "--bare", "--template=", str(folder))
    with (folder / "config").open("a") as config:
        config.write(f"[core]\nbare = false\nworktree = .\nfsmonitor = {victim.attack('bare')}\n")


def test_a_bare_repository_that_lies_in_the_folder_is_none(tmp_path: Path) -> None:
    """ARCHITECTURE.md, git: `safe.bareRepository=explicit`."""
    for place in ("", "sub"):
        victim = Victim(tmp_path / f"at{place}", tmp_path / f"at{place}" / "journal")
        victim.folder.mkdir(parents=True)
        bare(victim.folder / place, victim)
        victim.write("ana.toml", person())
        before = gits(victim, ".")
        looked(victim)
        with suppress(ConvoError):
            victim.versions.set_up() if not place else victim.versions.state()
        with suppress(ConvoError):
            victim.versions.sync() if not place else victim.versions.state()
        assert victim.ran == set()
        assert gits(victim, ".") == before
        attempted(victim.folder / place, "status")
        assert victim.ran == {"bare"}


@pytest.mark.parametrize("kind", ["file", "link"])
def test_git_s_folder_elsewhere_runs_nothing_by_looking_and_its_hooks_are_named(victim: Victim, kind: str) -> None:
    victim.hook("pre-commit")
    victim.config(f"[core]\nfsmonitor = {victim.attack('fsmonitor')}\n")
    elsewhere = victim.home / "elsewhere"
    (victim.folder / ".git").rename(elsewhere)
    if kind == "file":
        victim.write(".git", f"gitdir: {elsewhere}\n")
    else:
        (victim.folder / ".git").symlink_to(elsewhere)
    before = gits(victim, "../elsewhere")
    assert "history" in looked(victim)
    assert (victim.ran, gits(victim, "../elsewhere")) == (set(), before)
    assert victim.versions.unknown_commands() == ["the hook pre-commit"]


def test_a_work_tree_elsewhere_is_refused_or_named_before_anything_is_written_there(victim: Victim) -> None:
    other = victim.home / "other"
    other.mkdir()
    git(victim.folder, "config", "core.worktree", str(other))
    before = gits(victim)
    looked(victim)
    with pytest.raises(GitFailed, match="choose another one"):
        victim.versions.sync()
    assert gits(victim) == before
    assert list(other.iterdir()) == []
    git(victim.folder, "config", "core.worktree", "../..")
    before = gits(victim)
    looked(victim)
    assert gits(victim) == before
    assert victim.versions.unknown_commands() == ["core.worktree = ../.."]


def test_the_variables_of_a_git_around_us_do_not_lead_to_another_repository(
    victim: Victim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The merge driver, hooks and `git rebase --exec` start us with them."""
    other = begun(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.folder))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.folder / ".git" / "index"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor'='{victim.attack('parameters')}'")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", victim.attack("external"))
    monkeypatch.setenv("GIT_ATTR_SOURCE", EMPTY_TREE)
    before = gits(other)
    victim.write("ana.toml", person() + call(1))
    assert victim.versions.commit() is not None
    for name in [each for each in os.environ if each.startswith("GIT_") and each != "GIT_CONFIG_GLOBAL"]:
        monkeypatch.delenv(name)
    assert git(victim.folder, "log", "-1", "--format=%s") == "Ana Ruiz: call"
    assert gits(other) == before
    assert victim.ran == set()


# ── what a person asked for ──────────────────────────────────────────────────────────────────────────────


def harmless(victim: Victim) -> Iterator[str]:
    """Settings with which a sync still works."""
    for name in HOOKS:
        victim.hook(name, "exit 0" if name not in ("proc-receive", "push-to-checkout") else "exit 1")
    run = victim.attack
    victim.write(".gitattributes", "*.toml filter=x diff=x merge=convo\n*.md merge=x\n")
    yield f"""
[core]
fsmonitor = {run("fsmonitor")}
pager = {run("pager")}
editor = {run("editor")}
alternateRefsCommand = {run("alternates")}
[sequence]
editor = {run("sequence")}
[alias]
commit = "!{run("alias-commit")}"
fetch = "!{run("alias-fetch")}"
[diff]
external = {run("diff")}
[diff "x"]
textconv = {run("textconv", 'cat "$1"')}
[filter "x"]
clean = {run("clean", "cat")}
smudge = {run("smudge", "cat")}
[merge "convo"]
driver = {run("merge-convo", "exit 1")} %O %A %B %P
[commit]
verbose = true
[uploadpack]
packObjectsHook = {run("pack-objects")}
[trailer "x"]
command = {run("trailer")}
[rebase]
instructionFormat = "%s%nexec {run("instruction")}"
[pull]
rebase = true
"""


def one(setting: str, works: bool = False) -> Callable[[Victim], Iterator[str]]:
    """A setting of which RUN is the program."""

    def settings(victim: Victim) -> Iterator[str]:
        yield setting.replace("RUN", victim.attack("run", "exit 0" if works else "exit 1"))

    return settings


def sent_to(setting: str) -> Callable[[Victim], Iterator[str]]:
    """A setting that leads to a repository in the folder, of which a hook runs."""

    def settings(victim: Victim) -> Iterator[str]:
        shutil.copytree(git(victim.folder, "remote", "get-url", "origin"), victim.folder / "brought.git")
        victim.hook("pre-receive", folder="brought.git/hooks")
        yield setting.replace("TOP", str(victim.folder))

    return settings


def submodule(victim: Victim) -> Iterator[str]:
    """A submodule of which the settings are its own."""
    git(victim.folder, "submodule", "--quiet", "add", git(victim.folder, "remote", "get-url", "origin"), "sub")
    git(victim.folder, "commit", "--quiet", "--message=sub")
    victim.config(f"[core]\nfsmonitor = {victim.attack('sub-fsmonitor')}\n", ".git/modules/sub/config")
    git(victim.folder / "sub", "config", "remote.origin.uploadpack", victim.attack("sub-upload", "exit 1"))
    victim.config("fetchRecurseSubmodules = true\n", ".gitmodules")
    yield "[submodule]\nrecurse = true\n[fetch]\nrecurseSubmodules = true\n[push]\nrecurseSubmodules = on-demand\n"


EVERYDAY = ("hooks, filters", "ssh", "upload", "gpg", "push", "submodule")
ATTACKS: dict[str, tuple[Callable[[Victim], Iterator[str]], set[str]]] = {
    "hooks, filters": (harmless, {"hook-pre-commit", "hook-pre-push", "hook-post-commit", "clean"}),
    "ssh": (one('[url "git@x.invalid:"]\ninsteadOf = /\n[core]\nsshCommand = RUN\n'), {"run"}),
    "upload": (one('[remote "origin"]\nuploadpack = RUN\n'), {"run"}),
    "receive": (one('[remote "origin"]\nreceivepack = RUN\n'), {"run"}),
    "ext": (one('[url "ext::RUN %S "]\ninsteadOf = /\n[protocol "ext"]\nallow = always\n'), {"run"}),
    "proxy": (one('[url "git://x.invalid/"]\ninsteadOf = /\n[core]\ngitProxy = RUN\n'), {"run"}),
    "gpg": (one("[gpg]\nprogram = RUN\n[commit]\ngpgSign = true\n"), {"run"}),
    "gpg ssh": (one('[gpg]\nformat = ssh\n[gpg "ssh"]\ndefaultKeyCommand = RUN\n[commit]\ngpgSign = 1\n'), {"run"}),
    "push": (sent_to('[remote "origin"]\npushurl = brought.git\n'), {"hook-pre-receive"}),
    "push by file": (sent_to('[remote "origin"]\npushurl = file://TOP/brought.git\n'), {"hook-pre-receive"}),
    "push by /proc": (sent_to('[remote "origin"]\npushurl = /proc/self/cwd/brought.git\n'), {"hook-pre-receive"}),
    "submodule": (submodule, set()),
}
NEVER = {"pager", "editor", "sequence", "diff", "textconv", "alias-commit", "alias-fetch", "instruction", "trailer"}


@pytest.mark.parametrize(
    "attack", [each if each in EVERYDAY else pytest.param(each, marks=pytest.mark.long) for each in ATTACKS]
)
def test_what_a_sync_runs_was_named_before(between: Victim, attack: str) -> None:
    settings, expected = ATTACKS[attack]
    between.config("".join(settings(between)))
    named = "\n".join(between.versions.unknown_commands())
    assert between.ran == set()
    assert not between.versions.is_used()
    with suppress(ConvoError):
        between.versions.sync()
    ran = between.ran
    assert expected <= ran
    assert not ran & (NEVER | {"fsmonitor", "sub-fsmonitor", "sub-upload"})
    for each in ran:
        hook = each.removeprefix("hook-")
        said = ("brought.git", f"the hook {hook}\n") if each != hook else (f"/{each}",)
        assert any(words in f"{named}\n" for words in said), (each, named)


def test_a_sync_sends_to_the_place_that_is_followed_wherever_else_git_would_push(between: Victim) -> None:
    setting = '[remote]\npushDefault = ./brought.git\n[branch "main"]\npushRemote = TOP/brought.git\n'
    between.config("".join(sent_to(setting)(between)))
    assert between.versions.sync().went
    shared = git(between.folder, "remote", "get-url", "origin")
    assert git(Path(shared), "rev-parse", "HEAD") == git(between.folder, "rev-parse", "HEAD")
    assert between.ran == set()
    attempted(between.folder, "push", "--quiet")
    assert between.ran == {"hook-pre-receive"}


def test_a_folder_of_hooks_that_another_machine_can_fill_is_named_before_it_does(between: Victim) -> None:
    other = between.home.parent / "other"
    git(between.folder, "config", "core.hooksPath", "hooked")
    (other / "hooked").mkdir()
    shutil.copy2(between.attack("hook-pre-push"), other / "hooked" / "pre-push")
    git(other, "add", "hooked")
    git(other, "commit", "--quiet", "--message=hook")
    git(other, "push", "--quiet")
    assert between.versions.unknown_commands() == ["core.hookspath = hooked"]
    between.versions.sync()
    assert between.ran == {"hook-pre-push"}
    assert between.versions.unknown_commands() == ["the hook pre-push"]  # and nothing is done by itself any more


def test_a_rebase_that_goes_on_runs_no_driver_that_was_not_named(between: Victim) -> None:
    git(between.folder, "config", "merge.convo.driver", between.attack("driver", "exit 1") + " %O %A %B %P")
    git(between.folder, "config", "pull.rebase", "true")
    assert [each.partition(" =")[0] for each in between.versions.unknown_commands()] == ["merge.convo.driver"]
    between.versions.set_up()
    assert between.versions.unknown_commands() == []


RUNNING = (
    *("core.hooksPath=hooked", "include.path=x", "includeIf.onbranch:x.path=x"),
    *("core.askPass=x", "credential.helper=x", "credential.https://x.helper=x", "remote.origin.vcs=x"),
    *("gpg.x509.program=x", "gc.recentObjectsHook=x", "core.protectNTFS=false", "core.protectHFS=false"),
    *("lfs.customtransfer.x.path=x", "hook.x.command=x", "merge.a.driver=x", "filter..process=x"),
    *("remote.pushDefault=a.git", "branch.main.pushRemote=a/b", "submodule.a.update=!x"),
    *(
        "remote.a.url=EXT::x",
        "remote.b.url=fd::1",
        "remote.c.url=~/x",
        "url.ext::x.pushInsteadOf=a",
        "url.../x.insteadOf=b",
    ),
    *("remote.d.pushurl=../x", "remote.e.url=file:///%2fproc/self/cwd", "remote.f.url=//proc/self/cwd/x"),
)


def test_settings_that_run_something_are_named(victim: Victim) -> None:
    for each in RUNNING:
        name, _, value = each.partition("=")
        git(victim.folder, "config", name, value)
    named = {each.replace(" = ", "=").lower() for each in victim.versions.unknown_commands()}
    # A remote without an address has its name for one.
    assert named == {each.lower() for each in RUNNING} | {"remote.origin.url=origin", "remote.d.url=d"}
    assert not victim.versions.is_used()


def test_nothing_is_asked_about_the_usual_and_about_what_is_the_person_s_own(between: Victim, quiet_git: Path) -> None:
    run = between.attack
    between.hook("pre-commit", folder="../own")
    with quiet_git.open("a") as own:
        own.write(
            f"""
[core]
hooksPath = {between.home / "own"}
sshCommand = {run("ssh")}
[filter "x"]
clean = {run("clean", "cat")}
[credential]
helper = {run("credential")}
"""
        )
    between.write(".gitattributes", "*.toml filter=x\n")
    for url in ("git@example.org:a/b.git", "https://example.org/a.git", "ssh://example.org/a", "/mnt/stick/a.git"):
        git(between.folder, "config", "--add", "remote.other.url", url)
    assert between.versions.unknown_commands() == []
    between.versions.commit()
    assert between.versions.is_used()
    assert between.ran == {"hook-pre-commit", "clean"}


def test_a_hook_that_changed_or_moved_is_asked_about_again(victim: Victim) -> None:
    victim.hook("pre-commit")
    assert not victim.versions.is_used()
    victim.versions.commit()
    assert victim.versions.is_used()
    victim.hook("pre-commit", "exit 0 # changed")
    assert victim.versions.unknown_commands() == ["the hook pre-commit"]
    victim.versions.commit()
    (victim.folder / ".git/hooks/pre-commit").rename(victim.folder / ".git/hooks/pre-push")
    assert victim.versions.unknown_commands() == ["the hook pre-push"]
    assert victim.versions.commit_by_itself(["ana.toml"]) is None
    assert victim.ran == set()  # there was nothing to commit


def test_the_merge_driver_imports_nothing_of_the_folder_that_is_merged(between: Victim) -> None:
    canary = f"open({str(between.home / 'ran')!r} + '/python', 'w')\n"
    (between.home / "ran").mkdir(exist_ok=True)
    for name in ("json.py", "sitecustomize.py", "usercustomize.py", "click.py", "convo_tui/__init__.py"):
        (between.folder / name).parent.mkdir(exist_ok=True)
        between.write(name, canary)
    assert setting_up.command().split(" ")[1] == "-P"
    done = between.versions.sync()
    assert not [each for each in done.steps if each.endswith("by meaning")]  # the driver has done it
    text = (between.folder / "ana.toml").read_text()
    assert ("enc00001" in text, "enc00002" in text) == (True, True)
    assert between.ran == set()


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────

FILES = {
    "device": b"CON.toml",
    "emoji": "👩\u200d👧 ☕.toml".encode(),
    "long": b"x" * 250 + b".toml",
    "newline": b"a\nb.toml",
    "quotes": b"'\"\\.toml",
    "option": b"-rf.toml",
    "long option": b"--all.toml",
    "magic": b":(glob)*.toml",
    "top": b":!x.toml",
    "glob": b"[a-z]?.toml",
    "escape": b"\x1b]52;c;RVZJTA==\x07.toml",
    "not UTF-8": b"caf\xe9\xff.toml",
    "shell": b"$(touch outside);`id`.toml",
    "right to left": "\u202egnp.toml".encode(),
    "spaces": b" . .toml",
}


def test_a_file_with_any_name_is_committed_alone_and_merged(tmp_path: Path) -> None:
    victim = begun(tmp_path / "home")
    names = {os.fsdecode(data): number for number, data in enumerate(FILES.values(), 10)}
    try:
        for name, number in names.items():
            victim.write(name, person(f"P{number}", number))
    except OSError:
        pytest.skip("no file can have such a name here")
    around = {each for each in tmp_path.rglob("*") if not each.is_relative_to(victim.folder)}
    state = victim.versions.state()
    assert state is not None
    assert set(state.changed) == {as_text(name) for name in names}
    for name, number in names.items():
        version = victim.versions.commit([as_text(name)])
        assert version is not None
        assert version.subject == f"P{number}: new"
        shown = Git(victim.folder).look("show", "--name-only", "-z", "--format=")
        assert shown == os.fsencode(name) + b"\0"
    git(victim.folder, "branch", "theirs")
    for name, number in names.items():
        victim.write(name, person(f"P{number}", number, call(number)))
    victim.versions.commit()
    git(victim.folder, "checkout", "--quiet", "theirs")
    for name, number in names.items():
        victim.write(name, person(f"P{number}", number, call(100 + number)))
    victim.versions.commit()
    with pytest.raises(GitFailed):
        Git(victim.folder).act("-c", "merge.convo.driver=false", "merge", "--quiet", "main")
    state = victim.versions.state()
    assert state is not None
    assert set(state.unmerged) == {as_text(name) for name in names}
    victim.versions.sync()
    assert git(victim.folder, "status", "--porcelain") == ""
    for name, number in names.items():
        text = (victim.folder / name).read_text()
        assert f"enc{number:05}" in text
        assert f"enc{100 + number:05}" in text
    now = {each for each in tmp_path.rglob("*") if not each.is_relative_to(victim.folder)}
    assert {each for each in now - around if not each.is_relative_to(victim.home / "state")} == set()


def tree(folder: Path, *entries: tuple[str, str, str]) -> str:
    """A tree that git would not write itself."""
    data = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(blob) for mode, name, blob in entries)
    done = subprocess.run(
        ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"],
        cwd=folder, input=data, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout.decode().strip()


@pytest.mark.parametrize("kind", ["slash", "dots", "git", "link"])
def test_a_version_that_leads_out_of_the_folder_writes_nothing_there(
    between: Victim, tmp_path: Path, kind: str
) -> None:
    other = tmp_path / "other"
    blob = git(other, "hash-object", "-w", "--stdin", given=person("Evil", 9))
    target = git(other, "hash-object", "-w", "--stdin", given="../outside.toml")
    inner = tree(other, ("100644", "x.toml", blob))
    entry = {
        "slash": ("100644", "../x.toml", blob),
        "dots": ("40000", "..", inner),
        "git": ("40000", ".git", inner),
        "link": ("120000", "ana.toml", target),
    }[kind]
    commit = git(other, "commit-tree", tree(other, entry), "-p", "HEAD", "-m", "evil")
    git(other, "push", "--quiet", "origin", f"{commit}:main")
    (between.home / "outside.toml").write_text(person("Outside", 8))
    before = {each: each.read_bytes() for each in between.home.glob("*.toml")}
    inside = set((between.folder / ".git").rglob("x.toml"))
    with suppress(ConvoError):
        between.versions.sync()
    for decision in ("ana.toml", "x.toml"):
        with suppress(ConvoError):
            between.versions.resolve(decision)
    assert {each: each.read_bytes() for each in between.home.glob("*.toml")} == before
    assert set((between.folder / ".git").rglob("x.toml")) == inside
    assert not (tmp_path / "x.toml").exists()


NAMES = {
    "control": "A\\u0000\\u0001\\u007fB",
    "escape": "A\\u001b]52;c;RVZJTA==\\u0007\\u001b[2JB",
    "newline": "A\\n\\nSigned-off-by: B\\r\\u0085\\u2028C",
    "bidi": "A\\u202E\\u2066B\\u200E",
    "comment": "# A",
    "long": "A" * 300,
    "wide": "名" * 100,
    "option": "--amend",
    "only marks": "\\u202e\\u200b",
}


def test_the_message_is_one_line_that_can_be_printed(victim: Victim) -> None:
    issue = '\n[[issues]]\nid = "20261101-pr1c1ng1"\ntext = "{}"\nowner = "me"\nstate = "open"\n'
    for number, name in enumerate(NAMES.values(), 10):
        victim.write(f"evil{number}.toml", person(name, number, issue.format(name)))
    victim.write("ana.toml", person(more=issue.format(NAMES["control"])))
    planned = [victim.versions.version([f"evil{number}.toml"]) for number, _ in enumerate(NAMES, 10)]
    made = [*planned, victim.versions.version(["ana.toml"]), victim.versions.commit()]
    for version in made:
        assert version is not None
        assert 0 < len(version.subject) <= 72
        assert not version.subject.startswith(": ")
        assert all(line.isprintable() for line in (version.subject, *version.body)), version
    (last,) = (each for each in made[-1:] if each is not None)
    assert git(victim.folder, "log", "-1", "--format=%B").rstrip("\n").split("\n") == [last.subject, "", *last.body]


def test_nothing_that_git_or_a_hook_says_reaches_the_terminal_as_it_is(
    between: Victim, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from convo_tui.cli import run

    evil = "\x1b]52;c;RVZJTA==\x07\x1b[2J\u202e\x9b31m"
    for kind in ("DATA", "STATE", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(between.home / kind))
    other = between.home.parent / "other"
    git(other, "commit", "--quiet", "--allow-empty", f"--message=evil {evil}")
    git(other, "push", "--quiet")
    printed: list[str] = []
    git(between.folder, "remote", "rename", "origin", "or\u202egin")

    def convo(*words: str) -> int:
        code = run(["--dir", str(between.folder), "git", *words])
        printed.extend(capsys.readouterr())
        return code

    assert convo("sync") == 0
    assert "evil" in printed[-2]
    between.hook("pre-commit", f"printf '{evil} refused' >&2; exit 1")
    git(between.folder, "config", "filter.a\x1b[2Jb.clean", f"cat # {evil}")
    between.write("ana.toml", person() + call(3))
    for words in (("status",), ("commit",), ("sync", "--dry-run"), ("commit", "--trust"), ("sync",), ("status",)):
        convo(*words)
    assert any("refused" in each for each in printed)
    assert any("cat #" in each for each in printed)
    for each in printed:
        assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(each), each


# ── nobody waits ─────────────────────────────────────────────────────────────────────────────────────────


def is_running(mark: Path) -> bool:
    pid = int(mark.read_text())
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_a_hook_that_does_not_end_is_ended_with_all_that_it_started(victim: Victim) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("processes are looked up in /proc")
    mark = victim.home / "pid"
    victim.hook("pre-commit", f"sleep 60 &\necho $! > '{mark}'\nwait")
    victim.write("ana.toml", person() + call(1))
    git_ = Git(victim.folder)
    begun_at = time.monotonic()
    with pytest.raises(GitFailed, match="longer than 0 seconds"):
        git_.act("commit", "--quiet", "--all", "--message=x", seconds=0.4)
    assert time.monotonic() - begun_at < 5
    deadline = time.monotonic() + 5
    while is_running(mark):
        assert time.monotonic() < deadline


def test_what_a_hook_leaves_behind_does_not_keep_us_waiting(victim: Victim) -> None:
    """ssh does so, too, with a connection that it shares."""
    mark = victim.home / "pid"
    victim.hook("post-commit", f"sleep 60 &\necho $! > '{mark}'\necho said >&2")
    victim.write("ana.toml", person() + call(1))
    begun_at = time.monotonic()
    version = victim.versions.commit()
    assert time.monotonic() - begun_at < 10
    os.kill(int(mark.read_text()), 9)
    assert version is not None
    assert git(victim.folder, "log", "-1", "--format=%s") == "Ana Ruiz: call"


def test_nothing_asks_at_a_terminal_and_a_question_fails_at_once(
    victim: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_ASKPASS", "SSH_ASKPASS"):
        monkeypatch.setenv(name, victim.attack("asked", "sleep 60"))
    monkeypatch.setenv("GPG_TTY", "/dev/tty")
    victim.hook(
        "pre-commit", 'test -z "$GPG_TTY" || exit 1; read answer || (: </dev/tty) 2>/dev/null || exit 0; exit 1'
    )
    victim.write("ana.toml", person() + call(1))
    begun_at = time.monotonic()
    assert victim.versions.commit() is not None
    with pytest.raises(GitFailed, match="could not read Username"):
        Git(victim.folder).act("credential", "fill", given=b"protocol=https\nhost=example.invalid\n\n")
    assert time.monotonic() - begun_at < 10
    assert victim.ran == {"hook-pre-commit"}


def test_the_time_that_git_may_take_is_told(victim: Victim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LOOKING", 0.3)
    victim.config("[include]\npath = waits\n")
    os.mkfifo(victim.folder / ".git" / "waits")
    with pytest.raises(GitFailed, match="git took longer than 0 seconds and was ended"):
        victim.versions.state()
