"""Files that git could not merge: merged by meaning from the versions that it kept, with or without the driver.

git keeps the base, ours and theirs in its index until the file is added again; what stands in the folder meanwhile may
be a text with conflict markers, our side alone where a driver failed, or our side and what was written since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from convo_tui.core.contradiction import Contradiction, Decision, Place
from convo_tui.core.difference import differences, label
from convo_tui.core.errors import Refused
from convo_tui.core.models import Relationship
from convo_tui.core.sides import places as places_of
from convo_tui.paths import Places
from convo_tui.store import codec, files, marked, merging, trash
from convo_tui.store.changes import stems
from convo_tui.store.errors import Conflict
from convo_tui.store.git import blobs
from convo_tui.store.git.running import Git
from convo_tui.store.git.state import Home, stages
from convo_tui.store.names import path_of


@dataclass(frozen=True, slots=True)
class Sides:
    """The versions of a file that are to become one; None where it was not there, or was deleted."""

    base: bytes | None
    ours: bytes | None
    theirs: bytes | None


class Resolving:
    """Makes one version of a file again. `git` is None in a folder without versions: markers alone are read then."""

    def __init__(self, places: Places, zone: tzinfo, now: datetime, git: Git | None, at: Home | None) -> None:
        self._places, self._zone, self._now, self._git, self._at = places, zone, now, git, at

    def resolve(self, file: str, decision: Decision | None, *, turned: bool) -> str:
        """Merge a file and take it for merged; return the name of the relationship.

        `turned` says that git calls ours what is theirs for the person: it does so in a rebase.

        Raises:
            Contradiction: when both sides changed the same, and `decision` is not about just that.
            Refused: when a side is damaged, or nothing is to be merged.
            Damage, Conflict, Unwritable, GitFailed: with the file as it was.
        """
        path = path_of(self._places.journal, file)
        with files.locked(path, self._places.locks):
            stands = files.read(path) if files.entry_stamp(path) is not None else None
            kept = self._kept(path)
            sides = kept or _from_markers(file, stands)
            if kept is not None and stands is not None:
                sides = Sides(kept.base, self._since(kept, stands), kept.theirs)
            if turned:
                sides = Sides(sides.base, sides.theirs, sides.ours)
            name = self._settle(path, sides, stands, decision)
            if kept is not None and self._git is not None:
                self._git.act("--literal-pathspecs", "add", "--all", "--", path.name)
        return name

    def _kept(self, path: Path) -> Sides | None:
        """What git has kept of a file that it could not merge."""
        if self._git is None or self._at is None:
            return None
        kept = stages(self._git, f"{self._at.prefix}{path.name}")
        if not kept:
            return None
        if path.is_symlink() or not all(each.is_file for each in kept):  # it may lead anywhere
            raise Refused(f"{path}: one side made a link of it; settle that by hand, with `git checkout` and `git add`")
        found = {each.number: each.blob for each in kept}
        data = blobs.contents(self._git, found.values())
        return Sides(*(data.get(found[number]) if number in found else None for number in (1, 2, 3)))

    def _since(self, kept: Sides, stands: bytes) -> bytes | None:
        """Our side, with what was written into the file since git stopped; a text with markers is git's own."""
        if kept.ours is None or stands in (kept.ours, kept.theirs):
            return kept.ours
        try:
            ours, now = codec.read(kept.ours, self._zone), codec.read(stands, self._zone)
        except codec.Malformed:
            return kept.ours
        return stands if now.relationship.id == ours.relationship.id else kept.ours

    def _settle(self, path: Path, sides: Sides, stands: bytes | None, decision: Decision | None) -> str:
        if sides.ours is None or sides.theirs is None:
            return self._settle_deletion(path, sides, stands, decision)
        ours, theirs = self._document(path, "our", sides.ours), self._document(path, "their", sides.theirs)
        name = ours.relationship.name
        if ours.relationship.id != theirs.relationship.id:
            other = self._part(path, ours, theirs)
            self._put(path, sides.ours, stands, sides)
            return f"{name} (another {theirs.relationship.name} is in {other} now)"
        base = self._base(sides.base)
        combined = merging.combined(base, ours, theirs)
        asked = places_of(combined.merged)
        _require_decision(name, asked, decision)
        self._keep_lost(path, decision)
        self._put(path, combined.decided(decision.for_ours if decision else ()).encode(), stands, sides)
        return name

    def _settle_deletion(self, path: Path, sides: Sides, stands: bytes | None, decision: Decision | None) -> str:
        """One side deleted the file. When the other changed it, a person says which of it is meant."""
        left = sides.ours if sides.ours is not None else sides.theirs
        if left is None:
            return path.name
        now, before = self._relationship(left), self._relationship(sides.base)
        name = now.name if now is not None else path.stem
        if sides.base is not None and left != sides.base:
            said = f"kept: {label(differences(before, now)) or 'changed'}" if now is not None else "kept"
            texts = ("deleted", said) if sides.ours is None else (said, "deleted")
            asked = (Place(f"whether {name} was deleted", *texts),)
            _require_decision(name, asked, decision)
            is_kept = bool(decision and decision.for_ours) == (sides.ours is not None)
        else:
            is_kept = sides.base is None
        if is_kept:
            self._put(path, left, stands, sides)
        elif stands is not None:
            trash.put(self._places.trash, path.name, stands, self._now)
            files.remove(path, stands, self._places.kept)
        return name

    def _part(self, path: Path, ours: codec.Document, theirs: codec.Document) -> str:
        """Two relationships that got one name of a file: theirs gets a file of its own, of which return the name."""
        for stem in stems(theirs.relationship):
            other = path.with_name(f"{stem}.toml")
            if other == path:
                continue
            try:
                files.save(other, theirs.text.encode(), None, self._places.kept)
            except Conflict:
                if files.read(other) != theirs.text.encode():
                    continue
            if self._git is not None:
                self._git.act("--literal-pathspecs", "add", "--", other.name)
            return other.name
        names = f"{ours.relationship.name} and {theirs.relationship.name}"
        raise Refused(f"{path}: {names} have one file; rename it for one of them, by hand")

    def _put(self, path: Path, data: bytes, stands: bytes | None, sides: Sides) -> None:
        if stands == data:
            return
        if stands is not None and stands not in (sides.base, sides.ours, sides.theirs):
            trash.put(self._places.kept, path.name, stands, self._now)  # somebody may have begun to merge it by hand
        files.save(path, data, stands, self._places.kept)

    def _keep_lost(self, path: Path, decision: Decision | None) -> None:
        if decision is not None and decision.lost:
            lost = decision.lost.encode("utf-8", "replace")
            trash.put(self._places.kept, f"{path.stem}.md", lost, self._now)

    def _document(self, path: Path, whose: str, data: bytes) -> codec.Document:
        try:
            return codec.read(data, self._zone)
        except codec.Malformed as problem:
            raise Refused(f"{path}: {whose} side is damaged ({problem}); put the file right by hand") from None

    def _base(self, data: bytes | None) -> codec.Document | None:
        try:
            return codec.read(data, self._zone) if data is not None else None
        except codec.Malformed:
            return None  # without it both sides are kept

    def _relationship(self, data: bytes | None) -> Relationship | None:
        found = self._base(data)
        return found.relationship if found is not None else None


def _require_decision(name: str, asked: tuple[Place, ...], decision: Decision | None) -> None:
    if asked and (decision is None or decision.places != asked):
        raise Contradiction(name, asked)


def _from_markers(file: str, stands: bytes | None) -> Sides:
    """The sides that a text with markers holds. Raises Refused when it holds none."""
    found = marked.sides(stands.decode("utf-8", "replace")) if stands is not None else None
    if found is None:
        raise Refused(f"{file}: there is nothing to merge")
    base = found.base.encode() if found.base is not None else None
    return Sides(base, found.ours.encode(), found.theirs.encode())
