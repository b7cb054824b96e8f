"""What git keeps of files: the contents behind the names and ids that it gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convo_tui.store.errors import Conflict
from convo_tui.store.git.running import Git, names


def contents(git: Git, ids: Iterable[str]) -> dict[str, bytes]:
    """Return the content behind each of these ids of git, in one call. Raises GitFailed; Conflict when one is gone."""
    wanted = list(dict.fromkeys(each for each in ids if each.strip("0")))
    if not wanted:
        return {}
    out = git.look("cat-file", "--batch", given="".join(f"{each}\n" for each in wanted).encode())
    found: dict[str, bytes] = {}
    at = 0
    for each in wanted:
        end = out.index(b"\n", at)
        words = out[at:end].split(b" ")
        if words[-1] == b"missing":
            raise Conflict(git.folder, f"git has lost {each}; `git fsck` tells more")
        size = int(words[-1])
        found[each] = out[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def in_version(git: Git, version: str, paths: Sequence[str]) -> dict[str, str]:
    """Return the id of the content of each of these names in the folder as of a version, where it has one."""
    found = {}
    for record in names(git.look("--literal-pathspecs", "ls-tree", "-z", version, "--", *paths)) if paths else ():
        about, _, path = record.partition("\t")
        found[path] = about.split(" ")[2]
    return found
