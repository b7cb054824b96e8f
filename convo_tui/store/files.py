"""Guarded reading and durable saving of one file (ARCHITECTURE.md, "Saving"; GATES.md 1 to 5, 14).

A save writes a temporary file beside its target and lets the two change places in one step, so that
whatever another program put there in the meantime comes out and can be looked at. Temporary files are named

    .convo-<lock>-<token>.tmp                   while being written: only ever our own, unsaved text
    .convo-<lock>-<token>-<ours>-<base>.tmp     from then on: our text, the bytes we read, or a foreign version

with digests of the last two, so that `sweep` can tell after a kill what each one holds.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat as modes
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from convo_tui.store import system
from convo_tui.store.errors import Conflict, Damage, Unwritable
from convo_tui.store.system import MAX_BYTES

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = [
    "MAX_BYTES",
    "Stamp",
    "entry_stamp",
    "locked",
    "make_folder",
    "read",
    "remove",
    "save",
    "stamp",
    "sweep",
    "try_lock",
]

_WRITABLE = modes.S_IWUSR | modes.S_IWGRP | modes.S_IWOTH
_TEMPORARY = re.compile(r"\.convo-([0-9a-f]{16})-[0-9a-f]{16}(?:-([0-9a-f]{16})-([0-9a-f]{16}))?\.tmp")

_CHANGED = "another program changed it since it was read; nothing was written: read it again and save"
_GONE = "another program removed it since it was read; nothing was written: restore it or save it as a new one"
_APPEARED = "another program created it meanwhile; nothing was written: read it and save again"
_PROTECTED = "it is protected against writing; allow it with chmod u+w and save again"
_BUSY = "another program is saving this file; try again in a moment"


@dataclass(frozen=True)
class Stamp:
    """What is cheap to compare to notice that a file changed: bytes, nanoseconds, inode."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, info: os.stat_result) -> Stamp:
        """Return the stamp in what `stat` said."""
        return cls(info.st_size, info.st_mtime_ns, info.st_ino)


def stamp(path: Path) -> Stamp:
    """Return the stamp of the file that `path` leads to.

    Raises:
        Damage: when it is gone or out of reach.
    """
    try:
        return Stamp.of(os.stat(path))
    except OSError as error:
        raise Damage(path, None, system.why_unreadable(error)) from error


def entry_stamp(path: Path) -> Stamp | None:
    """Return the stamp of an entry of a folder: of the link itself where it leads nowhere; None when it is gone.

    Raises:
        Damage: when it is out of reach.
    """
    try:
        return Stamp.of(os.stat(path))
    except OSError:
        try:
            return Stamp.of(os.lstat(path))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Damage(path, None, system.why_unreadable(error)) from error


def read(path: Path) -> bytes:
    """Return the bytes of the regular file that `path` leads to, without ever waiting for another program.

    Raises:
        Damage: when it is gone, out of reach, no regular file, or larger than `MAX_BYTES`.
    """
    try:
        return system.load(path)
    except OSError as error:
        raise Damage(path, None, system.why_unreadable(error)) from error


def make_folder(path: Path) -> None:
    """Create `path` and what is missing above it, durably, each 0700; what exists keeps its mode.

    Raises:
        Unwritable: when the system refuses.
    """
    try:
        system.create_folder(path)
    except OSError as error:
        raise Unwritable(path, system.why_unwritable(error)) from error


def try_lock(lock_file: Path, timeout: float) -> BaseFileLock | None:
    """Return the lock, held until its `release()` or our death; None when another has it for `timeout` seconds.

    Raises:
        Unwritable: when the lock file cannot be created.
    """
    # 60 ms to import, wherever in the package one enters: not for those who only read.
    from filelock import FileLock, Timeout

    make_folder(lock_file.parent)
    # Not thread-local, so that another thread than the one that took it may release it.
    lock = FileLock(lock_file, mode=0o600, thread_local=False, poll_interval=0.005)
    try:
        lock.acquire(timeout=timeout)
    except Timeout:
        return None
    except OSError as error:
        raise Unwritable(lock_file, system.why_unwritable(error)) from error
    return lock


@contextmanager
def locked(path: Path, lock_dir: Path, timeout: float = 10) -> Iterator[None]:
    """Keep every other process and thread of ours from saving the target of `path`; not re-entrant.

    `timeout` is in seconds. Symbolic links to one file share its lock.

    Raises:
        Conflict: when another still holds the lock after `timeout`.
        Unwritable: when the lock file cannot be created.
    """
    lock = try_lock(_lock_file(lock_dir, _lock_name(_target(path))), timeout)
    if lock is None:
        raise Conflict(path, _BUSY)
    try:
        yield
    finally:
        release(lock)


def release(lock: BaseFileLock) -> None:
    """Let go of a lock. Where the system refuses, it goes when nobody refers to it any more: what was done is done."""
    with suppress(OSError):
        lock.release()


def save(path: Path, data: bytes, base: bytes | None, keep: Path) -> None:
    """Put `data` into the file that `path` leads to, durably and in one step; to be called under `locked`.

    `base` is what was read from it, None for a file that must not exist yet. A foreign version that got in
    between stays in place, or goes to the folder `keep` when a still newer one took that place. New
    files are 0600; others keep mode and, where permitted, owner; a symbolic link stays one; other hard links
    keep the old bytes. Where the system cannot exchange two files (Windows, some network file systems),
    the target is compared again right before it is replaced: a foreign write in that instant is lost there,
    and a folder that cannot be made durable after it is told with the new bytes in place. A file that nobody may
    write to is not replaced, although the folder would permit it: that is what its mode asks for.

    Raises:
        Conflict: when the file does not hold `base`; nothing of it is lost.
        Unwritable: when the system refuses; the old bytes are intact.
        Damage: when no regular file stands there now.
    """
    if len(data) > MAX_BYTES:
        raise Unwritable(path, f"it would be larger than {MAX_BYTES >> 20} MiB; shorten it and save again")
    target = _target(path)
    temporary, exchanged = _temporaries(target, data, base)
    try:
        _require(path, target, base)
        if base is not None:
            _require_unprotected(path, target)
        system.write_new(temporary, data, like=None if base is None else target)
        # From here on it may hold a foreign version; the name has to say so before that can happen.
        system.move(temporary, exchanged)
        if base is None:
            _create(path, exchanged, target, data, keep)
        else:
            _replace(path, exchanged, target, data, base, keep)
    except OSError as error:
        if error.errno == errno.ENOENT and base is not None and not os.path.lexists(target):
            raise Conflict(path, _GONE) from error
        raise Unwritable(path, system.why_unwritable(error)) from error
    finally:
        for left in (temporary, exchanged):
            with suppress(OSError):
                if system.content(left) == data:
                    left.unlink()


def remove(path: Path, base: bytes, keep: Path) -> None:
    """Take away the entry `path`, which leads to `base`, durably; to be called under `locked`.

    Of a symbolic link only the link goes. It is put aside first and looked at, so that no foreign version that got
    in is lost: that stays in place, or goes to the folder `keep`.

    Raises:
        Conflict: when it does not lead to `base`.
        Unwritable: when the system refuses; it stands there still.
        Damage: when it leads to no regular file.
    """
    aside = path.with_name(_temporaries(_target(path), base, None)[1].name)
    try:
        _require(path, path, base)
        _require_unprotected(path, path)
        system.move(path, aside)
        try:
            _require(path, aside, base)
            system.sync_folder(path.parent)
        except BaseException:
            _put_back(aside, path, keep)
            raise
    except OSError as error:
        raise Unwritable(path, system.why_unwritable(error)) from error
    with suppress(OSError):  # It is removed; what cannot be cleared away now, the next sweep does.
        aside.unlink()


def sweep(folder: Path, lock_dir: Path, keep: Path) -> list[Path]:
    """Clear away what killed saves left in `folder` and beside the targets of its links; for the start.

    Returns where the foreign versions found among it are now: in the folder `keep`, or still in their place
    when they cannot be moved. Saves that are going on are left alone.
    """
    kept = []
    for temporary, lock_name, digests in _left_behind(folder):
        with suppress(OSError, Unwritable):
            lock = try_lock(_lock_file(lock_dir, lock_name), timeout=0)
            if lock is None:
                continue
            try:
                content = system.content(temporary)
                if not digests or (content is not None and _digest(content) in digests):
                    temporary.unlink()
                else:
                    kept.append(_keep(temporary, keep))
            finally:
                release(lock)
    return kept


def _require(path: Path, target: Path, base: bytes | None) -> None:
    """Compare what stands in `target` now with what was read, None for nothing."""
    try:
        if base is None:
            os.lstat(target)
            raise Conflict(path, _APPEARED)
        if system.load(target) != base:
            raise Conflict(path, _CHANGED)
    except FileNotFoundError:
        if base is not None:
            raise Conflict(path, _GONE) from None


def _require_unprotected(path: Path, target: Path) -> None:
    if not os.stat(target).st_mode & _WRITABLE:
        raise Unwritable(path, _PROTECTED)


def _temporaries(target: Path, data: bytes, base: bytes | None) -> tuple[Path, Path]:
    stem = f".convo-{_lock_name(target)}-{os.urandom(8).hex()}"
    digests = f"{_digest(data)}-{_digest(base or b'')}"
    return target.with_name(f"{stem}.tmp"), target.with_name(f"{stem}-{digests}.tmp")


def _create(path: Path, source: Path, target: Path, data: bytes, keep: Path) -> None:
    try:
        if not system.rename(source, target, system.NOREPLACE):
            _link(path, source, target)
    except FileExistsError:
        raise Conflict(path, _APPEARED) from None
    try:
        system.sync_folder(target.parent)
    except OSError:
        system.move(target, source)
        if system.content(source) != data:
            _keep(source, keep)
        raise


def _link(path: Path, source: Path, target: Path) -> None:
    """Place a new file where NOREPLACE is missing: by a hard link, or else by looking once more."""
    try:
        os.link(source, target)  # `save` removes the other name
    except OSError as error:
        if error.errno not in system.UNSUPPORTED:
            raise
        _require(path, target, None)
        system.move(source, target)


def _replace(path: Path, source: Path, target: Path, data: bytes, base: bytes, keep: Path) -> None:
    if not system.rename(source, target, system.EXCHANGE):
        _require(path, target, base)
        system.replace(source, target)
        system.sync_folder(target.parent)
        return
    try:
        is_base = system.content(source) == base
        if is_base:
            system.sync_folder(target.parent)
    except OSError:
        _give_back(source, target, data, keep)
        raise
    if not is_base:
        kept = _give_back(source, target, data, keep)
        raise Conflict(path, f"{_CHANGED}; one version it wrote is kept in {kept}" if kept else _CHANGED)
    with suppress(OSError):  # It is saved; what cannot be removed now, the next sweep removes.
        source.unlink()


def _give_back(source: Path, target: Path, data: bytes, keep: Path) -> Path | None:
    """Return what came out, in `source`, to its place, unless that was taken: then say where it is kept."""
    with suppress(OSError):
        if system.content(target) == data:
            system.rename(source, target, system.EXCHANGE)
            if system.content(source) == data:
                return None
            # A still newer version got in: it belongs in the place, the one before it is kept.
            system.rename(source, target, system.EXCHANGE)
    return _keep(source, keep)


def _put_back(aside: Path, path: Path, keep: Path) -> None:
    """Return an entry to its place, unless that was taken."""
    with suppress(OSError):
        if system.rename(aside, path, system.NOREPLACE):
            return
        if not os.path.lexists(path):
            system.move(aside, path)
            return
    _keep(aside, keep)


def _keep(temporary: Path, keep: Path) -> Path:
    """Move a foreign version to the folder `keep`; where that fails, it stays for the next sweep."""
    kept = keep / f"kept-{os.urandom(8).hex()}.toml"
    try:
        system.create_folder(keep)
        try:
            os.rename(temporary, kept)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            system.write_new(kept, system.load(temporary))
            temporary.unlink()
        system.sync_folder(keep)
    except (OSError, Damage):
        return temporary if os.path.lexists(temporary) else kept
    return kept


def _left_behind(folder: Path) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Yield each temporary file of ours, the name of its lock, and the digests of what it may hold."""
    folders = {folder}
    with suppress(OSError), os.scandir(folder) as entries:
        links = [entry for entry in entries if entry.name.endswith(".toml") and entry.is_symlink()]
        folders |= {_target(Path(link)).parent for link in links}
    for each in sorted(folders):
        with suppress(OSError):
            for name in filter(None, map(_TEMPORARY.fullmatch, sorted(os.listdir(each)))):
                yield each / name[0], name[1], tuple(filter(None, name.groups()[1:]))


def _target(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _lock_name(target: Path) -> str:
    return _digest(os.fsencode(target))


def _lock_file(lock_dir: Path, name: str) -> Path:
    return lock_dir / f"{name}.lock"


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
