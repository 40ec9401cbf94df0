"""Opening a desk: the repository, desk.yaml with its comments, .gitattributes, the first commit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import count
from pathlib import Path

from hdcli.errors import BadUsage, NoIdentity, NotADesk
from hdcli.model import ids
from hdcli.model.message import commit_message, one_line
from hdcli.model.settings_agents import ADDRESS
from hdcli.model.settings_file import DEFAULTS
from hdcli.model.settings_values import MAX_NAME, is_handle
from hdcli.store import codec, create, hub, yamlwrite
from hdcli.store.fastimport import Signature
from hdcli.store.identity import REMEDY, git_identity

GITATTRIBUTES = """\
# Tickets, articles and settings are merged by hd, byte for byte as written.
*.yaml -text merge=hd
attachments/** -text
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A desk after ``hd init``: where, as whom, whether it was there before, and in what."""

    folder: Path
    handle: str
    existed: bool = False
    inside: Path | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a desk is to be like; empty texts leave it to hd. ``reserved`` handles are others'."""

    name: str = ""
    prefix: str = ""
    language: str = "en"
    bare: bool = False
    reserved: Collection[str] = ()


def open_desk(folder: Path, now: int, wanted: Wanted) -> Opened:
    """Makes a desk in ``folder``, the caller its first agent; one that is there stays as it is.

    Raises NoIdentity, NotADesk, BadUsage, Conflict; then nothing was made.
    """
    _require_sane(wanted)
    if folder.exists() and not folder.is_dir():
        raise NotADesk(f"{folder} is a file", "name a folder")
    if create.is_desk(folder):
        return Opened(folder, "", existed=True)
    inside = create.surrounding(folder)
    person = caller(folder)
    handle, text = _settings(wanted, folder, person)
    place = create.repository(
        folder,
        {"desk.yaml": text.encode(), ".gitattributes": GITATTRIBUTES.encode()},
        commit_message("desk: open", "", [("Action", "init")]),
        Signature(*person, now),
        bare=wanted.bare,
    )
    if wanted.bare:
        hub.install(place.repository)
    return Opened(folder, handle, inside=inside)


def _require_sane(wanted: Wanted) -> None:
    prefix, name = wanted.prefix, wanted.name
    if prefix and not ids.PREFIX_PATTERN.fullmatch(prefix):
        raise BadUsage(f"'{prefix}' is no prefix", "1 to 10 capital letters and digits, as in HD")
    if name.strip() != one_line(name) or len(name) > MAX_NAME:
        raise BadUsage(f"a desk's name is one line of at most {MAX_NAME} characters")


def caller(folder: Path) -> tuple[str, str]:
    """Name and address of who is at the keyboard, fit for an agent. Raises NoIdentity."""
    person = git_identity(create.existing(folder))
    if not ADDRESS.fullmatch(person[1]):
        raise NoIdentity(f"git knows you by '{person[1]}', which is no mail address", REMEDY)
    return person


def _settings(wanted: Wanted, folder: Path, person: tuple[str, str]) -> tuple[str, str]:
    """The first agent's handle, and the desk.yaml of a new desk."""
    usual = one_line(folder.resolve().name.removesuffix(".git"))[:MAX_NAME]
    values = {
        "@NAME@": yamlwrite.flow(wanted.name.strip() or usual or DEFAULTS.name),
        "@PREFIX@": wanted.prefix or DEFAULTS.prefix,
        "@HANDLE@": "agent",
        "@PERSON@": yamlwrite.flow(person[0]),
        "@EMAIL@": yamlwrite.flow(person[1]),
    }
    settings = codec.read_settings(_filled(wanted.language, values).encode())
    values["@HANDLE@"] = handle_for(person, (*settings.teams, *wanted.reserved))
    return values["@HANDLE@"], _filled(wanted.language, values)


def _filled(language: str, values: dict[str, str]) -> str:
    return re.sub("@[A-Z]+@", lambda found: values[found[0]], template(language))


def template(language: str) -> str:
    """The commented desk.yaml of a new desk in a language, with ``@NAME@`` and the like in it."""
    return (files("hdcli") / "data" / f"desk.{language}.yaml").read_text(encoding="utf-8")


def handle_for(person: tuple[str, str], taken: Collection[str]) -> str:
    """A handle for a name and address, in lower case and plain letters: the first name if free."""
    words = _words(person[0]) or _words(person[1].partition("@")[0]) or ["agent"]
    return next(each for each in _handles(words) if is_handle(each) and each not in taken)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def _handles(words: list[str]) -> Iterator[str]:
    yield words[0]
    yield "-".join(words)
    yield from (f"{words[0][:30]}{number}" for number in count(2))
