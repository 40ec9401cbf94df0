"""Making commits with git fast-import(1): trees in milliseconds at any size, one commit or many."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hdcli.errors import HdError
from hdcli.store.git import GitFailed, Repository, environment, said

# Objects and refs are on disk, not only on their way, before a write is acknowledged.
FSYNC = ("-c", "core.fsync=committed")
_SCRATCH = "refs/hd/write"


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
        name = path.encode("utf-8", "surrogateescape")
        if data is None:
            lines.append(b"D " + name + b"\n")
        else:
            lines.append(b"M 100644 inline " + name + b"\ndata %d\n" % len(data))
            lines.append(data + b"\n")
    lines.append(b"\n")
    return b"".join(lines)


def run(
    repository: Repository, stream: Sequence[bytes], marks: Sequence[int], keep: Sequence[int] = ()
) -> dict[int, str]:
    """Makes the commits of a stream; gives the ids of those marked ``marks``.

    They hang on no branch. ``keep`` are descriptors that git inherits. Raises GitFailed.
    """
    tail = "".join(f"get-mark :{mark}\n" for mark in marks)
    tail += f"reset {_SCRATCH}\nfrom {repository.no_object}\n\ndone\n"
    done = subprocess.run(
        repository.git(*FSYNC, "fast-import", "--quiet", "--done", "--date-format=raw"),
        input=b"".join([*stream, tail.encode()]),
        capture_output=True,
        env=environment(),
        cwd=repository.git_dir,
        pass_fds=tuple(keep),
        check=False,
    )
    if done.returncode:
        raise _failed(done.stderr)
    return dict(zip(marks, done.stdout.decode().split(), strict=True))


def _failed(stderr: bytes) -> HdError:
    for line in stderr.decode("utf-8", "replace").splitlines():
        if line.startswith(("fatal:", "error:")):
            return GitFailed(f"git can't store the change: {line.partition(':')[2].strip()}")
    return GitFailed(f"git can't store the change: {said(stderr)}")
