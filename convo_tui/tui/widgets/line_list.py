"""The one list of the program: lines drawn as they are needed, for every pane that can grow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeAlias, runtime_checkable

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from convo_tui.tui import keys

MARKER = "▌"
"""Stands before the selected entry, so that selection never hangs on colour alone."""

_KEPT = 256
"""Lines that are kept as they were drawn: a few screenfuls, however far one scrolls."""


@dataclass(frozen=True, slots=True)
class Row:
    """Exactly one line of the screen.

    Neighbours with the same `key` are one entry of several lines; without a key it cannot be selected.
    """

    content: Content
    key: str | None = None


Layout: TypeAlias = Callable[[int], Sequence[Row]]
"""Gives the rows for a width in cells; they may be made as they are asked for."""


@runtime_checkable
class Indexed(Protocol):
    """A lazy sequence of rows that knows where its keys are."""

    def index_of(self, key: str) -> int | None:
        """Return the index of the first row of `key`, or None."""


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """A list of lines with one selected entry; shows what `show` is given and posts what is done with it."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("list")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-list--cursor",
        "line-list--cursor-blurred",
        "line-list--marker",
        "line-list--placeholder",
    }
    DEFAULT_CSS = """
    LineList {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size: 0 1;
        & > .line-list--cursor { background: $foreground 14%; }
        & > .line-list--cursor-blurred { background: $foreground 7%; }
        & > .line-list--marker { color: $accent; }
        & > .line-list--placeholder { color: $text-muted; }
    }
    """

    @dataclass
    class Highlighted(Message):
        """The selection came to `key`, or to nothing; of many moves between two paints only the last is told."""

        line_list: LineList
        key: str | None

        @property
        def control(self) -> LineList:
            """The list, for `@on(LineList.Highlighted, "#id")`."""
            return self.line_list

    @dataclass
    class Selected(Message):
        """The entry of `key` was opened, with enter or the mouse."""

        line_list: LineList
        key: str

        @property
        def control(self) -> LineList:
            """The list, for `@on(LineList.Selected, "#id")`."""
            return self.line_list

    def __init__(
        self,
        layout: Layout | None = None,
        *,
        placeholder: Content | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Create a list of the rows of `layout`; an empty one shows `placeholder`."""
        super().__init__(id=id, classes=classes)
        self._placeholder = placeholder or Content()
        self._layout: Layout | None = layout
        self._rows: Sequence[Row] = ()
        self._width = 0
        self._wanted: str | None = None
        self._selected: str | None = None
        self._cursor = range(0)
        self._told: str | None = None
        self._telling = False
        self._strips: LRUCache[tuple[int, int], Strip] = LRUCache(_KEPT)

    @property
    def selected(self) -> str | None:
        """The key of the selected entry, or None when nothing can be selected."""
        return self._selected

    @property
    def placeholder(self) -> Content:
        """What an empty list shows, centred."""
        return self._placeholder

    @placeholder.setter
    def placeholder(self, content: Content) -> None:
        self._placeholder = content
        self.refresh()

    def show(self, layout: Layout, *, select: str | None = None, fresh: bool = False) -> None:
        """Show the rows of `layout`, with `select` selected.

        Without `select` the selection stays with its key, on the same line of the screen; where that key is gone
        it goes to the nearest entry. What has nothing to do with what was shown is `fresh`: it begins at the top.
        """
        if fresh:
            self._cursor, self._selected = range(0), None
            self._scroll_to_line(0)
        self._layout = layout
        self._wanted = select
        before = len(self._rows)
        self._lay_out()
        if self.styles.is_auto_height and len(self._rows) != before:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return as many lines as there are rows: for a list whose height is `auto`."""
        return len(self._layout(max(1, width - self.scrollbar_size_vertical - len(MARKER)))) if self._layout else 1

    def select(self, key: str) -> bool:
        """Select the entry of `key` and bring it into view; False when there is none.

        A list that has had no room yet has none, and selects it once it has.
        """
        if not self._width:
            self._wanted = key
        index = self._find(key)
        if index is None:
            return False
        self._move_to(index)
        return True

    # Rows and the selection

    @property
    def _room(self) -> int:
        """The width that a row may have, between the marker and the scrollbar."""
        return self.scrollable_size.width - len(MARKER)

    def _lay_out(self) -> None:
        width = self._room
        if self._layout is None or width <= 0:
            return
        line, before = self._cursor.start - self._top, self._selected
        self._rows = self._layout(width)
        self._width = width
        self._strips.clear()
        size = Size(width + len(MARKER), len(self._rows))
        if self.styles.is_auto_height:
            self.virtual_size = size
        else:  # nothing around it moves, so nothing else is laid out again
            self.set_reactive(LineList.virtual_size, size)
            self._scroll_update(size)
        wanted, self._wanted = self._find(self._wanted), None
        stayed = self._find(before) if wanted is None else None
        self._put_cursor(next((at for at in (wanted, stayed) if at is not None), self._nearest(self._cursor.start)))
        if stayed is not None:
            self._scroll_to_line(stayed - line)
        elif wanted is not None or before is not None:
            self._scroll_to_cursor()
        self.refresh()

    def _find(self, key: str | None) -> int | None:
        rows, here = self._rows, self._cursor.start
        if key is None:
            return None
        if key == self._selected and here < len(rows) and rows[here].key == key:
            return self._entry(here).start
        if isinstance(rows, Indexed):
            return rows.index_of(key)
        return next((index for index, row in enumerate(rows) if row.key == key), None)

    def _next(self, index: int, step: int) -> int | None:
        """Return the first selectable row from `index` on, going by `step`, or None."""
        stop = len(self._rows) if step > 0 else -1
        return next((at for at in range(index, stop, step) if self._rows[at].key is not None), None)

    def _nearest(self, index: int) -> int | None:
        if not self._rows:
            return None
        index = min(index, len(self._rows) - 1)
        after = self._next(index, 1)
        return self._next(index, -1) if after is None else after

    def _entry(self, index: int) -> range:
        """Return the rows of the entry that the row at `index` belongs to."""
        rows, key = self._rows, self._rows[index].key
        start = index
        while start > 0 and rows[start - 1].key == key:
            start -= 1
        stop = index + 1
        while stop < len(rows) and rows[stop].key == key:
            stop += 1
        return range(start, stop)

    def _put_cursor(self, index: int | None) -> None:
        self._cursor = range(0) if index is None else self._entry(index)
        self._selected = None if index is None else self._rows[index].key
        if not self._telling:
            self._telling = True
            self.call_after_refresh(self._tell)

    def _move_to(self, index: int) -> None:
        before = self._cursor
        self._put_cursor(index)
        for rows in (before, self._cursor):
            self.refresh_lines(rows.start, len(rows))
        self._scroll_to_cursor()

    def _tell(self) -> None:
        self._telling = False
        if self._told != self._selected:
            self._told = self._selected
            self.post_message(self.Highlighted(self, self._selected))

    # Scrolling

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _bottom(self) -> int:
        """The row after the last one in view."""
        return self._top + self.size.height

    def _scroll_to_line(self, y: int) -> None:
        self.scroll_to(y=y, animate=False, force=True)

    def _scroll_to_cursor(self) -> None:
        """Bring the entry into view, its first line above all.

        One from more than a page away comes into the middle, where what is around it is seen as well.
        """
        height = self.size.height
        if not self._top - height <= self._cursor.start < self._bottom + height:
            self._scroll_to_line(self._cursor.start - height // 2)
        if self._cursor.stop > self._bottom:
            self._scroll_to_line(self._cursor.stop - height)
        if self._cursor.start < self._top:
            self._scroll_to_line(self._cursor.start)

    # What the keys do

    def action_list_down(self) -> None:
        """Go to the next entry, or on through one that is taller than the screen."""
        after = self._next(self._cursor.stop, 1)
        if after is None or self._cursor.stop > self._bottom:
            self._scroll_to_line(self._top + 1)
        else:
            self._move_to(after)

    def action_list_up(self) -> None:
        """Go to the entry before, or back through one that is taller than the screen."""
        before = self._next(self._cursor.start - 1, -1)
        if before is None or self._cursor.start < self._top:
            self._scroll_to_line(self._top - 1)
        else:
            self._move_to(self._entry(before).start)

    def action_list_first(self) -> None:
        """Go to the first entry, and to what stands above it."""
        self._leap(0, 1)
        self._scroll_to_line(0)

    def action_list_last(self) -> None:
        """Go to the last entry, and to what stands below it."""
        self._leap(len(self._rows) - 1, -1)
        self._scroll_to_line(len(self._rows))

    def action_list_page_down(self) -> None:
        """Go down by a page."""
        self._turn(self.size.height)

    def action_list_page_up(self) -> None:
        """Go up by a page."""
        self._turn(-self.size.height)

    def action_list_open(self) -> None:
        """Open the selected entry."""
        if self._selected is not None:
            self._tell()
            self.post_message(self.Selected(self, self._selected))

    def _leap(self, index: int, step: int) -> None:
        found = self._next(index, step)
        if found is not None:
            self._move_to(found)

    def _turn(self, by: int) -> None:
        """Move view and selection by a page; at the end, to the outermost entry."""
        if not self._rows:
            return
        self._scroll_to_line(self._top + by)
        target = max(0, min(self._cursor.start + by, len(self._rows) - 1))
        beyond = self._next(target, 1 if by > 0 else -1)
        found = self._nearest(target) if beyond is None else beyond
        if found is not None:
            self._move_to(found)

    # What Textual tells

    def on_resize(self) -> None:
        """Lay the rows out again for another width."""
        if self._room != self._width:
            self._lay_out()
        elif self._cursor and self.size.height > 2:  # with less room it is on its way to its size
            self._scroll_to_cursor()

    def on_click(self, event: events.Click) -> None:
        """Select the entry under the mouse; open it when it is selected already."""
        offset = event.get_content_offset(self)
        index = -1 if offset is None else offset.y + self._top
        if not 0 <= index < len(self._rows) or self._rows[index].key is None:
            return
        event.stop()
        if index in self._cursor:
            self.action_list_open()
        else:
            self._move_to(index)

    def notify_style_update(self) -> None:
        """Draw all lines again: colours or focus changed."""
        self._strips.clear()
        self.refresh()
        super().notify_style_update()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw the line `y` of the view."""
        index = y + self._top
        if not self._rows:
            return self._placeholder_line(y)
        if index >= len(self._rows):
            return Strip.blank(self.scrollable_size.width, self.rich_style)
        state = 0 if index not in self._cursor else 2 if self.has_focus else 1
        strip = self._strips.get((index, state))
        if strip is None:
            strip = self._strips[index, state] = self._row_line(self._rows[index], state)
        return strip

    def _row_line(self, row: Row, state: int) -> Strip:
        cursor = (None, "line-list--cursor-blurred", "line-list--cursor")[state]
        if cursor is None:
            base, edge = self.visual_style, Content(" ")
        else:
            base = self.get_visual_style(cursor)
            edge = Content.styled(MARKER, self.get_visual_style("line-list--marker", partial=True))
        content = row.content.first_line.truncate(self._width, ellipsis=True)
        return _strip(edge + content, base, self._width + len(MARKER))

    def _placeholder_line(self, y: int) -> Strip:
        width, height = self.scrollable_size
        lines = self._placeholder.wrap(max(1, width - 2)) if self._placeholder else []
        index = y - max(0, (height - len(lines)) // 2)
        line = lines[index].rstrip() if 0 <= index < len(lines) else Content()
        centred = line.pad_left(max(0, (width - line.cell_length) // 2))
        return _strip(centred, self.get_visual_style("line-list--placeholder"), width)


def _strip(content: Content, base: Style, width: int) -> Strip:
    segments: list[Segment] = content.render_segments(base)
    return Strip(segments, content.cell_length).adjust_cell_length(width, base.rich_style)
