"""The journal: the one façade over the folder. The command line and the full screen import no other store module."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from convo_tui.clock import Clock
from convo_tui.core.dates import DateOrder
from convo_tui.core.errors import ConvoError
from convo_tui.paths import Places
from convo_tui.store import files, trash
from convo_tui.store.by_hand import Copy
from convo_tui.store.check import Folder, Problem
from convo_tui.store.drafts import Draft, DraftInUse, DraftLog, Drafts
from convo_tui.store.encounters import Encounters
from convo_tui.store.errors import Conflict
from convo_tui.store.index.across import Called, HeardFrom
from convo_tui.store.repair import Repair, repairs
from convo_tui.store.shelf import View
from convo_tui.store.undo import Change

__all__ = [
    "Called",
    "Change",
    "Copy",
    "Draft",
    "DraftInUse",
    "DraftLog",
    "HeardFrom",
    "Journal",
    "Problem",
    "Repair",
    "View",
]


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

    # ── what is damaged ──────────────────────────────────────────────────────────────────────────────────

    def repairs(self) -> list[Repair]:
        """Return what can be put right in the folder without deciding anything for the person; nothing is written."""
        return repairs(self.index, self.clock.zone, Folder(self.index, self.clock.now()), self.new_id)

    def repair(self, plan: Sequence[Repair]) -> list[tuple[Repair, Path | ConvoError]]:
        """Do these, all of them one change to be taken back; return where each file is kept as it was, or why not.

        A file that another program has changed since the plan was made is left alone.
        """
        done: list[tuple[Repair, Path | ConvoError]] = []
        with self._changes.together("repair the folder"):
            for each in plan:
                try:
                    done.append((each, self._repair(each)))
                except ConvoError as error:
                    done.append((each, error))
        self.refresh(each.file for each in plan)
        return done

    def _repair(self, repair: Repair) -> Path:
        path, what = self.places.journal / repair.file, f"repair {repair.file}"
        if repair.after is None:
            repair.require(files.read(path), path)
            return self._changes.remove(what, repair.file, ())
        kept = trash.put(self.places.kept, repair.file, repair.before, self.clock.now())
        try:
            self._changes.replace(what, repair.file, partial(repair.done, path=path))
        except ConvoError:
            kept.unlink(missing_ok=True)
            raise
        return kept
