"""Which clone sends, and by which mail server: kept by git in this clone, never in the desk.

Who can commit to a desk must not be able to say where its mail, and a password, go.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from hdcli.store import transport
from hdcli.store.git import Repository


@dataclass(frozen=True, slots=True)
class Login:
    """A name and a password; ``helper`` says whether git's credential helper gave it."""

    user: str
    password: str
    helper: bool = False


def sender_of(repository: Repository) -> str:
    """The name that this clone sends by (``hd.sender``); empty for one that does not.

    What a user has set for all clones does not count.
    """
    return _config(repository, "--local", "hd.sender")


def server_of(repository: Repository) -> str:
    """The mail server's address: ``HD_SMTP``, else git's ``hd.smtp``; empty where none is named."""
    return os.environ.get("HD_SMTP", "") or _config(repository, "hd.smtp")


def user_named() -> str:
    """The user that the environment names (``HD_SMTP_USER``); empty without one."""
    return os.environ.get("HD_SMTP_USER", "")


def _config(repository: Repository, *which: str) -> str:
    *scope, name = which
    done = repository.attempt("config", *scope, "--get", name)
    return done.stdout.decode("utf-8", "replace").strip()


def login_for(
    repository: Repository, scheme: str, host: str, user: str, variable: str = "HD_SMTP_PASSWORD"
) -> Login | None:
    """What a user logs in with: the password in a variable of the environment, else what git's
    credential helper has for ``scheme://user@host``; None where nobody knows. Asks nobody."""
    if password := os.environ.get(variable, ""):
        return Login(user, password)
    found = _credential(repository, "fill", scheme, host, Login(user, ""))
    fields = dict(line.partition("=")[::2] for line in found.splitlines())
    if not fields.get("password"):
        return None
    return Login(fields.get("username", user), fields["password"], helper=True)


def remember(repository: Repository, scheme: str, host: str, login: Login, *, good: bool) -> None:
    """Tells git's credential helper whether a login that it gave was accepted."""
    if login.helper:
        _credential(repository, "approve" if good else "reject", scheme, host, login)


def _credential(repository: Repository, verb: str, scheme: str, host: str, login: Login) -> str:
    parts = {"protocol": scheme, "host": host, "username": login.user, "password": login.password}
    lines = [f"{name}={value}" for name, value in parts.items() if value]
    if any("\n" in line or "\0" in line for line in lines):
        return ""
    folder = repository.work_tree or repository.git_dir
    quiet = {**transport.variables(folder, prompt=False), "GIT_ASKPASS": "", "SSH_ASKPASS": ""}
    done = repository.attempt(
        "credential", verb, stdin="\n".join([*lines, "", ""]).encode(), env=quiet
    )
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
