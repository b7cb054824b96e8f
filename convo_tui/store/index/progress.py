"""What is to be read, and how far that is."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from convo_tui.store.files import Stamp

_SETTLES_NS = 2_000_000_000
"""A file that changed so shortly before it was read may change again and look the same (FAT counts by 2 s)."""


class Unread(NamedTuple):
    """A file to read: its size in bytes, and the hash that it had when it was last read."""

    file: str
    size: int
    hash: bytes | None


class Progress(NamedTuple):
    """How far the reading of the folder is: bytes read, of all that have to be."""

    done: int
    total: int


def hash_of(data: bytes) -> bytes:
    """Return what tells the bytes of a file from others."""
    return hashlib.blake2b(data, digest_size=16).digest()


def is_settled(stamp: Stamp, looked: int) -> bool:
    """Whether no change after `looked` (nanoseconds since 1970) can leave a file with the stamp that it has."""
    return stamp.mtime_ns < looked - _SETTLES_NS
