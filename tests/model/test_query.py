"""The query language: what is read, what is refused and where, and that it can be written back."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hdcli.errors import BadQuery
from hdcli.model.query import ALIASES, FIELDS, Query, QueryContext, Term, Word
from hdcli.model.query_parser import parse

MANUAL = Path(__file__).parents[2] / "docs" / "query.md"
CONTEXT = QueryContext(
    now=datetime(2026, 11, 24, 9, 12, 44, tzinfo=UTC),
    tz=ZoneInfo("Europe/Paris"),
    me="alice",
    priorities=("low", "normal", "high", "urgent"),
    impacts=("one", "team", "high"),
    urgencies=("low", "medium", "high"),
    levels=(1, 2, 3),
    teams=("desk", "network"),
    agents=("alice", "Bob"),
    categories=("network", "hardware", "user accounts"),
    custom=("asset2", "Site"),
)


def one(text: str) -> Word | Term:
    (part,) = parse(text, CONTEXT).parts
    assert (part.start, part.end) == (0, len(text))
    return part


def refusal(text: str, context: QueryContext = CONTEXT) -> BadQuery:
    with pytest.raises(BadQuery) as caught:
        parse(text, context)
    assert 0 <= caught.value.start < caught.value.end <= len(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vpn", Word("vpn")),
        ("-vpn", Word("vpn", negated=True)),
        ("!vpn", Word("vpn", negated=True)),
        ("print*", Word("print", prefix=True)),
        ("pasword~", Word("pasword", fuzzy=True)),
        ('"split tunnel"', Word("split tunnel", phrase=True)),
        ('-"split tunnel"', Word("split tunnel", negated=True, phrase=True)),
        (r'"say \"yes\" C:\x"', Word(r'say "yes" C:\x', phrase=True)),
        ("http://x", Word("http://x")),
        ("mailto:a@b.org", Word("mailto:a@b.org")),
        ("10:30", Word("10:30")),
        (r"C:\x", Word(r"C:\x")),
        ("e-mail", Word("e-mail")),
        ('19"', Word('19"')),
        ("imprimé", Word("imprimé")),
    ],
)
def test_words(text: str, expected: Word) -> None:
    assert one(text) == expected


def test_signs_between_words_are_words_and_alone_find_nothing_rather_than_everything() -> None:
    assert parse("vpn - slow", CONTEXT).words == (Word("vpn"), Word("-"), Word("slow"))
    for text in ("-", "--", "|", "@", "* ...", '"?"'):
        assert "no word in it" in str(refusal(text))


@pytest.mark.parametrize(
    ("text", "field", "values"),
    [
        ("status:open", "status", ("open",)),
        ("STATUS:Open,pending,open", "status", ("open", "pending")),
        ("priority:>=high", "priority", ("high", "urgent")),
        ("priority:>high", "priority", ("urgent",)),
        ("prio:<=normal", "priority", ("low", "normal")),
        ("priority:<normal", "priority", ("low",)),
        ("priority:normal..high", "priority", ("normal", "high")),
        ("priority:high..", "priority", ("high", "urgent")),
        ("priority:..normal", "priority", ("low", "normal")),
        ("priority:urgent,low", "priority", ("low", "urgent")),
        ("priority:>high,low", "priority", ("low", "urgent")),
        ("impact:>one", "impact", ("team", "high")),
        ("urgency:medium", "urgency", ("medium",)),
        ("level:2", "level", (2,)),
        ("level:1,3", "level", (1, 3)),
        ("entries:40", "entries", (40,)),
        ("assignee:me", "assignee", ("alice",)),
        ("assigned:BOB,none", "assignee", ("Bob", "")),
        ('assignee:"none"', "assignee", ("none",)),
        ('assignee:"me"', "assignee", ("me",)),
        ("assignee:zacharias", "assignee", ("zacharias",)),
        ('assignee:"alise"', "assignee", ("alise",)),
        ("team:none", "team", ("",)),
        ("category:none", "category", ("",)),
        ('cat:"User accounts"', "category", ("user accounts",)),
        ("from:ana@example.org", "requester", ("ana@example.org",)),
        ("channel:walk-in", "channel", ("walk-in",)),
        ("tags:a,b", "tag", ("a", "b")),
        ('title:"no network"', "title", ("no network",)),
        ('title:"a,b"', "title", ("a,b",)),
        ("title:a..b", "title", ("a..b",)),
        ("link:HD-7K3QF", "link", ("HD-7K3QF",)),
        ("external:https://x/y", "external", ("https://x/y",)),
        ("pending:vendor", "pending", ("vendor",)),
        ("is:open,mine", "is", ("open", "mine")),
        ("no:assignee", "no", ("assignee",)),
        ("has:due,tag", "has", ("due", "tag")),
        ("asset2:X-1", "asset2", ("X-1",)),
        ("site:Lyon", "Site", ("Lyon",)),
    ],
)
def test_terms(text: str, field: str, values: tuple[str | int, ...]) -> None:
    assert one(text) == Term(field, "=", values)
    assert one("-" + text) == one("!" + text) == Term(field, "=", values, negated=True)


@pytest.mark.parametrize(
    ("text", "op", "values"),
    [
        ("level:>1", ">", (1,)),
        ("level:<=2", "<=", (2,)),
        ("level:1..2", "..", (1, 3)),
        ("level:2..", ">=", (2,)),
        ("level:..2", "<=", (2,)),
        ("entries:0..0", "..", (0, 1)),
        ("created:today", "..", ("2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z")),
        ("created:>2026-11-01", ">=", ("2026-11-01T23:00:00Z",)),
        ("created:>=2026-11-01", ">=", ("2026-10-31T23:00:00Z",)),
        ("created:<2026-11-01", "<", ("2026-10-31T23:00:00Z",)),
        ("created:<=2026-11-01", "<", ("2026-11-01T23:00:00Z",)),
        ("created:>=-7d", ">=", ("2026-11-17T09:12:44Z",)),
        ("created:>-7d", ">=", ("2026-11-17T09:12:45Z",)),
        ("created:-7d..now", "..", ("2026-11-17T09:12:44Z", "2026-11-24T09:12:45Z")),
        ("due:2026-11-01..2026-11-02", "..", ("2026-10-31T23:00:00Z", "2026-11-02T23:00:00Z")),
        ("due:2026-11..", ">=", ("2026-10-31T23:00:00Z",)),
        ("due:..2026-11", "<", ("2026-11-30T23:00:00Z",)),
        ('until:>="2026-11-24 14:00"', ">=", ("2026-11-24T13:00:00Z",)),
        ("resolved:2026-11-24T14:00Z", "..", ("2026-11-24T14:00:00Z", "2026-11-24T14:01:00Z")),
        ("updated:<monday", "<", ("2026-11-22T23:00:00Z",)),
    ],
)
def test_numbers_and_dates(text: str, op: str, values: tuple[str | int, ...]) -> None:
    term = one(text)
    assert isinstance(term, Term)
    assert (term.op, term.values) == (op, values)


def test_parts_keep_their_order_and_place() -> None:
    text = '  status:open  vpn -tag:a,"b c" "x y"'
    query = parse(text, CONTEXT)
    assert [text[part.start : part.end] for part in query.parts] == [
        "status:open",
        "vpn",
        '-tag:a,"b c"',
        '"x y"',
    ]
    assert [word.text for word in query.words] == ["vpn", "x y"]
    assert [term.field for term in query.terms] == ["status", "tag"]
    assert query.text == text


def test_nothing_is_an_empty_query() -> None:
    assert parse(" \t", CONTEXT) == Query()


@pytest.mark.parametrize(
    ("text", "bad", "message"),
    [
        ("vpn stauts:open", "stauts", "unknown field 'stauts', did you mean 'status'?"),
        ("sight:x", "sight", "did you mean 'Site'?"),
        ("zzqq:x", "zzqq", "fields: status, priority"),
        ("-zzqq:x", "zzqq", "quote it"),
        ("status:", "status:", "a value is missing"),
        ("vpn status: open", "status:", "a value is missing"),
        ("status:open,", "status:open,", "a value is missing"),
        ("status:open,,new", "status:open,", "a value is missing"),
        ("created:>", "created:>", "a value is missing"),
        ('status:""', '""', "nothing between"),
        ('a "" b', '""', "nothing between"),
        ('vpn "split', '"', "never closed"),
        ('title:"split', '"', "never closed"),
        ('title:"a"b', "b", "a space is missing"),
        ("status:opne,new", "opne", "did you mean 'open'? one of: new, open"),
        ("status:new,zzz", "zzz", "one of: new, open, pending, resolved, closed"),
        ("status:>open", ">open", "can't be compared"),
        ("priority:hihg", "hihg", "did you mean 'high'?"),
        ("priority:low..hihg", "hihg", "did you mean 'high'?"),
        ("priority:>urgent", ">urgent", "no priority is '>urgent'"),
        ("priority:high..low", "high..low", "no priority is"),
        ("priority:..", "..", "a range is written"),
        ("priority:>low..high", ">low..high", "without a sign"),
        ("level:two", "two", "level is a number"),
        ("level:9", "9", "no level 9 on this desk: 1, 2, 3"),
        ("level:1,9", "9", "no level 9"),
        ("level:-1", "-1", "level is a number"),
        ("level:3..1", "3..1", "ends before it begins"),
        ("level:1..2,3", "1..2,3", "one range"),
        ("entries:>99999999999", ">99999999999", "entries is a number"),
        ("assignee:alise", "alise", "did you mean 'alice'?"),
        ("team:netwrok", "netwrok", "did you mean 'network'?"),
        ("tag:vpn*", "*", "words without a field"),
        ("created:someday", "someday", "can't read the date 'someday'"),
        ("created:2026-11..someday", "someday", "can't read the date 'someday'"),
        ("created:>7d", ">7d", "-7d for the past or +7d"),
        ("created:-7d", "-7d", "write >-7d or <-7d"),
        ("created:>+99999999y", ">+99999999y", "can't read the date"),
        ("created:now..-7d", "now..-7d", "ends before it begins"),
        ("created:today,monday", "today,monday", "created takes one value"),
        ("has:title", "title", "one of: assignee"),
        ("vpn --force", "--force", "two signs"),
    ],
)
def test_refusals_name_the_place(text: str, bad: str, message: str) -> None:
    error = refusal(text)
    assert error.query[error.start : error.end] == bad
    assert message in error.message


@pytest.mark.parametrize("text", ["assignee:me", "is:mine", "is:open,mine"])
def test_me_needs_an_agent(text: str) -> None:
    assert "hd whoami" in refusal(text, replace(CONTEXT, me=None)).message


def test_me_may_be_no_longer_an_agent_of_the_desk() -> None:
    query = parse("assignee:me", replace(CONTEXT, me="alise"))
    assert query.terms[0].values == ("alise",)


def test_a_desk_without_levels_takes_any() -> None:
    assert parse("level:9", replace(CONTEXT, levels=())).terms[0].values == (9,)


def test_aliases_lead_to_fields() -> None:
    assert set(ALIASES.values()) <= set(FIELDS)
    assert not set(ALIASES) & set(FIELDS)


def test_reading_a_good_query_does_not_import_difflib() -> None:
    code = (
        "import sys\nfrom datetime import UTC, datetime\n"
        "from hdcli.model.query import QueryContext\n"
        "from hdcli.model.query_parser import parse\n"
        "parse('status:open vpn', QueryContext(datetime.now(UTC), UTC))\n"
        "sys.exit('difflib' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


NAMES = st.sampled_from([*FIELDS, *ALIASES, *CONTEXT.custom, "http", "stauts"])
VALUES = st.one_of(
    st.sampled_from(
        [*CONTEXT.priorities, *CONTEXT.agents, "open", "overdue", "me", "none", "1", "2", "tag"]
    ),
    st.sampled_from(["today", "-7d", "+2h", "2026-11", "now", "monday", "9998-12-31", "due"]),
    st.text(max_size=8),
)
VALUE = st.builds(
    lambda op, value, quote: op + (f'"{value}"' if quote else value),
    st.sampled_from(["", "", "", ">", ">=", "<", "<=", "..", "-"]),
    st.builds("".join, st.lists(VALUES, min_size=1, max_size=2)),
    st.booleans(),
)
RANGE = st.builds("{}..{}".format, VALUES, VALUES)
TERM = st.builds(
    lambda sign, name, values: f"{sign}{name}:{','.join(values)}",
    st.sampled_from(["", "-", "!"]),
    NAMES,
    st.lists(VALUE | RANGE, min_size=1, max_size=3),
)
ENDS = {
    "date": st.sampled_from(
        ["today", "-7d", "+2h", "2026", "2026-11-24T14:00", "lundi", "last-week", "9998"]
    ),
    "number": st.integers(0, 3).map(str),
    "ordered": st.sampled_from(["low", "high"]),
}


def _good_term(name: str) -> st.SearchStrategy[str]:
    """Terms that are mostly right, so that dates, numbers and choices are reached often."""
    kind, _, choices = FIELDS[name]
    if kind not in ENDS:
        values = st.lists(st.sampled_from(choices or ("none", "x y", "q")), min_size=1, max_size=3)
        return values.map(lambda some: f"-{name}:" + ",".join(f'"{each}"' for each in some))
    end = ENDS[kind]
    return st.one_of(
        st.builds(f"{name}:{{}}{{}}".format, st.sampled_from(["", ">", ">=", "<", "<="]), end),
        st.builds(f"-{name}:{{}}..{{}}".format, end | st.just(""), end | st.just("")),
    )


GOOD = st.sampled_from(list(FIELDS)).flatmap(_good_term)
WORD = st.text(max_size=10) | st.text(alphabet='-!"*~\\:,.<>ab \n', max_size=10)
TEXT = st.builds(" ".join, st.lists(TERM | WORD, max_size=4))


@given(TEXT | GOOD)
@example('"\\')
@example('-"')
@example('*"')
def test_any_text_is_a_query_or_refused_with_its_place(text: str) -> None:
    try:
        query = parse(text, CONTEXT)
    except BadQuery as error:
        assert 0 <= error.start < error.end <= len(text)  # noqa: PT017
        return
    last = 0
    for part in query.parts:
        assert last <= part.start < part.end <= len(text)
        last = part.end
    assert parse(str(query), CONTEXT) == query


def _example_cells() -> list[str]:
    """The cells in code of every column of the manual that is headed Example."""
    found: list[str] = []
    column = -1
    for line in MANUAL.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else []
        if "Example" in cells:
            column = cells.index("Example")
        elif not cells:
            column = -1
        elif column >= 0 and cells[column].startswith("`"):
            found.append(cells[column].strip("`"))
    return found


@pytest.mark.parametrize("text", _example_cells())
def test_examples_of_the_manual(text: str) -> None:
    query = parse(text, CONTEXT)
    assert query.parts
    assert parse(str(query), CONTEXT) == query


def test_the_manual_has_every_field_and_its_values() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    for name, field in FIELDS.items():
        row = next(line for line in manual.splitlines() if line.startswith(f"| `{name}` |"))
        assert field.help.split(";")[0].split(":")[0].split(",")[0] in row
        assert all(choice in manual for choice in field.choices)
    assert all(
        f"`{alias}` for {name}" in " ".join(manual.split()) for alias, name in ALIASES.items()
    )


def test_the_refusal_shown_in_the_manual_is_real() -> None:
    shown = str(refusal("stauts:open"))
    assert "\n".join("    " + line for line in shown.splitlines()) in MANUAL.read_text("utf-8")
