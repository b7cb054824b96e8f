"""The journal: the one façade over the folder. The command line and the full screen import no other store module."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from convo_tui.clock import Clock
from convo_tui.core.dates import DateOrder
from convo_tui.paths import Places
from convo_tui.store import files
from convo_tui.store.check import Problem
from convo_tui.store.drafts import Draft, DraftInUse, DraftLog, Drafts
from convo_tui.store.encounters import Encounters
from convo_tui.store.errors import Conflict
from convo_tui.store.index.across import Called, HeardFrom
from convo_tui.store.shelf import View
from convo_tui.store.undo import Change

__all__ = ["Called", "Change", "Draft", "DraftInUse", "DraftLog", "HeardFrom", "Journal", "Problem", "View"]


class Journal(Encounters):
    """A folder of relationships: read (`Shelf`), changed (`Ledger`), talked about (`Encounters`), and its drafts."""

    def __init__(self, places: Places, clock: Clock, date_order: DateOrder = None) -> None:
        super().__init__(places, clock, date_order)
        self.drafts = Drafts(places.drafts)

    def keep_note(self, draft: Draft) -> Path:
        """Put the text of a draft whose relationship is gone where it can be read; return where, and forget the draft.

        Raises:
            Unwritable, DraftInUse: with the draft kept.
        """
        files.make_folder(self.places.kept)
        path = self.places.kept / f"{draft.id}.md"
        with suppress(Conflict):  # it was put there before
            files.save(path, draft.text.encode("utf-8", "replace"), None, self.places.kept)
        self.drafts.discard(draft.id)
        return path
