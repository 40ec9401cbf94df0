"""Files on tickets: named by what they hold and by a cleaned name, so nothing is stored twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from hdcli.errors import BadUsage
from hdcli.model import ids

File = tuple[str, bytes]
"""A file to attach: its own name, and what it holds."""

_MAX_NAME = 120
_PUNCTUATION = "._()+=@-"


def clean_name(name: str) -> str:
    """A file name without folders, controls or anything a shell or system would trip over.

    Letters, marks and digits of any script stay. At most 120 bytes.
    """
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    kept = (each if _harmless(each) else " " for each in base)
    text = "-".join("".join(kept).split()).strip(".-") or "file"
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix) > 10:
        return _cut(text, _MAX_NAME).rstrip(".-")
    end = dot + suffix
    return _cut(stem, _MAX_NAME - len(end.encode())) + end


def _harmless(character: str) -> bool:
    return character in _PUNCTUATION or unicodedata.category(character)[0] in "LMN"


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def stored(ticket_id: str, files: Iterable[File]) -> dict[str, bytes]:
    """Where each file goes in the desk: path to content."""
    folder = folder_of(ticket_id)
    return {f"{folder}{_digest(data)}-{clean_name(name)}": data for name, data in files}


def _digest(data: bytes) -> str:
    from hashlib import sha256  # OpenSSL takes 6 ms to load

    return sha256(data).hexdigest()[:12]


def folder_of(ticket_id: str) -> str:
    """Where a ticket's own files lie, with a slash at the end."""
    return f"attachments/{ids.folder(ticket_id)}/{ticket_id}/"


def name_of(path: str) -> str:
    """The name of a stored file, without the hash of what it holds."""
    return path.rpartition("/")[2].partition("-")[2]


def read_files(paths: Iterable[Path], most: int) -> list[File]:
    """Files to attach, of at most so many MB; a pipe (``<(journalctl)``) is read as one.

    Raises BadUsage.
    """
    found, limit = [], most * 1_000_000
    for path in paths:
        try:
            with path.open("rb") as file:
                data = file.read(limit + 1)
        except OSError as error:
            raise BadUsage(f"can't read {path}: {error.strerror}") from None
        except ValueError:
            raise BadUsage(f"can't read {str(path)!r}") from None
        if len(data) > limit:
            remedy = "put it on a share and note where"
            raise BadUsage(f"{path} is larger than {most} MB", remedy)
        found.append((path.name, data))
    return found
