"""For tests of what must hold whatever happens: a git that kills, and the promises to check."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from hdcli.model import ids
from hdcli.store import codec, refs
from hdcli.store.discover import discover
from hdcli.store.git import Objects
from support import DeskFolder

# Counts its calls; at the call FAULT_AT it kills whoever started it (hd): before its work and
# without doing it, before it and doing it, or after it. Or it is as if somebody pressed Ctrl-C.
_KILLER = """\
#!/bin/sh
echo "$*" >> "$FAULT_LOG"
call=1  # two may run at a time: each takes a number that nobody has
until mkdir "$FAULT_LOG.$call" 2> "$FAULT_LOG.taken"; do call=$((call + 1)); done
if [ "$call" -eq "$FAULT_AT" ]; then
    case "$FAULT_HOW" in
    instead) kill -9 $PPID; exit 1 ;;
    before) kill -9 $PPID ;;
    interrupt) kill -INT 0 ;;
    after) "$FAULT_GIT" "$@"; status=$?; kill -9 $PPID; exit $status ;;
    esac
fi
exec "$FAULT_GIT" "$@"
"""

# hd in a process that kills itself before the given step: a change that it makes to the desk.
_STEPS = """\
import os, signal, sys

left = int(sys.argv.pop(1))
changes = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir"}

def step(event, details):
    global left
    if event == "open" and isinstance(details[2], int):
        change = details[2] & (os.O_WRONLY | os.O_RDWR)
    else:
        change = event in changes
    if change and str(details[0]).startswith(os.getcwd()):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

from hdcli.__main__ import main
sys.addaudithook(step)
main()
"""


@dataclass(frozen=True)
class KillingGit:
    """A git in a folder of its own, to be first on PATH."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> KillingGit:
        folder.mkdir()
        script = folder / "git"
        script.write_text(_KILLER)
        script.chmod(0o755)
        return cls(folder)

    def environment(self, at: int, how: str) -> dict[str, str]:
        """Kills at the call number ``at``: ``instead``, ``before`` or ``after`` git's own work.

        Or sends SIGINT to the whole process group: ``interrupt``.
        """
        self._log.unlink(missing_ok=True)
        for number in self.folder.glob("log.[0-9]*"):
            number.rmdir()
        real = shutil.which("git")
        assert real is not None
        return {
            "PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}",
            "FAULT_LOG": str(self._log),
            "FAULT_AT": str(at),
            "FAULT_HOW": how,
            "FAULT_GIT": real,
        }

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def calls(self) -> list[str]:
        """The command lines since the last ``environment``."""
        return self._log.read_text().splitlines()


def start(desk: DeskFolder, *args: str, **env: str) -> subprocess.Popen[bytes]:
    """hd as a process in the desk's folder, not waited for."""
    return subprocess.Popen(
        [sys.executable, "-m", "hdcli", *args],
        cwd=desk.path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **env},
    )


def killed_at_step(step: int, desk: DeskFolder, *args: str) -> subprocess.CompletedProcess[bytes]:
    """hd, killed before its ``step``-th change to the disk or start of a git."""
    return subprocess.run(
        [sys.executable, "-c", _STEPS, str(step), *args],
        cwd=desk.path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )


def require_promises(desk: DeskFolder, acknowledged: list[str]) -> None:
    """After the next command: nothing lost, nothing half-written, nothing left lying about."""
    desk.hd("list")
    assert desk.clean()
    git_dir = Path(desk.git("rev-parse", "--absolute-git-dir"))
    left = ("index.lock", "HEAD.lock", "packed-refs.lock", "hd/journal", "hd/new")
    assert [name for name in left if (git_dir / name).exists()] == []
    assert desk.git("fsck", "--no-progress", "--no-dangling") == ""
    assert desk.git("rev-list", "--min-parents=2", "main") == ""
    tickets = committed(desk)
    assert set(acknowledged) <= set(tickets)
    wanted = {branch: ticket_id for ticket_id, branch in tickets.items() if branch}
    form = "--format=%(refname:lstrip=2) %(objectname)"
    there = dict(line.split() for line in desk.git("for-each-ref", form).splitlines())
    branches = {name: tip for name, tip in there.items() if name != "main"}
    last = last_commits(desk) if wanted else {}
    assert branches == {name: last[ids.ticket_path(each)] for name, each in wanted.items()}


def committed(desk: DeskFolder) -> dict[str, str | None]:
    """Every ticket of the desk's branch, each whole, with the level branch that it should have."""
    found = {}
    paths = desk.git("ls-tree", "-r", "--name-only", "main", "tickets/").split()
    with Objects(discover(desk.path).repository) as objects:
        contents = objects.many(f"main:{path}" for path in paths)
        for path, data in zip(paths, contents, strict=True):
            assert data is not None
            ticket = codec.read_ticket(data, path)
            found[ticket.id] = refs.branch_of(ticket)
    return found


def last_commits(desk: DeskFolder) -> dict[str, str]:
    """The commit that changed each file last, by path."""
    found: dict[str, str] = {}
    for commit in desk.git("log", "--format=%x00%H", "--name-only", "main").split("\0")[1:]:
        head, *paths = commit.split()
        for path in paths:
            found.setdefault(path, head)
    return found
