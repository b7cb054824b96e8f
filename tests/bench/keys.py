"""Gates b and c: from a key to the paint that shows what it did, beside the same in a bare three-pane program."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta

from convo_tui.core import edits
from convo_tui.core.models import Encounter
from convo_tui.store import codec
from tests.bench import keyboard
from tests.bench.believable import NOW
from tests.bench.figures import Figure, Goal
from tests.bench.journals import Home
from tests.bench.measuring import Work, finished, in_turn, percentile, ratio
from tests.bench.setting import Bench

KEYS = 120
TIMELINE = 10_000
"""Encounters of the one relationship beside whose timeline a note is typed."""


def typing(bench: Bench) -> Iterator[Figure]:
    """Key to paint in the editor beside a long timeline."""
    home = _long_timeline(bench)
    ours, floor = in_turn(bench.rounds(5), _pressing("note", home), _pressing("bare-editor", home), warm=False)
    what = f"key to paint in the editor beside {TIMELINE:,} encounters, p95, beside a bare text area's"
    yield Figure("b", what, ratio(ours, floor), goal=Goal(1.25))


def moving(bench: Bench) -> Iterator[Figure]:
    """Moving the selection to the paint of brief and timeline, beside a bare key."""
    homes = [bench.journals.read_only(size) for size in bench.sizes]
    works = [_pressing("list", home) for home in homes]
    floor, *ours = in_turn(bench.rounds(5), _pressing("bare", homes[0]), *works, warm=False)
    for size, times in zip(bench.sizes, ours, strict=True):
        what = "moving the selection to the paint of brief and timeline, p95, beside a bare key's"
        yield Figure("c", what, ratio(times, floor), goal=Goal(3), size=size.relationships)


def _pressing(what: str, home: Home) -> Work:
    """The p95 of the seconds of each key in a process of its own."""
    command = [sys.executable, "-m", keyboard.__name__, what, str(home.journal), str(home.folder), str(KEYS)]
    return lambda: percentile(json.loads(finished(command, home.environment)), 95)


def _long_timeline(bench: Bench) -> Home:
    home = Home(bench.scratch / "talks", bench.scratch / "talks-home")
    home.journal.mkdir()
    entries = tuple(
        Encounter(id=f"20260101-{number:08d}", at=NOW - timedelta(hours=TIMELINE - number), note="We talked of #plans.")
        for number in range(TIMELINE)
    )
    relationship = edits.new_relationship("20260101-bbbbbbbb", "Talks", "person")
    text = codec.write(relationship.model_copy(update={"encounters": entries}))
    (home.journal / "talks.toml").write_text(text, "utf-8")
    return home
