"""The texts of tickets and articles in the cache, plain and as they were written."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket
from hdcli.store import filling, rows, texts

PIECES = st.lists(
    st.text(st.characters(exclude_characters="\f", exclude_categories=["Cs"])), min_size=1
)


def ticket(*bodies: str) -> Ticket:
    """A ticket with a log of these texts."""
    log = [
        Entry(f"{number:04}-aaaaaa", "2026-11-01T00:00:00Z", "alice", "note", body=body)
        for number, body in enumerate(bodies)
    ]
    first = Entry("0000-aaaaaa", "2026-11-01T00:00:00Z", "alice", "new", {"title": "Été"})
    return Ticket("HD-AAAAA", fold([first, *log]), (first, *log))


@given(PIECES)
def test_what_was_written_comes_back_piece_by_piece(pieces: list[str]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("CREATE TABLE written (key TEXT PRIMARY KEY, text TEXT)")
        db.execute("INSERT INTO written VALUES ('HD-AAAAA', ?)", (texts.written_of(pieces),))
        assert texts.written(db, ["HD-AAAAA", "HD-BBBBB"]) == {"HD-AAAAA": pieces}


def test_a_changed_ticket_has_its_new_texts_and_no_others() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        filling.fill(db, [rows.of_ticket(ticket("Réseau"), ())])
        filling.replace(db, [rows.of_ticket(ticket("Réseau", "Câble \ud800"), ())])
        assert texts.written(db, ["HD-AAAAA"]) == {"HD-AAAAA": ["Réseau", "Câble ?"]}
        assert texts.texts(db, "ticket", ["HD-AAAAA"])["HD-AAAAA"].startswith("ete\nreseau\ncable")
        filling.replace(db, [rows.Rows("tickets/aa/HD-AAAAA.yaml")])
        assert texts.written(db, ["HD-AAAAA"]) == {}
