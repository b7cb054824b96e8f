"""The versions of the folder on real git: set up, committed, brought together between machines (issue 6)."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from git_home import attempted, git, quiet

from convo_tui.clock import Clock
from convo_tui.core.contradiction import Contradiction, Decision
from convo_tui.core.errors import NotFound, Refused
from convo_tui.paths import Places
from convo_tui.store.errors import Damage
from convo_tui.store.git import setting_up
from convo_tui.store.git.repository import GitFailed, Repository, State
from convo_tui.store.journal import Journal

pytestmark = pytest.mark.usefixtures("quiet_git")

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")

ANA = """\
format = 1
id = "20240301-anaruiz1"
name = "Ana Ruiz"  # since the fair
kind = "person"
role = "Buyer"

[[issues]]
id = "20261101-pr1c1ng1"
text = "send pricing"
owner = "me"
state = "open"
opened = 2026-11-01T10:00:00+01:00
"""
BO = ANA.replace("anaruiz1", "b01indq1").replace("Ana Ruiz", "Bo Lindqvist").replace("pr1c1ng1", "pr1c1ng2")


def call(number: int, note: str = "Talked.") -> str:
    """An encounter of its own."""
    return f"""
[[encounters]]
id = "20261122-enc{number:05}"
at = 2026-11-22T{8 + number % 12:02}:00:00+01:00
channel = "call"
nature = "conversation"
note = "{note}"
"""


@dataclass
class Machine:
    """One machine with its own clone, and its own state."""

    home: Path
    folder: Path

    @classmethod
    def new(cls, home: Path, folder: str = "journal") -> Machine:
        (home / folder).mkdir(parents=True)
        return cls(home, home / folder)

    @property
    def places(self) -> Places:
        return Places(self.folder, self.home / "config", self.home / "cache", self.home / "state")

    @property
    def versions(self) -> Repository:
        return Repository(self.places, Clock(lambda: NOW, NOW.tzinfo or NOW.astimezone().tzinfo))  # type: ignore[arg-type]

    @property
    def state(self) -> State:
        found = self.versions.state()
        assert found is not None
        return found

    def write(self, **texts: str | None) -> None:
        for name, text in texts.items():
            path = self.folder / f"{name}.toml"
            path.unlink() if text is None else path.write_text(text, "utf-8")

    def text(self, name: str = "ana") -> str:
        return (self.folder / f"{name}.toml").read_text("utf-8")

    def change(self, edit: Callable[[str], str], name: str = "ana") -> None:
        self.write(**{name: edit(self.text(name))})

    def committed(self, **texts: str | None) -> None:
        self.write(**texts)
        assert self.versions.commit() is not None

    def subjects(self) -> list[str]:
        return git(self.folder, "log", "--format=%s").split("\n")


def hook_of(machine: Machine, name: str) -> Path:
    """A hook that can be run, once it is written."""
    path = machine.folder / ".git" / "hooks" / name
    path.parent.mkdir()
    path.touch(0o755)
    return path


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two machines that send their versions to one place, made once: each test gets a copy."""
    home = tmp_path_factory.mktemp("machines")
    with quiet(tmp_path_factory.mktemp("git")):
        one = Machine.new(home / "one")
        one.write(ana=ANA, bo=BO)
        one.versions.set_up()
        one.versions.commit()
        git(home, "init", "--quiet", "--bare", "shared.git")
        git(one.folder, "remote", "add", "origin", "../../shared.git")
        one.versions.sync()
        git(home, "clone", "--quiet", "shared.git", "two/journal")
        other = Machine(home / "two", home / "two" / "journal")
        git(other.folder, "remote", "set-url", "origin", "../../shared.git")
        other.versions.set_up()
    return home


@pytest.fixture
def two(template: Path, tmp_path: Path) -> tuple[Machine, Machine]:
    """Two machines that send their versions to one place."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    one, other = (Machine(tmp_path / name, tmp_path / name / "journal") for name in ("one", "two"))
    for each in (one, other):
        git(each.folder, "update-index", "--refresh")
    return one, other


@pytest.fixture
def one(two: tuple[Machine, Machine]) -> Machine:
    """One of them."""
    return two[0]


# ── setting up ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_gets_a_repository_and_the_merge_by_meaning_once(tmp_path: Path) -> None:
    machine = Machine(tmp_path, tmp_path / "journal")
    planned = machine.versions.missing()
    assert not machine.folder.exists()
    added = machine.versions.set_up()
    assert added == planned
    assert len(added) == 5
    assert (machine.folder / ".gitattributes").read_text().endswith("\n*.toml text eol=lf merge=convo\n")
    assert git(machine.folder, "check-attr", "merge", "eol", "--", "x.toml").endswith("merge: convo\nx.toml: eol: lf")
    driver = git(machine.folder, "config", "--local", "merge.convo.driver")
    assert Path(driver.split(" ")[0]).is_absolute()
    assert driver.endswith(" merge-file %O %A %B %P")
    assert machine.versions.set_up() == []
    assert attempted(machine.folder, "log").returncode  # nothing was committed


def test_in_a_repository_that_is_there_only_what_is_missing_is_added(tmp_path: Path) -> None:
    machine = Machine.new(tmp_path)
    git(machine.folder, "init", "--quiet")
    (machine.folder / ".gitattributes").write_text("*.png binary")
    (machine.folder / ".gitignore").write_text("notes/\n/.convo-*.tmp\n")
    added = machine.versions.set_up()
    assert [each.partition(":")[0] for each in added] == [".gitattributes", "the merge by meaning in this clone"]
    lines = (machine.folder / ".gitattributes").read_text().split("\n")
    assert (lines[0], lines[2:]) == ("*.png binary", ["*.toml text eol=lf merge=convo", ""])
    assert (machine.folder / ".gitignore").read_text() == "notes/\n/.convo-*.tmp\n"


def test_a_driver_whose_program_is_gone_is_repaired_and_one_that_is_there_stays(one: Machine, tmp_path: Path) -> None:
    git(one.folder, "config", "merge.convo.driver", f"'{tmp_path}/gone/python' -P -m convo_tui merge-file %O %A %B %P")
    assert not one.state.is_set_up
    assert one.versions.set_up() == ["the merge by meaning in this clone, whose program is gone"]
    assert one.state.is_set_up
    other = f"{shutil.which('true')} merge-file %O %A %B %P"
    git(one.folder, "config", "merge.convo.driver", other)
    assert one.versions.set_up() == []
    assert git(one.folder, "config", "merge.convo.driver") == other


def test_a_fresh_clone_lacks_the_driver_and_knows_it(two: tuple[Machine, Machine], tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "shared.git", "three/journal")
    three = Machine(tmp_path / "three", tmp_path / "three" / "journal")
    assert (three.state.driven, three.state.is_set_up) == (True, False)
    assert three.versions.plan().steps[0].what == "set up"
    three.versions.set_up()
    assert three.state.is_set_up


# ── how it stands ────────────────────────────────────────────────────────────────────────────────────────


def test_the_state_tells_the_branch_what_changed_and_what_both_sides_have(two: tuple[Machine, Machine]) -> None:
    one, other = two
    other.committed(bo=BO + call(1))
    other.versions.sync()
    one.committed(ana=ANA + call(2))
    one.write(bo=BO + call(3), cleo=ANA.replace("anaruiz1", "c1e00000"))
    (one.folder / "README.md").write_text("mine")
    one.versions.fetch()
    now = one.state
    assert (now.branch, now.upstream, now.ahead, now.behind) == ("main", "origin/main", 1, 1)
    assert now.changed == ("bo.toml", "cleo.toml")
    assert now.fetched is not None
    assert not now.is_unmerged


def test_without_versions_or_git_there_is_no_state_and_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine.new(tmp_path)
    assert machine.versions.state() is None
    with pytest.raises(GitFailed, match="convo git init"):
        machine.versions.commit()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.versions.state() is None
    with pytest.raises(GitFailed, match="git is not installed; install it"):
        machine.versions.plan()


def test_looking_changes_nothing_not_even_the_index(one: Machine) -> None:
    (one.folder / "ana.toml").touch()
    before = {path: path.read_bytes() for path in (one.folder / ".git").rglob("*") if path.is_file()}
    one.versions.state()
    one.versions.plan()
    assert {path: path.read_bytes() for path in (one.folder / ".git").rglob("*") if path.is_file()} == before


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_message_says_what_happened(one: Machine) -> None:
    """Issue 6: messages that say what happened ("NAME: call, 1 opened, 1 carried")."""
    opened = '[[issues]]\nid = "20261122-new00001"\ntext = "legal"\nowner = "us"\nstate = "open"\n'
    opened += 'opened = 2026-11-22T09:00:00+01:00\nopened_in = "20261122-enc00001"\n'
    carried = ANA.replace("+01:00\n", '+01:00\ncarried = ["20261122-enc00001"]\n')
    one.committed(ana=carried + opened + call(1))
    assert one.subjects()[0] == "Ana Ruiz: call, 1 opened, 1 carried"
    one.committed(ana=None, bo=BO + call(2))
    assert sorted(one.subjects()[0].split("; ")) == ["Ana Ruiz: deleted", "Bo Lindqvist: call"]


def test_many_are_counted_in_the_subject_and_told_below(one: Machine) -> None:
    people = {f"p{number}": ANA.replace("anaruiz1", f"p{number:07}") for number in range(30)}
    one.committed(**people)
    assert one.subjects()[0] == "30 relationships: Ana Ruiz, Ana Ruiz and 28 more"
    assert git(one.folder, "log", "-1", "--format=%b").count("Ana Ruiz: new") == 30


def test_a_file_that_was_renamed_by_hand_is_one_change(one: Machine) -> None:
    """CONTRACT.md: "a file renamed by hand keeps working"."""
    one.committed(ana=None, ruiz=ANA)
    assert one.subjects()[0] == "Ana Ruiz: file renamed to ruiz.toml"
    one.committed(ruiz=None, ana=ANA + call(1))
    assert one.subjects()[0] == "Ana Ruiz: file renamed to ana.toml, call"
    assert one.state.changed == ()


def test_only_files_of_the_journal_are_committed_and_nothing_that_was_staged(one: Machine) -> None:
    (one.folder / "private.md").write_text("not yours")
    (one.folder / "staged.md").write_text("mine to commit")
    git(one.folder, "add", "staged.md")
    one.committed(ana=ANA + call(1))
    assert git(one.folder, "show", "--name-only", "--format=") == "ana.toml"
    assert git(one.folder, "status", "--porcelain") == "A  staged.md\n?? private.md"


def test_named_files_alone_are_committed(one: Machine) -> None:
    one.write(ana=ANA + call(1), bo=BO + call(2))
    one.versions.commit(["bo.toml"])
    assert one.state.changed == ("ana.toml",)


def test_a_hook_that_refuses_leaves_all_as_it_was(one: Machine) -> None:
    hook = hook_of(one, "pre-commit")
    hook.write_text("#!/bin/sh\necho 'error: not on a Sunday' >&2\nexit 1\n")
    one.write(ana=ANA + call(1), cleo=ANA.replace("anaruiz1", "c1e00000"))
    before = git(one.folder, "status", "--porcelain")
    with pytest.raises(GitFailed, match="git: not on a Sunday"):
        one.versions.commit()
    assert git(one.folder, "status", "--porcelain") == before
    assert len(one.subjects()) == 1


def test_the_author_and_the_signing_are_those_of_the_persons_git(one: Machine, quiet_git: Path, tmp_path: Path) -> None:
    signer = tmp_path / "signer"
    signer.write_text('#!/bin/sh\ncat > /dev/null\necho "[GNUPG:] SIG_CREATED " >&2\necho SIGNED\n')
    signer.chmod(0o755)
    git(one.folder, "config", "--global", "commit.gpgSign", "true")
    git(one.folder, "config", "--global", "gpg.program", str(signer))
    one.committed(ana=ANA + call(1))
    raw = git(one.folder, "cat-file", "commit", "HEAD")
    assert "author Test Person <test@example.org>" in raw
    assert "gpgsig SIGNED" in raw


def test_a_damaged_file_is_left_out_and_named(one: Machine) -> None:
    one.write(ana=ANA + "broken =", bo=BO + call(1))
    version = one.versions.commit()
    assert version is not None
    assert version.files == ("bo.toml",)
    assert re.match(r"ana.toml is damaged and left out: line 13: ", version.left_out[0])
    assert one.state.changed == ("ana.toml",)


def test_without_a_name_git_says_how_to_give_it_one(one: Machine, quiet_git: Path) -> None:
    quiet_git.write_text("[user]\nuseConfigOnly = true\n")
    one.write(ana=ANA + call(1))
    with pytest.raises(GitFailed, match="git does not know who you are"):
        one.versions.commit()


# ── two machines ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_encounter_on_each_of_two_machines_is_both_on_both(two: tuple[Machine, Machine]) -> None:
    """Plain git conflicts every time two machines append an encounter to the same person."""
    one, other = two
    one.write(ana=ANA + call(1))
    other.write(ana=ANA + call(2))
    assert one.versions.sync().undecided == ()
    done = other.versions.sync()
    assert (done.came, done.undecided) == (("Ana Ruiz: call",), ())
    assert other.subjects()[0] == "Merge origin/main: Ana Ruiz: call"
    one.versions.sync()
    assert one.text() == other.text() == ANA + call(1) + call(2)
    assert one.state.ahead == one.state.behind == other.state.ahead == other.state.behind == 0


@pytest.mark.parametrize("how", ["false", "true", pytest.param("merges", marks=pytest.mark.long)])
def test_it_merges_or_rebases_as_the_persons_git_is_set(two: tuple[Machine, Machine], how: str) -> None:
    one, other = two
    git(other.folder, "config", "--global", "pull.rebase", how)
    one.write(ana=ANA + call(1))
    one.versions.sync()
    other.committed(ana=ANA + call(2))
    other.committed(ana=ANA + call(2) + call(4))
    other.versions.sync()
    merges = git(other.folder, "log", "--merges", "--format=%s")
    assert bool(merges) == (how == "false")
    assert other.text() == ANA + call(1) + call(2) + call(4)
    assert not other.state.doing


def test_a_place_that_was_overtaken_is_fetched_again(two: tuple[Machine, Machine], tmp_path: Path) -> None:
    one, other = two
    hook = hook_of(one, "pre-push")  # another machine is faster, once
    other.committed(bo=BO + call(3))
    hook.write_text(f"#!/bin/sh\nrm -f {hook}\nunset GIT_DIR\nexec git -C {other.folder} push -q\n")
    one.write(ana=ANA + call(1))
    done = one.versions.sync()
    assert done.came == ("Bo Lindqvist: call",)
    assert (one.text(), one.text("bo")) == (ANA + call(1), BO + call(3))
    assert one.state.ahead == 0


def test_what_only_a_person_can_decide_is_asked_and_nothing_is_pushed_before(two: tuple[Machine, Machine]) -> None:
    one, other = two
    one.write(ana=ANA.replace("Buyer", "Head of Operations") + call(1))
    one.versions.sync()
    other.write(ana=ANA.replace("Buyer", "Partner") + call(2))
    done = other.versions.sync()
    assert done.undecided == ("ana.toml",)
    assert (other.state.doing, other.state.unmerged) == ("merge", ("ana.toml",))
    with pytest.raises(Refused, match=r"not merged yet \(ana\.toml\)"):
        other.versions.commit()
    with pytest.raises(Contradiction) as asked:
        other.versions.resolve("ana.toml")
    (place,) = asked.value.places
    assert (place.what, place.ours, place.theirs) == ("the role", "Partner", "Head of Operations")
    assert other.versions.resolve("ana.toml", Decision((place,), frozenset({0}))) == "Ana Ruiz"
    assert other.text() == ANA.replace("Buyer", "Partner") + call(1) + call(2)
    assert other.state.error == ""
    assert other.versions.sync().came == ("Ana Ruiz: call, role changed",)
    one.versions.sync()
    assert one.text() == other.text()
    assert [path.read_text() for path in other.places.kept.glob("*.md")] == [
        "# Not kept: the role\n\nHead of Operations"
    ]


def test_in_a_rebase_ours_is_still_what_this_machine_has(two: tuple[Machine, Machine]) -> None:
    one, other = two
    git(other.folder, "config", "pull.rebase", "true")
    one.write(ana=ANA.replace("Buyer", "Head of Operations"))
    one.versions.sync()
    other.write(ana=ANA.replace("Buyer", "Partner"))
    assert other.versions.sync().undecided == ("ana.toml",)
    assert other.state.doing == "rebase"
    with pytest.raises(Contradiction) as asked:
        other.versions.resolve("ana.toml")
    (place,) = asked.value.places
    assert (place.ours, place.theirs) == ("Partner", "Head of Operations")
    other.versions.resolve("ana.toml", Decision((place,), frozenset()))
    assert other.versions.sync().undecided == ()
    assert 'role = "Head of Operations"' in other.text()
    assert not other.state.doing


def test_without_the_driver_what_git_could_not_merge_is_merged_from_what_it_kept(
    two: tuple[Machine, Machine],
) -> None:
    """ARCHITECTURE.md: a failing or missing driver leaves only our side on disk: resolve from index stages 1, 2, 3."""
    one, other = two
    one.write(ana=ANA + call(1))
    one.versions.sync()
    other.committed(ana=ANA + call(2))
    git(other.folder, "config", "--remove-section", "merge.convo")
    git(other.folder, "fetch", "--quiet")
    assert attempted(other.folder, "merge", "origin/main").returncode
    assert "<<<<<<<" in other.text()
    other.versions.sync()
    assert other.text() == ANA + call(1) + call(2)
    assert other.subjects()[0].startswith("Merge")
    assert other.state.error == ""


def test_what_was_written_since_a_driver_failed_is_kept(two: tuple[Machine, Machine]) -> None:
    one, other = two
    one.write(ana=ANA + call(1))
    one.versions.sync()
    other.committed(ana=ANA + call(2))
    git(other.folder, "config", "merge.convo.driver", "false")
    git(other.folder, "fetch", "--quiet")
    assert attempted(other.folder, "merge", "origin/main").returncode
    assert other.text() == ANA + call(2)
    other.write(ana=other.text() + call(3))
    assert other.versions.resolve("ana.toml") == "Ana Ruiz"
    assert other.text() == ANA + call(1) + call(2) + call(3)


def test_deleted_here_and_changed_there_is_asked(two: tuple[Machine, Machine]) -> None:
    one, other = two
    one.write(ana=ANA + call(1))
    one.versions.sync()
    other.write(ana=None)
    assert other.versions.sync().undecided == ("ana.toml",)
    with pytest.raises(Contradiction) as asked:
        other.versions.resolve("ana.toml")
    (place,) = asked.value.places
    assert place.what == "whether Ana Ruiz was deleted"
    assert (place.ours, place.theirs) == ("deleted", "kept: call")
    other.versions.resolve("ana.toml", Decision((place,), frozenset({0})))
    other.versions.sync()
    one.versions.sync()
    assert not (one.folder / "ana.toml").exists()


def test_changed_here_and_deleted_there_can_be_kept(two: tuple[Machine, Machine]) -> None:
    one, other = two
    one.write(ana=None)
    one.versions.sync()
    other.write(ana=ANA + call(1))
    assert other.versions.sync().undecided == ("ana.toml",)
    with pytest.raises(Contradiction) as asked:
        other.versions.resolve("ana.toml")
    other.versions.resolve("ana.toml", Decision(asked.value.places, frozenset({0})))
    other.versions.sync()
    one.versions.sync()
    assert one.text() == ANA + call(1)


def test_two_people_who_got_one_name_of_a_file_are_two_files(two: tuple[Machine, Machine]) -> None:
    one, other = two
    ours, theirs = (ANA.replace("20240301-anaruiz1", f"20261122-c1e0000{number}") for number in (1, 2))
    one.write(cleo=theirs)
    one.versions.sync()
    other.write(cleo=ours)
    assert other.versions.sync().undecided == ()
    one.versions.sync()
    assert one.text("cleo") == ours
    assert one.text("ana-ruiz") == theirs


def test_a_place_that_cannot_be_reached_is_told_and_remembered(two: tuple[Machine, Machine], tmp_path: Path) -> None:
    one, _ = two
    git(one.folder, "remote", "set-url", "origin", str(tmp_path / "nowhere"))
    one.write(ana=ANA + call(1))
    with pytest.raises(GitFailed, match="nowhere"):
        one.versions.sync()
    assert "nowhere" in one.state.error
    assert (one.folder / ".git" / "FETCH_HEAD").stat().st_size == 0
    assert one.state.fetched in (None, one.state.synced)
    assert one.state.changed == ()  # the version is made all the same
    git(one.folder, "remote", "set-url", "origin", str(tmp_path / "shared.git"))
    one.versions.sync()
    assert (one.state.error, one.state.synced) == ("", NOW)


def test_only_this_branch_is_sent_and_only_to_the_place_that_is_followed(
    two: tuple[Machine, Machine], tmp_path: Path
) -> None:
    one, _ = two
    git(tmp_path, "init", "--quiet", "--bare", "backup.git")
    git(one.folder, "remote", "add", "backup", str(tmp_path / "backup.git"))
    git(one.folder, "config", "push.default", "matching")
    git(one.folder, "config", "remote.pushDefault", "backup")
    for place in ("shared.git", "backup.git"):
        git(one.folder, "push", "--quiet", str(tmp_path / place), "main:secret")
    git(one.folder, "switch", "--quiet", "--create", "secret")
    one.committed(bo=BO + call(1))
    git(one.folder, "switch", "--quiet", "main")
    one.write(ana=ANA + call(2))
    assert one.versions.sync().went == 1
    assert git(tmp_path / "shared.git", "log", "-1", "--format=%s", "main") == "Ana Ruiz: call"
    assert "call" not in git(tmp_path / "shared.git", "log", "-1", "--format=%s", "secret")
    assert git(tmp_path / "backup.git", "branch") == "  secret"


def test_a_branch_that_follows_one_beside_it_is_not_sent(one: Machine) -> None:
    git(one.folder, "switch", "--quiet", "--create", "side")
    git(one.folder, "branch", "--quiet", "--set-upstream-to", "main")
    with pytest.raises(Refused, match="side follows main, which is no branch of another place"):
        one.versions.sync()


def test_what_the_person_is_in_the_middle_of_is_theirs_to_finish(one: Machine) -> None:
    one.committed(ana=ANA + call(1))
    git(one.folder, "rebase", "--interactive", "HEAD~1", also={"GIT_SEQUENCE_EDITOR": "sed -i s/^pick/edit/"})
    assert one.state.doing == "rebase"
    with pytest.raises(Refused, match="a rebase of yours is going on"):
        one.versions.sync()
    git(one.folder, "rebase", "--abort")
    git(one.folder, "switch", "--quiet", "--create", "side", "HEAD~1")
    one.committed(bo=BO + call(2))
    git(one.folder, "merge", "--quiet", "--no-commit", "--no-ff", "main")
    (one.folder / "private.txt").write_text("mine")
    git(one.folder, "add", "private.txt")
    one.write(bo=BO + call(2) + call(3))
    for only in (["bo.toml"], None):
        with pytest.raises(Refused, match="a merge is going on; no version is made in between"):
            one.versions.commit(only)
    assert one.state.doing == "merge"


def test_a_rebase_begun_where_a_sync_failed_is_still_the_persons_own(
    two: tuple[Machine, Machine], tmp_path: Path
) -> None:
    one, other = two
    git(other.folder, "config", "pull.rebase", "true")
    one.write(bo=BO + call(1))
    one.versions.sync()
    other.committed(ana=ANA + call(2))
    hook = hook_of(other, "pre-rebase")
    hook.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(GitFailed):
        other.versions.sync()
    hook.unlink()
    git(other.folder, "rebase", "--interactive", "HEAD~1", also={"GIT_SEQUENCE_EDITOR": "sed -i s/^pick/edit/"})
    with pytest.raises(Refused, match="a rebase of yours is going on"):
        other.versions.sync()


def test_nothing_that_only_this_machine_changed_can_be_saved_while_it_is_rebased(two: tuple[Machine, Machine]) -> None:
    """A rebase takes our versions back before it does them again: what is saved in between would be gone with them."""
    one, other = two
    git(other.folder, "config", "pull.rebase", "true")
    one.write(bo=BO + call(1))
    one.versions.sync()
    other.committed(ana=ANA + call(2))
    seen = other.home / "seen"
    locks = other.places.locks
    hook = hook_of(other, "post-checkout")
    look = "from pathlib import Path; from convo_tui.store import files\nfor each in ('ana', 'bo'):\n" + (
        f"    with files.locked(Path('{other.folder}') / (each + '.toml'), Path('{locks}'), 0): print(each)"
    )
    hook.write_text(f'#!/bin/sh\n{sys.executable} -c "{look}" > {seen} 2>&1\n')
    other.versions.sync()
    assert "another program is saving this file" in seen.read_text()
    assert other.text() == ANA + call(2)


def test_in_a_version_of_many_a_damaged_file_is_left_out_too(one: Machine) -> None:
    people = {f"p{number:03}": ANA.replace("anaruiz1", f"p{number:07}") for number in range(103)}
    one.write(**(people | {"p102": "broken ="}))
    version = one.versions.commit()
    assert version is not None
    assert (len(version.files), version.left_out[0][:8]) == (102, "p102.tom")
    assert one.state.changed == ("p102.toml",)


def test_a_name_that_looks_like_a_comment_goes_through_a_rebase(two: tuple[Machine, Machine]) -> None:
    one, other = two
    git(other.folder, "config", "pull.rebase", "true")
    named = ANA.replace('"Ana Ruiz"', '"#ana"')
    one.committed(ana=named)
    one.versions.sync()
    other.versions.sync()
    one.write(ana=named.replace("Buyer", "Boss"))
    one.versions.sync()
    other.write(ana=named.replace("Buyer", "Partner"))
    assert other.versions.sync().undecided == ("ana.toml",)
    with pytest.raises(Contradiction) as asked:
        other.versions.resolve("ana.toml")
    other.versions.resolve("ana.toml", Decision(asked.value.places, frozenset({0})))
    other.versions.sync()
    assert (other.subjects()[0], other.state.doing) == ("ana: role: Buyer → Partner", "")


def test_what_git_put_aside_for_a_rebase_and_cannot_put_back_is_merged_and_told(two: tuple[Machine, Machine]) -> None:
    one, other = two
    git(other.folder, "config", "pull.rebase", "true")
    git(other.folder, "config", "rebase.autoStash", "true")
    one.write(ana=ANA.replace("Buyer", "Boss"))
    one.versions.sync()
    other.committed(bo=BO + call(1))
    other.write(ana=ANA + "broken =")
    told: list[str] = []
    with pytest.raises(Refused, match="side is damaged"):
        other.versions.sync(told.append)
    assert any("in its stash" in each for each in told)
    assert "broken =" in git(other.folder, "stash", "show", "--patch")


def test_a_clone_of_an_empty_place_sends_the_first_versions(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "empty.git")
    git(tmp_path, "clone", "--quiet", "empty.git", "one/journal")
    one = Machine(tmp_path / "one", tmp_path / "one" / "journal")
    one.write(ana=ANA)
    assert one.versions.plan().steps[-1].what == "push 1 version to origin, and follow origin/main from then on"
    one.versions.sync()
    assert git(tmp_path / "empty.git", "log", "--format=%s", "main") == "Ana Ruiz: new, 1 opened"
    assert one.state.upstream == "origin/main"


def test_a_journal_that_began_elsewhere_is_not_mixed_with_this_one(
    two: tuple[Machine, Machine], tmp_path: Path
) -> None:
    three = Machine.new(tmp_path / "three")
    three.versions.set_up()
    three.committed(cleo=ANA.replace("anaruiz1", "c1e00000"))
    git(three.folder, "remote", "add", "origin", str(tmp_path / "shared.git"))
    with pytest.raises(GitFailed, match=r"origin/main began by itself .* --allow-unrelated-histories"):
        three.versions.sync()
    assert (three.state.doing, sorted(each.name for each in three.folder.glob("*.toml"))) == ("", ["cleo.toml"])


def test_what_git_ignores_and_what_locks_it_is_said(one: Machine) -> None:
    (one.folder / ".gitignore").write_text("*.toml\n")
    assert any("ignore *.toml here" in each for each in one.versions.plan().notes)
    (one.folder / ".git" / "index.lock").touch()
    with pytest.raises(GitFailed, match=r"another git is at work here; .* remove .*index\.lock"):
        one.versions.commit()


def test_a_repository_that_git_cannot_read_is_not_taken_for_none(one: Machine) -> None:
    (one.folder / ".git" / "HEAD").write_text("garbage")
    for ask in (one.versions.state, one.versions.plan, one.versions.set_up):
        with pytest.raises(GitFailed, match=r"\.git: git cannot read it"):
            ask()


def test_the_plan_says_what_a_sync_does_and_does_nothing(two: tuple[Machine, Machine]) -> None:
    one, other = two
    other.committed(bo=BO + call(1))
    other.versions.sync()
    one.versions.fetch()
    one.committed(bo=BO.replace("Buyer", "Boss"))
    one.write(ana=ANA + call(2))
    before = git(one.folder, "rev-parse", "HEAD"), one.text()
    plan = one.versions.plan()
    assert [each.what for each in plan.steps] == [
        "make a version of 1 file",
        "fetch from origin",
        "merge 1 version of origin/main",
        "push 2 versions to origin",
    ]
    assert plan.steps[0].detail == ("Ana Ruiz: call",)
    assert (git(one.folder, "rev-parse", "HEAD"), one.text()) == before


# ── wherever the folder is ───────────────────────────────────────────────────────────────────────────────


def test_the_folder_may_be_a_subfolder_of_a_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    machine = Machine.new(tmp_path / "one", "größe/my journal")
    machine.write(ana=ANA, élan=BO)
    assert not machine.state.is_ours
    machine.versions.set_up()
    (tmp_path / "other.toml").write_text("not of the journal")
    machine.versions.commit()
    assert machine.state.is_ours
    assert git(tmp_path, "status", "--porcelain", "-z").split("\0")[:-1] == ["?? one/state/", "?? other.toml"]
    machine.committed(élan=BO + call(1))
    assert machine.subjects()[0] == "Bo Lindqvist: call"
    assert not (machine.folder / ".git").exists()


def test_the_folder_may_be_a_worktree_of_a_bare_clone(two: tuple[Machine, Machine], tmp_path: Path) -> None:
    one, _ = two
    git(tmp_path, "clone", "--quiet", "--bare", str(tmp_path / "shared.git"), "bare.git")
    git(tmp_path / "bare.git", "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    git(tmp_path / "bare.git", "fetch", "--quiet")
    git(tmp_path / "bare.git", "worktree", "add", "--quiet", str(tmp_path / "three" / "journal"), "main")
    three = Machine(tmp_path / "three", tmp_path / "three" / "journal")
    git(three.folder, "branch", "--quiet", "--set-upstream-to=origin/main")
    three.write(ana=ANA + call(1))
    one.write(ana=ANA + call(2))
    one.versions.sync()
    assert three.versions.sync().undecided == ()
    assert three.text() == ANA + call(1) + call(2)


def test_a_detached_head_is_told_and_a_version_can_still_be_made(one: Machine) -> None:
    git(one.folder, "checkout", "--quiet", "--detach")
    assert one.state.branch == ""
    assert "detached" in one.versions.plan().hindrance
    with pytest.raises(Refused, match="git switch"):
        one.versions.sync()
    one.committed(ana=ANA + call(1))
    assert one.subjects()[0] == "Ana Ruiz: call"


def test_during_someones_rebase_nothing_is_committed_and_the_rest_works(one: Machine) -> None:
    git(one.folder, "switch", "--quiet", "--create", "side")
    one.committed(ana=ANA.replace("Buyer", "Boss"))
    git(one.folder, "switch", "--quiet", "main")
    one.committed(ana=ANA.replace("Buyer", "Partner"))
    git(one.folder, "config", "--remove-section", "merge.convo")
    assert attempted(one.folder, "rebase", "side").returncode
    assert (one.state.doing, one.state.unmerged) == ("rebase", ("ana.toml",))
    one.write(bo=BO + call(1))
    with pytest.raises(Refused):
        one.versions.commit()
    assert "bo.toml" in one.state.changed


def test_a_submodule_is_left_alone(one: Machine, tmp_path: Path) -> None:
    library = Machine.new(tmp_path / "library")
    library.versions.set_up()
    library.committed(x=BO)
    git(one.folder, "submodule", "--quiet", "add", str(library.folder), "library")
    git(one.folder, "commit", "--quiet", "-m", "submodule")
    (one.folder / "library" / "x.toml").write_text("changed inside")
    one.committed(ana=ANA + call(1))
    assert git(one.folder, "show", "--name-only", "--format=") == "ana.toml"
    assert one.state.changed == ()


def test_markers_in_a_file_are_merged_also_where_there_are_no_versions(tmp_path: Path) -> None:
    machine = Machine.new(tmp_path)
    ours, theirs = call(1).split("\n"), call(2).split("\n")
    marked = ["<<<<<<< laptop", *ours[1:-1], "=======", *theirs[1:-1], ">>>>>>> phone", ""]
    machine.write(ana=ANA + "\n" + "\n".join(marked))
    assert machine.versions.resolve("ana.toml") == "Ana Ruiz"
    assert machine.text() == ANA + call(1) + call(2)
    with pytest.raises(Refused, match="nothing to merge"):
        machine.versions.resolve("ana.toml")


def test_a_file_that_was_put_right_can_be_changed_before_anybody_has_looked(one: Machine) -> None:
    with closing(Journal(one.places, Clock(lambda: NOW, UTC))) as journal:
        journal.refresh()
        one.write(ana=ANA + "<<<<<<< ours\n")
        journal.refresh()
        with pytest.raises(Damage):
            journal.change("ana.toml", "a role", lambda now: now)
        with pytest.raises(NotFound):
            journal.change("20240301-anaruiz1", "a role", lambda now: now.model_copy(update={"role": "Boss"}))
        one.write(ana=ANA)
        journal.change("20240301-anaruiz1", "a role", lambda now: now.model_copy(update={"role": "Boss"}))
    assert one.text() == ANA.replace("Buyer", "Boss")


def test_what_git_would_run_here_is_named_once_and_again_when_it_changes(one: Machine) -> None:
    one.versions.sync()
    assert one.versions.is_used()
    hook = hook_of(one, "pre-commit")
    hook.write_text("#!/bin/sh\nexit 0\n")
    assert one.versions.unknown_commands() == ["the hook pre-commit"]
    assert not one.versions.is_used()
    one.committed(ana=ANA + call(1))
    assert one.versions.unknown_commands() == []
    hook.write_text("#!/bin/sh\nexit 1\n")
    assert one.versions.unknown_commands() == ["the hook pre-commit"]


def test_ages_read_as_people_say_them() -> None:
    from convo_tui.store.git.repository import ago

    assert [ago(each) for each in (5, 90, 7300, timedelta(days=3).total_seconds())] == [
        "just now",
        "1 min ago",
        "2 h ago",
        "3 d ago",
    ]


def test_the_driver_is_called_so_that_nothing_in_the_folder_is_imported() -> None:
    assert " -P -m convo_tui merge-file %O %A %B %P" in setting_up.command()
