"""`config.toml`: "a missing file is the normal case; a wrong value is named with its line and its default used"."""

from __future__ import annotations

from pathlib import Path

import pytest

from convo_tui.settings import Settings, load


def written(folder: Path, text: str) -> Settings:
    (folder / "config.toml").write_text(text, "utf-8")
    return load(folder)


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert load(tmp_path) == load(tmp_path / "no such folder") == Settings()
    assert (Settings().theme, Settings().journal_dir, Settings().date_order) == ("convo-dark", None, None)


def test_every_setting_of_the_contract_is_taken_without_a_complaint(tmp_path: Path) -> None:
    """ "`journal_dir` · `theme` · … · `[keys]` · `[pulse]` thresholds · `[layout]` widths"."""
    found = written(
        tmp_path,
        """\
journal_dir = "~/talks"
theme = "convo-light"
default_cadence = "3w"
auto_commit = true
auto_fetch = false
editor = "vi"
week_starts = "sunday"
date_order = "DMY"
layout.note = 40

[keys]
new-encounter = "n, f9"

[pulse]
rival_days = 30
shorter_notes = 0.4
""",
    )
    assert found == Settings(
        journal_dir="~/talks",
        theme="convo-light",
        editor="vi",
        week_starts="sunday",
        date_order="DMY",
        default_cadence="3w",
        auto_commit=True,
        pulse={"rival_days": 30, "shorter_notes": 0.4},
        keys={"new-encounter": "n, f9"},
        layout={"note": 40},
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("journal_dir = 3", "journal_dir must be a text in quotes; its default is used"),
        ('theme = " "', "theme must be a text in quotes; its default is used"),
        ("editor = true", "editor must be a text in quotes; its default is used"),
        ('default_cadence = "often"', "default_cadence must be like 10d, 3w, 2m or 1y; its default is used"),
        ('default_cadence = "0w"', "default_cadence must be like 10d, 3w, 2m or 1y; its default is used"),
        ("default_cadence = 3", "default_cadence must be like 10d, 3w, 2m or 1y; its default is used"),
        ('auto_commit = "yes"', "auto_commit must be true or false; its default is used"),
        ("auto_fetch = 1", "auto_fetch must be true or false; its default is used"),
        (
            'week_starts = "fri"',
            "week_starts must be one of monday, tuesday, wednesday, thursday, friday, saturday, sunday; "
            "its default is used",
        ),
        ('date_order = "DYM"', "date_order must be one of DMY, MDY, YMD; its default is used"),
        ("date_order = []", "date_order must be one of DMY, MDY, YMD; its default is used"),
        ('keys = "n"', "keys must be a table: a line [keys], its settings below it; its defaults are used"),
        ("[[layout]]", "layout must be a table: a line [layout], its settings below it; its defaults are used"),
        (
            "keys.undo-change = 3",
            'keys.undo-change must be a key or several in quotes, such as new-encounter = "n"; its default is used',
        ),
        ('pulse.need_days = "many"', "pulse.need_days must be a number, 0 or more; its default is used"),
        ("pulse.need_days = true", "pulse.need_days must be a number, 0 or more; its default is used"),
        ("pulse.need_days = -1", "pulse.need_days must be a number, 0 or more; its default is used"),
        ("pulse.need_days = nan", "pulse.need_days must be a number, 0 or more; its default is used"),
        ("layout.note = 15", "layout.note must be 16 to 80 columns; its default is used"),
        ("layout.note = 81", "layout.note must be 16 to 80 columns; its default is used"),
        ("layout.note = 20.5", "layout.note must be 16 to 80 columns; its default is used"),
        ("layout.side = 30", "layout.side is no pane; those are relationships and note"),
        ("colour = 3", "colour is no setting; it is left out"),
        ('"two\\nlines" = 3', "two lines is no setting; it is left out"),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_the_rest_holds(tmp_path: Path, line: str, why: str) -> None:
    found = written(tmp_path, f'theme = "mine"\n\n{line}\n' if "theme" not in line else f"\n\n{line}\n")
    assert found.problems == (f"{tmp_path / 'config.toml'}:3: {why}",)
    assert found.theme == ("convo-dark" if "theme" in line else "mine")


def test_a_threshold_that_is_none_is_told_which_there_are(tmp_path: Path) -> None:
    found = written(tmp_path, "[pulse]\nneed_day = 3\nneed_days = 90\n")
    (said,) = found.problems
    assert said.startswith(
        f"{tmp_path / 'config.toml'}:2: pulse.need_day is no threshold, so it is left out; those are "
    )
    assert "need_days, rival_days" in said
    assert found.pulse == {"need_days": 90}


def test_one_wrong_entry_of_a_table_leaves_the_others(tmp_path: Path) -> None:
    found = written(tmp_path, '[keys]\nnew-issue = 3\nundo-change = "z"\n\n[layout]\nnote = 50\nrelationships = 9\n')
    assert [each.rpartition("config.toml:")[2].split(" ")[:2] for each in found.problems] == [
        ["2:", "keys.new-issue"],
        ["7:", "layout.relationships"],
    ]
    assert (found.keys, found.layout) == ({"undo-change": "z"}, {"note": 50})


def test_the_key_that_is_shown_as_an_example_is_one(tmp_path: Path) -> None:
    from convo_tui.tui import keys

    assert "such as new-encounter = " in written(tmp_path, "keys.x = 3").problems[0]
    assert keys.check({"new-encounter": "n"}) == []


@pytest.mark.parametrize(("text", "line"), [("theme = dark\n", 1), ('theme = "a"\ntheme = "b"\n', 2), ("\n[keys\n", 2)])
def test_what_is_not_toml_is_named_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    found = written(tmp_path, text)
    (said,) = found.problems
    place = f"{tmp_path / 'config.toml'}:{line}: "
    assert said.startswith(f"{place}is not TOML, so the defaults are used; put this right: ")
    assert (found.theme, " at line " in said) == ("convo-dark", False)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'theme = "\xff"')
    assert load(tmp_path).problems == (f"{path}: is not UTF-8 text, so the defaults are used; save it as UTF-8",)
    path.unlink()
    path.mkdir()
    said = f"{path}: cannot be read (Is a directory), so the defaults are used; make it a file that you may read"
    assert load(tmp_path) == Settings(problems=(said,))


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    assert written(tmp_path, '\ufefftheme = "mine"\n') == Settings(theme="mine")
