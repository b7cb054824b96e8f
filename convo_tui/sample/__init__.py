"""The sample journal of `convo demo`: a year of a consultant's conversations, dated relative to today.

One TOML file per relationship, written as a person would type it: notes use the note grammar of
CONTRACT.md, so replaying them in time order opens, carries and settles the issues. `script` reads them,
`replay` plays them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convo_tui.clock import Clock


def build(folder: Path, clock: Clock) -> None:
    """Write the sample journal, dated relative to the clock's today, into an existing folder."""
    from convo_tui.sample.replay import build as replayed

    replayed(folder, clock)
