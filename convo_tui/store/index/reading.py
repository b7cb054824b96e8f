"""Reading many files at once, in as many processes as there are processors."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from convo_tui.store.index.digest import Digest, digest
from convo_tui.store.index.progress import Unread

if TYPE_CHECKING:
    from concurrent.futures import Future

MANY_BYTES = 8 << 20
"""From so much on it is worth while to start processes, which takes each half a second."""

_BATCH_BYTES = 1 << 20
_AHEAD = 3
"""How many batches for each process wait to be written: memory stays the same however large the journal."""


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
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    processes = os.cpu_count() or 1
    # A fork would take the threads of the full screen with it.
    pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
    waiting: deque[tuple[list[Unread], Future[list[Digest | None]]]] = deque()
    left = deque(batches)
    try:
        while left or waiting:
            while left and len(waiting) < _AHEAD * processes:
                waiting.append((left[0], pool.submit(_read, folder, left[0], zone)))
                left.popleft()
            batch, future = waiting[0]
            found = future.result()
            waiting.popleft()
            yield batch, found
    except (BrokenProcessPool, OSError):  # no room for other processes: then this one does it
        for batch in (*(batch for batch, _ in waiting), *left):
            yield batch, _read(folder, batch, zone)
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
