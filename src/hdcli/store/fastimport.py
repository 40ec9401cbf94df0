"""Making commits with git fast-import(1): trees in milliseconds at any size, one commit or many."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hdcli.errors import HdError
from hdcli.store.git import GitFailed, Repository, environment, said

# Objects and refs are on disk, not only on their way, before a write is acknowledged.
FSYNC = ("-c", "core.fsync=committed")
_SCRATCH = "refs/hd/write"
_MUCH = 1 << 18


@dataclass(frozen=True, slots=True)
class Signature:
    """Who and when, as a commit has it: the instant in seconds since 1970, UTC."""

    name: str
    email: str
    at: int

    def line(self) -> bytes:
        """As a commit object has it, without what would break out of the line."""
        clean = str.maketrans("", "", "<>\n\0")
        who = f"{self.name.translate(clean).strip()} <{self.email.translate(clean).strip()}>"
        return f"{who} {self.at} +0000".encode("utf-8", "replace")


def commit(
    mark: int,
    message: str,
    author: Signature,
    committer: Signature,
    parent: str | None,
    changes: Mapping[str, bytes | None],
) -> bytes:
    """The commands of one commit; without ``parent`` it follows the one before in the stream."""
    text = message.encode("utf-8", "replace")
    lines = [
        f"commit {_SCRATCH}\nmark :{mark}\n".encode(),
        b"author " + author.line() + b"\n",
        b"committer " + committer.line() + b"\n",
        b"data %d\n" % len(text) + text + b"\n",
    ]
    if parent:
        lines.append(f"from {parent}\n".encode())
    for path, data in changes.items():
        name = _path(path)
        if data is None:
            lines.append(b"D " + name + b"\n")
        else:
            lines.append(b"M 100644 inline " + name + b"\ndata %d\n" % len(data))
            lines.append(data + b"\n")
    lines.append(b"\n")
    return b"".join(lines)


def _path(path: str) -> bytes:
    """A path as fast-import reads it: quoted as in C where it could be mistaken."""
    name = path.encode("utf-8", "surrogateescape")
    if name.startswith(b'"') or b"\n" in name:
        escaped = name.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
        return b'"' + escaped + b'"'
    return name


class Stream:
    """Commits on their way into the repository, where they hang on no branch.

    git starts when there is much to store, and stores it while more is being made.
    """

    def __init__(self, repository: Repository, keep: Sequence[int] = ()) -> None:
        """``keep`` are descriptors that git inherits."""
        self._repository = repository
        self._keep = tuple(keep)
        self._waiting: list[bytes] = []
        self._size = 0
        self._process: subprocess.Popen[bytes] | None = None

    def add(self, commands: bytes) -> None:
        """More of the stream. Raises GitFailed."""
        self._waiting.append(commands)
        self._size += len(commands)
        if self._size >= _MUCH:
            self.send()

    def send(self) -> None:
        """Lets git begin with what there is. Raises GitFailed."""
        if self._process is None:
            self._process = self._started()
        data = b"".join(self._waiting)
        self._waiting, self._size = [], 0
        pipe = self._process.stdin
        assert pipe is not None
        try:
            pipe.write(data)
            pipe.flush()
        except BrokenPipeError:
            raise _failed(self._process.communicate()[1]) from None

    def finish(self, marks: Sequence[int]) -> dict[int, str]:
        """Ends the stream; gives the ids of the commits marked ``marks``. Raises GitFailed."""
        self.send()
        process, self._process = self._process, None
        assert process is not None
        tail = "".join(f"get-mark :{mark}\n" for mark in marks)
        tail += f"reset {_SCRATCH}\nfrom {self._repository.no_object}\n\ndone\n"
        out, error = process.communicate(tail.encode())
        if process.returncode:
            raise _failed(error)
        return dict(zip(marks, out.decode().split(), strict=True))

    def drop(self) -> None:
        """Ends the stream without its commits."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._repository.git(*FSYNC, "fast-import", "--quiet", "--done", "--date-format=raw"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            cwd=self._repository.git_dir,
            pass_fds=self._keep,
        )


class Nowhere(Stream):
    """Takes commits and forgets them: for a rehearsal."""

    def add(self, commands: bytes) -> None:
        """Forgets them."""


def run(
    repository: Repository, stream: Iterable[bytes], marks: Sequence[int], keep: Sequence[int] = ()
) -> dict[int, str]:
    """Makes the commits of a stream; gives the ids of those marked ``marks``. Raises GitFailed."""
    commits = Stream(repository, keep)
    for commands in stream:
        commits.add(commands)
    return commits.finish(marks)


def blob_id(data: bytes, hash_name: str) -> str:
    """The id that git gives to a file's content (gitformat-pack's loose objects)."""
    import hashlib  # 2 ms

    return hashlib.new(
        hash_name, b"blob %d\0" % len(data) + data, usedforsecurity=False
    ).hexdigest()


def _failed(stderr: bytes) -> HdError:
    for line in stderr.decode("utf-8", "replace").splitlines():
        if line.startswith(("fatal:", "error:")):
            return GitFailed(f"git can't store the change: {line.partition(':')[2].strip()}")
    return GitFailed(f"git can't store the change: {said(stderr)}")
