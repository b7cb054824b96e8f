"""What a case is, how it is tried, and how the smallest one that still fails is found."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from types import FrameType
from typing import Any, TypeAlias

Case: TypeAlias = tuple[Any, ...]
"""The parts of an input: texts, bytes, and seeds of edits as tuples of numbers. Each can be cut down by itself."""

ATTEMPTS = 3000
"""So often a smaller case is tried at most; each costs milliseconds."""


class TooSlow(BaseException):
    """It took more time than it may. No `Exception`: nobody is to take it for a complaint about the input."""


@dataclass(frozen=True)
class Target:
    """Something to fuzz: `make` a case by chance, `check` it; whatever `check` raises is a failure."""

    name: str
    make: Callable[[Random], Case]
    check: Callable[[Case], None]


@dataclass(frozen=True)
class Failure:
    """How a case failed: which exception, raised where, and the whole story."""

    kind: str
    place: str
    story: str

    @property
    def sort(self) -> tuple[str, str]:
        """What a smaller case must have in common with it."""
        return self.kind, self.place


def case_of(target: Target, seed: int, number: int) -> Case:
    """Return a case: always the same one for a seed, a target and a number."""
    return target.make(Random(f"{seed} {target.name} {number}"))


def tried(target: Target, case: Case) -> Failure | None:
    """Return how a case fails; None when all is well."""
    try:
        target.check(case)
    except (Exception, TooSlow) as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        # A recursion or a slow pattern ends wherever it happens to be.
        place = "" if isinstance(error, RecursionError | TooSlow) else f"{last.filename}:{last.lineno}"
        return Failure(type(error).__name__, place, "".join(traceback.format_exception(error)))
    return None


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TooSlow when what is done inside takes more than `seconds` of processor time; waiting is free."""

    def expire(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGPROF, expire)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def shrunk(target: Target, case: Case, failure: Failure) -> Case:
    """Return a case that fails in the same way with fewer lines, then with fewer characters."""
    attempts = iter(range(ATTEMPTS))

    def still_fails(smaller: Case) -> bool:
        if next(attempts, None) is None:
            return False
        found = tried(target, smaller)
        return found is not None and found.sort == failure.sort

    for place in range(len(case)):
        case = _with_less(case, place, still_fails)
    return case


def _with_less(case: Case, place: int, still_fails: Callable[[Case], bool]) -> Case:
    """Return the case with one of its parts cut down."""

    def replaced(part: Any) -> Case:
        return (*case[:place], part, *case[place + 1 :])

    part = case[place]
    if isinstance(part, str | bytes):
        empty = part[:0]
        lines = _reduced(part.splitlines(keepends=True), lambda units: still_fails(replaced(empty.join(units))))
        part = empty.join(lines)
    return replaced(_reduced(part, lambda units: still_fails(replaced(units))))


def _reduced(units: Any, still_fails: Callable[[Any], bool]) -> Any:
    """Return a sequence without its halves, its quarters, and so on down to its elements, as far as it still fails."""
    size = len(units)
    while size > 0:
        start = 0
        while start < len(units):
            fewer = units[:start] + units[start + size :]
            if still_fails(fewer):
                units = fewer
            else:
                start += size
        size //= 2
    return units
