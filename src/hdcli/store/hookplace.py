"""Where a webhook is, and its secret: kept by git in this clone or in the environment."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from hdcli.store.git import Repository


class HookPlace(NamedTuple):
    """A URL and a secret (of JSON: what it is signed with; of Matrix: the access token); empty
    where there is none."""

    url: str
    secret: str


def hook_place(repository: Repository, name: str) -> HookPlace:
    """What the environment has (``variable``), else git as ``hd.webhook.NAME.url``, ``.secret``."""
    return HookPlace(*(_found(repository, name, key) for key in HookPlace._fields))


def variable(name: str, key: str) -> str:
    """The environment's name for a key of a hook: capitals, digits and ``_``."""
    return f"HD_WEBHOOK_{re.sub('[^A-Z0-9]', '_', name.upper())}_{key.upper()}"


def _found(repository: Repository, name: str, key: str) -> str:
    if said := os.environ.get(variable(name, key), ""):
        return said
    done = repository.attempt("config", "--get", f"hd.webhook.{name}.{key}")
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""
