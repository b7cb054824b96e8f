"""What the operating system does for `files` and `drafts`, one call each, and its refusals in plain words.

Everything here raises OSError and leaves it to the caller to say which file of the user's it was about. What the
systems promise differs:

    Linux      two files change places in one step; a folder is made durable
    macOS      the same, on APFS; elsewhere the target is compared again and replaced
    Windows    compared and replaced; a folder is not made durable; a file that another program has open is waited for
"""

from __future__ import annotations

import errno
import os
import stat as modes
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import sleep
from typing import Any

from convo_tui.store.errors import Damage

MAX_BYTES = 64 * 1024 * 1024
"""The largest file that is read (CONTRACT.md, "The file")."""

# <linux/fs.h>
NOREPLACE, EXCHANGE = 1, 2

# RENAME_EXCL and RENAME_SWAP of macOS, <sys/stdio.h>, since 10.12
_OF_MACOS = {NOREPLACE: 4, EXCHANGE: 2}

UNSUPPORTED = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM})
"""What a file system answers that lacks hard links, or a flag of `rename`."""

_POSIX = os.name == "posix"
# Non-blocking, or a pipe named x.toml hangs the program. Python adds O_CLOEXEC by itself.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_NOT_DURABLE = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})  # said by a file system that syncs no folder
_IN_USE = frozenset({5, 32})  # ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION
_PAUSES = (0.01, 0.02, 0.03, 0.05, 0.05, 0.06, 0.08, 0.1, 0.1)  # seconds, half of one in all
_BEYOND = 4096  # bytes asked for beyond the size, so that a file that grows meanwhile is read to its end

_UNREADABLE = {
    errno.ENOENT: "it is gone; restore it, or go on without it",
    errno.EACCES: "no permission to read it; allow it with chmod u+r",
    errno.ELOOP: "its symbolic link leads back to itself; point it at a file",
    errno.ENXIO: "a socket or device, not a file; move it out of the journal",
    errno.EIO: "the device reported an error; check it and read again",
}

_UNWRITABLE = {
    errno.ENOSPC: "no space left on the device; free some and save again",
    errno.EDQUOT: "the disk quota is used up; free some space and save again",
    errno.EROFS: "the file system is read-only; make it writable and save again",
    errno.EACCES: "permission denied; allow writing to its folder and save again",
    errno.EPERM: "the system does not permit it; allow writing to its folder and save again",
    errno.EFBIG: "it is larger than the system allows; raise the limit and save again",
    errno.EIO: "the device reported an error; check it and save again",
    errno.ENOENT: "its folder is gone; restore it and save again",
    errno.ENOTDIR: "a file stands where its folder should be; move that away and save again",
    errno.EEXIST: "a file stands where its folder should be; move that away and save again",
    errno.ENAMETOOLONG: "its name is too long; shorten it and save again",
}


def load(path: Path) -> bytes:
    """Return the bytes of the regular file that `path` leads to, without ever waiting for another program.

    Raises:
        Damage: when it is no regular file, or larger than `MAX_BYTES`.
    """
    descriptor = os.open(path, _READ)
    try:
        info = os.fstat(descriptor)
        if modes.S_ISDIR(info.st_mode):
            raise Damage(path, None, "a folder, not a file; rename it")
        if not modes.S_ISREG(info.st_mode):
            raise Damage(path, None, "a pipe or device, not a file; move it out of the journal")
        chunks: list[bytes] = []
        size, expected = 0, info.st_size
        while max(size, expected) <= MAX_BYTES:
            chunk = os.read(descriptor, max(expected - size, 0) + _BEYOND)
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)
            size += len(chunk)
    finally:
        os.close(descriptor)
    raise Damage(path, None, f"larger than {MAX_BYTES >> 20} MiB; split it into smaller files")


def content(path: Path) -> bytes | None:
    """Return the bytes of `path` itself; None when it is a link, a folder, or anything but a regular file."""
    if not modes.S_ISREG(os.lstat(path).st_mode):
        return None
    try:
        return load(path)
    except Damage:
        return None


def write_new(path: Path, data: bytes, like: Path | None = None) -> None:
    """Write and fsync a new file, 0600 or with mode and owner of `like`; a failure leaves nothing."""
    descriptor = os.open(path, _CREATE, 0o600)
    try:
        try:
            write_all(descriptor, data)
            if like is not None and _POSIX:
                _resemble(descriptor, os.stat(like))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def write_all(descriptor: int, data: bytes) -> None:
    """Write `data` however many calls it takes."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _resemble(descriptor: int, like: os.stat_result) -> None:
    own = os.fstat(descriptor)
    if (like.st_uid, like.st_gid) != (own.st_uid, own.st_gid):
        with suppress(PermissionError):
            os.fchown(descriptor, like.st_uid, like.st_gid)
    os.fchmod(descriptor, modes.S_IMODE(like.st_mode))


def sync_folder(folder: Path) -> None:
    """Make durable which names stand in `folder`, where the system can."""
    if not _POSIX:  # elsewhere a folder cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_DURABLE:
            raise
    finally:
        os.close(descriptor)


def create_folder(path: Path) -> None:
    """Create `path` and what is missing above it, durably, each 0700; what exists keeps its mode."""
    for folder in reversed((path, *path.parents)):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
            with suppress(PermissionError):  # the folder above may not be ours to read
                sync_folder(folder.parent)


def move(source: Path, target: Path) -> None:
    """Give a file another name."""
    _patiently(os.rename, source, target)


def replace(source: Path, target: Path) -> None:
    """Put a file into the place of another."""
    _patiently(os.replace, source, target)


def _patiently(call: Callable[[Path, Path], object], source: Path, target: Path) -> None:
    """Try again while another program has one of the files open, which Windows minds: for half a second."""
    for pause in _PAUSES:
        try:
            call(source, target)
            return
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _IN_USE:
                raise
        sleep(pause)
    call(source, target)


def rename(source: Path, target: Path, flag: int) -> bool:
    """Rename with NOREPLACE or EXCHANGE; False when the system cannot, and nothing was done."""
    call = _flagged()
    code = call(os.fsencode(source), os.fsencode(target), flag) if call else errno.ENOSYS
    if code and code not in UNSUPPORTED:
        raise OSError(code, os.strerror(code), str(source), None, str(target))
    return not code


@cache
def _flagged() -> Callable[[bytes, bytes, int], int] | None:
    """Return the call that renames with a flag, answering with an errno or 0; None where it is missing."""
    if not sys.platform.startswith(("linux", "darwin")):
        return None
    import ctypes  # 10 ms, which only a save has to spend

    library: Any = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "darwin":
            renamex_np = library.renamex_np
            renamex_np.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint)
            return lambda source, target, flag: ctypes.get_errno() if renamex_np(source, target, _OF_MACOS[flag]) else 0
        renameat2 = library.renameat2
    except AttributeError:  # a system older than the call
        return None
    renameat2.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    here = -100  # AT_FDCWD
    return lambda source, target, flag: ctypes.get_errno() if renameat2(here, source, here, target, flag) else 0


def why_unreadable(error: OSError) -> str:
    """Return why a file cannot be read, and what to do."""
    known = _UNREADABLE.get(error.errno or 0)
    return known or f"cannot be read ({error.strerror}); check the file and its folder"


def why_unwritable(error: OSError) -> str:
    """Return why a file cannot be saved, and what to do."""
    known = _UNWRITABLE.get(error.errno or 0)
    return known or f"the system says “{error.strerror}”; put that right and save again"
