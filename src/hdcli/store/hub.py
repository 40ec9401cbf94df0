"""A bare repository that people push to: what a push brings, and the hook that has it judged."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from hdcli.errors import BadUsage, Conflict, NotADesk
from hdcli.store.discover import BRANCHES, repository_at
from hdcli.store.git import Repository

HEADS = "refs/heads/"
OUTRUN = "others pushed meanwhile"
"""What a push is refused with that is good, but no longer upon what there is."""

_HOOK = "pre-receive"
_OURS = "-m hdcli hub receive"
# Where the objects of a push lie while its hook runs (git-receive-pack(1), Quarantine Environment).
_QUARANTINE = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH")
_CONFIG = {
    "receive.fsckObjects": "true",
    "core.logAllRefUpdates": "true",
    "uploadpack.allowFilter": "true",
}


class Update(NamedTuple):
    """A ref that a push moves; ``old`` and ``new`` are empty where there is or will be none."""

    old: str
    new: str
    ref: str

    @property
    def branch(self) -> str:
        """The branch's name; empty for any other ref."""
        return self.ref.removeprefix(HEADS) if self.ref.startswith(HEADS) else ""


def updates(lines: Iterable[str]) -> list[Update]:
    """What git tells a pre-receive hook, a ref a line. Raises BadUsage."""
    found = []
    for line in lines:
        parts = line.rstrip("\n").split(" ", 2)
        if len(parts) != 3 or not all(set(each) <= set("0123456789abcdef") for each in parts[:2]):
            raise BadUsage("this is for git to run, as the pre-receive hook", "hd hub install")
        old, new = ("" if not each.strip("0") else each for each in parts[:2])
        found.append(Update(old, new, parts[2]))
    return found


def in_hook(start: Path, variables: Mapping[str, str]) -> Repository:
    """The repository whose hook this is, with the objects of the push. Raises NotADesk."""
    place = tuple((name, variables[name]) for name in _QUARANTINE if name in variables)
    return replace(repository_at(start), variables=place)


def desk_branch(repository: Repository, pushed: Iterable[Update]) -> tuple[str, str]:
    """The branch that is the desk, and its commit before the push (empty: there was none)."""
    there = tips(repository)
    for branch in BRANCHES:
        if branch in there:
            return branch, there[branch]
    made = {each.branch for each in pushed}
    return next((branch for branch in BRANCHES if branch in made), BRANCHES[0]), ""


def tips(repository: Repository) -> dict[str, str]:
    """The commit of every branch."""
    lines = repository.text("for-each-ref", "--format=%(objectname) %(refname)", HEADS)
    pairs = (line.split(" ", 1) for line in lines.splitlines())
    return {ref.removeprefix(HEADS): commit for commit, ref in pairs}


def script() -> str:
    """The hook: the Python that runs now, else hd on whatever machine the hook runs."""
    return f"""#!/bin/sh
# Has every push to this desk judged; written by hd hub install.
python={quote(sys.executable)}
test -x "$python" && exec "$python" -P {_OURS}
exec hd hub receive
"""


def install(repository: Repository) -> Path:
    """Puts the hook where git looks for it, or beside those of a git host; gives its place.

    Raises NotADesk, Conflict where it would replace somebody's.
    """
    if repository.work_tree is not None:
        where = repository.work_tree
        raise NotADesk(
            f"{where} has a work tree: people push to a bare repository", "hd init --bare"
        )
    place = _place(repository)
    place.parent.mkdir(exist_ok=True)
    scratch = place.with_name(f".{place.name}.new")
    scratch.write_text(script(), encoding="utf-8")
    scratch.chmod(0o755)
    os.replace(scratch, place)
    for name, value in _CONFIG.items():
        repository.run("config", "--local", name, value)
    return place


def installed(repository: Repository) -> Path | None:
    """The hook that ``install`` wrote; None where git would run none of ours."""
    hooks = _hooks(repository)
    places = (hooks / _HOOK, hooks / f"{_HOOK}.d" / "hd")
    return next((each for each in places if is_ours(each) and os.access(each, os.X_OK)), None)


def _hooks(repository: Repository) -> Path:
    return repository.git_dir / repository.text("rev-parse", "--git-path", "hooks")


def _place(repository: Repository) -> Path:
    hooks = _hooks(repository)
    if repository.git_dir.resolve() not in hooks.resolve().parents:
        said = f"core.hooksPath leads to {hooks}, which is not this repository's alone"
        raise Conflict(said, f"let the hook there run: {_command()}")
    place = hooks / _HOOK
    if not os.path.lexists(place) or is_ours(place):
        return place
    if (hooks / f"{_HOOK}.d").is_dir():  # as Gitea and Forgejo do
        return hooks / f"{_HOOK}.d" / "hd"
    raise Conflict(f"{place} is there already", f"let it run: {_command()}")


def is_ours(place: Path) -> bool:
    """Whether a hook is one that ``install`` wrote."""
    try:
        return not place.is_symlink() and _OURS in place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _command() -> str:
    return f"{quote(sys.executable)} -P {_OURS}"
