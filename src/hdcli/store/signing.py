"""Commits signed as git would sign them: by git commit-tree, with git's settings and programs.

fast-import doesn't sign. Its commits are made as ever and hang on no branch; then each is made
again upon the one before it, signed, and only these are published.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence

from hdcli.errors import HdError, Refused
from hdcli.store.fastimport import FSYNC, Stream
from hdcli.store.git import Objects, Repository

_PERSON = re.compile(r"(.*?) ?<(.*)> (\d+) ([+-]\d{4})")
_UTF8 = ("-c", "i18n.commitEncoding=UTF-8")
_REMEDY = "git config gpg.format and user.signingKey name the key to sign with"


class SigningStream(Stream):
    """A stream whose commits, numbered from 1 on, are signed where the desk requires it or this
    clone's git does (``commit.gpgSign``).
    """

    def __init__(
        self, repository: Repository, keep: Sequence[int] = (), *, required: bool = False
    ) -> None:
        super().__init__(repository, keep)
        self._required = required
        self._setting: subprocess.Popen[bytes] | None = None
        self._wanted: Sequence[int] = ()
        self._signs = False

    def add(self, commands: bytes) -> None:
        """As ever; git is asked for its setting while other things go on."""
        if self._setting is None:
            self._setting = _setting(self._repository)
        super().add(commands)

    def end(self, marks: Sequence[int]) -> None:
        """As ever; to sign a commit takes all before it."""
        self._wanted = marks
        self._signs = self._asked() or self._required
        super().end(range(1, marks[-1] + 1) if self._signs else marks)

    def made(self) -> list[str]:
        """The ids of the commits asked for, signed. Raises GitFailed, Refused."""
        found = super().made()
        if not self._signs:
            return found
        signed = sign(self._repository, found, required=self._required)
        return [signed[mark - 1] for mark in self._wanted]

    def drop(self) -> None:
        """As ever."""
        self._asked()
        super().drop()

    def _asked(self) -> bool:
        process, self._setting = self._setting, None
        return process is not None and process.communicate()[0].strip() == b"true"


def _setting(repository: Repository) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        repository.git("config", "--type=bool", "--get", "commit.gpgSign"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=repository.environment(),
        cwd=repository.git_dir,
    )


def never(repository: Repository) -> None:
    """Has this clone sign nothing: the commits of a demo are nobody's."""
    repository.run("config", "commit.gpgSign", "false")


def sign(repository: Repository, commits: Sequence[str], *, required: bool = False) -> list[str]:
    """Commits made again, signed: each before those that follow it. Raises Refused.

    The lock is held meanwhile, as git holds its index's while `git commit` waits for a passphrase.
    """
    made: dict[str, str] = {}
    with Objects(repository) as objects:
        for commit, raw in zip(commits, objects.many(commits), strict=True):
            made[commit] = _signed(repository, raw or b"", made, required=required)
    return list(made.values())


def _signed(repository: Repository, raw: bytes, made: dict[str, str], *, required: bool) -> str:
    head, _, message = raw.partition(b"\n\n")
    lines = [line.decode("utf-8", "surrogateescape").partition(" ") for line in head.split(b"\n")]
    values = {key: value for key, _, value in lines}
    parents = [made.get(value, value) for key, _, value in lines if key == "parent"]
    options = [option for parent in parents for option in ("-p", parent)]
    command = ("commit-tree", "-S", *options, values["tree"])
    people = _person("AUTHOR", values["author"]) | _person("COMMITTER", values["committer"])
    # The lock's descriptor is not for it: a gpg-agent that it starts would keep the desk locked.
    done = repository.attempt(*FSYNC, *_UTF8, *command, stdin=message, env=people)
    if done.returncode:
        raise _refused(done.stderr, required=required)
    return done.stdout.decode().strip()


def _person(role: str, line: str) -> dict[str, str]:
    """An author or committer line as git takes it from the environment."""
    found = _PERSON.fullmatch(line)
    assert found, line
    name, email, at, zone = found.groups()
    return {
        f"GIT_{role}_NAME": name or email,  # git makes no commit for nobody
        f"GIT_{role}_EMAIL": email,
        f"GIT_{role}_DATE": f"@{at} {zone}",
    }


def _refused(stderr: bytes, *, required: bool) -> HdError:
    words = [
        line.removeprefix("fatal: ").removeprefix("error: ").strip(" ?\r")
        for line in stderr.decode("utf-8", "replace").splitlines()
    ]
    reason = next((each for each in words if each and each != "error:"), "no reason given")
    why = "as this desk requires" if required else "as commit.gpgSign asks"
    return Refused(f"the commit can't be signed, {why}: {reason}", _REMEDY)
