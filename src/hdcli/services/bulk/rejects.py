"""The file of refused records, which can be mended and imported again."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from hdcli.errors import BadUsage


class Rejects:
    """Keeps what is given to it as it was, below the header of the file it came from.

    No file is left behind when nothing was refused. Without a path nothing is kept.
    """

    def __init__(self, path: Path | None, source: Path) -> None:
        """Raises BadUsage when ``path`` can't be written to, or is the file that is read."""
        self._path = path
        self._file: BinaryIO | None = None
        self._header = b""
        self._any = False
        if path is None:
            return
        if path.exists() and source.exists() and path.samefile(source):
            raise BadUsage(f"{path} is the file to import", "name another for --rejects")
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise BadUsage(f"can't write {path}: {error.strerror}") from None

    def header(self, raw: bytes) -> None:
        """The header row, which comes before the first record."""
        self._header = raw

    def add(self, raw: bytes) -> None:
        """Bytes of a refused record, with their line end."""
        if self._file is not None and raw:
            self._file.write(raw if self._any else self._header + raw)
            self._any = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None and self._path is not None:
            self._file.close()
            if not self._any:
                self._path.unlink(missing_ok=True)
