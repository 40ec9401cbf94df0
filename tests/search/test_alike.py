"""What a ticket is like."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdcli.search.alike import Alike, Shared, alike
from hdcli.search.index import Index
from search.library import article, built, ticket


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """Five tickets and an article."""
    return built(
        tmp_path,
        [
            ticket("HD-A", "Printer jams", "The printer on the second floor jams again"),
            ticket("HD-B", "No paper", "Which paper does the printer take?"),
            ticket("HD-C", "VPN drops", "The tunnel drops every hour, since the update"),
            ticket("HD-D", "Imprimante en panne", "L'imprimante de l'étage ne répond plus"),
            ticket("HD-E", "Update of the switch", "On Sunday"),
            article("printer-jam", "Clear a paper jam", "Open the printer, take the paper out"),
        ],
    )


def keys(like: Alike, count: int = 10) -> list[str]:
    return [near.key for near in like.nearest("ticket", count)]


def test_the_closest_come_first_and_the_ticket_itself_is_left_out(index: Index) -> None:
    like = alike(index, "Printer jams", "again", without=["HD-A"])
    assert keys(like) == ["HD-B"]
    assert keys(alike(index, "Printer jams", "again")) == ["HD-A", "HD-B"]
    assert [near.key for near in like.nearest("article", 10)] == ["printer-jam"]


def test_closeness_is_a_share_of_what_the_same_words_reach(index: Index) -> None:
    same, other = alike(index, "Printer jams", "").nearest("ticket", 2)
    assert 0.6 < same.closeness < 1.4
    assert other.closeness < 0.5


def test_the_subject_counts_more_than_the_text(index: Index) -> None:
    assert keys(alike(index, "tunnel", "printer"))[0] == "HD-C"
    assert keys(alike(index, "printer", "tunnel"))[0] in ("HD-A", "HD-B")


def test_it_is_compared_by_words_that_are_known_and_rare(index: Index) -> None:
    words = alike(index, "Die VPN-Verbindung", "printer the of and tunnel xyzzy").words
    assert {each.written for each in words} == {"tunnel", "printer"}
    assert words[0].written == "tunnel"


def test_no_more_than_twenty_words_are_compared(tmp_path: Path) -> None:
    many = " ".join(f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(200))
    like = alike(built(tmp_path, [ticket("HD-A", "One", many)]), "Two", many)
    assert len(like.words) == 20


def test_shared_words_are_told_as_they_were_written(index: Index) -> None:
    like = alike(index, "L'imprimante de l'étage", "Elle est en panne")
    assert keys(like) == ["HD-D"]
    shared = like.shared("ticket", ["HD-D"])["HD-D"]
    assert {each.word for each in shared} == {"imprimante", "étage", "panne"}
    assert {each.synonym for each in shared} == {""}


def test_a_synonym_makes_alike_and_is_told(index: Index) -> None:
    lists = [["jam", "bourrage papier"], ["tunnel", "tuyau"]]
    assert keys(alike(index, "Tuyau bloqué", "")) == []
    like = alike(index, "Tuyau bloqué", "", lists)
    assert keys(like) == ["HD-C"]
    assert like.shared("ticket", ["HD-C"]) == {"HD-C": (Shared("tuyau", "tunnel"),)}
    assert like.nearest("ticket", 1)[0].closeness < 1.4
    several = alike(index, "Bourrage du papier", "", lists)
    assert keys(several) == ["HD-A"]
    assert several.shared("ticket", ["HD-A"])["HD-A"] == (
        Shared("bourrage", "jam"),
        Shared("papier", "jam"),
    )
    assert several.overlap("Tuyau drops", "tunnel drops") > 0.8
    assert alike(index, "x", "").overlap("Tuyau drops", "tunnel drops") < 0.6


def test_the_word_itself_counts_more_than_its_synonym(tmp_path: Path) -> None:
    tickets = [ticket("HD-A", "vpn down"), ticket("HD-B", "tunnel down")]
    like = alike(built(tmp_path, tickets), "tunnel", "", [["vpn", "tunnel"]])
    assert keys(like) == ["HD-B", "HD-A"]
    assert like.shared("ticket", ["HD-B"]) == {"HD-B": (Shared("tunnel"),)}


def test_onwards_gives_every_document_once(tmp_path: Path) -> None:
    tickets = [ticket(f"HD-{n:04}", "Printer", f"jams {n}") for n in range(900)]
    like = alike(built(tmp_path, tickets), "Printer", "")
    portions = list(like.onwards("ticket"))
    assert len(portions) == 3
    assert [near.key for each in portions for near in each] == keys(like, 900)


def test_nothing_is_like_a_text_of_unknown_words(index: Index) -> None:
    like = alike(index, "the", "")
    assert not like.words
    assert keys(like) == []
    assert list(like.onwards("ticket")) == []
