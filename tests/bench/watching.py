"""Gate i: what another program changes is seen on the screen, and nothing is done while nothing changes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.figures import Figure, Goal
from tests.bench.journals import Size
from tests.bench.measuring import Times
from tests.bench.setting import Bench
from tests.bench.starting import BRIEF, SETTLING, list_of
from tests.bench.terminal import Program

IDLE = 10.0
"""Seconds over which an idle program is watched."""
SEEN_WITHIN = 30.0
NAME = re.compile(r'^name = ".*"$', re.MULTILINE)


def watching(bench: Bench) -> Iterator[Figure]:
    """A changed file seen on the screen, at worst; and the processor's time when nothing happens."""
    for size in bench.sizes:
        home, n = bench.journals.copy(size), size.relationships
        path = home.journal / home.someone["file"]
        with Program(home.command("open", home.someone["id"]), home.environment) as program:
            _settled(program, size)
            before = program.cpu_seconds()
            program.rest(IDLE)
            busy = 100 * (program.cpu_seconds() - before) / IDLE
            yield Figure("i", "processor time when idle", busy, "%", goal=Goal(1), size=n)
            for how, write in (("written in place", _in_place), ("replaced", _by_replacing)):
                took = _seen(program, path, how, write, bench.rounds(10))
                yield Figure("i", f"a file {how}, until it is seen, at worst", max(took), "s", goal=Goal(1), size=n)


def _settled(program: Program, size: Size) -> None:
    program.shows(list_of(size))
    program.shows(BRIEF)
    program.rest(SETTLING)


def _seen(program: Program, path: Path, how: str, write: Callable[[Path, str], None], rounds: int) -> Times:
    """Return how long it took, each time, until the new name of the relationship selected was on the screen."""
    took = []
    for number in range(rounds):
        name = f"{how.capitalize()} {number}"
        text = NAME.sub(f'name = "{name}"', path.read_text("utf-8"), count=1)
        program.forget()
        began = time.perf_counter()
        write(path, text)
        took.append(program.shows(name, SEEN_WITHIN) - began)
        program.rest(1)
    return took


def _in_place(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def _by_replacing(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(text, "utf-8")
    os.replace(new, path)
