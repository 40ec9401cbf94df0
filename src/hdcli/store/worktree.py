"""The files that people see: written whole, never over a hand edit, never through a link."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hdcli.errors import Conflict, NotADesk
from hdcli.store.feeding import at_work
from hdcli.store.git import Repository
from hdcli.store.underway import under_way

_REF = "ref: refs/heads/"


def require_writable(repository: Repository, branch: str) -> None:
    """Raises Conflict unless the work tree shows the desk's branch and nothing is half done.

    A bare repository has no work tree of its own; then none of its linked ones may show the branch.
    """
    waiting = under_way(repository)
    shown = _shown_branch(repository, repository.git_dir)
    for each in waiting:
        if each.blocks or not shown:
            raise Conflict(each.message, each.remedy)
    if repository.work_tree is not None and shown == branch:
        return
    elsewhere = _linked_tree_on(repository, branch)
    if elsewhere is not None:
        raise Conflict(f"the desk is checked out in {elsewhere}", "run hd there, or with --desk")
    if repository.work_tree is not None:
        where = f"on branch '{shown}'" if shown else "on a detached HEAD"
        raise Conflict(f"the work tree is {where}, hd writes to '{branch}'", f"git switch {branch}")


def _shown_branch(repository: Repository, git_dir: Path) -> str:
    """The branch that HEAD names; empty when it names none. Its file says so faster than git."""
    try:
        text = (git_dir / "HEAD").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    if text.startswith(_REF) and text.rstrip("\n") != f"{_REF}.invalid":
        return text.removeprefix(_REF).rstrip("\n")
    done = repository.attempt(f"--git-dir={git_dir}", "symbolic-ref", "-q", "HEAD")
    name = done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")
    return name.removeprefix("refs/heads/")


def _linked_tree_on(repository: Repository, branch: str) -> Path | None:
    """Another work tree of this repository that shows the branch (git-worktree(1))."""
    common = repository.common_dir
    main = [common] if common.name == ".git" and common != repository.git_dir else []
    for git_dir in (*main, *sorted(common.glob("worktrees/*"))):
        if git_dir != repository.git_dir and _shown_branch(repository, git_dir) == branch:
            top = common.parent if git_dir == common else _tree_of(git_dir)
            if top is not None and top.is_dir():
                return top
    return None


def _tree_of(git_dir: Path) -> Path | None:
    try:
        return Path(os.fsdecode((git_dir / "gitdir").read_bytes()).rstrip("\n")).parent
    except OSError:
        return None


def content(root: Path, path: str, limit: int = -1) -> bytes | None:
    """What the file holds; None when there is none. Raises Conflict for what is not a file.

    Of a file larger than ``limit`` bytes (-1: of any size) only the first ``limit`` + 1.
    """
    place = _safe(root, path)
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENXIO):
            raise NotADesk(f"can't read {path}: {error.strerror}") from None
        raise _no_file(path) from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise _no_file(path)
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(limit if limit < 0 else limit + 1)
    finally:
        os.close(descriptor)


def _no_file(path: str) -> Conflict:
    return Conflict(f"{path} is not a plain file", f"move it away, then git restore {path}")


def exists(root: Path, path: str) -> bool:
    """Whether anything is at a path. Raises Conflict for a link on the way to it."""
    return os.path.lexists(_safe(root, path))


class Deleted(Conflict):
    """A file is not where it was committed to be."""


def require_unedited(root: Path, path: str, committed: bytes | None) -> None:
    """Raises Conflict when the file is not as committed: somebody's edit would be lost."""
    present = content(root, path, len(committed or b""))
    if present == committed:
        return
    if present is None:
        raise Deleted(f"{path} was deleted by hand", f"git restore {path}")
    if committed is None:
        raise Conflict(f"{path} is in the way, and not in git", f"hd commit {path}, or move it")
    raise Conflict(
        f"{path} has hand edits that are not committed",
        f"hd commit {path} keeps them, git restore {path} drops them",
    )


def write(root: Path, path: str, data: bytes) -> None:
    """Puts a whole file in place at once (temporary file, then rename)."""
    place = _safe(root, path)
    folder, name = os.path.split(place)
    temporary = Path(folder, f".{name}.hd-new")
    try:
        descriptor = _create(temporary)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.replace(place)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise NotADesk(f"can't write {path}: {error.strerror}") from None


def make_folder(root: Path, path: str) -> None:
    """Makes the folder that a file lies in. Raises Conflict, NotADesk."""
    folder = os.path.dirname(_safe(root, path))
    if os.path.isdir(folder):
        return
    try:
        os.makedirs(folder, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise Conflict(f"no folder for {path}: a file is in the way", "move it away") from None
    except OSError as error:
        raise NotADesk(f"can't make {folder}: {error.strerror}") from None


def put(staged: str, root: Path, path: str) -> None:
    """Moves a file that is complete elsewhere in the repository to its place. Raises OSError."""
    place = _safe(root, path)
    try:
        os.replace(staged, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        write(root, path, Path(staged).read_bytes())  # the work tree is on another file system


def _create(place: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(place, flags, 0o666)
    except FileNotFoundError:
        place.parent.mkdir(parents=True, exist_ok=True)
        return os.open(place, flags, 0o666)


def remove(root: Path, path: str) -> None:
    """Removes a file and the folders that it leaves empty."""
    place = Path(_safe(root, path))
    place.unlink(missing_ok=True)
    for parent in place.parents:
        if parent == root:
            break
        try:
            parent.rmdir()
        except OSError:
            break


def _safe(root: Path, path: str) -> str:
    """The place of a path; Conflict when a folder on the way is a link that leads elsewhere."""
    parent = str(root)
    for part in path.split("/")[:-1]:
        parent = f"{parent}/{part}"
        if part in ("", ".", "..", ".git") or os.path.islink(parent):
            remedy = "put a folder there: hd writes through no link"
            raise Conflict(f"{parent} is a link, not a folder", remedy)
    return f"{root}/{path}"


def update_index(
    repository: Repository, entries: Iterable[tuple[str, str | None]], keep: Sequence[int]
) -> None:
    """Brings paths of the index to new blobs (None: gone), with git's index lock held by us."""
    prepare_index(repository, entries, keep)
    replace_index(repository)


def prepare_index(
    repository: Repository, entries: Iterable[tuple[str, str | None]], keep: Sequence[int]
) -> None:
    """Makes the new index beside git's own, which no other git sees before ``replace_index``."""
    with index_in_the_making(repository, entries, keep):
        pass


@contextmanager
def index_in_the_making(
    repository: Repository, entries: Iterable[tuple[str, str | None]], keep: Sequence[int]
) -> Iterator[None]:
    """The same, while the block runs; at its end the index is complete. Raises GitFailed there."""
    scratch = copy_index(repository)
    command = ("update-index", "-z", "--index-info")
    started = repository.start(*command, env={"GIT_INDEX_FILE": str(scratch)}, keep=keep)
    # git reads the old index first; what is new is told meanwhile.
    with at_work(started, lambda: _index_info(repository, entries), command[0]):
        yield


def copy_index(repository: Repository) -> Path:
    """Begins a new index as git's own is; gives its place, for ``GIT_INDEX_FILE``."""
    scratch = scratch_index(repository)
    scratch.unlink(missing_ok=True)
    scratch.with_name(f"{scratch.name}.lock").unlink(missing_ok=True)
    index = repository.git_dir / "index"
    if index.exists():
        try:
            os.link(index, scratch)  # git replaces the file, so the other name keeps the old one
        except OSError:
            scratch.write_bytes(index.read_bytes())
    return scratch


def _index_info(repository: Repository, entries: Iterable[tuple[str, str | None]]) -> bytes:
    gone = repository.no_object
    lines = [
        f"100644 {blob}\t{path}\0" if blob else f"0 {gone}\t{path}\0" for path, blob in entries
    ]
    return "".join(lines).encode("utf-8", "surrogateescape")


def replace_index(repository: Repository) -> None:
    """Puts the prepared index in the place of git's own."""
    scratch_index(repository).replace(repository.git_dir / "index")


def scratch_index(repository: Repository) -> Path:
    """Where a new index is made; ``replace_index`` puts it in the place of git's own."""
    return repository.local / "git-index"  # "index" is the search index
