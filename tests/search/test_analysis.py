"""One analysis for English and French, for texts and queries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.model.plain import plain, plain_with_places
from hdcli.search import analysis


def terms(text: str) -> set[str]:
    """What a document with this text is found by."""
    return {term for chunk in analysis.chunks(plain(text)) for term in analysis.terms(chunk)}


def asked(word: str) -> str:
    """The term that a word typed as a query is, as a whole."""
    return analysis.forms(plain(word))[0].whole


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("printers", "printer"),
        ("printing", "printed"),
        ("l'imprimante", "imprimantes"),
        ("L’imprimante", "IMPRIMANTE"),
        ("réseaux", "reseau"),
        ("journaux", "journal"),
        ("connexion", "connexions"),
        ("bloqué", "bloquée"),
        ("mots", "mot"),
        ("d'utilisateurs", "utilisateur"),
        ("wi-fi", "wifi"),
        ("e-mails", "email"),
        ("user's", "users"),
        ("cœur", "coeurs"),
        ("peut-on", "peut"),
        ("00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e"),
    ],
)
def test_words_that_mean_the_same_are_one_term(word: str, other: str) -> None:
    assert asked(word) == asked(other)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("error 0x80070005 again", "80070005"),
        ("install KB5034441", "5034441"),
        ("install KB5034441", "kb5034441"),
        ("host SRV-PRINT01.corp.example.org", "srv-print01"),
        ("host SRV-PRINT01.corp.example.org", "print01"),
        ("host SRV-PRINT01.corp.example.org", "example.org"),
        ("host SRV-PRINT01.corp.example.org", "srv-print01.corp.example.org"),
        ("at 10.0.14.7 since", "10.0.14.7"),
        ("at 10.0.14.7 since", "10.0.14"),
        ("from ana.lopez@example.org", "ana.lopez@example.org"),
        ("from ana.lopez@example.org", "lopez"),
        ("version v2.3.1", "2.3"),
        ("version v2.3.1", "2.3.1"),
        ("Office365", "office"),
        ("see rapport_final.pdf", "rapport"),
        ("C:\\temp\\log.txt", "log.txt"),
        ("https://intranet.example.org/hr", "intranet.example.org"),
        ("HD-7K3QF", "7k3qf"),
    ],
)
def test_names_and_codes_are_found_whole_and_in_part(text: str, word: str) -> None:
    assert asked(word) in terms(text)


def test_stop_words_of_both_languages_are_no_terms() -> None:
    assert terms("the printer and l'imprimante de la") == {asked("printer"), asked("imprimante")}
    assert terms("don't you can't est-ce que") == set()


def test_a_rendez_vous_is_no_verb_with_a_pronoun() -> None:
    assert asked("rendez-vous") == asked("rendezvous")


def test_a_word_is_spelt_as_a_whole_and_in_its_parts() -> None:
    assert list(analysis.surfaces("l'e-mail")) == ["email", "mail"]
    assert list(analysis.surfaces("imprimantes")) == ["imprimantes"]


@given(st.text())
def test_any_text_has_terms_of_bounded_length(text: str) -> None:
    for chunk in analysis.chunks(plain(text)):
        found = analysis.form(chunk)
        assert found.whole
        assert all(found.all)
        assert found.stop or len(found.whole) <= analysis.LONGEST


@given(st.text())
def test_case_and_accents_never_matter(text: str) -> None:
    once = plain(text)
    assert terms(once) == terms(text)


@given(st.text())
def test_each_plain_character_knows_where_it_is_from(text: str) -> None:
    folded, places = plain_with_places(text)
    assert len(places) == len(folded) + 1
    assert list(places) == sorted(places)
    assert places[len(folded)] == len(text)
