"""Encounters in progress: every keystroke is safe within a second (GATES.md 6)."""

from __future__ import annotations

import errno
import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import files_workers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convo_tui.store import drafts
from convo_tui.store.drafts import Draft, DraftInUse, DraftLog, Drafts
from convo_tui.store.errors import Unwritable

MORNING = datetime(2026, 11, 22, 10, 30, tzinfo=timezone(timedelta(hours=1)))
DRAFT = Draft(
    id="20261122-dddd4444",
    relationship="20240301-7k3q9m2f",
    started=MORNING,
    at=MORNING - timedelta(days=1),
    channel="meeting",
    with_=("20240301-7k3q9m2f", "20250110-h5j6k7m8"),
    agenda=("20261101-q2w3e4r5",),
    text="Legal is fine.\n> “we cannot slip”",
    cursor=(1, 4),
    first_key=MORNING + timedelta(seconds=2),
    last_key=MORNING + timedelta(seconds=9, microseconds=5),
    extra={"mood": {"now": ["good", None, 1.5, True]}},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "drafts"


@pytest.fixture
def store(folder: Path) -> Drafts:
    return Drafts(folder)


@pytest.fixture
def log(store: Drafts) -> Iterator[DraftLog]:
    log = store.open(DRAFT)
    log.flush()
    yield log
    log.abandon().release()


def file_of(folder: Path, draft: Draft = DRAFT) -> Path:
    return folder / f"{draft.id}.jsonl"


def typed(draft: Draft, text: str) -> Draft:
    return replace(draft, text=draft.text + text)


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


class TestRestart:
    def test_a_draft_comes_back_as_it_was(self, store: Drafts, folder: Path) -> None:
        """SCREENS.md: "Leaving, quitting, a crash or a power cut keeps it; the next start goes on"."""
        store.open(DRAFT).close()
        assert Drafts(folder).all() == [DRAFT]
        assert Drafts(folder).find(DRAFT.relationship) == DRAFT
        assert Drafts(folder).find("somebody-else") is None

    def test_every_change_comes_back(self, log: DraftLog, folder: Path) -> None:
        later = replace(
            DRAFT,
            text="Legal is not fine.\n> “we cannot slip”",
            cursor=(0, 12),
            channel="call",
            with_=(),
            last_key=None,
            extra={"spark": 4},
        )
        log.record(later)
        log.flush()
        assert Drafts(folder).all() == [later]
        assert len(lines(file_of(folder))) == 2

    def test_a_change_costs_a_line_of_its_own_size(self, log: DraftLog, folder: Path) -> None:
        long = replace(DRAFT, text="word " * 10_000)
        log.record(long)
        log.flush()
        log.record(replace(long, text=long.text[:20_000] + "new " + long.text[20_000:]))
        log.flush()
        assert len(lines(file_of(folder))[-1]) < 100

    def test_nothing_new_writes_nothing(self, log: DraftLog, folder: Path) -> None:
        log.record(replace(DRAFT))
        log.flush()
        assert len(lines(file_of(folder))) == 1

    def test_drafts_are_listed_with_the_newest_last(self, store: Drafts) -> None:
        newer = replace(DRAFT, id="20261122-eeee5555", started=MORNING + timedelta(minutes=1))
        for draft in (newer, DRAFT):
            store.open(draft).close()
        assert store.all() == [DRAFT, newer]
        assert store.find(DRAFT.relationship) == newer

    def test_without_a_folder_there_are_no_drafts(self, store: Drafts) -> None:
        assert (store.all(), store.damaged(), store.find("anyone")) == ([], [], None)

    def test_drafts_are_for_us_alone(self, log: DraftLog, folder: Path) -> None:
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
        assert folder.stat().st_mode & 0o777 == 0o700

    def test_what_a_later_version_added_is_kept(self, log: DraftLog, folder: Path) -> None:
        record = json.loads(file_of(folder).read_bytes())
        record["draft"]["weather"] = "rain"
        file_of(folder).write_text(json.dumps(record) + "\n")
        (draft,) = Drafts(folder).all()
        assert draft.extra == {**DRAFT.extra, "weather": "rain"}

    @settings(deadline=None, max_examples=50)  # each example waits for the disk
    @given(
        st.lists(
            st.builds(
                Draft,
                id=st.just(DRAFT.id),
                relationship=st.text(),
                started=st.just(MORNING),
                at=st.just(MORNING),
                text=st.text(st.characters(), max_size=30) | st.text("ab", max_size=10),
                cursor=st.tuples(st.integers(0, 9), st.integers(0, 9)),
                agenda=st.lists(st.text(), max_size=3).map(tuple),
                last_key=st.none() | st.datetimes(timezones=st.just(UTC)),
                extra=st.dictionaries(st.sampled_from(["one", "two"]), st.integers() | st.none()),
            ),
            min_size=1,
            max_size=5,
        )
    )
    def test_any_sequence_of_changes_comes_back(self, states: list[Draft]) -> None:
        with TemporaryDirectory() as place:
            log = Drafts(Path(place)).open(states[0])
            for state in states:
                log.record(state)
                log.flush()
            log.close()
            assert Drafts(Path(place)).all() == [states[-1]]


class TestDamage:
    def test_a_torn_last_line_is_ignored_and_the_draft_goes_on(self, log: DraftLog, folder: Path) -> None:
        for text in ("a", "ab"):
            log.record(typed(DRAFT, text))
            log.flush()
        log.close()
        whole = file_of(folder).read_bytes()
        first, second, _ = (len(line) + 1 for line in lines(file_of(folder)))
        for length in range(first, len(whole)):
            file_of(folder).write_bytes(whole[:length])
            (draft,) = Drafts(folder).all()
            assert draft == (DRAFT if length < first + second else typed(DRAFT, "a"))

        again = Drafts(folder).open(draft)
        again.record(typed(draft, "!"))
        again.close()
        assert Drafts(folder).all() == [typed(draft, "!")]

    @pytest.mark.parametrize(
        "line",
        [
            b"\0" * 64,
            b"\xff\xfe",
            b"[]",
            b"{}",
            b"7",
            b'{"edit":[0,0,"x",99],"set":{},"unset":[]}',
            b'{"edit":[0,0,"",0],"set":{"at":5},"unset":[]}',
            b'{"edit":[0,0,"",0],"set":{"cursor":null},"unset":[]}',
            b'{"edit":[0,0,"",0],"set":{},"unset":["id"]}',
        ],
    )
    def test_what_stands_before_a_damaged_line_is_recovered(self, log: DraftLog, folder: Path, line: bytes) -> None:
        log.record(typed(DRAFT, "a"))
        log.flush()
        with file_of(folder).open("ab") as file:
            file.write(line + b"\n")
        log.record(typed(DRAFT, "ab"))
        log.flush()
        assert Drafts(folder).all() == [typed(DRAFT, "a")]

    @pytest.mark.parametrize("content", [b"", b"\0\0\n", b'{"draft":{},"text":""}\n', b'{"draft"'])
    def test_what_cannot_be_recovered_is_named_and_left_alone(
        self, store: Drafts, folder: Path, content: bytes
    ) -> None:
        store.open(DRAFT).close()
        lost = folder / "lost.jsonl"
        lost.write_bytes(content)
        (folder / "folder.jsonl").mkdir()
        assert store.all() == [DRAFT]
        assert store.damaged() == [folder / "folder.jsonl", lost]
        assert lost.read_bytes() == content


class TestWriting:
    def test_typing_is_written_without_being_asked(self, log: DraftLog, folder: Path) -> None:
        log.record(typed(DRAFT, "x"))
        wait_until(lambda: Drafts(folder).all() == [typed(DRAFT, "x")])

    def test_fast_typing_is_written_in_few_lines(
        self, log: DraftLog, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(drafts, "PAUSE", 60)
        log.record(typed(DRAFT, "first"))
        wait_until(lambda: Drafts(folder).all() == [typed(DRAFT, "first")])
        for length in range(2000):
            log.record(typed(DRAFT, "x" * length))
        log.flush()
        assert len(lines(file_of(folder))) == 3

    def test_a_stuck_disk_does_not_hold_up_typing(
        self, log: DraftLog, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stuck, free = threading.Event(), threading.Event()

        def wait(_: int) -> None:
            stuck.set()
            free.wait()

        monkeypatch.setattr(drafts, "_DATASYNC", wait)
        log.record(typed(DRAFT, "1"))
        assert stuck.wait(30)
        log.record(typed(DRAFT, "2"))  # returns, although the writer does not
        free.set()
        log.flush()
        assert Drafts(folder).all() == [typed(DRAFT, "2")]

    def test_one_thread_writes_all_drafts(self, store: Drafts, log: DraftLog, folder: Path) -> None:
        before = threading.active_count()
        others = [store.open(replace(DRAFT, id=f"20261122-{number}")) for number in range(3)]
        assert threading.active_count() == before
        wait_until(lambda: len(Drafts(folder).all()) == 4)
        for other in others:
            other.close()

    def test_a_long_log_is_written_anew(self, log: DraftLog, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(drafts, "_ROOM", 2000)
        sizes = []
        for number in range(60):
            draft = replace(DRAFT, text=f"{number}" * 10)
            log.record(draft)
            log.flush()
            assert Drafts(folder).all() == [draft]
            sizes.append(file_of(folder).stat().st_size)
        assert max(sizes) < 2500
        assert sizes != sorted(sizes)
        assert sorted(path.suffix for path in folder.iterdir()) == [".jsonl", ".lock"]

    def test_a_rewrite_that_was_killed_does_not_stop_the_next(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        file_of(folder).with_suffix(".new").write_bytes(b"{")
        Drafts(folder).open(DRAFT).close()
        assert Drafts(folder).all() == [DRAFT]

    def test_what_comes_after_closing_is_not_written(self, store: Drafts, folder: Path) -> None:
        log = store.open(DRAFT)
        log.close()
        log.record(typed(DRAFT, "late"))
        log.flush()
        log.close()
        assert store.all() == [DRAFT]


class TestRefusals:
    @pytest.fixture
    def full_disk(self, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
        """While it is set, nothing can be written, but for the half of each line."""
        full, write = threading.Event(), os.write

        def write_some(descriptor: int, data: bytes) -> int:
            if full.is_set():
                write(descriptor, bytes(data)[: len(data) // 2])
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(descriptor, data)

        monkeypatch.setattr(os, "write", write_some)
        return full

    def test_a_full_disk_is_told_once_and_typing_goes_on(self, folder: Path, full_disk: threading.Event) -> None:
        told: list[str] = []
        log = Drafts(folder, told.append).open(DRAFT)
        log.flush()
        full_disk.set()
        for number in range(3):
            log.record(typed(DRAFT, str(number)))
            log.write()
        assert told == [f"{file_of(folder)}: cannot save: no space left on the device; free some and save again"]
        assert Drafts(folder).all() == [DRAFT]

        full_disk.clear()
        log.record(typed(DRAFT, "9"))
        log.write()
        assert Drafts(folder).all() == [typed(DRAFT, "9")]

        full_disk.set()
        log.record(typed(DRAFT, "10"))
        log.write()
        assert len(told) == 2
        full_disk.clear()
        log.close()
        assert Drafts(folder).all() == [typed(DRAFT, "10")]

    def test_the_writer_survives_a_full_disk(self, folder: Path, full_disk: threading.Event) -> None:
        told = threading.Event()
        log = Drafts(folder, lambda _: told.set()).open(DRAFT)
        log.flush()
        full_disk.set()
        log.record(typed(DRAFT, "1"))
        assert told.wait(30)
        full_disk.clear()
        log.record(typed(DRAFT, "2"))
        wait_until(lambda: Drafts(folder).all() == [typed(DRAFT, "2")])
        log.close()

    def test_flush_and_close_say_what_they_could_not_save(
        self, store: Drafts, folder: Path, full_disk: threading.Event
    ) -> None:
        log = store.open(DRAFT)
        log.flush()
        full_disk.set()
        log.record(typed(DRAFT, "1"))
        with pytest.raises(Unwritable, match="no space left"):
            log.flush()
        with pytest.raises(Unwritable, match="no space left"):
            log.close()
        full_disk.clear()
        store.open(typed(DRAFT, "1")).close()  # it was let go all the same
        assert store.all() == [typed(DRAFT, "1")]


class TestOwners:
    def test_a_draft_open_here_or_elsewhere_is_in_use(self, store: Drafts, log: DraftLog, folder: Path) -> None:
        for other in (store, Drafts(folder)):
            with pytest.raises(DraftInUse, match=f"draft {DRAFT.id}: open in another Convo"):
                other.open(DRAFT)
        with pytest.raises(DraftInUse):
            Drafts(folder).discard(DRAFT.id)
        log.record(typed(DRAFT, "x"))
        log.flush()
        assert Drafts(folder).all() == [typed(DRAFT, "x")]

    def test_a_closed_draft_can_be_opened_elsewhere(self, store: Drafts, folder: Path) -> None:
        store.open(DRAFT).close()
        Drafts(folder).open(DRAFT).close()

    def test_that_of_a_program_that_died_is_taken_over(self, folder: Path) -> None:
        process, connection = files_workers.start(files_workers.type_text, folder, "x" * 1000, 60)
        connection.recv()
        identity = "20261122-dddd4444"
        with pytest.raises(DraftInUse):
            Drafts(folder).open(replace(DRAFT, id=identity))
        process.kill()
        process.join()
        (left,) = Drafts(folder).all()
        Drafts(folder).open(left).close()


class TestDiscarding:
    @pytest.mark.parametrize("is_open", [True, False])
    def test_nothing_of_a_discarded_draft_is_left(self, store: Drafts, folder: Path, is_open: bool) -> None:
        log = store.open(DRAFT)
        log.flush()
        if not is_open:
            log.close()
        store.discard(DRAFT.id)
        log.record(typed(DRAFT, "late"))
        log.flush()
        assert list(folder.iterdir()) == []
        store.open(DRAFT).close()  # undoing the end of an encounter gives it back
        assert store.all() == [DRAFT]

    def test_discarding_what_is_not_there_is_no_error(self, store: Drafts) -> None:
        store.discard(DRAFT.id)
        assert store.all() == []


def wait_until(condition: Callable[[], bool]) -> None:
    due = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < due, "it never came to be"
        os.sched_yield()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=pytest.mark.long)])
def test_a_kill_while_typing_loses_at_most_a_second_or_twenty_characters(tmp_path: Path, kills: int) -> None:
    """GATES.md 6: kill -9 while typing: at most 1 s or 20 characters gone."""
    chance = random.Random(6)
    text = "".join(chance.choices("abcdefgh \n", k=5000))
    for batch in range(0, kills, 4):
        writers = [(tmp_path / f"{batch + number}", chance.randint(10, 45)) for number in range(min(4, kills - batch))]
        running = [files_workers.start(files_workers.type_text, place, text, 0.02) for place, _ in writers]
        for (place, count), (process, connection) in zip(writers, running, strict=True):
            keystrokes = [connection.recv() for _ in range(count)]
            process.kill()
            killed = time.monotonic()
            keystrokes += files_workers.received(connection)
            process.join()
            (draft,) = Drafts(place).all()
            safe = len(draft.text)
            assert text.startswith(draft.text)
            assert draft.cursor == (0, safe)
            assert len(keystrokes) - safe <= 20 or killed - keystrokes[safe] <= 1
