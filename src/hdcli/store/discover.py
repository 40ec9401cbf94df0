"""Finding the desk around a folder: one ``git rev-parse`` where nothing is out of the ordinary."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from hdcli.errors import NotADesk
from hdcli.store.git import NO_GIT, Place, Repository, environment, said

# The desk's branch is the first of these that exists.
BRANCHES = ("main", "master")
_PLAIN = ("--is-bare-repository", "--is-inside-git-dir", "--show-object-format")
_FOLDERS = ("--absolute-git-dir", "--git-common-dir", "--show-toplevel")
_ABSOLUTE = "--path-format=absolute"
_LOOK = "hd doctor looks closer"
_OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def discover(start: Path) -> Place:
    """The desk around ``start``, a folder in its work tree or its git folder. Raises NotADesk."""
    branch = BRANCHES[0]
    repository, found = _locate(start, branch)
    if len(found) < 2:
        other = _tip(repository, BRANCHES[1])
        if len(other) == 2:
            branch, found = BRANCHES[1], other
    if len(found) == 2:
        return Place(repository, branch, found[0], found[1])
    where = repository.work_tree or repository.git_dir
    if found:
        raise NotADesk(
            f"{where} is a git repository, but its branch '{branch}' has no desk.yaml", _LOOK
        )
    for each in BRANCHES:
        names = repository.text("for-each-ref", "--format=%(refname)", f"refs/remotes/*/{each}")
        files = [f"{name}:desk.yaml" for name in names.splitlines()]
        if files and repository.text("rev-parse", "--revs-only", *files):
            raise NotADesk(f"{where} has no branch '{each}' yet", f"git switch {each}")
    raise NotADesk(f"{where} is a git repository but no desk", "hd init makes it one")


def repository_at(start: Path) -> Repository:
    """The git repository around ``start``, whether it is a desk or not yet. Raises NotADesk."""
    return _locate(start, "")[0]


def _tip(repository: Repository, branch: str) -> list[str]:
    name = f"refs/heads/{branch}"
    return repository.text("rev-parse", "--revs-only", name, f"{name}:desk.yaml").split()


def _locate(start: Path, branch: str) -> tuple[Repository, list[str]]:
    """The repository around ``start``; the commit of ``branch`` and its desk.yaml where there.

    Without a branch git looks at no object, and damaged ones don't matter.
    """
    name = f"refs/heads/{branch}"
    revisions = ["--revs-only", name, f"{name}:desk.yaml"] if branch else []
    done = _rev_parse(start, [*_PLAIN, _ABSOLUTE, *_FOLDERS, *revisions])
    bare, inside, *_ = [*done.stdout.split(b"\n", 2), b"", b""]
    folders = list(_FOLDERS)
    if done.returncode and bare == b"true":
        folders.remove("--show-toplevel")
        done = _rev_parse(start, [*_PLAIN, _ABSOLUTE, *folders, *revisions])
    elif done.returncode and inside == b"true":
        return _locate(_work_tree_of(start), branch)
    if done.returncode:
        raise _no_desk(start, done.stderr)
    lines = _lines(done.stdout)
    found: list[str] = []
    while len(lines) > len(_PLAIN) + len(folders) and _OBJECT.fullmatch(lines[-1]):
        found.insert(0, lines.pop())
    places = lines[len(_PLAIN) :]
    if len(places) != len(folders):  # there is a line end in a folder's name
        places = [_one(start, question) for question in folders]
    top = Path(places[2]) if len(places) == len(_FOLDERS) else None
    return Repository(Path(places[0]), Path(places[1]), top, lines[2]), found


def _lines(output: bytes) -> list[str]:
    return output.decode("utf-8", "surrogateescape").split("\n")[:-1]


def _one(start: Path, question: str) -> str:
    return "\n".join(_lines(_rev_parse(start, [_ABSOLUTE, question]).stdout))


def _work_tree_of(inside: Path) -> Path:
    """The work tree of the git folder that ``inside`` is in: its parent, or of a linked one."""
    git_dir = Path(_one(inside, "--absolute-git-dir"))
    try:
        linked = os.fsdecode((git_dir / "gitdir").read_bytes()).rstrip("\n")
    except OSError:
        linked = str(git_dir)
    top = Path(linked).parent
    if Path(linked).name != ".git" or not top.is_dir():
        raise NotADesk(f"{inside} is inside git's own folder", "go to the desk's folder")
    return top


def _no_desk(start: Path, stderr: bytes) -> NotADesk:
    if b"dubious ownership" in stderr:
        from shlex import quote

        where = str(start.resolve())
        return NotADesk(
            f"{where} belongs to another user",
            f"git config --global --add safe.directory {quote(where)}",
        )
    if b"not a git repository" in stderr:
        if (start / ".git").exists():
            return NotADesk("git can't use the repository here", _LOOK)
        return NotADesk(
            "no desk here", "hd init makes one; hd --desk DIR or HD_DESK names one elsewhere"
        )
    return NotADesk(f"no desk here: {said(stderr)}", _LOOK)


def _rev_parse(start: Path, questions: list[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "rev-parse", *questions],
            capture_output=True,
            env=environment(),
            cwd=start,
            check=False,
        )
    except FileNotFoundError as error:
        if error.filename == "git":
            raise NotADesk(*NO_GIT) from None
        raise NotADesk(f"no folder {start}") from None
    except (NotADirectoryError, PermissionError) as error:
        raise NotADesk(f"{start}: {error.strerror}") from None
