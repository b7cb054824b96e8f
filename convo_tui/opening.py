"""Opening a link in the program that the system has for it: never through a shell, never more than the link."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from convo_tui.core.errors import Refused

LONGEST = 2_048
"""Characters of a link that is opened."""

_PATIENCE = 1.0
"""Seconds in which an opener tells that it failed; one that takes longer is on its way."""

_PLAIN = re.compile(r"[!#-;=?-\[\]_a-z~]+")
"""Printable ASCII but for what RFC 3986 keeps out of a link: quotes, angle brackets, `\\ ^ { | }` and backticks."""

_WEB = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.IGNORECASE)
_MAIL = re.compile(r"[^@?#&,/]+@[^@?#&,/]+")
_PHONE = re.compile(r"\+?\d{1,20}")


def open_link(url: str) -> None:
    """Open a link; returns within `_PATIENCE` seconds, also when the opener takes its time.

    Raises:
        Refused: when it is no http, https, mailto or tel link, or nothing here can open it; the line names the link.
    """
    reason = _suspicious(url)
    if reason:
        raise Refused(f"this link is not opened: {reason}; copy it if you trust it: {url[:100]}")
    if sys.platform == "win32":
        _start_file(url)
        return
    command = _opener(url, os.environ)
    if command is None:
        raise Refused(f"nothing here can open a link; copy it instead: {url}")
    try:
        code = _run(command)
    except OSError as error:
        raise Refused(f"{command[0]} did not start: {error.strerror}; copy the link instead: {url}") from None
    if code:
        raise Refused(f"{command[0]} could not open it (code {code}); copy the link instead: {url}")


def _suspicious(url: str) -> str:
    """Why a link is not opened; empty when it is."""
    if len(url) > LONGEST:
        return f"it has more than {LONGEST:,} characters"
    if not _PLAIN.fullmatch(url) or url.startswith("-"):
        return "it holds characters that no link holds"
    try:
        parts = urlsplit(url)
        place = parts.netloc if parts.scheme in ("http", "https") else parts.path
    except ValueError:
        return "it is no link"
    shapes = {"http": _WEB, "https": _WEB, "mailto": _MAIL, "tel": _PHONE}
    if parts.scheme not in shapes:
        return "only http, https, mailto and tel links are"
    if "@" in parts.netloc:
        return "it holds a name or password before the host"
    if not shapes[parts.scheme].fullmatch(place):
        return "it leads nowhere"
    if parts.scheme in ("mailto", "tel") and (parts.query or parts.fragment or parts.netloc):
        return "it says more than an address"
    return ""


def _opener(url: str, environ: Mapping[str, str]) -> list[str] | None:
    """Return the command that opens a link, None when there is none, as over ssh or without a desktop.

    `$BROWSER` is what Python's webbrowser takes it for: command lines between colons, `%s` in the place of the link,
    split into words and run without a shell. It is for the web only, but may lead out of an ssh connection.
    """
    if urlsplit(url).scheme in ("http", "https"):
        for line in filter(None, environ.get("BROWSER", "").split(os.pathsep)):
            command = _with_link(line, url)
            if command and shutil.which(command[0]):
                return command
    if sys.platform == "darwin":
        return None if "SSH_CONNECTION" in environ else _first((["open", url],))
    candidates = [["wslview", url]] if "WSL_DISTRO_NAME" in environ else []
    if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        candidates += [["xdg-open", url], ["gio", "open", url]]
    return _first(candidates)


def _with_link(line: str, url: str) -> list[str]:
    try:
        words = shlex.split(line)
    except ValueError:
        return []
    if words and words[-1] == "&":
        words.pop()
    # A link is never the program, nor a part of a script for one, as in `sh -c "firefox %s"`.
    if not words or any("%s" in word and (word is words[0] or " " in word) for word in words):
        return []
    filled = [word.replace("%s", url) for word in words]
    return filled if filled != words else [*words, url]


def _first(commands: Sequence[list[str]]) -> list[str] | None:
    return next((each for each in commands if shutil.which(each[0])), None)


def _run(command: Sequence[str]) -> int:
    """Start a program apart from this terminal; return its exit code, 0 when it is still at work after a while."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        return process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        return 0


def _start_file(url: str) -> None:
    """Open a link on Windows, which finds the program by the scheme."""
    if sys.platform == "win32":
        try:
            os.startfile(url)
        except OSError as error:
            raise Refused(f"Windows could not open it: {error.strerror}; copy the link instead: {url}") from None
