"""Foreign text in a note: "A paste of several lines makes no records by itself: its marker lines arrive escaped, and
one key frees them." (CONTRACT.md, "The note grammar")
"""

from __future__ import annotations

from collections.abc import Sequence

from convo_tui.core.inline import unfenced
from convo_tui.core.markers import escaped, split_lead, unescaped


def defused(text: str, above: Sequence[str] = (), before: str = "", after: str = "") -> str:
    """Return what is pasted, of several lines, with a `\\` before each marker of its own.

    `above` are the lines over the one with the cursor, where a code fence may be open; `before` and `after` are that
    line on either side of the cursor. A marker that was typed there stays as it is.
    """
    pasted = text.split("\n")
    if len(pasted) == 1:
        return text
    lines = [before + pasted[0], *pasted[1:-1], pasted[-1] + after]
    safe = escaped("\n".join([*above, *lines])).split("\n")[len(above) :]
    if split_lead(before)[1]:
        safe[0] = lines[0]
    if not split_lead(pasted[-1])[1]:
        safe[-1] = lines[-1]
    joined = "\n".join(safe)
    return joined[len(before) : len(joined) - len(after)]


def freed_lines(lines: Sequence[str], rows: range) -> list[str]:
    """Return the lines at `rows` of a note, one `\\` taken away before each escaped marker outside code."""
    return [unescaped(line) if outside else line for row, line, outside in unfenced(list(lines)) if row in rows]
