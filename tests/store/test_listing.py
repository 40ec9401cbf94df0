"""Questions to the cache: orders, prefixes, links, titles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest

from hdcli.errors import BadUsage
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket
from hdcli.store import filling, listing, rows
from hdcli.store.condition import OPEN, Where
from hdcli.store.tables import Problem

ALL = Where("1", {})


def ticket(
    key: str, title: str = "A", *, at: str = "2026-11-01T00:00:00Z", **values: object
) -> Ticket:
    items: dict[str, Any] = {
        name: values.pop(name) for name in ("links", "aliases", "tags") if name in values
    }
    given = {"title": title, "status": "open", "level": 1, **values}
    entry = Entry("0001-aaaaaa", at, "alice", "new", given, items)
    return Ticket(f"HD-{key}", fold([entry]), (entry,))


TICKETS = (
    ticket("AAAAA", "été", priority="low", status="new", requester="bob", category="mail"),
    ticket("BBBBB", "Zebra", priority="high", due="2026-11-20T00:00:00Z", team="desk"),
    ticket("CCCCC", "apple", priority="high", due="2026-11-10T00:00:00Z", level=2, assignee="al"),
    ticket("DDDDD", "Été", priority="high", status="closed", merged_into="HD-AAAAA"),
    ticket("EEEEE", "e", priority="gone", status="pending", links=["parent-of HD-AAAAA"]),
    ticket("EEEE0", "f", aliases=["HD-BBBBA", "HD-CCCCC"], tags=["b", "a"], merged_into="HD-DDDDD"),
)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        found = [rows.of_ticket(each, ("low", "normal", "high")) for each in TICKETS]
        path = "tickets/zz/HD-ZZZZZ.yaml"
        found.append(rows.Rows(path, problem=Problem(path, 3, "not valid YAML")))
        filling.fill(connection, found)
        yield connection


def keys(db: sqlite3.Connection, sort: str) -> str:
    return " ".join(each[3:6] for each in listing.ids_of(db, ALL, sort))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("urgency", "CCC BBB AAA EEE EEE DDD"),
        ("-urgency", "DDD EEE EEE AAA BBB CCC"),
        ("-created", "AAA BBB CCC DDD EEE EEE"),
        ("priority", "BBB CCC DDD AAA EEE EEE"),
        ("due", "CCC BBB DDD AAA EEE EEE"),
        ("title", "CCC EEE AAA DDD EEE BBB"),
        ("status", "AAA BBB CCC EEE EEE DDD"),
        ("-status", "DDD EEE BBB CCC EEE AAA"),
        ("-level,title", "CCC EEE AAA DDD EEE BBB"),
        ("id", "AAA BBB CCC DDD EEE EEE"),
    ],
)
def test_sorts(db: sqlite3.Connection, sort: str, expected: str) -> None:
    assert keys(db, sort) == expected


@pytest.mark.parametrize("sort", listing.SORTS)
def test_every_order_can_be_reversed(db: sqlite3.Connection, sort: str) -> None:
    assert listing.ids_of(db, ALL, f"-{sort},-id")[0] in listing.ids_of(db, ALL, sort)[-3:]


def test_an_unknown_order_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadUsage, match="did you mean 'priority'"):
        listing.order("prioritty")
    with pytest.raises(BadUsage, match="known: urgency"):
        listing.order("created,")


def test_a_limit_gives_the_first(db: sqlite3.Connection) -> None:
    assert listing.ids_of(db, OPEN, limit=2) == ["HD-CCCCC", "HD-BBBBB"]


def test_documents_come_in_the_order_asked_for(db: sqlite3.Connection) -> None:
    found = listing.documents(db, ["HD-BBBBB", "HD-NONE0", "HD-AAAAA"])
    assert [text[7:15] for text in found] == ["HD-BBBBB", "HD-AAAAA"]
    assert "log" not in found[0]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("A", ["HD-AAAAA"]),
        ("BBBB", ["HD-BBBBB", "HD-EEEE0"]),
        ("BBBBA", ["HD-EEEE0"]),
        ("CCCC", ["HD-CCCCC"]),
        ("EEEE", ["HD-EEEE0", "HD-EEEEE"]),
        ("Z", ["HD-ZZZZZ"]),
        ("0", []),
    ],
)
def test_ids_by_their_beginning(db: sqlite3.Connection, key: str, expected: Sequence[str]) -> None:
    """Aliases and files that can't be read answer too."""
    assert [found for found, _ in listing.by_prefix(db, key)] == expected


def test_links_titles_and_tags(db: sqlite3.Connection) -> None:
    assert listing.links_to(db, "HD-AAAAA") == [("parent-of", "HD-EEEEE")]
    assert listing.titles(db, ["HD-AAAAA", "HD-NONE0"]) == {"HD-AAAAA": ("été", "new")}
    assert listing.tags(db) == [("a", 1), ("b", 1)]
    assert listing.tags(db)[0][1] == 1


def test_what_was_merged_is_found_through_several_steps(db: sqlite3.Connection) -> None:
    assert listing.merged_into(db, ["HD-AAAAA"]) == ["HD-DDDDD", "HD-EEEE0"]
    assert listing.merged_into(db, ["HD-BBBBB"]) == []


def test_tickets_merged_in_a_circle_end() -> None:
    circle = [ticket("AAAAA", merged_into="HD-BBBBB"), ticket("BBBBB", merged_into="HD-AAAAA")]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        filling.fill(db, [rows.of_ticket(each, ()) for each in circle])
        assert listing.merged_into(db, ["HD-AAAAA"]) == ["HD-AAAAA", "HD-BBBBB"]
