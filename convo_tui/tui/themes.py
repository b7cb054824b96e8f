"""Themes as TOML files: the shipped ones and the user's, each proved good before it can reach the app.

Textual takes any theme and dies on a bad colour when it is used; so each is built and its values parsed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.css.stylesheet import Stylesheet, StylesheetParseError
from textual.css.tokenizer import TokenError
from textual.theme import Theme

from convo_tui.core.errors import Refused
from convo_tui.sanitize import single

DARK = {
    "me": "#ebbe84",
    "them": "#9cc4ef",
    "us": "#93d6b5",
    "overdue": "#ffa094",
    "need": "#cfb8f4",
    "spark": "#ecd487",
    "quiet": "#b4bac6",
    "heading": "#c2d0e6",
    "quote": "#d6cbb6",
    "topic": "#8fd3dc",
}
LIGHT = {
    "me": "#76430a",
    "them": "#174a7c",
    "us": "#17553c",
    "overdue": "#961c15",
    "need": "#5a3290",
    "spark": "#634a00",
    "quiet": "#4f4b45",
    "heading": "#334055",
    "quote": "#4d4534",
    "topic": "#0b525a",
}
# In a terminal's own colours the ground is unknown: only what its palette promises.
ANSI = {
    "me": "ansi_yellow",
    "them": "ansi_blue",
    "us": "ansi_green",
    "overdue": "ansi_red",
    "need": "ansi_magenta",
    "spark": "ansi_yellow",
    "quiet": "ansi_default",
    "heading": "ansi_default",
    "quote": "ansi_default",
    "topic": "ansi_cyan",
}

_SIZE_LIMIT = 16 * 1024  # a theme has two kilobytes; `tomllib` needs quadratic time for a hostile one
_FIELDS = {field.name for field in fields(Theme)}
_COLOURS = _FIELDS - {"name", "dark", "ansi", "luminosity_spread", "text_alpha", "variables"}
_COLOUR = "not a colour; write one like #e0a96d"
# Textual makes a class of it, and takes a comma for a list of names.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def builtin() -> Path:
    """Return the folder of the shipped themes: in the package, else beside it in the repository."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "themes"
    return packaged if packaged.is_dir() else package.parent / "themes"


def defaults(theme: Theme) -> dict[str, str]:
    """Return our own variables as they are where `theme` does not set them: Textual's themes have none."""
    if theme.ansi:
        return dict(ANSI)
    return dict(DARK if theme.dark else LIGHT)


def load(folders: Iterable[Path]) -> tuple[dict[str, Theme], list[str]]:
    """Return the themes of all `*.toml` files of `folders` by name, and a line for each file that is none.

    A later folder wins over an earlier one; a folder that is not there has no themes.
    """
    themes: dict[str, Theme] = {}
    failed: list[str] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            try:
                theme = read(path)
            except Refused as refusal:
                failed.append(str(refusal))
            else:
                themes[theme.name] = theme
    return themes, failed


def read(path: Path) -> Theme:
    """Return the theme of one file; its name is the file's unless it gives one.

    Raises:
        Refused: when it cannot be read or would not work, with file, place and what to do.
    """
    import tomllib

    try:
        text = path.read_bytes()
        if len(text) > _SIZE_LIMIT:
            raise Refused(_line(path, f"over {_SIZE_LIMIT // 1024} KiB; a theme is far smaller"))
        values = tomllib.loads(text.decode("utf-8"))
    except OSError as error:
        raise Refused(_line(path, f"{error.strerror}; the theme is left out")) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refused(_line(path, f"not TOML: {error}; correct it")) from error
    return _build(path, {"name": path.stem} | values)


def _build(path: Path, values: dict[str, Any]) -> Theme:
    for name, value in values.items():
        reason = _fault(name, value)
        if reason:
            raise Refused(_line(path, reason))
    if "primary" not in values:
        raise Refused(_line(path, 'primary is missing; add one like primary = "#e0a96d"'))
    theme = Theme(**values)
    known = theme.to_color_system().generate() | DARK
    for name, value in theme.variables.items():
        reason = _variable_fault(name, value) if name in known else "not a variable of Convo or Textual; remove it"
        if reason:
            raise Refused(_line(path, f"variables.{name} = {value!r}: {reason}"))
    return theme


def _fault(name: str, value: object) -> str:
    """Return what is wrong with a key of a theme, or nothing."""
    if name not in _FIELDS:
        return f"{name} is not a key of a theme; remove it, or put it under [variables]"
    if name in _COLOURS:
        wanted = "" if _is_colour(value) else _COLOUR
    elif name in {"dark", "ansi"}:
        wanted = "" if isinstance(value, bool) else "write true or false"
    elif name == "variables":
        wanted = "" if isinstance(value, dict) else "write a table, [variables]"
    elif name == "name":
        wanted = "" if _NAME.fullmatch(str(value)) else "write letters, digits and hyphens, a letter first"
    else:
        wanted = "" if isinstance(value, float) and 0 <= value <= 1 else "write a number from 0.0 to 1.0"
    return f"{name} = {value!r}: {wanted}" if wanted else ""


def _variable_fault(name: str, value: object) -> str:
    """Return what is wrong with a variable: parsed as the stylesheet of the app will, which is what would stop it."""
    if name in DARK and not _is_colour(value):
        return _COLOUR
    rule = "text-style" if "style" in name else "background"
    sheet = Stylesheet(variables={name: str(value)})
    sheet.add_source(f"* {{ {rule}: ${name}; }}")
    try:
        sheet.parse()
    except (StylesheetParseError, TokenError):
        return _COLOUR if rule == "background" else "not a text style; write one like bold"
    return ""


def _is_colour(value: object) -> bool:
    try:
        return not Color.parse(str(value)).auto
    except ColorParseError:
        return False


def _line(path: Path, reason: str) -> str:
    return single(f"{path.name}: {reason}")
