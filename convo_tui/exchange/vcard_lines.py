"""The text of vCard files 2.1, 3.0 and 4.0: from bytes to cards to properties, whatever is damaged.

The lines are read here rather than by vobject: its 0.9.9 takes twice as long with every comma in a damaged
`TEL;TYPE=a,a,…` line (40 of them never end), refuses a whole file for one bad line, and knows nothing of vCard 4.0.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from convo_tui.sanitize import accepted

_BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})

_BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
_END = re.compile(r"\s*END\s*:\s*VCARD\s*", re.IGNORECASE)
_AGENT = re.compile(r"AGENT\b[^:]*:\s*", re.IGNORECASE)
# Possessive throughout: a line takes time in proportion to its length, whatever is in it.
_CONTENT = re.compile(r'(?:([\w-]++)\.)?+([\w-]++)\s*+((?:;(?:[^":;]++|"[^"]*+")*+)*+):(.*+)', re.ASCII | re.DOTALL)
_PARAMETER = re.compile(r';((?:[^":;]++|"[^"]*+")*+)')
# Python knows codecs that are no charsets, like unicode_escape.
_CHARSET = re.compile(r"(?:iso|windows|cp|koi8|shift|sjis|euc|gb|big5|mac|ks_?c|latin|us-ascii)[\w-]*", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

Numbered: TypeAlias = tuple[int, str]
"""A line with its number in the file, from 1."""


@dataclass(frozen=True)
class Property:
    """A property of a card: names and group in upper case, parameters in lower case, the value still escaped."""

    group: str
    name: str
    parameters: Mapping[str, tuple[str, ...]]
    value: str

    @property
    def types(self) -> tuple[str, ...]:
        """What it is for: `work`, `cell`."""
        return self.parameters.get("TYPE", ())


def blocks(data: bytes) -> Iterator[tuple[int, list[Numbered], bool]]:
    """Yield each card: the line of its BEGIN, the lines up to its END, and whether there is one."""
    begin, depth, block = 0, 0, list[Numbered]()
    for number, line in _numbered(data):
        if _BEGIN.fullmatch(line):
            if depth == 1 and block and block[-1][0] == number - 1 and _AGENT.fullmatch(block[-1][1]):
                depth = 2  # the card of an assistant, inside the other's
                continue
            if depth:
                yield begin, block, False
            begin, depth, block = number, 1, []
        elif _END.fullmatch(line) and depth:
            depth -= 1
            if not depth:
                yield begin, block, True
        elif depth == 1:
            block.append((number, line))
    if depth:
        yield begin, block, False


def properties(lines: Iterable[Numbered]) -> Iterator[Property | int]:
    """Yield the properties in the lines of a card, but for pictures and sounds; of a line that is none, its number."""
    binary = False
    for number, line in _unfolded(lines):
        found = _CONTENT.fullmatch(line)
        if not found:
            if not binary:  # Some write photographs unfolded, line after line.
                yield number
            continue
        group, name, raw, value = found[1] or "", found[2].upper(), found[3], found[4]
        binary = name in _BINARY
        parameters = {} if binary else _parameters(raw)
        text = None if binary else _decoded(value, parameters)
        if text is not None:
            yield Property(group.upper(), name, parameters, text)


def text_of(value: str) -> str:
    """Return an escaped value as text, fit for a file."""
    return accepted(_ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value), lines=True)


def line_of(value: str) -> str:
    """Return an escaped value as one line of text."""
    return one_line(text_of(value))


def one_line(text: str) -> str:
    """Return text on one line, not longer than a field may be."""
    return accepted(" ".join(text.split()))


def parts_of(value: str, separator: str) -> list[str]:
    """Return the parts between separators that are not escaped, each as text without space around it."""
    ends = [found.start() for found in re.finditer(rf"\\.|{separator}", value, re.DOTALL) if found[0] == separator]
    begins = [0, *(end + 1 for end in ends)]
    return [text_of(value[begin:end]).strip() for begin, end in zip(begins, [*ends, len(value)], strict=True)]


def _numbered(data: bytes) -> Iterator[Numbered]:
    """The physical lines; bytes that are not UTF-8 are kept aside as surrogates until their charset is known."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16", "replace") if utf16 else data.decode("utf-8-sig", "surrogateescape")
    return enumerate(re.split(r"\r\n|\r|\n", text), 1)


def _unfolded(lines: Iterable[Numbered]) -> Iterator[Numbered]:
    first, parts, quoted, soft = 0, list[str](), False, False
    for number, line in lines:
        if not line.strip():
            soft = False
            continue
        if soft or (parts and line[0] in " \t"):
            parts.append(line if soft else line[1:])
        else:
            if parts:
                yield first, "".join(parts)
            first, parts = number, [line]
            quoted = "QUOTED-PRINTABLE" in line.partition(":")[0].upper()
        # Quoted-printable has line breaks of its own, marked by a last "=".
        soft = quoted and line.endswith("=")
        if soft:
            parts[-1] = parts[-1][:-1]
    if parts:
        yield first, "".join(parts)


def _parameters(raw: str) -> Mapping[str, tuple[str, ...]]:
    """`;TYPE=work,cell;PREF=1` by name; in vCard 2.1 a value may stand alone."""
    result: dict[str, list[str]] = {}
    for parameter in _PARAMETER.findall(raw):
        name, equals, value = parameter.partition("=")
        name = name.strip().upper()
        if not equals:
            name, value = ("ENCODING" if name in ("QUOTED-PRINTABLE", "BASE64") else "TYPE"), name
        values = (accepted(part.strip().lower()) for part in value.replace('"', "").split(","))
        result.setdefault(name, []).extend(part for part in values if part)
    return {name: tuple(values) for name, values in result.items() if values}


def _decoded(value: str, parameters: Mapping[str, tuple[str, ...]]) -> str | None:
    """The text of `value` without control characters, still escaped; None when it is not text."""
    encoding = parameters.get("ENCODING", ("",))[0]
    charset = parameters.get("CHARSET", ("",))[0]
    if encoding or charset or not value.isascii():
        raw = value.encode("utf-8", "surrogateescape")
        if encoding == "quoted-printable":
            raw = quopri.decodestring(raw)
        elif encoding in ("b", "base64"):
            try:
                raw = base64.b64decode(raw, validate=True)
            except binascii.Error:
                return None
        value = _text(raw, charset)
    return _CONTROLS.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))


def _text(raw: bytes, charset: str) -> str:
    """`raw` in the charset it claims, else UTF-8, else what old programs wrote."""
    claimed = [charset] if _CHARSET.fullmatch(charset) else []
    for candidate in (*claimed, "utf-8", "cp1252"):
        try:
            return raw.decode(candidate)
        except (LookupError, UnicodeError):
            continue
    return raw.decode("latin-1")
