from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.model.slug import MAX_SLUG, PATTERN, article_path, slug_of, slug_of_path, unused


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Reset a password", "reset-a-password"),
        ("Réinitialiser l'accès à la boîte", "reinitialiser-l-acces-a-la-boite"),
        ("Œuvre à cœur ouvert", "oeuvre-a-coeur-ouvert"),
        ("Straße", "strasse"),
        ("0x80070005: what now?", "0x80070005-what-now"),
        ("打印机", "article"),
        ("", "article"),
        ("word " * 20, "word-word-word-word-word-word-word-word-word-word-word-word"),
        ("a" * 100, "a" * 60),
    ],
)
def test_a_title_gives_its_slug(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text())
def test_any_title_gives_a_slug_that_names_a_file(title: str) -> None:
    slug = slug_of(title)
    assert PATTERN.fullmatch(slug)
    assert slug_of_path(article_path(slug)) == slug


def test_a_taken_slug_is_numbered() -> None:
    assert unused("vpn", {"vpn", "vpn-2"}.__contains__) == "vpn-3"
    assert unused("vpn", lambda slug: False) == "vpn"
    long = "a" * MAX_SLUG
    assert PATTERN.fullmatch(unused(long, {long}.__contains__))


@pytest.mark.parametrize(
    "path", ["kb/a/b.yaml", "kb/A.yaml", "kb/a.yml", "kb/-a.yaml", "kb/.yaml", "x/a.yaml", "kb"]
)
def test_what_is_no_article_has_no_slug(path: str) -> None:
    assert slug_of_path(path) is None
