"""A journal in which every text tries to command the terminal, and the judgement on what came out of it."""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from pathlib import Path

COMMANDS = (
    "\x1b]52;c;RVZJTA==\x07",  # writes the clipboard
    "\x1b]0;EVIL\x1b\\",  # names the window
    "\x1b[6;53mEVIL",  # colours that no look of ours has
    "\x1b[2J\x1b[1;1H\x1bcEVIL",  # clears the screen
    "\x9b6;53mEVIL\x9d52;c;RVZJTA==\x9c\x90EVIL\x85",  # the same in one-byte controls
    "\r\x08\x7f\x00",
    "\u202eLIVE\u2066\u2069\u200f\u061c",  # turns the direction
    "\u200b\u200d\u2060\ufeff\u00ad\U000e0041",  # hides
    "\u2028\u2029",  # breaks lines
    "[/nothing][bold][@click=app.quit]x",  # markup
)
EVIL = "".join(COMMANDS)
BRIEF_EVIL = "\x1b]52;c;RVZJTA==\x07\x9b6;53m\u202e\u200b\u2028[/x]"
"""Short enough to leave room beside it."""

_OURS = re.compile(
    rb"\x1b\[[?>=<]?[\d;]*\$?[A-Za-z]"  # colours, movements, modes
    rb"|\x1b\]22;[a-z]+\x07"  # the shape of the mouse pointer
)
_UNFINISHED = re.compile(rb"\x1b(\[[?>=<]?[\d;]*\$?|\]22;[a-z]*)?\Z")
_STRANGE_COLOUR = re.compile(rb"\x1b\[6;53m|\x1bc")


def quoted(text: str) -> str:
    """Return `text` as a TOML string in which every control stands as an escape, as a careful attacker writes it."""
    written = json.dumps(text, ensure_ascii=False)
    return "".join(
        each if each.isprintable() else f"\\u{ord(each):04x}" if ord(each) < 0x10000 else f"\\U{ord(each):08x}"
        for each in written
    )


def trespasses(raw: bytes) -> list[str]:
    """Return what came out that a terminal obeys or a reader cannot see, beyond what Textual itself sends.

    The last sequence and the last letter of `raw` may have come only half so far.
    """
    found = [match[0].decode("latin-1") for match in _STRANGE_COLOUR.finditer(raw)]
    rest = codecs.getincrementaldecoder("utf-8")().decode(_OURS.sub(b"", _UNFINISHED.sub(b"", raw)))
    return found + sorted({each for each in set(rest) - {"\r", "\n"} if _is_no_letter(each)})


def _is_no_letter(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def write_journal(folder: Path) -> None:
    """Write the journal: a person, an organisation with people, and files that are damaged, hostile in all they say."""
    folder.mkdir(parents=True)
    for name, text in (
        ("person.toml", _PERSON),
        (f"organisation{EVIL.replace('/', '').replace(chr(0), '')[:60]}.toml", _ORGANISATION),
        ("damaged.toml", 'format = 1\nid = "20260301-d4m4g3dd"\nname = §damaged§\nkind = §kind§\n'),
        ("broken\x1b]52;c;EVIL\x07\u202e.toml", "format = 1\n\x1b]52;c;EVIL\x07 = \x9b31m\u202e"),
    ):
        text = re.sub("§(.*?)§", lambda match: quoted(match[1] + EVIL), text, flags=re.DOTALL)
        text = re.sub("¤(.*?)¤", lambda match: quoted(match[1] + BRIEF_EVIL), text)
        (folder / name).write_text(text, "utf-8")


_PERSON = """format = 1
id = "20260301-7k3q9m2f"
name = ¤Ana¤
kind = "person"
organisation = ¤Acme¤
role = ¤role¤
aliases = [§alias§]
tags = [§tag§]
next_on = 2026-12-10
next_about = §about§
story = §story§
unknown = §unknown§

[[reach]]
kind = "email"
label = ¤label¤
value = §value§

[[reach]]
kind = "web"
value = "https://reached.example/\\u202e"

[[dates]]
label = ¤birthday¤
on = 2027-03-01

[[issues]]
id = "20261119-q2w3e4r5"
text = §pricing #topic§
owner = "me"
state = "open"
opened = 2026-11-19T15:00:00+01:00
opened_in = "20261119-aaaa1111"

[[issues]]
id = "20261119-q2w3e4r6"
text = §legal§
owner = "them"
state = "settled"
opened = 2026-11-19T15:00:00+01:00
closed = 2026-11-20T15:00:00+01:00
closed_in = "20261119-aaaa1111"
outcome = §outcome§

[[heard]]
id = "20261119-z9y8x7w6"
kind = "unsaid"
text = §unsaid§
heard_in = "20261119-aaaa1111"
at = 2026-11-19T15:00:00+01:00

[[heard]]
id = "20261119-z9y8x7w7"
kind = "about"
text = §marathon§
at = 2026-11-19T15:00:00+01:00

[[encounters]]
id = "20261119-aaaa1111"
at = 2026-11-19T15:00:00+01:00
channel = "call"
with = ["20260301-0d4v8x1c", §someone§]
mentions = ["20260301-h5j6k7m8", §other§]
nature = "conversation"
note = §first line\n> quote\n# heading\n```\ncode\n```\n§
"""

_ORGANISATION = """format = 1
id = "20260301-h5j6k7m8"
name = §Acme§
kind = "organisation"

[[people]]
id = "20260301-0d4v8x1c"
name = §Chiara§
role = §head§
influence = "decides"
stance = "advocate"
reach = [§reach§]
"""
