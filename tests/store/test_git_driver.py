"""Real git over the files of two machines, with the merge driver set up and without: GATES.md 12."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from git_home import attempted, git

from convo_tui.core import edits
from convo_tui.core.models import ENTRY_KINDS, Encounter, Heard, Issue, Relationship
from convo_tui.store import codec
from convo_tui.store.marked import sides
from convo_tui.store.merging import combined

ZONE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=ZONE)
TODAY = NOW.date()
DRIVER = f'"{sys.executable}" -m convo_tui merge-file %O %A %B %P'
NAMES = ("ana-ruiz.toml", "josé maría.toml", "it's-me.toml")

pytestmark = pytest.mark.usefixtures("quiet_git")

Edit = Callable[[Relationship], Relationship]
Versions = Mapping[str, Relationship]


# ── two machines ─────────────────────────────────────────────────────────────────────────────────────────


def _lived_in(number: int) -> Relationship:
    """A relationship of some months: ten issues, of which every third recurs, and ten encounters."""
    begin = NOW - timedelta(days=60)
    days = [begin + timedelta(days=each) for each in range(10)]
    issues = [
        Issue(id=f"issue-{each}", text=f"issue {each}", opened=at, every="1m" if each % 3 == 0 else None)
        for each, at in enumerate(days)
    ]
    encounters = [
        Encounter(id=f"encounter-{each}", at=at, note="We talked.\nAt length.") for each, at in enumerate(days)
    ]
    return edits.new_relationship(
        f"20240301-0000000{number}", f"Someone {number}", tags=("a",), issues=issues, encounters=encounters
    )


@dataclass
class Machine:
    """Random edits of one relationship, of every second entry, each kept to be made again on top of the other's."""

    name: str
    rng: random.Random

    def __post_init__(self) -> None:
        self.entries = list(range(0 if self.name == "ours" else 1, 10, 2))
        self.rng.shuffle(self.entries)
        kinds = [
            self.call,
            self.call,
            self.open,
            self.hear,
            self.settle,
            self.talk_again,
            self.tag,
            self.write,
            self.take,
        ]
        self.edits: list[Edit] = [edit() for edit in self.rng.sample(kinds, self.rng.randint(1, 5))]

    def on(self, relationship: Relationship) -> Relationship:
        for edit in self.edits:
            relationship = edit(relationship)
        return relationship

    def fresh(self) -> str:
        return f"{self.name}-{self.rng.randrange(10**9)}"

    def call(self) -> Edit:
        at = NOW + timedelta(minutes=self.rng.randrange(5))
        new = Encounter(id=self.fresh(), at=at, note=f"{self.name} called.\n\n# and said")
        return lambda now: edits.added(now, "encounters", new)

    def open(self) -> Edit:
        new = Issue(id=self.fresh(), text="new", opened=NOW)
        return lambda now: edits.added(now, "issues", new)

    def hear(self) -> Edit:
        new = Heard(id=self.fresh(), text="new", at=NOW)
        return lambda now: edits.added(now, "heard", new)

    def settle(self) -> Edit:
        identity = f"issue-{self.entries.pop()}"
        return lambda now: edits.settle(now, identity, NOW, outcome=f"by {self.name}")

    def talk_again(self) -> Edit:
        issue, into = f"issue-{self.entries.pop()}", Encounter(id=self.fresh(), at=NOW)
        return lambda now: edits.carry(edits.added(now, "encounters", into), issue, into, TODAY)

    def tag(self) -> Edit:
        return lambda now: edits.changed(now, tags=(*now.tags, self.name))

    def write(self) -> Edit:
        identity = f"encounter-{self.entries.pop()}"
        return lambda now: _noted(now, identity, f"more of {self.name}")

    def take(self) -> Edit:
        identity = f"encounter-{self.entries.pop()}"
        return lambda now: edits.removed(now, identity)


def _noted(now: Relationship, identity: str, line: str) -> Relationship:
    old = edits.encounter(now, identity)
    return edits.replaced(now, "encounters", edits.changed(old, note=f"{old.note}\n{line}"))


def _says(relationship: Relationship) -> dict[str, Any]:
    """What it says, whatever the order of entries."""
    entries = {entry.id: entry.to_file() for table in ENTRY_KINDS for entry in getattr(relationship, table)}
    head = {key: value for key, value in relationship.to_file().items() if key not in ENTRY_KINDS}
    return {**entries, "": {**head, "tags": frozenset(relationship.tags)}}


# ── the repository ───────────────────────────────────────────────────────────────────────────────────────


class Repository:
    """A journal under git, on the branch main."""

    def __init__(self, folder: Path, *, has_driver: bool) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        git(folder, "init", "-q")
        git(folder, "config", "core.quotePath", "false")
        if has_driver:
            git(folder, "config", "merge.convo.driver", DRIVER)
        (folder / ".gitattributes").write_text("*.toml text eol=lf merge=convo\n")

    def write(self, versions: Versions) -> None:
        """Change the files to say this, as the program does."""
        for name, wanted in versions.items():
            path = self.folder / name
            text = codec.splice(self.document(path.read_bytes()), wanted) if path.exists() else codec.write(wanted)
            path.write_text(text, "utf-8")

    def commit(self, message: str) -> None:
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "-m", message)

    def document(self, data: bytes) -> codec.Document:
        return codec.read(data, ZONE)

    def unmerged(self) -> set[str]:
        return {line.partition("\t")[2] for line in git(self.folder, "ls-files", "-u").splitlines()}

    def stages(self, name: str) -> list[codec.Document]:
        return [self.document(f"{git(self.folder, 'show', f':{stage}:{name}')}\n".encode()) for stage in (1, 2, 3)]

    def branch(self, base: Versions, ours: Versions, theirs: Versions) -> None:
        """Commit the base, theirs on the branch `theirs`, and ours on main."""
        self.write(base)
        self.commit("base")
        git(self.folder, "checkout", "-q", "-b", "theirs")
        self.write(theirs)
        self.commit("theirs")
        git(self.folder, "checkout", "-q", "main")
        self.write(ours)
        self.commit("ours")


def _merge(repository: Repository, base: Versions, ours: Versions, theirs: Versions) -> Any:
    repository.branch(base, ours, theirs)
    return attempted(repository.folder, "merge", "-q", "--no-edit", "theirs")


def _rebase(repository: Repository, base: Versions, ours: Versions, theirs: Versions) -> Any:
    repository.branch(base, ours, theirs)
    return attempted(repository.folder, "rebase", "-q", "theirs")


def _cherry_pick(repository: Repository, base: Versions, ours: Versions, theirs: Versions) -> Any:
    repository.branch(base, ours, theirs)
    return attempted(repository.folder, "cherry-pick", "theirs")


def _stash_pop(repository: Repository, base: Versions, ours: Versions, theirs: Versions) -> Any:
    repository.write(base)
    repository.commit("base")
    repository.write(theirs)
    git(repository.folder, "stash", "-q")
    repository.write(ours)
    repository.commit("ours")
    return attempted(repository.folder, "stash", "pop", "-q")


OPERATIONS = [_merge, _rebase, _cherry_pick, _stash_pop]


def _run(folder: Path, operate: Callable[..., Any], seed: int, *, has_driver: bool) -> int:
    """Let git merge the edits of two machines to each of three relationships; return how many conflicts it left."""
    repository = Repository(folder, has_driver=has_driver)
    base = {name: _lived_in(number) for number, name in enumerate(NAMES)}
    machines = {
        name: [Machine(side, random.Random(f"{seed} {name} {side}")) for side in ("ours", "theirs")] for name in NAMES
    }
    ours, theirs = ({name: machines[name][side].on(base[name]) for name in NAMES} for side in (0, 1))
    done = operate(repository, base, ours, theirs)
    unmerged = repository.unmerged()
    assert (done.returncode == 0) == (not unmerged), done.stderr
    for name in NAMES:
        mine, other = machines[name]
        if name in unmerged:
            result = combined(*repository.stages(name))
            assert not result.merged.clashes
            found = repository.document(result.text.encode())
        else:
            found = repository.document((folder / name).read_bytes())
        wanted = other.on(mine.on(base[name]))
        assert _says(found.relationship) == _says(wanted), f"seed {seed}: {name}"
    assert {path.name for path in folder.iterdir()} == {".git", ".gitattributes", *NAMES}, "no litter"
    return len(unmerged)


@pytest.mark.parametrize("operate", OPERATIONS)
def test_with_the_driver_git_merges_what_two_machines_did(tmp_path: Path, operate: Callable[..., Any]) -> None:
    assert _run(tmp_path / "journal", operate, 0, has_driver=True) == 0


@pytest.mark.parametrize("operate", OPERATIONS)
def test_without_the_driver_the_stages_of_the_index_hold_it_all(tmp_path: Path, operate: Callable[..., Any]) -> None:
    assert _run(tmp_path / "journal", operate, 0, has_driver=False) > 0


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("operate", OPERATIONS)
@pytest.mark.parametrize("has_driver", [True, False])
def test_sixty_times_nothing_is_lost(tmp_path: Path, operate: Callable[..., Any], has_driver: bool) -> None:
    """ "real git: merge, rebase, cherry-pick, stash; 60 each, with and without the driver set up"."""
    left = [_run(tmp_path / str(seed), operate, seed, has_driver=has_driver) for seed in range(1, 21)]
    assert not has_driver or sum(left) * 100 < 60


# ── what is left to a person ─────────────────────────────────────────────────────────────────────────────


def test_what_is_contradictory_stands_in_the_file_and_in_the_index(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "journal", has_driver=True)
    base, (ours, theirs) = _lived_in(1), (_due(_lived_in(1), days) for days in (1, 2))
    called = edits.added(theirs, "encounters", Encounter(id="their-call", at=NOW))
    done = _merge(repository, {NAMES[1]: base}, {NAMES[1]: ours}, {NAMES[1]: called})
    assert done.returncode == 1
    assert f"convo: {NAMES[1]}: both sides changed the due date of “issue 2”; look for <<<<<<<" in done.stderr
    found = sides((repository.folder / NAMES[1]).read_text("utf-8"))
    assert found is not None
    assert [codec.read(each.encode(), ZONE).relationship.issues[2].due for each in (found.ours, found.theirs)] == [
        _day(1),
        _day(2),
    ]
    assert "their-call" in found.ours, "everything else is merged"
    assert [each.relationship for each in repository.stages(NAMES[1])] == [base, ours, called]


def test_what_both_added_is_merged_and_what_is_damaged_is_left_to_a_person(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "journal", has_driver=True)
    there, damaged = repository.folder / NAMES[0], "format = 1\nid = "
    one, other = (edits.added(_lived_in(2), "encounters", Encounter(id=name, at=NOW)) for name in ("one", "other"))
    repository.write({NAMES[0]: _lived_in(0)})
    repository.commit("base")
    git(repository.folder, "checkout", "-q", "-b", "theirs")
    there.write_text(damaged)
    repository.write({NAMES[2]: other})
    repository.commit("theirs")
    git(repository.folder, "checkout", "-q", "main")
    repository.write({NAMES[0]: _due(_lived_in(0), 1), NAMES[2]: one})
    repository.commit("ours")
    done = attempted(repository.folder, "merge", "theirs")
    assert "their version cannot be read (line 2: " in done.stderr
    found = sides(there.read_text())
    assert found is not None
    assert found.theirs == damaged
    assert repository.document(found.ours.encode()).relationship == _due(_lived_in(0), 1)
    assert repository.unmerged() == {NAMES[0]}
    now = _says(repository.document((repository.folder / NAMES[2]).read_bytes()).relationship)
    assert now.keys() == _says(one).keys() | _says(other).keys()


def _day(days: int) -> Any:
    return TODAY + timedelta(days=days)


def _due(relationship: Relationship, days: int) -> Relationship:
    return edits.change_issue(relationship, "issue-2", due=_day(days))
