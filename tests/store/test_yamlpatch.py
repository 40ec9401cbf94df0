from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from hdcli.model.article import Article
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.procedure import steps_from
from hdcli.model.ticket import Ticket
from hdcli.store import codec, yamlpatch, yamlwrite
from strategies import articles, tickets

BY_HAND = """\
# Ana rings every day.
id: HD-7K3QF
status: open     # since Monday
title: 'No network'
level:  1
tags:
  - vpn   # split tunnel
  - slow

# Please keep below this line.
log:
  # the first one
  - id: 0001-aaaaaa
    at: 2026-11-24T08:00:00Z
    by: alice
    action: new
    set: {title: No network, status: open, level: 1}
    add: {tags: [vpn, slow]}
  - id: 0003-cccccc
    at: 2026-11-24T09:00:00Z
    by: bob
    action: note
    body: Seen.
# the end
"""


def entry(number: int, minute: int, **more: object) -> Entry:
    made = Entry(
        f"{number:04d}-zzzzzz", f"2026-11-24T08:{minute:02d}:00Z", "carol", "set", body="a\n\nb"
    )
    return replace(made, **more)  # type: ignore[arg-type] # a test's shorthand


def patched(text: str, *added: Entry) -> str:
    before = codec.read_ticket(text.encode(), "x")
    log = tuple(sorted((*before.log, *added), key=lambda each: each.order))
    after = Ticket(before.id, fold(log), log)
    data = codec.write(after, text.encode())
    assert codec.read_ticket(data, "x") == after
    return data.decode()


def test_comments_order_and_layout_stay_and_the_entry_goes_below() -> None:
    text = patched(BY_HAND, entry(4, 59, at="2026-11-25T08:00:00Z", set={"level": 2}))
    new = [line for line in text.splitlines() if line not in BY_HAND.splitlines()]
    assert [line for line in BY_HAND.splitlines() if line not in text.splitlines()] == ["level:  1"]
    assert new[0] == "level:  2"
    assert text.endswith(
        "# the end\n  - id: 0004-zzzzzz\n    at: 2026-11-25T08:00:00Z\n    by: carol\n"
        "    action: set\n    set: {level: 2}\n    body: |\n      a\n\n      b\n"
    )


def test_entries_of_another_clone_go_where_their_time_is() -> None:
    other = (entry(2, 20, id="0002-yyyyyy"), entry(9, 1, id="0001-000000"))
    text = patched(BY_HAND, entry(2, 10), *other)
    assert [line.split()[-1] for line in text.splitlines() if "id:" in line and "- " in line] == [
        "0001-aaaaaa", "0001-000000", "0002-zzzzzz", "0002-yyyyyy", "0003-cccccc",
    ]  # fmt: skip
    assert "# the first one" in text


def test_windows_line_ends_stay() -> None:
    text = patched(BY_HAND.replace("\n", "\r\n"), entry(2, 10, set={"team": "network"}))
    assert text.count("\n") == text.count("\r\n")


def test_a_file_with_no_log_gets_one() -> None:
    text = "id: HD-7K3QF\ntitle: x # y\nstatus: new\nlevel: 1\n"
    before = codec.read_ticket(text.encode(), "x")
    first = entry(1, 0, set=before.values)
    data = codec.write(Ticket(before.id, fold([first]), (first,)), text.encode())
    assert data.decode().startswith(f"{text}created: 2026")
    assert codec.read_ticket(data, "x").log == (first,)


def test_a_log_between_the_values_goes_below_them() -> None:
    head, _, log = BY_HAND.partition("log:\n")
    text = patched(f"log:\n{log}{head}", entry(4, 59))
    assert text.startswith("id: HD-7K3QF\n")
    assert text.index("Please keep") < text.index("\nlog:")
    assert "# Ana rings every day.\n" in text


def test_what_can_not_be_patched_is_written_anew() -> None:
    text = patched(
        "{id: HD-7K3QF, title: x, status: new, level: 1, log: []}",
        entry(1, 0, set={"title": "Jam", "status": "new", "level": 1}),
    )
    assert text.startswith("id: HD-7K3QF\ntitle: Jam\n")


def test_a_text_is_changed_where_it_stands() -> None:
    text = """\
# For everybody
slug: vpn
body: |
  Restart it.

  Then wait.

state: draft  # soon
title: VPN
log: []
"""
    before = codec.read_article(text.encode(), "x")
    values = {**before.values, "state": "published"}
    after = replace(before, body="Restart.\n\nWait.", values=values)
    assert codec.write(after, text.encode()).decode() == (
        "# For everybody\nslug: vpn\nbody: |\n  Restart.\n\n  Wait.\n\n"
        "state: published  # soon\ntitle: VPN\nlog: []\n"
    )
    gone = codec.write(replace(before, body=""), text.encode()).decode()
    assert gone == "# For everybody\nslug: vpn\n\nstate: draft  # soon\ntitle: VPN\nlog: []\n"
    made = replace(before, body="", steps=steps_from([{"do": "Restart it"}]))
    assert codec.write(made, text.encode()).decode() == (
        "# For everybody\nslug: vpn\n\nstate: draft  # soon\ntitle: VPN\n"
        "steps:\n- do: Restart it\nlog: []\n"
    )


@given(articles(edited=True), articles())
@settings(max_examples=40, deadline=None)
def test_any_change_of_a_commented_article_is_the_one_that_was_meant(
    before: Article, other: Article
) -> None:
    lines = yamlwrite.record_bytes(before).decode().split("\n")
    commented = "\n".join(["# a comment", lines[0], "# another", *lines[1:]]).encode()
    after = replace(other, log=before.log)
    assert codec.read_article(codec.write(after, commented, before), "x") == after


def test_the_parts_of_a_file_are_the_file() -> None:
    top, log = yamlpatch.split(BY_HAND.encode())
    assert (top + log).decode() == BY_HAND
    assert log.startswith(b"log:\n  # the first")


@given(tickets(edited=True), tickets())
@settings(max_examples=40, deadline=None)
def test_any_change_of_a_commented_file_is_the_ticket_that_was_meant(
    before: Ticket, other: Ticket
) -> None:
    lines = yamlwrite.record_bytes(before).decode().split("\n")
    commented = "\n".join(["# a comment", *lines[:2], "# another", *lines[2:]]).encode()
    known = {each.id for each in before.log}
    more = [each for each in other.log if each.id not in known]
    log = tuple(sorted((*before.log, *more), key=lambda each: each.order))
    after = Ticket(before.id, fold(log), log)
    written = codec.write(after, commented, before)
    assert codec.read_ticket(written, "x") == after
