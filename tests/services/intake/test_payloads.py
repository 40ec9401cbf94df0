"""Payloads of JSON, on a line or on many."""

from __future__ import annotations

import json
from typing import Any

from hdcli.errors import BadData
from hdcli.services.bulk.records import Line
from hdcli.services.intake.payloads import payloads


def found(text: str) -> list[tuple[int, Any]]:
    """The contents of a text that arrives line by line; what is no JSON is ``...``."""
    lines = [[Line(n, raw.encode(), 0)] for n, raw in enumerate(text.splitlines(True), 1)]
    each = [one for some in payloads(lines) for one in some]
    return [(n, ... if isinstance(value, BadData) else value) for n, value in each]


def test_an_object_may_stand_on_a_line_or_on_many() -> None:
    given = {"a": [{"b": 'a } and \\" [ in a text'}, []], "c": {}}
    indented = json.dumps(given, indent=1)
    assert found(f"{json.dumps(given)}\n\n{indented}\n{indented}") == [
        *((1, given), (3, given), (12, given))
    ]


def test_objects_of_a_list_may_begin_their_lines() -> None:
    text = '{"a":\n[\n{"b": 1},\n{"b": 2}\n]}\n{}\n'
    assert found(text) == [(1, {"a": [{"b": 1}, {"b": 2}]}), (6, {})]


def test_what_was_cut_off_ends_where_the_next_begins() -> None:
    text = '{"a": 1\n{"b": 2}\nno\n}\n{"c"'
    assert found(text) == [(1, ...), (2, {"b": 2}), (3, ...), (4, ...), (5, ...)]


def test_many_lines_take_no_longer_each_than_few() -> None:
    lines = 10_000
    text = '{"a": [\n' + "[],\n[]\n,\n" * lines + "[]]}"
    ((number, value),) = found(text)
    assert (number, len(value["a"])) == (1, 2 * lines + 1)
    assert found('{"a": "' + '\\"' * lines) == [(1, ...)]
