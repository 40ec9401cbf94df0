"""hd at a terminal of its own, with an editor that does what a test says."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

from support import DeskFolder, Ran


def at_terminal(desk: DeskFolder, *args: str, editor: str = "false", columns: int = 0) -> Ran:
    """Runs hd where all three streams are a terminal; ``editor`` is a shell script, the file $1.

    A terminal of 0 columns does not say how wide it is.
    """
    script = desk.path.parent / "editor.sh"
    script.write_text(f"{editor}\n")
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, columns))
    process = subprocess.Popen(
        [sys.executable, "-m", "hdcli", *args],
        cwd=desk.path,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm", "GIT_EDITOR": f"sh '{script}'"},
    )
    os.close(slave)
    printed = b""
    try:
        while piece := os.read(master, 65536):
            printed += piece
    except OSError:  # it hung up
        pass
    os.close(master)
    text = printed.decode().replace("\r\n", "\n")
    return Ran(process.wait(timeout=60), text, "")


def write(text: str, seen: Path | None = None) -> str:
    """An editor that writes ``text`` above the template, which it copies to ``seen``."""
    keep = f'cp "$1" "{seen}"\n' if seen else ""
    return f'{keep}cat - "$1" > "$1.new" <<\'END\'\n{text}\nEND\nmv "$1.new" "$1"'
