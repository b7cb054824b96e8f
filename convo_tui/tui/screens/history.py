"""What a relationship was at any time: its versions, what each changed, and what it takes to bring something back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content

from convo_tui.sanitize import single
from convo_tui.tui.rows import details, parts
from convo_tui.tui.rows.history import CHANGED, PastRows, Stood, StoodRows
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.screens.shown import Target, target_of
from convo_tui.tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from convo_tui.store.git.repository import Past, Told

_PAGE = 50
"""So many versions are read at once."""
_KEYS = "r restores all · space compares · tab reads on · esc leaves"
_COMPARING = "r restores all · space ends it · tab reads on · esc leaves"
_READING = "r restores this · enter in full · tab versions · esc leaves"
_IN_FULL = "r restores this · esc goes back"


@dataclass(frozen=True)
class Asked:
    """What is to be brought back: a version, or one entry as it was in it or, when it is gone with it, `before` it."""

    past: Past
    identity: str | None = None
    before: bool = False


@dataclass(frozen=True)
class Archive:
    """What the screen asks, off its own thread; None is an answer that failed, and that this was told.

    `meanings` of versions, one version with the one that it is `compared` to, and `restore`, which is true when it was
    done.
    """

    meanings: Callable[[Sequence[Past]], Awaitable[Sequence[Told] | None]]
    stood: Callable[[Past, Past | None], Awaitable[Stood | None]]
    restore: Callable[[Asked], Awaitable[bool]]


class History(Asking[None]):
    """Lists the versions of a relationship, the newest first, with what stood in the one that is selected."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,shift+tab", "turn", "The other side", show=False),
        Binding("right", "turn('stood')", "Read on", show=False),
        Binding("left", "turn('pasts')", "Versions", show=False),
        Binding("space", "compare", "Compare", show=False),
        Binding("r", "restore", "Restore", show=False),
        Binding("escape,h", "close", "Leave", show=False),
    ]
    DEFAULT_CSS = """
    History {
        #pasts { width: 2fr; min-width: 42; }
        #stood { width: 3fr; }
        &.-narrow #pasts { width: 100%; min-width: 0; height: 1fr; }
        &.-narrow #stood { width: 100%; height: 2fr; }
    }
    """

    def __init__(self, name: str, pasts: Sequence[Past], archive: Archive, names: dict[str, str], today: date) -> None:
        """Create the screen of the versions of the relationship called `name`; `names` gives the name behind an id."""
        super().__init__(classes="history sides")
        self._name, self._pasts, self._archive, self._today = single(name), pasts, archive, today
        self._names = names
        self._told: dict[int, Told] = {}
        self._wanted: set[int] = set()
        self._marked: int | None = None
        self._stood: Stood | None = None
        self._closed_shown = False
        self._in_full: Target | None = None

    def compose(self) -> ComposeResult:
        """Make both sides, one beside or below the other."""
        with Container(classes="sides--box"):
            yield LineList(id="pasts", classes="sides--list")
            yield LineList(id="stood", classes="sides--list")

    def on_mount(self) -> None:
        """List the versions; what they mean is told page by page as they come into view."""
        count = sum(bool(each.version) for each in self._pasts)
        many = f" · {count:,} version{'s' if count != 1 else ''}"
        self.query_one(".sides--box").border_title = Content(f"History of {self._name}{many}")
        self.query_one("#stood", LineList).placeholder = Content("Looking…")
        self._versions.focus()
        self._list(select="0")
        self._show_keys()

    @property
    def _versions(self) -> LineList:
        return self.query_one("#pasts", LineList)

    @property
    def _place(self) -> int:
        """The place of the version that is selected."""
        return int(self._versions.selected or 0)

    # ── the versions ─────────────────────────────────────────────────────────────────────────────────────

    def _list(self, select: str | None = None) -> None:
        told, marked = self._told, self._marked
        self._versions.show(
            lambda width: PastRows(self._pasts, told, marked, self._need, self._today, width), select=select
        )

    def _need(self, place: int) -> None:
        page = place // _PAGE
        if page not in self._wanted:
            self._wanted.add(page)
            self.call_later(self._tell, page)

    @work
    async def _tell(self, page: int) -> None:
        start = page * _PAGE
        found = await self._archive.meanings(self._pasts[start : start + _PAGE])
        if found is not None and self.is_open:
            self._told.update(enumerate(found, start))
            self._list()

    @on(LineList.Highlighted, "#pasts")
    def _chosen(self) -> None:
        self._look()

    @on(LineList.Selected, "#pasts")
    def _read(self) -> None:
        self.action_turn("stood")

    @work(group="stood", exclusive=True)
    async def _look(self) -> None:
        """Show what is selected; of somebody quick, only where they stop."""
        place, marked = self._place, self._marked
        earlier = later = self._pasts[place]
        if marked is not None and marked != place:
            earlier, later = self._pasts[max(place, marked)], self._pasts[min(place, marked)]
        compared = None if earlier is later else earlier
        stood = await self._archive.stood(later, compared)
        if stood is not None and self.is_open:
            self._stood, self._in_full = stood, None
            self._show(fresh=True)

    # ── one version ──────────────────────────────────────────────────────────────────────────────────────

    def _show(self, fresh: bool = False) -> None:
        stood, full = self._stood, self._in_full
        if stood is None:
            return
        names = dict(self._names)
        if stood.brief is not None:
            names.update((each.id, each.name) for each in stood.brief.relationship.people)
        lines = self.query_one("#stood", LineList)
        if full is not None:
            lines.show(lambda width: _in_full(stood, full, names, width), fresh=True)
        else:
            lines.show(lambda width: StoodRows(stood, names, self._closed_shown, width), fresh=fresh)
        self._show_keys()

    @on(LineList.Selected, "#stood")
    def _open(self, event: LineList.Selected) -> None:
        if event.key == "closed":
            self._closed_shown = not self._closed_shown
        elif self._in_full is None:
            self._in_full = self._target()
        self._show()

    def _target(self) -> Target | None:
        """What is selected in the version, where it stood in it."""
        stood, key = self._stood, self.query_one("#stood", LineList).selected or ""
        if stood is not None and key.startswith(CHANGED):
            found = stood.found[int(key.removeprefix(CHANGED))]
            kind = {"issues": "issue", "encounters": "encounter"}.get(found.table, found.table)
            key = f"{kind}:{found.identity}"
        target = target_of(key)
        return target if stood is not None and target is not None and _stands(stood, target) else None

    def _show_keys(self) -> None:
        keys = _KEYS if self._marked is None else _COMPARING
        if self.focused is not self._versions:
            keys = _READING if self._in_full is None else _IN_FULL
        self.query_one(".sides--box").border_subtitle = Content.styled(keys, parts.QUIET)

    def on_descendant_focus(self) -> None:
        """Name the keys of the side that has the focus."""
        self._show_keys()

    # ── what the keys do ─────────────────────────────────────────────────────────────────────────────────

    def action_turn(self, to: str = "") -> None:
        """Go to the other side."""
        self.query_one(f"#{to or ('stood' if self.focused is self._versions else 'pasts')}").focus()

    def action_compare(self) -> None:
        """Compare with the version selected from now on; once more ends it."""
        self._marked = self._place if self._marked is None else None
        self._list()
        self._look()
        self._show_keys()

    @work(exclusive=True, group="restore")
    async def action_restore(self) -> None:
        """Bring back the version selected; from the side where one reads, the entry selected there."""
        asked = Asked(self._pasts[self._place]) if self.focused is self._versions else self._entry()
        if asked is None:
            self.notify("Select an entry to bring it back; among the versions r brings back all.", markup=False)
        elif await self._archive.restore(asked):
            self.answer()

    def _entry(self) -> Asked | None:
        stood, key = self._stood, self.query_one("#stood", LineList).selected or ""
        past = self._pasts[self._place]
        if self._in_full is not None:
            return Asked(past, self._in_full.id)
        if stood is not None and key.startswith(CHANGED):
            found = stood.found[int(key.removeprefix(CHANGED))]
            if found.kind != "removed":
                return Asked(past, found.identity)
            if self._marked is None or self._marked == self._place:
                return Asked(past, found.identity, before=True)
            return Asked(self._pasts[max(self._place, self._marked)], found.identity)
        target = target_of(key)
        return Asked(past, target.id) if target is not None else None

    def action_close(self) -> None:
        """Go back: out of an entry first, then out of the history."""
        if self._in_full is not None and self.focused is not self._versions:
            self._in_full = None
            self._show()
        else:
            self.answer()


def _stands(stood: Stood, target: Target) -> bool:
    relationship = stood.brief.relationship if stood.brief is not None else None
    if relationship is None:
        return False
    issues, heard = ({each.id for each in entries} for entries in (relationship.issues, relationship.heard))
    return target.id in issues | heard | {each.id for each in stood.timeline}


def _in_full(stood: Stood, target: Target, names: dict[str, str], width: int) -> list[Row]:
    """One entry of a version, in full."""
    from convo_tui.core.carry import standing

    assert stood.brief is not None, "an entry stands in a version that can be read"
    relationship, timeline, day = stood.brief.relationship, stood.timeline, stood.day
    if target.kind == "encounter":
        encounter = next(each for each in timeline if each.id == target.id)
        return details.encounter_rows(encounter, relationship, day, width, names)
    if target.kind == "issue":
        issue = next(each for each in relationship.issues if each.id == target.id)
        return details.issue_rows(standing(issue, timeline, day), timeline, day, width)
    heard = next(each for each in relationship.heard if each.id == target.id)
    return details.heard_rows(heard, timeline, day, width)
