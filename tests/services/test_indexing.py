"""The index follows the commits, whoever reads it and wherever it can be kept."""

from __future__ import annotations

from contextlib import closing

import pytest

from hdcli.errors import BadUsage
from hdcli.search.index import Index
from hdcli.services import indexing
from hdcli.store import texts
from hdcli.store.desk import Desk
from support import DeskFolder


def test_an_index_reflects_the_commit_of_its_reader(a_desk: DeskFolder) -> None:
    a_desk.new("Printer jams")
    with closing(Desk.open(a_desk.path)) as desk:
        index = indexing.opened_index(desk)
        assert index.commit == desk.place.head
        assert index.uses("printer") == 1
    a_desk.new("Printer offline")
    a_desk.hd("kb", "new", "Printers", "-m", "Switch the printer on.")
    with closing(Desk.open(a_desk.path)) as desk:
        index = indexing.opened_index(desk)
        assert index.commit == desk.place.head
        assert index.uses("printer") == 3
        assert {each.kind for each in index.corpus.segments} == {"ticket", "article"}


def test_a_reader_of_an_old_commit_does_not_turn_the_index_back(a_desk: DeskFolder) -> None:
    a_desk.new("Printer jams")
    with closing(Desk.open(a_desk.path)) as old:
        a_desk.new("Scanner dead")
        a_desk.hd("search", "scanner")
        assert indexing.opened_index(old).uses("scanner") == 1


def test_where_nothing_can_be_kept_it_is_built_all_the_same(a_desk: DeskFolder) -> None:
    a_desk.new("Printer jams")
    (a_desk.path / ".git" / "hd" / "index.lock").mkdir()
    assert "Printer jams" in a_desk.hd("search", "printers").out
    assert not (a_desk.path / ".git" / "hd" / "index").exists()


def test_an_error_of_hd_is_no_damage(a_desk: DeskFolder) -> None:
    with closing(Desk.open(a_desk.path)) as desk:
        indexing.opened_index(desk)

        def refused(_: Index) -> None:
            raise BadUsage("no")

        with pytest.raises(BadUsage):
            indexing.ask(desk, refused)
        assert Index.open(desk.place.repository.local / "index").commit == desk.place.head


def test_a_text_has_its_parts_again() -> None:
    text = texts.text_of("Réseau", ["First\fline", "second"], ["vpn", "rh"], ["HD-7K3QF", "Ana\fB"])
    found = texts.document("ticket", "HD-7K3QF", text)
    assert found.title == "reseau"
    assert found.text == "first\fline\nsecond"
    assert found.tags == ("vpn", "rh")
    assert found.names == ("hd-7k3qf", "ana b")
