"""Records that could not be read for a while, or were gone: nothing may be lost in between.

Judging a commit takes what was before it; where that can't be read there is nothing to compare
with. An audit sees the commits before, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from hdcli.errors import BadData
from hdcli.model import vetting
from hdcli.model.finding import Finding
from hdcli.model.record import Record
from hdcli.services.auditsteps import Seen, Step
from hdcli.services.naming import of_path
from hdcli.store.git import Repository
from hdcli.store.versions import Versions


class Gaps:
    """Remembers what a record was before it could no longer be read; use it in a ``with``."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._versions: Versions | None = None
        self._before: dict[str, tuple[str, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._versions is not None:
            self._versions.close()

    def bridged(self, step: Step) -> Iterator[Finding]:
        """What the end of a gap lost, of that which was there at its begin."""
        for seen in step.records:
            if not seen.blob and seen.olds:
                self._before[seen.path] = seen.olds
            elif seen.blob and not seen.sound and seen.path in self._before:
                yield from self._compared(step, seen, self._before.pop(seen.path))

    def _compared(self, step: Step, seen: Seen, before: tuple[str, ...]) -> Iterator[Finding]:
        new = self._read(seen.path, seen.blob)
        olds = [old for blob in (*before, *seen.olds) if (old := self._read(seen.path, blob))]
        if new is None:
            return
        added = vetting.fresh(olds, new)
        names = {step.agent, step.author} - {""}
        own = (entry for entry in added if not entry.of)
        flaws = [
            *vetting.lost(olds, new, {}, added),
            *vetting.foreign(own, names, lambda _: ()),
        ]
        for flaw in flaws:
            message = f"{flaw.message} (while the file could not be read)"
            yield Finding("error", seen.path, 0, message, flaw.remedy, commit=step.id)

    def _read(self, path: str, blob: str) -> Record | None:
        record = of_path(path)
        assert record is not None
        if self._versions is None:
            self._versions = Versions(self._repository)
        try:
            return self._versions.record(record.kind, blob, path)
        except BadData:
            return None
