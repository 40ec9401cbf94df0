"""The remotes: whether there are any and, when asked for, whether they answer."""

from __future__ import annotations

from collections.abc import Iterator

from hdcli.errors import HdError
from hdcli.model.checkup import Check
from hdcli.store import reach
from hdcli.store.git import Repository


def checks(repository: Repository, branch: str, *, ask: bool) -> Iterator[Check]:
    """One line a remote; the network is used only to ``ask``."""
    names = repository.text("remote").split()
    if not names:
        yield Check("remote", "ok", "none: this clone is the only one it knows of")
    for name in names:
        if not ask:
            yield Check("remote", "ok", f"{name}; hd doctor --remote asks it")
            continue
        try:
            commit = reach.tip(repository, name, branch)
        except HdError as error:
            yield Check("remote", "problem", error.message, error.remedy)
            continue
        if commit:
            yield Check("remote", "ok", f"{name} answers: '{branch}' is at {commit[:10]}")
        else:
            message = f"{name} answers, and has no branch '{branch}'"
            yield Check("remote", "warning", message, "hd sync sends it there")
