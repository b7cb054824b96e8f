"""The option `--dir`, which every command has."""

from __future__ import annotations

from collections.abc import Sequence


def split_directory(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return the journal folder of `--dir`, which may stand anywhere before a `--`, and the other arguments."""
    directory: str | None = None
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            return directory, [*rest, argument, *waiting]
        if argument == "--dir" and waiting:
            directory = waiting.pop(0)
        elif argument.startswith("--dir="):
            directory = argument.removeprefix("--dir=")
        else:
            rest.append(argument)
    return directory, rest
