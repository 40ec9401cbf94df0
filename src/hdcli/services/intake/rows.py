"""Rows of a table without a reference in another system: named by what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hdcli.errors import HdError
from hdcli.services.bulk.incoming import key_of
from hdcli.services.bulk.naming import Naming
from hdcli.services.bulk.records import Item, Record


def named(items: Iterable[Item], naming: Naming) -> Iterator[Item]:
    """The same records, each with an ``external_id``; equal rows of a file are told apart by
    counting them, so that a file that has grown names its old rows as before."""
    met: dict[bytes, int] = {}
    for item in items:
        if not isinstance(item, Record) or _is_named(item, naming):
            yield item
            continue
        key = key_of(dict(item.data))
        times = met[bytes.fromhex(key)] = met.get(bytes.fromhex(key), -1) + 1
        name = f"row-{key_of(dict(item.data), times)[:16]}"
        yield replace(item, data={**item.data, "external_id": name})


def _is_named(item: Record, naming: Naming) -> bool:
    try:
        return bool(naming.apply(item.data).get("external_id"))
    except HdError:
        return True  # whoever takes it in says what is wrong with it
