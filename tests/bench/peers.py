"""Other programs for the same jobs, on the same data: jrnl keeps a journal, khard an address book.

They are installed from PyPI into an environment of their own, where there is a network.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import rtoml

from tests.bench.figures import Comparison
from tests.bench.journals import Home, Size
from tests.bench.measuring import NotMeasured, finished, in_turn, ratio, timed
from tests.bench.setting import Bench

AMOUNT = Size(3_000, 7)
"""As many contacts as khard gets, with the 20,000 entries that jrnl gets."""
ENTRIES = 20_000
WORD = "pricing"

JRNL = """\
default_hour: 9
default_minute: 0
editor: ''
encrypt: false
highlight: true
indent_character: '|'
journals:
  default:
    journal: {journal}
linewrap: 79
tagsymbols: '#'
template: false
timeformat: '%Y-%m-%d %H:%M'
version: {version}
"""
KHARD = "[addressbooks]\n[[all]]\npath = {cards}\n"


def compared(bench: Bench) -> Iterator[Comparison]:
    """Yield how long other programs take for what Convo does. Raises NotMeasured when they cannot be installed."""
    programs = _installed(bench.journals.kept / "peers")
    home = bench.journals.copy(AMOUNT)
    folder = bench.scratch / "peers"
    folder.mkdir()
    name = home.someone["name"]
    relationships = [rtoml.loads(path.read_text("utf-8")) for path in sorted(home.journal.glob("*.toml"))]
    jrnl = _jrnl(programs, folder, home, relationships)
    khard = _khard(programs, folder, relationships)
    amount, contacts = f"{ENTRIES:,} entries", f"{AMOUNT.relationships:,} contacts"
    jobs = [
        (f"add an entry to {amount}", ["log", name, "a word"], [*jrnl, "a word"]),
        (f"the newest five of {amount}", ["find", "is:encounter", "--limit", "5"], [*jrnl, "-n", "5"]),
        (f"those of {amount} with a word", ["find", WORD, "--limit", "5"], [*jrnl, "-contains", WORD, "-n", "5"]),
        (f"find someone among {contacts}", ["list", name], [*khard, "list", name]),
    ]
    for job, ours, theirs in jobs:
        bench.say(f"  {job}")
        mine = timed(partial(home.convo, *ours))
        other = timed(partial(finished, theirs, home.environment))
        mine_took, other_took = in_turn(bench.rounds(9), mine, other)
        yield Comparison(job, _spelled(["convo", *ours], name), _spelled(theirs, name), ratio(other_took, mine_took))


def _spelled(command: list[str], name: str) -> str:
    """Return a command as one would type it, without the settings that keep it from the user's own files."""
    program, *rest = command
    arguments = rest[2:] if program != "convo" else rest
    said = ("NAME" if each == name else f'"{each}"' if " " in each else each for each in arguments)
    return " ".join([Path(program).name, *said])


def _installed(folder: Path) -> Path:
    """Return the folder with the programs, installed unless they are there."""
    programs = folder / "bin"
    if not (programs / "khard").exists():
        try:
            finished([sys.executable, "-m", "venv", str(folder)])
            finished([str(programs / "python"), "-m", "pip", "install", "--quiet", "jrnl", "khard"])
        except subprocess.CalledProcessError:
            raise NotMeasured("jrnl and khard could not be installed; is there a network?") from None
    return programs


def _jrnl(programs: Path, folder: Path, home: Home, relationships: list[dict[str, Any]]) -> list[str]:
    """Return the command for jrnl on the first encounters of all relationships."""
    program = str(programs / "jrnl")
    journal, settings = folder / "journal.txt", folder / "jrnl.yaml"
    entries: list[tuple[datetime, str]] = sorted(
        (encounter["at"], f"{each['name']}.\n{encounter['note']}")
        for each in relationships
        for encounter in each.get("encounters", [])
    )
    written = (f"[{at:%Y-%m-%d %H:%M}] {text}\n" for at, text in entries[-ENTRIES:])
    journal.write_text("\n".join(written), "utf-8")
    version = finished([program, "--version"], home.environment).split()[1]
    settings.write_text(JRNL.format(journal=journal, version=version), "utf-8")
    return [program, "--config-file", str(settings)]


def _khard(programs: Path, folder: Path, relationships: list[dict[str, Any]]) -> list[str]:
    """Return the command for khard on the cards of all relationships."""
    cards, settings = folder / "cards", folder / "khard.conf"
    cards.mkdir()
    for each in relationships:
        (cards / f"{each['id']}.vcf").write_text(_card(each), "utf-8", newline="")
    settings.write_text(KHARD.format(cards=cards), "utf-8")
    return [str(programs / "khard"), "-c", str(settings)]


def _card(relationship: dict[str, Any]) -> str:
    name = relationship["name"]
    given, _, family = name.rpartition(" ")
    reach = {each["kind"]: each["value"] for each in relationship.get("reach", [])}
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{relationship['id']}", f"FN:{name}", f"N:{family};{given};;;"]
    lines += [f"EMAIL;TYPE=work:{reach['email']}"] if "email" in reach else []
    lines += [f"TEL;TYPE=work:{reach['phone']}"] if "phone" in reach else []
    return "\r\n".join([*lines, "END:VCARD", ""])
