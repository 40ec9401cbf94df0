"""What a redacted entry loses, and that any versions of it have one that hides all they hide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.model.barring import Person, barred, names
from hdcli.model.entry import Entry
from hdcli.model.redaction import (
    hides,
    is_redacted,
    masked,
    redacted,
    redacts,
    stronger,
)
from hdcli.model.schema import entry_document, log_from
from strategies import entries

ANA = Person(
    "anonymous-ana000",
    frozenset({"ana@example.org"}),
    ("ana@example.org", "Ana Silva"),
)
BEN = Person("anonymous-ben000", frozenset({"ben@example.org"}), ("ben@example.org", "a", "Ben"))
NEW = Entry(
    "0001-000000",
    "2026-11-24T09:12:44Z",
    "Ana Silva <ana@example.org>",
    "new",
    {"title": "Ana's laptop", "status": "new", "requester": "ana@example.org", "room_no": 12},
    {"cc": ["Ben <ben@example.org>", "ANA@example.org"], "attachments": ["attachments/x"]},
    body="I am Ana\nSilva, not joana@example.org. Write to Ana@Example.org, please.",
    extra={"what": "reply: dear Ana", "step": 3},
)
Change = Callable[[Entry], Entry]
CHANGES: st.SearchStrategy[Change] = st.sampled_from(
    [
        lambda entry: masked(entry, ANA),
        lambda entry: masked(entry, BEN),
        lambda entry: redacted(entry, ANA),
        lambda entry: redacted(entry, BEN),
    ]
)
ENTRIES = st.one_of(st.just(NEW), entries().map(lambda each: log_from([each])[0]))


def test_agents_who_are_called_or_follow_stay_whatever_they_are_called() -> None:
    add, extra = {"watchers": ["ben", "carol"]}, {"mentions": ["ben"]}
    entry = Entry("0002-000000", NEW.at, "ben", "note", add=add, body="@ben", extra=extra)
    ben = Person("anonymous-ben000", frozenset(), ("ben",))
    for found in (redacted(entry, ben), masked(entry, ben)):
        assert (found.add, found.extra["mentions"]) == (add, ["ben"])
        assert "ben" not in found.body


def test_a_redacted_entry_says_what_was_done_and_not_for_whom() -> None:
    found = entry_document(redacted(NEW, ANA))
    assert found == {
        "id": "0001-000000",
        "at": "2026-11-24T09:12:44Z",
        "by": "anonymous-ana000",
        "action": "new",
        "set": {
            "title": "[removed]",
            "status": "new",
            "requester": "anonymous-ana000",
            "room_no": "[removed]",
        },
        "add": {"cc": ["anonymous-ana000"]},
        "what": "[removed]",
        "step": 3,
        "redacted": True,
        "body": "[removed]",
    }


def test_elsewhere_only_the_words_and_the_person_go() -> None:
    found = masked(NEW, ANA)
    assert found.body == (
        "I am ███\n█████, not joana@example.org. Write to ███████████████, please."
    )
    assert found.add["cc"] == ["Ben <ben@example.org>", "anonymous-ana000"]
    assert found.by == found.set["requester"] == "anonymous-ana000"
    assert found.set["title"] == "Ana's laptop"
    assert masked(replace(NEW, by="alice"), BEN).by == "alice"


@pytest.mark.parametrize("text", ["ÂNA SÍLVA", "(ana  silva)", "<ANA@example.org>."])
def test_words_are_found_in_any_spelling(text: str) -> None:
    assert names(text, ANA)
    assert not any(letter.isalpha() for letter in barred(text, ANA))


@pytest.mark.parametrize("text", ["Anabel Silva", "x.ana@example.org", "ana@example.org.uk", "Ana"])
def test_words_are_not_found_in_others(text: str) -> None:
    assert barred(text, ANA) == text
    assert not names(text, ANA)


@given(ENTRIES, st.lists(CHANGES, max_size=3), st.lists(CHANGES, max_size=3))
def test_an_entry_only_loses_and_is_marked_when_it_did(
    entry: Entry, first: list[Change], more: list[Change]
) -> None:
    before = entry
    for change in first:
        before = change(before)
    after = before
    for change in more:
        after = change(after)
    assert (before == after) or hides(before, after)
    assert not hides(after, before)
    assert (after == entry) or is_redacted(after)
    assert all(change(after) == after for change in more if change is more[-1])
    assert log_from([entry_document(after)]) == (after,)


@given(ENTRIES, st.lists(st.lists(CHANGES, max_size=2), min_size=3, max_size=3))
def test_versions_meet_in_one_whatever_the_order(entry: Entry, changes: list[list[Change]]) -> None:
    versions = []
    for each in changes:
        version = entry
        for change in each:
            version = change(version)
        versions.append(version)
    one, two, three = versions
    assert stronger(one, two) == stronger(two, one)
    assert stronger(stronger(one, two), three) == stronger(one, stronger(two, three))
    assert stronger(one, stronger(one, two)) == stronger(one, two)


def test_what_was_changed_otherwise_is_no_redaction() -> None:
    gone = redacted(NEW, ANA)
    assert not hides(NEW, replace(gone, at="2026-11-24T09:12:45Z"))
    assert not hides(NEW, replace(gone, set={**gone.set, "status": "closed"}))
    assert not hides(NEW, replace(gone, body="I never said that"))
    assert not hides(NEW, replace(gone, extra={}))
    assert not hides(NEW, replace(gone, by="bob"))


def test_an_entry_that_anonymises_names_what_it_did_and_keeps_its_reason() -> None:
    entry = Entry("0002-000000", NEW.at, "alice", "anonymise", body="Ana Silva asked for it")
    entry = replace(entry, extra={"redacts": ["0001-000000"]})
    assert redacts(entry) == {"0001-000000"}
    assert redacted(entry, ANA).body == "███ █████ asked for it"
    assert not redacts(replace(entry, action="note"))
