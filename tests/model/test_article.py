from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from hdcli.errors import BadField
from hdcli.model.article import ARTICLE, Article, article_from
from hdcli.model.entry import Entry
from hdcli.model.fold import difference, fold, stamp
from hdcli.model.record import NO_TEXT, hand_edit
from hdcli.model.schema import document
from strategies import articles

BARE = {"slug": "vpn", "title": "VPN", "state": "draft"}


@given(articles(edited=True))
@settings(max_examples=60, deadline=None)
def test_an_article_survives_its_document(article: Article) -> None:
    assert article_from(document(article)) == article
    assert article_from(json.loads(json.dumps(document(article)))) == article


@given(articles(edited=True))
@settings(max_examples=60, deadline=None)
def test_a_hand_edit_as_an_entry_leaves_nothing_to_say(article: Article) -> None:
    edit = hand_edit(article)
    number, at = stamp(article.log, "2026-11-24T08:00:00Z")
    entry = Entry(number, at, "a", "edit", edit.set, edit.add, edit.remove, text=edit.text)
    after = article.with_entry(entry)
    assert not difference(article.values, after.values, ARTICLE)
    assert not hand_edit(after)
    assert after.texts == article.texts


@given(articles())
@settings(max_examples=30, deadline=None)
def test_the_values_are_the_fold_of_the_log(article: Article) -> None:
    assert fold(article.log, ARTICLE) == article.values
    assert not hand_edit(article)


def test_published_is_since_when_it_is() -> None:
    states = ["draft", "published", "published", "archived", "published"]
    log = [
        Entry(f"{n:04d}-aaaaaa", f"2026-11-24T0{n}:00:00Z", "a", "x", {"state": state})
        for n, state in enumerate(states, 1)
    ]
    found = [fold(log[:n], ARTICLE).get("published") for n in range(1, 6)]
    assert found == [
        None,
        "2026-11-24T02:00:00Z",
        "2026-11-24T02:00:00Z",
        None,
        "2026-11-24T05:00:00Z",
    ]


def test_a_text_without_an_entry_shows() -> None:
    article = article_from({**BARE, "body": "Restart it."})
    assert hand_edit(article).text == article.digest != NO_TEXT
    assert hand_edit(article).names[-1] == "text"


def test_the_digest_tells_texts_apart_and_not_how_they_are_spaced() -> None:
    article = article_from({**BARE, "body": "\n \nRestart it.\r\n\n"})
    assert article.body == "Restart it."
    assert article.digest == article_from({**BARE, "body": "Restart it."}).digest
    assert article.digest != replace(article, body="Restart them.").digest
    assert article.digest != article_from({**BARE, "steps": [{"do": "Restart it."}]}).digest
    assert article_from(BARE).digest == NO_TEXT


def test_an_article_is_for_agents_until_it_says_public() -> None:
    assert article_from(BARE).audience == "agents"
    assert article_from({**BARE, "audience": "public"}).audience == "public"


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"slug": "Vpn"}, ("slug",)),
        ({"slug": None}, ("slug",)),
        ({"state": "final"}, ("state",)),
        ({"title": ""}, ("title",)),
        ({"audience": "all"}, ("audience",)),
        ({"review": "soon"}, ("review",)),
        ({"body": ["a"]}, ("body",)),
        ({"steps": [{"expect": "x"}]}, ("steps", 0)),
        ({"log": [{"id": "0001-aaaaaa", "at": "x", "by": "a", "action": "new"}]}, ("log", 0, "at")),
    ],
)
def test_what_is_no_article_is_refused_with_its_place(changed: Any, path: Any) -> None:
    with pytest.raises(BadField) as caught:
        article_from({**BARE, **changed})
    assert caught.value.path == path


def test_an_entry_sets_no_text() -> None:
    entry = {"id": "0001-aaaaaa", "at": "2026-11-24T08:00:00Z", "by": "a", "action": "edit"}
    with pytest.raises(BadField, match="'body'"):
        article_from({**BARE, "log": [{**entry, "set": {"body": "x"}}]})
