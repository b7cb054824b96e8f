"""Asking with whom, in a terminal: a numbered list of those that a few letters may mean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from convo_tui.cli.failures import Usage
from convo_tui.cli.output import joined
from convo_tui.cli.session import Session
from convo_tui.core.errors import Refused

if TYPE_CHECKING:
    from convo_tui.core.match import Named

_SHOWN = 9


def pick(session: Session) -> tuple[str, tuple[str, ...]]:
    """Ask until it is clear who is meant; return the key of the relationship, and the person in it if it is one.

    The questions go to standard error, so that what is printed stays clean.

    Raises:
        Usage: when there is no terminal to ask in.
        Refused: when nobody is named.
    """
    if not sys.stdin.isatty():
        raise Usage("with whom? Without a terminal to ask in, give a NAME; `convo log --help` shows how")
    from convo_tui.core.finding import fuzzy
    from convo_tui.core.match import names

    journal = session.journal
    everyone, near = journal.everyone(), journal.nearness()
    if not everyone:
        raise Refused("nobody is here yet; `convo new NAME` adds someone")
    offered = fuzzy("", everyone, near, _SHOWN)
    _show(offered, journal.directory.name)
    while True:
        click.echo("With whom? A number or a part of the name: ", err=True, nl=False)
        typed = sys.stdin.readline().strip()
        if not typed:
            raise Refused("nobody was named, nothing is saved")
        if typed.isdecimal() and 0 < int(typed) <= len(offered):
            return _picked(offered[int(typed) - 1])
        clear = names(typed, everyone)
        if len(clear) == 1:
            return _picked(clear[0])
        offered = fuzzy(typed, everyone, near, _SHOWN)
        _show(offered, journal.directory.name)
        if not offered:
            click.echo("Nobody here is called so; `convo new NAME` adds someone.", err=True)


def _picked(named: Named) -> tuple[str, tuple[str, ...]]:
    return (named.home, (named.id,)) if named.home else (named.id, ())


def _show(offered: Sequence[Named], name_of: Callable[[str], str]) -> None:
    from convo_tui.sanitize import sanitize

    for number, each in enumerate(offered, 1):
        organisation = name_of(each.organisation) or each.organisation
        click.echo(f"{number:>2}  {sanitize(joined(each.name, organisation))}", err=True)
