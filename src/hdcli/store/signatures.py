"""The signatures of commits, checked by git itself: ``%G?`` of git-log(1), with this clone's keys.

git runs ssh-keygen twice or gpg once a signed commit, some 10 ms, so it does that on all cores, and
only for those that have a signature; looking for one takes microseconds.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from hdcli.model.seal import STATES, Seal
from hdcli.store.git import GitFailed, Objects, Repository, said

_SHARE = 16
_FORMAT = "%G?%x00%GS%x00%GF"
_HEADERS = (b"\ngpgsig ", b"\ngpgsig-sha256 ")
_KINDS = {b"SSH": "ssh", b"PGP": "gpg", b"SIG": "x509"}


class Signatures:
    """Reads how commits are signed; use it in a ``with``."""

    def __init__(self, repository: Repository) -> None:
        real = (*repository.variables, ("GIT_NO_REPLACE_OBJECTS", "1"))
        self._repository = replace(repository, variables=real)
        self._objects: Objects | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._objects is not None:
            self._objects.close()

    def of(self, commits: Sequence[str]) -> list[Seal]:
        """How each of some commits is signed, in their order. Raises GitFailed."""
        if not commits:
            return []
        if self._objects is None:
            self._objects = Objects(self._repository)
        kinds = [_kind(raw or b"") for raw in self._objects.many(commits)]
        signed = [commit for commit, kind in zip(commits, kinds, strict=True) if kind]
        checked = iter(_checked(self._repository, signed) if signed else ())
        return [replace(next(checked), kind=kind) if kind else Seal() for kind in kinds]


def _kind(raw: bytes) -> str:
    """What the commit is signed with; empty for nothing."""
    head = raw.partition(b"\n\n")[0]
    for header in _HEADERS:
        _, found, value = head.partition(header)
        if found:
            word = value.removeprefix(b"-----BEGIN ")[:3]
            return _KINDS.get(word, "gpg")
    return ""


def _checked(repository: Repository, commits: Sequence[str]) -> list[Seal]:
    from concurrent.futures import ThreadPoolExecutor

    shares = [commits[start : start + _SHARE] for start in range(0, len(commits), _SHARE)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return [
            seal
            for each in pool.map(lambda share: _share(repository, share), shares)
            for seal in each
        ]


def _share(repository: Repository, commits: Sequence[str]) -> list[Seal]:
    command = ("log", "--no-walk=unsorted", "--stdin", "-z", f"--format=tformat:{_FORMAT}")
    done = repository.attempt(*command, stdin="".join(f"{each}\n" for each in commits).encode())
    fields = done.stdout.decode("utf-8", "replace").split("\0")[:-1]
    if done.returncode or len(fields) != 3 * len(commits):
        raise GitFailed(f"git can't check signatures: {said(done.stderr)}")
    return [_seal(*fields[at : at + 3]) for at in range(0, len(fields), 3)]


def _seal(letter: str, signer: str, key: str) -> Seal:
    # git says N too where it has no program or no list of signers to check with.
    return Seal(STATES["E" if letter == "N" else letter], "", signer.strip(), key.strip())
