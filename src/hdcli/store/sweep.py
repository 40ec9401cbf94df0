"""Many tickets of a desk, one after the other, in memory that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import tee

from hdcli.errors import BadData
from hdcli.model import ids
from hdcli.model.ticket import Ticket
from hdcli.store import codec
from hdcli.store.desk import Desk
from hdcli.store.yamlread import MAX_BYTES


def tickets(desk: Desk, wanted: Iterable[str]) -> Iterator[Ticket | BadData]:
    """The tickets of whole ids, as committed; instead of one that can't be read, the reason."""
    first, second = tee(wanted)
    names = (f"{desk.place.head}:{ids.ticket_path(each)}" for each in first)
    for each, data in zip(second, desk.objects.many(names, MAX_BYTES), strict=True):
        path = ids.ticket_path(each)
        try:
            if data is None:
                raise BadData("it is gone from the desk", path)
            ticket = codec.read_ticket(data, path)
        except BadData as error:
            yield error
        else:
            yield ticket
