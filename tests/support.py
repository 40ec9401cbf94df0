"""A desk to test on: hd and git in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from hdcli import cli
from hdcli.model.article import Article
from hdcli.model.ids import ticket_path
from hdcli.model.slug import article_path
from hdcli.model.ticket import Ticket
from hdcli.store import codec

AGENT = ("Alice Martin", "alice@example.org")
TEAMMATES = """\
  bob:
    name: Bob Ndiaye
    email: bob@example.org
    teams: [network]
  carol:
    name: Carol Weber
    email: carol@example.org
    teams: [systems, apps]
"""


@dataclass(frozen=True)
class Ran:
    """What one command line of hd did."""

    code: int
    out: str
    err: str

    @property
    def id(self) -> str:
        """The ticket id it printed last."""
        return self.out.split()[-1]


@dataclass(frozen=True)
class DeskFolder:
    """A desk in a folder, and hd and git to work in it."""

    path: Path

    def hd(self, *args: str, code: int = 0, stdin: str | bytes = "", agent: str = "") -> Ran:
        """Runs hd in this process; asserts the exit code."""
        line = ["--desk", str(self.path), *(["--as", agent] if agent else []), *args]
        ran = run_hd(*line, stdin=stdin)
        assert ran.code == code, f"hd {' '.join(args)}: {ran.code}\n{ran.out}\n{ran.err}"
        return ran

    def process(
        self, *args: str, stdin: bytes = b"", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs hd as a process of its own in the desk's folder."""
        return subprocess.run(
            [sys.executable, "-m", "hdcli", *args],
            cwd=self.path,
            input=stdin,
            capture_output=True,
            env={**os.environ, **(env or {})},
            check=False,
            timeout=120,
        )

    def git(self, *args: str) -> str:
        """Runs git in the desk's folder; gives what it printed, without the last line end."""
        done = subprocess.run(
            ["git", *args], cwd=self.path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"git {' '.join(args)}: {done.stderr}"
        return done.stdout.rstrip("\n")

    def file(self, ticket_id: str) -> Path:
        """The file of a ticket in the work tree."""
        return self.path / "tickets" / ticket_id[3:5].lower() / f"{ticket_id}.yaml"

    def new(self, title: str = "Printer jams", *args: str) -> str:
        """A new ticket's id."""
        return self.hd("new", title, *args).id

    def ticket(self, ticket_id: str) -> Ticket:
        """A ticket as committed."""
        path = ticket_path(ticket_id)
        return codec.read_ticket(self.git("show", f"main:{path}").encode() + b"\n", path)

    def article(self, slug: str) -> Article:
        """An article as committed."""
        path = article_path(slug)
        return codec.read_article(self.git("show", f"main:{path}").encode() + b"\n", path)

    def message(self, revision: str = "main") -> str:
        """The message of a commit."""
        return self.git("log", "-1", "--format=%B", revision).rstrip("\n")

    def commits(self) -> int:
        """How many commits the desk has."""
        return int(self.git("rev-list", "--count", "main"))

    def branches(self) -> list[str]:
        """The level branches, each with its commit's subject."""
        names = self.git("branch", "--list", "l[0-9]/*", "--format=%(refname:short): %(subject)")
        return names.splitlines()

    def clean(self) -> bool:
        """Whether work tree and index are as committed."""
        return self.git("status", "--porcelain") == ""


def run_hd(*args: str, stdin: str | bytes = "") -> Ran:
    """hd in this process, through the same boundary as the real one."""
    outcome: list[int] = []
    runner = CliRunner()
    with runner.isolation(input=stdin) as streams:
        outcome.append(cli.run(args))
        sys.stdout.flush()
        sys.stderr.flush()
        out, err = streams[0].getvalue(), streams[1].getvalue()
    return Ran(outcome[0], out.decode(), err.decode())
