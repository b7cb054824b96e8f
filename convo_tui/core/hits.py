"""What a search found: enough to show it in a line, and to go to the place where it was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from convo_tui.core.findable import FoundKind, Snippet, snippet
from convo_tui.core.query import Query


@dataclass(frozen=True)
class Hit:
    """Something that was found in the file of a relationship, which `key` names in this journal.

    `id` is the relationship's own for its name and its story; `at` is None for what has no time. `text` is what was
    written there, `width` (in characters) how much of it one line has room for.
    """

    key: str
    relationship_id: str
    relationship: str
    kind: FoundKind
    id: str
    at: datetime | None
    text: str
    query: Query
    width: int

    @cached_property
    def snippet(self) -> Snippet:
        """One line of the text around what was found; made when it is asked for, as few are ever seen."""
        return snippet(self.text, self.query, self.width)
