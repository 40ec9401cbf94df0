from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from hdcli.errors import BadData, NotADesk, NotFound, Refused
from hdcli.store import lock, refs
from hdcli.store.desk import Desk
from hdcli.store.fastimport import Signature
from hdcli.store.transaction import Transaction
from support import DeskFolder

ME = Signature("Alice Martin", "alice@example.org", 1_700_000_000)


@pytest.fixture
def opened(a_desk: DeskFolder) -> Iterator[Desk]:
    desk = Desk.open(a_desk.path)
    yield desk
    desk.close()


def a_file(transaction: Transaction, data: bytes = b"x") -> None:
    transaction.commit("a file", ME, files={"notes/a.txt": data})


def move_main(desk: DeskFolder) -> None:
    """What a person's git does meanwhile."""
    tree = desk.git("rev-parse", "main^{tree}")
    commit = desk.git("commit-tree", tree, "-p", "main", "-m", "by git")
    desk.git("update-ref", "refs/heads/main", commit)


def test_a_write_is_planned_again_when_somebody_was_faster(
    a_desk: DeskFolder, opened: Desk
) -> None:
    tries = []

    def plan(transaction: Transaction) -> str:
        a_file(transaction)
        tries.append(transaction.base)
        if len(tries) < 3:
            move_main(a_desk)
        return "done"

    assert opened.write(plan, ME) == "done"
    assert len(tries) == 3
    assert a_desk.git("log", "--format=%s", "-3") == "a file\nby git\nby git"
    assert a_desk.clean()
    assert not (a_desk.path / ".git" / "hd" / "journal").exists()


def test_a_write_gives_up_when_somebody_always_is(a_desk: DeskFolder, opened: Desk) -> None:
    def plan(transaction: Transaction) -> None:
        a_file(transaction)
        move_main(a_desk)

    with pytest.raises(refs.Outrun, match="'main' moved meanwhile; try again"):
        opened.write(plan, ME)
    assert a_desk.clean()
    assert not (a_desk.path / ".git" / "hd" / "journal").exists()


def test_a_plan_that_raises_did_nothing(a_desk: DeskFolder, opened: Desk) -> None:
    before = a_desk.git("for-each-ref")

    def plan(transaction: Transaction) -> None:
        a_file(transaction)
        raise Refused("no")

    with pytest.raises(Refused):
        opened.write(plan, ME)
    assert (a_desk.git("for-each-ref"), a_desk.clean()) == (before, True)
    with lock.lock_unless_at_work(a_desk.path / ".git" / "hd") as descriptor:
        assert descriptor is not None


def test_a_plan_without_commits_leaves_no_trace(a_desk: DeskFolder, opened: Desk) -> None:
    before = a_desk.git("for-each-ref")
    assert opened.write(lambda transaction: transaction.base, ME) == a_desk.git("rev-parse", "main")
    assert a_desk.git("for-each-ref") == before


def test_a_desk_that_wrote_sees_its_write(a_desk: DeskFolder, opened: Desk) -> None:
    assert opened.file("notes/a.txt") is None
    opened.write(a_file, ME)
    assert opened.file("notes/a.txt") == b"x"
    assert opened.place.head == a_desk.git("rev-parse", "main")
    text = a_desk.git("show", "main:desk.yaml").replace("prefix: HD", "prefix: IT")
    opened.write(lambda t: t.commit("prefix", ME, files={"desk.yaml": text.encode()}), ME)
    assert opened.settings.prefix == "IT"


def test_what_is_remembered_of_the_settings_is_never_trusted_blindly(a_desk: DeskFolder) -> None:
    memory = a_desk.path / ".git" / "hd" / "settings.json"
    blob = a_desk.git("rev-parse", "main:desk.yaml")
    for damage in ("", "[", "[]", "{}", "[1, 2, 3]", f'["{blob}", {{"prefix": 5}}]', "null"):
        memory.write_text(damage)
        desk = Desk.open(a_desk.path)
        assert desk.settings.prefix == "HD"
        desk.close()
        assert blob in memory.read_text()


@pytest.mark.parametrize("text", [b"", b"HD-7K3QF", b"nonsense\n", b"\xff\xfe"])
def test_the_last_ticket_is_known_or_asked_for(
    a_desk: DeskFolder, opened: Desk, text: bytes
) -> None:
    memory = a_desk.path / ".git" / "hd" / "last"
    memory.parent.mkdir(exist_ok=True)
    memory.write_bytes(text)
    if text == b"HD-7K3QF":
        assert opened.last() == "HD-7K3QF"
    else:
        with pytest.raises(NotFound, match="no ticket was touched"):
            opened.last()


def test_a_place_that_can_not_remember_is_no_failure(a_desk: DeskFolder) -> None:
    (a_desk.path / ".git" / "hd" / "last").mkdir(parents=True)
    a_desk.new()
    assert a_desk.clean()


def test_a_ticket_too_large_is_not_read_into_memory(a_desk: DeskFolder, opened: Desk) -> None:
    path = "tickets/7k/HD-7K3QF.yaml"
    opened.write(lambda t: t.commit("x", ME, files={path: b"x" * 60_000_000}), ME)
    tracemalloc.start()
    with pytest.raises(BadData, match=f"{path}: larger than"):
        opened.ticket("HD-7K3QF")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


def test_a_branch_without_settings_is_no_desk(tmp_path: Path) -> None:
    desk = DeskFolder(tmp_path / "repository")
    os.mkdir(desk.path)
    desk.git("init", "-q", "-b", "main")
    desk.git("commit", "-q", "--allow-empty", "-m", "x")
    with pytest.raises(NotADesk, match=r"its branch 'main' has no desk\.yaml"):
        Desk.open(desk.path)
