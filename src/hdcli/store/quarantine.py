"""Messages that wait for a person, whole: ``.git/hd/intake/quarantine``, two files each."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any

from hdcli.errors import NotADesk, NotFound
from hdcli.store.intakelog import folder

_KEY = re.compile(r"[0-9a-f]{4,64}")


class Quarantine:
    """The messages of a clone that wait, by the key of their content. Raises NotADesk."""

    def __init__(self, local: Path) -> None:
        self._folder = folder(local) / "quarantine"

    def put(self, key: str, data: bytes | IO[bytes], facts: Mapping[str, Any]) -> None:
        """Keeps a message and what is known of it, on the disk when it returns."""
        try:
            durable(self._folder / f"{key}.eml", data)
            durable(self._folder / f"{key}.json", json.dumps(dict(facts)).encode())
        except OSError as error:
            raise NotADesk(f"can't keep a message: {error.strerror}: {self._folder}") from None

    def waiting(self) -> list[str]:
        """The keys of all that wait."""
        if not self._folder.is_dir():
            return []
        return sorted(
            each.stem for each in self._folder.glob("*.json") if _KEY.fullmatch(each.stem)
        )

    def key(self, reference: str) -> str:
        """The key that a unique beginning means. Raises NotFound."""
        found = [each for each in self.waiting() if each.startswith(reference.lower())]
        if len(found) != 1 or not reference:
            said = "several messages" if found else "no message"
            raise NotFound(f"{said} '{reference}' in quarantine", "hd intake quarantine shows them")
        return found[0]

    def facts(self, key: str) -> dict[str, Any]:
        """What is known of a message."""
        try:
            found = json.loads((self._folder / f"{key}.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def data(self, key: str) -> bytes:
        """A message. Raises NotFound."""
        try:
            return (self._folder / f"{key}.eml").read_bytes()
        except OSError as error:
            raise NotFound(f"message {key} can't be read: {error.strerror}") from None

    def remove(self, key: str) -> None:
        """Lets a message go."""
        for ending in ("json", "eml"):
            (self._folder / f"{key}.{ending}").unlink(missing_ok=True)


def durable(place: Path, data: bytes | IO[bytes]) -> None:
    """A file with this content, whole and on the disk, or not there. Raises OSError."""
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            if isinstance(data, bytes):
                file.write(data)
            else:
                data.seek(0)
                copyfileobj(data, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    settle(place.parent)


def settle(place: Path) -> None:
    """Makes sure that what was renamed in a folder is so on the disk. Raises OSError."""
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
