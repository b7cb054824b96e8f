"""Other processes that work for this one, asked and answered through pipes.

The standard library's pools pass on descriptors that a full screen has put aside, and run the main program once more.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_ROOT = Path(__file__).parents[3]
_SERVE = "from convo_tui.store.index.workers import serve; serve()"


class Workers:
    """So many processes, each with its own line of work."""

    def __init__(self, count: int) -> None:
        """Start them. Raises OSError when the system has no room for them."""
        self._workers: list[_Worker] = []
        try:
            for _ in range(count):
                self._workers.append(_Worker())
        except OSError:
            self.close()
            raise

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `work`, a function of a module, done by the one that has least to do.

        The future raises what `work` raises, and OSError when the process is gone.
        """
        return min(self._workers, key=lambda worker: len(worker.waiting)).submit((work, args, kwargs))

    def close(self) -> None:
        """Stop them at once, whatever they are doing."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.wait()


class _Worker:
    def __init__(self) -> None:
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVE],  # nothing is imported from wherever one happens to be
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        self.waiting: deque[Future[Any]] = deque()
        threading.Thread(target=self._listen, name="worker", daemon=True).start()

    def submit(self, task: object) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append(future)
        try:
            assert self.process.stdin is not None
            pickle.dump(task, self.process.stdin)
            self.process.stdin.flush()
        except OSError as error:
            with suppress(ValueError):  # the listener may have given up on it already
                self.waiting.remove(future)
                future.set_exception(error)
        return future

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with suppress(EOFError, OSError, pickle.UnpicklingError):
            while True:
                done, result = pickle.load(self.process.stdout)  # noqa: S301 - our own process
                future = self.waiting.popleft()
                future.set_result(result) if done else future.set_exception(result)
        while self.waiting:
            self.waiting.popleft().set_exception(BrokenPipeError("the process is gone"))


def serve() -> None:
    """Do what is asked on standard input, and answer on standard output, until there is no more."""
    # What is read leaves hardly any cycles, and looking for them takes a fifth of the time.
    gc.freeze()
    gc.set_threshold(100_000)
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    with suppress(EOFError, OSError):
        while True:
            work, args, kwargs = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
            try:
                answer = True, work(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - told where it is waited for
                answer = False, error
            pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
