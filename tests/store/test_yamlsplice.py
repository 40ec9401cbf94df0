from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.errors import BadData
from hdcli.store.yamlread import load
from hdcli.store.yamlsplice import drop, lines, put
from hdcli.store.yamlwrite import flow

FILE = """\
# What this is.
name: "Help, desk"   # quoted by hand
levels:
  - First      # answers
  - Second     # solves

agents:
  # The early ones.
  ana:
    email:   ana@example.org   # aligned
    teams: [desk]

# The end of the agents.
matrix:
  low:    {low: low,    high: normal}
defaults: {}
fields:
"""


def changed(before: str, after: bytes) -> list[str]:
    """The lines that differ, as in a diff."""
    lines = difflib.unified_diff(before.splitlines(), after.decode().splitlines(), n=0, lineterm="")
    return [each for each in list(lines)[2:] if not each.startswith("@@")]


def splice(path: str, value: object, text: str = FILE) -> list[str]:
    return changed(text, put(text.encode(), "f", tuple(path.split(".")), value))


def test_replaces_a_value_and_nothing_around_it() -> None:
    assert splice("agents.ana.email", "a@example.org") == [
        "-    email:   ana@example.org   # aligned",
        "+    email:   a@example.org   # aligned",
    ]
    assert splice("matrix.low.high", "urgent") == [
        "-  low:    {low: low,    high: normal}",
        "+  low:    {low: low,    high: urgent}",
    ]
    assert splice("agents.ana.teams", ["desk", "net"])[1] == "+    teams: [desk, net]"
    assert splice("name", "A: b")[1] == '+name: "A: b"   # quoted by hand'


def test_adds_a_key_behind_the_last_and_before_the_comments_that_follow() -> None:
    data = put(FILE.encode(), "f", ("agents", "bob"), {"email": "b@example.org", "teams": ["net"]})
    assert changed(FILE, data) == [
        "+  bob:",
        "+    email: b@example.org",
        "+    teams: [net]",
    ]
    assert b"    teams: [net]\n\n# The end of the agents.\n" in data


def test_makes_the_mappings_on_the_way() -> None:
    assert splice("defaults.team", "desk") == ["-defaults: {}", "+defaults:", "+  team: desk"]
    assert splice("fields.a.b", 1) == ["+  a:", "+    b: 1"]
    assert splice("new.deep", True) == ["+new:", "+  deep: true"]
    assert put(b"", "f", ("a", "b"), "c") == b"a:\n  b: c\n"
    assert put(b"# only this", "f", ("a",), "c") == b"# only this\na: c\n"


def test_keeps_the_lines_of_the_items_that_stay() -> None:
    assert splice("levels", ["First", "Second", "Third"]) == ["+  - Third"]
    assert splice("levels", ["First"]) == ["-  - Second     # solves"]
    assert splice("levels", ["Zeroth"])[-1] == "+  - Zeroth"
    assert load(put(FILE.encode(), "f", ("levels",), []), "f")["levels"] == []  # type: ignore[index]


def test_drops_a_key_with_its_lines() -> None:
    assert changed(FILE, drop(FILE.encode(), "f", ("name",))) == [
        '-name: "Help, desk"   # quoted by hand'
    ]
    assert changed(FILE, drop(FILE.encode(), "f", ("matrix", "low", "low")))[1] == (
        "+  low:    {high: normal}"
    )
    assert changed(FILE, drop(FILE.encode(), "f", ("agents", "ana")))[-1] == "+agents: {}"
    assert drop(FILE.encode(), "f", ("no", "such")) == FILE.encode()
    assert drop(b"a: 1\n", "f", ("a",)) == b"{}\n"


def test_line_ends_of_another_system_stay() -> None:
    text = FILE.replace("\n", "\r\n").encode()
    data = put(text, "f", ("agents", "bob"), {"email": "b@example.org"})
    assert data.count(b"\n") == data.count(b"\r\n") == text.count(b"\n") + 2


def test_refuses_what_it_would_not_leave_as_meant() -> None:
    with pytest.raises(BadData, match="f:2: not valid YAML"):
        put(b"a: 1\n b: 2\n", "f", ("b",), "c")
    with pytest.raises(BadData, match="can't be changed in place"):
        put(b"a: {b: 1}\n", "f", ("a", "b"), {"c": 1})


def test_tells_the_line_of_each_key() -> None:
    found = lines(FILE.encode(), "f")
    assert found["agents", "ana", "teams"] == 11
    assert found["fields",] == 17
    assert ("agents", "bob") not in found
    assert lines(b"", "f") == {}


KEYS = st.sampled_from(["a", "b", "true", "7", "c d", "é"])
SCALARS = st.one_of(st.text(max_size=8), st.integers(-9, 9), st.booleans(), st.none())
VALUES = st.recursive(
    st.one_of(SCALARS, st.lists(SCALARS, max_size=3)),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
PATHS = st.lists(KEYS, min_size=1, max_size=3).map(tuple)


def written(document: dict[str, object], margin: str = "") -> str:
    """A document as somebody might write it: blocks, comments, space."""
    text = ""
    for name, value in document.items():
        if isinstance(value, dict) and value:
            text += f"{margin}{flow(name)}:  # opens\n\n{written(value, margin + '   ')}"
        elif isinstance(value, list) and value:
            items = "".join(f"{margin}- {flow(item)} # one\n" for item in value)
            text += f"{margin}{flow(name)}:\n{items}"
        else:
            text += f"{margin}# a remark\n{margin}{flow(name)}:   {flow(value)}  # end\n"
    return text


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), PATHS, VALUES)
def test_gives_the_document_that_was_meant(
    document: dict[str, object], path: tuple[str, ...], value: object
) -> None:
    text = written(document)
    after = put(text.encode(), "f", path, value)  # checks itself against what was meant
    found = load(after, "f")
    for name in path:
        assert isinstance(found, dict)
        found = found[name]
    assert found == value
    assert load(drop(after, "f", path), "f") != load(after, "f")
