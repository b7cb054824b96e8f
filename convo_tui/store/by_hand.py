"""A file that is changed in an editor: a copy is edited, and merged into what stands there by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from convo_tui.core.contradiction import Contradiction, Decision
from convo_tui.core.errors import Refused
from convo_tui.core.sides import places
from convo_tui.core.summary import Summary
from convo_tui.store import codec, files, merging
from convo_tui.store.errors import Conflict, Damage


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a file to be edited at `path`; `base` is what it held."""

    summary: Summary
    path: Path
    base: bytes

    @property
    def is_changed(self) -> bool:
        """Whether it was edited, or cannot be read any more: taking it says why."""
        try:
            return files.read(self.path) != self.base
        except Damage:
            return True


def taken(copy: Copy, stands: bytes, target: Path, zone: tzinfo, decision: Decision | None) -> bytes:
    """Return what `target`, which holds `stands` now, is to hold so that it says what was edited.

    Raises:
        Damage: naming the copy, when it is no relationship.
        Refused: when the id of a sound file was changed, or the format is a newer one.
        Contradiction: when another program has changed the same, and `decision` is not about just that.
        Conflict: when it cannot be merged with what another program wrote, as one of the versions is damaged.
    """
    data = files.read(copy.path)
    ours = _document(copy.path, data, zone)
    if not copy.summary.problem and ours.relationship.id != copy.summary.id:
        raise Refused(f"{copy.path}: the id of a relationship never changes; it was {copy.summary.id}")
    if not ours.relationship.is_writable:
        raise Refused(f"{copy.path}: format {ours.relationship.format} is newer than this Convo can write")
    if stands == copy.base:
        return data
    try:
        base, theirs = codec.read(copy.base, zone), codec.read(stands, zone)
    except codec.Malformed:
        raise Conflict(target, "another program changed it while you edited it, and it is damaged") from None
    combined = merging.combined(base, ours, theirs)
    asked = places(combined.merged)
    if asked and (decision is None or decision.places != asked):
        raise Contradiction(theirs.relationship.name, asked)
    return combined.decided(decision.for_ours if decision is not None else ()).encode()


def _document(path: Path, data: bytes, zone: tzinfo) -> codec.Document:
    try:
        return codec.read(data, zone)
    except codec.Malformed as problem:
        raise Damage(path, problem.line, problem.reason) from None
