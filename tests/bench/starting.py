"""Gates a and h: the full screen as a process in a terminal, beside a bare three-pane program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial

from tests.bench import bare
from tests.bench.figures import Figure, Goal
from tests.bench.journals import Home, Size
from tests.bench.measuring import Times, in_turn, ratio
from tests.bench.setting import Bench
from tests.bench.terminal import Program

LIST, BRIEF = r"Relationships · \d", "WHERE WE LEFT OFF"
"""What is painted with the first lines of the list, and with where we left off."""

SETTLING = 3.0
"""Seconds after which a program that is left alone does nothing more."""


def list_of(size: Size) -> str:
    """Return what the screen shows when the list knows of all relationships, however thousands are set."""
    return "Relationships · " + r"\D{0,3}".join(str(size.relationships))


def first_screen(bench: Bench) -> Iterator[Figure]:
    """`convo` until the list stands there, from a warm index."""
    homes = [bench.journals.read_only(size) for size in bench.sizes]
    later: list[list[Times]] = [[[], []] for _ in homes]
    works = [partial(_to_list, home, size, *times) for home, size, times in zip(homes, bench.sizes, later, strict=True)]
    floor, *ours = in_turn(bench.rounds(15), partial(_to_bare, homes[0]), *works, warm=False)
    for size, to_list, (to_brief, to_whole) in zip(bench.sizes, ours, later, strict=True):
        n = size.relationships
        yield Figure("a", "`convo` until the list is painted", ratio(to_list, floor), goal=Goal(1.25), size=n)
        yield Figure("a", "`convo` until the brief of the one selected is painted", ratio(to_brief, floor), size=n)
        yield Figure("a", "`convo` until the list knows of all, changes included", ratio(to_whole, floor), size=n)
    first, last = bench.sizes[0].relationships, bench.sizes[-1].relationships
    what = f"`convo` until the list is painted: {last:,} relationships beside {first:,}"
    yield Figure("a", what, ratio(ours[-1], ours[0]), goal=Goal(1.2))


def memory(bench: Bench) -> Iterator[Figure]:
    """Resident memory after the start, beside the bare program's."""
    for size in bench.sizes:
        home = bench.journals.read_only(size)
        ours, floor = in_turn(
            bench.rounds(3), partial(_convo_memory, home, size), partial(_bare_memory, home), warm=False
        )
        what = "resident memory, beside the bare program's"
        yield Figure("h", what, ratio(ours, floor), goal=Goal(1.3), size=size.relationships)


def _to_bare(home: Home) -> float:
    with Program(_bare_command(), home.environment) as program:
        return program.shows(bare.LAST_PANE) - program.began


def _to_list(home: Home, size: Size, to_brief: Times, to_whole: Times) -> float:
    """Return the seconds until the list is painted; those until more is are added to the times given."""
    with Program(home.command(), home.environment) as program:
        listed = program.shows(LIST)
        to_brief.append(program.shows(BRIEF) - program.began)
        to_whole.append(program.shows(list_of(size)) - program.began)
        return listed - program.began


def _bare_memory(home: Home) -> float:
    with Program(_bare_command(), home.environment) as program:
        program.shows(bare.LAST_PANE)
        program.rest(SETTLING)
        return program.resident_bytes()


def _convo_memory(home: Home, size: Size) -> float:
    with Program(home.command(), home.environment) as program:
        program.shows(list_of(size))
        program.shows(BRIEF)
        program.rest(SETTLING)
        return program.resident_bytes()


def _bare_command() -> list[str]:
    return [sys.executable, "-m", bare.__name__]
