"""Gate f: the first index of a folder, beside reading and parsing the same files."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from statistics import median

from tests.bench import first_index
from tests.bench.figures import Figure, Goal
from tests.bench.journals import Home
from tests.bench.measuring import Work, finished, in_turn, ratio
from tests.bench.setting import Bench


def indexing(bench: Bench) -> Iterator[Figure]:
    """The first index of a folder."""
    for size in bench.sizes:
        home = bench.journals.read_only(size)
        megabytes = sum(path.stat().st_size for path in home.journal.iterdir()) / 1e6
        ours, floor = in_turn(
            bench.rounds(3), _reading("index", bench, home), _reading("parse", bench, home), warm=False
        )
        speed, n = megabytes / median(ours), size.relationships
        yield Figure("f", "the first index of the folder", speed, "MB/s", goal=Goal(40, at_least=True), size=n)
        what = "the first index, beside reading and parsing the same files in as many processes"
        yield Figure("f", what, ratio(ours, floor), size=n)


def _reading(what: str, bench: Bench, home: Home) -> Work:
    folder = bench.scratch / "first-index"
    command = [sys.executable, "-m", first_index.__name__, what, str(home.journal), str(folder / "index.sqlite")]

    def seconds() -> float:
        took = float(finished(command, home.environment))
        shutil.rmtree(folder, ignore_errors=True)
        return took

    return seconds
