"""GATES.md 1, 3, 4 and 5 for whole changes, as a person makes them: every file of a change, its trash, its undo."""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
import random
import re
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import files_workers
import pytest
from files_workers import ACTIONS, journal_below, places_below

from convo_tui.core.errors import ConvoError
from convo_tui.store import system
from convo_tui.store.drafts import Drafts
from convo_tui.store.errors import Unwritable
from convo_tui.store.journal import Journal

FAULTS = {
    errno.ENOSPC: "(?i)no space left|database or disk is full",
    errno.EIO: "the device reported an error|Input/output error|disk I/O error",
    errno.EROFS: "(?i)read-only|readonly database",
    errno.EACCES: "permission|Permission|unable to open",
    errno.EFBIG: "larger than the system allows|File too large|disk I/O error",
}
SQLITE = {errno.ENOSPC: "database or disk is full", errno.EROFS: "attempt to write a readonly database"}


# ── one journal, put back to its beginning before every try ──────────────────────────────────────────────


class Scene:
    """A journal before an action, put back as often as that is tried; what it holds before and after."""

    def __init__(self, root: Path, action: str) -> None:
        self.root, self.action = root / "home", action
        self._template = root / "template"
        files_workers.prepare(self.root, action)
        shutil.copytree(self.root, self._template)
        self.before, self.had_draft = self.contents, self.has_draft
        with closing(journal_below(self.root)) as journal:
            self.act(journal)
            journal.drafts.close()
        self.after = self.contents

    def act(self, journal: Journal) -> None:
        ACTIONS[self.action][1](journal)

    def reset(self) -> None:
        shutil.rmtree(self.root)
        shutil.copytree(self._template, self.root)

    @property
    def contents(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in places_below(self.root).journal.iterdir()}

    @property
    def kept(self) -> bytes:
        """All that stands anywhere below the journal, the trash, and what lost."""
        places = places_below(self.root)
        folders = (places.journal, places.trash, places.kept)
        return b"".join(path.read_bytes() for each in folders for path in each.rglob("*.toml"))

    def sweep(self) -> None:
        """Start again, and see that nothing is left of a save that was cut short."""
        with closing(journal_below(self.root)) as journal:
            assert journal.sweep() == []
        assert list(self.root.rglob(".convo-*")) == []

    @property
    def has_draft(self) -> bool:
        return [each.text[:5] for each in Drafts(places_below(self.root).drafts).all()] == ["words"]


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Faults:
    """Counts what a program asks of the system, and refuses one call of it; only in the thread that made this."""

    fault: int = 0
    at: int = -1
    calls: list[str] = field(default_factory=list)
    armed: bool = False
    thread: int = field(default_factory=threading.get_ident)

    def refuses(self, name: str) -> bool:
        if not self.armed or threading.get_ident() != self.thread:
            return False
        self.calls.append(name)
        return len(self.calls) - 1 == self.at

    def arm(self, fault: int, at: int) -> None:
        self.fault, self.at, self.calls, self.armed = fault, at, [], True


_CALLS = (
    *("open", "read", "write", "fsync", "fdatasync", "close", "rename", "replace", "link", "unlink", "mkdir", "rmdir"),
    *("stat", "lstat", "fstat", "fchmod", "fchown", "listdir", "scandir"),
)


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    """Stands between the program and the system: below every function of ours, and the renames with a flag."""
    faults = Faults()

    def between(name: str, genuine: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if not faults.refuses(name):
                return genuine(*arguments, **options)
            if name == "close":
                genuine(*arguments, **options)
            raise OSError(faults.fault, os.strerror(faults.fault), *arguments[:1])

        return call

    class Connection(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            if faults.refuses(f"sqlite {arguments[0].strip()[:6]}"):
                raise sqlite3.OperationalError(SQLITE.get(faults.fault, "disk I/O error"))
            return super().execute(*arguments)

    for name in _CALLS:
        monkeypatch.setattr(os, name, between(name, getattr(os, name)))
    monkeypatch.setattr(fcntl, "flock", between("flock", fcntl.flock))
    flagged = system._flagged()
    assert flagged is not None
    monkeypatch.setattr(
        system, "_flagged", lambda: lambda *how: faults.fault if faults.refuses("renameat2") else flagged(*how)
    )
    connect = sqlite3.connect

    def connected(path: str | Path, **how: Any) -> sqlite3.Connection:
        # The index has its own tests: what fails there is read again from the files.
        return connect(path, **how, factory=Connection) if Path(path).name == "undo.sqlite" else connect(path, **how)

    monkeypatch.setattr(sqlite3, "connect", connected)
    return faults


def require_all_or_nothing(scene: Scene, error: str, place: str) -> None:
    """GATES.md 3: old bytes intact, draft kept, message names file and cause."""
    contents = {name: data for name, data in scene.contents.items() if not name.startswith(".convo-")}
    if not error:
        assert contents == scene.after, place
        return
    about_draft = "/drafts" in error
    assert contents == scene.before or (about_draft and contents == scene.after), place
    is_saved = contents == scene.after != scene.before  # then only what was left to clear away of the draft failed
    assert scene.has_draft or is_saved or not scene.had_draft, place
    assert "\n" not in error, place
    assert str(scene.root) in error, place
    assert any(re.search(cause, error) for cause in FAULTS.values()), place


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("stride", [pytest.param(23, id="some"), pytest.param(1, id="all", marks=pytest.mark.long)])
@pytest.mark.parametrize("action", ACTIONS)
def test_a_fault_at_any_call_of_a_change_does_all_of_it_or_nothing(
    tmp_path: Path, faults: Faults, action: str, stride: int
) -> None:
    """GATES.md 3: ENOSPC, EIO, EROFS, EACCES, EFBIG at every system call of a save, one by one."""
    scene = Scene(tmp_path, action)
    scene.reset()
    with closing(journal_below(scene.root)) as journal:
        journal.refresh()
        faults.arm(0, -1)
        scene.act(journal)
        calls, faults.armed = faults.calls, False
        journal.drafts.close()
    assert len(calls) > 10

    turn, told = itertools.cycle(FAULTS), 0
    tries = range(hash_of(action) % stride, len(calls), stride)
    for at, _ in itertools.product(tries, FAULTS if stride == 1 else range(1)):
        fault = next(turn)
        if means_busy(calls[at], fault):
            continue
        scene.reset()
        with closing(journal_below(scene.root)) as journal:
            journal.refresh()
            error = attempt(scene, journal, faults, fault, at)
            place = f"{errno.errorcode[fault]} at {at} {calls[at]}: {error!r}, {journal.trouble!r}"
            told += bool(error)
            require_all_or_nothing(scene, error, place)
            if error and scene.contents != scene.after:
                scene.act(journal)
                journal.drafts.close()
                assert {k: v for k, v in scene.contents.items() if k[0] != "."} == scene.after, f"again: {place}"
        scene.sweep()
    assert told


def means_busy(call: str, fault: int) -> bool:
    """Whether that is no fault, but says that another program holds the lock."""
    return call == "flock" and fault == errno.EACCES


def hash_of(text: str) -> int:
    return sum(map(ord, text))


def attempt(scene: Scene, journal: Journal, faults: Faults, fault: int, at: int) -> str:
    """Do the action while one call of it fails; return what is told, or nothing."""
    faults.arm(fault, at)
    try:
        scene.act(journal)
    except ConvoError as error:
        return str(error)
    finally:
        faults.armed = False
        journal.drafts.close()
    return ""


def test_a_fault_in_what_can_be_taken_back_is_told_and_fails_no_change(tmp_path: Path, faults: Faults) -> None:
    """It is told once instead, and what was done can be taken back until the program ends."""
    scene = Scene(tmp_path, "log")
    scene.reset()
    with closing(journal_below(scene.root)) as journal:
        journal.refresh()
        faults.arm(0, -1)
        scene.act(journal)
        calls, faults.armed = faults.calls, False
        journal.drafts.close()
    for at in [nth for nth, name in enumerate(calls) if name.startswith("sqlite")]:
        scene.reset()
        with closing(journal_below(scene.root)) as journal:
            journal.refresh()
            assert attempt(scene, journal, faults, errno.ENOSPC, at) == ""
            assert scene.contents == scene.after
            assert re.fullmatch(
                r".*undo\.sqlite: .*full; what is done now cannot be taken back once this program has ended.*",
                journal.trouble,
            )
            journal.undo()
            assert scene.contents == scene.before
            assert journal.last_change is None


@pytest.mark.parametrize("reading", range(5))
def test_an_undo_that_cannot_know_what_was_done_says_so_and_works_when_it_can(
    tmp_path: Path, faults: Faults, reading: int
) -> None:
    scene = Scene(tmp_path, "undo a log")
    scene.reset()
    with closing(journal_below(scene.root)) as journal:
        journal.refresh()
        faults.arm(0, -1)
        scene.act(journal)
        calls, faults.armed = faults.calls, False
    at = [nth for nth, name in enumerate(calls) if name.startswith("sqlite")][reading]
    scene.reset()
    with closing(journal_below(scene.root)) as journal:
        journal.refresh()
        error = attempt(scene, journal, faults, errno.ENOSPC, at)
        assert re.search(r"undo\.sqlite: .*is full", error)
        assert scene.contents == scene.before
        scene.act(journal)
        assert scene.contents == scene.after
        assert journal.trouble == ""


# ── kill -9 ──────────────────────────────────────────────────────────────────────────────────────────────

KILLED = (
    "log",
    "move",
    "delete",
    "delete an entry",
    "join",
    "undo a log",
    "undo a deletion",
    "undo a join",
    "redo a join",
)


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("kills", [pytest.param(2, id="2"), pytest.param(60, id="60", marks=pytest.mark.long)])
@pytest.mark.parametrize("action", KILLED)
def test_a_change_that_is_killed_tears_and_loses_nothing_and_is_mended_by_doing_it_again(
    tmp_path: Path, action: str, kills: int
) -> None:
    """GATES.md 1: no torn file, no acknowledged save lost, no litter after the next start."""
    scene = Scene(tmp_path, action)
    chance, halves = random.Random(hash_of(action)), 0
    for run in range(kills):
        scene.reset()
        process, connection = files_workers.start(files_workers.act, scene.root, action)
        assert connection.recv() == "ready"
        folder = places_below(scene.root).journal
        began = folder.stat().st_mtime_ns
        connection.send("go")
        if run % 2:  # at any moment, or soon after the first file has begun to change
            connection.poll(chance.uniform(0, 0.05))
        else:
            while folder.stat().st_mtime_ns == began and not connection.poll():
                pass
            connection.poll(chance.uniform(0, 0.01))
        process.kill()
        acknowledged = list(files_workers.received(connection))
        process.join()

        scene.sweep()
        left = scene.contents
        for name in {*scene.before, *scene.after, *left}:
            assert left.get(name) in (scene.before.get(name), scene.after.get(name)), f"{name} is torn"
        if acknowledged:
            assert left == scene.after
        require_every_record(scene)
        halves += require_mended(scene, left)
    if kills > 4:
        assert halves, "no kill came in the middle of a change: this shows nothing"


def require_every_record(scene: Scene) -> None:
    """Nothing that stood in the journal is in no file, no trash and no draft."""
    everything = scene.kept
    for data in scene.before.values():
        for identity in re.findall(rb'^id = "(.*)"', data, re.MULTILINE):
            assert identity in everything or scene.action.startswith("undo a log"), identity


NAMED = {
    "move": "has the same id as an entry in",
    "delete": "which is nowhere in this journal",
    "delete an entry": "which is nowhere in this journal",
    "undo a deletion": "which is nowhere in this journal",
}
"""What `convo check` says of what is left half done. A log that was cut short has its draft still, which is ended
again; a join leaves a relationship beside that which it became part of."""


def require_mended(scene: Scene, left: dict[str, bytes]) -> bool:
    """What is half done is named by `convo check`, and doing the same again ends it; then it can be taken back."""
    is_half = left not in (scene.before, scene.after)
    with closing(journal_below(scene.root)) as journal:
        if is_half:
            assert NAMED.get(scene.action, "") in " ".join(each.message for each in journal.check())
        if is_half and scene.action in ("delete", "delete an entry"):
            journal.repair(journal.repairs())
        elif left != scene.after:
            scene.act(journal)
            journal.drafts.close()
        assert scene.contents == scene.after
        if left != scene.after:
            (journal.redo if scene.action.startswith("undo") else journal.undo)()
            assert scene.contents == (scene.before if scene.action.startswith(("undo", "redo")) else left)
    return is_half


# ── several writers ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.timeout(900)
@pytest.mark.parametrize("count", [pytest.param(6, id="6"), pytest.param(50, id="50", marks=pytest.mark.long)])
def test_four_programs_that_write_one_relationship_lose_nothing(tmp_path: Path, count: int) -> None:
    """GATES.md 4: 4 processes × 50 saves to one file (TUI, CLI, driver): 200 of 200 kept."""
    files_workers.furnish(tmp_path)
    running = [files_workers.start(write, tmp_path, name, count) for name, write in files_workers.WRITERS.items()]
    for process, connection in running:
        assert len(list(files_workers.received(connection))) == count
        process.join()
    with closing(journal_below(tmp_path)) as journal:
        notes = [each.note for each in journal.view(files_workers.ACME).relationship.encounters][2:]
        assert sorted(notes) == sorted(f"{name} {number}" for name in files_workers.WRITERS for number in range(count))
        assert [each.message for each in journal.check()] == []
        journal.undo()
        assert len(journal.view(files_workers.ACME).relationship.encounters) == 2 + 4 * count - 1


@pytest.mark.timeout(900)
@pytest.mark.parametrize("rounds", [pytest.param(40, id="40"), pytest.param(2000, id="2000", marks=pytest.mark.long)])
def test_no_version_of_a_program_that_knows_no_locks_is_lost_to_a_change(tmp_path: Path, rounds: int) -> None:
    """GATES.md 5: foreign replacements between our read and our write: none unrecoverable."""
    files_workers.furnish(tmp_path)
    places = places_below(tmp_path)
    path = places.journal / "acme.toml"
    base = path.read_bytes()
    process, foreign = files_workers.start(files_workers.replace_when_told, path)
    chance, met = random.Random(5), 0
    with closing(journal_below(tmp_path)) as journal:
        for number in range(rounds):
            path.write_bytes(base)
            journal.refresh()
            theirs = base + f"# theirs {number}\n".encode()
            foreign.send((theirs, chance.uniform(0, 0.01)))
            assert foreign.recv() == "ready"
            files_workers.log(journal, files_workers.identity_of("ours", number), f"ours {number}")
            assert foreign.recv() == "done"
            stands = path.read_bytes()
            kept = [each.read_bytes() for each in places.kept.glob("*.toml")]
            assert theirs in (stands, *kept) or f"# theirs {number}\n".encode() in stands
            assert stands == theirs or f"ours {number}".encode() in stands
            met += stands != theirs
    foreign.close()
    process.join()
    assert 0 < met < rounds, "no replacement came while a change was going on: this shows nothing"


# ── faults below everything ──────────────────────────────────────────────────────────────────────────────

STRACE = shutil.which("strace")


class Traced:
    """A program that does one action again and again, each time under strace."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._process, self._connection = files_workers.start(files_workers.act_when_told, scene.root, scene.action)
        self._pid = str(self._connection.recv())
        self.act(traced=False)

    def act(self, *options: str, traced: bool = True) -> tuple[str, list[str]]:
        """Do it once, and return what was told, and the lines of the trace."""
        self.scene.reset()
        self._connection.send("begin")
        assert self._connection.recv() == "ready"
        if not traced:
            self._connection.send("go")
            answer = self._connection.recv()
            assert self._connection.recv() == "closed"
            return answer, []
        trace = self.scene.root.with_name("trace")  # a pipe would be full before anyone reads it
        command = [str(STRACE), "-y", "-o", str(trace), "-p", self._pid, "-e", "trace=%file,%desc", *options]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
            assert strace.stderr is not None
            first = strace.stderr.readline()
            if "attached" not in first:
                pytest.skip(f"strace may not attach: {first}")
            self._connection.send("go")
            answer = self._connection.recv()
            strace.terminate()
        assert self._connection.recv() == "closed"
        return answer, trace.read_text("utf-8", "replace").splitlines()

    def close(self) -> None:
        self._connection.close()
        self._process.join()


def calls_of(scene: Scene, trace: list[str]) -> list[tuple[str, int]]:
    """Return each call that concerns the journal or the state, as its name and which of that name it is.

    Not those of the index: what fails there is read again from the files.
    """
    seen: dict[str, int] = {}
    calls = []
    places = places_below(scene.root)
    for line in trace:
        name = re.match(r"(\w+)\(", line)
        if name and name[1] not in ("mmap", "munmap"):
            seen[name[1]] = seen.get(name[1], 0) + 1
            if str(places.journal) in line or str(places.state) in line:
                calls.append((name[1], seen[name[1]]))
    return calls


@pytest.mark.timeout(3000)
@pytest.mark.parametrize(
    ("action", "stride"),
    [
        *(pytest.param(each, 40, id=f"{each}-some") for each in ("log", "join")),
        *(pytest.param(each, 1, id=f"{each}-all", marks=pytest.mark.long) for each in ACTIONS),
    ],
)
def test_a_fault_that_the_kernel_answers_with_does_all_of_a_change_or_nothing(
    tmp_path: Path, action: str, stride: int
) -> None:
    """GATES.md 3: the list taken from a trace, the fault injected below our own wrappers."""
    if STRACE is None:
        pytest.skip("strace is not installed")
    scene = Scene(tmp_path, action)
    traced = Traced(scene)
    answer, trace = traced.act()
    assert answer == ""
    calls = calls_of(scene, trace)
    assert len(calls) > 20
    turn = itertools.cycle(FAULTS)
    for name, number in calls[hash_of(action) % stride :: stride]:
        code = next(turn)
        if means_busy(name, code):
            continue
        fault = errno.errorcode[code]
        error, _ = traced.act("-e", f"inject={name}:error={fault}:when={number}")
        require_all_or_nothing(scene, error, f"{fault} at {name} {number}: {error!r}")
        scene.sweep()
    traced.close()


# ── folders and files that are not where they seem to be ─────────────────────────────────────────────────


def furnished(root: Path) -> Path:
    """Make a journal, and return its folder."""
    files_workers.furnish(root)
    return places_below(root).journal


def change_everything(root: Path) -> None:
    """Log, delete, and take both back."""
    with closing(journal_below(root)) as journal:
        before = {path.name: path.read_bytes() for path in places_below(root).journal.glob("*.toml")}
        files_workers.log(journal, files_workers.MAIL, files_workers.NOTE)
        journal.delete(files_workers.ACME)
        journal.undo()
        journal.undo()
        assert {path.name: path.read_bytes() for path in places_below(root).journal.glob("*.toml")} == before
        assert journal.sweep() == []


def test_a_journal_folder_that_is_a_link_stays_one(tmp_path: Path) -> None:
    """CONTRACT.md: "an existing mode, a symlink and its target are kept"."""
    folder = furnished(tmp_path)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to("elsewhere")
    change_everything(tmp_path)
    assert os.readlink(folder) == "elsewhere"
    assert sorted(os.listdir(tmp_path / "elsewhere")) == ["acme.toml", "bo.toml", "bob.toml"]


def test_a_file_that_is_a_link_into_another_journal_is_changed_there_and_shares_its_lock(tmp_path: Path) -> None:
    """CONTRACT.md: "an existing mode, a symlink and its target are kept"."""
    theirs = furnished(tmp_path / "theirs")
    ours = places_below(tmp_path / "ours").journal
    ours.mkdir(parents=True)
    (ours / "acme.toml").symlink_to(theirs / "acme.toml")
    (ours / "bo.toml").symlink_to(theirs / "bo.toml")
    with closing(journal_below(tmp_path / "ours")) as journal:
        files_workers.log(journal, files_workers.MAIL, files_workers.NOTE)
        assert files_workers.MAIL in (theirs / "acme.toml").read_text()
        assert (ours / "acme.toml").is_symlink()
        journal.delete(files_workers.ACME)
        assert not os.path.lexists(ours / "acme.toml")
        assert files_workers.MAIL in (theirs / "acme.toml").read_text()
        journal.undo()
        assert files_workers.MAIL in (ours / "acme.toml").read_text()


def test_another_name_of_a_file_keeps_the_old_text_and_that_is_told_once(tmp_path: Path) -> None:
    """Issue 5: "hard links (warned)"."""
    folder = furnished(tmp_path)
    old = (folder / "acme.toml").read_bytes()
    os.link(folder / "acme.toml", tmp_path / "other")
    with closing(journal_below(tmp_path)) as journal:
        files_workers.log(journal, files_workers.MAIL, files_workers.NOTE)
        (told,) = journal.notices()
        assert re.search(r"acme\.toml: had another name \(a hard link\), which keeps the old text", told)
        assert journal.notices() == []
    assert (tmp_path / "other").read_bytes() == old


@pytest.mark.parametrize("act", [files_workers.ended, files_workers.deleted, files_workers.joined])
def test_a_protected_file_stops_the_whole_change(tmp_path: Path, act: Callable[[Journal], None]) -> None:
    """A file that nobody may write to is not replaced, although its folder would permit it."""
    folder = furnished(tmp_path)
    (folder / "bo.toml").chmod(0o400)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with closing(journal_below(tmp_path)) as journal:
        with pytest.raises(Unwritable, match=r"bo\.toml: cannot save: it is protected .* chmod u\+w"):
            act(journal)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        (folder / "bo.toml").chmod(0o600)
        act(journal)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} != before


def test_a_journal_on_another_file_system_than_the_state_is_changed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, rename = furnished(tmp_path), os.rename

    def within(source: Path, target: Path) -> None:
        if (Path(source).parent == folder) != (Path(target).parent == folder):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        rename(source, target)

    monkeypatch.setattr(os, "rename", within)
    change_everything(tmp_path)


def test_a_system_without_renames_with_a_flag_or_hard_links_changes_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(*_: object) -> None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    furnished(tmp_path)
    monkeypatch.setattr(system, "_flagged", lambda: lambda *_: errno.EINVAL)
    monkeypatch.setattr(os, "link", lacking)
    change_everything(tmp_path)
