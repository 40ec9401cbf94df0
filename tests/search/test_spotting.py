"""Where a text has the words asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hdcli.model.plain import plain
from hdcli.model.query import Word
from hdcli.search import excerpt
from hdcli.search.question import Question, asked
from hdcli.search.spotting import Likeness, Spotter


def question(text: str) -> Question:
    """Plain words as a question."""
    return asked(map(Word, text.split()), lambda _: (), lambda _: ())


def spotter(text: str) -> Spotter:
    """What finds these words."""
    found = question(text)
    return Spotter([term for each in found.clauses for term in each.terms], found.words)


def marked(found: excerpt.Excerpt | None) -> list[str]:
    """The words that an excerpt marks."""
    assert found is not None
    return [found.text[start:end] for start, end in found.spans]


def test_inflections_accents_and_compounds_are_spotted() -> None:
    text = "L'Imprimante du réseau : deux imprimantes, en Wi-Fi."
    assert marked(excerpt.whole(text, spotter("imprimante wifi reseaux"))) == [
        "Imprimante",
        "réseau",
        "imprimantes",
        "Wi-Fi",
    ]


def test_parts_of_names_are_spotted() -> None:
    text = "The host srv-print01.example.org answers"
    assert marked(excerpt.whole(text, spotter("print01"))) == ["print01"]
    assert marked(excerpt.whole(text, spotter("srv-print01.example.org"))) == [
        "srv-print01.example.org"
    ]


def test_the_excerpt_is_where_most_of_the_rarest_words_are() -> None:
    texts = ["printer " * 30, "long before " * 40 + "the VPN tunnel of the printer " + "x " * 90]
    found = excerpt.best(texts, spotter("vpn tunnel printer"), {"vpn": 5.0, "tunnel": 5.0}, 120)
    assert marked(found)[:3] == ["VPN", "tunnel", "printer"]
    assert found is not None
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert len(found.text) < 140


def test_no_word_means_no_excerpt() -> None:
    assert excerpt.best(["nothing here"], spotter("vpn"), {}, 100) is None


def test_likeness_counts_neighbours_and_stop_words() -> None:
    like = Likeness(question("mot de passe"), {"mot": 2.0, "pass": 2.0})
    assert like.bonus("mot de passe") > like.bonus("passe de mot") > like.bonus("passe ou mot")


@given(st.text(), st.lists(st.text(max_size=12), max_size=4), st.integers(20, 200))
def test_marks_are_always_inside_the_excerpt(text: str, words: list[str], length: int) -> None:
    found = excerpt.best([text], spotter(plain(" ".join(words))), {}, length)
    for start, end in found.spans if found else ():
        assert 0 <= start < end <= len(found.text if found else "")


@given(st.lists(st.sampled_from(["vpn", "Réseau", "l'imprimante", "wi-fi", "x", "\n", "é"])))
def test_every_word_of_a_text_is_spotted_in_it(words: list[str]) -> None:
    text = " ".join(words)
    found = excerpt.whole(text, spotter(plain(text)))
    assert len(found.spans) == sum(each not in ("x", "\n", "é") for each in words) + sum(
        each in ("x", "é") for each in words
    )
