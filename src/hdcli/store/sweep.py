"""Many tickets of a desk, one after the other, in memory that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hdcli.errors import BadData
from hdcli.model import ids
from hdcli.model.ticket import Ticket
from hdcli.store import codec
from hdcli.store.desk import Desk
from hdcli.store.yamlread import MAX_BYTES


def tickets(desk: Desk, wanted: Sequence[str]) -> Iterator[Ticket]:
    """The tickets of whole ids, as committed. Raises BadData at one that can't be read."""
    paths = [ids.ticket_path(each) for each in wanted]
    contents = desk.objects.many((f"{desk.place.head}:{path}" for path in paths), MAX_BYTES)
    for path, data in zip(paths, contents, strict=True):
        if data is None:
            raise BadData("its object is missing from the repository", path, remedy="git fsck")
        yield codec.read_ticket(data, path)
