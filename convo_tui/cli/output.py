"""Printing: lines for people and pipes, JSON for programs. Nothing reaches a terminal unsanitized."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import click

from convo_tui.sanitize import sanitize

SEPARATOR = " · "
WIDEST_NAME = 40

_FIRST_MARK = "\u0300"
"""Before it no character is wide, or joins another."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line, with the little emphasis that a terminal shows; sanitized on the way.

    A column of names is never wider than `WIDEST_NAME`, so that a long one does not push all the others aside.
    """

    text: str
    bold: bool = False
    dim: bool = False
    is_name: bool = False

    def shown(self, styled: bool) -> str:
        """Return the text, fit for a terminal, with its emphasis when `styled`."""
        return self.emphasized(sanitize(self.text), styled)

    def emphasized(self, text: str, styled: bool) -> str:
        """Return what is left of the text, clean already, with the emphasis when `styled`."""
        if not styled or not text or not (self.bold or self.dim):
            return text
        return click.style(text, bold=self.bold or None, dim=self.dim or None)


Piece: TypeAlias = Part | str

Rest: TypeAlias = Callable[[int | None], Sequence[Piece]]
"""The end of a row, in at most so many columns; None in a pipe, whose lines have no end."""


def bold(text: str) -> Part:
    """What counts."""
    return Part(text, bold=True)


def named(text: str, *, bold: bool = False) -> Part:
    """A name in a table."""
    return Part(text, bold, is_name=True)


def dim(text: str) -> Part:
    """What may be overlooked."""
    return Part(text, dim=True)


def joined(*pieces: str | None) -> str:
    """Return the pieces that say something, with dots between."""
    return SEPARATOR.join(piece for piece in pieces if piece)


def say(*pieces: Piece) -> None:
    """Print one line."""
    _print([_shown(pieces, _is_styled())])


_NO_HEADINGS: Mapping[int, Piece] = MappingProxyType({})


def table(
    rows: Sequence[Sequence[Piece]],
    indent: str = "",
    rests: Sequence[Rest] = (),
    headings: Mapping[int, Piece] = _NO_HEADINGS,
) -> None:
    """Print rows with their columns aligned; on a terminal, long names and rows are cut, in a pipe nothing is.

    `rests`, where they are given, are the ends of the rows, for which names leave more room. `headings` stand before
    the rows at these places, all but the first after a blank line.
    """
    cells = [[_cell(piece) for piece in row] for row in rows]
    edge = _edge()
    widest = WIDEST_NAME if edge is None or not rests else min(WIDEST_NAME, edge // 4)
    columns = range(max((len(row) for row in cells), default=0))
    widths = [max((_wanted(row[each], widest) for row in cells if each < len(row)), default=0) for each in columns]
    room = None if edge is None else edge - len(indent) - sum(wide + 2 for wide in widths if wide)
    styled = _is_styled()
    lines: list[str] = []
    for number, row in enumerate(cells):
        if number in headings:
            lines += [""] * bool(lines) + [_shown([headings[number]], styled)]
        line = indent + _laid_out(row, widths, None if edge is None else edge - len(indent), styled)
        lines.append(line + (_shown(rests[number](room), styled) if rests else ""))
    _print(lines)


def _edge() -> int | None:
    """How many columns the terminal has; None when what is printed goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def _shown(pieces: Sequence[Piece], styled: bool) -> str:
    return "".join(_part(piece).shown(styled) for piece in pieces)


def _print(lines: Sequence[str]) -> None:
    """Print all of them at once: ten thousand one by one take a second."""
    if lines:
        click.echo("\n".join(line.rstrip() for line in lines), color=_is_styled())


class _Cell(NamedTuple):
    """A piece of a row, its text fit for a terminal, and how many columns that takes."""

    part: Part
    text: str
    wide: int


def _cell(piece: Piece) -> _Cell:
    part = _part(piece)
    text = sanitize(part.text)
    return _Cell(part, text, width(text))


def _laid_out(row: Sequence[_Cell], widths: Sequence[int], edge: int | None, styled: bool) -> str:
    """Return the cells of a row, each as wide as its column, up to the edge of the terminal."""
    pieces: list[str] = []
    at = 0
    for cell, column in zip(row, widths, strict=False):
        if not column or (edge is not None and at >= edge):
            continue
        text, wide = cell.text, cell.wide
        if edge is not None and wide > min(edge - at, column):
            text = _cut(text, min(edge - at, column))
            wide = width(text)
        pieces += [cell.part.emphasized(text, styled), " " * (max(0, column - wide) + 2)]
        at += column + 2
    return "".join(pieces)


def _wanted(cell: _Cell, widest: int) -> int:
    return min(cell.wide, widest) if cell.part.is_name else cell.wide


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes: two for the wide letters of East Asia, none for marks."""
    if text.isascii() or max(text) < _FIRST_MARK:
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(each) in "WF" else int(not unicodedata.combining(each)) for each in text
    )


def _cut(text: str, room: int) -> str:
    if width(text) <= room:
        return text
    while text and width(text) > max(0, room - 1):
        text = text[:-1]
    return f"{text}…" if room > 0 else ""


def emit_json(value: Any) -> None:
    """Print a value as JSON, ASCII-escaped, its keys in the order given."""
    # DEL is the one control character that JSON leaves as it is.
    click.echo(json.dumps(value, ensure_ascii=True, indent=2).replace("\x7f", "\\u007f"))


def _part(piece: Piece) -> Part:
    return piece if isinstance(piece, Part) else Part(piece)


def _is_styled() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
