"""Every field, flag and word of the query language in SQL, against a plain evaluation in Python."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcli.model import fields
from hdcli.model.dates import format_utc
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.query import FIELDS, Query, QueryContext, Term, Word
from hdcli.model.query_parser import parse
from hdcli.model.record import hand_edit
from hdcli.model.ticket import Ticket
from hdcli.store import filling, listing, rows
from hdcli.store.condition import names_status, pattern, where

NOW = datetime(2026, 11, 24, 9, 12, 44, tzinfo=UTC)
PRIORITIES = ("low", "normal", "high")
CONTEXT = QueryContext(
    now=NOW,
    tz=UTC,
    me="alice",
    priorities=PRIORITIES,
    impacts=("one", "many"),
    urgencies=("low", "high"),
    levels=(1, 2, 3),
    teams=("desk", "network"),
    agents=("alice", "bob"),
    categories=("account", "mail"),
    custom=("asset",),
)
IDS = tuple(f"HD-{key}" for key in ("7K3QF", "7K4AA", "00000", "ZZZZZ", "TAWE5"))
WORDS = ("vpn", "vpns", "vnp", "Réseau", "reseau", "no", "network", "Straße", "10:30", "e-mail")
MOMENTS = tuple(format_utc(NOW + timedelta(hours=h)) for h in (-800, -30, -2, 0, 2, 30, 800))

texts = st.lists(st.sampled_from(WORDS), max_size=5).flatmap(
    lambda words: st.sampled_from([" ", "-", "\n", ", "]).map(lambda gap: gap.join(words))
)


@st.composite
def tickets(draw: st.DrawFn, identifier: str) -> Ticket:
    def maybe(*values: str) -> str | None:
        return draw(st.sampled_from([None, *values]))

    values: dict[str, Any] = {
        "title": draw(st.sampled_from(WORDS)) + " " + draw(texts),
        "status": draw(st.sampled_from(fields.STATUSES)),
        "level": draw(st.integers(1, 3)),
        "priority": maybe(*PRIORITIES, "gone"),
        "impact": maybe("one", "many"),
        "urgency": maybe("low", "high"),
        "category": maybe("account", "mail"),
        "team": maybe("desk", "network"),
        "assignee": maybe("alice", "bob"),
        "requester": maybe("Ana Gómez <ana@example.org>", "bob@example.org"),
        "channel": maybe("phone", "mail"),
        "due": maybe(*MOMENTS),
        "pending": maybe(*fields.PENDING_ON),
        "pending_until": maybe(*MOMENTS),
        "merged_into": maybe(IDS[0]),
        "external_id": maybe("INC-4711"),
        "asset": maybe("PC-042", "été"),
        "procedure": maybe("reset-password"),
        "csat": draw(st.sampled_from([None, 1, 2, 5])),
    }
    add = {
        "articles": draw(st.lists(st.sampled_from(["vpn", "wifi"]), max_size=1)),
        "tags": draw(st.lists(st.sampled_from(["vpn", "VPN", "été"]), max_size=2, unique=True)),
        "watchers": draw(st.lists(st.sampled_from(["alice", "bob"]), max_size=2, unique=True)),
        "links": [f"relates-to {each}" for each in IDS if draw(st.integers(0, 4)) == 0],
        "attachments": [
            f"attachments/x/0123-{n}" for n in ("Écran.png", "log") if draw(st.booleans())
        ],
    }
    times = sorted(draw(st.lists(st.sampled_from(MOMENTS[:5]), min_size=1, max_size=3)))
    log = [Entry("0001-aaaaaa", times[0], "alice", "new", values, add, body=draw(texts))]
    for n, at in enumerate(times[1:], 2):
        action = draw(st.sampled_from(["note", "reply"]))
        log.append(Entry(f"{n:04d}-aaaaaa", at, "alice", action, body=draw(texts)))
    folded = fold(log)
    if draw(st.integers(0, 5)) == 0:
        folded["title"] = "changed by hand"
    return Ticket(identifier, folded, tuple(log))


desks = st.tuples(*map(tickets, IDS))
DATES = [
    "today",
    "yesterday",
    ">-7d",
    "<=-1d",
    "2026-11-23..today",
    "..now",
    ">=2026-11",
    "<2026-11-24",
]
VALUES: dict[str, list[str]] = {
    "status": list(fields.STATUSES),
    "priority": [*PRIORITIES, ">=normal", "<high", "low..normal"],
    "impact": ["one", ">one"],
    "urgency": ["low", "<=high"],
    "level": ["1", "2,3", ">1", "<=2", "1..2", "2.."],
    "category": ["account", "none", '"old"'],
    "team": ["desk", "none", "desk,network"],
    "assignee": ["me", "bob", "none", "me,none"],
    "watcher": ["me", "bob", "none", "me,bob", "bob,none"],
    "requester": ["ana", "gomez", "GÓMEZ", "example.org"],
    "channel": ["phone", "mail,phone"],
    "tag": ["vpn", "ete", "none"],
    "id": ["7k", "HD-7K3QF", "hd-ooooo", "zz", "8"],
    "title": ["vpn", "reseau", '"hand"', "strasse"],
    "pending": list(fields.PENDING_ON),
    "link": ["7k3qf", "HD-00000", "zzzz"],
    "external": ["INC-4711", "inc"],
    "attachment": ["ecran", "LOG", "0123"],
    "csat": ["1", "<=2", ">2", "1..2", ">=1"],
    "quiet": [">8h", "<=8h", "30min", ">1d", "<2w", "<2026-11-24"],
    "entries": ["1", ">1", "2..3", "<3"],
    "is": list(FIELDS["is"].choices),
    "has": list(FIELDS["has"].choices),
    "no": [*FIELDS["no"].choices, "tag,team"],
    "asset": ["pc", "ete", "PC-042"],
    "procedure": ["reset-password", "vpn"],
    "article": ["vpn", "wifi,vpn", "other"],
    **dict.fromkeys(("due", "created", "updated", "resolved", "until"), DATES),
}
TYPED_WORDS = [
    "vpn",
    "VPN",
    "vp*",
    "vpn~",
    "netwrok~",
    "reseau",
    "strasse",
    '"no\tnetwork"',
    "10:30",
    "e-mail",
]
PARTS = [*(f"{name}:{value}" for name in VALUES for value in VALUES[name]), *TYPED_WORDS]


def plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(each for each in letters if not unicodedata.combining(each)).casefold()


def told(ticket: Ticket) -> str:
    """All the text of a ticket, in the order of the cache: a phrase may go on from part to part."""
    texts = [ticket.title, *(entry.body for entry in ticket.log if entry.body)]
    texts += [*ticket.items("tags"), ticket.id, ticket.text("requester"), *names(ticket)]
    return plain("\n".join(texts))


def names(ticket: Ticket) -> list[str]:
    return [path.split("/")[-1].split("-", 1)[1] for path in ticket.items("attachments")]


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with the next (optimal string alignment)."""
    table = {(i, -1): i + 1 for i in range(-1, len(one))}
    table |= {(-1, j): j + 1 for j in range(-1, len(other))}
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            table[i, j] = min(
                table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b)
            )
            if i and j and a == other[j - 1] and one[i - 1] == b:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one) - 1, len(other) - 1]


def word_holds(word: Word, ticket: Ticket) -> bool:
    text, wanted = " ".join(told(ticket).split()), " ".join(plain(word.text).split())
    if not any(map(str.isalnum, wanted)):
        return not word.negated
    if word.fuzzy:
        return any(distance(each, wanted) <= 1 for each in re.findall(r"\w+", text))
    tail = r"" if word.prefix else r"(?!\w)"
    places = (found.start() for found in re.finditer(re.escape(wanted), text))
    return any(re.match(re.escape(wanted) + tail, text[p:]) and bounded(text, p) for p in places)


def bounded(text: str, place: int) -> bool:
    return not re.fullmatch(r"\w", text[place - 1 : place])


def is_open(ticket: Ticket) -> bool:
    return ticket.status in ("new", "open", "pending")


FLAGS: dict[str, Callable[[Ticket], bool]] = {
    "open": is_open,
    "closed": lambda t: not is_open(t),
    "overdue": lambda t: is_open(t) and "" < t.text("due") < format_utc(NOW),
    "waiting": lambda t: t.status == "pending",
    "escalated": lambda t: t.level > 1,
    "unassigned": lambda t: not t.text("assignee"),
    "mine": lambda t: t.text("assignee") == "alice",
    "merged": lambda t: bool(t.text("merged_into")),
    "edited": lambda t: bool(hand_edit(t)),
}
COLUMN = {"pending": "pending", "until": "pending_until", "external": "external_id"}


def has(name: str, ticket: Ticket, desk: Sequence[Ticket]) -> bool:
    if name == "link":
        return bool(ticket.items("links")) or any(ticket.id in links_of(each) for each in desk)
    if name == "article":
        return bool(helped(ticket))
    many = {"tag": "tags", "attachment": "attachments"}
    if name == "csat":
        return "csat" in ticket.values
    return bool(ticket.items(many[name]) if name in many else ticket.text(name))


def helped(ticket: Ticket) -> Sequence[str]:
    """The articles that helped; of a ticket that was merged the other one has them."""
    return () if ticket.text("merged_into") else ticket.items("articles")


def links_of(ticket: Ticket) -> list[str]:
    return [link.split()[1] for link in ticket.items("links")]


def value_holds(name: str, value: Any, ticket: Ticket, desk: Sequence[Ticket]) -> bool:
    key = str(value).upper().removeprefix("HD-").replace("O", "0")
    match name:
        case "is":
            return FLAGS[str(value)](ticket)
        case "has":
            return has(value, ticket, desk)
        case "no":
            return not has(value, ticket, desk)
        case "id":
            return ticket.id.removeprefix("HD-").startswith(key)
        case "link":
            linking = [t.id for t in desk if t.id == f"HD-{key}" and ticket.id in links_of(t)]
            return f"HD-{key}" in links_of(ticket) or bool(linking)
        case "article":
            return value in helped(ticket)
        case "tag":
            return plain(value) in map(plain, ticket.items("tags"))
        case "watcher":
            watchers = ticket.items("watchers")
            return value in watchers if value else not watchers
        case "attachment":
            return any(plain(value) in plain(each) for each in names(ticket))
        case "title" | "requester" | "asset":
            return plain(value) in plain(ticket.text(name))
        case "level" | "entries" | "csat":
            return bool(value == number(name, ticket))
    return str(value) == ticket.text(COLUMN.get(name, name))


def number(name: str, ticket: Ticket) -> int:
    return {"level": ticket.level, "csat": ticket.values.get("csat") or 0}.get(
        name, len(ticket.log)
    )


def heard(ticket: Ticket) -> str:
    """When the requester last heard something; empty where they wait for nothing."""
    waits = ticket.status == "pending" and ticket.text("pending") in ("", "requester")
    if not is_open(ticket) or waits:
        return ""
    return max(each.at for each in ticket.log if each.action in ("new", "reply"))


def term_holds(term: Term, ticket: Ticket, desk: Sequence[Ticket]) -> bool:
    if term.field == "csat" and "csat" not in ticket.values:
        return False
    if term.op == "=":
        return any(value_holds(term.field, value, ticket, desk) for value in term.values)
    here: Any = (
        number(term.field, ticket)
        if term.field in ("level", "entries", "csat")
        else heard(ticket)
        if term.field == "quiet"
        else ticket.text(COLUMN.get(term.field, term.field))
    )
    first: Any = term.values[0]
    last: Any = term.values[-1]
    if here == "":
        return False
    match term.op:
        case "<":
            return bool(here < first)
        case "<=":
            return bool(here <= first)
        case ">":
            return bool(here > first)
        case ">=":
            return bool(here >= first)
    return bool(first <= here < last)


def holds(query: Query, ticket: Ticket, desk: Sequence[Ticket]) -> bool:
    return all(
        (word_holds(part, ticket) if isinstance(part, Word) else term_holds(part, ticket, desk))
        != part.negated
        for part in query.parts
    )


def cache_of(desk: Sequence[Ticket]) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    filling.fill(db, [rows.of_ticket(each, PRIORITIES) for each in desk])
    return db


def check(db: sqlite3.Connection, desk: Sequence[Ticket], text: str) -> None:
    query = parse(text, CONTEXT)
    asked = where(query, format_utc(NOW), "alice")
    expected = sorted(each.id for each in desk if holds(query, each, desk))
    still_open = sorted(each.id for each in desk if is_open(each) and each.id in expected)
    assert listing.ids_of(db, asked, "id") == expected, text
    assert listing.count(db, asked) == len(expected), text
    assert listing.ids_of(db, asked.and_open(), "id") == still_open, text
    assert listing.count(db, asked.and_open()) == len(still_open), text
    assert listing.matching(db, asked) == set(expected), text
    assert listing.matching_of(db, asked, IDS[:2]) == set(expected).intersection(IDS[:2]), text


@settings(max_examples=30, deadline=None)
@given(desks)
def test_sql_finds_what_each_term_means(desk: Sequence[Ticket]) -> None:
    with closing(cache_of(desk)) as db:
        for part in PARTS:
            check(db, desk, part)
            check(db, desk, f"-{part}")


@settings(max_examples=30, deadline=None)
@given(desks, st.lists(st.sampled_from(PARTS), min_size=2, max_size=4))
def test_all_parts_of_a_query_must_hold(desk: Sequence[Ticket], parts: list[str]) -> None:
    with closing(cache_of(desk)) as db:
        check(db, desk, " ".join(parts))


def test_every_field_is_tried() -> None:
    assert {*FIELDS, "asset"} == set(VALUES)
    assert set(FIELDS["is"].choices) == set(FLAGS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        ("assignee:me vpn", False),
        ("-is:escalated", False),
        ("status:closed", True),
        ("-status:new", True),
        ("is:overdue", True),
        ("id:7k3", True),
        ("resolved:today", True),
        ("pending:vendor", True),
    ],
)
def test_a_query_may_name_its_statuses(text: str, expected: bool) -> None:
    assert names_status(parse(text, CONTEXT)) is expected


@pytest.mark.parametrize("text", ['"%_*?[a-z]"', '"(a|b)+"', r'"\d$"', '"\'; DROP TABLE tickets"'])
def test_what_is_typed_is_text_to_sql_and_patterns(text: str) -> None:
    ticket = Ticket("HD-7K3QF", {"title": "abc", "status": "new", "level": 1}, ())
    context = CONTEXT
    with closing(cache_of([ticket])) as db:
        for query in (
            text,
            *(f"{name}:{text}" for name in ("tag", "title", "id", "link", "asset")),
        ):
            assert not listing.ids_of(db, where(parse(query, context), format_utc(NOW), ""))
        assert listing.tickets_in_all(db) == 1


def test_a_short_word_is_never_nearly_everything() -> None:
    assert re.search(pattern(Word("a", fuzzy=True)), "b  c") is None
    assert re.search(pattern(Word("an", fuzzy=True)), "b an")
