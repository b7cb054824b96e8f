"""Noticing what other programs change: by the system's notifications, and by looking where there are none."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from convo_tui.store import watch
from convo_tui.store.watch import Watch

PATIENCE = 10.0
"""Seconds that a busy machine is given; nothing here takes one when all is well."""

NEVER = 3600.0
SELDOM = 1e-9

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs what inotify does")


class Listener:
    """Keeps what stood in the folder at each call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: list[dict[str, str]] = []
        self.troubles: list[str] = []
        self._told = threading.Condition()

    def changed(self) -> None:
        self._add(self.seen, contents(self.folder))

    def trouble(self, line: str) -> None:
        self._add(self.troubles, line)

    def _add(self, to: list[Any], what: object) -> None:
        with self._told:
            to.append(what)
            self._told.notify_all()

    def until(self, holds: Callable[[], object]) -> None:
        """Wait for calls until this holds."""
        with self._told:
            assert self._told.wait_for(holds, PATIENCE), (self.seen[-3:], self.troubles)

    def until_seen(self, **files: str) -> None:
        """Wait for a call at which these were the relationships of the folder, by name, with their text."""
        self.until(lambda: self.seen and self.seen[-1] == files)

    def hears_nothing_more(self) -> bool:
        with self._told:
            return not self._told.wait(0.25)


def contents(folder: Path) -> dict[str, str]:
    try:
        return {path.stem: path.read_text() for path in folder.glob("[!.]*.toml") if path.exists()}
    except FileNotFoundError:  # one went away meanwhile: another call comes
        return {}


def replace_by(path: Path, text: str) -> None:
    """Save as most programs do: another file, moved over the one there is."""
    other = path.with_name(f".{path.name}.part")
    other.write_text(text)
    other.replace(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "journal"
    folder.mkdir()
    (folder / "ana.toml").write_text("one")
    return folder


@pytest.fixture
def listener(folder: Path) -> Listener:
    return Listener(folder)


Begin = Callable[..., Watch]


@pytest.fixture
def begin(listener: Listener) -> Iterator[Begin]:
    """Start a watch of the folder, and wait for its first call."""
    begun: list[Watch] = []

    def begin(**options: Any) -> Watch:
        begun.append(Watch(listener.folder, listener.changed, listener.trouble, **options))
        begun[-1].start()
        listener.until(lambda: listener.seen)
        return begun[-1]

    yield begin
    for each in begun:
        each.stop()


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_TICK", 0.02)


@pytest.fixture
def no_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the system tells is noticed."""
    monkeypatch.setattr(watch, "_TICK", NEVER)
    monkeypatch.setattr(watch, "_WATCHING_SHARE", SELDOM)


@pytest.fixture
def seldom_looks(monkeypatch: pytest.MonkeyPatch, quick_looks: None) -> None:
    """The folder itself is asked at every turn, its files are looked at once."""
    monkeypatch.setattr(watch, "_POLLING_SHARE", SELDOM)
    monkeypatch.setattr(watch, "_WATCHING_SHARE", SELDOM)


@pytest.fixture(params=["watching", "polling"])
def either_way(request: pytest.FixtureRequest, begin: Begin) -> Watch:
    """A watch that has begun: with nothing but the system's notifications, or with nothing but looks."""
    request.getfixturevalue("no_looks" if request.param == "watching" else "quick_looks")
    begun = begin(polling=request.param == "polling")
    assert begun.how == request.param
    return begun


@pytest.mark.usefixtures("either_way")
class TestWhatIsNoticed:
    def test_a_file_written_in_place(self, folder: Path, listener: Listener) -> None:
        (folder / "ana.toml").write_text("two, in place")
        listener.until_seen(ana="two, in place")

    def test_a_file_replaced_in_one_step(self, folder: Path, listener: Listener) -> None:
        replace_by(folder / "ana.toml", "two")
        listener.until_seen(ana="two")

    def test_a_new_file(self, folder: Path, listener: Listener) -> None:
        (folder / "bo.toml").write_text("new")
        listener.until_seen(ana="one", bo="new")

    def test_a_file_that_got_another_name(self, folder: Path, listener: Listener) -> None:
        (folder / "ana.toml").rename(folder / "bo.toml")
        listener.until_seen(bo="one")

    def test_a_file_that_went_away_under_another_ending(self, folder: Path, listener: Listener) -> None:
        (folder / "ana.toml").rename(folder / "ana.bak")
        listener.until_seen()

    def test_a_deleted_file(self, folder: Path, listener: Listener) -> None:
        (folder / "ana.toml").unlink()
        listener.until_seen()

    def test_one_change_after_the_other(self, folder: Path, listener: Listener) -> None:
        for text in ("two", "three, longer", "four"):
            replace_by(folder / "ana.toml", text)
            listener.until_seen(ana=text)

    def test_a_burst_is_told_in_a_few_calls(self, folder: Path, listener: Listener) -> None:
        """What `git pull` writes is seen whole, and the screen is not drawn three hundred times."""
        before, began = len(listener.seen), time.monotonic()
        for number in range(300):
            replace_by(folder / f"person-{number}.toml", "pulled")
        listener.until(lambda: len(listener.seen[-1]) == 301)
        assert len(listener.seen) - before <= 2 + (time.monotonic() - began) / 0.02

    def test_what_is_no_relationship_is_not_told(self, folder: Path, listener: Listener) -> None:
        for name in (".hidden.toml", ".convo-0123456789abcdef-0123456789abcdef.tmp", "notes.md", "ana.toml~"):
            (folder / name).write_text("x")
        (folder / "below").mkdir()
        (folder / "below" / "bo.toml").write_text("x")
        assert listener.hears_nothing_more()

    def test_reading_a_file_is_no_change(self, folder: Path, listener: Listener) -> None:
        assert (folder / "ana.toml").read_text() == "one"
        assert listener.hears_nothing_more()


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize("polling", [False, True])
class TestTheFolderItself:
    def test_a_folder_made_later_is_waited_for(
        self, folder: Path, listener: Listener, begin: Begin, polling: bool
    ) -> None:
        (folder / "ana.toml").unlink()
        folder.rmdir()
        begin(polling=polling)
        assert listener.troubles == []
        folder.mkdir()
        (folder / "bo.toml").write_text("new")
        listener.until_seen(bo="new")

    def test_a_folder_removed_and_made_again(
        self, folder: Path, listener: Listener, begin: Begin, polling: bool
    ) -> None:
        begin(polling=polling)
        (folder / "ana.toml").unlink()
        folder.rmdir()
        listener.until_seen()
        folder.mkdir()
        (folder / "bo.toml").write_text("new")
        listener.until_seen(bo="new")

    def test_another_folder_put_in_its_place(
        self, folder: Path, listener: Listener, begin: Begin, polling: bool
    ) -> None:
        begin(polling=polling)
        other = folder.with_name("other")
        other.mkdir()
        (other / "bo.toml").write_text("other")
        folder.rename(folder.with_name("old"))
        other.rename(folder)
        listener.until_seen(bo="other")
        replace_by(folder / "bo.toml", "changed")
        listener.until_seen(bo="changed")

    def test_a_linked_folder_that_leads_elsewhere_now(
        self, folder: Path, listener: Listener, begin: Begin, polling: bool
    ) -> None:
        other = folder.with_name("other")
        folder.rename(other)
        folder.symlink_to(other)
        begin(polling=polling)
        empty = folder.with_name("empty")
        empty.mkdir()
        folder.unlink()
        folder.symlink_to(empty)
        listener.until_seen()

    def test_a_linked_file_whose_target_changes_elsewhere(
        self, folder: Path, listener: Listener, begin: Begin, polling: bool
    ) -> None:
        """Nothing tells of that: only a look finds it."""
        target = folder.with_name("target.toml")
        target.write_text("one")
        (folder / "bo.toml").symlink_to(target)
        begin(polling=polling)
        target.write_text("two, elsewhere")
        listener.until_seen(ana="one", bo="two, elsewhere")

    def test_a_link_that_leads_nowhere_does_no_harm(
        self, folder: Path, listener: Listener, begin: Begin, polling: bool
    ) -> None:
        target = folder.with_name("target.toml")
        (folder / "bo.toml").symlink_to(target)
        begin(polling=polling)
        (folder / "ana.toml").write_text("two, in place")
        listener.until_seen(ana="two, in place")
        target.write_text("here")
        listener.until_seen(ana="two, in place", bo="here")
        assert listener.troubles == []

    def test_what_cannot_be_looked_at_is_said_once_until_it_can(
        self, folder: Path, listener: Listener, begin: Begin, polling: bool
    ) -> None:
        begin(polling=polling)
        aside = folder.with_name("aside")
        folder.rename(aside)
        folder.write_text("a file stands here")
        listener.until(lambda: listener.troubles)
        assert listener.hears_nothing_more()
        assert len(listener.troubles) == 1
        assert listener.troubles[0].startswith(f"{folder}: cannot look for changes: ")
        assert "\n" not in listener.troubles[0]
        folder.unlink()
        calls = len(listener.seen)
        aside.rename(folder)
        listener.until(lambda: len(listener.seen) > calls and listener.seen[-1] == {"ana": "one"})
        folder.rename(aside)
        folder.write_text("again")
        listener.until(lambda: len(listener.troubles) == 2)


class TestWhatLooksAlike:
    """Where one way to notice would miss it, another does not."""

    @pytest.mark.usefixtures("no_looks")
    def test_a_change_is_told_also_when_a_look_sees_none(
        self, folder: Path, listener: Listener, begin: Begin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As when the size stayed and the time was set back."""
        monkeypatch.setattr(watch, "_look", lambda folder: 1)
        begin()
        (folder / "ana.toml").write_text("two")
        listener.until_seen(ana="two")

    @linux_only
    @pytest.mark.usefixtures("no_looks")
    def test_a_folder_made_again_with_the_same_inode(
        self, folder: Path, listener: Listener, begin: Begin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watch, "_state", lambda folder: (1, 1, 1))
        begin()
        other = folder.with_name("other")
        other.mkdir()
        (other / "bo.toml").write_text("other")
        (folder / "ana.toml").unlink()
        listener.until_seen()
        other.replace(folder)
        listener.until_seen(bo="other")
        (folder / "bo.toml").write_text("two, in place")
        listener.until_seen(bo="two, in place")

    @pytest.mark.usefixtures("seldom_looks")
    def test_a_folder_that_took_the_place_is_watched(self, folder: Path, listener: Listener, begin: Begin) -> None:
        first, second = folder.with_name("first"), folder.with_name("second")
        second.mkdir()
        (second / "bo.toml").write_text("one")
        folder.rename(first)
        folder.symlink_to(first)
        begin()
        link = folder.with_name("link")
        link.symlink_to(second)
        link.replace(folder)
        listener.until_seen(bo="one")
        (folder / "bo.toml").write_text("two, in place")
        listener.until_seen(bo="two, in place")

    @pytest.mark.usefixtures("seldom_looks")
    def test_in_a_large_folder_polling_asks_the_folder_itself(
        self, folder: Path, listener: Listener, begin: Begin
    ) -> None:
        """What comes, goes or is replaced is seen within a second, however long a look takes."""
        os.utime(folder, (0, 0))
        begin(polling=True)
        replace_by(folder / "ana.toml", "two")
        listener.until_seen(ana="two")


class TestWhenWatchingFails:
    """Watching the folder (watchfiles, with polling where it cannot)."""

    @pytest.mark.usefixtures("quick_looks")
    def test_without_the_watcher_it_looks(
        self, folder: Path, listener: Listener, begin: Begin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "watchfiles._rust_notify", None)  # what makes an import fail
        assert begin().how == "polling"
        (folder / "ana.toml").write_text("two, in place")
        listener.until_seen(ana="two, in place")
        assert listener.troubles == []

    @pytest.mark.usefixtures("quick_looks")
    def test_where_the_system_allows_no_more_watchers_it_looks(
        self, folder: Path, listener: Listener, begin: Begin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*arguments: object, **options: object) -> None:
            raise OSError("OS file watch limit reached.")

        monkeypatch.setattr("watchfiles._rust_notify.RustNotify", refuse)
        assert begin().how == "polling"
        (folder / "bo.toml").write_text("new")
        listener.until_seen(ana="one", bo="new")
        assert listener.troubles == []

    @linux_only
    @pytest.mark.usefixtures("quick_looks")
    def test_a_watcher_that_dies_is_replaced_by_looks_and_tried_again(
        self, folder: Path, listener: Listener, begin: Begin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A name that is no UTF-8 breaks the watcher for good."""
        begun, died = begin(), threading.Event()
        assert begun.how == "watching"
        poll = begun._poll

        def dead(seconds: float) -> None:
            died.set()
            poll(0.1)

        monkeypatch.setattr(begun, "_poll", dead)
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_text("x")
        assert died.wait(PATIENCE)
        replace_by(folder / "ana.toml", "two")
        listener.until_seen(ana="two")
        replace_by(folder / "ana.toml", "three")
        listener.until_seen(ana="three")

    @pytest.mark.usefixtures("no_looks")
    def test_it_watches_again_when_it_can(
        self, folder: Path, listener: Listener, begin: Begin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With nothing but notifications from the second try on, what is noticed shows that it is watching."""
        from watchfiles import _rust_notify

        watcher, tries = _rust_notify.RustNotify, []

        def refuse_first(*arguments: Any, **options: Any) -> Any:
            tries.append(arguments)
            if len(tries) == 1:
                raise OSError("OS file watch limit reached.")
            return watcher(*arguments, **options)

        monkeypatch.setattr(_rust_notify, "RustNotify", refuse_first)
        monkeypatch.setattr(watch, "_RETRY", 0.0)
        assert begin().how == "watching"
        (folder / "ana.toml").write_text("two, in place")
        listener.until_seen(ana="two, in place")


class TestTheThread:
    def test_a_listener_that_raises_is_reported_and_called_again(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reported: list[object] = []
        called = threading.Semaphore(0)

        def fail() -> None:
            called.release()
            raise ValueError("not this time")

        monkeypatch.setattr(threading, "excepthook", lambda args: reported.append(args.exc_value))
        monkeypatch.setattr(watch, "_TICK", 0.02)
        begun = Watch(folder, fail)
        begun.start()
        assert called.acquire(timeout=PATIENCE)
        replace_by(folder / "ana.toml", "two")
        assert called.acquire(timeout=PATIENCE)
        begun.stop()
        assert [str(error) for error in reported[:2]] == ["not this time"] * 2

    @pytest.mark.usefixtures("no_looks")
    @pytest.mark.parametrize("polling", [False, True])
    def test_it_stops_at_once_and_nothing_is_left_of_it(self, begin: Begin, polling: bool) -> None:
        before = threading.active_count()
        begun = begin(polling=polling)
        started = time.monotonic()
        begun.stop()
        begun.stop()
        assert time.monotonic() - started < 1
        begun._thread.join(PATIENCE)
        assert threading.active_count() == before

    @pytest.mark.usefixtures("quick_looks")
    def test_no_call_comes_after_the_end(self, folder: Path, listener: Listener, begin: Begin) -> None:
        begin().stop()
        replace_by(folder / "ana.toml", "two")
        assert listener.hears_nothing_more()

    def test_an_end_while_it_looks_is_heeded(
        self, folder: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def end_meanwhile(folder: Path) -> int:
            begun.stop()
            return 1

        monkeypatch.setattr(watch, "_look", end_meanwhile)
        begun = Watch(folder, listener.changed)
        begun.start()
        begun._thread.join(PATIENCE)
        assert not begun._thread.is_alive()
        assert listener.seen == []

    def test_the_listener_may_end_it(self, folder: Path) -> None:
        ended = threading.Event()

        def end() -> None:
            begun.stop()
            ended.set()

        begun = Watch(folder, end)
        begun.start()
        assert ended.wait(PATIENCE)
        begun._thread.join(PATIENCE)
        assert not begun._thread.is_alive()

    def test_one_that_never_began_can_be_stopped(self, folder: Path, listener: Listener) -> None:
        Watch(folder, listener.changed).stop()
        assert listener.seen == []

    def test_loading_the_module_loads_no_watcher(self) -> None:
        """The first screen does not wait for it (GATES.md a)."""
        import subprocess

        code = "import sys, convo_tui.store.watch; sys.exit('watchfiles' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


@pytest.mark.usefixtures("seldom_looks")
def test_the_longer_a_look_takes_the_fewer_there_are(
    folder: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Idle CPU below 1 % (GATES.md i)."""
    looks: list[bool] = []
    questions = threading.Semaphore(0)
    state = watch._state

    def asked(path: Path) -> tuple[int, ...]:
        questions.release()
        return state(path)

    def looked(self: Watch, hinted: bool) -> float:
        looks.append(hinted)
        return watch._TICK

    monkeypatch.setattr(watch, "_state", asked)
    monkeypatch.setattr(Watch, "_notice", looked)
    begun = Watch(folder, listener.changed, polling=True)
    begun.start()
    for _ in range(8):
        assert questions.acquire(timeout=PATIENCE)
    begun.stop()
    assert looks == [False]
