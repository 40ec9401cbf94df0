"""A repository for a while: what is fetched or salvaged is looked at there before it is ours."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hdcli.errors import HdError
from hdcli.store import transport
from hdcli.store.git import GitFailed, Objects, Repository, said

# How git reaches a remote, of all that a clone's own configuration may say.
_REACHING = r"^(url\.|credential\.|http\.|core\.sshcommand$|ssh\.|protocol\.|remote\..*\.proxy)"
_MANY = 50


@contextmanager
def scratch(repository: Repository) -> Iterator[Repository]:
    """An empty repository beside hd's own files, that goes again. Raises OSError, GitFailed."""
    repository.local.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="rescue-", dir=repository.local) as folder:
        place = Path(folder)
        made = Repository(place, place, None, repository.hash)
        (place / "HEAD").write_text("ref: refs/heads/none\n")
        for name in ("objects/pack", "objects/info", "refs/heads"):
            (place / name).mkdir(parents=True)
        (place / "config").write_text(_config(repository))
        _carry(repository, made)
        yield made


def _config(repository: Repository) -> str:
    if repository.hash == "sha1":
        return "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
    version = "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
    return f"{version}[extensions]\n\tobjectFormat = {repository.hash}\n"


def _carry(repository: Repository, made: Repository) -> None:
    done = repository.attempt("config", "--local", "--null", "--get-regexp", _REACHING)
    for pair in done.stdout.decode("utf-8", "surrogateescape").split("\0"):
        name, _, value = pair.partition("\n")
        if name:
            made.run("config", "--add", name, value)


def fetch_objects(made: Repository, url: str, wanted: Iterable[str]) -> None:
    """Asks a remote for single objects, each with what it leads to; what it refuses is not there.

    Of a commit alone without its past.
    """
    for oid in list(wanted)[:_MANY]:
        if made.attempt("cat-file", "-e", oid).returncode:
            made.attempt("fetch", "-q", "--no-tags", "--depth=1", url, oid, env=_quiet(made))


def fetch_all(made: Repository, url: str) -> str:
    """Fetches everything that a remote has; gives why it could not, else nothing."""
    (made.git_dir / "shallow").unlink(missing_ok=True)
    refs = "+refs/*:refs/rescue/*"
    done = made.attempt("fetch", "-q", "--no-tags", "--refetch", url, refs, env=_quiet(made))
    return transport.reason(done.stderr) if done.returncode else ""


def _quiet(made: Repository) -> dict[str, str]:
    """Where nobody sits nobody is asked for a password."""
    asked = sys.stdin is not None and sys.stdin.isatty()
    return transport.variables(made.git_dir, prompt=asked)


def objects_of(repository: Repository) -> list[str]:
    """The ids of all objects that a repository has."""
    how = ("cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--unordered")
    return repository.text(*how).split()


def lacking(repository: Repository, oids: Iterable[str]) -> list[str]:
    """Those of the ids whose objects a repository does not have."""
    text = "".join(f"{oid}\n" for oid in oids).encode()
    answers = repository.run("cat-file", "--batch-check=%(objectname)", stdin=text).decode()
    found = (line.split() for line in answers.splitlines())
    return [words[0] for words in found if len(words) > 1 and words[1] == "missing"]


def readable(repository: Repository, oids: Iterable[str]) -> Iterator[str]:
    """Those of the ids whose objects can be read whole; git stops at others, and is started anew.

    It checks a packed object's content when it unpacks it, its id when it is stored elsewhere.
    """
    left = iter(oids)
    while True:
        with Objects(repository) as objects:
            try:
                for oid in left:
                    if objects.read(oid) is not None:
                        yield oid
                return
            except HdError:
                continue


def packed(source: Repository, oids: Iterable[str], made: Repository) -> Path:
    """Objects of a repository in a pack of their own, in ``made``'s folder. Raises GitFailed."""
    text = "".join(f"{oid}\n" for oid in oids).encode()
    base = made.git_dir / "packed"
    name = source.run("pack-objects", "-q", str(base), stdin=text).decode().strip()
    return made.git_dir / f"packed-{name}.pack"


def store(target: Repository, pack: Path) -> None:
    """Stores a pack in a repository; git checks each object. Raises GitFailed: nothing is."""
    with pack.open("rb") as stream:
        done = subprocess.run(
            target.git("index-pack", "--stdin"),
            stdin=stream,
            capture_output=True,
            env=target.environment(),
            cwd=target.git_dir,
            check=False,
        )
    if done.returncode:
        raise GitFailed(f"git index-pack failed: {said(done.stderr)}")
