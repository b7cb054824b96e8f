"""GATES.md 1 to 5: saving under kills, faults and other writers, with real processes."""

from __future__ import annotations

import itertools
import os
import random
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import files_workers
import pytest
from disk import on_disk

from convo_tui.store import files, system
from convo_tui.store.errors import Conflict

__all__ = ["on_disk"]

STRACE = shutil.which("strace")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "journal"
    folder.mkdir()
    return folder / "ana.toml"


def everyday(count: int, full: int) -> list[object]:
    return [pytest.param(count, id=str(count)), pytest.param(full, id=str(full), marks=pytest.mark.long)]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kills", everyday(25, 1000))
def test_a_killed_save_tears_nothing_loses_nothing_and_leaves_nothing(path: Path, state: Path, kills: int) -> None:
    """GATES.md 1: no torn file, no acknowledged save lost, no litter after the next start."""
    chance, litter = random.Random(1), 0
    for run in range(kills):
        process, connection = files_workers.start(files_workers.append_lines, path, state, str(run), 1000)
        acknowledged = [connection.recv()]
        connection.poll(chance.uniform(0, 0.002))
        os.sched_yield()
        process.kill()
        acknowledged += files_workers.received(connection)
        process.join()

        litter += len(os.listdir(path.parent)) - 1
        assert files.sweep(path.parent, state / "locks", state / "kept") == []
        assert os.listdir(path.parent) == ["ana.toml"]
        *lines, rest = files.read(path).decode().split("\n")
        saved = [line for line in lines if line.startswith(f"{run} ")]
        assert rest == ""
        assert saved == [f"{run} {number}" for number in range(len(saved))]
        assert len(saved) - len(acknowledged) in (0, 1)
        path.unlink()
    assert litter, "no kill came while a save was going on: this shows nothing"


@pytest.mark.parametrize("existing", [True, False])
def test_the_order_of_a_save_is_write_fsync_rename_fsync_of_the_folder(
    path: Path, state: Path, monkeypatch: pytest.MonkeyPatch, existing: bool
) -> None:
    """GATES.md 2: write, fsync, rename/exchange, fsync of the folder."""
    calls: list[str] = []

    def note(module: object, name: str) -> None:
        genuine = getattr(module, name)

        def noted(*arguments: object, **options: object) -> object:
            of_folder = name == "fsync" and os.path.isdir(f"/proc/self/fd/{arguments[0]}")
            calls.append(f"{name} of the folder" if of_folder else name)
            return genuine(*arguments, **options)

        monkeypatch.setattr(module, name, noted)

    if existing:
        path.write_bytes(b"base")
    for module, name in [(os, "write"), (os, "fsync"), (system, "rename"), (os, "replace")]:
        note(module, name)
    files.save(path, b"ours", b"base" if existing else None, state)
    assert calls == ["write", "fsync", "rename", "fsync of the folder"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("saves", everyday(15, 50))
def test_four_processes_that_save_one_file_lose_nothing(path: Path, state: Path, saves: int) -> None:
    """GATES.md 4: 4 processes × 50 saves to one file: 200 of 200 kept."""
    workers = [
        files_workers.start(files_workers.append_lines, path, state, name, saves)
        for name in ("tui", "cli", "driver", "git")
    ]
    for process, connection in workers:
        assert len(list(files_workers.received(connection))) == saves
        process.join()
    lines = files.read(path).decode().splitlines()
    assert sorted(lines) == sorted(
        f"{name} {number}" for name in ("tui", "cli", "driver", "git") for number in range(saves)
    )
    assert os.listdir(path.parent) == ["ana.toml"]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("rounds", everyday(300, 15_000))
def test_no_foreign_replacement_is_lost(path: Path, state: Path, rounds: int) -> None:
    """GATES.md 5: foreign replacements between our read and our write: none unrecoverable."""
    process, foreign = files_workers.start(files_workers.replace_when_told, path)
    chance, duration, conflicts = random.Random(5), 0.001, 0
    path.write_bytes(b"base")
    for number in range(rounds):
        theirs, ours = f"foreign {number}".encode(), f"ours {number}".encode()
        foreign.send((theirs, chance.uniform(0, duration)))
        assert foreign.recv() == "ready"
        base = files.read(path)
        began = time.perf_counter()
        try:
            files.save(path, ours, base, state / "kept")
        except Conflict:
            conflicts += 1
        duration = time.perf_counter() - began
        assert foreign.recv() == "done"

        kept = [each.read_bytes() for each in state.glob("kept/*")]
        assert theirs == base or theirs in (path.read_bytes(), *kept)
        assert sorted(os.listdir(path.parent)) == ["ana.toml"]
        shutil.rmtree(state / "kept", ignore_errors=True)
    foreign.close()
    process.join()
    assert conflicts, "no replacement came while a save was going on: this shows nothing"


class TracedSaves:
    """Saves in a process of their own, each one under strace."""

    def __init__(self, path: Path, state: Path) -> None:
        self.path = path
        self._process, self._connection = files_workers.start(files_workers.save_when_told, path, state)
        self._pid = str(self._connection.recv())
        path.write_bytes(b"warm")
        self._connection.send((b"up", b"warm"))
        assert self._connection.recv() == ""

    def save(self, base: bytes | None, *options: str) -> tuple[str, str]:
        """Save `ours` over `base` under strace with `options`; return the error, or "", and the trace."""
        self.path.unlink(missing_ok=True)
        if base is not None:
            self.path.write_bytes(base)
        command = [str(STRACE), "-p", self._pid, "-e", "trace=%file,%desc", *options]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
            assert strace.stderr is not None
            first = strace.stderr.readline()
            if "attached" not in first:
                pytest.skip(f"strace may not attach: {first}")
            self._connection.send((b"ours", base))
            answer = self._connection.recv()
            strace.terminate()
            return answer, strace.stderr.read()

    def close(self) -> None:
        self._connection.close()
        self._process.join()


@pytest.fixture
def traced(path: Path, state: Path) -> Iterator[TracedSaves]:
    if STRACE is None:
        pytest.skip("strace is not installed")
    saves = TracedSaves(path, state)
    yield saves
    saves.close()


FAULTS = {
    "ENOSPC": "no space left",
    "EIO": "the device reported an error",
    "EROFS": "read-only",
    "EACCES": "permission",
    "EFBIG": "larger than the system allows|File too large",
}


def calls_of_a_save(trace: str) -> list[tuple[str, int]]:
    """Return each system call between the order to save and the answer, as its name and how many it makes."""
    seen: dict[str, int] = {}
    calls = []
    for line in trace.splitlines():
        name = re.match(r"(\w+)\((.*)", line)
        if name and name[1] not in ("mmap", "munmap"):
            seen[name[1]] = seen.get(name[1], 0) + 1
            calls.append((name[1], seen[name[1]], name[2]))
    start = next(index for index, call in enumerate(calls) if "journal" in call[2])
    last = max(index for index, call in enumerate(calls) if "journal" in call[2])
    return [(name, number) for name, number, _ in calls[start : last + 1]]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("faults", [pytest.param(1, id="one"), pytest.param(5, id="all", marks=pytest.mark.long)])
@pytest.mark.parametrize("base", [b"base", None], ids=["existing", "new"])
def test_a_fault_at_any_system_call_of_a_save_leaves_the_old_bytes(
    traced: TracedSaves, path: Path, state: Path, faults: int, base: bytes | None
) -> None:
    """GATES.md 3: ENOSPC, EIO, EROFS, EACCES, EFBIG at every system call of a save, one by one."""
    answer, trace = traced.save(base)
    assert answer == ""
    calls = calls_of_a_save(trace)
    assert {"write", "fsync", "rename", "renameat2"} <= {name for name, _ in calls}

    turn, told = itertools.cycle(FAULTS), 0
    for (name, number), _ in itertools.product(calls, range(faults)):
        fault = next(turn)
        answer, _ = traced.save(base, "-e", f"inject={name}:error={fault}:when={number}")
        files.sweep(path.parent, state / "locks", state / "kept")
        left = {each.name: each.read_bytes() for each in path.parent.iterdir()}
        place = f"{fault} at {name} {number}: {answer!r}"
        if answer:
            told += 1
            assert left == ({path.name: base} if base else {}), place
            assert answer.startswith(str(path)), place
            assert re.search(FAULTS[fault], answer), place
        else:
            assert left == {path.name: b"ours"}, place
    assert told > len(calls) // 3


def test_strace_sees_the_order_of_a_save_too(traced: TracedSaves) -> None:
    """GATES.md 2: write, fsync, rename/exchange, fsync of the folder."""
    _, trace = traced.save(b"base")
    order = ["write(", "fsync(", "RENAME_EXCHANGE", "O_DIRECTORY", "fsync("]
    position = trace.index("O_EXCL")
    for call in order:
        position = trace.index(call, position) + 1
    assert trace.count("fsync(") == 2
