"""The editor of a note: what it helps with, and that it takes everything else as it is typed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Button, Static

from convo_tui.core.completing import Choice, Wanted
from convo_tui.sanitize import LINE_LIMIT
from convo_tui.tui import themes
from convo_tui.tui.widgets.completions import Completions
from convo_tui.tui.widgets.note_editor import NoteEditor, _cleaned

NAMES = (Choice('"Ana Ruiz"', "Ana Ruiz", "Acme GmbH"), Choice("Anton", "Anton"), Choice("Anke", "[b]Anke[/] \x1b[31m"))


class EditorApp(App[None]):
    """An editor between other things, in an app that knows the answers to what it wants."""

    CSS = "Static { height: 4; } NoteEditor { height: 1fr; } #pane { height: 1fr; border: round white; }"

    def __init__(self, choices: Sequence[Choice] = NAMES) -> None:
        super().__init__()
        self.choices = choices
        self.wanted: list[Wanted] = []
        self.left: list[bool] = []
        self.said = ""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.DARK

    def compose(self) -> ComposeResult:
        with Vertical(id="pane"):
            yield Static("above")
            yield NoteEditor()
            yield Static("below")
        yield Button("elsewhere")

    @property
    def editor(self) -> NoteEditor:
        return self.query_one(NoteEditor)

    def on_note_editor_wants(self, event: NoteEditor.Wants) -> None:
        self.wanted.append(event.wanted)
        event.editor.offer(event.wanted, self.choices)

    def on_note_editor_left(self, event: NoteEditor.Left) -> None:
        self.left.append(event.empty)

    def on_note_editor_typed(self, event: NoteEditor.Typed) -> None:
        self.said = event.text


@asynccontextmanager
async def opened(text: str = "", **app: Sequence[Choice]) -> AsyncIterator[tuple[EditorApp, Pilot[None]]]:
    """An app whose editor has the focus, the cursor at the end of `text`."""
    screen = EditorApp(**app)
    async with screen.run_test(size=(60, 24)) as pilot:
        lines = text.split("\n")
        screen.editor.open(text, (len(lines) - 1, len(lines[-1])))
        screen.editor.focus()
        await pilot.pause()
        yield screen, pilot


async def typed(app: EditorApp, pilot: Pilot[None], text: str) -> None:
    """Press the keys of `text`, as quickly as they come from a terminal."""
    for character in text:
        key = {"\n": "enter", "\t": "tab"}.get(character) or _character_to_key(character)
        app.post_message(events.Key(key, None if character in "\n\t" else character))
    for _ in range(4):
        await pilot.pause()


# ── completions ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_tab_takes_the_first_of_what_is_offered_and_undo_gives_back_what_was_typed() -> None:
    async with opened() as (app, pilot):
        await typed(app, pilot, "met @an")
        assert app.wanted[-1].prefix == "an"
        assert app.editor.completing
        await pilot.press("tab")
        assert app.editor.text == 'met @"Ana Ruiz"'
        assert not app.editor.completing
        await typed(app, pilot, " today")
        assert app.editor.text == 'met @"Ana Ruiz" today' == app.said
        app.editor.history.checkpoint()
        app.editor.undo()
        app.editor.undo()
        assert app.editor.text == "met @an"


async def test_two_actions_move_in_what_is_offered_and_go_round() -> None:
    async with opened() as (app, pilot):
        await typed(app, pilot, "@an")
        app.editor.action_completion_next()
        assert app.query_one(Completions).chosen == NAMES[1]
        app.editor.action_completion_previous()
        app.editor.action_completion_previous()
        assert app.query_one(Completions).chosen == NAMES[2]
        app.editor.action_completion_next()
        app.editor.action_completion_next()
        await pilot.press("tab")
        assert app.editor.text == "@Anton"
        assert not app.editor.completing


async def test_enter_is_never_taken() -> None:
    async with opened() as (app, pilot):
        await typed(app, pilot, "met @an")
        assert app.editor.completing
        await typed(app, pilot, "\nnext")
        assert app.editor.text == "met @an\nnext"
        assert not app.editor.completing


async def test_escape_closes_what_is_offered_first_and_it_stays_closed_for_that_word() -> None:
    async with opened() as (app, pilot):
        await typed(app, pilot, "met @an")
        await pilot.press("escape")
        assert (app.editor.completing, app.left) == (False, [])
        await typed(app, pilot, "a")
        assert not app.editor.completing
        await typed(app, pilot, " and @b")
        assert app.editor.completing
        await pilot.press("escape", "escape")
        assert app.left == [False]


async def test_what_is_offered_goes_with_the_cursor_the_focus_and_the_word() -> None:
    async with opened() as (app, pilot):
        for leave in ("left", "up", "home"):
            app.editor.open("one\n", (1, 0))
            await typed(app, pilot, "met @an")
            assert app.editor.completing, leave
            await pilot.press(leave)
            assert not app.editor.completing, leave
        app.editor.open("", (0, 0))
        await typed(app, pilot, "met @an")
        app.query_one(Button).focus()
        await pilot.pause()
        assert not app.editor.completing


async def test_an_answer_that_comes_too_late_is_not_shown() -> None:
    async with opened(choices=()) as (app, pilot):
        await typed(app, pilot, "@an")
        await typed(app, pilot, "a")
        app.editor.offer(app.wanted[0], NAMES)
        assert not app.editor.completing
        app.editor.offer(app.wanted[-1], NAMES)
        assert app.editor.completing


async def test_nothing_is_wanted_in_code() -> None:
    async with opened("```\n") as (app, pilot):
        await typed(app, pilot, "met @an")
        assert app.wanted == []


def shown(app: EditorApp) -> list[str]:
    """The lines of the screen."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def test_what_is_offered_stands_under_its_word_sanitized_over_whatever_is_there() -> None:
    async with opened("\n".join("abcdefghi")) as (app, pilot):
        before = [each.region for each in app.query("Static, NoteEditor")]
        await typed(app, pilot, " @an")
        lines = shown(app)
        row = next(index for index, line in enumerate(lines) if "i @an" in line)
        column = lines[row].index("@an") + 1
        offered = [line[column - 1 :] for line in lines[row + 1 : row + 4]]
        assert offered[0].startswith("▌Ana Ruiz")
        assert [line[1:].split("  ")[0] for line in offered] == ["Ana Ruiz", "Anton", "[b]Anke[/] ␛[31m"]
        assert "Acme GmbH" in offered[0]
        assert [each.region for each in app.query("Static, NoteEditor")] == before


async def test_at_the_foot_of_the_screen_it_stands_over_its_word() -> None:
    async with opened("\n" * 40) as (app, pilot):
        app.query(Static).last().display = False
        app.query_one(Button).display = False
        await typed(app, pilot, " @an")
        await pilot.pause()
        lines = shown(app)
        row = next(index for index, line in enumerate(lines) if "@an" in line)
        assert "Anke" in lines[row - 1]
        assert "▌Ana Ruiz" in lines[row - 3]


async def test_beside_other_panes_it_stays_within_its_own() -> None:
    long = (Choice("x", "send the pricing for forty seats to everyone", "1 · Fri 27 Nov"),)
    async with opened("x" * 12, choices=long) as (app, pilot):
        app.query_one("#pane").styles.width = 30
        await typed(app, pilot, " @s")
        await pilot.pause()
        offered, editor = app.query_one(Completions).region, app.editor.region
        assert (offered.x, offered.right) == (editor.x, editor.right)
        (line,) = (line for line in shown(app) if "▌" in line)
        assert "send the pricing" in line
        assert "…" in line


async def test_the_mouse_takes_what_it_clicks() -> None:
    async with opened() as (app, pilot):
        await typed(app, pilot, "met @an")
        await pilot.click(Completions, offset=(3, 1))
        await pilot.pause()
        assert app.editor.text == "met @Anton"
        assert app.editor.has_focus
        assert not app.editor.completing


PLAIN = st.text(st.sampled_from("ab @#~=!?:\"`'.,[]()due1-\n"), min_size=1, max_size=25)


@given(st.lists(PLAIN, min_size=4, max_size=4))
@settings(max_examples=4, deadline=None)
def test_whoever_ignores_what_is_offered_types_what_they_type(texts: list[str]) -> None:
    """Completion while typing: ignoring it costs nothing, it never steals `enter`."""
    import asyncio

    from convo_tui.core.typing_help import is_item

    async def type_all() -> None:
        async with opened() as (app, pilot):
            for text in texts:
                text = "\n".join(line for line in text.split("\n") if not is_item(f"{line} "))
                app.editor.open("", (0, 0))
                await typed(app, pilot, text)
                assert app.editor.text == text

    asyncio.run(type_all())


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("- milk\neggs", "- milk\n- eggs"),
        ("- milk\n\nwe agreed", "- milk\nwe agreed"),
        ("1. milk\neggs\nham", "1. milk\n2. eggs\n3. ham"),
        ("- [ ] call\nwrite", "- [ ] call\n- [ ] write"),
        ("- milk\n- eggs\n- ham", "- milk\n- eggs\n- ham"),
        ("1. milk\n2. eggs", "1. milk\n2. eggs"),
        ("- milk\n! send it", "- milk\n! send it"),
        ("- [ ] call\n=2\n~ *", "- [ ] call\n=2\n~ *"),
        ("- milk\nneed: time", "- milk\nneed: time"),
        ('> "we cannot"\n! book it', '> "we cannot"\n! book it'),
        ("```\n- milk\neggs", "```\n- milk\neggs"),
        ("- milk\n\teggs", "- milk\n  - eggs"),
        ("hello\nyou", "hello\nyou"),
    ],
)
async def test_lists_go_on_by_themselves(keys: str, text: str) -> None:
    async with opened() as (app, pilot):
        await typed(app, pilot, keys)
        assert app.editor.text == text == app.said


async def test_going_on_with_a_list_is_one_step_to_undo() -> None:
    async with opened("- milk") as (app, pilot):
        await typed(app, pilot, "\n")
        assert app.editor.text == "- milk\n- "
        await pilot.press("ctrl+z")
        assert app.editor.text == "- milk"


async def test_tab_moves_items_in_and_shift_tab_out() -> None:
    async with opened("- milk\n- eggs") as (app, pilot):
        await pilot.press("tab", "tab", "shift+tab")
        assert app.editor.text == "- milk\n  - eggs"
        assert app.editor.cursor_location == (1, 8)
        await pilot.press("shift+tab", "shift+tab")
        assert app.editor.text == "- milk\n- eggs"
        assert app.editor.has_focus
        app.editor.select_all()
        await pilot.press("tab")
        assert app.editor.text == "  - milk\n  - eggs"
        assert app.editor.selected_text == "- milk\n  - eggs"
        await pilot.press("ctrl+z")
        assert app.editor.text == "- milk\n- eggs"


async def test_tab_elsewhere_is_spaces() -> None:
    async with opened("a") as (app, pilot):
        await pilot.press("tab", "b")
        assert app.editor.text == "a b"


# ── foreign text ─────────────────────────────────────────────────────────────────────────────────────────────


async def pasted(app: EditorApp, pilot: Pilot[None], text: str) -> None:
    app.post_message(events.Paste(text))
    await pilot.pause()
    await pilot.pause()


async def test_the_marker_lines_of_a_paste_wait_for_one_key() -> None:
    """Its marker lines arrive escaped, and one key frees them."""
    async with opened("\\! mine\n") as (app, pilot):
        await pasted(app, pilot, "Hi,\r\n! send\tit\r\n\x1b]52;c;aGk=\x07? when\rbye")
        assert app.editor.text == "\\! mine\nHi,\n\\! send  it\n␛]52;c;aGk=␇? when\nbye"
        app.editor.insert("above\n", (0, 0))
        app.editor.action_free_pasted()
        assert app.editor.text == "above\n\\! mine\nHi,\n! send  it\n␛]52;c;aGk=␇? when\nbye"
        await pilot.press("ctrl+z")
        assert "\\! send" in app.editor.text


async def test_without_a_paste_the_line_at_the_cursor_or_the_selection_is_freed() -> None:
    async with opened("\\! one\n\\! two\n\\! three") as (app, _):
        app.editor.action_free_pasted()
        assert app.editor.text == "\\! one\n\\! two\n! three"
        app.editor.select_all()
        app.editor.action_free_pasted()
        assert app.editor.text == "! one\n! two\n! three"
        app.editor.action_free_pasted()
        assert app.editor.text == "! one\n! two\n! three"


async def test_a_paste_that_is_undone_is_forgotten() -> None:
    async with opened("\\! mine\n") as (app, pilot):
        await pasted(app, pilot, "a\n! b")
        await pilot.press("ctrl+z", "up", "down")
        app.editor.action_free_pasted()
        assert app.editor.text == "\\! mine\n"


async def test_another_note_forgets_the_paste_of_the_last_one() -> None:
    async with opened() as (app, pilot):
        await pasted(app, pilot, "a\n! b")
        app.editor.open("one\n\\! two\nthree", (0, 0))
        app.editor.action_free_pasted()
        assert app.editor.text == "one\n\\! two\nthree"


async def test_code_arrives_as_it_is() -> None:
    async with opened("```\n") as (app, pilot):
        await pasted(app, pilot, "! a\n= b")
        assert app.editor.text == "```\n! a\n= b"


VISIBLE = st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=" \n\t\r\x07\u200b"), max_size=60)


@given(VISIBLE, st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_a_paste_keeps_every_visible_character(text: str, times: int) -> None:
    """Paste of long and foreign text is cleaned and kept."""

    def visible(said: str) -> str:
        return "".join(character for character in said if character.isprintable() and not character.isspace())

    long = text * (times * LINE_LIMIT // max(1, len(text))) if times > 2 else text
    once = _cleaned(long)
    assert visible(once).replace("␇", "") == visible(long.replace("\x07", "␇")).replace("␇", "")
    assert _cleaned(once) == once
