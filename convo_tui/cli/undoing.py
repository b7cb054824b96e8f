"""The commands that take back and do again: undo, redo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from convo_tui.cli.output import bold, dim, emit_json, json_option, say
from convo_tui.cli.session import Session

if TYPE_CHECKING:
    from convo_tui.store.journal import Change


@click.command()
@json_option
@click.pass_obj
def undo(session: Session, as_json: bool) -> None:
    """Take the last change back.

    The last one made in the full screen or by a command. What came in since stays; the change before it is the next
    to be taken back.
    """
    _tell(session, session.journal.undo(), "undone", "taken back: ", "`convo redo` does it again", as_json)


@click.command()
@json_option
@click.pass_obj
def redo(session: Session, as_json: bool) -> None:
    """Do again what was taken back last."""
    _tell(session, session.journal.redo(), "redone", "done again: ", "`convo undo` takes it back", as_json)


def _tell(session: Session, change: Change, key: str, done: str, hint: str, as_json: bool) -> None:
    from convo_tui.core.dates import dated

    if as_json:
        emit_json({key: change.what, "at": change.at.isoformat(), "files": list(change.files)})
    else:
        when = f"{dated(change.at.date(), session.clock.today())} {change.at:%H:%M}"
        say(done, bold(change.what), dim(f" ({when}); {hint}"))
