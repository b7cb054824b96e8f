"""Gate g: one encounter saved into a relationship of 1 MB."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from convo_tui.core import edits
from convo_tui.core.models import Encounter
from convo_tui.store import codec
from tests.bench.believable import NOW
from tests.bench.figures import Figure, Goal
from tests.bench.journals import CLOCK, Home
from tests.bench.measuring import in_turn, percentile, timed
from tests.bench.setting import Bench

ENCOUNTERS = 2_200
WORDS = "We talked about the plan and what it means for the people on line two. " * 5


def saving(bench: Bench) -> Iterator[Figure]:
    """One encounter saved into 1 MB, beside the bare durable write of its bytes and two parses."""
    home = Home(bench.scratch / "large", bench.scratch / "large-home")
    home.journal.mkdir()
    text = _relationship()
    (home.journal / "large.toml").write_text(text, "utf-8")
    journal, bare, data = home.opened(), bench.scratch / "bare.toml", text.encode()

    def save() -> None:
        added = Encounter(id=journal.new_id(), at=NOW, note="short")
        journal.change("20260101-aaaaaaaa", "log", lambda now: edits.added(now, "encounters", added))

    def bare_save() -> None:
        for _ in range(2):
            codec.read(data, CLOCK.zone)
        write_durably(bare, data)

    ours, floor = in_turn(bench.rounds(200), timed(save), timed(bare_save))
    what = "saving one encounter into 1 MB, p99, beside the bare durable write of its bytes and two parses"
    yield Figure("g", what, percentile(ours, 99) / percentile(floor, 99), goal=Goal(5))


def write_durably(path: Path, data: bytes) -> None:
    """Write a file as nothing less would survive a power cut, by system calls alone."""
    new = path.with_suffix(".new")
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(file, data)
    os.fsync(file)
    os.close(file)
    os.rename(new, path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _relationship() -> str:
    entries = tuple(
        Encounter(id=f"20260101-{number:08d}", at=NOW - timedelta(days=3000 - number), note=WORDS)
        for number in range(ENCOUNTERS)
    )
    relationship = edits.new_relationship("20260101-aaaaaaaa", "Large", "person")
    return codec.write(relationship.model_copy(update={"encounters": entries}))
