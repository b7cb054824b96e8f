"""What a search found: enough to show it in a line, and to go to the place where it was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from convo_tui.core.findable import FoundKind, Snippet


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found in the file of a relationship, which `key` names in this journal.

    `id` is the relationship's own for its name and its story; `at` is None for what has no time.
    """

    key: str
    relationship_id: str
    relationship: str
    kind: FoundKind
    id: str
    at: datetime | None
    snippet: Snippet
