"""Running the user's git: nothing of a repository is executed by looking at it, nothing ever waits for a person.

What a repository brings along can run commands: a file system monitor, filters, hooks, transports, a bare repository
that lies in the folder (ARCHITECTURE.md, "git"; GATES.md 17). `Git.look` switches all of that off. `Git.act` does what
a person asked for, so their hooks, filters and signing count; `trust` has told them of those by then.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from convo_tui.core.errors import ConvoError

LOOKING, ACTING, TRAVELLING = 30.0, 120.0, 180.0
"""Seconds that git may take: to tell something, to change something, to talk to another machine."""
_GLANCE, _GRACE = 0.2, 1.0
"""Seconds between two looks whether git has ended although its output is still held open, and for it to tidy up."""

_ALWAYS = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
_LOOKING = (
    *("--no-optional-locks", "-c", f"core.hooksPath={os.devnull}", "-c", "core.quotePath=false"),
    *("-c", "log.showSignature=false", "-c", "status.submoduleSummary=false"),
)
# `core.fsync`: with git's own choice a power cut loses or breaks commits (ARCHITECTURE.md, "git"). A submodule is no
# part of the journal, and its own settings would run. The format of a rebase's list could add lines to it: commands.
_ACTING = (
    *("-c", "core.fsync=all", "-c", "core.editor=true", "-c", "sequence.editor=true", "-c", "advice.diverging=false"),
    *("-c", "submodule.recurse=false", "-c", "fetch.recurseSubmodules=false", "-c", "push.recurseSubmodules=no"),
    *("-c", "rebase.instructionFormat=%s"),
)

# What git sets for its hooks and drivers, from which we may have been started: it names another repository.
_NOT_OURS = re.compile(
    r"GIT_(DIR|WORK_TREE|IMPLICIT_WORK_TREE|INDEX_FILE|INDEX_VERSION|PREFIX|COMMON_DIR|NAMESPACE|OBJECT_DIRECTORY"
    r"|ALTERNATE_OBJECT_DIRECTORIES|QUARANTINE_PATH|CONFIG|CONFIG_PARAMETERS|GRAFT_FILE|SHALLOW_FILE|REFLOG_ACTION"
    r"|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|ATTR_SOURCE|INTERNAL_SUPER_PREFIX|EXTERNAL_DIFF|PAGER|EDITOR"
    r"|SEQUENCE_EDITOR|TRACE.*|(LITERAL|GLOB|NOGLOB|ICASE)_PATHSPECS|REDIRECT_.*|MERGE_.*)"
)
# Of several lines that git says, the ones that tell why.
_TELLING = re.compile(r"(?:fatal|error|remote): *(?:error: *|fatal: *)?(.+)")
_REFUSED = re.compile(r" ! \[[^\]]*\] +(.+)")
_LOCKED = re.compile(r"Unable to create '(.+\.lock)': File exists")
_COMMAND = re.compile(r"filter\.(?P<name>.*)\.(?:clean|smudge|process)", re.DOTALL)


_Finish: TypeAlias = Callable[[subprocess.Popen[bytes]], tuple[bytes, bytes]]

_calling: set[subprocess.Popen[bytes]] = set()
"""What talks to another machine at this moment, on whichever thread."""


class GitFailed(ConvoError):
    """git could not do it; `said` is all that it wrote about that, `code` its exit code, None when it was ended."""

    def __init__(self, message: str, code: int | None = None, said: str = "") -> None:
        super().__init__(message)
        self.code, self.said = code, said


class NoGit(GitFailed):
    """There is no git to ask, or no repository."""


class Git:
    """The git of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def look(self, *words: str, given: bytes | None = None) -> bytes:
        """Return what git prints, with nothing of the repository executed and nothing of it written.

        `given` is its standard input.

        Raises:
            NoGit: when git, or the folder, is not there.
            GitFailed: when it says no, or takes too long.
        """
        alone = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
        return self._told([*_ALWAYS, *_LOOKING, *words], given, alone | _without(self._filters))

    def act(self, *words: str, given: bytes | None = None, seconds: float = ACTING) -> bytes:
        """Do what a person asked for, as their git is set up, and return what git says of it, perhaps not all of it.

        Raises what `look` does.
        """
        self.__dict__.pop("settings", None)
        return self._run([*_ALWAYS, *_ACTING, *words], {}, lambda process: _done(process, given, seconds), seconds)

    def asked(self, *words: str, given: bytes | None = None) -> str | None:
        """Return the text that git answers, without the line end; None when it has no answer.

        Raises:
            NoGit: when there is nobody to ask.
        """
        try:
            return text(self.look(*words, given=given)).removesuffix("\n")
        except NoGit:
            raise
        except GitFailed:
            return None

    @cached_property
    def settings(self) -> list[tuple[str, str, str]]:
        """Every setting that holds here: where it is from (`local` is this clone's), its name and value."""
        return list(_settings(self._told([*_ALWAYS, *_LOOKING, *_CONFIG], None, {})))

    @property
    def _filters(self) -> list[str]:
        """The filters that this clone itself would run over files. Those of the person's own settings are theirs."""
        found = (_COMMAND.fullmatch(name) for where, name, _ in self.settings if where in OWN)
        return sorted({each["name"] for each in found if each})

    def _told(self, words: Sequence[str], given: bytes | None, more: dict[str, str]) -> bytes:
        return self._run(words, more, lambda process: process.communicate(given, LOOKING), LOOKING)

    def _run(self, words: Sequence[str], more: dict[str, str], finish: _Finish, seconds: float) -> bytes:
        program = shutil.which("git")
        if program is None:
            raise NoGit("git is not installed; install it, then `convo git init` keeps versions of the journal")
        if not self.folder.is_dir():
            raise NoGit(f"{self.folder}: there is no such folder")
        try:
            process = subprocess.Popen(
                [program, *words],
                cwd=self.folder,
                env=_environment() | more,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # without a terminal nothing can ask at one: not ssh, not gpg
            )
        except OSError as error:
            raise NoGit(f"git cannot be started: {error.strerror or error}") from None
        try:
            if seconds == TRAVELLING:
                _calling.add(process)
            out, err = finish(process)
        except subprocess.TimeoutExpired:
            _end(process)
            raise GitFailed(f"git took longer than {seconds:.0f} seconds and was ended; try it by hand") from None
        except BaseException:
            _end(process)
            raise
        finally:
            _calling.discard(process)
        if process.returncode:
            failed = _failure(process.returncode, text(err), text(out))
            if isinstance(failed, NoGit) and (self.folder / ".git").exists():
                raise GitFailed(f"{self.folder / '.git'}: git cannot read it; `git fsck` may tell why", failed.code)
            raise failed
        return out


OWN = frozenset({"local", "worktree"})
"""Where the settings are from that come with a clone."""

_CONFIG = ("config", "--show-scope", "--includes", "--null", "--list")


def text(data: bytes) -> str:
    """Return what git printed as text; names that are not UTF-8 as Python has them."""
    return data.decode("utf-8", "surrogateescape")


def names(data: bytes) -> list[str]:
    """Return what git printed with NUL between."""
    return text(data).split("\0")[:-1]


def listed(paths: Iterable[str]) -> bytes:
    """Return paths as git reads them with `--pathspec-file-nul`."""
    return b"".join(os.fsencode(each) + b"\0" for each in paths)


def _settings(data: bytes) -> Iterable[tuple[str, str, str]]:
    found = iter(names(data))
    for where, setting in zip(found, found, strict=False):
        name, _, value = setting.partition("\n")
        yield where, name, value


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not _NOT_OURS.fullmatch(key)}
    kept.pop("GPG_TTY", None)  # gpg's agent would ask there, over what is on the screen
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never", "GCM_INTERACTIVE": "never"}
    return kept | quiet | {"GIT_EDITOR": "true", "GIT_SEQUENCE_EDITOR": "true", "LANGUAGE": "en"}


def _without(filters: Iterable[str]) -> dict[str, str]:
    """Return the variables that switch filters off; as an option a name with `=` in it would be taken for another."""
    empty = [(f"filter.{name}.{what}", "") for name in filters for what in ("clean", "smudge", "process")]
    settings = [*empty, *((f"filter.{name}.required", "false") for name in filters)]
    given = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(given) if given.isdecimal() else 0
    found = {"GIT_CONFIG_COUNT": str(first + len(settings))} if settings else {}
    for number, (name, value) in enumerate(settings, first):
        found |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def _done(process: subprocess.Popen[bytes], given: bytes | None, seconds: float) -> tuple[bytes, bytes]:
    """Return what git prints until it ends. What it leaves behind, as hooks and ssh do, may hold its output for ever:
    then not all of it need have been read, so this is for what is done only, never for what is asked.

    Raises:
        subprocess.TimeoutExpired: when git takes longer than `seconds`.
    """
    end = time.monotonic() + seconds
    while True:
        has_ended = process.poll() is not None
        try:
            return process.communicate(given, min(_GLANCE, max(0.0, end - time.monotonic())))
        except subprocess.TimeoutExpired as waited:
            if has_ended:
                _close(process)
                return waited.output or b"", waited.stderr or b""
            if time.monotonic() >= end:
                raise
            given = None  # it was handed over


def hang_up() -> None:
    """Ask every git that talks to another machine to stop, as ctrl+c would: it takes back what it has not finished."""
    for process in list(_calling):
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGTERM)
            else:
                process.terminate()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and all that it started."""
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):  # first so that it removes its locks
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
    with suppress(subprocess.TimeoutExpired, ValueError):
        process.communicate(timeout=1)  # more, only something that has left its group can hold it
    _close(process)


def _close(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":  # elsewhere a thread reads there until it ends
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def _failure(code: int, err: str, out: str) -> GitFailed:
    said = f"{err}\n{out}"
    if code == -signal.SIGTERM:
        return GitFailed("git was stopped before it was done; try again", code, said)
    if "not a git repository" in said:
        return NoGit("this folder has no versions yet; `convo git init` begins to keep them", code, said)
    if "tell me who you are" in said:
        return GitFailed("git does not know who you are: `git config --global user.name` and user.email say it", code)
    if locked := _LOCKED.search(said):
        return GitFailed(f"another git is at work here; when none is, one was killed: remove {locked[1]}", code, said)
    refused = _REFUSED.findall(said)
    telling = [each.strip() for each in refused or _TELLING.findall(said) or said.split("\n") if each.strip()]
    return GitFailed(f"git: {telling[0] if telling else f'ended with {code}'}", code, said)
