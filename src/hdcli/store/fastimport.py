"""Making commits with git fast-import(1): trees in milliseconds at any size, one commit or many."""

from __future__ import annotations

import subprocess
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Thread

from hdcli.errors import HdError
from hdcli.store.feeding import ended, feed
from hdcli.store.git import GitFailed, Repository, environment, said

# Objects and refs are on disk, not only on their way, before a write is acknowledged.
FSYNC = ("-c", "core.fsync=committed")
# Packs grow by 0.4 % and are made 5 % faster.
_FAST = ("-c", "pack.compression=1")
# zlib's buffers come and go with every object: a glibc that keeps them saves a fifth (mallopt(3)).
_ROOMY = {"MALLOC_TOP_PAD_": "67108864"}
_SCRATCH = "refs/hd/write"
# The repository's hooks are for branches, and are asked when those move.
_NO_HOOKS = ("-c", "core.hooksPath=/dev/null")
# What would break out of a name's place in a commit.
_NEVER = str.maketrans("", "", "<>\n\0")
_MUCH = 1 << 16
# What a pipe takes at once on every system, without anybody reading from it.
_PIPE = 1 << 12


@dataclass(frozen=True, slots=True)
class Signature:
    """Who and when, as a commit has it: the instant in seconds since 1970, UTC."""

    name: str
    email: str
    at: int

    def not_before(self, at: int) -> Signature:
        """The same, not earlier than ``at``."""
        return self if self.at >= at else replace(self, at=at)

    def line(self) -> bytes:
        """As a commit object has it, without what would break out of the line."""
        who = f"{self.name.translate(_NEVER).strip()} <{self.email.translate(_NEVER).strip()}>"
        return f"{who} {self.at} +0000".encode("utf-8", "replace")


def commit(
    mark: int,
    message: str,
    author: Signature,
    committer: Signature,
    parent: str | None,
    changes: Mapping[str, bytes | None],
    merges: str = "",
    stored: Mapping[str, tuple[str, str] | None] | None = None,
    executable: Container[str] = (),
) -> bytes:
    """The commands of one commit; without ``parent`` it follows the one before in the stream.

    ``merges`` is a second parent, ``stored`` are files whose mode and blob git has already;
    ``executable`` are those of ``changes`` that can be run.
    """
    text = message.encode("utf-8", "replace")
    lines = [
        f"commit {_SCRATCH}\nmark :{mark}\n".encode(),
        b"author " + author.line() + b"\n",
        b"committer " + committer.line() + b"\n",
        b"data %d\n" % len(text) + text + b"\n",
    ]
    if parent:
        lines.append(f"from {parent}\n".encode())
    if merges:
        lines.append(f"merge {merges}\n".encode())
    lines += [_stored(path, file) for path, file in (stored or {}).items()]
    for path, data in changes.items():
        name = _path(path)
        if data is None:
            lines.append(b"D " + name + b"\n")
        else:
            mode = b"100755" if path in executable else b"100644"
            lines.append(b"M " + mode + b" inline " + name + b"\ndata %d\n" % len(data))
            lines.append(data + b"\n")
    lines.append(b"\n")
    return b"".join(lines)


def _stored(path: str, file: tuple[str, str] | None) -> bytes:
    if file is None:
        return b"D " + _path(path) + b"\n"
    return f"M {file[0]} {file[1]} ".encode() + _path(path) + b"\n"


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
        self._feeder: _Feeder | None = None

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
        if self._feeder is None and len(data) < _PIPE:
            feed(self._process, data)
            return
        self._feeder = self._feeder or _Feeder(self._process)
        self._feeder.put(data)

    def end(self, marks: Sequence[int]) -> None:
        """There is no more; the ids of the commits marked ``marks`` will be asked for."""
        tail = "".join(f"get-mark :{mark}\n" for mark in marks)
        tail += f"reset {_SCRATCH}\nfrom {self._repository.no_object}\n\ndone\n"
        self._waiting.append(tail.encode())
        self.send()

    def made(self) -> list[str]:
        """The ids of the commits asked for, once all are stored. Raises GitFailed."""
        process, self._process = self._process, None
        assert process is not None
        assert process.stdout is not None
        with process.stdout as stream:
            found = stream.read().decode().split()  # while the feeder may still be writing
        if self._feeder is not None:
            self._feeder.end()
        error = ended(process)
        if process.returncode:
            raise _failed(error)
        return found

    def drop(self) -> None:
        """Ends the stream without its commits."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            if self._feeder is not None:
                self._feeder.end()
            process.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        command = ("fast-import", "--quiet", "--done", "--date-format=raw")
        return subprocess.Popen(
            self._repository.git(*FSYNC, *_NO_HOOKS, *_FAST, *command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(**_ROOMY),
            cwd=self._repository.git_dir,
            pass_fds=self._keep,
        )


class _Feeder:
    """Writes to a process while this one goes on: a pipe holds little, and git takes its time."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        from queue import SimpleQueue

        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread = Thread(target=self._run, args=(process,), daemon=True)
        self._thread.start()

    def put(self, data: bytes) -> None:
        """More to write."""
        self._queue.put(data)

    def end(self) -> None:
        """Waits until all is written, or can't be."""
        self._queue.put(None)
        self._thread.join()

    def _run(self, process: subprocess.Popen[bytes]) -> None:
        while (data := self._queue.get()) is not None:
            feed(process, data)


class Nowhere(Stream):
    """Takes commits and forgets them: for a rehearsal."""

    def add(self, commands: bytes) -> None:
        """Forgets them."""


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
