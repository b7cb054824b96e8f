"""Where things live: the journal in the user's data folder, everything derived from it elsewhere."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

APP = "convo"


@dataclass(frozen=True)
class Places:
    """The folders of one journal (CONTRACT.md, "The journal folder")."""

    journal: Path
    config: Path
    cache: Path
    state: Path

    @property
    def own_state(self) -> Path:
        """The part of the state folder that belongs to this journal alone."""
        return self.state / self._name

    @property
    def index(self) -> Path:
        """The index of this journal."""
        return self.cache / self._name / "index.sqlite"

    @property
    def _name(self) -> str:
        return hashlib.sha256(os.path.realpath(self.journal).encode("utf-8", "surrogateescape")).hexdigest()[:16]

    @property
    def drafts(self) -> Path:
        """Encounters in progress."""
        return self.own_state / "drafts"

    @property
    def trash(self) -> Path:
        """What was deleted."""
        return self.own_state / "trash"

    @property
    def undo(self) -> Path:
        """What can be taken back."""
        return self.own_state / "undo.sqlite"

    @property
    def kept(self) -> Path:
        """Versions that lost to another writer, and edits that could not be taken."""
        return self.own_state / "kept"

    @property
    def locks(self) -> Path:
        """Locks; shared by all journals, because two may reach one file."""
        return self.state / "locks"

    @property
    def themes(self) -> Path:
        """The user's own themes."""
        return self.config / "themes"


def config_dir() -> Path:
    """Return the folder of the settings."""
    import platformdirs

    return platformdirs.user_config_path(APP, appauthor=False)


def places(journal: str | None, setting: str | None = None, environ: Mapping[str, str] = os.environ) -> Places:
    """Return the folders for a journal: `--dir`, else `$CONVO_DIR`, else the setting, else the user's data folder."""
    import platformdirs

    chosen = journal or environ.get("CONVO_DIR") or setting
    folder = Path(chosen).expanduser() if chosen else platformdirs.user_data_path(APP, appauthor=False)
    return Places(
        journal=folder.absolute(),
        config=config_dir(),
        cache=platformdirs.user_cache_path(APP, appauthor=False),
        state=platformdirs.user_state_path(APP, appauthor=False),
    )
