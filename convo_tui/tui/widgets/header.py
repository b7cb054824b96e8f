"""The line at the top: the program, the journal, how its versions stand, the time."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from convo_tui.sanitize import single

_NAME = " Convo"
_GAP = 2

Urgency: TypeAlias = Literal["quiet", "warning", "error"]


class Header(Widget):
    """One line of values that a screen sets; what a narrow screen has no room for is left out."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("header--name", "header--damaged", "header--quiet", "header--warning", "header--error"),
    }
    DEFAULT_CSS = """
    Header {
        height: 1;
        dock: top;
        & > .header--name { text-style: bold; }
        & > .header--damaged { color: $error; text-style: bold; }
        & > .header--quiet { color: $text-muted; }
        & > .header--warning { color: $warning; }
        & > .header--error { color: $error; }
    }
    """

    journal: reactive[str] = reactive("")
    """The name of the journal, with its state."""
    damaged: reactive[int] = reactive(0)
    """How many files cannot be read."""
    middle: reactive[str] = reactive("")
    """Shown in the centre where there is room."""
    versions: reactive[tuple[str, ...]] = reactive(())
    """How the versions stand, said ever shorter: the first that there is room for takes the middle when it is free."""
    urgency: reactive[Urgency] = reactive("quiet")
    """How loud `versions` are."""
    clock: reactive[str] = reactive("")
    """The time as it is to be read, such as `Sun 22 Nov 10:37`."""

    def render(self) -> Content:
        """Return the line: the name first, what is damaged, then the time, the journal and the middle, each where
        there is room."""
        width = self.size.width
        left = Content.styled(_NAME, self.get_visual_style("header--name"))
        if self.damaged:
            said = f"✗ {self.damaged:,} {'file is' if self.damaged == 1 else 'files are'} damaged"
            left += " " * _GAP + Content.styled(said, self.get_visual_style("header--damaged"))
        journal, clock = self._styled(self.journal), self._styled(self.clock)
        end = width
        if clock and left.cell_length + _GAP + clock.cell_length + 1 <= width:
            end -= clock.cell_length + 1
        if journal and left.cell_length + _GAP + journal.cell_length + _GAP <= end:
            left += " " * _GAP + journal
        for middle in self._middles():
            start = max((width - middle.cell_length) // 2, left.cell_length + _GAP)  # beside a long name of the journal
            if start + middle.cell_length + _GAP <= end:
                left = left.pad_right(start - left.cell_length) + middle
                break
        if end == width:
            return left.truncate(width, ellipsis=True, pad=True)
        return left.pad_right(end - left.cell_length) + clock + " "

    def _middles(self) -> list[Content]:
        """What may stand in the centre, the longest first."""
        if self.middle:
            return [self._styled(self.middle)]
        return [self._styled(each, self.urgency) for each in self.versions]

    def _styled(self, text: str, urgency: Urgency = "quiet") -> Content:
        return Content.styled(single(text), self.get_visual_style(f"header--{urgency}"))
