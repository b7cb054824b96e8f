"""The command `convo`: the table of its commands, each loaded when it is called."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from convo_tui import __version__
from convo_tui.cli import completing
from convo_tui.cli.arguments import marked
from convo_tui.cli.failures import INTERRUPTED, Usage
from convo_tui.cli.session import Session
from convo_tui.core.errors import NotFound

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS: Mapping[str, str] = {
    "open": "relationships:open_",
    "new": "relationships:new",
    "log": "log:log",
    "brief": "brief:brief",
    "list": "relationships:list_",
    "find": "finding:find",
    "issues": "looking:issues",
    "heard": "looking:heard",
    "topics": "looking:topics",
    "pulse": "pulse:pulse",
    "carry": "issues:carry",
    "settle": "issues:settle",
    "park": "issues:park",
    "drop": "issues:drop",
    "reopen": "issues:reopen",
    "met": "issues:met",
    "built": "issues:built",
    "edit": "edit:edit",
    "delete": "relationships:delete",
    "join": "relationships:join",
    "undo": "undoing:undo",
    "redo": "undoing:redo",
    "check": "checking:check",
    "reindex": "folder:reindex",
    "import": "exchange:import_",
    "export": "exchange:export",
    "git": "git:git",
    "history": "history:history",
    "merge-file": "merging:merge_file",
    "demo": "folder:demo",
    "path": "folder:path",
    "completions": "folder:completions",
}
"""Each command, with the module of this package and the name in it, in the order of the help."""


class Convo(click.Group):
    """Knows its commands by name only, and takes what is no command for the name of a relationship."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, its module loaded; None when there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"convo_tui.cli.{module}"), name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin so; for a name that has begun, who may be meant: `convo NAME`."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete and not incomplete.startswith("-"):
            found += completing.names_of_relationships(ctx.obj, incomplete)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """`convo NAME` is `convo open NAME`."""
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        _require_someone(ctx.obj, args)
        return "open", self.get_command(ctx, "open"), args


def _require_someone(session: Session, words: Sequence[str]) -> None:
    """Raise NotFound, with the command that may have been meant, when the words name nobody either."""
    name = " ".join(word for word in words if not word.startswith("-"))
    try:
        session.journal.find(name)
    except NotFound:
        from difflib import get_close_matches

        close = get_close_matches(words[0], COMMANDS, n=1)
        hint = (
            f"did you mean `convo {close[0]}`?" if close else "`convo --help` shows the commands, `convo list` everyone"
        )
        raise NotFound(f"no command and nobody here is called “{name}”; {hint}") from None


@click.group(
    cls=Convo,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`convo` alone opens the journal full screen, `convo NAME` opens it there.",
)
@click.option(
    "--dir",
    "directory",
    type=click.Path(file_okay=False),
    metavar="PATH",
    expose_value=False,
    help="The journal folder; before or after the command.",
)
@click.version_option(__version__, prog_name="convo", message="%(prog)s %(version)s")
def convo() -> None:
    """Convo: a journal of ongoing conversations."""


def invoke(session: Session, arguments: Sequence[str]) -> int:
    """Run a command and return its exit code.

    Raises:
        ConvoError: whatever it raises, and Usage when it was written wrong.
    """
    if instruction := os.environ.get("_CONVO_COMPLETE"):
        return completing.complete(convo, session, instruction)
    try:
        with convo.make_context("convo", [marked(each) for each in arguments], obj=session) as context:
            convo.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        command = getattr(error, "ctx", None)
        path = command.command_path if command else "convo"
        raise Usage(f"{error.format_message().rstrip('.')}; `{path} --help` shows how") from None
    return 0
