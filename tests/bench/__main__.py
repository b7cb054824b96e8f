"""`make bench`: each figure as a ratio to the floor that it is held against, both measured in turn in one run.

It never fails by time: it prints the ratio beside the goal, and *met* or *missed* (GATES.md, "Fast").
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import TextArea

from convo_tui.clock import Clock
from convo_tui.core import edits
from convo_tui.core.models import Encounter
from convo_tui.paths import Places
from convo_tui.sample import build
from convo_tui.settings import Settings
from convo_tui.store import codec, files
from convo_tui.store.journal import Journal
from convo_tui.tui.app import ConvoApp
from convo_tui.tui.desk import Desk

ROUNDS = 9
KEYS = 120
PACE = 1 / 12
"""Seconds from key to key of someone quick."""
NOW = datetime(2026, 11, 22, 10, 37, tzinfo=UTC)
CLOCK = Clock(lambda: NOW, UTC)

MUST_IMPORT = "import click, pydantic, platformdirs, rtoml, filelock, slugify, convo_tui.core.models"
BARE_APP = """
from textual.app import App
from textual.containers import Horizontal
from textual.widgets import Static
class Bare(App):
    def compose(self):
        with Horizontal():
            yield Static("one"); yield Static("two"); yield Static("three")
    def on_mount(self): self.call_after_refresh(self.exit)
Bare().run(headless=True)
"""
CONVO_APP = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from convo_tui.clock import Clock
from convo_tui.paths import Places
from convo_tui.settings import Settings
from convo_tui.tui.app import ConvoApp
from convo_tui.tui.desk import Desk
from convo_tui.tui.widgets.line_list import LineList
root = Path(sys.argv[1]); now = datetime(2026, 11, 22, 10, 37, tzinfo=UTC)
desk = Desk(Places(root / "journal", root, root, root / "state"), Settings(), Clock(lambda: now, UTC))
class Timed(ConvoApp):
    def on_line_list_highlighted(self, event):
        if event.line_list.id == "brief": self.call_after_refresh(self.exit)
Timed(desk).run(headless=True); desk.close()
"""


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ratio(ours: Callable[[], object], floor: Callable[[], object]) -> float:
    """Return the median of our time over the floor's, measured in turn."""
    ours(), floor()
    return statistics.median(seconds(ours) / seconds(floor) for _ in range(ROUNDS))


def python(code: str, *arguments: str) -> Callable[[], object]:
    """Return a run of a whole Python process."""
    return lambda: subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)


def logging(root: Path) -> float:
    """`convo log` beside importing what it must import."""
    (root / "journal").mkdir()
    build(root / "journal", CLOCK)
    command = [sys.executable, "-m", "convo_tui", "--dir", str(root / "journal"), "log", "Ana Ruiz", "a word"]
    environment = {**os.environ, "HOME": str(root), "XDG_STATE_HOME": str(root / "state")}
    return ratio(lambda: subprocess.run(command, check=True, capture_output=True, env=environment), python(MUST_IMPORT))


def starting(root: Path) -> float:
    """The full screen to where we left off, beside a bare three-pane program."""
    return ratio(python(CONVO_APP, str(root)), python(BARE_APP))


def saving(root: Path) -> float:
    """One encounter into a relationship of 1 MB, beside the durable write of its bytes and two parses."""
    relationship = edits.new_relationship("20260101-aaaaaaaa", "Large", "person")
    words = "We talked about the plan and what it means for the people on line two. " * 5
    entries = tuple(
        Encounter(id=f"20260101-{number:08d}", at=NOW - timedelta(days=3000 - number), note=words)
        for number in range(2200)
    )
    folder = root / "large"
    folder.mkdir()
    path, kept = folder / "large.toml", root / "kept"
    text = codec.write(relationship.model_copy(update={"encounters": entries}))
    path.write_text(text, "utf-8")
    journal = Journal(Places(folder, root, root, root / "state"), CLOCK)
    bare = folder.parent / "bare.toml"

    def ours() -> None:
        added = Encounter(id=journal.new_id(), at=NOW, note="short")
        journal.change(relationship.id, "log", lambda now: edits.added(now, "encounters", added))

    def floor() -> None:
        data = text.encode()
        codec.read(data, UTC), codec.read(data, UTC)
        bare.unlink(missing_ok=True)
        files.save(bare, data, None, kept)

    journal.refresh()
    return ratio(ours, floor)


class Bare(App[None]):
    """A text area and nothing else."""

    def compose(self) -> ComposeResult:
        """Make it."""
        yield TextArea()


async def key_to_paint(app: App[Any], begin: str = "") -> float:
    """Return the seconds from a key to the paint that shows it, p95; the key `begin` leads to where one types."""
    painted = asyncio.Event()
    display = app._display

    def noting(*what: Any) -> None:
        display(*what)
        painted.set()

    took = []
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause(2)  # what is read at the start is shown
        if begin:
            await pilot.press(begin)
            await pilot.pause(2)
        area, driver = app.focused, app._driver
        assert isinstance(area, TextArea)
        assert driver is not None
        app._display = noting  # type: ignore[method-assign]
        for number in range(KEYS):
            letter = "abcdefghijklmnopqrstuvwxyz"[number % 26]
            wanted = area.text + letter
            began = time.perf_counter()
            driver.send_message(events.Key(letter, letter))
            while area.text != wanted:
                await asyncio.sleep(0)
            painted.clear()
            await painted.wait()
            took.append(time.perf_counter() - began)
            await asyncio.sleep(PACE - min(PACE, took[-1]))
    return statistics.quantiles(took, n=20)[-1]


def typing(root: Path) -> float:
    """Key to paint in the editor (p95), beside a timeline of 10,000 encounters, to the same in a bare text area."""
    folder = root / "talks"
    folder.mkdir()
    entries = tuple(
        Encounter(id=f"20260101-{number:08d}", at=NOW - timedelta(hours=10000 - number), note="We talked about #plans.")
        for number in range(10000)
    )
    relationship = edits.new_relationship("20260101-bbbbbbbb", "Talks", "person")
    (folder / "talks.toml").write_text(codec.write(relationship.model_copy(update={"encounters": entries})), "utf-8")
    desk = Desk(Places(folder, root, root, root / "state"), Settings(), CLOCK)
    try:
        floor = asyncio.run(key_to_paint(Bare()))
        return asyncio.run(key_to_paint(ConvoApp(desk), "n")) / floor
    finally:
        desk.close()


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        rows = [
            ("d", logging.__doc__, logging(root), 1.3),
            ("a", starting.__doc__, starting(root), 1.25),
            ("g", saving.__doc__, saving(root), 5.0),
            ("b", typing.__doc__, typing(root), 1.25),
        ]
    print("| gate | what | ratio | goal | |\n|---|---|---|---|---|")
    for gate, what, measured, goal in rows:
        verdict = "met" if measured <= goal else "missed"
        print(f"| {gate} | {what} | {measured:.2f} | ≤ {goal} | {verdict} |")


if __name__ == "__main__":
    main()
