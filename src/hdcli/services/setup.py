"""Opening a desk: the repository, desk.yaml with its comments, .gitattributes, the first commit."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from hdcli.errors import BadUsage, NotADesk
from hdcli.model import ids
from hdcli.model.message import commit_message
from hdcli.model.settings_file import HANDLE
from hdcli.store import codec, create, yamlwrite
from hdcli.store.fastimport import Signature
from hdcli.store.identity import git_identity

GITATTRIBUTES = """\
# Tickets, articles and settings are merged by hd, byte for byte as written.
*.yaml -text merge=hd
attachments/** -text
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A desk after ``hd init``: where, as whom, and whether it was there before."""

    folder: Path
    handle: str
    existed: bool


def open_desk(
    folder: Path, now: int, name: str = "", prefix: str = "", language: str = "en", *, bare: bool
) -> Opened:
    """Makes a desk in ``folder``, the caller its first agent.

    Raises NoIdentity, NotADesk, BadUsage.
    """
    if prefix and not ids.PREFIX_PATTERN.fullmatch(prefix):
        raise BadUsage(f"'{prefix}' is no prefix", "1 to 10 capital letters and digits, as in HD")
    if folder.exists() and not folder.is_dir():
        raise NotADesk(f"{folder} is a file", "name a folder")
    if create.is_desk(folder):
        return Opened(folder, "", existed=True)
    existing = folder
    while not existing.is_dir():
        existing = existing.parent
    person = git_identity(existing)
    handle = handle_for(person[0])
    text = template(language)
    text = text.replace(
        "@NAME@", yamlwrite.flow(name or folder.resolve().name.removesuffix(".git"))
    )
    text = text.replace("@PREFIX@", prefix or "HD").replace("@HANDLE@", handle)
    text = text.replace("@PERSON@", yamlwrite.flow(person[0]))
    text = text.replace("@EMAIL@", yamlwrite.flow(person[1]))
    data = text.encode()
    codec.read_settings(data)
    message = commit_message("desk: open", "", [("Action", "init")])
    create.repository(
        folder,
        {"desk.yaml": data, ".gitattributes": GITATTRIBUTES.encode()},
        message,
        Signature(*person, now),
        bare=bare,
    )
    return Opened(folder, handle, existed=False)


def template(language: str) -> str:
    """The commented desk.yaml of a new desk in a language."""
    return (files("hdcli") / "data" / f"desk.{language}.yaml").read_text(encoding="utf-8")


def handle_for(name: str) -> str:
    """A handle for a person: the first name, in lower case and plain letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    handle = words[0] if words else "agent"
    return handle if HANDLE.fullmatch(handle) and handle not in ("me", "none") else "agent"
