"""Files on tickets: named by what they hold and by a cleaned name, so nothing is stored twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from hdcli.errors import BadUsage
from hdcli.model import ids

MAX_BYTES = 25_000_000
_UNSAFE = re.compile(r"[^\w.()+=@-]+")


def clean_name(name: str) -> str:
    """A file name without folders, controls or anything a shell or system would trip over."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    text = _UNSAFE.sub("-", base).strip(".-") or "file"
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix) > 10:
        return text[:80]
    return f"{stem[: 79 - len(suffix)]}.{suffix}"


def stored(ticket_id: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Where each file goes in the desk: path to content. Raises BadUsage for one too large."""
    from hashlib import sha256

    found = {}
    for name, data in files.items():
        if len(data) > MAX_BYTES:
            raise BadUsage(f"{name} is larger than {MAX_BYTES // 1_000_000} MB")
        digest = sha256(data).hexdigest()[:12]
        path = f"attachments/{ids.folder(ticket_id)}/{ticket_id}/{digest}-{clean_name(name)}"
        found[path] = data
    return found


def read_files(paths: list[Path]) -> dict[str, bytes]:
    """The contents of files to attach, by name. Raises BadUsage for what can't be read."""
    found: dict[str, bytes] = {}
    for path in paths:
        try:
            if path.stat().st_size > MAX_BYTES:
                raise BadUsage(f"{path} is larger than {MAX_BYTES // 1_000_000} MB")
            found[path.name] = path.read_bytes()
        except OSError as error:
            raise BadUsage(f"can't read {path}: {error.strerror}") from None
    return found
