"""The marks at the start of a line of a note, and how they are kept from firing (CONTRACT.md, "The note grammar")."""

from __future__ import annotations

import re

from convo_tui.core import inline

_LEAD = re.compile(r"\s*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?")
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])[ \t]+$")
_NUMBERED = re.compile(r"([~=])(\d{1,3})(?=\s|$)\s*(.*)", re.DOTALL)
_SIGN = re.compile(r"([!?~=])[ \t]+(\S.*)", re.DOTALL)
_WORD = re.compile(
    r"(issue|ask|carry|settled|met|need|want|expect|unsaid|idea|rival|about|next|with|spark|nature|minutes)"
    r":(?!//)[ \t]*(\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_CHECKBOX = re.compile(r"\[ \][ \t]+(\S.*)", re.DOTALL)
_SIGNS = {"!": "issue", "?": "ask", "~": "carry", "=": "settled"}


def lines_of(note: str) -> list[str]:
    """Return the lines of a note, whatever ends them."""
    return note.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def cleaned(note: str) -> str:
    """Return a note as it is saved: newlines are `\\n`, trailing spaces go but for a Markdown line break."""
    return "\n".join(_trimmed(line) for line in lines_of(note)).strip("\n")


def _trimmed(line: str) -> str:
    bare = line.rstrip()
    return bare + "  " if bare and line.endswith("  ") and line[len(bare) :] == "  " else bare


def escaped(note: str) -> str:
    """Return `note` with a `\\` before each marker, so that nothing fires when it is read."""
    lines = lines_of(note)
    for index, line, outside in inline.unfenced(lines):
        if outside:
            lead, rest = split_lead(line)
            bare = rest.lstrip("\\")
            if marker(lead, bare) is not None:
                lines[index] = f"{lead}\\{rest}"
    return "\n".join(lines)


def marker_span(line: str) -> tuple[int, int] | None:
    """Return where the marker of a line stands (for colouring); None for a line without one."""
    lead, rest = split_lead(line)
    found = marker(lead, rest)
    if found is None and not rest.startswith(">"):
        return None
    length = 1 if rest[0] in "!?~=>" else rest.find("]") + 1 if rest[0] == "[" else rest.find(":") + 1
    numbered = _NUMBERED.match(rest)
    if numbered:
        length = len(numbered[1]) + len(numbered[2])
    return len(lead), len(lead) + length


def split_lead(line: str) -> tuple[str, str]:
    found = _LEAD.match(line)
    end = found.end() if found else 0
    return line[:end], line[end:]


def unescaped(line: str) -> str:
    lead, rest = split_lead(line)
    if rest.startswith("\\") and marker(lead, rest.lstrip("\\")) is not None:
        return lead + rest[1:]
    return line


def marker(lead: str, rest: str) -> tuple[str, str] | None:
    """Return (word, what follows) of the marker with which `rest` begins; None when it begins with none."""
    if found := _NUMBERED.fullmatch(rest):
        return _SIGNS[found[1]], f"{found[2]} {found[3]}".strip()
    if found := _SIGN.fullmatch(rest):
        return _SIGNS[found[1]], found[2].strip()
    if found := _WORD.fullmatch(rest):
        return found[1].lower(), found[2].strip()
    if (found := _CHECKBOX.fullmatch(rest)) and _BULLET.match(lead):
        return "issue", found[1].strip()
    return None
