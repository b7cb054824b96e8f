"""What can go wrong between a person and the program: each is one line that says what to do."""

from __future__ import annotations

from collections.abc import Sequence


class ConvoError(Exception):
    """The base of every error that is told to a person; its text is that one line."""


class Refused(ConvoError):
    """What was asked for goes against a rule; nothing was done."""


class NotFound(ConvoError):
    """Nothing answers to what was named."""


class Ambiguous(ConvoError):
    """More than one thing answers to what was named; `candidates` are listed and nothing is done."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)
