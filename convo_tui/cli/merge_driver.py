"""`convo merge-file` without click, the settings and the journal: git starts it once for each file it merges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from convo_tui.cli.failures import NOTHING_DONE, complain

_HELP = ("-h", "--help")


def is_plain(arguments: Sequence[str]) -> bool:
    """Whether these are `merge-file BASE OURS THEIRS [PATH]` and nothing that click would have to make out.

    PATH may begin with a dash: git names the file as it is called.
    """
    if len(arguments) not in (4, 5) or arguments[0] != "merge-file" or arguments[-1] in _HELP:
        return False
    return not any(each.startswith("-") for each in arguments[1:4])


def merge(base: str, ours: str, theirs: str, path: str = "") -> int:
    """Merge into the file `ours` and return the exit code: 0 when all is merged, 1 when a person has to decide.

    For git any code up to 128 is a conflict: whatever goes wrong, all three versions stay in its index.

    Raises:
        Damage, Unwritable: when a file cannot be read, or `ours` not written.
        Refused: when `$CONVO_NOW` is no time.
    """
    from convo_tui.clock import system_clock
    from convo_tui.store.driver import merge_into

    name = path or ours
    to_decide = merge_into(Path(ours), Path(base), Path(theirs), system_clock().zone)
    for each in to_decide:
        complain(f"{name}: {each}")
    return NOTHING_DONE if to_decide else 0
