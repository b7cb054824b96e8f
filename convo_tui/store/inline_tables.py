"""Edits inside values written by hand: arrays and inline tables keep their layout and their comments.

Every function takes the text of a value and what it holds, and returns a text that holds what is wanted. Comments on
lines of their own stay; one at the end of a line goes with its element. What was one line stays one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from convo_tui.store import emit, syntax
from convo_tui.store.emit import Table
from convo_tui.store.same import same

Plan: TypeAlias = Sequence[int | None]
"""For each wanted element the position of the old one that it continues; None for a new one."""

_BREAK = re.compile(r"\r?\n[ \t]*\Z")


def edited(text: str, old: Any, new: Any, order: tuple[str, ...] = ()) -> str:
    """Return the text of a value changed from `old` to `new`; `order` are the known keys of a table."""
    if text.startswith("[") and isinstance(old, list) and isinstance(new, list):
        return edited_array(text, old, new, by_likeness(old, new))
    if text.startswith("{") and isinstance(old, dict) and isinstance(new, dict):
        return edited_table(text, old, new, order)
    return emit.value(new)


def edited_array(text: str, old: Sequence[Any], new: Sequence[Any], plan: Plan, order: tuple[str, ...] = ()) -> str:
    """Return the text of an array, only its changed elements touched; `order` are the known keys of its tables."""
    layout = _Layout(text)
    wanted: list[_Piece] = []
    for item, index in zip(new, plan, strict=True):
        if index is None:
            wanted.append(layout.fresh("", emit.value(item), wanted))
            continue
        piece = layout.pieces[index]
        if not same(old[index], item):
            piece.text = edited(piece.text, old[index], item, order)
        wanted.append(piece)
    return layout.text(wanted)


def edited_table(text: str, old: Table, new: Table, order: tuple[str, ...]) -> str:
    """Return the text of an inline table, only its changed keys touched; `order` are its known keys."""
    layout = _Layout(text)
    wanted = list(layout.pieces)
    for name in changed(old, new):
        mine = [piece for piece in wanted if piece.keys[0] == name]
        if name in new and [piece.keys for piece in mine] == [(name,)]:
            mine[0].text = edited(mine[0].text, old.get(name), new[name])
            continue
        wanted = [piece for piece in wanted if piece not in mine]
        if name in new:
            at = emit.place([piece.keys[0] for piece in wanted], name, order)
            wanted.insert(at, layout.fresh(name, emit.value(new[name]), wanted[:at]))
    return layout.text(wanted)


def changed(old: Table, new: Table) -> list[str]:
    """Return the keys of which the value differs, those of `new` first and in its order."""
    names = [*new, *(name for name in old if name not in new)]
    return [name for name in names if not (name in old and name in new and same(old[name], new[name]))]


def by_likeness(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """Return which old elements the new ones continue: equal ones in order, and changed ones in their place."""
    mine, theirs = [emit.value(item) for item in old], [emit.value(item) for item in new]
    plan: list[int | None] = []
    for _, start, end, first, last in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        kept = min(end - start, last - first)
        plan += [*range(start, start + kept), *[None] * (last - first - kept)]
    return plan


@dataclass(slots=True, eq=False)
class _Piece:
    """An element and what stands around it: `lead name text gap , tail`; `name` is `key =`, in a table only."""

    keys: tuple[str, ...]
    lead: str
    name: str
    text: str
    gap: str = ""
    has_comma: bool = False
    tail: str = ""


class _Layout:
    """An array or inline table, taken apart so that it can be put together with other elements."""

    def __init__(self, text: str) -> None:
        items = list(syntax.items(text, 0))
        self.pieces = [_piece(text, item) for item in items]
        self._brackets = text[0], text[-1]
        self._closing = text[items[-1].end if items else 1 : -1]
        self._first_lead = self.pieces[0].lead if self.pieces else self._padding()
        self._ends_in_comma = bool(self.pieces) and self.pieces[-1].has_comma

    def fresh(self, name: str, text: str, before: Sequence[_Piece]) -> _Piece:
        """Return a new element laid out like the one before it."""
        model = before[-1].lead if before else self._first_lead
        broken = _BREAK.search(model)
        if broken:
            lead = broken[0]
        elif not self.pieces and "\n" in self._closing:
            lead = self._line_break()
        else:
            lead = " " if before else self._first_lead
        return _Piece((name,), lead, f"{emit.key(name)} = " if name else "", text)

    def text(self, wanted: Sequence[_Piece]) -> str:
        """Return the text with the wanted elements, the comments above those that went handed to the next."""
        self._hand_down_comments(wanted)
        parts = [self._brackets[0]]
        below_comment = False
        for number, piece in enumerate(wanted):
            comma = "," if number < len(wanted) - 1 or self._ends_in_comma else ""
            parts += [self._lead(piece, number, below_comment), piece.name, piece.text, piece.gap, comma, piece.tail]
            below_comment = "#" in piece.tail
        closing = self._on_new_line(self._closing) if below_comment else self._closing
        return "".join([*parts, closing, self._brackets[1]])

    def _padding(self) -> str:
        return "" if self._closing.strip(" \t") else self._closing

    def _lead(self, piece: _Piece, number: int, below_comment: bool) -> str:
        if below_comment:
            return self._on_new_line(piece.lead)
        if "\n" in piece.lead:
            return piece.lead
        if not number:
            return piece.lead if "\n" in self._first_lead else self._first_lead
        # The former first element stood close to the bracket.
        return piece.lead or (" " if piece is self.pieces[0] else "")

    def _hand_down_comments(self, wanted: Sequence[_Piece]) -> None:
        kept = {id(piece) for piece in wanted}
        comments = ""
        for piece in self.pieces:
            if comments:
                piece.lead, comments = comments + self._on_new_line(piece.lead), ""
            if id(piece) not in kept and "#" in piece.lead:
                comments = _BREAK.sub("", piece.lead)
        if comments:
            self._closing = comments + self._on_new_line(self._closing)

    def _on_new_line(self, trivia: str) -> str:
        return trivia if trivia.lstrip(" \t")[:1] in ("\r", "\n") else self._line_break() + trivia.lstrip(" \t")

    def _line_break(self) -> str:
        """The newline and indent that elements have here."""
        for piece in self.pieces:
            if broken := _BREAK.search(piece.lead):
                return broken[0]
        return "\r\n  " if "\r\n" in self._closing else "\n  "


def _piece(text: str, item: syntax.Item) -> _Piece:
    after = item.comma + 1 if item.comma >= 0 else item.value_end
    return _Piece(
        keys=item.keys,
        lead=text[item.lead : item.start],
        name=text[item.start : item.value],
        text=text[item.value : item.value_end],
        gap=text[item.value_end : item.comma] if item.comma >= 0 else "",
        has_comma=item.comma >= 0,
        tail=text[after : item.end],
    )
