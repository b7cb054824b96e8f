"""Arguments and options that several commands take."""

from __future__ import annotations

import re
from typing import Any

import click

from convo_tui.cli import completing
from convo_tui.sanitize import LINE_LIMIT, accepted

_TEXT_WITH_DASH = re.compile(r"-[^\s=]*\s")
_MARK = "\0"
"""What no argument of a program can hold."""


def marked(argument: str) -> str:
    """Return an argument such that click takes `- a bullet` for the text that it is, not for an option."""
    return _MARK + argument if _TEXT_WITH_DASH.match(argument) else argument


class Searching(click.Command):
    """A command that takes words to search for: `-word` is one that must not be there, and no option.

    Its own options are all long; `--wrod` is still named as one that there is not.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, the words among them marked."""
        taking = {
            name
            for param in self.params
            if isinstance(param, click.Option) and not param.is_flag
            for name in param.opts
        }
        found: list[str] = []
        waiting = list(args)
        while waiting:
            argument = waiting.pop(0)
            if argument == "--":
                return super().parse_args(ctx, [*found, argument, *waiting])
            is_word = argument.startswith("-") and not argument.startswith("--") and argument not in ("-", "-h")
            found.append(_MARK + argument if is_word else argument)
            if argument in taking and waiting:
                found.append(waiting.pop(0))
        return super().parse_args(ctx, found)


class Words(click.ParamType):
    """Text that can stand in a file, of one line or of several: bytes that are not UTF-8 cannot."""

    name = "text"

    def __init__(self, *, lines: bool = False) -> None:
        self._lines = lines

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, or fail."""
        text = str(value).removeprefix(_MARK)
        try:
            text.encode()
        except UnicodeEncodeError:
            self.fail("this is not UTF-8 text", param, ctx)
        if len(text) > LINE_LIMIT and not self._lines:
            self.fail(f"this is longer than {LINE_LIMIT:,} characters; shorten it", param, ctx)
        return accepted(text, lines=self._lines)


class Cadence(click.ParamType):
    """How often to talk: `10d`, `3w`, `2m` or `1y`."""

    name = "cadence"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the cadence, or fail."""
        from convo_tui.core.dates import NotADate, interval_days

        text = str(value).strip().lower()
        try:
            interval_days(text)
        except NotADate as error:
            self.fail(str(error), param, ctx)
        return text


WORDS = Words()
TEXT = Words(lines=True)
CADENCE = Cadence()


def one_text(ctx: click.Context, param: click.Parameter, words: tuple[str, ...]) -> str:
    """Return the words of an argument as the one text that they are: a name needs no quotes."""
    return " ".join(words)


name_argument = click.argument(
    "name",
    type=WORDS,
    nargs=-1,
    required=True,
    callback=one_text,
    metavar="NAME",
    shell_complete=completing.relationships,
)
"""Whom a command is about."""

maybe_name_argument = click.argument(
    "name", type=WORDS, nargs=-1, callback=one_text, metavar="[NAME]", shell_complete=completing.relationships
)
"""Whom a command is about; empty for everyone."""
