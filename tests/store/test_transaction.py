"""What a write sees and adds: its own changes, room for new files, level branches."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from hdcli.errors import Conflict
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket
from hdcli.store.desk import Desk
from hdcli.store.fastimport import Signature
from hdcli.store.transaction import Transaction
from support import AGENT, DeskFolder

WHO = Signature(*AGENT, 1_791_187_200)
ID = "HD-7K3QF"


@pytest.fixture
def desk(a_desk: DeskFolder) -> Iterator[Desk]:
    """The desk, opened."""
    opened = Desk.open(a_desk.path)
    yield opened
    opened.close()


def a_ticket(title: str = "x", level: int = 1, identifier: str = ID) -> Ticket:
    """A ticket of one entry."""
    values = {"title": title, "status": "new", "level": level}
    log = (Entry("0001-aaaaaa", "2026-10-05T08:00:00Z", "alice", "new", values),)
    return Ticket(identifier, fold(log), log)


def adding(*tickets: Ticket) -> Callable[[Transaction], None]:
    """A plan: a commit a ticket."""

    def plan(transaction: Transaction) -> None:
        for ticket in tickets:
            transaction.commit(f"{ticket.id}: x\n", WHO, [ticket])

    return plan


def test_a_transaction_sees_what_it_did(desk: Desk) -> None:
    def plan(transaction: Transaction) -> None:
        assert transaction.ticket(ID) is None
        assert not transaction.taken(ID)
        transaction.commit("one\n", WHO, [a_ticket()])
        assert transaction.ticket(ID) == a_ticket()
        assert transaction.taken(ID)
        assert transaction.free([ID, "HD-00001"]) == ["HD-00001"]
        transaction.commit("two\n", WHO, files={a_ticket().path: None})
        assert transaction.read(a_ticket().path) is None

    desk.write(plan, WHO)
    assert desk.file(a_ticket().path) is None


def test_a_plan_that_fails_leaves_nothing(desk: Desk, a_desk: DeskFolder) -> None:
    def plan(transaction: Transaction) -> None:
        transaction.commit("big\n", WHO, files={"kb/big": b"x" * 1_000_000})
        raise LookupError

    before = a_desk.commits()
    with pytest.raises(LookupError):
        desk.write(plan, WHO)
    assert a_desk.commits() == before
    assert a_desk.clean()
    assert not list((a_desk.path / ".git").glob("fast_import_crash_*"))


def test_a_rehearsal_sees_the_same_and_writes_nothing(desk: Desk, a_desk: DeskFolder) -> None:
    before = a_desk.commits()
    desk.rehearse(adding(a_ticket()), WHO)
    assert a_desk.commits() == before
    assert a_desk.clean()


@pytest.mark.parametrize("in_the_way", [f"tickets/7k/{ID}.yaml/inside", "tickets/7k", "tickets"])
def test_what_is_in_the_way_of_a_new_ticket_is_named(
    desk: Desk, a_desk: DeskFolder, in_the_way: str
) -> None:
    place = a_desk.path / in_the_way
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("x")
    a_desk.git("add", "-A")
    a_desk.git("commit", "-qm", "in the way")
    before = a_desk.commits()
    with pytest.raises(Conflict, match="is in the way"):
        desk.write(adding(a_ticket()), WHO)
    assert a_desk.commits() == before
    assert a_desk.clean()


def test_the_level_branch_is_where_the_last_commit_put_the_ticket(
    desk: Desk, a_desk: DeskFolder
) -> None:
    desk.write(adding(a_ticket(level=2), a_ticket(level=3)), WHO)
    assert a_desk.branches() == [f"l3/{ID}: {ID}: x"]
    desk.write(adding(a_ticket(level=1)), WHO)
    assert a_desk.branches() == []


def test_thousands_of_level_branches_move_at_once(desk: Desk, a_desk: DeskFolder) -> None:
    many = [a_ticket(level=2, identifier=f"HD-7K{number:03d}") for number in range(300)]
    desk.write(adding(*many), WHO)
    assert len(a_desk.branches()) == 300
    a_desk.git("pack-refs", "--all")
    desk.write(adding(*(a_ticket("y", 1, each.id) for each in many)), WHO)
    assert a_desk.branches() == []
    assert a_desk.clean()


def test_the_cache_is_brought_along(desk: Desk) -> None:
    assert desk.cache.head == desk.place.head
    desk.write(adding(a_ticket()), WHO)
    with closing(sqlite3.connect(desk.place.repository.local / "cache.sqlite3")) as db:
        head = db.execute("SELECT value FROM meta WHERE name = 'head'").fetchone()[0]
        found = db.execute("SELECT id FROM tickets").fetchall()
    assert head == desk.place.head
    assert found == [(ID,)]


def test_the_cache_stays_as_it_was_when_nothing_was_written(desk: Desk) -> None:
    before = desk.cache.head

    def plan(transaction: Transaction) -> None:
        transaction.commit("one\n", WHO, [a_ticket()])
        transaction.read("none")
        raise LookupError

    with pytest.raises(LookupError):
        desk.write(plan, WHO)
    assert desk.cache.head == before
    assert desk.cache.ask(lambda db: db.execute("SELECT id FROM tickets").fetchall()) == []
