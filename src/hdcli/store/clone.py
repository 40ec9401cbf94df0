"""What every clone of a desk needs locally: git's configuration, the merge driver, level branches.

A clone that git made is set up by the first hd command that opens it. A small file says that it
was, by which Python: a hub needs no driver, so there it names none.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from hdcli.errors import HdError

if TYPE_CHECKING:
    from hdcli.store.git import Place, Repository

# Of another version: every clone is set up anew, once.
_VERSION = 1
_MARK = "configured"
# The graph that makes `git log -- FILE` fast keeps its filters. Who has chosen otherwise is right.
_USUAL = {
    "commitGraph.changedPaths": "true",
    "gc.writeCommitGraph": "true",
}
_NAME = "merge.hd.name"
_DRIVER = "merge.hd.driver"
_MERGED = ("desk.yaml", "tickets/00/X.yaml", "kb/x.yaml", "canned/x.yaml")
_ATTRIBUTES = "*.yaml -text merge=hd\nattachments/** -text\n"


def is_set_up(repository: Repository) -> bool:
    """Whether this clone is as this hd would set it up; a glance at one small file."""
    try:
        with open(f"{repository.common_dir}/hd/{_MARK}", "rb") as file:
            found = file.read()
    except OSError:
        return False
    if repository.work_tree is None:
        return found.startswith(_mark(""))
    return found == _mark(f"{sys.executable}\n")


def _mark(rest: str) -> bytes:
    return f"{_VERSION} {rest}".encode("utf-8", "surrogateescape")


def set_up(place: Place) -> None:
    """Sets up a clone that is not: silently, and not at all where that is impossible.

    While another hd writes to the desk it is left to the next command.
    """
    import os

    from hdcli.store.lock import lock_unless_at_work

    repository = place.repository
    if not os.access(repository.common_dir, os.W_OK):
        return
    with suppress(HdError, OSError), lock_unless_at_work(repository.local) as descriptor:
        if descriptor is not None and not is_set_up(repository):
            from hdcli.store import levels

            levels.adopt(place, (descriptor,))
            configure(repository)


def configure(repository: Repository) -> None:
    """Installs the local configuration; says at last that it did. Raises GitFailed, OSError."""
    known = _local(repository)
    for name, value in _wanted(repository).items():
        ours = name.startswith("merge.hd.")
        if known.get(name.lower()) != value and (ours or name.lower() not in known):
            repository.run("config", "--local", name, value)
    if repository.work_tree is not None:
        _carry_attributes(repository)
    repository.local.mkdir(exist_ok=True)
    scratch = repository.local / f"{_MARK}.new"
    python = "" if repository.work_tree is None else sys.executable
    scratch.write_bytes(_mark(f"{python}\n"))
    scratch.replace(repository.local / _MARK)


def lacks(repository: Repository) -> list[str]:
    """What the set-up would change, by name, whatever the mark says; nothing where all is well."""
    known = _local(repository)
    wanted = _wanted(repository).items()
    found = [
        name
        for name, value in wanted
        if name.lower() not in known or (name == _DRIVER and known[name.lower()] != value)
    ]
    if repository.work_tree is not None and _names_no_driver(repository):
        found.append("merge=hd in .gitattributes")
    return found


def _wanted(repository: Repository) -> dict[str, str]:
    if repository.work_tree is None or not sys.executable:
        return _USUAL
    return {
        **_USUAL,
        _NAME: "tickets, articles and settings of hd",
        _DRIVER: driver(sys.executable),
    }


def driver(python: str) -> str:
    """The command that git runs to merge a file (gitattributes(5)), by a Python's path.

    With -P: the desk is the current folder then, and no module of a clone's is ever imported.
    """
    from shlex import quote

    return f"{quote(python).replace('%', '%%')} -P -m hdcli merge-driver %O %A %B %P"


def _local(repository: Repository) -> dict[str, str]:
    """The local configuration by name, in lower case: the names that matter have no subsections
    that would differ by that."""
    found = repository.attempt("config", "--local", "--null", "--list").stdout
    pairs = found.decode("utf-8", "surrogateescape").split("\0")
    return {name.lower(): value for name, _, value in (pair.partition("\n") for pair in pairs)}


def _names_no_driver(repository: Repository) -> bool:
    """Whether neither the desk's .gitattributes nor this clone's own name a driver for a file."""
    asked = repository.run("check-attr", "-z", "merge", "--", *_MERGED).decode().split("\0")
    return "unspecified" in asked[2::3]


def _carry_attributes(repository: Repository) -> None:
    """Names the driver in this clone alone, where the desk's own .gitattributes does not."""
    if not _names_no_driver(repository):
        return
    place = repository.common_dir / "info" / "attributes"
    there = place.read_bytes() if place.exists() else b""
    place.parent.mkdir(exist_ok=True)
    start = b"" if not there or there.endswith(b"\n") else b"\n"
    with place.open("ab") as file:
        file.write(start + _ATTRIBUTES.encode())
