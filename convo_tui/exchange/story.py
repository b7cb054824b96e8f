"""A relationship as Markdown that one would like to read: its story, then every encounter, month by month."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from convo_tui.core.inline import unfenced
from convo_tui.core.models import Encounter, Relationship
from convo_tui.core.storytelling import Story, day, told
from convo_tui.sanitize import accepted, single

_NOBODY: Mapping[str, str] = MappingProxyType({})

_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_OTHER_BLOCK = re.compile(r"\s*$| {4}|\t| {0,3}(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])")
"""What begins a line that is no text of a paragraph, so that a line of `=` below it underlines nothing."""
_HTML = re.compile(r"(?P<before>(?: {0,3}>)* {0,3})<(?=[A-Za-z/!?])(?![^<>\s]+[:@][^<>\s]*>)")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def story_markdown(
    relationship: Relationship,
    timeline: Sequence[Encounter],
    names: Mapping[str, str],
    today: date,
    *,
    homes: Mapping[str, str] = _NOBODY,
    organisation: str = "",
) -> str:
    """Return the relationship as a story, in Markdown; `timeline` is every encounter it took part in, oldest first.

    `names` gives the name behind an id, `homes` the relationship in whose file an encounter of another file lives,
    `organisation` what the one they belong to is called. Nothing of ids stands in it.
    """
    story = told(relationship, timeline, names, homes, today)
    blocks = [f"# {single(relationship.name)}"]
    place = ", ".join(filter(None, (single(relationship.role), single(organisation or relationship.organisation))))
    blocks += [f"*{place}*"] if place else []
    blocks += [_pushed_down(relationship.story, 1)] if relationship.story.strip() else []
    for chapter in story.chapters():
        blocks.append(f"## {chapter.title}")
        for at in chapter.places:
            blocks += _told(story, timeline[at])
    return accepted("\n\n".join(blocks), lines=True) + "\n"


def _told(story: Story, encounter: Encounter) -> Iterator[str]:
    """Yield the blocks on one encounter; a note to oneself is an aside, without a heading."""
    said = single(f"{day(encounter)} · {story.what(encounter)}")
    yield f"### {said}" if encounter.is_contact else f"*{said}*"
    if encounter.note.strip():
        yield _pushed_down(encounter.note, 3)
    came = " ".join(single(each) for each in story.came_of(encounter))
    if came:
        yield f"→ {came}"


def _pushed_down(text: str, levels: int) -> str:
    """Return a note as it is, but so that nothing in it breaks what is around it: its headings lie so many levels
    lower, a quote ends where it ends, a fence is closed, and what looks like HTML is text."""
    made: list[str] = []
    fence = ""
    for _, line, outside in unfenced(text.strip("\n").split("\n")):
        if outside:
            _add(made, line, levels)
            continue
        made.append(line)
        mark = _FENCE.match(line)
        if mark is not None and (not fence or (mark[1][0] == fence[0] and len(mark[1]) >= len(fence))):
            fence = "" if fence else mark[1]
    return "\n".join([*made, fence] if fence else made)


def _add(made: list[str], line: str, levels: int) -> None:
    before = made[-1] if made else ""
    heading = _HEADING.match(line)
    if heading is not None:
        made.append(f"{'#' * min(6, len(heading[1]) + levels)}{line[heading.end() :]}")
    elif _UNDERLINE.fullmatch(line) and not _OTHER_BLOCK.match(before) and not _HEADING.match(before):
        made[-1] = f"{'#' * min(6, (1 if '=' in line else 2) + levels)} {before.strip()}"
    else:
        if before.lstrip().startswith(">") and line.strip() and not line.lstrip().startswith(">"):
            made.append("")  # what follows a quote would be taken for more of it
        made.append(_HTML.sub(r"\g<before>\\<", line, count=1) if _HTML.match(line) else line)
