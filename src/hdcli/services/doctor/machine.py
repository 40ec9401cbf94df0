"""The machine: git, Python and what hd needs of it, who you are, the clock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from hdcli import __version__
from hdcli.errors import HdError
from hdcli.model.checkup import Check
from hdcli.model.dates import format_utc
from hdcli.model.settings import Settings
from hdcli.services.who import identify
from hdcli.store import gitversion
from hdcli.store.git import NO_GIT
from hdcli.store.identity import git_identity

_NEEDED = ("click", "git", "markdown_it", "ruamel.yaml", "tabulate", "wcwidth", "whoosh")
# Without it YAML is read five times slower.
_QUICK = "_ruamel_yaml"
# hd did not exist before: a clock that says so lost its battery.
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_HOUR = 3600


def checks(now: int) -> Iterator[Check]:
    """What any desk on this machine needs."""
    yield git()
    yield _python()
    yield _libraries()
    yield _year(now)


def git() -> Check:
    """git itself."""
    found = gitversion.installed()
    if found is None:
        return Check("git", "problem", *NO_GIT)
    if found < gitversion.NEEDED:
        message = f"{gitversion.shown(found)} is older than {gitversion.shown(gitversion.NEEDED)}"
        return Check("git", "warning", message, NO_GIT[1])
    return Check("git", "ok", gitversion.shown(found))


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", "ok", f"{version}, {sys.executable}; hd {__version__}")


def _libraries() -> Check:
    missing = [name for name in _NEEDED if not _is_there(name)]
    if missing:
        message = f"Python can't find {', '.join(missing)}"
        return Check("libraries", "problem", message, "install hdcli again")
    try:
        from hdcli.search import whooshed

        whooshed.codec()
    except Exception as error:  # a broken library breaks in any way
        message = f"Whoosh can't be loaded: {type(error).__name__}: {error}"
        return Check("libraries", "problem", message, "install hdcli again")
    if not _is_there(_QUICK):
        message = "ruamel.yaml has no C part here: reading files is slow"
        return Check("libraries", "warning", message, "pip install ruamel.yaml.clib")
    return Check("libraries", "ok", f"{len(_NEEDED)} found, Whoosh loads")


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _year(now: int) -> Check:
    if now < _BEGINNING.timestamp():
        said = format_utc(datetime.fromtimestamp(now, UTC))
        return Check("clock", "problem", f"it says {said}", "set it: every entry gets its time")
    return Check("clock", "ok", format_utc(datetime.fromtimestamp(now, UTC)))


def last_commit(now: int, made: int) -> Check | None:
    """The clock again, held against the last commit's time."""
    if made <= now + _HOUR:
        return None
    ahead = (made - now) / _HOUR
    message = f"the last commit is {ahead:.0f} h in the future: this clock or its maker's is off"
    return Check(
        "clock", "warning", message, "set the clock; entries keep their order all the same"
    )


def people(settings: Settings | None, folder: Path, named: str | None) -> Iterator[Check]:
    """Who is at the keyboard, and which agent of the desk that is."""
    try:
        name, email = git_identity(folder)
        yield Check("identity", "ok", f"{name} <{email}>")
    except HdError as error:
        yield Check("identity", "warning" if named else "problem", *_said(error))
    if settings is not None:
        try:
            who = identify(settings, folder, named)
            yield Check("agent", "ok", f"you are '{who.handle}' on this desk")
        except HdError as error:
            yield Check("agent", "warning", *_said(error))


def _said(error: HdError) -> tuple[str, str]:
    return error.message, error.remedy
