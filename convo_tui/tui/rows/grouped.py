"""Groups as lines: a heading for each, a thing a line, then what stands at the foot."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from textual.content import Content

from convo_tui.tui.rows import parts
from convo_tui.tui.rows.lazy import LazyRows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.grouping import Group

T = TypeVar("T")
_Line: TypeAlias = "Group[T] | tuple[T] | Row"
"""A heading, a thing (in a tuple, to be told from the others), or a line that is made already."""


class GroupedRows(LazyRows, Generic[T]):
    """The rows of groups; `under_names` says that their headings are names, `foot` and `below` come after them."""

    def __init__(
        self, groups: Sequence[Group[T]], foot: Sequence[Row], below: Iterable[T] = (), *, under_names: bool
    ) -> None:
        self._under_names = under_names
        self._lines: list[_Line[T]] = []
        for group in groups:
            self._air()
            self._lines.append(group)
            self._lines += zip(group.those, strict=True)
        if foot:
            self._air()
        self._lines += foot
        self._lines += zip(below, strict=True)
        super().__init__(len(self._lines))

    def _air(self) -> None:
        if self._lines:
            self._lines.append(Row(Content()))

    @abstractmethod
    def entry(self, thing: T) -> Row:
        """Make the line of a thing."""

    @abstractmethod
    def key(self, thing: T) -> str:
        """Return the key of the row of a thing."""

    def row(self, index: int) -> Row:
        """Make a heading, the line of a thing, or one at the foot."""
        line = self._lines[index]
        if isinstance(line, Row):
            return line
        if isinstance(line, tuple):
            return self.entry(*line)
        count = Content.styled(f"{len(line.those):,}", parts.QUIET)
        return parts.heading(line.heading, count, capitals=not self._under_names)

    def index_of(self, key: str) -> int | None:
        """Return where a key stands; None when it is not here."""
        return next((index for index, line in enumerate(self._lines) if self._key(line) == key), None)

    def _key(self, line: _Line[T]) -> str | None:
        if isinstance(line, tuple):
            return self.key(*line)
        return line.key if isinstance(line, Row) else None
