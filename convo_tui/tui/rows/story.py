"""A relationship as a story: what the two of us do together, then month by month how it went, the oldest first."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate

from textual.content import Content

from convo_tui.core.models import Encounter
from convo_tui.core.storytelling import INVITATION, Story, day
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.breaking import breaks, height
from convo_tui.tui.rows.lazy import LazyRows
from convo_tui.tui.widgets.line_list import Row

STORY = "story"
"""The key of the lines that the person wrote, which can be written anew."""

_KEY = "encounter:"
_WIDEST, _INDENT = 92, 3
"""Cells of a line that is still pleasant to read, and by how many what an encounter says stands in."""
_DRAWN = 64
"""Encounters that are kept as they were drawn."""


class StoryRows(LazyRows):
    """The rows of a story. How high each encounter is gets counted, which is quick; it is drawn when it is seen."""

    def __init__(self, story: Story, width: int) -> None:
        self._story, self._width = story, max(_INDENT + 8, min(width, _WIDEST))
        self._head = _head(story, self._width)
        self._months = {chapter.places.start: chapter.title for chapter in story.chapters()}
        self._drawn = lru_cache(maxsize=_DRAWN)(self._encounter)
        heights = (self._height(place, each) for place, each in enumerate(story.timeline))
        self._ends = list(accumulate(heights, initial=len(self._head)))
        super().__init__(self._ends[-1])

    def row(self, index: int) -> Row:
        """Make the row at `index`."""
        if index < len(self._head):
            return self._head[index]
        place = bisect_right(self._ends, index) - 1
        return self._drawn(place)[index - self._ends[place]]

    def index_of(self, key: str) -> int | None:
        """Return where the story's beginning or an encounter stands; None when it is not here."""
        if key == STORY:
            return next(at for at, row in enumerate(self._head) if row.key == STORY)
        identity = key.removeprefix(_KEY)
        place = next((at for at, each in enumerate(self._story.timeline) if each.id == identity), None)
        if place is None:
            return None
        return self._ends[place] + (2 if place in self._months else 0)

    def _height(self, place: int, encounter: Encounter) -> int:
        lines = [each.plain for each in self._said(encounter)]
        return 2 + (2 if place in self._months else 0) + height(lines, self._width - _INDENT)

    def _encounter(self, place: int) -> list[Row]:
        """The rows of one encounter: before it its month if it is the first, after it a blank one."""
        encounter = self._story.timeline[place]
        rows = []
        if place in self._months:
            said = f"── {self._months[place]} "
            rows = [Row(Content.styled(said + "─" * max(0, self._width - len(said)), parts.QUIET)), Row(Content())]
        rows += [Row(each, f"{_KEY}{encounter.id}") for each in self._told(encounter)]
        return [*rows, Row(Content())]

    def _told(self, encounter: Encounter) -> Iterator[Content]:
        style = "bold" if encounter.is_contact else f"italic {parts.QUIET}"
        head = Content.styled(day(encounter), style) + parts.after(" · ", self._story.what(encounter))
        yield head.truncate(self._width, ellipsis=True)
        for each in self._said(encounter):
            yield from _broken(each, self._width)

    def _said(self, encounter: Encounter) -> Iterator[Content]:
        """The lines of a note, and what came of it; all that is quiet in a note to oneself, which is an aside."""
        if encounter.note.strip():
            for line in parts.note_lines(encounter.note.strip("\n")):
                yield line if encounter.is_contact else line.stylize(parts.QUIET)
        came = " ".join(self._story.came_of(encounter))
        if came:
            yield Content.styled("→ ", "$accent") + parts.text(came, parts.QUIET)


def _head(story: Story, width: int) -> list[Row]:
    """What the person wrote, or an invitation to write it."""
    if story.relationship.story.strip():
        lines: Iterable[Content] = parts.note_lines(_flowing(story.relationship.story.strip()))
    else:
        lines = [Content.styled(f"{INVITATION} e writes it down.", parts.QUIET)]
    rows = [Row(each, STORY) for line in lines for each in _broken(line.stylize("italic"), width)]
    end = "" if story.timeline else "You have not talked yet: n in the journal starts an encounter."
    return [Row(Content()), *rows, Row(Content()), *([Row(Content.styled(end, parts.QUIET))] if end else [])]


def _broken(line: Content, width: int) -> Iterator[Content]:
    """The rows of one line, standing in; as many as `height` counts."""
    for start, stop in breaks(line.plain, width - _INDENT):
        yield Content(" " * _INDENT) + line[start:stop]


def _flowing(text: str) -> str:
    """The text with the lines of a paragraph made one, as Markdown reads them: how it was typed has other edges."""
    made: list[str] = []
    for line in text.split("\n"):
        if made and line[:1].isalpha() and made[-1].strip() and not made[-1].startswith(("#", ">")):
            made[-1] = f"{made[-1].rstrip()} {line}"
        else:
            made.append(line)
    return "\n".join(made)
