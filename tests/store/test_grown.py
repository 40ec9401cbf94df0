"""A longer log read upon the shorter one says what it says when it is read as a whole."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcli.errors import BadData
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket
from hdcli.store import codec, grown, yamlwrite
from strategies import logs

_SET = {"title": "T", "status": "new", "level": 1}


def long_ticket() -> Ticket:
    """A ticket with a log long enough."""
    log = tuple(
        Entry(f"{n:04d}-abcdef", "2026-01-01T00:00:00Z", "bob", "note", body=f"a\n\n  b {n}")
        for n in range(1, 21)
    )
    log = (replace(log[0], set=_SET), *log[1:])
    return Ticket("HD-7K3QF", fold(log), log)


OLD = long_ticket()
DATA = yamlwrite.record_bytes(OLD)
LOG = grown.log_text(OLD, DATA)


def whole(data: bytes) -> Ticket | None:
    """The file read as a whole."""
    with suppress(BadData):
        return codec.read_ticket(data, OLD.path)
    return None


@settings(max_examples=40)
@given(more=logs())
def test_new_entries_are_read_alone(more: tuple[Entry, ...]) -> None:
    later = tuple(replace(each, id=f"9{each.id}", at=f"2027{each.at[4:]}") for each in more)
    new = OLD.with_log((*OLD.log, *sorted(later, key=lambda each: each.order)))
    data = yamlwrite.record_bytes(new)
    found = grown.read(OLD, LOG, data)
    if found is not None:
        assert found[0] == codec.read_ticket(data, OLD.path)
        assert found[1] == grown.log_text(new, data)
    else:
        assert len({each.id for each in later}) < len(later) or not whole(data)


@settings(max_examples=150)
@given(data=st.data())
def test_whatever_is_done_to_a_file_it_is_not_read_otherwise(data: st.DataObject) -> None:
    lines = DATA.decode().split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines)))
        line = data.draw(
            st.sampled_from([*lines, "    more", "- x", "log:", "log: []", "x: |", "'"])
        )
        lines[at : at + data.draw(st.integers(0, 1))] = [line]
    text = "\n".join(lines).encode()
    found = grown.read(OLD, LOG, text)
    if found is not None:
        assert found[0] == whole(text)


@pytest.mark.parametrize(
    "more",
    [
        b"    it goes on\n",
        b"\n    it goes on\n",
        b"- id: 0001-abcdef\n  at: 2027-01-01T00:00:00Z\n  by: bob\n  action: note\n",
        b"- id: 0001-zzzzzz\n  at: 2020-01-01T00:00:00Z\n  by: bob\n  action: note\n",
        b"x: y\n",
        b"--- {}\n",
    ],
)
def test_what_is_not_evident_is_read_as_a_whole(more: bytes) -> None:
    assert grown.read(OLD, LOG, DATA + more) is None


def test_a_log_that_is_short_or_formatted_by_hand_is_none_of_it() -> None:
    assert grown.log_text(OLD, DATA.replace(b"by: bob", b"by:  bob")) == b""
    short = OLD.with_log(OLD.log[:3])
    assert grown.log_text(short, yamlwrite.record_bytes(short)) == b""
