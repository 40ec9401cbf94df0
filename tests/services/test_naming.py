"""A word that may name a ticket or an article names the one that was meant, or is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from hdcli.errors import Ambiguous, NotFound
from hdcli.model.article import Article
from hdcli.model.ticket import Ticket
from hdcli.services.naming import named
from hdcli.store.desk import Desk
from support import DeskFolder

TICKETS = ("HD-ABCDE", "HD-PRN7K", "HD-365XY", "HD-VPN12")
SLUGS = ("abcde", "hd-basics", "office-365", "hd-abcde", "prn-offline", "printer", "vpn")


@pytest.fixture
def desk(a_desk: DeskFolder) -> Iterator[Desk]:
    for each in TICKETS:
        path = a_desk.file(each)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"id: {each}\ntitle: x\nstatus: new\nlevel: 1\n")
    (a_desk.path / "kb").mkdir(exist_ok=True)
    for each in SLUGS:
        (a_desk.path / "kb" / f"{each}.yaml").write_text(f"slug: {each}\ntitle: x\nstate: draft\n")
    a_desk.hd("commit")
    with closing(Desk.open(a_desk.path)) as opened:
        yield opened


def test_the_rule(desk: Desk) -> None:
    for word, key in {
        "HD-ABCDE": "HD-ABCDE",
        "hd-abcde": "HD-ABCDE",  # a whole id with its prefix, whatever slugs there are
        "kb/hd-abcde": "hd-abcde",
        "kb/abcde": "abcde",
        "kb/abcde.yaml": "abcde",
        "hd-basics": "hd-basics",  # reads as BAS1CS, which no ticket has
        "office-365": "office-365",  # reads as 365, which a ticket begins with
        "365": "HD-365XY",
        "vpn": "vpn",  # a whole slug comes before the beginning of an id
        "vpn1": "HD-VPN12",
        "prn7": "HD-PRN7K",
        "prn-": "prn-offline",
        "PRINT": "printer",
    }.items():
        kind = Ticket if key in TICKETS else Article
        assert named(desk, word) == (kind, key), word


@pytest.mark.parametrize(
    ("word", "candidates"),
    [
        ("abcde", "HD-ABCDE, kb/abcde"),
        ("prn", "HD-PRN7K, kb/prn-offline"),
        ("p", "HD-PRN7K, kb/printer, kb/prn-offline"),
    ],
)
def test_what_could_be_both_is_refused(desk: Desk, word: str, candidates: str) -> None:
    with pytest.raises(Ambiguous, match=f"'{word}' could be {candidates};"):
        named(desk, word)


@pytest.mark.parametrize("word", ["zzz", "no such thing", "", "kb/", "../desk", "HD-", "é"])
def test_what_is_neither_is_not_found(desk: Desk, word: str) -> None:
    with pytest.raises((NotFound, Ambiguous)):
        named(desk, word)
