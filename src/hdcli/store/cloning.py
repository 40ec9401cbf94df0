"""Cloning a desk: by ``git clone``, whose progress, questions and errors are git's own.

Nothing is left behind where it fails, is stopped, or brings what is no desk.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hdcli.errors import BadUsage, NotADesk, Refused
from hdcli.store import create, transport
from hdcli.store.discover import BRANCHES, discover
from hdcli.store.git import Repository, environment

Tell = Callable[[str, bool], object]
"""Shown a line of git's progress, and whether the next one comes below it."""

_PROGRESS = re.compile(
    r"(?:remote: )?(?:Enumerating|Counting|Compressing|Receiving|Resolving|Updating|Filtering) "
)
_LINE = re.compile(rb"[^\r\n]*[\r\n]")


@dataclass(frozen=True, slots=True)
class Source:
    """What to clone, with git's own options: only ``depth`` commits, only what ``filter`` lets."""

    url: str
    depth: int | None = None
    filter: str = ""
    bare: bool = False

    def options(self) -> list[str]:
        """As git-clone(1) takes them."""
        found = [] if self.depth is None else [f"--depth={self.depth}"]
        found += [f"--filter={self.filter}"] if self.filter else []
        return found + (["--bare"] if self.bare else [])

    def folder(self) -> str:
        """The folder's name that git would choose (git-clone(1)). Raises BadUsage."""
        name = re.split("[/:]", self.url.rstrip("/").removesuffix("/.git").rstrip("/"))[-1]
        name = name.removesuffix(".bundle").removesuffix(".git").strip()
        if name in ("", ".", ".."):
            raise BadUsage("the URL does not name the folder", "hd clone URL DIR does")
        return f"{name}.git" if self.bare else name


def clone(source: Source, folder: Path, tell: Tell | None, *, prompt: bool) -> list[str]:
    """Clones a desk into a folder that is missing or empty; gives git's warnings.

    Raises Refused, NotADesk, RemoteFailed; then the folder is as it was.
    """
    if not create.is_empty(folder):
        raise Refused(f"{folder} is not empty", "name another folder: hd clone URL DIR")
    create.surrounding(folder)
    there = folder.exists()
    try:
        warnings = _run(source, folder, tell, prompt=prompt)
        _show_desk(source, folder)
    except BaseException:
        create.empty(folder)
        if not there:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return warnings


def _run(source: Source, folder: Path, tell: Tell | None, *, prompt: bool) -> list[str]:
    progress = ["--progress"] if tell else []
    start = create.existing(folder)
    process = subprocess.Popen(
        ["git", "clone", *progress, *source.options(), "--", source.url, str(folder)],
        stdin=None if prompt else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(**transport.variables(start, prompt=prompt)),
    )
    assert process.stderr is not None
    said: list[str] = []
    try:
        for text, end in _lines(process.stderr):
            if _PROGRESS.match(text):
                if tell:
                    tell(text, end)
            else:
                said.append(text)
        code = process.wait()
    except BaseException:
        process.terminate()  # git takes away what it had begun
        process.wait()
        raise
    finally:
        process.stderr.close()
    if code:
        raise transport.failed(f"can't clone {source.url}", "\n".join(said).encode())
    return [text for text in said if text.startswith("warning: ")]


def _lines(stream: IO[bytes]) -> Iterator[tuple[str, bool]]:
    """The lines of git's error output as they come; of progress, each state of a line."""
    rest = b""
    while chunk := stream.read1(65536):  # type: ignore[attr-defined]
        rest += chunk
        end = 0
        for found in _LINE.finditer(rest):
            end = found.end()
            yield found[0][:-1].decode("utf-8", "replace"), found[0].endswith(b"\n")
        rest = rest[end:]
    if rest:
        yield rest.decode("utf-8", "replace"), True


def _show_desk(source: Source, folder: Path) -> None:
    """Sees to it that the clone has the desk's branch, whatever its host shows first.

    Raises NotADesk.
    """
    with suppress(NotADesk):
        discover(folder)
        return
    git_dir = (folder if source.bare else folder / ".git").resolve()
    made = Repository(git_dir, git_dir, None if source.bare else folder.resolve())
    remote = made.text("remote")
    for branch in BRANCHES:
        name = f"refs/remotes/{remote}/{branch}:desk.yaml"
        if not source.bare and made.attempt("rev-parse", "-q", "--verify", name).returncode == 0:
            made.run("switch", "-q", branch)
            return
    if not made.attempt("rev-list", "-n1", "--all").stdout:
        url = transport.shown(source.url)
        raise NotADesk(f"{url} is empty", "hd init makes a desk, git push brings it there")
    wanted = " or ".join(BRANCHES)
    raise NotADesk(f"{transport.shown(source.url)} is no desk: no desk.yaml on its branch {wanted}")
