"""What a file is to the desk, by its path: where things belong, and what lies out of place."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

from hdcli.model import ids
from hdcli.model.deskcheck import ATTACHMENT
from hdcli.model.slug import slug_of_path

Kind = Literal[
    "settings", "requesters", "ticket", "article", "canned", "attachment", "other", "stray"
]
_OWN = ("desk.yaml", "requesters.yaml", "tickets", "kb", "canned", "attachments", ".gitattributes")
_PLACES = {
    "tickets": "tickets/7k/HD-7K3QF.yaml",
    "kb": "kb/reset-password.yaml",
    "canned": "canned/greeting.yaml",
    "attachments": "attachments/7k/HD-7K3QF/HASH-NAME",
}
_MAX_PATH = 1000


def kind_of(path: str) -> Kind:
    """What lies at a path; ``stray`` where nothing of a desk may lie."""
    if ids.id_of_path(path):
        return "ticket"
    if path == "desk.yaml":
        return "settings"
    if path == "requesters.yaml":
        return "requesters"
    if slug_of_path(path):
        return "article"
    folder, slash, name = path.partition("/")
    if not _is_name(path) or (not slash and folder in _PLACES):
        return "stray"
    if folder == "tickets":
        return "stray"
    if folder == "attachments":
        return "attachment" if _attached_to(path) else "stray"
    if folder in ("kb", "canned") and name.endswith(".yaml"):
        return "canned" if folder == "canned" and "/" not in name else "stray"
    return "stray" if _looks_own(folder) else "other"


def _is_name(path: str) -> bool:
    return path.isprintable() and len(path) <= _MAX_PATH and "\\" not in path


def _looks_own(name: str) -> bool:
    """Whether a name is one of the desk's where case does not count, as on some systems."""
    return name.casefold() in _OWN and name not in _OWN


def _attached_to(path: str) -> str:
    found = ATTACHMENT.fullmatch(path)
    if found and ids.ID_PATTERN.fullmatch(found[2]) and ids.folder(found[2]) == found[1]:
        return found[2]
    return ""


def astray(path: str) -> tuple[str, str]:
    """What is wrong with a place, and where the like belongs."""
    folder = path.partition("/")[0].casefold()
    if folder in _PLACES:
        return f"nothing of a desk may lie there: {_PLACES[folder]} is such a place", "move it"
    return "no file of a desk may be called so", "rename it"


def attachment_problem(path: str, data: bytes) -> str:
    """What is wrong with an attachment's content; empty where its name says what it holds."""
    found = ATTACHMENT.fullmatch(path)
    if found and sha256(data).hexdigest()[:12] == found[3]:
        return ""
    return "it does not hold what its name says"
