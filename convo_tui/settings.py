"""`config.toml` in the user's config folder. A missing file is the normal case; a wrong value is named with its line
and its default used (CONTRACT.md, "Settings").

Every setting of the contract is accepted and checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convo_tui.core.dates import DateOrder

FILE = "config.toml"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DATE_ORDERS = ("DMY", "MDY", "YMD")
PANES = ("relationships", "note")
NARROWEST, WIDEST = 16, 80

_WHERE = re.compile(r" at line (\d+) column \d+$")


@dataclass(frozen=True)
class Settings:
    """What people set; every default suits most of them.

    `week_starts` is one of `WEEKDAYS`; `layout` holds the widths of panes in columns; `keys` a key or several, by
    binding id; `pulse` what differs from the defaults of `pulse_rules.Thresholds`; `problems` says in one line each
    what in the file was not taken.
    """

    journal_dir: str | None = None
    theme: str = "convo-dark"
    editor: str | None = None
    week_starts: str = "monday"
    date_order: DateOrder = None
    default_cadence: str | None = None
    auto_commit: bool = False
    auto_fetch: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    pulse: Mapping[str, float] = field(default_factory=dict)
    layout: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def load(folder: Path) -> Settings:
    """Return the settings of a config folder; what is wrong in them is named in `problems`."""
    path = folder / FILE
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError:
        return _defaults(f"{path}: is not UTF-8 text", "save it as UTF-8")
    except OSError as error:
        return _defaults(f"{path}: cannot be read ({error.strerror})", "make it a file that you may read")
    return _parsed(path, text)


def _defaults(problem: str, cure: str) -> Settings:
    return Settings(problems=(f"{problem}, so the defaults are used; {cure}",))


def _parsed(path: Path, text: str) -> Settings:
    import rtoml

    from convo_tui.store.syntax import line_of

    try:
        stated = rtoml.loads(text)
    except (rtoml.TomlParsingError, ValueError) as error:
        reason = " ".join(str(error).split())
        where = _WHERE.search(reason)
        place = f"{path}:{where[1]}" if where else f"{path}"
        return _defaults(f"{place}: is not TOML", f"put this right: {_WHERE.sub('', reason)}")
    taken: dict[str, Any] = {}
    problems: list[str] = []
    for way, value, why in _judged(stated):
        if why:
            problems.append(f"{path}:{line_of(text, way)}: {' '.join('.'.join(way).split())} {why}")
        elif len(way) == 1:
            taken[way[0]] = value
        else:
            taken.setdefault(way[0], {})[way[1]] = value
    read = {each.name for each in fields(Settings)}
    return Settings(problems=tuple(problems), **{name: value for name, value in taken.items() if name in read})


def _judged(stated: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any, str]]:
    """Yield the way to each value, the value, and what is wrong with it; nothing is, where that is empty."""
    for name, value in stated.items():
        if name in _VALUES:
            yield (name,), value, _VALUES[name](value)
        elif name not in _TABLES:
            yield (name,), value, "is no setting; it is left out"
        elif not isinstance(value, dict):
            yield (name,), value, f"must be a table: a line [{name}], its settings below it; its defaults are used"
        else:
            for entry, inner in value.items():
                yield (name, entry), inner, _TABLES[name](entry, inner)


def _unless(right: bool, wanted: str) -> str:
    return "" if right else f"must be {wanted}; its default is used"


def _text(value: object) -> str:
    return _unless(isinstance(value, str) and bool(value.strip()), "a text in quotes")


def _switch(value: object) -> str:
    return _unless(isinstance(value, bool), "true or false")


def _one_of(*choices: str) -> Callable[[object], str]:
    return lambda value: _unless(value in choices, f"one of {', '.join(choices)}")


def _cadence(value: object) -> str:
    from convo_tui.core.dates import NotADate, interval_days

    try:
        interval_days(str(value))
    except NotADate:
        return _unless(False, "like 10d, 3w, 2m or 1y")
    return ""


def _key(name: str, value: object) -> str:
    return _unless(isinstance(value, str), 'a key or several in quotes, such as new-encounter = "n"')


def _threshold(name: str, value: object) -> str:
    from convo_tui.core.pulse_rules import Thresholds

    known = [each.name for each in fields(Thresholds)]
    if name not in known:
        return f"is no threshold, so it is left out; those are {', '.join(known)}"
    right = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return _unless(right, "a number, 0 or more")


def _width(name: str, value: object) -> str:
    if name not in PANES:
        return f"is no pane; those are {' and '.join(PANES)}"
    return _unless(isinstance(value, int) and NARROWEST <= value <= WIDEST, f"{NARROWEST} to {WIDEST} columns")


_VALUES: Mapping[str, Callable[[object], str]] = {
    "journal_dir": _text,
    "theme": _text,
    "default_cadence": _cadence,
    "auto_commit": _switch,
    "auto_fetch": _switch,
    "editor": _text,
    "week_starts": _one_of(*WEEKDAYS),
    "date_order": _one_of(*DATE_ORDERS),
}
_TABLES: Mapping[str, Callable[[str, object], str]] = {"keys": _key, "pulse": _threshold, "layout": _width}
