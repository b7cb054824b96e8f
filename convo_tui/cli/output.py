"""Printing: lines for people and pipes, JSON for programs. Nothing reaches a terminal unsanitized."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import click

from convo_tui.sanitize import sanitize

SEPARATOR = " · "
WIDEST_NAME = 40

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

    @property
    def clean(self) -> str:
        """The text, fit for a terminal."""
        return sanitize(self.text)

    def shown(self, styled: bool) -> str:
        """Return the text, with its emphasis when `styled`."""
        text = self.clean
        if not styled or not text or not (self.bold or self.dim):
            return text
        return click.style(text, bold=self.bold or None, dim=self.dim or None)


Piece: TypeAlias = Part | str


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
    styled = _is_styled()
    click.echo("".join(_part(piece).shown(styled) for piece in pieces).rstrip(), color=styled)


def table(rows: Sequence[Sequence[Piece]], indent: str = "") -> None:
    """Print rows with their columns aligned; on a terminal, long names and rows are cut, in a pipe nothing is."""
    columns = range(max((len(row) for row in rows), default=0))
    cells = [[_part(piece) for piece in row] for row in rows]
    widths = [max((_wanted(row[column]) for row in cells if column < len(row)), default=0) for column in columns]
    used = [column for column in columns if widths[column]]
    edge = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for row in cells:
        say(*_laid_out(row, [(column, widths[column]) for column in used if column < len(row)], indent, edge))


def _laid_out(row: Sequence[Part], columns: Sequence[tuple[int, int]], indent: str, edge: int | None) -> list[Piece]:
    pieces: list[Piece] = [indent]
    at = len(indent)
    for column, wide in columns:
        part = row[column]
        text = part.clean
        if edge is not None:
            text = _cut(text, min(edge - at, wide))
        pieces += [Part(text, part.bold, part.dim), " " * (max(0, wide - width(text)) + 2)]
        at += wide + 2
        if edge is not None and at >= edge:
            break
    while pieces and isinstance(pieces[-1], str) and not pieces[-1].strip():
        pieces.pop()
    return pieces


def _wanted(part: Part) -> int:
    wide = width(part.clean)
    return min(wide, WIDEST_NAME) if part.is_name else wide


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes: two for the wide letters of East Asia, none for marks."""
    if text.isascii():
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
