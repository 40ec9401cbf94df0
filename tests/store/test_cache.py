"""The cache shows what is committed, whatever happened to it or to the history meanwhile."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hdcli.errors import Busy
from hdcli.store import cache, listing, tables
from hdcli.store.cache import NAME, Cache
from hdcli.store.condition import OPEN
from hdcli.store.desk import Desk
from hdcli.store.discover import discover
from support import DeskFolder

PRIORITIES = ("low", "normal", "high", "urgent")


def place_of(desk: DeskFolder) -> Path:
    return desk.path / ".git" / "hd" / NAME


def listed(desk: DeskFolder) -> list[str]:
    return desk.hd("list", "-q", "--all", "--sort", "created").out.split()


def rowids(desk: DeskFolder) -> dict[str, int]:
    """Where each ticket's row lies: a new place after a build, the same after catching up."""
    with closing(sqlite3.connect(place_of(desk))) as db:
        return dict(db.execute("SELECT id, rowid FROM tickets").fetchall())


def test_catches_up_with_what_git_brought(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("First"), a_desk.new("Second")
    assert sorted(listed(a_desk)) == sorted([first, second])
    kept = rowids(a_desk)[first]
    path = a_desk.file(second)
    path.write_text(path.read_text().replace("title: Second", "title: Changed"))
    a_desk.git("commit", "-qam", "by hand")
    assert "Changed" in a_desk.hd("list").out
    assert rowids(a_desk)[first] == kept
    a_desk.git("rm", "-q", str(path))
    a_desk.git("commit", "-qm", "gone")
    assert listed(a_desk) == [first]
    assert a_desk.hd("list", "--count").out == "1\n"


def test_a_write_leaves_it_as_new_as_the_desk(a_desk: DeskFolder) -> None:
    a_desk.new()
    listed(a_desk)
    ticket = a_desk.new("Second")
    with closing(sqlite3.connect(place_of(a_desk))) as db:
        assert cache.meta(db, "head") == a_desk.git("rev-parse", "main")
        assert db.execute("SELECT title FROM tickets WHERE id = ?", (ticket,)).fetchone()


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "torn", "version", "no table"])
def test_is_built_anew_when_it_can_not_be_used(a_desk: DeskFolder, damage: str) -> None:
    tickets = [a_desk.new(f"Ticket {n}", "-t", "vpn") for n in range(3)]
    listed(a_desk)
    place = place_of(a_desk)
    if damage == "missing":
        place.unlink()
    elif damage == "empty":
        place.write_bytes(b"")
    elif damage == "garbage":
        place.write_bytes(os.urandom(10_000))
    elif damage == "torn":
        data = bytearray(place.read_bytes())
        data[4096:] = bytes(len(data) - 4096)
        place.write_bytes(data)
    else:
        with closing(sqlite3.connect(place)) as db:
            db.execute("PRAGMA user_version=1" if damage == "version" else "DROP TABLE texts")
    ran = a_desk.hd("list", "-q", "--all", "ticket")
    assert sorted(ran.out.split()) == sorted(tickets)
    assert ran.err == ""


def test_follows_a_history_that_was_rewritten(a_desk: DeskFolder) -> None:
    first = a_desk.new("First")
    before = a_desk.git("rev-parse", "main")
    a_desk.new("Second")
    listed(a_desk)
    a_desk.git("reset", "-q", "--hard", before)
    assert listed(a_desk) == [first]


def test_is_built_anew_when_its_commit_is_gone(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("First")
    listed(a_desk)
    with closing(sqlite3.connect(place_of(a_desk))) as db:
        cache.set_meta(db, "head", "1" * 40)
        db.execute("UPDATE tickets SET title = 'stale'")
        db.commit()
    assert listed(a_desk) == [ticket]
    assert "First" in a_desk.hd("list").out


def test_orders_by_priorities_that_were_changed(a_desk: DeskFolder) -> None:
    low, high = a_desk.new("Low", "-p", "low"), a_desk.new("High", "-p", "high")
    assert a_desk.hd("list", "-q").out.split() == [high, low]
    kept = rowids(a_desk)
    settings = a_desk.path / "desk.yaml"
    order = "priorities: [low, normal, high, urgent]"
    assert order in settings.read_text()
    settings.write_text(
        settings.read_text().replace(order, "priorities: [high, normal, urgent, low]")
    )
    a_desk.git("commit", "-qam", "other priorities")
    assert a_desk.hd("list", "-q").out.split() == [low, high]
    assert rowids(a_desk) == kept


def test_counts_what_it_holds(a_desk: DeskFolder) -> None:
    tickets = [a_desk.new(f"Ticket {n}") for n in range(4)]
    listed(a_desk)
    a_desk.hd("take", tickets[0])
    a_desk.hd("close", tickets[1], tickets[2])
    a_desk.hd("escalate", tickets[3], "-m", "too hard", "--team", "network")
    with closing(Desk.open(a_desk.path)) as desk:
        assert desk.cache.ask(listing.tickets_in_all) == 4
        assert desk.cache.ask(listing.crowds) == [(1, "desk", 1, 0), (2, "network", 1, 1)]


def test_a_reader_of_an_older_commit_does_not_take_it_back(a_desk: DeskFolder) -> None:
    a_desk.new("First")
    older = discover(a_desk.path)
    a_desk.new("Second")
    listed(a_desk)
    late = Cache(older, PRIORITIES, None)
    with closing(late.db):
        assert late.head == a_desk.git("rev-parse", "main")
        assert late.ask(lambda db: listing.count(db, OPEN)) == 2


def test_damage_that_shows_in_the_middle_is_mended(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("First")
    opened = Cache(discover(a_desk.path), PRIORITIES, None)
    with closing(sqlite3.connect(place_of(a_desk))) as db:
        db.execute("DROP TABLE tickets")
    assert opened.ask(lambda db: listing.ids_of(db, OPEN)) == [ticket]
    opened.db.close()


def test_files_that_are_no_tickets_are_told_by_name(a_desk: DeskFolder) -> None:
    good = a_desk.new("Good")
    folder = a_desk.file(good).parent
    (folder / "HD-99999.yaml").write_text("title: x\n")  # another folder's
    (folder / "notes.txt").write_text("x")
    (folder / good.replace("HD", "XX")).with_suffix(".yaml").symlink_to("/etc/passwd")
    (a_desk.path / "tickets" / "top.yaml").write_text("x: 1\n")
    a_desk.git("add", "-A")
    a_desk.git("commit", "-qm", "strange files")
    ran = a_desk.hd("list", "-q")
    assert ran.out.split() == [good]
    told = [line.partition("can't read ")[2] for line in ran.err.splitlines()]
    assert len(told) == 4
    assert any("symbolic link" in line for line in told)
    assert all(line.startswith("tickets/") for line in told)


def test_a_strange_file_of_the_same_name_takes_no_rows_away(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Good")
    listed(a_desk)
    stray = a_desk.path / "tickets" / "zz" / f"{ticket}.yaml"
    stray.parent.mkdir(exist_ok=True)
    shutil.copy(a_desk.file(ticket), stray)
    a_desk.git("add", "-A")
    a_desk.git("commit", "-qm", "a copy in the wrong place")
    ran = a_desk.hd("list", "-q")
    assert ran.out.split() == [ticket]
    assert f"tickets/zz/{ticket}.yaml" in ran.err


def test_a_broken_file_is_a_problem_until_it_is_mended(a_desk: DeskFolder) -> None:
    broken, good = a_desk.new("Broken"), a_desk.new("Good")
    listed(a_desk)
    sound = a_desk.file(broken).read_text()
    a_desk.file(broken).write_text(f"{sound}\n<<<<<<< ours\n")
    a_desk.git("commit", "-qam", "markers")
    ran = a_desk.hd("list", "-q")
    assert ran.out.split() == [good]
    assert f"{broken}.yaml:" in ran.err
    a_desk.file(broken).write_text(sound)
    a_desk.git("commit", "-qam", "mended")
    ran = a_desk.hd("list", "-q")
    assert sorted(ran.out.split()) == sorted([broken, good])
    assert ran.err == ""


def test_many_readers_build_it_once_and_agree(a_desk: DeskFolder) -> None:
    tickets = sorted(a_desk.new(f"Ticket {n}") for n in range(3))
    place_of(a_desk).unlink(missing_ok=True)
    command = [sys.executable, "-m", "hdcli", "list", "-q", "--sort", "id"]
    running = [
        subprocess.Popen(
            command, cwd=a_desk.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    for each in running:
        out, err = each.communicate(timeout=120)
        assert (out.split(), err, each.returncode) == (tickets, "", 0)


def test_one_that_is_locked_for_too_long_is_busy(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_desk.new()
    listed(a_desk)
    a_desk.git("commit", "-q", "--allow-empty", "-m", "newer")
    monkeypatch.setattr(cache, "_WAIT", 0.05)
    with closing(sqlite3.connect(place_of(a_desk))) as db:
        db.execute("BEGIN EXCLUSIVE")
        assert a_desk.hd("list", code=Busy.exit_code).err.startswith("hd: another hd is building")


def test_a_big_desk_is_read_by_all_cores(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = sorted(a_desk.new(f"Ticket {n}") for n in range(5))
    place_of(a_desk).unlink(missing_ok=True)
    monkeypatch.setattr(cache, "_MANY", 2)
    monkeypatch.setattr(cache, "_CHUNK", 2)
    seen: list[tuple[int, int]] = []
    built = Cache(discover(a_desk.path), PRIORITIES, lambda done, total: seen.append((done, total)))
    with closing(built.db):
        assert built.ask(lambda db: listing.ids_of(db, OPEN, "id")) == tickets
    assert seen[-1] == (5, 5)


def test_first_pages_and_counts_come_from_indexes(a_desk: DeskFolder) -> None:
    """What makes a list at 100,000 tickets as quick as at 1,000."""
    a_desk.new()
    with closing(Desk.open(a_desk.path)) as desk:
        for condition in ("open = 1", "1", "open = 1 AND assignee = 'bob'", "status = 'new'"):
            sql = f"SELECT id FROM tickets WHERE {condition} ORDER BY {listing.order('urgency')}"
            plan = " ".join(
                row[3] for row in desk.cache.db.execute(f"EXPLAIN QUERY PLAN {sql} LIMIT 50")
            )
            assert "COVERING INDEX" in plan, condition
            assert "TEMP B-TREE" not in plan, condition


def test_every_statement_of_the_tables_is_whole() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        for statement in (*tables.TABLES.split(";"), *tables.INDEXES.split(";"), *tables.TALLY):
            db.execute(statement)
