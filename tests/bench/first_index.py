"""Reading a whole folder, in a process of its own: `python -m tests.bench.first_index WHAT JOURNAL INDEX`.

Prints the seconds: of making the index from nothing, or of no more than reading and parsing the files in as many
processes.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import rtoml

BATCH = 50


def parsed(paths: list[Path]) -> int:
    """Read and parse files; return how many tables there are, so that little has to be sent back."""
    return sum(len(rtoml.loads(path.read_text("utf-8"))) for path in paths)


def parse_all(journal: Path) -> None:
    """Read and parse every file, in as many processes as there are processors."""
    paths = sorted(journal.glob("*.toml"))
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        sum(pool.map(parsed, batches))


def index_all(journal: Path, path: Path) -> None:
    """Make the index."""
    from convo_tui.store.index.index import Index
    from tests.bench.believable import NOW

    assert NOW.tzinfo is not None
    index = Index(journal, path, NOW.tzinfo)
    index.refresh()
    index.close()


def main() -> None:
    """Do what the command line asks for."""
    what, journal, path = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    began = time.perf_counter()
    if what == "index":
        index_all(journal, path)
    else:
        parse_all(journal)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
