"""Opening the full screen, for which a terminal is needed."""

from __future__ import annotations

import sys

from convo_tui.cli.session import Session
from convo_tui.core.errors import Refused

NO_TERMINAL = "Convo's full screen needs a terminal; `convo list` and the other commands work without one"


def require_terminal() -> None:
    """Raise Refused unless someone sits at both ends: keys come in, and what is written is seen."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused(NO_TERMINAL)


def open_screen(session: Session, relationship: str | None = None, *, sample: bool = False) -> int:
    """Open the full screen, at the relationship with this key, and return its exit code.

    Raises:
        Refused: when there is no terminal.
    """
    require_terminal()
    session.close()
    from convo_tui.tui.app import run

    return run(session.places, session.settings, session.clock, relationship, sample)
