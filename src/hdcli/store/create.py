"""Making the repository of a desk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hdcli.errors import NotADesk
from hdcli.store import fastimport, journal, refs, worktree
from hdcli.store.discover import BRANCHES, discover
from hdcli.store.fastimport import Signature
from hdcli.store.git import Place, Repository

# Local settings of every clone: the graph that makes `git log -- FILE` fast keeps its filters.
CONFIG = {
    "commitGraph.changedPaths": "true",
    "gc.writeCommitGraph": "true",
}


def is_desk(folder: Path) -> bool:
    """Whether ``folder`` is (the top of) a desk already."""
    if not folder.is_dir():
        return False
    try:
        place = discover(folder)
    except NotADesk:
        return False
    top = place.repository.work_tree or place.repository.git_dir
    return top.resolve() == folder.resolve()


def repository(
    folder: Path, files: Mapping[str, bytes], message: str, author: Signature, *, bare: bool
) -> Place:
    """A repository with one commit on main; an existing one without main gets that branch."""
    from git import Repo
    from git.exc import GitError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        has_git = (folder / ".git").exists() or (folder / "HEAD").exists()
        if not has_git:
            Repo.init(folder, bare=bare, initial_branch=BRANCHES[0]).close()
        repo = Repo(folder)
        with repo, repo.config_writer() as config:
            for name, value in CONFIG.items():
                section, _, option = name.partition(".")
                config.set_value(section, option, value)
    except GitError as error:
        raise NotADesk(f"git can't make a repository in {folder}: {error}") from None
    except OSError as error:
        raise NotADesk(f"can't make a desk in {folder}: {error.strerror}") from None
    work_tree = None if repo.bare else Path(str(repo.working_tree_dir)).resolve()
    made = Repository(Path(repo.git_dir).resolve(), Path(repo.common_dir).resolve(), work_tree)
    made = replace(made, hash=made.text("rev-parse", "--show-object-format"))
    return _first_commit(made, files, message, author)


def _first_commit(
    made: Repository, files: Mapping[str, bytes], message: str, author: Signature
) -> Place:
    for name in BRANCHES:
        done = made.attempt("rev-parse", "-q", "--verify", f"refs/heads/{name}")
        if done.returncode == 0:
            raise NotADesk(
                f"{made.work_tree or made.git_dir} has a branch '{name}' that is no desk",
                "choose another folder: a desk is a repository of its own",
            )
    if made.work_tree is not None:
        for path in files:
            worktree.require_unedited(made.work_tree, path, None)
    made.local.mkdir(exist_ok=True)
    stream = [fastimport.commit(1, message, author, author, None, files)]
    commit = fastimport.run(made, stream, [1])[1]
    refs.create(made, BRANCHES[0], commit)
    place = discover(made.work_tree or made.git_dir)
    if made.work_tree is not None:
        made.attempt("symbolic-ref", "HEAD", f"refs/heads/{BRANCHES[0]}")
        for path, data in files.items():
            worktree.write(made.work_tree, path, data)
        tree = made.run("ls-tree", "-z", commit).decode().split("\0")
        entries = [(line.partition("\t")[2], line.split()[2]) for line in tree if line]
        worktree.update_index(made, entries, ())
    journal.clear(made.local)
    return place


def is_empty(folder: Path) -> bool:
    """Whether a folder is missing or holds nothing."""
    return not folder.exists() or (folder.is_dir() and not any(os.scandir(folder)))
