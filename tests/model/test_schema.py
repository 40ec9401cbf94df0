from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcli.errors import BadField
from hdcli.model import fields
from hdcli.model.schema import document, is_time, ticket_from
from hdcli.model.ticket import Ticket
from strategies import documents, tickets

BASE: dict[str, Any] = {"id": "HD-7K3QF", "title": "Jam", "status": "new", "level": 1}
ENTRY: dict[str, Any] = {
    "id": "0001-aaaaaa",
    "at": "2026-11-24T08:00:00Z",
    "by": "alice",
    "action": "new",
}


def refused(data: object) -> BadField:
    with pytest.raises(BadField) as caught:
        ticket_from(data)
    return caught.value


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": 7}, ("id",)),
        ({"id": "HD-7K3Q!"}, ("id",)),
        ({"title": None}, ()),
        ({"title": "  "}, ("title",)),
        ({"title": "x" * 501}, ("title",)),
        ({"title": "a\nb"}, ("title",)),
        ({"title": True}, ("title",)),
        ({"title": ["a"]}, ("title",)),
        ({"status": "opne"}, ("status",)),
        ({"level": "1"}, ("level",)),
        ({"level": True}, ("level",)),
        ({"level": 0}, ("level",)),
        ({"due": "tomorrow"}, ("due",)),
        ({"tags": "vpn"}, ("tags",)),
        ({"tags": ["vpn", {}]}, ("tags", 1)),
        ({"channel": "pigeon"}, ("channel",)),
        ({7: "x"}, ()),
        ({"x" * 201: "x"}, ()),
        ({"own": {7: "x"}}, ("own",)),
        ({"own": object()}, ("own",)),
        ({"log": {}}, ("log",)),
        ({"log": [7]}, ("log", 0)),
        ({"log": [{}]}, ("log", 0)),
        ({"log": [{**ENTRY, "id": "1-a"}]}, ("log", 0, "id")),
        ({"log": [ENTRY, ENTRY]}, ("log", 1, "id")),
        ({"log": [{**ENTRY, "at": "2026-02-30T08:00:00Z"}]}, ("log", 0, "at")),
        ({"log": [{**ENTRY, "body": 7}]}, ("log", 0, "body")),
        ({"log": [{**ENTRY, "set": []}]}, ("log", 0, "set")),
        ({"log": [{**ENTRY, "set": {"id": "x"}}]}, ("log", 0, "set")),
        ({"log": [{**ENTRY, "set": {"tags": ["x"]}}]}, ("log", 0, "set")),
        ({"log": [{**ENTRY, "set": {"title": None}}]}, ("log", 0, "set", "title")),
        ({"log": [{**ENTRY, "add": {"title": "x"}}]}, ("log", 0, "add")),
        ({"log": [{**ENTRY, "add": {"tags": "x"}}]}, ("log", 0, "add", "tags")),
        ({"log": [dict[Any, Any](ENTRY) | {7: "x"}]}, ("log", 0)),
    ],
)
def test_what_is_not_of_its_kind_is_refused_with_the_path_to_it(
    change: dict[Any, Any], path: tuple[str | int, ...]
) -> None:
    data: dict[Any, Any] = dict(BASE)
    data.update(change)
    assert refused(data).path == path


def test_deep_values_of_unknown_keys_are_refused() -> None:
    deep: Any = "x"
    for _ in range(30):
        deep = [deep]
    assert "deep" in str(refused({**BASE, "own": deep}))


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary()),
        lambda inner: st.one_of(
            st.lists(inner), st.dictionaries(st.one_of(st.text(), st.integers()), inner)
        ),
        max_leaves=8,
    ),
    st.sampled_from(["id", "log", "tags", "own", "due", *fields.REQUIRED, ""]),
)
@settings(max_examples=60, deadline=None)
def test_any_value_is_a_ticket_or_a_bad_field(value: Any, name: str) -> None:
    data: Any = {**BASE, name: value} if name else value
    try:
        ticket = ticket_from(data)
    except BadField:
        return
    assert ticket_from(document(ticket)) == ticket


@given(st.one_of(tickets(), tickets(edited=True)))
@settings(max_examples=40, deadline=None)
def test_a_ticket_survives_its_document_and_json(ticket: Ticket) -> None:
    assert ticket_from(document(ticket)) == ticket
    assert ticket_from(json.loads(json.dumps(document(ticket)))) == ticket


@given(documents(edited=True))
@settings(max_examples=50, deadline=None)
def test_what_was_edited_on_top_is_gone_when_the_log_is_folded(data: dict[str, Any]) -> None:
    read = ticket_from(data)
    ticket = read.with_log(read.log)
    assert ticket.with_log(ticket.log) == ticket


def test_nothing_and_empty_known_fields_are_not_set_but_falsy_unknown_ones_are() -> None:
    ticket = ticket_from({**BASE, "team": "", "tags": [], "due": None, "own": 0, "mine": False})
    assert set(ticket.values) == {"title", "status", "level", "own", "mine"}


def test_numbers_that_the_file_would_not_give_back_are_text() -> None:
    ticket = ticket_from({**BASE, "own": [1.5, 10**20, 7]})
    assert ticket.values["own"] == ["1.5", str(10**20), 7]


def test_dates_of_other_forms_become_the_stored_one() -> None:
    ticket = ticket_from({**BASE, "due": "2026-12-24T09:00+01:00", "pending_until": "2026-12-24"})
    assert ticket.text("due") == "2026-12-24T08:00:00Z"
    assert ticket.text("pending_until") == "2026-12-24T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2026-11-24T08:00:00Z", True),
        ("2024-02-29T23:59:59Z", True),
        ("2026-02-29T08:00:00Z", False),
        ("2026-13-01T08:00:00Z", False),
        ("2026-01-00T08:00:00Z", False),
        ("2026-01-01T24:00:00Z", False),
        ("0000-01-01T00:00:00Z", False),
        ("2026-11-24T08:00:00", False),
        ("2026-11-31", False),
    ],
)
def test_a_time_is_one_that_the_calendar_has(text: str, good: bool) -> None:
    assert is_time(text) is good
