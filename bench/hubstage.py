"""A hub with its hook and a clone of it, made once and copied for each push that is tried."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.desks import HD
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ids import ticket_path
from hdcli.model.ticket import Ticket
from hdcli.store import codec, yamlwrite

PEOPLE = {
    "alice": ("Alice Martin", "alice@example.org"),
    "bob": ("Bob Ndiaye", "bob@example.org"),
    "carol": ("Carol Weber", "carol@example.org"),
    "ivan": ("Intake", "intake@example.org"),
    "rita": ("Rita Lund", "rita@example.org"),
    "olaf": ("Olaf Berg", "olaf@example.org"),
    "mallory": ("Mallory", "mallory@example.net"),
}
_AGENTS = """\
  bob: {name: Bob Ndiaye, email: bob@example.org, teams: [network]}
  carol: {name: Carol Weber, email: carol@example.org, teams: [systems, apps]}
  ivan: {name: Intake, email: intake@example.org, role: intake}
  rita: {name: Rita Lund, email: rita@example.org, role: read-only}
  olaf: {name: Olaf Berg, email: olaf@example.org, active: false}
"""
_NAMED = re.compile(r"remote: error: [0-9a-f]{10}: (?P<file>\S.*?): .+")


def environment(who: str) -> dict[str, str]:
    """The environment of a person, with nothing of the user's settings."""
    env = {n: value for n, value in os.environ.items() if not n.startswith(("GIT_", "HD_"))}
    name, email = PEOPLE[who]
    for role in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": email}
    return env | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_EDITOR": "true",
        "LC_ALL": "C.UTF-8",
    }


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a push. ``named`` is whether it was refused with a commit and a file."""

    accepted: bool
    said: str

    @property
    def named(self) -> bool:
        return _NAMED.search(self.said) is not None


@dataclass(frozen=True, slots=True)
class Field:
    """A hub, a clone to attack it from, and the tickets in it by what they are."""

    hub: Path
    path: Path
    ids: dict[str, str]

    def run(self, *command: str, who: str = "bob", stdin: bytes = b"", check: bool = True) -> str:
        """Runs a command in the clone as a person; gives what it printed."""
        done = subprocess.run(
            command,
            cwd=self.path,
            env=environment(who),
            input=stdin,
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{' '.join(command)}: {done.stderr.decode('utf-8', 'replace')}")
        return done.stdout.decode("utf-8", "replace").strip()

    def git(self, *args: str, who: str = "bob", stdin: bytes = b"", check: bool = True) -> str:
        """Runs git."""
        return self.run("git", *args, who=who, stdin=stdin, check=check)

    def hd(self, *args: str, who: str = "bob") -> str:
        """Runs hd; gives the last word that it printed."""
        return (self.run(*HD, *args, who=who).split() or [""])[-1]

    def write(self, path: str, text: str | bytes) -> None:
        """Writes a file of the clone."""
        place = self.path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, path: str) -> str:
        """Reads one."""
        return (self.path / path).read_text(encoding="utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        """Changes a text in a file of the clone."""
        text = self.read(path)
        assert old in text, f"{old!r} is not in {path}"
        self.write(path, text.replace(old, new, 1))

    def ticket(self, name: str) -> Ticket:
        """A ticket as it lies in the clone."""
        path = self.place(name)
        return codec.read_ticket((self.path / path).read_bytes(), path)

    def place(self, name: str) -> str:
        """Where a ticket lies."""
        return ticket_path(self.ids[name])

    def put(self, ticket: Ticket) -> None:
        """Writes a ticket, whatever is in it."""
        self.write(ticket.path, yamlwrite.record_bytes(ticket))

    def commit(self, message: str = "Work", who: str = "bob") -> str:
        """Commits all of the clone's files with git alone; gives the commit."""
        self.git("add", "-A", who=who)
        self.git("commit", "-q", "--allow-empty", "-m", message, who=who)
        return self.git("rev-parse", "HEAD")

    def push(self, *args: str) -> Answer:
        """Pushes to the hub over git's own protocol."""
        done = subprocess.run(
            ["git", "push", f"file://{self.hub}", *(args or ("main",))],
            cwd=self.path,
            env=environment("bob"),
            capture_output=True,
            check=False,
        )
        return Answer(done.returncode == 0, done.stderr.decode("utf-8", "replace"))


def dressed(desk: str, *, leads: bool) -> str:
    """A new desk.yaml with everybody in it; alice is a lead, or nobody is."""
    role = "    role: lead\n" if leads else ""
    return desk.replace("    teams: [desk]\n", f"    teams: [desk]\n{role}{_AGENTS}", 1)


def staged(folder: Path, *, leads: bool = True) -> Field:
    """The stage: alice leads (or nobody does), bob and carol work, ivan takes in, rita reads."""
    shutil.rmtree(folder, ignore_errors=True)
    field = Field(folder / "hub.git", folder / "clone", {})
    field.path.mkdir(parents=True)
    field.hd("init", "--bare", str(field.hub), who="alice")
    field.path.rmdir()
    subprocess.run(["git", "clone", "-q", str(field.hub), str(field.path)], check=True)
    field.write("desk.yaml", dressed(field.read("desk.yaml"), leads=leads))
    field.commit("agents", who="alice")
    _fill(field)
    assert field.push("main", "refs/heads/l*:refs/heads/l*").accepted
    for place in (field.hub, field.path):
        subprocess.run(["git", "-C", str(place), "gc", "-q"], check=True)
    return field


def _fill(field: Field) -> None:
    ids = field.ids
    ids["old"] = field.hd("new", "Monitor flickers", "-q", who="alice")
    field.git("branch", "early")
    ids["plain"] = field.hd("new", "Printer jams", "-b", "Since Monday", "-t", "paper", "-q")
    ids["up"] = field.hd("new", "VPN drops", "-r", "Ada <ada@example.com>", "-q", who="carol")
    ids["into"] = field.hd("new", "Mail is slow", "-q", who="alice")
    ids["double"] = field.hd("new", "Mails come late", "-b", "All day", "-q")
    for who in ("alice", "bob", "carol"):
        field.hd("note", ids["plain"], "-m", f"{who} looked at it", who=who)
        field.hd("set", ids["plain"], f"priority={'high' if who == 'bob' else 'low'}", who=who)
        field.hd("note", ids["up"], "-m", f"{who} was here", who=who)
    field.hd("tag", ids["plain"], "+noisy", "-paper", who="alice")
    field.hd("escalate", ids["up"], "-m", "beyond me")
    field.hd("reply", ids["up"], "-m", "We are on it", who="carol")
    field.hd("note", ids["double"], "-m", "Same cause", who="alice")
    field.hd("merge", ids["double"], ids["into"], who="carol")
    field.write("log.txt", "last words")
    field.hd("attach", ids["plain"], "log.txt", who="alice")
    (field.path / "log.txt").unlink()
    _grow(field, "into", 20)
    field.hd(
        "kb", "new", "Reset a password", "-m", "Ask twice.\n\nThen reset it.", "-q", who="carol"
    )
    field.write("canned/hello.yaml", "title: Hello\nbody: Good morning\n")
    field.commit("canned: hello", who="bob")


def _grow(field: Field, name: str, count: int) -> None:
    """A long log, which is read otherwise than a short one."""
    ticket = field.ticket(name)
    at, first = ticket.log[-1].at, len(ticket.log) + 50
    more = [
        Entry(f"{n:04d}-aaaaaa", at, "alice", "note", body=f"Note {n}\n\nand more")
        for n in range(first, first + count)
    ]
    log = tuple(sorted((*ticket.log, *more), key=lambda each: each.order))
    field.put(Ticket(ticket.id, fold(log), log))
    field.commit("notes", who="alice")


def copied(stage: Field, folder: Path) -> Field:
    """The stage again, for one attempt."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("hub.git", "clone"):
        shutil.copytree(stage.hub.parent / name, folder / name, symlinks=True)
    config = folder / "clone" / ".git" / "config"
    config.write_text(config.read_text().replace(str(stage.hub), str(folder / "hub.git")))
    return Field(folder / "hub.git", folder / "clone", stage.ids)
