"""Running git: one runner, one reader of objects, the place of a repository.

Plumbing by process is 2 ms where GitPython's import is 60; GitPython serves where its API earns
that (setting up, checking). Nothing here changes the folder of the process.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from hdcli.errors import HdError, RemoteFailed

# A hook or an alias that runs hd must not redirect it to its own index or object store
# (`git rev-parse --local-env-vars`).
_LOCAL_ENV = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_WORK_TREE",
)
# What a user's configuration must not change: how git prints what hd reads.
_AS_WRITTEN = (
    "-c",
    "core.quotePath=false",
    "-c",
    "i18n.logOutputEncoding=UTF-8",
    "-c",
    "trailer.separators=:",
    "-c",
    "log.showSignature=false",
)
_DAMAGE = (b" is corrupt", b"unable to read tree", b"Could not read ")
_INDEX_DAMAGE = (b"Unable to write new index file", b"index file corrupt", b"index file smaller")
NO_GIT = ("git is not installed", "install git 2.39 or newer")


class GitFailed(HdError):
    """git refused; its own words are the message."""


def environment(**more: str) -> dict[str, str]:
    """The environment for git: ours without what binds it to another repository, in English."""
    env = {name: value for name, value in os.environ.items() if name not in _LOCAL_ENV}
    env.update(LC_ALL="C.UTF-8", GIT_OPTIONAL_LOCKS="0", **more)
    return env


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a repository keeps what: the folders of git, and the work tree (None when bare).

    ``variables`` are what every git on it has to know besides: inside a hook, where the objects of
    a push lie until it is accepted.
    """

    git_dir: Path
    common_dir: Path
    work_tree: Path | None
    hash: str = "sha1"
    variables: tuple[tuple[str, str], ...] = ()

    def environment(self, **more: str) -> dict[str, str]:
        """The environment for a git that works on this."""
        return environment(**{**dict(self.variables), **more})

    @property
    def no_object(self) -> str:
        """How this repository writes "no object": zeros, as many as an id of it has digits."""
        return "0" * (64 if self.hash == "sha256" else 40)

    @property
    def local(self) -> Path:
        """Everything of hd that is derived or local to this clone."""
        return self.common_dir / "hd"

    def git(self, *args: str) -> list[str]:
        """The command line of a git command on this repository."""
        place = ["git", f"--git-dir={self.git_dir}"]
        if self.work_tree is not None:
            place.append(f"--work-tree={self.work_tree}")
        return [*place, *_AS_WRITTEN, *args]

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        env: dict[str, str] | None = None,
        keep: Sequence[int] = (),
    ) -> bytes:
        """What git printed. ``keep`` are descriptors that it inherits. Raises GitFailed."""
        done = self.attempt(*args, stdin=stdin, env=env, keep=keep)
        if done.returncode:
            raise failure(args, done.stderr)
        return done.stdout

    def attempt(
        self,
        *args: str,
        stdin: bytes = b"",
        env: dict[str, str] | None = None,
        keep: Sequence[int] = (),
    ) -> subprocess.CompletedProcess[bytes]:
        """The same, whatever its exit code."""
        return subprocess.run(
            self.git(*args),
            input=stdin,
            capture_output=True,
            env=self.environment(**(env or {})),
            cwd=self.work_tree or self.git_dir,
            pass_fds=tuple(keep),
            check=False,
        )

    def start(
        self, *args: str, env: dict[str, str] | None = None, keep: Sequence[int] = ()
    ) -> subprocess.Popen[bytes]:
        """git at work on this, its output thrown away; for ``at_work``."""
        return subprocess.Popen(
            self.git(*args),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=self.environment(**(env or {})),
            cwd=self.work_tree or self.git_dir,
            pass_fds=tuple(keep),
        )

    def text(self, *args: str) -> str:
        """What git printed, as text without the last line end."""
        return self.run(*args).decode("utf-8", "replace").rstrip("\n")

    def lines(self, *args: str) -> Generator[bytes, None, None]:
        """The output of a long command line by line, as it comes. Raises GitFailed at the end.

        Close it to stop the command before its end.
        """
        with subprocess.Popen(
            self.git(*args),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
            cwd=self.work_tree or self.git_dir,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            yield from process.stdout
            error = process.stderr.read()
        if process.returncode:
            raise failure(args, error)


def failure(args: Sequence[str], stderr: bytes) -> HdError:
    """The error for a git that failed: GitFailed, or RemoteFailed over what the host keeps."""
    if b"from promisor remote" in stderr:
        return _lacking()
    damaged = any(words in stderr for words in _DAMAGE)
    remedy = "hd fsck says what is damaged" if damaged else ""
    if any(words in stderr for words in _INDEX_DAMAGE):
        remedy = "hd doctor says why"
    return GitFailed(f"git {_command(args)} failed: {said(stderr)}", remedy)


def _lacking() -> RemoteFailed:
    return RemoteFailed(
        "this clone lacks a file that its host keeps (it was made with --filter)",
        "go online, or git fetch says what is wrong",
    )


def _command(args: Sequence[str]) -> str:
    """The command among git's arguments, behind the settings for this call."""
    while args[0] == "-c":
        args = args[2:]
    return args[0]


def said(stderr: bytes) -> str:
    """What git's error output says, on one line: its (last) fatal line, else its last words."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    words = (fatal or lines or ["no reason given"])[-1]
    return words.removeprefix("fatal: ").removeprefix("error: ")


@dataclass(frozen=True, slots=True)
class Place:
    """A desk as git knows it: the branch that hd writes to, its commit, the blob of desk.yaml."""

    repository: Repository
    branch: str
    head: str
    settings_blob: str


class Objects:
    """Reading objects through one ``git cat-file --batch``; close it, or use it in a ``with``."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process = subprocess.Popen(
            repository.git("cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=repository.environment(),
            cwd=repository.work_tree or repository.git_dir,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):  # it ended already
                _pipe(pipe).close()
        self._process.wait()

    def read(self, name: str, limit: int | None = None) -> tuple[str, str, bytes] | None:
        """Object id, type and content of what ``name`` resolves to; None when it is missing.

        Of an object larger than ``limit`` bytes only the first ``limit`` + 1 are returned.
        """
        if "\n" in name:
            return None
        self._ask([name])
        return self._answer(limit)

    def many(self, names: Iterable[str], limit: int | None = None) -> Iterator[bytes | None]:
        """The contents of many objects in their order, asked for in small groups."""
        group: list[str] = []
        for name in names:
            group.append(name)
            if len(group) == 64:
                yield from self._contents(group, limit)
                group = []
        yield from self._contents(group, limit)

    def _contents(self, names: list[str], limit: int | None) -> Iterator[bytes | None]:
        if names:
            self._ask(names)
        for _ in names:
            answer = self._answer(limit)
            yield answer[2] if answer else None

    def _ask(self, names: list[str]) -> None:
        pipe = _pipe(self._process.stdin)
        try:
            pipe.write("".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape"))
            pipe.flush()
        except BrokenPipeError:
            raise self._stopped() from None

    def _answer(self, limit: int | None) -> tuple[str, str, bytes] | None:
        pipe = _pipe(self._process.stdout)
        header = pipe.readline().decode("utf-8", "surrogateescape").rstrip("\n")
        if not header:
            raise self._stopped()
        parts = header.rsplit(" ", 2)
        if len(parts) != 3 or not parts[2].isdecimal():
            return None  # "NAME missing" or "NAME ambiguous"
        size = int(parts[2])
        keep = size if limit is None else min(size, limit + 1)
        content = pipe.read(keep)
        left = size - keep
        while left > 0 and (more := pipe.read(min(left, 65536))):
            left -= len(more)
        if pipe.read(1) != b"\n":  # git found in the middle of it that the object is damaged
            raise GitFailed(f"git can't read object {parts[0][:10]}", "hd fsck says what is in it")
        return parts[0], parts[1], content

    def _stopped(self) -> HdError:
        from hdcli.store.partial import is_partial

        if is_partial(self._repository):
            return _lacking()
        return GitFailed("git cat-file stopped", "hd fsck says why")


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
