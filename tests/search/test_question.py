"""Words of the query language as clauses."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from hdcli.model.query_parser import parse
from hdcli.search.question import Question, Synonyms, Way, asked, of_text, phrase
from search.library import CONTEXT


def question(text: str, *known: str, synonyms: Synonyms = ()) -> Question:
    """The question that a query is, in a dictionary of some known words."""

    def beginning(start: str) -> Iterable[str]:
        return [each for each in known if each.startswith(start)]

    return asked(parse(text, CONTEXT).words, beginning, lambda word: [word, *known], synonyms)


def labels(found: Question) -> list[str]:
    """Its clauses as typed."""
    return [each.label for each in found.clauses]


def test_stop_words_are_no_clauses_but_stay_in_the_sequence() -> None:
    found = question("mot de passe")
    assert labels(found) == ["mot", "passe"]
    assert found.sequence == ("mot", "de", "pass")


def test_a_word_typed_twice_weighs_twice() -> None:
    (clause,) = question("printer printers").clauses
    assert clause.weight == 2


def test_a_compound_is_one_clause_with_parts() -> None:
    (clause,) = question("disque-dur").clauses
    assert clause.parts is not None
    assert clause.parts.terms == ("disqu", "dur")


def test_a_beginning_is_every_word_that_begins_so() -> None:
    (clause,) = question("impr*", "imprimante", "imprimer", "impression", "vpn").clauses
    assert clause.label == "impr*"
    assert set(clause.terms) == {"imprim", "impress"}


def test_negated_words_are_banned() -> None:
    found = question('vpn -printer -"split tunnel"')
    assert labels(found) == ["vpn"]
    assert [each.way.terms for each in found.banned] == [("print",), ("split", "tunnel")]
    assert found.banned[1].phrase is not None


def test_synonyms_are_other_ways_even_of_several_words() -> None:
    lists = [["vpn", "virtual private network"], ["wifi", "wlan"]]
    (clause,) = question("virtual private networks", synonyms=lists).clauses
    assert Way(("vpn",), 0.8, "vpn") in clause.ways
    found = question("slow vpn", synonyms=lists)
    assert labels(found) == ["slow", "vpn"]
    assert len(found.clauses[1].ways) == 2
    assert [len(each.ways) for each in question("wlan", synonyms=lists).clauses] == [2]


def test_a_phrase_is_found_whatever_is_between_its_words() -> None:
    assert phrase("split tunnel").search("the split-tunnel is")
    assert not phrase("split tunnel").search("the split of a tunnel")
    assert not phrase("split tunnel").search("splits tunnel")


def test_the_words_of_a_text_weigh_as_often_as_they_are_said() -> None:
    found = of_text([(2.0, "The VPN is slow"), (1.0, "vpn, Wi-Fi")])
    said = [(each.label, each.weight) for each in found]
    assert said == [("vpn", 3.0), ("slow", 2.0), ("wi-fi", 1.0)]
    assert found[2].parts is not None


def test_each_word_of_a_text_has_the_synonyms_of_the_item_that_it_is_of() -> None:
    lists = [["wifi", "wireless network"], ["slow", "lent"]]
    found = {
        each.label: each for each in of_text([(1.0, "Network! Wireless networks lent")], lists)
    }
    wifi = Way(("wif",), 0.8, "wifi")
    assert found["network"].weight == 2.0
    assert [found[each].ways[1:] for each in ("wireless", "network")] == [(wifi,), (wifi,)]
    assert found["lent"].ways[1:] == (Way(("slow",), 0.8, "slow"),)
    (wlan,) = of_text([(1.0, "wifi")], lists)
    assert wlan.ways[1] == Way(("wireless", "network"), 0.8, "wireless network")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters=':"'), min_size=1)))
def test_any_words_are_a_question(words: list[str]) -> None:
    safe = [each for each in (" ".join(words)).split() if each.strip("-!*~")]
    text = " ".join(each.lstrip("-!") or "x" for each in safe)
    if not any(map(str.isalnum, text)):
        text = f"{text} x"  # signs alone are refused
    found = question(text)
    assert all(clause.label for clause in found.clauses)
