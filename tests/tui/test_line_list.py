"""The one list: many rows at the cost of a screenful, a selection that stays, text shown as it is."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content

from convo_tui.sanitize import sanitize
from convo_tui.tui.widgets.line_list import MARKER, Indexed, Layout, LineList, Row

WIDTH, HEIGHT = 30, 10
ROOM = WIDTH - 2  # the marker on the left, the scrollbar on the right


class Counting(Sequence[Row]):
    """Rows made when asked for, which counts how often that is."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.asked = 0

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> Row:  # type: ignore[override]
        if not 0 <= index < self.length:
            raise IndexError(index)
        self.asked += 1
        return Row(Content(f"row {index}"), f"k{index}")

    def index_of(self, key: str) -> int | None:
        index = int(key[1:])
        return index if index < self.length else None


class ListApp(App[None]):
    CSS = f"LineList {{ width: {WIDTH}; height: {HEIGHT}; }}"

    def __init__(self, layout: Layout | None = None, placeholder: str = "") -> None:
        super().__init__()
        self.line_list = LineList(layout, placeholder=Content(placeholder))
        self.highlighted: list[str | None] = []
        self.opened: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.line_list

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        self.highlighted.append(message.key)

    def on_line_list_selected(self, message: LineList.Selected) -> None:
        self.opened.append(message.key)

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line, without the scrollbar."""
        return [self.line_list.render_line(y).text.rstrip() for y in range(self.line_list.size.height)]


def rows(*names: str) -> Layout:
    """A layout of one-line entries; a name in capitals is a heading that cannot be selected."""
    made = [Row(Content(name), None if name.isupper() or not name else name) for name in names]
    return lambda width: made


def numbered(count: int, first: int = 0) -> Layout:
    return rows(*(f"r{number}" for number in range(first, count)))


async def test_ten_thousand_rows_cost_a_screenful() -> None:
    lazy = Counting(10_000)
    app = ListApp(lambda width: lazy)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        assert app.lines[0] == f"{MARKER}row 0"
        assert 0 < lazy.asked < 200
        before = lazy.asked
        app.line_list.select("k9000")
        await pilot.pause()
        assert f"{MARKER}row 9000" in app.lines
        app.line_list.show(lambda width: lazy)
        await pilot.pause()
        assert app.line_list.selected == "k9000"
        assert lazy.asked - before < 200


def test_a_lazy_sequence_that_knows_its_keys_is_asked_for_them() -> None:
    assert isinstance(Counting(1), Indexed)
    assert not isinstance([], Indexed)


async def test_the_layout_is_told_the_room_there_is_and_again_when_it_changes() -> None:
    told: list[int] = []

    def layout(width: int) -> list[Row]:
        told.append(width)
        return [Row(Content("x" * width), "a"), Row(Content("x" * (width + 1)), "b")]

    app = ListApp(layout)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        assert told == [ROOM]
        assert app.lines[:2] == [MARKER + "x" * ROOM, " " + "x" * (ROOM - 1) + "…"]
        app.line_list.styles.width = 20
        await pilot.pause()
        assert told == [ROOM, 18]


async def test_keys_move_the_selection_and_enter_opens_it() -> None:
    app = ListApp(rows("FIRST", "a", "b", "SECOND", "c"))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        seen = []
        for key in ("j", "down", "down", "k", "up", "G", "g", "end", "home"):
            await pilot.press(key)
            seen.append(app.line_list.selected)
        assert seen == ["b", "c", "c", "b", "a", "c", "a", "c", "a"]
        await pilot.press("enter")
        assert app.opened == ["a"]


async def test_the_selected_entry_is_marked_without_colour() -> None:
    app = ListApp(rows("HEADING", "a", "b"))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.press("down")
        assert app.lines[:3] == [" HEADING", " a", f"{MARKER}b"]


async def test_neighbours_with_one_key_are_one_entry() -> None:
    entry = [Row(Content("one"), "x"), Row(Content("two"), "x"), Row(Content("three"), "y")]
    app = ListApp(lambda width: entry)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        assert app.lines[:3] == [f"{MARKER}one", f"{MARKER}two", " three"]
        await pilot.press("down")
        assert app.line_list.selected == "y"
        await pilot.press("up")
        assert app.lines[:3] == [f"{MARKER}one", f"{MARKER}two", " three"]


async def test_an_entry_taller_than_the_screen_is_walked_through() -> None:
    tall = [*(Row(Content(f"line {number}"), "tall") for number in range(12)), Row(Content("next"), "next")]
    app = ListApp(lambda width: tall)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.press("down", "down")
        assert (app.line_list.selected, app.lines[0]) == ("tall", f"{MARKER}line 2")
        await pilot.press("down")
        assert app.line_list.selected == "next"


async def test_what_stands_above_the_first_entry_comes_into_view() -> None:
    app = ListApp(rows("", "ABOVE", *(f"r{number}" for number in range(30))))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.press("G")
        assert app.lines[-1] == f"{MARKER}r29"
        await pilot.press("g")
        assert app.lines[:3] == ["", " ABOVE", f"{MARKER}r0"]


async def test_pages_move_view_and_selection() -> None:
    app = ListApp(numbered(35))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        seen = []
        for key in ("pagedown", "pagedown", "pagedown", "pagedown", "pageup"):
            await pilot.press(key)
            seen.append((app.line_list.selected, app.lines[0][1:]))
        assert seen == [("r10", "r10"), ("r20", "r20"), ("r30", "r25"), ("r34", "r25"), ("r24", "r15")]


async def test_many_moves_between_two_paints_are_told_once() -> None:
    app = ListApp(numbered(100))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        assert app.highlighted == ["r0"]
        for _ in range(50):
            app.line_list.action_list_down()
        await pilot.pause()
        assert app.highlighted == ["r0", "r50"]


async def test_what_is_opened_was_told_as_highlighted_before() -> None:
    order: list[str] = []

    class Ordered(ListApp):
        def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
            order.append(f"highlighted {message.key}")

        def on_line_list_selected(self, message: LineList.Selected) -> None:
            order.append(f"opened {message.key}")

    app = Ordered(numbered(3))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        app.line_list.action_list_down()
        app.line_list.action_list_open()
        await pilot.pause()
    assert order == ["highlighted r0", "highlighted r1", "opened r1"]


async def test_showing_again_keeps_the_selected_entry_on_its_line_of_the_screen() -> None:
    app = ListApp(numbered(100, first=10))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        app.line_list.select("r50")
        await pilot.press("up", "up")
        line = app.lines.index(f"{MARKER}r48")
        app.line_list.show(numbered(100))
        await pilot.pause()
        assert app.lines.index(f"{MARKER}r48") == line
        assert app.highlighted[-1] == "r48"


async def test_a_selected_entry_that_is_gone_gives_way_to_its_neighbour() -> None:
    app = ListApp(rows("a", "b", "c"))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.press("down")
        app.line_list.show(rows("a", "c"))
        assert app.line_list.selected == "c"
        app.line_list.show(rows("a"))
        assert app.line_list.selected == "a"
        app.line_list.show(rows())
        await pilot.pause()
        assert app.line_list.selected is None
        await pilot.press("enter", "down", "up", "pagedown", "G")
    assert app.highlighted[-1] is None
    assert app.opened == []


async def test_show_can_say_what_to_select() -> None:
    app = ListApp(numbered(100))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        app.line_list.show(numbered(100), select="r70")
        await pilot.pause()
        assert app.line_list.selected == "r70"
        assert f"{MARKER}r70" in app.lines
        assert not app.line_list.select("r1000")


async def test_showing_again_leaves_a_view_that_was_scrolled_away_where_it_is() -> None:
    app = ListApp(numbered(100))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        app.line_list.scroll_to(y=40, animate=False)
        app.line_list.show(numbered(100))
        await pilot.pause()
        assert app.lines[0] == " r40"


async def test_fresh_rows_begin_at_the_top() -> None:
    app = ListApp(numbered(100))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.press("G")
        app.line_list.show(rows("BRIEF", *(f"other {number}" for number in range(50))), fresh=True)
        await pilot.pause()
        assert app.lines[:2] == [" BRIEF", f"{MARKER}other 0"]
        assert app.highlighted[-1] == "other 0"


async def test_a_key_to_select_that_is_not_there_leaves_the_selection_alone() -> None:
    app = ListApp(rows("a", "b", "c"))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.press("down")
        app.line_list.show(rows("x", "a", "b", "c"), select="nowhere")
        assert app.line_list.selected == "b"


async def test_what_to_select_is_remembered_until_there_is_a_screen() -> None:
    app = ListApp()
    app.line_list.show(numbered(50), select="r30")
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        assert app.highlighted == ["r30"]


async def test_a_selection_before_there_is_a_screen_is_made_once_there_is_one() -> None:
    app = ListApp(numbered(50))
    assert not app.line_list.select("r30")
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        assert app.highlighted == ["r30"]


@pytest.mark.parametrize(
    ("key", "line"), [("k9000", HEIGHT // 2), ("k12", HEIGHT - 1), ("k0", 0), ("k9999", HEIGHT - 1)]
)
async def test_what_is_far_away_comes_into_the_middle_and_what_is_near_just_into_view(key: str, line: int) -> None:
    app = ListApp(lambda width: Counting(10_000))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        app.line_list.select(key)
        await pilot.pause()
        assert [at for at, shown in enumerate(app.lines) if shown.startswith(MARKER)] == [line]


async def test_keys_ask_for_a_screenful_of_a_hundred_thousand_rows() -> None:
    lazy = Counting(100_000)
    app = ListApp(lambda width: lazy)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        seen = []
        for key in ("G", "pageup", "g", "pagedown"):
            before = lazy.asked
            await pilot.press(key)
            assert 0 < lazy.asked - before < 6 * HEIGHT
            seen.append(app.line_list.selected)
        assert seen == ["k99999", "k99989", "k0", "k10"]
        before = lazy.asked
        app.line_list.styles.width = 20
        await pilot.pause()
        assert 0 < lazy.asked - before < 6 * HEIGHT


async def test_scrolling_through_ten_thousand_rows_keeps_a_few_screenfuls() -> None:
    app = ListApp(lambda width: Counting(10_000))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        kept = []
        for line in range(0, 3_000, HEIGHT):
            app.line_list.scroll_to(y=line, animate=False)
            assert app.lines[0][1:] == f"row {line}"
            kept.append(len(app.line_list._strips))
        assert kept[-1] == max(kept) < 30 * HEIGHT


async def test_a_list_of_text_alone_scrolls() -> None:
    app = ListApp(rows(*(f"LINE {number}" for number in range(30))))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.press("down", "down", "up")
        assert app.lines[0] == " LINE 1"
        await pilot.press("G")
        assert app.lines[-1] == " LINE 29"
        assert app.highlighted == []


async def test_the_mouse_selects_opens_and_scrolls() -> None:
    app = ListApp(rows("HEADING", *(f"r{number}" for number in range(30))))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.click(LineList, offset=(5, 0))
        assert app.line_list.selected == "r0"
        await pilot.click(LineList, offset=(5, 4))
        assert (app.line_list.selected, app.opened) == ("r3", [])
        await pilot.click(LineList, offset=(5, 4))
        assert app.opened == ["r3"]
        app.line_list.scroll_to(y=10, animate=False)
        await pilot.click(LineList, offset=(5, 4))
        assert app.line_list.selected == "r13"


async def test_a_smaller_screen_keeps_the_selected_entry_in_view() -> None:
    app = ListApp(numbered(50))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.press("pagedown", "up")
        app.line_list.select("r17")
        app.line_list.styles.height = 4
        await pilot.pause()
        assert f"{MARKER}r17" in app.lines


async def test_wide_characters_are_cut_at_the_right_cell() -> None:
    names = ["山" * 40, "x" + "山" * 40, "👩\u200d👩\u200d👧" * 20, "❤️" * 20, "e\u0301" * 40]
    app = ListApp(lambda width: [Row(Content(name), name) for name in names])
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        strips = [app.line_list.render_line(y) for y in range(HEIGHT)]
        assert {strip.cell_length for strip in strips} == {cell_len(strip.text) for strip in strips} == {WIDTH - 1}
        assert all(line.rstrip().endswith("…") for line in app.lines[:5])


async def test_an_empty_list_says_so_in_its_middle() -> None:
    app = ListApp(rows(), placeholder="Nobody here yet. Press N to add someone.")
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        shown = [(number, line) for number, line in enumerate(app.lines) if line]
        assert [number for number, _ in shown] == [4, 5]
        assert " ".join(line.strip() for _, line in shown) == "Nobody here yet. Press N to add someone."


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_the_placeholder_can_be_read_in_dark_and_in_light(theme: str) -> None:
    app = ListApp(placeholder="Nobody")
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        app.theme = theme
        await pilot.pause()
        (style,) = [style for y in range(HEIGHT) for text, style, _ in app.line_list.render_line(y) if "Nobody" in text]
        assert style
        ink, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
        assert abs(ink.brightness - ground.brightness) > 0.2


@pytest.mark.parametrize("no_color", [False, True])
async def test_lists_are_drawn_in_every_theme(no_color: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    app = ListApp(lambda width: [Row(Content.styled("a", "bold $accent"), "a"), Row(Content("b"), "b")])
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        for name in ("textual-dark", "textual-light", "nord", "ansi-dark", "ansi-light"):
            app.theme = name
            await pilot.pause()
            assert app.lines[:2] == [f"{MARKER}a", " b"]


async def test_a_change_of_theme_recolours_lines_drawn_before() -> None:
    app = ListApp(lambda width: [Row(Content.styled("a", "$accent"), "a"), Row(Content.styled("b", "$accent"), "b")])
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        colours = []
        for name in ("textual-dark", "nord"):
            app.theme = name
            await pilot.pause()
            colours.append(
                [
                    segment.style.color
                    for segment in app.line_list.render_line(1)
                    if segment.text == "b" and segment.style
                ]
            )
        assert colours[0] != colours[1]


PARTS = ["[", "]", "[/", "[/]", "[[", "]]", "\\[", "[b]", "[/b]", "[bold", "[@click=app.bell]", "[/foo]", "[link=x]"]
PARTS += ["$", "x", " ", "red", "on", "=", "(", ")", "'", '"', "#fff", ",", "]x[", "[1]", "[a b]", "\\", "{", "}"]


def brackets(count: int) -> list[str]:
    """Strings of brackets, the same in every run."""
    dice = random.Random(16)
    return ["|" + "".join(dice.choices(PARTS, k=dice.randint(1, 6))) + "|" for _ in range(count)]


async def show_brackets(count: int) -> None:
    """GATES.md 16: no crash, text identical."""
    texts = brackets(count)
    app = ListApp(lambda width: [Row(Content(sanitize(text)), str(at)) for at, text in enumerate(texts)])
    app.line_list.styles.height = 50
    app.line_list.styles.width = 120
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.pause()
        shown: list[str] = []
        while len(shown) < count:
            app.line_list.scroll_to(y=len(shown), animate=False)
            at = app.line_list.scroll_offset.y
            strips = [app.line_list.render_line(y) for y in range(len(shown) - at, 50)]
            shown += [strip.text[1:].rstrip() for strip in strips]
        assert shown[:count] == texts


async def test_bracket_strings_are_shown_as_they_are() -> None:
    await show_brackets(300)


@pytest.mark.long
async def test_twenty_thousand_bracket_strings_are_shown_as_they_are() -> None:
    await show_brackets(20_000)
