"""The command line in this process: the same `run` that `main` calls, with its own folders, clock and streams."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from convo_tui.cli import run

NOW = "2026-11-22T10:30:00+01:00"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@dataclass
class Convo:
    """Runs commands on one journal; every run must behave as a process of its own would."""

    home: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    @property
    def journal(self) -> Path:
        return self.home / "data" / "convo"

    @property
    def state(self) -> Path:
        return self.home / "state" / "convo"

    def __call__(
        self, *arguments: str, stdin: str | bytes = b"", now: str | None = None, terminal: bool = False
    ) -> Result:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        keyboard = Terminal(data.decode()) if terminal else io.TextIOWrapper(io.BytesIO(data), "utf-8")
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", keyboard)
            if now:
                patch.setenv("CONVO_NOW", now)
            code = run(arguments)
        out, err = self.capsys.readouterr()
        return Result(code, out, err)

    def done(self, *arguments: str, **how: Any) -> Result:
        result = self(*arguments, **how)
        assert result.code == 0, result.err
        return result

    def file(self, name: str) -> Path:
        return self.journal / f"{name}.toml"

    def editor(self, script: str) -> None:
        """Make `script` the editor: Python that finds the file in `path`."""
        program = self.home / "editor.py"
        program.write_text(f"import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n{script}\n")
        self.monkeypatch.setenv("EDITOR", f"{sys.executable} {program}")


@pytest.fixture
def convo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Convo:
    environment = {
        "HOME": str(tmp_path),
        "CONVO_NOW": NOW,
        **{f"XDG_{kind.upper()}_HOME": str(tmp_path / kind) for kind in ("data", "config", "state", "cache")},
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in ("CONVO_DIR", "VISUAL", "EDITOR", "NO_COLOR", "_CONVO_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    return Convo(tmp_path, monkeypatch, capsys)


@pytest.fixture
def ana(convo: Convo) -> Convo:
    """A journal with Ana, last spoken with ten days ago: one issue of mine, one of hers, a need."""
    convo.done("new", "Ana Ruiz", "--role", "Head of Operations", "--tag", "client")
    note = (
        "Legal has the draft.\n"
        "! send pricing for 40 seats #pricing due:2026-11-13\n"
        "? who signs in legal?\n"
        "unsaid: afraid of it"
    )
    convo.done("log", "ana", note, "--at", "2026-11-12 15:00", "--minutes", "25")
    return convo
