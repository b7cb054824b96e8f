"""The merge driver that git calls: three files in, the merged one written in place of ours."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import tzinfo
from pathlib import Path

from convo_tui.store.errors import Damage, Unwritable
from convo_tui.store.merging import merged_file


def merge_into(ours: Path, base: Path, theirs: Path, zone: tzinfo) -> tuple[str, ...]:
    """Write both versions as one into the file `ours`; return in words what a person has to decide, if anything.

    Raises:
        Damage: when one of the files cannot be read; nothing was written.
        Unwritable: when the result cannot be saved; `ours` is as it was.
    """
    before, mine, other = (_read(each) for each in (base, ours, theirs))
    merged = merged_file(before, mine, other, zone)
    if merged.data != mine:
        try:
            _write(ours, merged.data)
        except OSError as error:
            raise Unwritable(ours, error.strerror or str(error)) from error
    return merged.undecided


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Damage(path, None, f"cannot be read: {error.strerror or error}; git has the version itself") from error


def _write(path: Path, data: bytes) -> None:
    """Replace what stands there at once, its mode kept. git made the file for this merge: no one else writes it."""
    path = Path(os.path.realpath(path))
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with open(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            os.chmod(beside, path.stat().st_mode & 0o7777)
            file.write(data)
        os.replace(beside, path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
