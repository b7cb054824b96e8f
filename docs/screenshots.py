"""Makes the pictures of the README from the sample journal, at a fixed time: `make screenshots`.

A test makes them again and compares, so a picture never shows a program that is no more.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from textual.pilot import Pilot

from convo_tui.clock import Clock
from convo_tui.core.brief import brief
from convo_tui.core.contradiction import Contradiction, Place
from convo_tui.core.dates import dated
from convo_tui.core.difference import differences, label
from convo_tui.core.models import Relationship
from convo_tui.paths import Places
from convo_tui.sample import build
from convo_tui.settings import Settings
from convo_tui.store.git.repository import Past, Plan, State, Step, Told, fetched
from convo_tui.tui.app import ConvoApp
from convo_tui.tui.desk import Desk
from convo_tui.tui.rows.history import Stood
from convo_tui.tui.rows.versions import Course, standing
from convo_tui.tui.screens.conflict import Conflict
from convo_tui.tui.screens.history import Archive, History
from convo_tui.tui.screens.problems import Problems
from convo_tui.tui.screens.versions import Versions
from convo_tui.tui.widgets.header import Header

FOLDER = Path(__file__).parent
NOW = datetime.fromisoformat("2026-11-22T10:37:00+01:00")
CLOCK = Clock(lambda: NOW, timezone(timedelta(hours=1)), monotonic=lambda: 0.0)

NOTE = """\
Legal is fine with the draft; she will walk the board through it herself.
> "If it slips past the quarter, I have to explain it twice."
! book the kickoff room @us due:fri #pilot
~ pricing : they want it per line, not per seat
need: one page that her board can read in a minute
"""


@cache
def _sample() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    build(Path(folder.name), CLOCK)
    return folder


async def settled(pilot: Pilot[None]) -> None:
    """Return when everything that was asked for is on the screen."""
    await pilot.pause()
    under_way = [each for each in pilot.app.workers if each.group != "survey"]  # a form has one that waits for it
    await asyncio.gather(*(each.wait() for each in under_way), return_exceptions=True)  # what is overtaken is cancelled
    await pilot.pause()


async def _choose(pilot: Pilot[None], name: str = "Ana Ruiz") -> None:
    chosen = next(each for each in pilot.app.screen.summaries if each.name == name)
    pilot.app.screen.listing.select(chosen.key)
    await settled(pilot)


async def journal(pilot: Pilot[None]) -> None:
    """Where we left off with Ana."""
    await _choose(pilot)
    await pilot.press("tab", "j")


async def encounter(pilot: Pilot[None]) -> None:
    """A call with Ana, being typed."""
    await _choose(pilot)
    await pilot.press("n")
    await settled(pilot)
    pilot.app.screen.query_one("#note").insert(NOTE)


async def receipt(pilot: Pilot[None]) -> None:
    """The same call, ended."""
    await encounter(pilot)
    await settled(pilot)
    await pilot.press("ctrl+s")


async def find(pilot: Pilot[None]) -> None:
    """Everything that was ever said of prices."""
    await pilot.press("f", *"pric")
    await settled(pilot)


async def reach(pilot: Pilot[None]) -> None:
    """Every way to reach a family business and the people in it."""
    await _choose(pilot)
    await _choose(pilot, "Lindqvist & Daughters")
    await pilot.press("at")


async def conflict(pilot: Pilot[None]) -> None:
    """A note that was rewritten here and elsewhere."""
    await _choose(pilot)
    ours = "Legal is fine with the draft.\nShe will walk the board through it herself.\nKickoff on Friday."
    theirs = "Legal is fine with the draft.\nBo will walk the board through it.\nKickoff on Monday."
    place = Place("the note of the call of 19 Nov 2026", ours, theirs)
    pilot.app.push_screen(Conflict(Contradiction("Ana Ruiz", [place, place])))


async def problems(pilot: Pilot[None]) -> None:
    """A damaged file, one that names what is nowhere, and a call that has not been yet."""
    await _choose(pilot, "Imran Qureshi")
    screen = pilot.app.screen
    folder = screen.desk.places.journal
    ana, chiara = folder / "ana-ruiz.toml", folder / "chiara-neri.toml"
    ana.write_text(ana.read_text("utf-8").replace('kind = "person"', 'kind = "persn"', 1), "utf-8")
    more = '\n[[encounters]]\nid = "20271201-1ater000"\nat = 2027-12-01T10:00:00+01:00\nwith = ["20200101-gone0000"]\n'
    chiara.write_text(chiara.read_text("utf-8") + more, "utf-8")
    await screen.reload()
    await pilot.app.push_screen(Problems(screen._check))


async def history(pilot: Pilot[None]) -> None:
    """What each encounter with Ana changed, and how it stood when she was last called but one."""
    await _choose(pilot)
    screen = pilot.app.screen
    ana = screen.shown.view.relationship
    days = [each.at for each in reversed(ana.encounters)]
    stood = [_as_of(ana, each) for each in days]
    found = [differences(before, now) for now, before in zip(stood, [*stood[1:], None], strict=True)]
    pasts = [Past(f"{place}", "", each, "", "", "ana-ruiz.toml", "", "") for place, each in enumerate(days)]

    async def meanings(wanted: Sequence[Past]) -> list[Told]:
        return [Told(label(found[int(each.version)]), found[int(each.version)]) for each in wanted]

    async def looked_at(past: Past, compared: Past | None) -> Stood:
        place = int(past.version)
        when = f"{dated(days[place].date(), NOW.date())} {days[place]:%H:%M}"
        then, day = stood[place], days[place].date()
        return Stood(when, "", found[place], "", day, brief(then, then.encounters, day), then.encounters)

    async def restore(_: object) -> bool:
        return False

    archive = Archive(meanings, looked_at, restore)
    await pilot.app.push_screen(History(ana.name, pasts, archive, screen.shown.view.names, NOW.date()))
    await pilot.press("j")


def _as_of(relationship: Relationship, moment: datetime) -> Relationship:
    """A relationship as it was at a moment, as far as its encounters and issues tell."""
    encounters = tuple(each for each in relationship.encounters if each.at <= moment)
    ids = {each.id for each in encounters}
    opened = (each for each in relationship.issues if each.opened is None or each.opened <= moment)
    again = {"state": "open", "closed": None, "closed_in": "", "outcome": ""}
    issues = tuple(
        each.model_copy(
            update={
                "carried": tuple(key for key in each.carried if key in ids),
                **(again if each.closed and each.closed > moment else {}),
            }
        )
        for each in opened
    )
    heard = tuple(each for each in relationship.heard if each.at is None or each.at <= moment)
    return relationship.model_copy(update={"encounters": encounters, "issues": issues, "heard": heard})


async def sync(pilot: Pilot[None]) -> None:
    """What a sync would do, in a clone that runs a hook of its own."""
    await _choose(pilot)
    state = State(
        *("main", "1a2b3c4d", "origin/main", 2, 1, ("ana-ruiz.toml", "chiara-neri.toml"), (), 0, ""),
        *(NOW - timedelta(hours=3), True, True, True, "origin"),
    )
    steps = (
        Step("make a version of 2 files", ("Ana Ruiz: call, 1 opened, 1 carried", "Chiara Neri: settled pricing")),
        Step("fetch from origin", (fetched(state, NOW),)),
        Step("merge 1 version of origin/main"),
        Step("push 3 versions to origin"),
    )
    left_out = ('imran-qureshi.toml is damaged and left out: kind: "persn" is not one of person, organisation',)
    plan = Plan(state, steps, commands=("the hook pre-commit",), notes=left_out)

    async def planned() -> Plan:
        return plan

    now = standing(state, NOW)
    header = pilot.app.screen.query_one(Header)
    header.versions, header.urgency = now.texts, now.urgency
    await pilot.app.push_screen(Versions(planned, lambda *_: Course()))


def _view(whom: str, key: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def opened(pilot: Pilot[None]) -> None:
        await _choose(pilot, whom)
        await pilot.press(key)

    return opened


SCENES: dict[str, Callable[[Pilot[None]], Awaitable[None]]] = {
    "journal": journal,
    "encounter": encounter,
    "receipt": receipt,
    "problems": problems,
}
"""What changes the journal, or shows the main screen itself."""

OVERLAYS: dict[str, Callable[[Pilot[None]], Awaitable[None]]] = {
    "find": find,
    "reach": reach,
    "conflict": conflict,
    "history": history,
    "sync": sync,
    "agenda": _view("Ana Ruiz", "a"),
    "pulse": _view("Ana Ruiz", "v"),
    "topics": _view("Ana Ruiz", "number_sign"),
    "heard": _view("Ana Ruiz", "L"),
    "people": _view("Halden Robotics", "P"),
    "review": _view("Ana Ruiz", "W"),
    "story": _view("Ana Ruiz", "Y"),
    "form": _view("Ana Ruiz", "e"),
}
"""The screens over the journal: they leave it as it was."""

README = (("journal", "convo-dark"), ("encounter", "convo-dark"))
"""The scenes that the README shows, each in its theme."""

README_SIZE = (132, 36)


@asynccontextmanager
async def _running(size: tuple[int, int], theme: str) -> AsyncIterator[Pilot[None]]:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        shutil.copytree(_sample().name, root / "journal")
        places = Places(root / "journal", root / "config", root / "cache", root / "state")
        desk = Desk(places, Settings(theme=theme), CLOCK)
        app = ConvoApp(desk, title="sample journal")
        async with app.run_test(size=size, notifications=False) as pilot:
            app.animation_level = "none"
            await settled(pilot)
            yield pilot
        desk.close()


async def taken(scene: str, size: tuple[int, int] = (140, 40), theme: str = "convo-dark") -> tuple[str, str]:
    """Return a scene as it looks: plain text, and SVG without what differs from run to run."""
    async with _running(size, theme) as pilot:
        await SCENES[scene](pilot)
        return await _seen(pilot)


async def overlays(size: tuple[int, int], theme: str = "convo-dark") -> dict[str, tuple[str, str]]:
    """Return each screen over the journal as it looks, all of them in one run of the program."""
    found = {}
    async with _running(size, theme) as pilot:
        journal = pilot.app.screen
        for name, scene in OVERLAYS.items():
            await scene(pilot)
            found[name] = await _seen(pilot)
            pilot.app.screen.dismiss(None)
            await settled(pilot)
            assert pilot.app.screen is journal
            journal.go("relationships")
    return found


async def _seen(pilot: Pilot[None]) -> tuple[str, str]:
    await settled(pilot)
    for editor in pilot.app.screen.query("TextArea, Input"):
        editor.cursor_blink = False
    await settled(pilot)
    lines = ("".join(segment.text for segment in strip) for strip in pilot.app.screen._compositor.render_strips())
    return "\n".join(line.rstrip() for line in lines) + "\n", normalised(pilot.app.export_screenshot())


def normalised(svg: str) -> str:
    """Return the picture under one name, because its own is new each time, and without fonts from elsewhere."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code, monospace", "monospace")
    return re.sub(r"terminal-\d+", "terminal", svg)


def main() -> None:
    """Write the pictures that the README shows."""
    for scene, theme in README:
        _, svg = asyncio.run(taken(scene, README_SIZE, theme))
        (FOLDER / f"{scene}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
