"""Tickets of every shape that the schema allows, for property tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from hdcli.model import fields, ids
from hdcli.model.article import ARTICLE, STATES, Article, article_from
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.schema import ticket_from
from hdcli.model.ticket import Ticket

# What YAML, git or an editor might take for something else.
AWKWARD = st.sampled_from(
    [
        *("null", "true", "No", "~", "0", "007", "1.5", "1e3", "+3", "0x1F", "2026-11-24", "12:30"),
        *(
            "- a",
            "a: b",
            "a #b",
            "#",
            "? x",
            "a ?b",
            "[x]",
            "{y",
            "&a",
            "*a",
            "!t",
            "|",
            ">",
            "%",
            "@",
        ),
        *(
            "'",
            '"',
            "\\",
            "a\\nb",
            "a\tb",
            "\ta",
            " a",
            "a ",
            "a\n",
            "\n\na",
            "a\n\n  b\n\tc",
            "a\r\nb",
        ),
        *("---", "...", "a\n---\nb", "<<", "=", "=a", "<<<<<<< x\n=======", "a,b", "a:", ":", "::"),
        *(
            "\x00",
            "\x7f",
            "a\x85b",
            "\u2028",
            "\ufeff",
            "\ufffe",
            "\U0001f600",
            "é",
            "e\u0301",
            "日本",
        ),
        *(
            "a" * 80,
            "word " * 30 + "end",
            "-" * 90,
            "log: []",
            "id: HD-7K3QF",
            "\x1b[31m",
            "a\n \nb",
        ),
    ]
)
TEXTS = st.one_of(AWKWARD, st.text(max_size=40))
LINES = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)
NAMES = st.sampled_from(
    ["asset", "room_no", "a-b", "Ünknown key", "a: b", "- x", "null", "7", "<<", "*", "true", "?"]
)
PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**17), 10**17), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=5,
)
TIMES = st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}".zfill(20))


def _values() -> st.SearchStrategy[dict[str, Any]]:
    known: dict[str, st.SearchStrategy[Any]] = {
        "title": LINES,
        "status": st.sampled_from(fields.STATUSES),
        "level": st.integers(1, 9),
        "priority": LINES,
        "team": LINES,
        "assignee": st.one_of(st.none(), LINES),
        "requester": LINES,
        "due": st.one_of(st.none(), TIMES),
    }
    return st.fixed_dictionaries({}, optional=known).flatmap(
        lambda values: st.dictionaries(NAMES, PLAIN, max_size=2).map(lambda own: {**values, **own})
    )


_LISTS = st.dictionaries(
    st.sampled_from(sorted(fields.SETS)), st.lists(TEXTS, max_size=3), max_size=2
)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """An entry as a document, not yet in canonical form."""
    entry: dict[str, Any] = {
        "id": ids.entry_id(draw(st.integers(0, 10**6))),
        "at": draw(TIMES),
        "by": draw(TEXTS),
        "action": draw(st.sampled_from(["new", "note", "set", "edit"])),
    }
    optional = {"set": _values(), "add": _LISTS, "remove": _LISTS, "body": TEXTS, "of": TEXTS}
    for name, values in optional.items():
        if draw(st.booleans()):
            entry[name] = draw(values)
    entry.update(draw(st.dictionaries(NAMES, PLAIN, max_size=1)))
    return entry


@st.composite
def documents(draw: st.DrawFn, edited: bool = False) -> dict[str, Any]:
    """A ticket as a document: its values those of the log, or (``edited``) any others."""
    log = draw(st.lists(entries(), max_size=5, unique_by=lambda entry: entry["id"]))
    first = {"title": "t", "status": "new", "level": 1}
    log.insert(0, {"id": "0001-000000", "at": "0001-01-01T00:00:00Z", "by": "a", "action": "new"})
    log[0]["set"] = first
    values = {**first, **draw(_values())} if edited else first
    values = {name: first.get(name) if v is None else v for name, v in values.items()}
    return {"id": "HD-7K3QF", **values, "log": log}


def tickets(edited: bool = False) -> st.SearchStrategy[Ticket]:
    """Tickets as the schema reads them, hand edits on top or not."""
    found = documents(edited).map(ticket_from)
    return found if edited else found.map(lambda t: Ticket(t.id, fold(t.log), t.log))


def logs() -> st.SearchStrategy[tuple[Entry, ...]]:
    """The logs of tickets."""
    return documents().map(lambda data: ticket_from(data).log)


_STEPS = st.lists(
    st.fixed_dictionaries(
        {"do": TEXTS.filter(lambda text: bool(text.strip()))},
        optional={
            "expect": TEXTS.filter(lambda text: bool(text.strip())),
            "command": st.one_of(LINES, st.just({"windows": "ipconfig", "linux": "ip a"})),
            "else": st.just({"escalate": "network"}),
            "room_no": PLAIN,
        },
    ),
    max_size=3,
)


@st.composite
def articles(draw: st.DrawFn, edited: bool = False) -> Article:
    """Articles as the schema reads them, hand edits on top or not."""
    values = {
        "title": draw(LINES),
        "state": draw(st.sampled_from(STATES)),
        **draw(st.dictionaries(NAMES, PLAIN, max_size=1)),
    }
    lists = draw(
        st.dictionaries(st.sampled_from(sorted(ARTICLE.sets)), st.lists(TEXTS, max_size=2))
    )
    first = {"id": "0001-000000", "at": draw(TIMES), "by": draw(LINES), "action": "new"}
    log = [{**first, "set": values, "add": lists}]
    texts = {"body": draw(st.one_of(TEXTS, st.lists(TEXTS).map("\n".join))), "steps": draw(_STEPS)}
    found = article_from({"slug": "a-1", **values, **lists, **texts, "log": log})
    if edited:
        return found
    (entry,) = found.log
    return found.with_log([replace(entry, text=found.digest)])
