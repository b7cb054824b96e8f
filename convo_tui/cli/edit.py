"""`convo edit`: a relationship's file in the user's editor."""

from __future__ import annotations

import click

from convo_tui.cli.arguments import name_argument
from convo_tui.cli.output import bold, emit_json, json_option, say
from convo_tui.cli.session import Session
from convo_tui.editor import edit as run_editor


@click.command()
@name_argument
@json_option
@click.pass_obj
def edit(session: Session, name: str, as_json: bool) -> None:
    """Edit the file of a relationship in the editor.

    What you wrote is checked when you are back; an edit that cannot be taken is kept aside, never lost.
    """
    journal = session.journal
    summary = journal.find(name)
    copy = journal.copy_of(summary)
    run_editor(copy.path, session.settings.editor, summary.line)  # where it is damaged, if it is
    is_changed = journal.take(copy)
    if as_json:
        emit_json(
            {
                "relationship": summary.name,
                "relationship_id": summary.id,
                "file": summary.file,
                "changed": is_changed,
            }
        )
    else:
        say(bold(summary.name), " is saved" if is_changed else " is unchanged")
