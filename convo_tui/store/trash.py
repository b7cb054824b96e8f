"""What was deleted, and what lost to another version: kept in the state folder, never thrown away at once."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from convo_tui.store import files
from convo_tui.store.errors import Conflict

_LONGEST = 150
"""Bytes of a name, without its ending."""

KEPT_FOR = timedelta(days=30)
"""How long a version that lost is kept (issue 5)."""


def put(folder: Path, name: str, data: bytes, now: datetime) -> Path:
    """Keep `data` in `folder` under the time and `name`; return where.

    Raises:
        Conflict, Unwritable: when it cannot be kept.
    """
    files.make_folder(folder)
    when = f"{now:%Y%m%dT%H%M%S}"
    name = _short(name)
    path = folder / f"{when}-{name}"
    for count in range(1, 1000):
        try:
            files.save(path, data, None, folder)
            return path
        except Conflict:
            path = folder / f"{when}-{count}-{name}"
    raise Conflict(path, f"there are too many files of this name in {folder}; remove some")


def _short(name: str) -> str:
    """Return a name that leaves room for what is put before it: a folder takes 255 bytes."""
    stem, dot, ending = name.rpartition(".")
    return f"{os.fsencode(stem)[:_LONGEST].decode('utf-8', 'ignore')}{dot}{ending}"


def tidy(folder: Path, now: datetime) -> None:
    """Remove from `folder` what has lain there for longer than `KEPT_FOR`."""
    oldest = (now - KEPT_FOR).timestamp()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.stat(follow_symlinks=False).st_mtime >= oldest:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    os.unlink(entry.path)
