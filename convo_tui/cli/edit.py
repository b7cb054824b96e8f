"""`convo edit`: a relationship's file in the user's editor."""

from __future__ import annotations

import shutil

import click

from convo_tui.cli.arguments import name_argument
from convo_tui.cli.output import bold, emit_json, json_option, say
from convo_tui.cli.session import Session
from convo_tui.core.errors import ConvoError
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
    base = journal.text(summary)
    folder = journal.scratch()
    copy = folder / summary.file
    copy.write_bytes(base)
    run_editor(copy, session.settings.editor)
    # An editor that took the file away has left nothing to take either.
    is_changed = not copy.exists() or copy.read_bytes() != base
    if is_changed:
        try:
            journal.replace(summary, copy, base)
        except ConvoError as error:
            where = "" if str(copy) in str(error) else f" in {copy}"
            error.args = (f"{error}; the file is as it was, your edit is kept{where}",)
            raise
    shutil.rmtree(folder, ignore_errors=True)
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
