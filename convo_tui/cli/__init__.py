"""The command line: click commands, one module per family.

`convo` alone opens the full screen, and git merges, without click.
"""

from __future__ import annotations

from collections.abc import Sequence


def main() -> None:
    """Run the command `convo`."""
    import sys

    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments ask and return the exit code (CONTRACT.md, "Commands"); errors go to standard error."""
    from convo_tui.cli.directory import split_directory
    from convo_tui.cli.failures import guarded

    directory, rest = split_directory(arguments)
    return guarded(lambda: _dispatch(directory, rest))


def _dispatch(directory: str | None, arguments: list[str]) -> int:
    import os

    from convo_tui.cli import merge_driver

    is_completing = "_CONVO_COMPLETE" in os.environ
    if merge_driver.is_plain(arguments) and not is_completing:
        return merge_driver.merge(*arguments[1:])
    from convo_tui.cli.session import Session

    session = Session(directory)
    if not arguments and not is_completing:
        from convo_tui.cli.screen import open_screen

        return open_screen(session)
    from convo_tui.cli.group import invoke

    try:
        return invoke(session, arguments)
    finally:
        session.close()
