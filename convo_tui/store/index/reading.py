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
    from convo_tui.store.index.workers import Workers

    processes = os.cpu_count() or 1
    waiting: deque[tuple[list[Unread], Future[list[Digest | None]]]] = deque()
    left = deque(batches)
    workers: Workers | None = None
    try:
        workers = Workers(processes)
        while left or waiting:
            while left and len(waiting) < _AHEAD * processes:
                waiting.append((left[0], workers.submit(_read, folder, left[0], zone)))
                left.popleft()
            batch, future = waiting[0]
            if left and not future.done():  # they are only starting, or slower than the writer: then it helps
                batch = left.popleft()
                yield batch, _read(folder, batch, zone)
                continue
            found = future.result()
            waiting.popleft()
            yield batch, found
    except OSError:  # no room for other processes: then this one does it
        for batch in (*(batch for batch, _ in waiting), *left):
            yield batch, _read(folder, batch, zone)
    finally:
        if workers is not None:
            workers.close()


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
