"""A theme is proved good before it can reach the app (ARCHITECTURE.md: a bad colour kills the app on use)."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.theme import BUILTIN_THEMES, Theme
from textual.widgets import Static

from convo_tui.core.errors import Refused
from convo_tui.tui import themes

SHIPPED, FAILED = themes.load([themes.builtin()])
AA = 4.5
LINE_CURSOR = 0.14  # how much of the foreground the selected line of a list has


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2.1."""

    def luminance(color: Color) -> float:
        parts = [part / 255 for part in color.rgb]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_themes_load() -> None:
    assert FAILED == []
    assert {"convo-dark", "convo-light"} <= set(SHIPPED)
    assert SHIPPED["convo-dark"].dark
    assert not SHIPPED["convo-light"].dark


@pytest.mark.parametrize("name", sorted(SHIPPED))
@pytest.mark.parametrize("ground", ["background", "surface", "panel"])
def test_text_of_a_shipped_theme_can_be_read_on_every_ground(name: str, ground: str) -> None:
    """WCAG AA: 4.5 to 1, also on the selected line."""
    values = SHIPPED[name].to_color_system().generate() | SHIPPED[name].variables
    words = {*themes.DARK, "foreground", "accent", "error", "warning", "success"}
    faint = {}
    for share in (0, LINE_CURSOR):
        on = Color.parse(values[ground]).blend(Color.parse(values["foreground"]), share)
        ratios = {(word, share): contrast(Color.parse(values[word]), on) for word in words}
        faint.update({place: ratio for place, ratio in ratios.items() if ratio < AA})
    assert faint == {}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_shipped_theme_says_all_of_our_variables(name: str) -> None:
    assert set(themes.DARK) <= set(SHIPPED[name].variables)


@pytest.mark.parametrize("name", [theme.name for theme in BUILTIN_THEMES.values() if not theme.ansi])
def test_our_variables_can_be_read_on_the_themes_of_textual(name: str) -> None:
    theme = BUILTIN_THEMES[name]
    values = theme.to_color_system().generate()
    for ground in ("background", "surface"):
        for word, colour in themes.defaults(theme).items():
            assert contrast(Color.parse(colour), Color.parse(values[ground])) >= AA, (ground, word)


def test_each_kind_of_theme_has_the_same_variables() -> None:
    assert set(themes.DARK) == set(themes.LIGHT) == set(themes.ANSI)


class Shown(App[None]):
    """Uses every variable of ours, in its stylesheet and in text."""

    CSS = "\n".join(f".{word} {{ color: ${word}; }}" for word in themes.DARK)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        for word in themes.DARK:
            yield Static(Content.styled(word, f"bold ${word}"), classes=word)


async def test_every_theme_there_is_can_be_used() -> None:
    app = Shown()
    async with app.run_test() as pilot:
        for theme in SHIPPED.values():
            app.register_theme(theme)
        for name in app.available_themes:
            app.theme = name
            await pilot.pause()
            assert app.current_theme.name == name
            assert not app.query_one(".me").styles.color.auto
        app.theme = "convo-dark"
        await pilot.pause()
        assert app.query_one(".me").styles.color == Color.parse(SHIPPED["convo-dark"].variables["me"])


def test_a_small_theme_is_enough(tmp_path: Path) -> None:
    theme = themes.read(write(tmp_path, 'primary = "#336699"\n[variables]\nme = "red"\nborder = "#fff 50%"\n'))
    assert (theme.name, theme.primary, theme.variables["me"]) == ("mine", "#336699", "red")


BAD = {
    "not TOML": "primary = ",
    "primary is missing": "dark = true",
    "primary = 'bluish': not a colour": 'primary = "bluish"',
    "background = 'auto': not a colour": 'primary = "#fff"\nbackground = "auto"',
    "primary = 5: not a colour": "primary = 5",
    "primry is not a key of a theme": 'primry = "#fff"',
    "dark = 'yes': write true or false": 'primary = "#fff"\ndark = "yes"',
    "text_alpha = nan: write a number": 'primary = "#fff"\ntext_alpha = nan',
    "name = 'my theme, too': write letters": 'primary = "#fff"\nname = "my theme, too"',
    "variables = 3: write a table": 'primary = "#fff"\nvariables = 3',
    "variables.me = '#ggg': not a colour": 'primary = "#fff"\nvariables.me = "#ggg"',
    "variables.me = '$primary': not a colour": 'primary = "#fff"\nvariables.me = "$primary"',
    "variables.meh = '#fff': not a variable": 'primary = "#fff"\nvariables.meh = "#fff"',
    "variables.border = 'red; } * { display: none': not a colour": (
        'primary = "#fff"\nvariables.border = "red; } * { display: none"'
    ),
    "variables.border = '': not a colour": 'primary = "#fff"\nvariables.border = ""',
    "variables.link-style = 'shiny': not a text style": 'primary = "#fff"\nvariables.link-style = "shiny"',
    "over 16 KiB": 'primary = "#fff"\n#' + "x" * 20_000,
}


@pytest.mark.parametrize("reason", sorted(BAD))
def test_a_broken_theme_is_refused_in_one_line_that_names_the_file(tmp_path: Path, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        themes.read(write(tmp_path, BAD[reason]))
    message = str(refusal.value)
    assert message.startswith("mine.toml: ")
    assert reason in message
    assert "\n" not in message


def test_escape_sequences_of_a_theme_stay_out_of_the_message(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        themes.read(write(tmp_path, '"pri\\u001b[31mry" = 1'))
    assert "\x1b" not in str(refusal.value)


def test_one_broken_file_leaves_the_others_working(tmp_path: Path) -> None:
    write(tmp_path, 'primary = "#336699"', "good.toml")
    write(tmp_path, 'primary = "nope"', "bad.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    loaded, failed = themes.load([tmp_path, tmp_path / "missing"])
    assert list(loaded) == ["good"]
    assert [line.split(":")[0] for line in failed] == ["bad.toml", "bytes.toml", "folder.toml"]


def test_a_theme_of_the_user_wins_over_a_shipped_one_of_the_same_name(tmp_path: Path) -> None:
    write(tmp_path, 'name = "convo-dark"\nprimary = "#336699"')
    loaded: dict[str, Theme] = themes.load([themes.builtin(), tmp_path])[0]
    assert loaded["convo-dark"].primary == "#336699"
