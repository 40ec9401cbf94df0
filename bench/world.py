"""A small world for the proof of convergence: a hub, some clones, their agents and wrong clocks.

hd runs in this process, at each clone's own time and as its own agent; git runs as ever. After each
command the world writes down which entries were acknowledged, from the commits that it made.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from hdcli import cli
from hdcli.errors import BadData
from hdcli.model import ids
from hdcli.model.article import Article
from hdcli.model.entry import Entry
from hdcli.model.record import Record
from hdcli.model.slug import slug_of_path
from hdcli.model.ticket import Ticket
from hdcli.store import codec

AGENTS = ("alice", "bob", "carol", "dan", "eve")
_REAL = time.time
# What hd may say of a desk that is in order: clocks were wrong, and people have yet to choose.
_ALLOWED = ("from the future", "both versions are in the text")


@dataclass
class Clone:
    """A clone, whose it is, and how many seconds its clock is off."""

    path: Path
    agent: str
    offset: int
    acknowledged: dict[tuple[str, str], Entry] = field(default_factory=dict)


@dataclass
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


class World:
    """The hub (with hd's hook) and the clones, in a folder."""

    def __init__(self, folder: Path, offsets: list[int]) -> None:
        self.folder = folder
        self.clones: list[Clone] = []
        self.acknowledged: dict[tuple[str, str], Entry] = {}
        self.story: list[str] = []
        first = Clone(folder / "alice", "alice", 0)
        self._must(first, "init", str(first.path))
        self._must(first, "config", "set", "suggestions", "false")
        for name in AGENTS[1:]:
            self._must(first, "agent", "add", name, f"{name} <{name}@example.org>")
        hub = folder / "hub.git"
        self.git(first, "clone", "-q", "--bare", ".", str(hub))
        self._must(first, "hub", "install", str(hub))
        self.git(first, "remote", "add", "origin", hub.as_uri())
        self.git(first, "push", "-qu", "origin", "main")
        for agent, offset in zip(AGENTS, offsets, strict=False):
            clone = Clone(folder / agent, agent, offset)
            if clone.path != first.path:
                self.git(first, "clone", "-q", hub.as_uri(), str(clone.path))
            self.clones.append(clone)

    def _must(self, clone: Clone, *args: str) -> None:
        ran = self.hd(clone, *args)
        assert ran.code == 0, (args, ran)

    def hd(self, clone: Clone, *args: str) -> Ran:
        """Runs hd in a clone; what it acknowledged is written down."""
        out, err = io.StringIO(), io.StringIO()
        before = self.head(clone)
        start = ("--desk", str(clone.path)) if before else ()
        with self._as(clone), redirect_stdout(out), redirect_stderr(err):
            code = cli.run([*start, *args])
        ran = Ran(code, out.getvalue(), err.getvalue())
        self.story.append(f"{clone.agent}: hd {' '.join(args)} -> {code} {ran.err.strip()}")
        assert "defect" not in ran.err, self.told()
        if before and before != self.head(clone):
            self._write_down(clone, before)
        return ran

    def git(self, clone: Clone, *args: str) -> subprocess.CompletedProcess[str]:
        """Runs git in a clone."""
        with self._as(clone):
            done = subprocess.run(
                ["git", *args],
                cwd=clone.path if clone.path.exists() else self.folder,
                capture_output=True,
                text=True,
                check=False,
            )
        self.story.append(f"{clone.agent}: git {' '.join(args)} -> {done.returncode}")
        return done

    def told(self) -> str:
        """All that happened, for who has to find out why."""
        return "\n".join(self.story)

    @contextmanager
    def _as(self, clone: Clone) -> Iterator[None]:
        email = "alice@example.org" if clone.agent == "alice" else f"{clone.agent}@example.org"
        now = _REAL() + clone.offset
        identity: Mapping[str, str] = {
            **{f"GIT_{role}_NAME": clone.agent for role in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{role}_EMAIL": email for role in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{role}_DATE": f"@{int(now)} +0000" for role in ("AUTHOR", "COMMITTER")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_EDITOR": "true",
            "COLUMNS": "200",
        }
        with patch.dict(os.environ, identity), patch("time.time", lambda: _REAL() + clone.offset):
            yield

    def head(self, clone: Clone) -> str:
        """The commit of a clone's branch; empty before there is one."""
        if not (clone.path / ".git").exists():
            return ""
        command = ["git", "rev-parse", "-q", "--verify", "refs/heads/main"]
        return subprocess.run(
            command, cwd=clone.path, capture_output=True, text=True, check=False
        ).stdout.strip()

    def _write_down(self, clone: Clone, before: str) -> None:
        """The entries that are in the files which changed, and were not known."""
        for path in self._changed(clone, before):
            record = self._record(clone, path)
            for entry in record.log if record else ():
                self.acknowledged.setdefault((_kind(path), entry.id), entry)

    def _changed(self, clone: Clone, before: str) -> list[str]:
        command = ["git", "diff", "--name-only", before, "refs/heads/main"]
        done = subprocess.run(command, cwd=clone.path, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    def _record(self, clone: Clone, path: str) -> Record | None:
        kind: type[Record] | None = None
        if ids.id_of_path(path):
            kind = Ticket
        elif slug_of_path(path):
            kind = Article
        command = ["git", "show", f"refs/heads/main:{path}"]
        done = subprocess.run(command, cwd=clone.path, capture_output=True, check=False)
        if kind is None or done.returncode:
            return None
        try:
            return codec.read(kind, done.stdout, path)
        except BadData:
            return None

    def tickets(self, clone: Clone) -> list[str]:
        """The ids of a clone's tickets."""
        return sorted(each.stem for each in clone.path.glob("tickets/*/*.yaml"))

    def articles(self, clone: Clone) -> list[str]:
        """The slugs of a clone's articles."""
        return sorted(each.stem for each in clone.path.glob("kb/*.yaml"))

    def settle(self) -> None:
        """All sync until nothing moves any more."""
        for _ in range(len(self.clones) + 2):
            heads = [self.head(each) for each in self.clones]
            for clone in self.clones:
                self.hd(clone, "commit")
                ran = self.hd(clone, "sync")
                assert ran.code == 0, f"{ran.err}\n{self.told()}"
            if heads == [self.head(each) for each in self.clones] and len(set(heads)) == 1:
                return
        raise AssertionError(f"they go on and on\n{self.told()}")

    def require_converged(self) -> None:
        """One commit everywhere, every acknowledged entry in it once, every fold and branch right.

        ``hd fsck`` says the last of these, ``hd audit`` that nothing was altered on the way; the
        hub has what the clones have.
        """
        assert len({self.head(each) for each in self.clones}) == 1, self.told()
        first = self.clones[0]
        found: dict[tuple[str, str], list[Entry]] = {}
        for path in (*first.path.glob("tickets/*/*.yaml"), *first.path.glob("kb/*.yaml")):
            where = str(path.relative_to(first.path))
            record = self._record(first, where)
            assert record is not None, f"{where} can't be read\n{self.told()}"
            for entry in record.log:
                if not entry.of:
                    found.setdefault((_kind(where), entry.id), []).append(entry)
        for key, entry in self.acknowledged.items():
            if not entry.of:
                assert found.get(key) == [entry], f"{key} {found.get(key)} {entry}\n{self.told()}"
        for clone in self.clones:
            self._require_sound(clone)
        audited = self.hd(first, "audit", "-q")
        assert audited.code == 0, f"{audited.out}\n{self.told()}"

    def _require_sound(self, clone: Clone) -> None:
        ran = self.hd(clone, "fsck", "--json")
        findings = json.loads(ran.out)["findings"]
        wrong = [
            each
            for each in findings
            if each["severity"] != "note" and not any(w in each["message"] for w in _ALLOWED)
        ]
        assert wrong == [], f"{wrong}\n{self.told()}"
        status = self.git(clone, "status", "--porcelain").stdout
        assert status == "", f"{status}\n{self.told()}"


def _kind(path: str) -> str:
    """Entries are told apart by what their file is; a ticket may come to lie elsewhere."""
    return "ticket" if ids.id_of_path(path) else path
