"""Reading many files at once, in as many processes as there are processors."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import tzinfo
from pathlib import Path
from typing import NamedTuple, TypeAlias

from convo_tui.store.index.digest import Digest, digest

MANY_BYTES = 8 << 20
"""From so much on it is worth while to start processes, which takes each half a second."""

_BATCH_BYTES = 1 << 20
_AHEAD = 3
"""How many batches for each process wait to be written: memory stays the same however large the journal."""


class Unread(NamedTuple):
    """A file to read: its size in bytes, and the hash that it had when it was last read."""

    file: str
    size: int
    hash: bytes | None


Batch: TypeAlias = "tuple[list[Unread], list[Digest | None]]"


def digests(folder: Path, unread: Sequence[Unread], zone: tzinfo) -> Iterator[Batch]:
    """Yield the files and what each says, None for one that is gone, some at a time."""
    batches = list(_batches(unread))
    if sum(each.size for each in unread) < MANY_BYTES:
        for batch in batches:
            yield batch, _read(folder, batch, zone)
        return
    yield from _in_processes(folder, batches, zone)


def _in_processes(folder: Path, batches: Sequence[list[Unread]], zone: tzinfo) -> Iterator[Batch]:
    processes = os.cpu_count() or 1
    # A fork would take the threads of the full screen with it.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context)
    waiting: deque[tuple[list[Unread], Future[list[Digest | None]]]] = deque()
    try:
        for batch in batches:
            waiting.append((batch, pool.submit(_read, folder, batch, zone)))
            if len(waiting) >= _AHEAD * processes:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _batches(unread: Sequence[Unread]) -> Iterator[list[Unread]]:
    batch: list[Unread] = []
    size = 0
    for each in unread:
        batch.append(each)
        size += each.size
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read(folder: Path, batch: Sequence[Unread], zone: tzinfo) -> list[Digest | None]:
    return [digest(folder, each.file, zone, each.hash) for each in batch]
