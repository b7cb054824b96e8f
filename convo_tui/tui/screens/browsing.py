"""Looking around: the relationships, where we left off with the one selected, its timeline, one thing in full."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Rule, Static

from convo_tui.core.errors import ConvoError
from convo_tui.sanitize import single
from convo_tui.tui import keys
from convo_tui.tui.desk import Desk
from convo_tui.tui.rows import brief as brief_pane
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.timeline import TimelineRows
from convo_tui.tui.screens.listing import Listing
from convo_tui.tui.screens.note_pane import NotePane
from convo_tui.tui.screens.shown import Shown, Target, detail_rows, gathered, target_of
from convo_tui.tui.widgets.footer import KeyBar
from convo_tui.tui.widgets.header import Header
from convo_tui.tui.widgets.line_input import FilterLine
from convo_tui.tui.widgets.line_list import LineList

NARROWEST, LOWEST = 30, 9
"""Columns and lines below which nothing useful fits."""

_PANES = ("relationships", "conversation", "note-pane")


class Browsing(Listing):
    """The panes and what they show; nothing here changes anything."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-narrow"),
        (80, "-medium"),
        (120, "-wide"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings("everywhere", "outside the editor", "issue", "encounter"),
    ]

    def __init__(self, desk: Desk, start: str | None = None, title: str = "") -> None:
        """Create the screen; `start` is the key of the relationship to open at, `title` stands in the header."""
        super().__init__(desk, start)
        self._title = title
        self.note_pane = NotePane(id="note-pane")
        self.shown: Shown | None = None
        self.closed_shown = self.issues_shown = False
        self._in_full: Target | None = None
        self.marked: frozenset[str] = frozenset()
        """The keys of the rows that are marked for the next key to act on."""

    # ── the parts ────────────────────────────────────────────────────────────────────────────────────────

    def compose(self) -> ComposeResult:
        """Make the three panes between header and key bar."""
        yield Header()
        with Horizontal(id="body"):
            with Vertical(id="relationships", classes="pane -current"):
                yield FilterLine(placeholder="/ type to filter", id="filter", compact=True)
                yield LineList(id="list", placeholder=Content("Reading the journal…"))
            with Container(id="work"):
                with Vertical(id="conversation", classes="pane"):
                    yield LineList(id="brief")
                    yield Rule()
                    yield LineList(id="timeline")
                yield self.note_pane
        yield Static(id="too-small", markup=False)
        yield Static("The curtain is drawn. f8 opens it.", id="curtain", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Paint first, then read."""
        widths = self.desk.settings.layout
        for pane, setting in (("#relationships", "relationships"), ("#note-pane", "note")):
            if setting in widths:
                self.query_one(pane).styles.width = widths[setting]
        header = self.query_one(Header)
        header.journal = self._title or _shortened(self.desk.places.journal)
        self.query_one("#relationships").border_title = "Relationships"
        self.query_one("#conversation").border_title = "Where we left off"
        self.listing.focus()
        self.tick()
        self.set_interval(1, self.tick)
        self.paint_first()
        self.call_after_refresh(self.load)

    def tick(self) -> None:
        """Bring what depends on the time up to date; runs once a second."""
        self.query_one(Header).clock = parts.clock(self.desk.clock.now())

    def on_resize(self) -> None:
        """Say so where nothing useful fits; what is being typed is kept."""
        width, height = self.app.size
        tiny = width < NARROWEST or height < LOWEST
        self.set_class(tiny, "-tiny")
        if tiny:
            said = f"{width}×{height} is too small.\nConvo needs {NARROWEST}×{LOWEST};\nnothing is lost."
            self.query_one("#too-small", Static).update(said)

    # ── relationships ────────────────────────────────────────────────────────────────────────────────────

    async def show_anew(self, select: str | None = None) -> None:
        """Show what may have changed, also of the one that is open."""
        await super().show_anew(select)
        await self.show_selected()

    async def show_selected(self) -> None:
        """Show the relationship that is selected, or that nobody is."""
        key = self.listing.selected
        if key is None:
            self._show_nobody()
        else:
            await self.open(key)

    @on(LineList.Highlighted, "#list")
    def _chosen(self, event: LineList.Highlighted) -> None:
        if event.key is not None:
            self.run_worker(self.open(event.key), group="open", exclusive=True)
        elif self.count:
            self._show_nobody()

    @on(LineList.Selected, "#list")
    def _entered(self) -> None:
        self.enter()

    def enter(self) -> None:
        """Go into the relationship selected."""
        self.go("conversation")

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.listing.focus()

    def action_filter_list(self) -> None:
        """Narrow the list to what is typed."""
        self.go("relationships", "#filter")

    def action_go_to_relationship(self) -> None:
        """Go to any relationship by a few letters of its name."""
        self.query_one("#filter", Input).value = ""
        self.action_filter_list()

    # ── the one selected ─────────────────────────────────────────────────────────────────────────────────

    async def open(self, key: str) -> None:
        """Show the relationship of `key`: where we left off, its timeline, one thing of it in full."""
        today = self.today
        try:
            shown = await self.desk.do(lambda journal: gathered(journal, key, today))
        except ConvoError as error:
            self._show_problem(str(error))
            return
        fresh = self.shown is None or self.shown.id != shown.id
        self.shown = shown
        if fresh:
            self.closed_shown = self.issues_shown = False
        self.show_conversation(fresh)

    def show_conversation(self, fresh: bool = False) -> None:
        """Draw the relationship that is shown; a `fresh` one from its top."""
        shown = self.shown
        if shown is None:
            return
        relationship = shown.view.relationship
        said = [relationship.name, relationship.role, relationship.organisation]
        title = " · ".join(single(each) for each in said if each)
        self.query_one("#conversation").border_title = Content(title)
        today, names, closed, issues = self.today, shown.view.names, self.closed_shown, self.issues_shown
        brief, timeline = self.query_one("#brief", LineList), self.query_one("#timeline", LineList)
        marked = self.marked
        brief.show(
            lambda width: brief_pane.brief_rows(
                shown.brief, today, width, names, closed, marked=marked, issues_shown=issues, leads_on=True
            ),
            select=brief_pane.first_entry(shown.brief) if fresh else None,
            fresh=fresh,
        )
        view = shown.view
        timeline.placeholder = Content("No encounter yet.\nn starts one.")
        timeline.show(lambda width: TimelineRows(view.timeline, view.homes, names, today, width), fresh=fresh)
        self.show_details()
        self.refresh_bindings()

    def _show_nobody(self) -> None:
        self.shown = None
        self.query_one("#conversation").border_title = "Where we left off"
        for pane in ("#brief", "#timeline"):
            self.query_one(pane, LineList).show(lambda width: [])
        self.show_details()
        self.refresh_bindings()

    def _show_problem(self, problem: str) -> None:
        self._show_nobody()
        rows = [Content.styled(problem, "$error"), Content(self.cure(problem))]
        self.query_one("#brief", LineList).show(
            lambda width: [line for each in rows for line in parts.wrapped(parts.text(each.plain, "$error"), width)]
        )

    def cure(self, problem: str) -> str:
        """Say what can be done about a file that cannot be read."""
        return "E opens the file in your editor."

    @on(LineList.Highlighted, "#brief, #timeline")
    def _look_closer(self) -> None:
        self.show_details()
        self.refresh_bindings()

    @on(LineList.Selected, "#brief, #timeline")
    def _read_on(self, event: LineList.Selected) -> None:
        if event.key == "closed":
            self.closed_shown = not self.closed_shown
            self.show_conversation()
        elif event.key == brief_pane.MORE:
            self._show_all_issues()
        elif event.key == brief_pane.TOPICS:
            self.open_topics()
        elif event.key == brief_pane.STORY:
            self.open_story()
        else:
            self.go("note-pane")

    def _show_all_issues(self) -> None:
        """Unfold the issues that did not fit, and go to the first of them."""
        self.issues_shown = True
        self.show_conversation()
        if self.shown is not None and len(self.shown.brief.issues) > brief_pane.ISSUES:
            issue = self.shown.brief.issues[brief_pane.ISSUES].issue
            self.query_one("#brief", LineList).select(f"issue:{issue.id}")

    def unfold(self, identity: str) -> None:
        """Have the issue of this id shown, whatever it is folded under."""
        if self.shown is not None:
            aside = (each.id for each in self.shown.view.relationship.issues if not each.is_open(self.today))
            beyond = (each.issue.id for each in self.shown.brief.issues[brief_pane.ISSUES :])
            self.closed_shown = self.closed_shown or identity in aside
            self.issues_shown = self.issues_shown or identity in beyond

    def open_topics(self) -> None:
        """Open what we are talking about; a screen with views over the journal does so."""

    def open_story(self) -> None:
        """Open the relationship as a story; a screen with views over the journal does so."""

    @on(LineList.Selected, "#details")
    def _follow(self, event: LineList.Selected) -> None:
        self._in_full = target_of(event.key)
        self.show_details()

    def show_details(self) -> None:
        """Show in full what is selected in the conversation; not while a note is being typed."""
        if self.note_pane.mode != "details":
            return
        shown, target = self.shown, self.target()
        if shown is None:
            self.note_pane.turn("details", "")
            self.note_pane.show("details", lambda width: [])
            return
        full = self._in_full = target or Target("relationship", shown.id)
        self.note_pane.turn("details", full.kind.capitalize())
        today = self.today
        self.note_pane.show("details", lambda width: detail_rows(shown, full, today, width))

    def target(self) -> Target | None:
        """Return what a key acts on: the entry selected in the pane that has the focus, or had it last."""
        shown = self.shown
        if shown is None:
            return None
        focused = self.focused
        if focused is self.listing:
            return Target("relationship", shown.id)
        if isinstance(focused, LineList) and focused.id in ("brief", "timeline", "agenda"):
            return target_of(focused.selected)
        if focused is not None and focused.id == "details":
            return self._in_full
        return None

    # ── moving between panes ─────────────────────────────────────────────────────────────────────────────

    def go(self, pane: str, to: str | Widget | None = None) -> None:
        """Move the focus into a pane; below 80 columns that pane alone is shown."""
        for each in _PANES:
            self.query_one(f"#{each}").set_class(each == pane, "-current")
        self.query_one("#work").set_class(pane != "relationships", "-current")
        if pane == "relationships":
            front: Widget = self.listing
        elif pane == "conversation":
            front = self.query_one("#brief" if self._has_entries() else "#timeline")
        else:
            front = self.note_pane.front
        chosen = (self.query_one(to) if isinstance(to, str) else to) or front
        self.set_focus(chosen)  # at once: the next key may be there already
        if self.focused is not chosen:
            chosen.focus()

    def _has_entries(self) -> bool:
        """Whether something in the brief can be selected."""
        brief = self.shown.brief if self.shown else None
        return brief is not None and bool(brief.issues or brief.needs or brief.about or brief.relationship.issues)

    def on_descendant_focus(self) -> None:
        """Keep what the keys mean true to the pane that has the focus."""
        pane = self.current_pane()
        if pane is not None and not self.query_one(f"#{pane}").has_class("-current"):
            self.go(pane, self.focused)
        self.show_details()
        self.refresh_bindings()

    def current_pane(self) -> str | None:
        """The id of the pane that has the focus."""
        focused = self.focused
        if focused is None:
            return None
        return next((each.id for each in focused.ancestors_with_self if each.id in _PANES), None)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self._turn(1)

    def action_previous_pane(self) -> None:
        """Go to the pane before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        brief = self.query_one("#brief", LineList)
        stops: list[tuple[str, Widget]] = [
            ("relationships", self.listing),
            *([("conversation", brief)] if brief.selected is not None else []),
            *([("conversation", self.query_one("#timeline"))] if self.shown else []),
            ("note-pane", self.note_pane.front),
        ]
        here = next((place for place, (_, widget) in enumerate(stops) if widget is self.focused), -1 if by > 0 else 0)
        self.go(*stops[(here + by) % len(stops)])


def _shortened(folder: Path) -> str:
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
