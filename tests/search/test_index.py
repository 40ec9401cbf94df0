"""The index: what it finds, and that it is up to date, or built anew, whatever happens to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hdcli.search import building, manifest, merging
from hdcli.search.document import KINDS, Document
from hdcli.search.index import Index, drop, rebuild
from hdcli.search.segment import Entry
from search.library import article, built, keys, question, texts_of, ticket

DOCUMENTS = [
    ticket("HD-A", "Printer on floor 2 jams", "The printer jams after each page. Paper is new."),
    ticket("HD-B", "L'imprimante est en panne", "Rien ne sort de l'imprimante du réseau."),
    ticket("HD-C", "VPN drops", "The split tunnel of the VPN drops, KB5034441 was installed."),
    ticket("HD-D", "Wi-Fi slow", "Page after page loads slowly on the wifi.", tags=("network",)),
    article("reset-password", "Reset a password", "Open the portal and choose a new password."),
    article("mot-de-passe", "Réinitialiser un mot de passe", "Ouvrir le portail."),
]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """An index of a few documents."""
    return built(tmp_path, DOCUMENTS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("printers", ["HD-A"]),
        ("imprimantes", ["HD-B"]),
        ("reseaux", ["HD-B"]),
        ("vpn 5034441", ["HD-C"]),
        ("wifi", ["HD-D"]),
        ("wi-fi", ["HD-D"]),
        ("passwords", ["reset-password"]),
        ("imprim*", ["HD-B"]),
        ("pasword~", ["reset-password"]),
        ("network", ["HD-D"]),
        ("page -wifi", ["HD-A"]),
        ("page -wif*", ["HD-A"]),
        ("printer vpn", []),
        ("nothingofthesort", []),
    ],
)
def test_words_find_documents_with_all_of_them(index: Index, query: str, found: list[str]) -> None:
    assert keys(index, query) == found


def test_any_word_finds_more_and_the_rarest_counts_most(index: Index) -> None:
    assert keys(index, "page tunnel", every=False)[0] == "HD-C"
    assert set(keys(index, "page tunnel", every=False)) == {"HD-A", "HD-C", "HD-D"}


def test_a_phrase_is_made_sure_of_in_the_texts(index: Index) -> None:
    texts = texts_of(DOCUMENTS)
    assert keys(index, '"page after page"', texts=texts) == ["HD-D"]
    assert keys(index, '"split tunnel"', texts=texts) == ["HD-C"]
    assert keys(index, '"tunnel split"', texts=texts) == []
    assert keys(index, 'page -"each page"', texts=texts) == ["HD-D"]


def test_synonyms_find_what_has_another_word(index: Index) -> None:
    asked = question(index, "wireless network", [["wireless network", "wifi"]])
    assert [each.key for each in index.answer(asked).hits] == ["HD-D"]


def test_kinds_and_allowed_keys_limit_what_counts(index: Index) -> None:
    asked = question(index, "page password")
    only = index.answer(asked, kinds=KINDS[1:], every=False).hits
    assert [each.key for each in only] == ["reset-password"]
    allowed = index.answer(asked, every=False, allowed=lambda keys: {"HD-D"}.intersection(keys))
    assert [each.key for each in allowed.hits] == ["HD-D"]


def test_a_title_counts_more_than_a_text(tmp_path: Path) -> None:
    documents = [
        ticket("HD-1", "Something else", "There is a printer here that jams"),
        ticket("HD-2", "The printer jams", "There is something else here"),
    ]
    assert keys(built(tmp_path, documents), "printer") == ["HD-2", "HD-1"]


def test_words_next_to_each_other_count_more(tmp_path: Path) -> None:
    documents = [
        ticket("HD-1", "One", "the disk of a user is hard and full"),
        ticket("HD-2", "Two", "the hard disk of a user is and full"),
    ]
    index = built(tmp_path, documents)
    assert keys(index, "hard disk", texts=texts_of(documents)) == ["HD-2", "HD-1"]


def test_an_update_adds_replaces_and_removes(index: Index) -> None:
    after = index.update(
        [ticket("HD-A", "Scanner is dead", "No light"), ticket("HD-E", "New scanner wanted")],
        ["HD-B"],
        "second",
    )
    assert after.commit == "second"
    assert set(keys(after, "scanner")) == {"HD-A", "HD-E"}
    assert keys(after, "printer") == keys(after, "imprimante") == []
    assert keys(Index.open(after.folder), "tunnel") == ["HD-C"]


def test_many_updates_leave_few_segments(tmp_path: Path) -> None:
    index = built(tmp_path, DOCUMENTS)
    for number in range(40):
        index = index.update([ticket(f"HD-{number:03}", f"Ticket {number}")], [], str(number))
    assert index.manifest is not None
    assert len(index.manifest.segments) <= merging._MOST + 3
    assert len(list(index.folder.iterdir())) == 3 * len(index.manifest.segments) + 1
    assert index.answer(question(index, "ticket"), limit=100).total == 40


def test_a_reader_goes_on_while_the_index_is_built_anew(index: Index) -> None:
    rebuild(index.folder, [ticket("HD-X", "Another printer")], "second")
    assert keys(index, "printer") == ["HD-A"]
    assert keys(Index.open(index.folder), "printer") == ["HD-X"]


@pytest.mark.parametrize("damage", ["cut", "gone", "list", "version", "dropped"])
def test_what_is_damaged_counts_as_missing(index: Index, damage: str) -> None:
    listed = index.folder / manifest.NAME
    largest = max(index.folder.glob("*.pst"), key=lambda each: each.stat().st_size)
    match damage:
        case "cut":
            largest.write_bytes(largest.read_bytes()[:-1])
        case "gone":
            largest.unlink()
        case "list":
            listed.write_text('{"version": 1, "segments": [[')
        case "version":
            data = json.loads(listed.read_text())
            listed.write_text(json.dumps({**data, "version": manifest.VERSION + 1}))
        case "dropped":
            drop(index.folder)
    assert Index.open(index.folder).commit is None


def test_what_a_killed_builder_left_is_cleared_away(index: Index) -> None:
    orphan = index.folder / "hd_0123456789abcdef.pst"
    orphan.write_bytes(b"half")
    index.update([], [], "second")
    assert not orphan.exists()


def test_a_list_of_segments_names_no_other_files(index: Index) -> None:
    listed = index.folder / manifest.NAME
    data = json.loads(listed.read_text())
    data["segments"][0][0] = "../../outside"
    listed.write_text(json.dumps(data))
    assert manifest.read(index.folder) is None


def test_an_index_that_its_desk_outgrew_is_worn(tmp_path: Path) -> None:
    index = built(tmp_path, DOCUMENTS[:2])
    assert not index.worn
    assert index.update([ticket(f"HD-{n}", "x") for n in range(20)], [], "second").worn


def test_all_cores_build_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_FEW", 10)
    monkeypatch.setattr(building, "_PORTION", 20)
    many = [ticket(f"HD-{n:03}", f"Printer {n}", "jams") for n in range(50)]
    told: list[int] = []
    index = rebuild(tmp_path / "index", many, "first", told.append)
    assert index.answer(question(index, "printer"), limit=100).total == 50
    assert keys(index, "37") == ["HD-037"]
    assert told == [20, 40, 50]


def test_segments_of_one_size_are_merged_when_they_are_many() -> None:
    def entries(*sizes: int) -> list[Entry]:
        return [Entry(f"hd_{n}", "ticket", size, 0) for n, size in enumerate(sizes)]

    assert merging.due(entries(1, 1, 1, 40, 300, 16_000)) == []
    assert [each.documents for each in merging.due(entries(*[1] * 8, 40))] == [1] * 8
    assert [each.documents for each in merging.due(entries(1, *[40] * 8))] == [40] * 8
    assert merging.due(entries(*[16_000] * 20)) == []


WORDS = ["printer", "vpn", "wifi", "réseau", "imprimante", "tunnel", "page"]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.dictionaries(st.integers(0, 9), st.lists(st.sampled_from(WORDS)), max_size=4), max_size=6
    )
)
def test_any_row_of_updates_finds_what_an_index_built_at_once_finds(
    tmp_path: Path, updates: list[dict[int, list[str]]]
) -> None:
    index = rebuild(tmp_path / "one", [], "0")
    all_documents: dict[int, Document] = {}
    for number, update in enumerate(updates):
        changed = {key: ticket(f"HD-{key}", "T", " ".join(said)) for key, said in update.items()}
        gone = [f"HD-{key}" for key, said in update.items() if not said]
        index = index.update([d for d in changed.values() if d.text], gone, str(number))
        all_documents |= changed
    left = [each for each in all_documents.values() if each.text]
    whole = rebuild(tmp_path / "other", left, "0")
    for word in WORDS:
        assert set(keys(index, word)) == set(keys(whole, word))
