"""The names of files, as text that can be kept and shown: where one is not UTF-8 it has `\\xe9` for the byte."""

from __future__ import annotations

import os
import re
from pathlib import Path

_BYTE = re.compile(r"\\x([89a-f][0-9a-f])")


def as_text(name: str) -> str:
    """Return the name that the system gives a file as text."""
    if name.isascii():
        return name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def path_of(folder: Path, file: str) -> Path:
    """Return where the file is that is called so; one whose name really is spelled like that goes first."""
    path = folder / file
    if "\\x" not in file or os.path.lexists(path):
        return path
    return folder / _BYTE.sub(lambda byte: chr(0xDC00 + int(byte[1], 16)), file)
