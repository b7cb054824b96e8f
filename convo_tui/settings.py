"""`config.toml` in the user's config folder. A missing file is the normal case; a wrong value is named with its line
and its default used (CONTRACT.md, "Settings")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convo_tui.core.dates import DateOrder

from convo_tui.core.day_forms import DateOrder

FILE = "config.toml"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DATE_ORDERS = ("DMY", "MDY", "YMD")
NARROWEST, WIDEST = 16, 80


@dataclass(frozen=True)
class Settings:
    """What people set; every default suits most of them.

    `layout` holds the widths of panes in columns; `keys` a key or several, by binding id; `problems` says in one line
    each what in the file was not taken.
    """

    journal_dir: str | None = None
    theme: str = "convo-dark"
    default_cadence: str | None = None
    editor: str | None = None
    date_order: DateOrder = None
    keys: Mapping[str, str] = field(default_factory=dict)
    layout: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def load(folder: Path) -> Settings:
    """Return the settings of a config folder; what is wrong in them is named in `problems`."""
    path = folder / FILE
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        return Settings(problems=(f"{path}: cannot be read, so the defaults are used: {error}",))
    return _parsed(path, text)


def _parsed(path: Path, text: str) -> Settings:
    import rtoml

    from convo_tui.store.syntax import line_of

    try:
        stated = rtoml.loads(text)
    except (rtoml.TomlParsingError, ValueError) as error:
        reason = " ".join(str(error).split())
        return Settings(problems=(f"{path}: is not TOML, so the defaults are used: {reason}",))
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in stated.items():
        judge = _JUDGES.get(name)
        why = f"{name} is no setting" if judge is None else judge(value)
        if why:
            problems.append(f"{path}:{line_of(text, (name,))}: {why}; the default is used")
        else:
            values[name] = value
    known = {each.name for each in fields(Settings)}
    return replace(Settings(problems=tuple(problems)), **{k: v for k, v in values.items() if k in known})


def _text(value: object) -> str:
    return "" if isinstance(value, str) and value.strip() else "this needs a text in quotes"


def _one_of(*choices: str) -> Callable[[object], str]:
    return lambda value: "" if value in choices else f"this is one of {', '.join(choices)}"


def _cadence(value: object) -> str:
    import re

    return "" if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,3}[dwmy]", value) else "a cadence is like 3w or 2m"


def _keys(value: object) -> str:
    right = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    return "" if right else '[keys] holds lines like encounter-start = "n"'


def _layout(value: object) -> str:
    if not isinstance(value, dict) or value.keys() - {"relationships", "note"}:
        return "[layout] holds relationships and note, in columns"
    right = all(isinstance(each, int) and NARROWEST <= each <= WIDEST for each in value.values())
    return "" if right else f"widths are {NARROWEST} to {WIDEST} columns"


_JUDGES: Mapping[str, Callable[[object], str]] = {
    "journal_dir": _text,
    "theme": _text,
    "default_cadence": _cadence,
    "editor": _text,
    "date_order": _one_of(*DATE_ORDERS),
    "keys": _keys,
    "layout": _layout,
}
