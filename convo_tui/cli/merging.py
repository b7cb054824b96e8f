"""The command merge-file, for its help and for arguments written in an unusual way; git's calls need no click."""

from __future__ import annotations

import click

from convo_tui.cli.merge_driver import merge

_file = click.Path(path_type=str)


@click.command()
@click.argument("base", type=_file)
@click.argument("ours", type=_file)
@click.argument("theirs", type=_file)
@click.argument("path", type=_file, default="")
@click.pass_context
def merge_file(context: click.Context, base: str, ours: str, theirs: str, path: str) -> None:
    """Merge two versions of a file: git's merge driver.

    Writes what became of BASE in OURS and in THEIRS into OURS, by entries, not by lines. PATH is what messages call the
    file. Exits with 0 when all is merged, and with 1 when places between conflict markers are left for you to decide.
    """
    context.exit(merge(base, ours, theirs, path))
