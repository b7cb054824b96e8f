"""The commands about the folder and the program: reindex, demo, path, completions."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from convo_tui.cli.failures import DAMAGED
from convo_tui.cli.output import emit_json, joined, json_option, say
from convo_tui.cli.progress import size
from convo_tui.cli.session import Session

if TYPE_CHECKING:
    from convo_tui.cli.shapes import Shape
    from convo_tui.store.journal import Journal


def counted(count: int, what: str) -> str:
    """Return `1 file`, `2 files`, `10,000 files`."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


@click.command()
@json_option
@click.pass_obj
def reindex(session: Session, as_json: bool) -> None:
    """Throw the index away and read every file again.

    The index only makes things fast: it is made anew by itself whenever there is any doubt about it.
    """
    began = session.clock.monotonic()
    count, read = session.reindex()
    seconds = session.clock.monotonic() - began
    if as_json:
        emit_json({"files": count, "bytes": read, "seconds": round(seconds, 3)})
    else:
        say(f"read {counted(count, 'file')}, {size(read)}, in {seconds:.{0 if seconds >= 10 else 1}f} s")


@click.command()
@click.option("--check", "summarize", is_flag=True, help="Print a summary instead; needs no terminal.")
@json_option
@click.pass_context
def demo(context: click.Context, summarize: bool, as_json: bool) -> None:
    """Open the full screen on a sample journal.

    The sample lives in a temporary folder, which goes when you leave.
    """
    from convo_tui.cli.screen import open_screen, require_terminal
    from convo_tui.sample import build

    if not summarize:
        require_terminal()
    with tempfile.TemporaryDirectory(prefix="convo-demo-", ignore_cleanup_errors=True) as apart:
        folder = Path(apart, "journal")
        folder.mkdir()
        session = Session(str(folder), apart=Path(apart))
        build(folder, session.clock)
        if not summarize:
            context.exit(open_screen(session, sample=True))
        with closing(session):
            problems = session.journal.check()
            shape = _sample_shape(session.journal, len(problems))
    if as_json:
        emit_json(shape)
    else:
        say(joined(*(counted(count, what.replace("_", " ").removesuffix("s")) for what, count in shape.items())))
    if any(each.level == "error" for each in problems):
        context.exit(DAMAGED)


def _sample_shape(journal: Journal, problems: int) -> Shape:
    everyone = [view.relationship for view in journal.views()]
    standings = journal.standings()
    return {
        "relationships": len(everyone),
        "encounters": sum(len(each.encounters) for each in everyone),
        "open_issues": len(standings),
        "overdue_issues": sum(each.overdue for each in standings),
        "avoided_issues": sum(each.avoided for each in standings),
        "circling_issues": sum(each.circling for each in standings),
        "needs": sum(heard.is_need and heard.is_live for each in everyone for heard in each.heard),
        "problems": problems,
    }


@click.command()
@click.argument("which", type=click.Choice(["dir", "config", "cache", "state"]), default="dir")
@json_option
@click.pass_obj
def path(session: Session, which: str, as_json: bool) -> None:
    """Print where things are.

    The journal folder, unless the folder of the settings, the cache or the state is asked for.
    """
    places = session.places
    found = {"dir": places.journal, "config": places.config, "cache": places.cache, "state": places.state}[which]
    if as_json:
        emit_json({which: str(found)})
    elif sys.stdout.isatty():
        say(str(found))
    else:
        click.echo(os.fsencode(found))  # for a program, which needs every byte of it


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completions(context: click.Context, shell: str) -> None:
    """Print what makes a shell complete `convo`."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None, "click knows these three"
    click.echo(kind(context.find_root().command, {}, "convo", "_CONVO_COMPLETE").source())
