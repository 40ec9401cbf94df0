from __future__ import annotations

import pytest
from hypothesis import given, settings

from hdcli.errors import BadData
from hdcli.model.article import Article
from hdcli.store import codec, yamlwrite
from hdcli.store.page import file_of, page_of
from strategies import articles

BY_HAND = b"""\
# For everybody
slug: vpn
body: |
  Restart it.

  ---
  log: not this
state: draft  # soon
title: VPN
log: []
"""


@given(articles(edited=True))
@settings(max_examples=60, deadline=None)
def test_a_page_left_as_it_is_means_the_same_article(article: Article) -> None:
    data = yamlwrite.record_bytes(article)
    page = page_of(data, article)
    assert codec.read_article(file_of(page, "x", data), "x") == article
    assert file_of(page, "x", data) == data or b"body: " in data  # a body may be quoted there


def test_a_page_is_the_values_with_their_comments_and_then_the_text() -> None:
    article = codec.read_article(BY_HAND, "x")
    assert page_of(BY_HAND, article).decode() == (
        "---\n# For everybody\nslug: vpn\nstate: draft  # soon\ntitle: VPN\n---\n"
        "\nRestart it.\n\n---\nlog: not this\n"
    )
    again = file_of(page_of(BY_HAND, article), "x", BY_HAND)
    assert codec.read_article(again, "x") == article


def test_what_an_editor_of_another_system_saves_is_read() -> None:
    page = "\ufeff---\r\nslug: vpn\r\ntitle: x\r\nstate: draft\r\n---  \r\n\r\n\r\nOne\r\ntwo\r\n"
    assert codec.read_article(file_of(page.encode(), "x"), "x").body == "One\ntwo"


@pytest.mark.parametrize(
    ("page", "line", "said"),
    [
        (b"slug: vpn\n", 1, "its values come first"),
        (b"---\nslug: vpn\n\ntext", 1, "behind its values is missing"),
        (b"---\nslug: vpn\nlog: []\n---\n", 3, "the log is not edited here"),
        (b"---\n\xff\n---\n", 0, "not UTF-8"),
    ],
)
def test_what_is_no_page_is_refused(page: bytes, line: int, said: str) -> None:
    with pytest.raises(BadData, match=said) as caught:
        file_of(page, "x")
    assert caught.value.line == line
