"""`convo` as a process: what is imported, pipes, and several writers at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest

CONVO = (sys.executable, "-m", "convo_tui")


def environment_of(home: Path) -> dict[str, str]:
    folders = {f"XDG_{kind.upper()}_HOME": str(home / kind) for kind in ("data", "config", "state", "cache")}
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "PYTHONPATH", "SYSTEMROOT")}
    return {**kept, **folders, "HOME": str(home), "CONVO_NOW": "2026-11-22T10:30:00+01:00"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return environment_of(tmp_path)


@pytest.fixture(scope="module")
def looked_up_before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A journal with Ana, of which the index knows all that is asked for."""
    environment = environment_of(tmp_path_factory.mktemp("looked-up"))
    run(environment, "new", "Ana")
    run(environment, "log", "ana", "Legal has it\n! send it")
    for command in (("find", "legal"), ("list",), ("pulse",)):
        assert run(environment, *command).returncode == 0
    return environment


def run(environment: dict[str, str], *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*CONVO, *arguments], input=stdin, capture_output=True, env=environment, check=False)


def loaded(environment: dict[str, str], *arguments: str, code: int = 0) -> set[str]:
    """The modules that a command has loaded when it is done, and ends with `code`."""
    program = (
        "import sys; from convo_tui.cli import run;"
        f" code = run({arguments!r}); print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False
    )
    assert done.returncode == code
    return set(done.stderr.decode().split())


def test_a_log_loads_no_screen(environment: dict[str, str]) -> None:
    """ "Everything below works without a terminal, imports no Textual"."""
    run(environment, "new", "Ana")
    modules = loaded(environment, "log", "ana", "! send it due:2026-11-27")
    assert "pydantic" in modules
    assert not modules & {"textual", "rich", "dateparser", "vobject", "multiprocessing", "convo_tui.tui"}


def test_the_version_and_the_help_load_no_model(environment: dict[str, str]) -> None:
    for option in ("--version", "--help"):
        assert not loaded(environment, option) & {"pydantic", "rtoml", "textual", "filelock", "convo_tui.store.journal"}


LIGHT = {"pydantic", "pydantic_core", "textual", "rich", "dateparser", "watchfiles", "filelock", "tomli_w"}
"""What looking things up has no need of."""


@pytest.mark.parametrize(
    ("arguments", "with_rtoml"),
    [
        (("find", "legal"), True),
        (("find", "legal", "--json"), True),
        (("find", "is:issue", "send", "--with", "ana", "--since", "2026-11-01"), False),
        (("list",), False),
        (("list", "is:open", "-bo", "--json", "--sort", "name"), False),
        (("list", "--sort", "pulse"), False),
        (("pulse",), False),
    ],
)
def test_looking_up_loads_no_model(
    looked_up_before: dict[str, str], arguments: tuple[str, ...], with_rtoml: bool
) -> None:
    """ "touches only the files it must": a note is the only thing that is read from its file."""
    modules = loaded(looked_up_before, *arguments)
    assert not modules & LIGHT
    assert ("rtoml" in modules) == with_rtoml


def test_convo_alone_loads_no_click(environment: dict[str, str]) -> None:
    for arguments in ((), ("--dir", "/nowhere")):
        assert not loaded(environment, *arguments, code=1) & {"click", "pydantic", "textual"}


def test_version(environment: dict[str, str]) -> None:
    done = run(environment, "--version")
    assert (done.returncode, done.stdout.startswith(b"convo "), done.stderr) == (0, True, b"")


def test_a_note_comes_through_a_pipe_in_any_locale(environment: dict[str, str]) -> None:
    environment |= {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    run(environment, "new", "Ana")
    done = run(environment, "log", "ana", stdin="Grüße · ありがとう\n".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    text = Path(environment["XDG_DATA_HOME"], "convo", "ana.toml").read_text("utf-8")
    assert "Grüße · ありがとう" in text


def test_a_reader_that_goes_away_is_no_trouble(environment: dict[str, str]) -> None:
    run(environment, "new", "Ana")
    with subprocess.Popen([*CONVO, "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait()) == (b"", 0)


def test_ctrl_c_ends_with_130_and_no_word(environment: dict[str, str]) -> None:
    run(environment, "new", "Ana")
    with subprocess.Popen(
        [*CONVO, "log", "ana"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        # Tests that run in the background of a shell are deaf to it, and so would this one be.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b"x" * (1 << 20))  # more than a pipe holds: when it is written, the command is reading
        process.stdin.flush()
        for _ in range(10):  # a signal that comes between two reads is seen only after the second, or the next one
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(2)
                break
        assert process.stderr is not None
        assert (process.wait(), process.stderr.read()) == (130, b"")


def test_several_writers_at_once_lose_nothing(environment: dict[str, str]) -> None:
    """Gate 4 in small: also `--last`, where all add to one encounter."""
    run(environment, "new", "Ana")
    run(environment, "log", "ana", "begun")
    words = [f"word{count}" for count in range(4)]
    processes = [
        subprocess.Popen(
            [*CONVO, "log", "ana", *last, f"{word}\n! do {word}"], env=environment, stdout=subprocess.DEVNULL
        )
        for word in words
        for last in ([["--last"]] if word < "word2" else [[]])
    ]
    assert [process.wait() for process in processes] == [0] * 4
    file = tomllib.loads(Path(environment["XDG_DATA_HOME"], "convo", "ana.toml").read_text())
    notes = "\n".join(encounter["note"] for encounter in file["encounters"])
    assert sorted(issue["text"] for issue in file["issues"]) == [f"do {word}" for word in words]
    assert all(word in notes for word in words)
