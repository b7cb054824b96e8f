"""What can go wrong with a file: which one, where in it, why, and what to do."""

from __future__ import annotations

from pathlib import Path

from convo_tui.core.errors import ConvoError


class Damage(ConvoError):
    """A file that cannot be read as a relationship; it is never written to.

    `line` counts from 1; None where no line is at fault.
    """

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {reason}")
        self.path, self.line, self.reason = path, line, reason


class Conflict(ConvoError):
    """Another writer changed the file since it was read; nothing was written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class Unwritable(ConvoError):
    """The system refused to save; what stood in the file stands there still."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: cannot save: {reason}")
        self.path, self.reason = path, reason
