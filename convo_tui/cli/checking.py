"""`convo check`: what is wrong in the folder, and what of it can be put right by itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from convo_tui.cli.failures import DAMAGED, complain
from convo_tui.cli.folder import counted
from convo_tui.cli.output import Part, dim, emit_json, json_option, say
from convo_tui.cli.session import Session
from convo_tui.core.errors import Refused

if TYPE_CHECKING:
    from convo_tui.cli.shapes import Shape
    from convo_tui.store.journal import Problem, Repair

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True, slots=True)
class _Changed(Part):
    """A line of a diff, in the colour of its sign."""

    def emphasized(self, text: str, styled: bool) -> str:
        return click.style(text, fg=_COLOURS.get(text[:1])) if styled and text[:1] in _COLOURS else text


@click.command()
@click.option("--fix", is_flag=True, help="Repair what is safe, after showing it.")
@click.option("--yes", is_flag=True, help="With --fix: write without asking.")
@json_option
@click.pass_context
def check(context: click.Context, fix: bool, yes: bool, as_json: bool) -> None:
    """Check every file, and name what is wrong.

    Each problem is one line: file, line and reason. --fix puts right what needs no decision: byte order marks and
    Windows line endings, entries and files that are there twice, missing ids, references to what is nowhere.
    """
    session: Session = context.obj
    fixed = _fix(session, yes, as_json) if fix else []
    problems = session.journal.check()
    files = len(session.journal.summaries())
    if as_json:
        keys = ("file", "line", "message", "level")
        found = [{key: getattr(each, key) for key in keys} for each in problems]
        emit_json({"files": files, "problems": found} | ({"fixed": fixed} if fix else {}))
    else:
        _show(files, problems)
    if any(each.level == "error" for each in problems):
        context.exit(DAMAGED)


def _show(files: int, problems: Sequence[Problem]) -> None:
    for each in problems:
        place = f"{each.file}:{each.line}" if each.line else each.file
        say(f"{place}: {each.message}", dim(" (warning)" if each.level == "warning" else ""))
    levels = [each.level for each in problems]
    found = [counted(levels.count(what), what) for what in ("error", "warning") if what in levels]
    say(", ".join([counted(files, "file"), *(found or ["no problems"])]))


# ── putting right ────────────────────────────────────────────────────────────────────────────────────────


def _fix(session: Session, yes: bool, as_json: bool) -> list[Shape]:
    """Show what can be repaired, and do it; return what was done.

    Raises:
        Refused: when nobody says that it is to be written.
    """
    plan = session.journal.repairs()
    if not plan:
        if not as_json:
            say("nothing here can be repaired by itself")
        return []
    if not as_json:
        for line in _shown(plan):
            say(line)
    if not yes:
        _ask(as_json)
    fixed: list[Shape] = []
    for each, result in session.journal.repair(plan):
        if not isinstance(result, Path):  # it is left alone, and no reason to stop
            complain(str(result))
            continue
        fixed.append({"file": each.file, "what": list(each.what), "kept": str(result)})
        if not as_json:
            say(f"{each.file}: ", "moved to " if each.after is None else "repaired; as it was: ", str(result))
    return fixed


def _shown(plan: Sequence[Repair]) -> Iterator[Part]:
    """Yield every repair as it will be written, as git shows a change, after the reasons for it."""
    for each in plan:
        for reason in each.what:
            yield Part(f"{each.file}: {reason}", bold=True)
        before, after = _lines(each.before), _lines(each.after or b"")
        target = "/dev/null" if each.after is None else f"b/{each.file}"
        for line in unified_diff(before, after, f"a/{each.file}", target, lineterm=""):
            yield _Changed(line)


def _lines(data: bytes) -> list[str]:
    """Return the lines of a file, with what nobody would see spelt out as git does."""
    text = data.decode("utf-8", "replace").replace("\ufeff", "<U+FEFF>").replace("\r\n", "^M\n")
    return text.removesuffix("\n").split("\n") if text else []


def _ask(as_json: bool) -> None:
    """Raise Refused unless the person at the terminal says yes."""
    if as_json or not sys.stdin.isatty():
        raise Refused("nothing was written: look at what --fix shows, then say --yes to have it done")
    click.echo("Write this? [y/N] ", err=True, nl=False)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Refused("nothing was written")
