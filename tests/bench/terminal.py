"""A program in a terminal: how long until it shows something, what memory and what time it takes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.bench.measuring import NotMeasured

COLUMNS, LINES = 140, 40
PATIENCE = 120.0
"""Seconds after which what is waited for is taken not to come."""


class Program:
    """A process in a pty of its own. What it writes is read while something is waited for, and searched as it is."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start `command` with exactly this environment."""
        self._master, slave = os.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._written = bytearray()
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command, env=dict(environment), stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def shows(self, wanted: str, patience: float = PATIENCE) -> float:
        """Return when the program wrote what matches `wanted`, by `time.perf_counter`.

        Raises:
            NotMeasured: when it did not.
        """
        pattern, end = re.compile(wanted.encode()), time.perf_counter() + patience
        while not pattern.search(self._written):
            left = end - time.perf_counter()
            if left <= 0 or not self._take(left):
                raise NotMeasured(f"{self.process.args!r} did not show {wanted}")
        return time.perf_counter()

    def forget(self) -> None:
        """Search only what is written from now on."""
        self._written.clear()

    def rest(self, seconds: float) -> None:
        """Let the program do what it likes, for so long."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and self._take(left):
            pass

    def resident_bytes(self) -> int:
        """Return the memory that is in use now."""
        found = re.search(r"VmRSS:\s*(\d+) kB", self._told("status"))
        assert found is not None
        return int(found[1]) * 1024

    def cpu_seconds(self) -> float:
        """Return the time of the processors taken so far, by all threads."""
        fields = self._told("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _told(self, name: str) -> str:
        try:
            return Path("/proc", str(self.process.pid), name).read_text("utf-8")
        except OSError:
            raise NotMeasured("only Linux tells what another process takes") from None

    def _take(self, timeout: float) -> bool:
        """Read what there is, waiting `timeout` seconds at most; False when nothing will come any more."""
        if not select.select([self._master], [], [], timeout)[0]:
            return True
        data = b""
        # Linux reports the end of a pty, when the last program has closed it, as an error.
        with contextlib.suppress(OSError):
            data = os.read(self._master, 65536)
        self._written += data
        return bool(data)
