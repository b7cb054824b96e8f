"""What is remembered of the versions of one folder between runs, beside the journal: never in what is versioned."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from convo_tui.store import files, system
from convo_tui.store.errors import Damage, Unwritable
from convo_tui.store.git.trust import Command

FILE = "git.json"


@dataclass(frozen=True, slots=True)
class Remembered:
    """`trusted` are digests of the commands that the person knows of; None before they have used git here at all."""

    trusted: frozenset[str] | None = None
    synced: datetime | None = None
    error: str = ""
    rebasing: str = ""
    """The version from which a sync has begun a rebase: one that began elsewhere is none of ours to go on with."""

    def unknown(self, commands: Iterable[Command]) -> list[str]:
        """Return the names of the commands that the person has not been told of."""
        return [each.name for each in commands if each.digest not in (self.trusted or ())]


class Memory:
    """One small file in the state folder of the journal; a lost one only means being told once more."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def read(self) -> Remembered:
        """Return what is remembered; nothing, when it cannot be read."""
        with suppress(Damage, ValueError, TypeError, KeyError):
            found = json.loads(files.read(self._path))
            return Remembered(
                None if found["trusted"] is None else frozenset(found["trusted"]),
                None if found["synced"] is None else datetime.fromisoformat(found["synced"]),
                str(found["error"]),
                str(found.get("rebasing", "")),
            )
        return Remembered()

    def trust(self, commands: Iterable[Command]) -> None:
        """Remember that the person uses git here, and knows of these commands."""
        self._write(replace(self.read(), trusted=frozenset(each.digest for each in commands)))

    def rebasing(self, version: str) -> None:
        """Remember that a sync begins a rebase from this version; empty, that none of a sync is going on."""
        before = self.read()
        if before.rebasing != version:
            self._write(replace(before, rebasing=version))

    def synced(self, at: datetime) -> None:
        """Remember that all went well at `at`."""
        self._write(replace(self.read(), error="", synced=at))

    def cured(self) -> None:
        """Forget what went wrong: it was put right."""
        before = self.read()
        if before.error:
            self._write(replace(before, error=""))

    def failed(self, error: str) -> None:
        """Remember why the last sync, or version, came to nothing."""
        self._write(replace(self.read(), error=error))

    def _write(self, now: Remembered) -> None:
        said = {
            "trusted": None if now.trusted is None else sorted(now.trusted),
            "synced": None if now.synced is None else now.synced.isoformat(),
            "error": now.error,
            "rebasing": now.rebasing,
        }
        temporary = self._path.with_name(f".{FILE}-{secrets.token_hex(8)}")
        try:
            files.make_folder(self._path.parent)
            system.write_new(temporary, json.dumps(said).encode())
            system.replace(temporary, self._path)
        except (OSError, Unwritable):  # what is not remembered is asked again
            temporary.unlink(missing_ok=True)
