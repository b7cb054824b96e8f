"""The line at the top and the line at the bottom."""

from __future__ import annotations

import random

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.color import Color
from textual.containers import Container
from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from convo_tui.sanitize import single
from convo_tui.tui import keys, themes
from convo_tui.tui.widgets.footer import KeyBar
from convo_tui.tui.widgets.header import Header, Urgency


class BarApp(App[None]):
    """Has the actions of a few keys; `off` are disabled, `gone` not there at all."""

    AUTO_FOCUS = None
    BINDINGS = [*keys.bindings("outside the editor", "everywhere", "issue", "encounter"), Binding("z", "zzz", "Zzz")]

    def __init__(self, *known: str) -> None:
        super().__init__()
        self.known = set(known)
        self.off: set[str] = set()
        self.done: list[str] = []
        self.refused: list[str] = []

    def compose(self) -> ComposeResult:
        yield Header()
        yield Container(TextArea(), Input())
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in self.off:
            return None
        return action in self.known or action in {"simulate_key", "zzz"}

    def _did(self, name: str) -> None:
        self.done.append(name)

    def action_new_encounter(self) -> None:
        self._did("new_encounter")

    def action_set_spark(self, spark: int) -> None:
        self._did(f"set_spark({spark})")

    def on_key_bar_disabled(self, message: KeyBar.Disabled) -> None:
        self.refused.append(message.key_id)

    def top(self) -> str:
        return self.query_one(Header).render_line(0).text

    def bar(self) -> str:
        return self.query_one(KeyBar).render_line(0).text


async def test_the_header_shows_name_journal_middle_and_clock() -> None:
    app = BarApp()
    async with app.run_test(size=(60, 5)) as pilot:
        header = app.query_one(Header)
        header.journal, header.middle, header.clock = "work", "main ↑2", "Sun 22 Nov 10:37"
        await pilot.pause()
        assert app.top() == " Convo  work" + " " * 14 + "main ↑2" + " " * 10 + "Sun 22 Nov 10:37 "
        assert app.top().index("main") == (60 - len("main ↑2")) // 2


@pytest.mark.parametrize(("damaged", "said"), [(0, ""), (1, "  ✗ 1 file is damaged"), (12, "  ✗ 12 files are damaged")])
async def test_the_header_says_how_many_files_are_damaged(damaged: int, said: str) -> None:
    app = BarApp()
    async with app.run_test(size=(60, 5)) as pilot:
        header = app.query_one(Header)
        header.journal, header.clock, header.damaged = "work", "10:37", damaged
        await pilot.pause()
        assert app.top() == f" Convo{said}  work".ljust(54) + "10:37 "


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (46, " Convo  work" + " " * 7 + "main ↑2" + " " * 3 + "Sun 22 Nov 10:37 "),
        (40, " Convo  work" + " " * 11 + "Sun 22 Nov 10:37 "),
        (28, " Convo" + " " * 5 + "Sun 22 Nov 10:37 "),
        (20, " Convo  work" + " " * 8),
        (10, " Convo" + " " * 4),
        (4, " Co…"),
    ],
)
async def test_a_narrow_header_leaves_out_the_middle_first(width: int, shown: str) -> None:
    app = BarApp()
    async with app.run_test(size=(width, 5)) as pilot:
        header = app.query_one(Header)
        header.journal, header.middle, header.clock = "work", "main ↑2", "Sun 22 Nov 10:37"
        await pilot.pause()
        assert app.top() == shown


@pytest.mark.parametrize(
    ("width", "shown"),
    [(70, "⎇ main ✓ ↑2 · fetched 3 h ago"), (50, "⎇ main ✓ ↑2"), (40, ""), (20, "")],
)
async def test_the_versions_take_the_middle_as_long_as_there_is_room_and_nothing_is_read(
    width: int, shown: str
) -> None:
    app = BarApp()
    async with app.run_test(size=(width, 5)) as pilot:
        header = app.query_one(Header)
        header.journal, header.clock = "work", "Sun 22 Nov 10:37"
        header.versions = ("⎇ main ✓ ↑2 · fetched 3 h ago", "⎇ main ✓ ↑2")
        await pilot.pause()
        assert app.top().removeprefix(" Convo  work").removesuffix("Sun 22 Nov 10:37 ").strip() == shown
        header.middle = "12 %"
        await pilot.pause()
        assert "⎇" not in app.top()


async def test_a_long_name_of_the_journal_moves_the_middle_aside() -> None:
    app = BarApp()
    async with app.run_test(size=(60, 5)) as pilot:
        header = app.query_one(Header)
        header.journal, header.clock, header.versions = "~/Documents/desk/conversations", "10:37", ("⎇ main ✓",)
        await pilot.pause()
        assert app.top().startswith(" Convo  ~/Documents/desk/conversations  ⎇ main ✓ ")


@pytest.mark.parametrize("urgency", ["quiet", "warning", "error"])
async def test_the_versions_are_as_loud_as_they_have_to_be(urgency: Urgency) -> None:
    app = BarApp()
    async with app.run_test(size=(60, 5)) as pilot:
        header = app.query_one(Header)
        header.versions, header.urgency = ("⎇ main ✗",), urgency
        await pilot.pause()
        (style,) = (segment.style for segment in header.render_line(0) if "main" in segment.text)
        assert style is not None
        assert style.color == header.get_component_rich_style(f"header--{urgency}").color


async def test_text_in_the_header_is_shown_as_it_is() -> None:
    """GATES.md 16: no crash, text identical."""
    dice = random.Random(16)
    parts = ["[", "]", "[/", "[/foo]", "[bold", "[[x]]", "[@click=app.bell]x[/]", "$", "\\", "a", "#fff", "\x1b]0;"]
    app = BarApp()
    async with app.run_test(size=(400, 5)):
        header = app.query_one(Header)
        for _ in range(300):
            text = "|" + "".join(dice.choices(parts, k=5)) + "|"
            header.journal = header.middle = header.clock = text
            assert app.top().count(single(text)) == 3
            header.middle, header.versions = "", (text,)
            assert app.top().count(single(text)) == 3
            assert "\x1b" not in app.top()


async def test_the_bar_shows_what_can_be_done_in_the_order_of_the_table_with_help_at_the_right() -> None:
    app = BarApp("show_help", "new_issue", "new_encounter", "undo_change", "redo_change", "quit_convo")
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        assert app.bar() == " n Encounter  i Issue  u Undo " + " " * 22 + " ? Help "


async def test_a_narrow_bar_shows_whole_entries_only_and_keeps_help() -> None:
    app = BarApp("show_help", "new_issue", "new_encounter", "undo_change")
    async with app.run_test(size=(29, 5)) as pilot:
        await pilot.pause()
        assert app.bar() == " n Encounter" + " " * 9 + " ? Help "
        await pilot.resize_terminal(30, 5)
        assert app.bar() == " n Encounter  i Issue  ? Help "


async def test_neighbours_with_one_word_share_a_place() -> None:
    app = BarApp("set_spark", "change_nature")
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        assert app.bar().rstrip() == " 12345 Spark  m Nature"
        await pilot.click(KeyBar, offset=(4, 0))
        await pilot.pause()
        assert app.done == ["set_spark(4)"]


async def test_what_cannot_be_done_now_is_dimmed_rather_than_hidden() -> None:
    """ARCHITECTURE.md: "disable, don't hide"."""
    app = BarApp("new_issue", "new_encounter")
    app.off = {"new_encounter"}
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        assert app.bar().rstrip() == " n Encounter  i Issue"
        styles = {segment.text: segment.style for segment in app.query_one(KeyBar).render_line(0) if segment.style}
        assert styles["n"].dim
        assert styles["i"].bold
        assert not styles["i"].dim


async def test_a_click_presses_the_key_and_on_a_disabled_one_says_so() -> None:
    app = BarApp("new_encounter", "new_issue")
    app.off = {"new_issue"}
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        await pilot.click(KeyBar, offset=(4, 0))
        await pilot.click(KeyBar, offset=(16, 0))
        await pilot.click(KeyBar, offset=(50, 0))
        await pilot.pause()
        assert app.done == ["new_encounter"]
        assert app.refused == ["new-issue"]


async def test_the_bar_follows_the_focus_and_the_state_of_actions() -> None:
    app = BarApp("show_help", "new_issue", "end_encounter")
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        assert app.bar().split() == ["ctrl+s", "End", "i", "Issue", "?", "Help"]
        app.query_one(TextArea).focus()
        await pilot.pause()
        assert app.bar().split() == ["ctrl+s", "End", "f1", "Help"]
        app.screen.set_focus(None)
        app.known.discard("end_encounter")
        app.refresh_bindings()
        await pilot.pause()
        assert app.bar().split() == ["i", "Issue", "?", "Help"]


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "convo-dark", "convo-light"])
async def test_both_lines_can_be_read_in_dark_and_in_light(theme: str) -> None:
    app = BarApp("new_issue", "show_help", "new_encounter")
    app.off = {"new_encounter"}
    for shipped in themes.load([themes.builtin()])[0].values():
        app.register_theme(shipped)
    async with app.run_test(size=(60, 5)) as pilot:
        app.theme = theme
        app.query_one(Header).journal = "work"
        app.query_one(Header).damaged = 2
        await pilot.pause()
        for widget in (app.query_one(Header), app.query_one(KeyBar)):
            for text, style, _ in widget.render_line(0):
                if text.strip() and style and not style.dim:
                    ink, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
                    assert abs(ink.brightness - ground.brightness) > 0.2, text


async def test_the_bar_shows_the_keys_of_the_user() -> None:
    app = BarApp("new_issue", "show_help")
    async with app.run_test(size=(60, 5)) as pilot:
        app.set_keymap(keys.accepted({"new-issue": "ctrl+b, +"}))
        await pilot.pause()
        assert app.bar().split() == ["ctrl+b", "Issue", "?", "Help"]


async def test_the_bar_of_a_dialog_shows_the_keys_of_the_dialog() -> None:
    class Dialog(ModalScreen[None]):
        BINDINGS = [*keys.bindings("editor")]

        def compose(self) -> ComposeResult:
            yield KeyBar()

    app = BarApp("new_issue")
    async with app.run_test(size=(60, 5)) as pilot:
        await app.push_screen(Dialog())
        await pilot.pause()
        assert app.screen.query_one(KeyBar).render_line(0).text.split() == ["esc", "Leave", "ctrl+r", "Free"]
