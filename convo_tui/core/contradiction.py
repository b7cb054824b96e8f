"""Two versions of one thing of which only one can stand: which, and what each says, for a person to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convo_tui.core.errors import ConvoError

UNRESOLVED = "a git conflict that is not resolved: `convo git resolve` merges both sides, or remove the markers by hand"
"""What is wrong with a file that holds both versions of something, between the markers of git."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that both sides changed: what it is, in words, and the text of each side; empty for nothing."""

    what: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about these places: those at the positions in `for_ours` for ours, the rest for theirs."""

    places: tuple[Place, ...]
    for_ours: frozenset[int]

    @property
    def lost(self) -> str:
        """What was not kept, as Markdown."""
        sides = [each.theirs if number in self.for_ours else each.ours for number, each in enumerate(self.places)]
        return "\n\n".join(f"# Not kept: {each.what}\n\n{side}" for each, side in zip(self.places, sides, strict=True))


class Contradiction(ConvoError):
    """Another writer changed the same places, in another way; nothing was saved until someone decides."""

    def __init__(self, name: str, places: Sequence[Place]) -> None:
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        super().__init__(f"{name}: another program changed {places[0].what} as well{more}; nothing was saved")
        self.name, self.places = name, tuple(places)
