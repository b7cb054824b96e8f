"""Rows that are made when they are drawn: a list of a hundred thousand costs nothing until it is scrolled."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import overload

from convo_tui.tui.rows import parts
from convo_tui.tui.widgets.line_list import Indexed, Row

_NOWHERE: Mapping[str, int] = MappingProxyType({})


class LazyRows(Sequence[Row]):
    """A sequence of `count` rows that knows at which index each key stands.

    A long list does without `places`, which would have to be made for every row, and looks for a key in `index_of`.
    """

    def __init__(self, count: int, places: Mapping[str, int] = _NOWHERE) -> None:
        self._count, self._places = count, places

    @abstractmethod
    def row(self, index: int) -> Row:
        """Make the row at `index`, from 0."""

    def index_of(self, key: str) -> int | None:
        """Return where `key` stands; None when it is not here."""
        return self._places.get(key)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self.row(each) for each in range(*index.indices(self._count))]
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return self.row(index % self._count)


class MarkedRows(LazyRows):
    """Other rows, those with a key in `marked` marked."""

    def __init__(self, rows: Sequence[Row], marked: Collection[str]) -> None:
        super().__init__(len(rows))
        self._rows, self._marked = rows, marked

    def row(self, index: int) -> Row:
        """Make the row at `index`, with a tick if it is marked."""
        return parts.marked(self._rows[index], self._marked)

    def index_of(self, key: str) -> int | None:
        """Return where `key` stands; None when it is not here."""
        if isinstance(self._rows, Indexed):
            return self._rows.index_of(key)
        return next((place for place, row in enumerate(self._rows) if row.key == key), None)
