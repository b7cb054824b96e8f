"""What goes wrong, told in one line on standard error, and the exit code for it (CONTRACT.md, "Commands")."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path

from convo_tui.core.errors import ConvoError

NOTHING_DONE, MISUSED, DAMAGED, IN_CONFLICT, INTERRUPTED = 1, 2, 3, 4, 130


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
        code = action()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has gone; Python must not flush into the pipe once more when it ends.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except ConvoError as error:
        complain(str(error))
        return exit_code(error)
    except Exception as error:  # noqa: BLE001 - the last resort: what nobody expected
        return _crashed(error)
    return code


def exit_code(error: ConvoError) -> int:
    """Return the exit code that tells of an error."""
    from convo_tui.store.errors import Conflict, Damage

    if isinstance(error, Usage):
        return MISUSED
    if isinstance(error, Damage):
        return DAMAGED
    return IN_CONFLICT if isinstance(error, Conflict) else NOTHING_DONE


def _crashed(error: Exception) -> int:
    name = type(error).__name__
    try:
        where = f"what happened is written in {_write_report(error)}"
    except OSError as refused:
        where = f"and no report of it could be written: {refused.strerror}"
    complain(f"something went wrong that should not have ({name}); {where}")
    return NOTHING_DONE


def _write_report(error: Exception) -> Path:
    import platformdirs

    from convo_tui.paths import APP

    folder = platformdirs.user_state_path(APP, appauthor=False) / "crashes"
    for each in (*reversed(folder.parents), folder):
        each.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{datetime.now():%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.writelines(_frames(error))
    return path


def _frames(error: BaseException | None) -> Iterator[str]:
    """Where it happened, the first cause last. Without the messages: they may quote a note."""
    import traceback

    while error is not None:
        yield f"{type(error).__module__}.{type(error).__qualname__}\n"
        yield from traceback.format_tb(error.__traceback__)
        error = error.__cause__ or error.__context__
