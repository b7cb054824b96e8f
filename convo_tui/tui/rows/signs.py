"""The signs that a picture is drawn with, for terminals with Unicode and for those without."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """What a calendar and a bar consist of: each tells by its form what its colour tells.

    `sparks` are those of 1 to 5, `moves` those of mine, theirs and ours; `here` points at today, `between` parts words.
    """

    day: str
    encounter: str
    sparks: str
    moves: str
    here: str
    between: str


UNICODE = Signs("·", "•", "▁▂▄▆█", "█▒░", "‹", " · ")
ASCII = Signs(".", "o", "12345", "#=-", "<", ", ")


def signs() -> Signs:
    """Return the signs that the terminal can show, by rich's rule for `ascii_only`: is its encoding one of Unicode?

    Textual leaves rich no file to ask: it writes to the standard error that Python began with.
    """
    encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
    return UNICODE if encoding.lower().startswith("utf") else ASCII
