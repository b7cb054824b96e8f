"""Files as people leave them: comments anywhere, odd order, unknown keys, inline forms, sub-tables, any newline.

Every comment holds a token of its own, and the generator tells what each one belongs to, so that a test can say
which comments an edit may take with it.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

Owner = tuple[str | int, ...]
"""What a comment goes with: `("issues", 2)` an entry, `("issues", 2, "due")` a key of it, `("", "tags")` a key at the
top, with a text at the end one element of it, `("issues",)` all issues together; `()` goes with nothing."""

_WORDS = ("send", "pricing", "Ana", "é", "山田", "#pilot", "= 40", "[x]", "it's", 'say "yes"', "back\\slash", "🎉")
_REQUIRED = {
    "reach": ("value",),
    "dates": ("on",),
    "people": ("name",),
    "issues": ("text",),
    "heard": ("text",),
    "encounters": ("at",),
}
_OPTIONAL = {
    "reach": ("kind", "label"),
    "dates": ("label", "once"),
    "people": ("role", "reach"),
    "issues": ("owner", "state", "opened", "due", "carried"),
    "heard": ("kind", "at"),
    "encounters": ("channel", "with", "spark", "note"),
}
_LISTS = frozenset({"aliases", "tags", "carried", "with"})
_LITERALS = {
    "on": ("2027-03-01", '"--04-15"'),
    "once": ("true", "false"),
    "at": ("2026-11-22T10:30:00+01:00", "2026-11-21 09:00", "2026-11-20T10:00:00Z", "2026-11-19", '"2026-11-18T08:00"'),
    "opened": ("2026-11-01T10:20:00+01:00", "2026-11-01"),
    "due": ("2026-12-01",),
    "owner": ('"me"', "'them'", '"us"'),
    "state": ('"open"', '"parked"'),
    "channel": ('"call"', "'meeting'", '"note"'),
    "spark": ("1", "5", "0x3"),
}
_UNKNOWN = ("weight = 3", "'my key' = nan", 'meta.source = "fair"', "meta.when = 07:32:00", "list = [{ a = 1 }, 2]")


@dataclass
class Handwritten:
    """A file with what is known of it: who owns each comment's token, and the text of each entry's own block."""

    text: str
    owners: dict[str, Owner]
    blocks: dict[Owner, str]


def handwritten(rng: random.Random) -> Handwritten:
    """Return a valid file that some person might have written."""
    writer = _Writer(rng)
    text = writer.file()
    newline = "\r\n" if writer.chance(0.3) else "\n"
    text = text.replace("\n", newline)
    if writer.chance(0.2):
        text = text.rstrip("\r\n")
    blocks = {owner: block.replace("\n", newline) for owner, block in writer.blocks.items()}
    return Handwritten(f"\ufeff{text}" if writer.chance(0.1) else text, writer.owners, blocks)


@dataclass
class _Writer:
    rng: random.Random
    owners: dict[str, Owner] = field(default_factory=dict)
    blocks: dict[Owner, str] = field(default_factory=dict)

    def chance(self, of: float) -> bool:
        return self.rng.random() < of

    def file(self) -> str:
        inline = {kind for kind in _REQUIRED if self.chance(0.15)}
        counts = {kind: self.rng.randint(0, 3) for kind in _REQUIRED}
        parts = [self.head(inline, counts)]
        order = [(kind, number) for kind in _REQUIRED if kind not in inline for number in range(counts[kind])]
        if self.chance(0.3):
            order.sort(key=lambda entry: (entry[1], entry[0]))
        for kind, number in order:
            parts.append(self.entry(kind, number))
            if self.chance(0.15):
                parts.append(f"[unknown{len(parts)}.'sub table']\nkey = {{ a = [1, 2] }}{self.tail(())}\n")
            if self.chance(0.15):
                parts.append(f"{self.comment(())}\n{self.comment(())}\n")
        return "\n".join(parts)

    def head(self, inline: set[str], counts: dict[str, int]) -> str:
        lines = ['id = "20240301-7k3q9m2f"', f"name = {self.string()}", 'kind = "organisation"', "format = 1"]
        lines += ["role = 'boss'", f"tags = {self.strings(('', 'tags'))}", f"story = {self.string(long=True)}"]
        if self.chance(0.5):
            lines += [f"aliases = {self.strings(('', 'aliases'))}", 'next_about = "it"', "archived = false"]
        if self.chance(0.5):
            lines.append(self.rng.choice(_UNKNOWN))
        lines += [f"{kind} = {self.inline_entries(kind, counts[kind])}" for kind in inline]
        self.rng.shuffle(lines)
        text = f"{self.comment(())}\n\n" if self.chance(0.3) else ""
        for line in lines:
            text += f"{self.own_line(())}{line}{self.tail(('', _key(line)))}\n"
            text += "\n" if self.chance(0.1) else ""
        return text

    def entry(self, kind: str, number: int) -> str:
        owner = (kind, number)
        above = self.own_line(owner)
        lines = self.lines(kind, owner)
        self.rng.shuffle(lines)
        body = f"[[{kind}]]{self.tail(owner)}\n"
        for line in lines:
            body += f"{self.own_line(owner)}{self.indent()}{line}{self.tail((*owner, _key(line)))}\n"
        if self.chance(0.2):
            body += f"\n[{kind}.sub]\nkey = 1{self.tail(owner)}\n[[{kind}.more]]\n{self.own_line(owner)}"
        self.blocks[owner] = above + body
        return above + body

    def inline_entries(self, kind: str, count: int) -> str:
        tables = [f"{{ {', '.join(self.lines(kind, (kind, number), in_line=True))} }}" for number in range(count)]
        if self.chance(0.4):
            return f"[{', '.join(tables)}]"
        rows = [f"{self.own_line((kind,))}  {table},{self.tail((kind, n))}\n" for n, table in enumerate(tables)]
        return f"[\n{''.join(rows)}]"

    def lines(self, kind: str, owner: Owner, *, in_line: bool = False) -> list[str]:
        keys = [*_REQUIRED[kind], *(key for key in _OPTIONAL[kind] if self.chance(0.6))]
        lines = [f"{key} = {self.value(kind, key, owner, in_line)}" for key in keys]
        if kind not in ("reach", "dates") and self.chance(0.85):
            lines.insert(0, f'id = "20261101-{kind}{owner[1]}"')
        if self.chance(0.3):
            lines.append(self.rng.choice(_UNKNOWN))
        return lines

    def value(self, kind: str, key: str, owner: Owner, in_line: bool) -> str:
        if key == "kind":
            return '"email"' if kind == "reach" else '"want"'
        if key in _LISTS or (kind, key) == ("people", "reach"):
            return self.strings((*owner, key), in_line=in_line)
        if key in _LITERALS:
            return self.rng.choice(_LITERALS[key])
        return self.string(long=key == "note" and not in_line)

    def string(self, *, long: bool = False) -> str:
        text = " ".join(self.rng.choices(_WORDS, k=self.rng.randint(1, 4)))
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        if long and self.chance(0.7):
            body = f"{escaped}\n\n# no comment\n[[issues]]\n  indented \\\n    joined"
            return f"'''{text}\n= x'''" if "'" not in text and self.chance(0.3) else f'"""\n{body}"""'
        return f"'{text}'" if "'" not in text and self.chance(0.3) else f'"{escaped}"'

    def strings(self, owner: Owner, *, in_line: bool = False) -> str:
        values = [f"v{number}" for number in range(self.rng.randint(0, 3))]
        quoted = [f'"{value}"' if self.chance(0.8) else f"'{value}'" for value in values]
        if in_line or self.chance(0.5):
            pad = self.rng.choice(["", " "])
            return f"[{pad}{', '.join(quoted)}{pad}]"
        rows = [
            f"{self.own_line(owner)}    {text},{self.tail((*owner, value))}\n"
            for text, value in zip(quoted, values, strict=True)
        ]
        if rows and self.chance(0.4):
            rows[-1] = rows[-1].replace(",", "", 1) if "#" not in rows[-1] else rows[-1]
        return f"[{self.tail(owner)}\n{''.join(rows)}]"

    def indent(self) -> str:
        return "  " if self.chance(0.1) else ""

    def tail(self, owner: Owner) -> str:
        return f"  {self.comment(owner)}" if self.chance(0.3) else ""

    def own_line(self, owner: Owner) -> str:
        return f"{self.comment(owner)}\n" if self.chance(0.15) else ""

    def comment(self, owner: Owner) -> str:
        token = f"token{len(self.owners):05d}"
        self.owners[token] = owner
        return f"# {token} [x] = 'a' \""


def _key(line: str) -> str:
    found = re.match(r"\w+", line)
    return found[0] if found else ""
