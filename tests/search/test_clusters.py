"""Tickets that are about one thing."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from hdcli.search.clusters import Item, clustered

DOCKS = [
    Item("HD-1", "hardware", "Docking station: screens flicker", "Since Monday"),
    Item("HD-2", "hardware", "Screens flicker on the docking station", "Every few minutes"),
    Item("HD-3", "hardware", "The docking station makes my screen flicker", ""),
]
OTHERS = [
    Item("HD-4", "hardware", "A new keyboard", "The space bar is stuck"),
    Item("HD-5", "software", "Excel opens in English", "It was French before"),
    Item("HD-6", "network", "Wi-Fi drops in room 12", "Since Monday"),
]


def found(items: Iterable[Item], least: int = 3) -> list[tuple[str, ...]]:
    return [each.keys for each in clustered(list(items), least)]


def test_tickets_that_share_telling_words_are_one_cluster() -> None:
    (cluster,) = clustered([*DOCKS, *OTHERS], 3)
    assert (cluster.category, cluster.keys) == ("hardware", ("HD-1", "HD-2", "HD-3"))
    assert set(cluster.words) == {"docking", "station", "flicker", "screens"}


def test_the_order_they_come_in_does_not_matter_here() -> None:
    (keys,) = found([*OTHERS, *reversed(DOCKS)])
    assert set(keys) == {"HD-1", "HD-2", "HD-3"}


def test_categories_are_kept_apart() -> None:
    moved = [each._replace(category="other") for each in DOCKS[:1]]
    assert found([*moved, *DOCKS[1:], *OTHERS]) == []
    assert found([*moved, *DOCKS[1:], *OTHERS], least=2) == [("HD-2", "HD-3")]


def test_words_are_told_as_people_write_them() -> None:
    french = [
        Item(f"HD-{n}", "hardware", "L'écran de la réunion clignote", "Écrans noirs parfois")
        for n in range(3)
    ]
    (cluster,) = clustered([*french, *OTHERS], 3)
    assert {"écran", "clignote", "réunion"} <= set(cluster.words)


def test_what_everybody_says_does_not_tell_a_cluster() -> None:
    things = ("printing", "passwords", "keyboards", "lamps", "chairs", "badges")
    items = [Item(f"HD-{thing}", "", f"Please help: {thing}", "") for thing in things]
    clusters = clustered([*items, *DOCKS, *OTHERS], 3)
    assert [each.words for each in clusters if each.category == ""] == [("help", "please")]
    assert [each.keys for each in clusters if each.category == "hardware"] == [
        ("HD-1", "HD-2", "HD-3")
    ]


said = st.lists(st.sampled_from(["printer", "jam", "réseau", "l'imprimante", "12", "the"]))


@given(st.lists(st.tuples(st.sampled_from(["", "a"]), said, said), max_size=12))
def test_every_ticket_is_in_one_cluster_at_most(
    tickets: list[tuple[str, list[str], list[str]]],
) -> None:
    items = [
        Item(str(n), category, " ".join(title), " ".join(text))
        for n, (category, title, text) in enumerate(tickets)
    ]
    keys = [key for cluster in clustered(items, 1) for key in cluster.keys]
    assert len(keys) == len(set(keys))
    assert set(keys) <= {each.key for each in items}
