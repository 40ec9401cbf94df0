"""The address book of a desk, as committed; remembered as JSON, since most people's is long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcli.errors import BadData
from hdcli.model import addressbook
from hdcli.model.addressbook import FILE, AddressBook, address_book
from hdcli.store import memory

if TYPE_CHECKING:
    from hdcli.store.desk import Desk

_REMEMBERED = "requesters"


def read(data: bytes) -> AddressBook:
    """The address book in a file. Raises BadData with file and line."""
    from hdcli.store import yamlread

    return yamlread.check(data, FILE, address_book)


def slips(data: bytes) -> list[tuple[int, str]]:
    """The keys of a sound file that are likely mistyped, each with its line."""
    from hdcli.store import yamlread

    found = list(addressbook.slips(yamlread.load(data, FILE)))
    root = yamlread.compose(data, FILE) if found else None
    return [(yamlread.line_of(root, path), said) for path, said in found]


def of_desk(desk: Desk) -> AddressBook:
    """The desk's address book; an empty one where there is none, or where it is broken: nobody is
    kept waiting for a file that hd fsck complains of."""
    found = desk.objects.read(f"{desk.place.head}:{FILE}", limit=0)
    if found is None or found[1] != "blob":
        return AddressBook()
    local, blob = desk.place.repository.local, found[0]
    remembered, values = memory.settings(local, _REMEMBERED)
    if remembered == blob and isinstance(values, dict):
        return AddressBook(values)  # it was checked when it was remembered
    try:
        book = read(desk.file(FILE) or b"")
    except BadData:
        return AddressBook()
    memory.keep_settings(local, blob, book.entries, _REMEMBERED)
    return book


def without(data: bytes, address: str) -> bytes:
    """The file without a person's entry (by address in lower case); the same where it has none.

    Raises BadData.
    """
    from hdcli.store import yamlsplice

    keys = [key for key in yamlsplice.lines(data, FILE) if len(key) == 1]
    for key in keys:
        if key[0].lower() == address:
            data = yamlsplice.drop(data, FILE, key)
    return data


def forget(desk: Desk) -> None:
    """Deletes what this clone remembers of it."""
    (desk.place.repository.local / f"{_REMEMBERED}.json").unlink(missing_ok=True)
