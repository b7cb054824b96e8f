"""A relationship as a story, to read from its beginning to where we are now, and to write its beginning."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from convo_tui.core.storytelling import INVITATION, Story, told
from convo_tui.sanitize import single
from convo_tui.tui import keys
from convo_tui.tui.place import Place
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.story import STORY, StoryRows
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.screens.over_journal import Host, Leave, OverJournal
from convo_tui.tui.screens.shown import target_of
from convo_tui.tui.widgets.line_list import LineList
from convo_tui.tui.widgets.lines_input import LinesInput

if TYPE_CHECKING:
    from convo_tui.store.journal import Journal


class StoryView(OverJournal):
    """The story of one relationship; closes with the encounter to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings_of("tell-story"),
        Binding("e", "write", "Write", show=False, id="rewrite-encounter"),
    ]
    DEFAULT_CSS = """
    StoryView {
        .story--box {
            width: 102;
            max-width: 100%;
            height: 94%;
            padding: 0 1;
            background: $surface;
            border: round $border;
            border-title-style: bold;
        }
        LineList { height: 1fr; background: $surface; }
    }
    """

    def __init__(self, host: Host, key: str, name: str) -> None:
        """Create the view of the relationship of `key`, which is called `name`."""
        super().__init__(host, "sides")
        self._key, self._called = key, name
        self._story: Story | None = None

    def compose(self) -> ComposeResult:
        """Make the page."""
        with Container(classes="story--box") as box:
            box.border_title = Content(single(f"The story with {self._called}"))
            box.border_subtitle = Content.styled(
                "e writes its beginning · G today · enter goes there · esc leaves", parts.QUIET
            )
            yield LineList(placeholder=Content("Looking…"))

    def on_mount(self) -> None:
        """Ask the journal; the keys are taken at once, the next one may be there already."""
        self.listed.focus()
        self.reread(fresh=True)

    @property
    def listed(self) -> LineList:
        """The page."""
        return self.query_one(LineList)

    @work(group="reread", exclusive=True)
    async def reread(self, fresh: bool = False) -> None:
        """Ask the journal, and show what it says; `fresh` from the top."""
        await self.read_again(fresh=fresh)

    async def read_again(self, fresh: bool = False) -> None:
        """Ask the journal again, and show what it says; `fresh` from the top."""
        today = self.host.today

        def look(journal: Journal) -> Story:
            view = journal.view(self._key)
            return told(view.relationship, view.timeline, view.names, view.homes, today)

        story = await self.host.attempt(look)
        if story is not None and self.is_open:
            self._story = story
            self.listed.show(lambda width: StoryRows(story, width), fresh=fresh)

    # ── going ────────────────────────────────────────────────────────────────────────────────────────────

    @on(LineList.Selected)
    def _open(self, event: LineList.Selected) -> None:
        event.stop()
        target = target_of(event.key)
        if event.key == STORY:
            self.action_write()
        elif target is not None:
            self.answer(Leave(Place(self._key, target.kind, target.id, self._called)))

    def action_tell_story(self) -> None:
        """Leave, with the key that opened it."""
        self.answer()

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────

    def action_write(self) -> None:
        """Write the beginning of the story."""
        if self._story is not None:
            self.app.push_screen(StoryEditor(self._called, self._story.relationship.story, self._save))

    async def _save(self, text: str) -> bool:
        """Keep the beginning of the story; return whether it is kept. What goes wrong is said."""
        from convo_tui.core import edits

        what = f"story of {self._called}"
        done = await self.host.attempt(
            lambda journal: journal.change(self._key, what, lambda now: edits.changed(now, story=text))
        )
        if done is None:
            return False
        self.host.say("The story is written · u takes it back")
        await self.show_change()
        return True


class StoryEditor(Asking[None]):
    """Writes the beginning of a story. `save` says whether it is kept; what could not be saved is not left.

    Leaving with something unsaved takes a second escape: the first says what it would lose.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", show=False, priority=True),
        Binding("escape", "leave", "Leave", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    StoryEditor {
        .form--box { width: 84; }
        LinesInput { height: 12; border: none; padding: 0 1; background: $panel; }
        .story--hint { height: auto; color: $quiet; margin-bottom: 1; }
        .story--keys { height: auto; margin-top: 1; color: $quiet; }
        .story--keys.-unsaved { color: $warning; }
    }
    """

    def __init__(self, name: str, text: str, save: Callable[[str], Awaitable[bool]]) -> None:
        """Create the editor of the story with `name`, which is `text` so far."""
        super().__init__(classes="form")
        self._called, self._text, self._save = name, text, save
        self._warned = False

    def compose(self) -> ComposeResult:
        """Make the lines."""
        with Vertical(classes="form--box") as box:
            box.border_title = Content(single(f"The story with {self._called}"))
            yield Static(f"{INVITATION} In your words.", classes="story--hint", markup=False)
            yield LinesInput(self._text)
            yield Static(_KEYS, classes="story--keys", markup=False)

    def on_mount(self) -> None:
        """Begin to write."""
        area = self.query_one(LinesInput)
        self._before = area.text
        area.focus()

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._warn(False)

    @work(exclusive=True)
    async def action_save(self) -> None:
        """Keep what is written, and leave."""
        text = self.query_one(LinesInput).value.strip()
        if await self._save(text):
            self.answer()

    def action_leave(self) -> None:
        """Leave; what is not saved only when it is said again."""
        if self._warned or self.query_one(LinesInput).text == self._before:
            self.answer()
        else:
            self._warn(True)

    def _warn(self, warned: bool) -> None:
        self._warned = warned
        line = self.query_one(".story--keys", Static)
        line.update(_UNSAVED if warned else _KEYS)
        line.set_class(warned, "-unsaved")


_KEYS = "ctrl+s saves · esc leaves"
_UNSAVED = "This is not saved yet: ctrl+s saves it, esc once more leaves it."
