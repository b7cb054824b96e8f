"""What stands inside a line of a note: `#topics` and `@mentions`, outside code, links and addresses.

The rule is CONTRACT.md's, "The note grammar": `@` and `#` count after white space or `(` only; a topic begins
with a letter, goes on with letters, digits and `-`, and is the same in any case.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

# Lines may be long and hostile and are read at every keystroke: no pattern here may scan ahead from each character.
_FENCE = re.compile(r"\s*(?:(?:[-*+]|\d{1,3}[.)])\s+)?(`{3,}+(?!.*`)|~{3,})")
_TICKS = re.compile(r"`+")
_OPAQUE = re.compile(
    r"\[[^\[\]]*\]\([^()\s]*+(?:\([^()\s]*\)[^()\s]*+)*+(?:[ \t]+\"[^\"]*\")?\)"  # a Markdown link
    r"|<[^<>\s]+>"  # an autolink
    r"|\b[a-z][a-z0-9+.-]{0,30}://\S+"  # a bare link
    r"|\b(?:mailto|tel):\S+"
    r"|(?<![^\s@<(])[^\s@<(]+@[^\s@]+\.[^\s@]+",  # an address
    re.IGNORECASE,
)
_TOPIC = re.compile(r"(?:^|(?<=[\s(]))#([^\W\d_](?:[^\W_]|-)*)")
_MENTION = re.compile(r"(?:^|(?<=[\s(]))@(?:\"([^\"\n]+)\"|([^\W_][\w'’.-]*))")


@dataclass(frozen=True, slots=True)
class Mention:
    """An `@name` at `start` to `end` of its line."""

    name: str
    start: int
    end: int


def unfenced(lines: list[str]) -> Iterator[tuple[int, str, bool]]:
    """Yield each line with its index and whether it stands outside every code fence."""
    fence = ""
    for index, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark[1][0] == fence[0] and len(mark[1]) >= len(fence)
            if closes and mark and not line[mark.end() :].strip():
                fence = ""
            yield index, line, False
        elif mark:
            fence = mark[1]
            yield index, line, False
        else:
            yield index, line, True


def plain(line: str) -> str:
    """Return `line` with code, links and addresses blanked out, every other character at its place."""
    if "`" in line:
        line = _without_code(line)
    return _OPAQUE.sub(_blank, line) if _has_room(line) else line


def _has_room(text: str) -> bool:
    """Whether a link or an address may hold what would count: that stands after white space or `(`."""
    return "](" in text or "(#" in text or "(@" in text


def _without_code(line: str) -> str:
    """Code runs from some backticks to the next as many: Markdown's rule."""
    ticks = list(_TICKS.finditer(line))
    later: defaultdict[int, list[int]] = defaultdict(list)
    for found in reversed(ticks):
        later[len(found[0])].append(found.end())
    parts, end = [], 0
    for found in ticks:
        ends = later[len(found[0])]
        ends.pop()
        if found.start() >= end and ends:
            parts += [line[end : found.start()], "\x00" * (ends[-1] - found.start())]
            end = ends[-1]
    return "".join(parts) + line[end:]


def _blank(found: re.Match[str]) -> str:
    return "\x00" * len(found[0])


def topic_spans(line: str) -> list[tuple[int, int]]:
    """Return where the topics of one line stand, the `#` included."""
    line, spans, place = plain(line), [], -1
    while (place := line.find("#", place + 1)) >= 0:  # far fewer than the places at which a pattern would look
        if found := _TOPIC.match(line, place):
            spans.append(found.span())
    return spans


def mentions(line: str) -> list[Mention]:
    """Return the `@name` and `@"two words"` of one line."""
    found = []
    for match in _MENTION.finditer(plain(line)):
        name = match[1] or match[2].rstrip("'’.-")
        end = match.end() if match[1] else match.start() + 1 + len(name)
        found.append(Mention(name, match.start(), end))
    return found


def topics(text: str) -> frozenset[str]:
    """Return the topics of a note or an issue, in lower case, without the `#`."""
    if "#" not in text:
        return frozenset()
    if "`" in text or "~~~" in text or _has_room(text):
        lines = [line for _, line, outside in unfenced(text.split("\n")) if outside and "#" in line]
    else:  # nothing to blank out: all lines at once are as good as one
        lines = [text]
    return frozenset(line[start + 1 : end].casefold() for line in lines for start, end in topic_spans(line))
