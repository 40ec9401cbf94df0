"""What everything of a desk hangs on: HEAD, and the commit that the desk's branch is at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from hdcli.store import skeleton
from hdcli.store.discover import BRANCHES
from hdcli.store.git import Repository

_OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = "ref: refs/heads/"
State = Literal["sound", "damaged", "missing", "unborn", "unreadable", "no desk"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The desk's branch. ``damaged``: its ref can't be read; ``missing``: others know it, this
    clone has no ref; ``unborn``: no trace of it; ``unreadable``: its commit, tree or desk.yaml is.

    ``commit`` is where it is or, by ``source``, where it was; ``shown`` the branch of HEAD, empty
    for a detached one.
    """

    branch: str
    state: State
    commit: str = ""
    source: str = ""
    shown: str = ""


def anchor(repository: Repository) -> Anchor:
    """Looks at HEAD and the desk's branch, whatever state they are in."""
    shown = _shown(repository)
    for branch in BRANCHES:
        commit = _read(repository, branch)
        if commit:
            return Anchor(branch, _content(repository, commit), commit, "", shown)
    for branch in BRANCHES:
        there = (repository.common_dir / "refs" / "heads" / branch).is_file()
        for commit, source in _known(repository, branch):
            return Anchor(branch, "damaged" if there else "missing", commit, source, shown)
        if there:
            return Anchor(branch, "damaged", "", "", shown)
    return Anchor(BRANCHES[0], "unborn", "", "", shown)


def restore(repository: Repository, found: Anchor, keep: Sequence[int]) -> str:
    """Puts the branch where it was. Under the desk's lock. Raises GitFailed, OSError."""
    ref = f"refs/heads/{found.branch}"
    with skeleton.aside(repository, [repository.common_dir / ref]):
        repository.run("update-ref", "-m", "hd doctor", ref, found.commit, keep=keep)
    remote, _, branch = found.source.partition("/")
    if branch == found.branch and _config(repository, f"branch.{branch}.merge") == "":
        repository.run("config", f"branch.{branch}.remote", remote)
        repository.run("config", f"branch.{branch}.merge", ref)
    return f"branch '{found.branch}' is at {found.commit[:10]} again, as {found.source} has it"


def _shown(repository: Repository) -> str:
    with suppress(OSError):
        text = (repository.git_dir / "HEAD").read_text("utf-8", "surrogateescape")
        if text.startswith(_REF):
            return text.removeprefix(_REF).rstrip("\n")
    return ""


def _read(repository: Repository, branch: str) -> str:
    how = ("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}")
    text = repository.attempt(*how).stdout.decode().strip()
    return text if _OBJECT.fullmatch(text) and text != repository.no_object else ""


def _content(repository: Repository, commit: str) -> State:
    done = repository.attempt("ls-tree", commit, "desk.yaml")
    if done.returncode:
        return "unreadable"
    fields = done.stdout.split()
    if len(fields) < 3:
        return "no desk"
    read = repository.attempt("cat-file", "blob", fields[2].decode())
    return "unreadable" if read.returncode else "sound"


def _known(repository: Repository, branch: str) -> Iterator[tuple[str, str]]:
    """Where the branch was, newest first: by its reflog, else as of the last fetch or push."""
    log = repository.common_dir / "logs" / "refs" / "heads" / branch
    with suppress(OSError):
        for entry in reversed(log.read_text("utf-8", "replace").splitlines()):
            words = entry.split(" ", 2)
            commit = words[1] if len(words) > 2 else ""
            if _OBJECT.fullmatch(commit) and _is_commit(repository, commit):
                yield commit, "the reflog"
    form = "--format=%(objectname) %(refname:lstrip=2)"
    refs = repository.attempt("for-each-ref", form, f"refs/remotes/*/{branch}").stdout.decode()
    for line in refs.splitlines():
        commit, _, name = line.partition(" ")
        if _is_commit(repository, commit):
            yield commit, name


def _is_commit(repository: Repository, commit: str) -> bool:
    if commit == repository.no_object:
        return False
    return repository.attempt("cat-file", "-e", f"{commit}^{{tree}}").returncode == 0


def _config(repository: Repository, name: str) -> str:
    return repository.attempt("config", "--local", "--get", name).stdout.decode().strip()
