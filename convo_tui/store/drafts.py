"""Encounters in progress, kept while they are typed (GATES.md 6: at most 1 s or 20 characters are lost).

A draft is a file of JSON lines in the state dir: first the whole draft, then what each change did to it. A
line that does not fit onto what stands before it, as after a power cut, ends the file: the rest is ignored.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from convo_tui.core.errors import ConvoError
from convo_tui.store import system
from convo_tui.store.errors import Damage, Unwritable
from convo_tui.store.files import read, release, try_lock

if TYPE_CHECKING:
    from filelock import BaseFileLock

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"

PAUSE = 0.25
"""Seconds between two writes while someone types."""

_ROOM = 256 * 1024  # bytes of changes in a file, beyond four times its text, before it is written anew
_DATASYNC = getattr(os, "fdatasync", os.fsync)


class DraftInUse(ConvoError):
    """Another full screen is typing this draft."""

    def __init__(self, identity: str) -> None:
        super().__init__(f"draft {identity}: open in another Convo; go on there, or end it there first")
        self.identity = identity


@dataclass(frozen=True)
class Draft:
    """An encounter in progress.

    `id` is that of the encounter, `relationship` that of its home. `at` is when the encounter takes place,
    `agenda` the ids of its issues in the order of their fixed numbers, `cursor` a line and a column from 0.
    `extra` is what later versions of the program add; it is kept.
    """

    id: str
    relationship: str
    started: datetime
    at: datetime
    channel: str = "call"
    with_: tuple[str, ...] = ()
    agenda: tuple[str, ...] = ()
    text: str = ""
    cursor: tuple[int, int] = (0, 0)
    first_key: datetime | None = None
    last_key: datetime | None = None
    extra: Mapping[str, JSON] = field(default_factory=dict)


class Drafts:
    """The drafts in one folder of the state dir, and the thread that writes those that are open.

    `on_error` is called from that thread, once for each time that saving begins to fail, with a line to show.
    """

    def __init__(self, folder: Path, on_error: Callable[[str], object] = lambda message: None) -> None:
        self._folder = folder
        self.on_error = on_error
        self._logs: dict[str, DraftLog] = {}
        self._typed = threading.Event()
        self._writer: threading.Thread | None = None

    def all(self) -> list[Draft]:
        """Return every draft that can be recovered, also those open elsewhere, the newest last."""
        drafts = (_recover(path) for path in self._paths())
        return sorted((draft for draft in drafts if draft), key=lambda draft: (draft.started, draft.id))

    def damaged(self) -> list[Path]:
        """Return the files that nothing can be recovered from; they are left alone."""
        return [path for path in self._paths() if _recover(path) is None and path.exists()]

    def find(self, relationship: str) -> Draft | None:
        """Return the newest draft whose home is `relationship` (an id)."""
        return next((draft for draft in reversed(self.all()) if draft.relationship == relationship), None)

    def open(self, draft: Draft) -> DraftLog:
        """Begin or go on with a draft; that of a program that has died is taken over.

        Raises:
            DraftInUse: when a living program, this one included, has it open.
            Unwritable: when the folder of the drafts cannot be written to.
        """
        log = DraftLog(self._path(draft.id), self._hold(draft.id), self._typed.set, self.on_error, self._forget)
        self._logs[draft.id] = log
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, name="drafts", daemon=True)
            self._writer.start()
        log.record(draft)
        return log

    def discard(self, identity: str) -> None:
        """Delete a draft, durably: it was saved or is not wanted. One that is open here is closed first.

        Raises:
            DraftInUse: when another program has it open.
            Unwritable: when the system refuses.
        """
        log, path = self._logs.get(identity), self._path(identity)
        lock = log.abandon() if log else self._hold(identity)
        try:
            for each in (path, _rewritten(path), self._lock_path(identity)):
                each.unlink(missing_ok=True)
            system.sync_folder(self._folder)
        except OSError as error:
            raise Unwritable(path, system.why_unwritable(error)) from error
        finally:
            release(lock)

    def close(self) -> None:
        """Flush and let go of every draft that is open here; those that cannot be saved were told of before."""
        with ExitStack() as all_of_them:  # whatever goes wrong with one of them
            for log in list(self._logs.values()):
                all_of_them.enter_context(suppress(Unwritable))
                all_of_them.callback(log.close)

    def _write(self) -> None:
        pause = threading.Event()
        while self._typed.wait():
            self._typed.clear()
            for log in list(self._logs.values()):
                log.write()
            pause.wait(PAUSE)

    def _forget(self, log: DraftLog) -> None:
        self._logs = {identity: each for identity, each in self._logs.items() if each is not log}

    def _hold(self, identity: str) -> BaseFileLock:
        lock = try_lock(self._lock_path(identity), timeout=0)
        if lock is None:
            raise DraftInUse(identity)
        return lock

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("*.jsonl"))

    def _path(self, identity: str) -> Path:
        return self._folder / f"{identity}.jsonl"

    def _lock_path(self, identity: str) -> Path:
        return self._folder / f"{identity}.lock"


class DraftLog:
    """One open draft. `record` belongs to the thread of the screen; the others may be called from any."""

    def __init__(
        self,
        path: Path,
        lock: BaseFileLock,
        wake: Callable[[], None],
        on_error: Callable[[str], object],
        on_close: Callable[[DraftLog], None],
    ) -> None:
        self._path, self._lock = path, lock
        self._wake, self._on_error, self._on_close = wake, on_error, on_close
        self._newest: Draft | None = None
        self._durable: Draft | None = None
        self._writing = threading.Lock()
        self._descriptor: int | None = None
        self._size = 0
        self._failing = False
        self._closed = False

    def record(self, draft: Draft) -> None:
        """Take the draft as it is after a keystroke; costs microseconds and never waits for the disk."""
        self._newest = draft
        self._wake()

    def flush(self) -> None:
        """Return when everything recorded is durable.

        Raises:
            Unwritable: when the system refuses; the next keystroke or flush tries again.
        """
        with self._writing:
            draft = self._newest
            if self._closed or draft is None or draft == self._durable:
                return
            try:
                self._put(draft)
            except OSError as error:
                self._let_go()
                raise Unwritable(self._path, system.why_unwritable(error)) from error
            self._durable = draft
            self._failing = False

    def write(self) -> None:
        """Flush from the writer's thread, where a failure goes to `on_error`, the first in a row only."""
        try:
            self.flush()
        except Unwritable as error:
            if not self._failing:
                self._failing = True
                self._on_error(str(error))

    def close(self) -> None:
        """Flush and let the draft go; it stays in its folder. What is recorded afterwards is not kept.

        Raises:
            Unwritable: when the last keystrokes could not be saved; it is closed all the same.
        """
        try:
            self.flush()
        finally:
            release(self.abandon())

    def abandon(self) -> BaseFileLock:
        """Stop writing without a last flush, and return the lock for the caller to release."""
        self._on_close(self)
        with self._writing:
            self._closed = True
            self._let_go()
        return self._lock

    def _put(self, draft: Draft) -> None:
        """Append what changed, or write the file anew: at first, after a failure, and when it has grown long."""
        if self._descriptor is None or self._durable is None or self._size > _ROOM + 4 * len(draft.text):
            self._let_go()
            line = _line({"draft": _fields(draft), "text": draft.text})
            fresh = _rewritten(self._path)
            fresh.unlink(missing_ok=True)
            system.write_new(fresh, line)
            os.replace(fresh, self._path)
            system.sync_folder(self._path.parent)
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            self._size = len(line)
        else:
            line = _line(_change(self._durable, draft))
            system.write_all(self._descriptor, line)
            _DATASYNC(self._descriptor)
            self._size += len(line)

    def _let_go(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):
                os.close(descriptor)


def _rewritten(path: Path) -> Path:
    """The file that becomes `path`; a fixed name, since whoever writes it holds the draft's lock."""
    return path.with_suffix(".new")


# The lines


def _line(record: Mapping[str, JSON]) -> bytes:
    # ASCII, because an editor may hold half of a surrogate pair, which UTF-8 cannot.
    return json.dumps(record, separators=(",", ":")).encode("ascii") + b"\n"


def _change(old: Draft, new: Draft) -> dict[str, JSON]:
    before, after = _fields(old), _fields(new)
    start = _shared(old.text, new.text)
    end = _shared(old.text[start:][::-1], new.text[start:][::-1])
    return {
        "edit": [start, end, new.text[start : len(new.text) - end], len(new.text)],
        "set": {key: value for key, value in after.items() if key not in before or before[key] != value},
        "unset": [key for key in before if key not in after],
    }


def _shared(one: str, other: str) -> int:
    """Return how many characters both begin with; by halving, which compares a long text in microseconds."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _recover(path: Path) -> Draft | None:
    """Return the draft as it is after the last line that fits; None when not even the first one does."""
    try:
        *lines, _torn = read(path).split(b"\n")
    except Damage:
        return None
    known: dict[str, Any] = {}
    text, draft = "", None
    for line in lines:
        try:
            text = _apply(json.loads(line), known, text)
            draft = _draft(known, text)
        except (ValueError, TypeError, KeyError, AttributeError):
            break
    # Files are named by it: one that says another is not ours to follow.
    return draft if draft is not None and draft.id == path.stem else None


def _apply(record: dict[str, Any], known: dict[str, Any], text: str) -> str:
    """Bring `known` up to date with one line, and return the text after it."""
    if "draft" in record:
        known.clear()
        known.update(record["draft"])
        return str(record["text"])
    start, end, put, length = record["edit"]
    changed = f"{text[:start]}{put}{text[len(text) - end :]}"
    if len(changed) != length:
        raise ValueError("it was made to another text")
    known.update(record["set"])
    for key in record["unset"]:
        known.pop(key, None)
    return changed


def _fields(draft: Draft) -> dict[str, JSON]:
    return {
        **draft.extra,
        "id": draft.id,
        "relationship": draft.relationship,
        "started": draft.started.isoformat(),
        "at": draft.at.isoformat(),
        "channel": draft.channel,
        "with": list(draft.with_),
        "agenda": list(draft.agenda),
        "cursor": list(draft.cursor),
        "first_key": draft.first_key.isoformat() if draft.first_key else None,
        "last_key": draft.last_key.isoformat() if draft.last_key else None,
    }


def _draft(known: Mapping[str, Any], text: str) -> Draft:
    rest = dict(known)
    line, column = rest.pop("cursor")
    first, last = rest.pop("first_key"), rest.pop("last_key")
    return Draft(
        id=str(rest.pop("id")),
        relationship=str(rest.pop("relationship")),
        started=datetime.fromisoformat(rest.pop("started")),
        at=datetime.fromisoformat(rest.pop("at")),
        channel=str(rest.pop("channel")),
        with_=tuple(map(str, rest.pop("with"))),
        agenda=tuple(map(str, rest.pop("agenda"))),
        text=text,
        cursor=(int(line), int(column)),
        first_key=first and datetime.fromisoformat(first),
        last_key=last and datetime.fromisoformat(last),
        extra=rest,
    )
