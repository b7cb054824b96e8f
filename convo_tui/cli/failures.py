"""What goes wrong, told in one line on standard error, and the exit code for it (CONTRACT.md, "Commands")."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from convo_tui.core.errors import ConvoError

NOTHING_DONE, MISUSED, DAMAGED, IN_CONFLICT, INTERRUPTED = 1, 2, 3, 4, 130

REPORTS = 50
"""How many reports of crashes are kept, the newest."""


class Usage(ConvoError):
    """The command was written wrong."""


def complain(message: str) -> None:
    """Tell one line on standard error."""
    from convo_tui.sanitize import sanitize

    with suppress(OSError):
        print(f"convo: {sanitize(message)}", file=sys.stderr, flush=True)


def guarded(action: Callable[[], int]) -> int:
    """Do `action` and return its exit code; whatever goes wrong is told in one line, and nothing is raised."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = _done(action)
    except BrokenPipeError:
        # Whoever read our output has gone; Python must not flush into the pipe once more when it ends.
        sys.stdout = _nowhere()
        return 0
    try:
        sys.stderr.flush()
    except OSError:
        sys.stderr = _nowhere()  # the terminal was closed
    return code


def _done(action: Callable[[], int]) -> int:
    try:
        code = action()
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        return INTERRUPTED
    except ConvoError as error:
        complain(str(error))
        return exit_code(error)
    except Exception as error:  # noqa: BLE001 - the last resort: what nobody expected
        return _crashed(error)
    return code


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


def exit_code(error: ConvoError) -> int:
    """Return the exit code that tells of an error."""
    from convo_tui.core.contradiction import Contradiction
    from convo_tui.store.errors import Conflict, Damage

    if isinstance(error, Usage):
        return MISUSED
    if isinstance(error, Damage):
        return DAMAGED
    return IN_CONFLICT if isinstance(error, Conflict | Contradiction) else NOTHING_DONE


def _crashed(error: Exception) -> int:
    name = type(error).__name__
    try:
        where = f"what happened is written in {_write_report(error)}"
    except Exception as refused:  # noqa: BLE001 - there is nobody left to tell what goes wrong with a report
        why = getattr(refused, "strerror", None) or type(refused).__name__
        where = f"and no report of it could be written: {why}"
    complain(f"something went wrong that should not have ({name}); {where}")
    return NOTHING_DONE


def _write_report(error: Exception) -> Path:
    """Write where it happened into a file of the user's state dir, and return that file."""
    import platformdirs

    from convo_tui.paths import APP

    folder = platformdirs.user_state_path(APP, appauthor=False) / "crashes"
    for each in (*reversed(folder.parents), folder):
        each.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{os.getpid()}.txt"
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in _report(error))
    for old in sorted(folder.glob("*.txt"))[:-REPORTS]:
        old.unlink(missing_ok=True)
    return path


def _report(error: BaseException | None) -> Iterator[str]:
    """Where it happened, the first cause last: modules, functions and lines alone. A message may quote a note."""
    import platform
    from traceback import walk_tb

    from convo_tui import __version__

    yield f"convo {__version__}, Python {platform.python_version()}, {platform.system()}"
    told: set[int] = set()
    while error is not None and id(error) not in told:
        told.add(id(error))
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        for frame, line in walk_tb(error.__traceback__):
            yield f"  {frame.f_globals.get('__name__')}:{line} {frame.f_code.co_qualname}"
        error = error.__cause__ or error.__context__
