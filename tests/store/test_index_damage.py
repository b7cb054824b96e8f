"""GATES.md 18: "index truncated, bit-flipped, from another version, deleted, locked, disk full: right results or
rebuilt; never wrong ones; the app starts"; and the same without a place for it, without FTS5, and beside others."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from nasty_journal import write_nasty_journal
from plain_answers import Plain

from convo_tui.clock import Clock
from convo_tui.core.summary import Summary
from convo_tui.paths import Places
from convo_tui.store.glance import Glance
from convo_tui.store.index import database, filling, reading
from convo_tui.store.index.index import Index
from convo_tui.store.lookup import Lookup
from tests.bench import believable

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")
TODAY = NOW.date()
ZONE = NOW.tzinfo
assert ZONE is not None
CLOCK = Clock(lambda: NOW, ZONE)
SEARCHES = (
    "pricing",
    '"the plan"',
    "#pricing",
    "with:ana",
    "is:open",
    "igratio",
    "th pr",
    "since:2026 e",
    "山田",
    "xqz",
)
LONG = os.environ.get("CONVO_EXAMPLES") == "long"


class Sound:
    """A journal, its index as it was left by a run that went well, and what is right."""

    def __init__(self, at: Path) -> None:
        self.places = Places(at / "journal", at / "config", at / "cache", at / "state")
        believable.write_journal(self.places.journal, 8, 6, seed=5)
        write_nasty_journal(self.places.journal)
        # Long ago, or each run would look whether they have changed within the same instant.
        for path in self.places.journal.iterdir():
            os.utime(path, (1, 1))
        self.plain = Plain(self.places.journal, CLOCK.zone)
        lookup = Lookup(self.places, CLOCK)
        self.summaries: list[Summary] = lookup.summaries()
        lookup.close()
        self.kept = at / "kept"
        shutil.copytree(self.places.index.parent, self.kept)

    def restore(self) -> Path:
        """Put the index back as it was left, sealed; return where it is."""
        index = self.places.index
        for path in index.parent.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copy2(self.kept / index.name, index)
        seal(index)
        return index

    def check(self, trouble: str = "") -> None:
        """Fail unless a new run starts, answers right, and says what the trouble is, once and in one line."""
        lookup = Lookup(self.places, CLOCK)
        try:
            self.check_answers(lookup)
            assert trouble in lookup.trouble
            assert bool(lookup.trouble) == bool(trouble)
            assert "\n" not in lookup.trouble
        finally:
            lookup.close()

    def check_answers(self, lookup: Lookup) -> None:
        assert lookup.summaries() == self.summaries
        for text in SEARCHES:
            self.plain.check(lookup.search(text, 30), text, TODAY, 30)


def seal(index: Path) -> None:
    """Seal a file as the one who closes it last does."""
    database.closed(sqlite3.connect(":memory:"), index)


def is_rebuilt(sound: Sound) -> bool:
    """Whether every file was read again."""
    lookup = Lookup(sound.places, CLOCK)
    try:
        return lookup.refresh()
    finally:
        lookup.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    return Sound(tmp_path_factory.mktemp("sound"))


@pytest.fixture(autouse=True)
def _as_it_was_left(sound: Sound) -> Iterator[None]:
    sound.restore()
    yield
    shutil.rmtree(sound.places.cache)
    sound.places.index.parent.mkdir(parents=True)


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a large index: no checksum."""
    monkeypatch.setattr(database, "_CHECKED", -1)


def flip(path: Path, rng: Random) -> None:
    """Flip a bit, and keep the size and the time, as a disk does."""
    info, data = path.stat(), bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))


# ── an index that is not what was left ───────────────────────────────────────────────────────────────────


def test_an_index_that_was_left_in_order_is_used_as_it_is(sound: Sound) -> None:
    assert not is_rebuilt(sound)
    sound.check()


@pytest.mark.parametrize("part", range(12))
@pytest.mark.parametrize("touched", [True, False], ids=["by a program", "by the disk"])
def test_a_truncated_index_is_made_anew(sound: Sound, part: int, touched: bool) -> None:
    index = sound.places.index
    info = index.stat()
    os.truncate(index, info.st_size * part // 12)
    if not touched:
        os.utime(index, ns=(info.st_atime_ns, info.st_mtime_ns))
    sound.check()
    assert not is_rebuilt(sound)


@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("touched", [True, False], ids=["by a program", "by the disk"])
def test_an_index_with_a_flipped_bit_never_answers_wrongly(sound: Sound, part: int, touched: bool) -> None:
    rng = Random(part)
    for _ in range(50 if LONG else 3):
        index = sound.restore()
        flip(index, rng)
        if touched:
            os.utime(index)
        sound.check()
        assert not is_rebuilt(sound)


@pytest.mark.parametrize("seed", range(100 if LONG else 8))
@pytest.mark.usefixtures("unchecked")
def test_a_large_index_that_is_badly_damaged_is_made_anew(sound: Sound, seed: int) -> None:
    """No checksum tells: what SQLite and the rows themselves tell has to do."""
    rng, index = Random(seed), sound.restore()
    info, data = index.stat(), bytearray(index.read_bytes())
    for page in rng.sample(range(0, len(data), 4096), len(data) // 4096 // 4):
        data[page : page + 4096] = rng.randbytes(4096)
    index.write_bytes(data)
    os.utime(index, ns=(info.st_atime_ns, info.st_mtime_ns))
    sound.check()


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"garbage" * 10_000, b"\0" * 8192])
@pytest.mark.parametrize("sealed", [True, False])
def test_a_file_that_is_no_index_is_replaced(sound: Sound, content: bytes, sealed: bool) -> None:
    index = sound.places.index
    index.write_bytes(content)
    if sealed:
        seal(index)
    sound.check()
    assert not is_rebuilt(sound)


def test_another_database_is_replaced(sound: Sound) -> None:
    index = sound.places.index
    index.unlink()
    with closing(sqlite3.connect(index)) as connection:
        connection.execute("CREATE TABLE files (name TEXT)")
    seal(index)
    sound.check()


def test_an_index_without_its_seal_is_made_anew(sound: Sound) -> None:
    index = sound.places.index
    index.with_suffix(".seal").unlink()
    assert is_rebuilt(sound)
    sound.check()
    assert not is_rebuilt(sound)


def test_a_garbled_seal_seals_nothing(sound: Sound) -> None:
    sound.places.index.with_suffix(".seal").write_bytes(b"\xff\x00")
    assert is_rebuilt(sound)
    sound.check()


def test_no_index_is_the_normal_case_of_a_first_start(sound: Sound) -> None:
    shutil.rmtree(sound.places.cache)
    sound.check()


# ── other versions ───────────────────────────────────────────────────────────────────────────────────────


def set_version(index: Path, version: int) -> bytes:
    with closing(sqlite3.connect(index)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()
    seal(index)
    return index.read_bytes()


def test_an_index_of_an_older_version_is_made_anew(sound: Sound) -> None:
    set_version(sound.places.index, database.VERSION - 1)
    sound.check()
    assert not is_rebuilt(sound)


def test_an_index_of_a_newer_version_is_left_alone(sound: Sound) -> None:
    left = set_version(sound.places.index, database.VERSION + 1)
    sound.check("a newer Convo made it")
    assert sound.places.index.read_bytes() == left


# ── no place for it ──────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_in_its_place_is_left_alone(sound: Sound) -> None:
    index = sound.places.index
    index.unlink()
    index.mkdir()
    sound.check("cannot be used")
    assert index.is_dir()


def test_a_file_in_the_place_of_the_cache_folder_is_left_alone(sound: Sound) -> None:
    shutil.rmtree(sound.places.cache)
    sound.places.cache.write_text("mine")
    sound.check("cannot be used")
    assert sound.places.cache.read_text() == "mine"
    sound.places.cache.unlink()
    sound.places.cache.mkdir()


def test_a_cache_folder_that_cannot_be_written_is_no_reason_not_to_start(
    sound: Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = sqlite3.connect

    def read_only(path: str | Path, **rest: object) -> sqlite3.Connection:
        if str(path) == ":memory:":
            return connected(path, **rest)  # type: ignore[call-overload, no-any-return]
        return connected(f"{Path(path).as_uri()}?mode=ro", **(rest | {"uri": True}))  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(sqlite3, "connect", read_only)
    sound.check()  # all that is needed stands in it
    (sound.places.journal / "newcomer.toml").write_text('format = 1\nid = "n"\nname = "New"\nkind = "person"\n')
    try:
        lookup = Lookup(sound.places, CLOCK)
        assert "New" in {each.name for each in lookup.summaries()}
        assert "cannot be used" in lookup.trouble
        lookup.close()
    finally:
        (sound.places.journal / "newcomer.toml").unlink()


@pytest.mark.parametrize("pages", [1, 10, 40, 60])
def test_a_full_disk_is_no_reason_not_to_start(sound: Sound, monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    connected = database._connected

    def limited(path: Path | str, *, uri: bool = False) -> sqlite3.Connection:
        connection = connected(path, uri=uri)
        if path != ":memory:":
            connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(database, "_connected", limited)
    database.removed(sound.places.index)
    sound.check("full")


def test_a_lock_that_nobody_lets_go_of_is_no_reason_not_to_start(sound: Sound, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY", 0.01)
    index = sound.places.index
    with closing(sqlite3.connect(index, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        sound.check()  # nothing has to be written
        os.utime(sound.places.journal / "acme.toml", (2, 2))
        sound.check("locked")
        other.execute("ROLLBACK")
    sound.check()


def test_sqlite_without_a_full_text_search_finds_the_same(sound: Sound, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "TEXTS", ("CREATE VIRTUAL TABLE texts USING no_such_module (said)",))
    database.removed(sound.places.index)
    sound.check("no such module")
    lookup = Lookup(sound.places, CLOCK)
    lookup.refresh()
    path = sound.places.journal / "acme.toml"
    before = path.read_bytes()
    try:
        path.write_bytes(before.replace(b"pricing plan", b"zebra"))
        assert lookup.refresh()
        assert [hit.id for hit in lookup.search("zebra")] == ["20261108-enco0001"]
        assert [len(lookup.search(text)) for text in ("zebr", '"zebr"')] == [1, 0]
    finally:
        path.write_bytes(before)
        os.utime(path, (1, 1))
        lookup.close()


# ── while it is in use ───────────────────────────────────────────────────────────────────────────────────


def test_an_index_deleted_while_it_is_open_goes_on_and_is_made_anew(sound: Sound) -> None:
    lookup = Lookup(sound.places, CLOCK)
    sound.check_answers(lookup)
    shutil.rmtree(sound.places.index.parent)
    sound.check_answers(lookup)
    sound.check()  # another program, meanwhile
    sound.check_answers(lookup)
    lookup.close()
    sound.check()


def test_an_index_damaged_while_it_is_open_is_made_anew(sound: Sound) -> None:
    lookup = Lookup(sound.places, CLOCK)
    lookup.refresh()
    size = sound.places.index.stat().st_size
    with sound.places.index.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    sound.check_answers(lookup)
    lookup.close()
    sound.check()


_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from convo_tui.store.index import filling, reading
from convo_tui.store.index.index import Index

filling._STEP_BYTES = filling._TEXT_BYTES = reading._BATCH_BYTES = 1
zone = datetime.fromisoformat("2026-11-22T10:30:00+01:00").tzinfo
steps = Index(Path(sys.argv[1]), Path(sys.argv[2]), zone).refreshing()
for _ in range(int(sys.argv[3])):
    next(steps, None)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("steps", [1, 5, 18, 40, 60, 200] if not LONG else range(1, 120, 2))
def test_a_run_that_was_killed_leaves_an_index_that_can_be_used(sound: Sound, steps: int) -> None:
    database.removed(sound.places.index)
    where = (str(sound.places.journal), str(sound.places.index))
    killed = subprocess.run([sys.executable, "-c", _KILLED, *where, str(steps)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert database._journal(sound.places.index).stat().st_size > 0
    sound.check()
    assert not is_rebuilt(sound)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((filling, "_STEP_BYTES"), (filling, "_TEXT_BYTES"), (reading, "_BATCH_BYTES")):
        monkeypatch.setattr(module, name, 1)


@pytest.mark.usefixtures("small_steps")
def test_whoever_reads_while_another_writes_sees_whole_files(sound: Sound) -> None:
    database.removed(sound.places.index)
    right = {each.file: each for each in sound.summaries}
    writer = Index(sound.places.journal, sound.places.index, CLOCK.zone)
    counts = []
    for _ in writer.refreshing():
        with closing(database.reading(sound.places.index) or sqlite3.connect(":memory:")) as connection:
            rows = connection.execute("SELECT file, name FROM files").fetchall()
        assert all(right[file].name == name for file, name in rows)
        counts.append(len(rows))
    assert counts == sorted(counts)
    assert 0 < counts[0] < counts[-1] == len(right)
    first = Glance(sound.places, CLOCK).first()
    assert first is not None
    assert (len(first[0]), first[1]) == (len(right), len(right))
    writer.close()


@pytest.mark.usefixtures("small_steps")
def test_two_that_fill_it_at_once_end_with_the_right_one(sound: Sound) -> None:
    database.removed(sound.places.index)
    ones, others = (Lookup(sound.places, CLOCK) for _ in range(2))
    waiting = [ones.refreshing(), others.refreshing()]
    while waiting:
        for steps in list(waiting):
            if next(steps, None) is None:
                waiting.remove(steps)
    for lookup in (ones, others):
        sound.check_answers(lookup)
        assert not lookup.trouble
        lookup.close()
    sound.check()
    assert not is_rebuilt(sound)


def test_what_another_program_has_read_is_news_to_those_who_have_not_seen_it(sound: Sound) -> None:
    screen, command = (Lookup(sound.places, CLOCK) for _ in range(2))
    assert not screen.refresh()
    path = sound.places.journal / "acme.toml"
    before = path.read_bytes()
    try:
        path.write_bytes(before.replace(b"Acme GmbH", b"Zebra Ltd"))
        assert command.refresh()
        assert screen.refresh()
        assert not screen.refresh()
        assert [hit.relationship for hit in screen.search("with:zebra forget")] == ["Zebra Ltd"]
    finally:
        path.write_bytes(before)
        os.utime(path, (1, 1))
        screen.close()
        command.close()


@pytest.mark.usefixtures("small_steps")
def test_files_that_vanish_while_they_are_read_are_gone(sound: Sound, tmp_path: Path) -> None:
    places = Places(tmp_path / "journal", tmp_path, tmp_path / "cache", tmp_path)
    shutil.copytree(sound.places.journal, places.journal)
    lookup = Lookup(places, CLOCK)
    for _ in lookup.refreshing():
        with suppress(StopIteration):
            next(places.journal.glob("*.toml")).unlink()
    lookup.refresh()
    assert {each.file for each in lookup.summaries()} == {path.name for path in places.journal.glob("*.toml")}
    lookup.close()


_FILLS = """
import sys
from datetime import datetime
from pathlib import Path
from convo_tui.store.index.index import Index
index = Index(Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat("2026-01-01T00:00:00+01:00").tzinfo)
index.refresh()
assert not index.trouble, index.trouble
print(index.count)
index.close()
"""


@pytest.mark.parametrize("processes", [2] * 3 if not LONG else [2, 3, 4] * 10)
def test_processes_that_open_it_first_at_once_do_not_get_in_each_others_way(sound: Sound, processes: int) -> None:
    database.removed(sound.places.index)
    command = [sys.executable, "-c", _FILLS, str(sound.places.journal), str(sound.places.index)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    assert [int(each.communicate()[0]) for each in running] == [len(sound.summaries)] * processes
    sound.check()
