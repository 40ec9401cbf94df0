"""Files as commits have them, read once each: what is asked for again is remembered for a while."""

from __future__ import annotations

from typing import Any, TypeVar

from hdcli.errors import BadData
from hdcli.model.record import Record
from hdcli.model.settings import Settings
from hdcli.store import codec, grown, yamlread
from hdcli.store.git import Objects, Repository

R = TypeVar("R", bound=Record)
# So many bytes of files are remembered, read; as records they take ten times that.
_REMEMBERED = 4_000_000


class Versions:
    """Reads blobs; close it."""

    def __init__(self, repository: Repository) -> None:
        self._objects = Objects(repository)
        self._known: dict[tuple[str, str], tuple[Any, int]] = {}
        self._logs: dict[tuple[str, str], bytes] = {}
        self._room = _REMEMBERED
        self._last: tuple[str, bytes] = ("", b"")

    def close(self) -> None:
        """Ends the process that reads."""
        self._objects.close()

    def data(self, blob: str, limit: int) -> bytes | None:
        """What a blob holds, of a larger one the first ``limit`` + 1 bytes; None without it."""
        if self._last[0] == blob and len(self._last[1]) <= limit:
            return self._last[1]
        found = self._objects.read(blob, limit)
        if found is None or found[1] != "blob":
            return None
        if len(found[2]) <= limit:  # all of it
            self._last = (blob, found[2])
        return found[2]

    def blob(self, commit: str, path: str) -> str:
        """The blob of a file in a commit; empty where there is none."""
        found = self._objects.read(f"{commit}:{path}", limit=0)
        return found[0] if found and found[1] == "blob" else ""

    def message(self, commit: str) -> str:
        """The message of a commit."""
        found = self._objects.read(commit)
        return found[2].partition(b"\n\n")[2].decode("utf-8", "replace") if found else ""

    def record(self, kind: type[R], blob: str, path: str, upon: str = "") -> R:
        """The ticket or article in a blob, which lies at ``path``. Raises BadData.

        ``upon`` is the blob that it was made from, where that is known: it is read faster then.
        """
        known = self._recalled((blob, path))
        if isinstance(known, kind):
            return known
        data = self._yaml(blob, path)
        old, log = self._recalled((upon, path)), self._logs.get((upon, path), b"")
        found = grown.read(old, log, data) if isinstance(old, kind) else None
        if found is None:
            record = codec.read(kind, data, path)
            found = record, grown.log_text(record, data)
        record, log = found
        self._remember((blob, path), record, len(data))
        if log:
            self._logs[blob, path] = log
        return record

    def settings(self, blob: str) -> Settings:
        """The settings in a blob. Raises BadData."""
        known = self._recalled((blob, "desk.yaml"))
        if isinstance(known, Settings):
            return known
        data = self._yaml(blob, "desk.yaml")
        settings = codec.read_settings(data)
        self._remember((blob, "desk.yaml"), settings, len(data))
        return settings

    def document(self, blob: str, path: str) -> object:
        """The plain values of a YAML file. Raises BadData."""
        return yamlread.load(self._yaml(blob, path), path)

    def line(self, blob: str, path: str, place: tuple[str | int, ...]) -> int:
        """The line of a value; ``("log", ID)`` is an entry's. 0 where it can't be told."""
        try:
            data = self._yaml(blob, path)
            if place[:1] == ("log",) and len(place) > 1:
                place = ("log", codec.place_of_entry(data, path, str(place[1])))
            return codec.line_of(data, path, place)
        except BadData:
            return 0

    def _yaml(self, blob: str, path: str) -> bytes:
        data = self.data(blob, yamlread.MAX_BYTES)
        if data is None:
            raise BadData("its object is missing from the repository", path)
        return data

    def _recalled(self, key: tuple[str, str]) -> object:
        found = self._known.pop(key, None)
        if found is None:
            return None
        self._known[key] = found  # the one used last is the last to go
        return found[0]

    def _remember(self, key: tuple[str, str], value: object, size: int) -> None:
        self._known[key] = (value, size)
        self._room -= size
        while self._room < 0 and len(self._known) > 1:
            oldest = next(iter(self._known))
            self._room += self._known.pop(oldest)[1]
            self._logs.pop(oldest, None)
