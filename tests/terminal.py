"""A program at a terminal: keys go in, and what it does is awaited rather than timed."""

from __future__ import annotations

import os
import pty
import select
import signal
import time
from collections.abc import Sequence
from pathlib import Path

WAIT = 20.0


class Terminal:
    """A process with a terminal of its own; use it with ``contextlib.closing``."""

    def __init__(self, argv: Sequence[str], cwd: Path, env: dict[str, str]) -> None:
        self.output = ""
        self._pid, self._master = pty.fork()
        if self._pid == 0:
            os.chdir(cwd)
            os.execvpe(argv[0], list(argv), {**os.environ, "TERM": "xterm", **env})

    def type(self, keys: str) -> None:
        """Presses these keys."""
        os.write(self._master, keys.encode())

    def await_output(self, text: str) -> None:
        """Reads until the text has been printed; fails after 20 seconds."""
        self._read_until(lambda: text in self.output, f"{text!r} in the output")

    def await_file(self, path: Path) -> str:
        """The content of a file that the program is about to write."""
        self._read_until(lambda: path.exists() and path.read_text().endswith("\n"), str(path))
        return path.read_text().rstrip("\n")

    def _read_until(self, done: object, what: str) -> None:
        assert callable(done)
        deadline = time.monotonic() + WAIT
        while not done():
            assert time.monotonic() < deadline, f"no {what}; it printed:\n{self.output}"
            if select.select([self._master], [], [], 0.02)[0]:
                try:
                    self.output += os.read(self._master, 65536).decode("utf-8", "replace")
                except OSError:  # it ended
                    assert done(), f"it ended without {what}; it printed:\n{self.output}"

    def close(self) -> None:
        """Hangs up."""
        os.close(self._master)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
