"""Lists fit the terminal whatever is in them; what matters is coloured."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hdcli.errors import BadUsage
from hdcli.render.look import Look
from hdcli.render.style import Palette
from hdcli.render.text import width
from hdcli.render.tickets import chosen, person, tickets_csv, tickets_table

NOW = datetime(2026, 11, 24, 9, 12, 44, tzinfo=UTC)
LOOK = Look(Palette(enabled=False), NOW, UTC, 80, 24, ("low", "high"))


def document(**values: Any) -> dict[str, Any]:
    created = "2026-11-20T00:00:00Z"
    given = {"id": "HD-7K3QF", "title": "No network", "status": "open", "level": 1}
    return {**given, "created": created, **values}


def drawn(*documents: dict[str, Any], look: Look = LOOK) -> str:
    return "".join(tickets_table([documents], None, look))


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_no_row_is_wider_than_the_terminal(columns: int) -> None:
    wide = document(title="网络 " * 40, requester="Zoë " * 20, assignee="é" * 30, priority="high")
    text = drawn(wide, document(), look=replace(LOOK, columns=columns))
    assert all(width(line) <= columns for line in text.splitlines())
    assert "HD-7K3QF" in text


def test_wide_characters_line_up() -> None:
    text = drawn(document(assignee="网络"), document(assignee="bob"))
    _, first, second = text.splitlines()
    place = [width(line[: line.index("No network")]) for line in (first, second)]
    assert place[0] == place[1]


def test_what_is_late_or_urgent_is_coloured() -> None:
    look = replace(LOOK, palette=Palette(enabled=True))
    late = drawn(document(due="2026-11-23T00:00:00Z", priority="high"), look=look)
    assert late.count("\x1b[31m") == 2
    assert "\x1b[31m" not in drawn(document(due="2026-11-25T00:00:00Z"), look=look)
    done = document(due="2026-11-23T00:00:00Z", status="closed")
    assert "\x1b[31m" not in drawn(done, look=look)


def test_portions_are_one_table() -> None:
    first, second = [document(), document(due="2026-11-25T00:00:00Z")], [document(assignee="bob")]
    lines = "".join(tickets_table(iter([first, second]), None, LOOK)).splitlines()
    assert len(lines) == 4
    assert "assignee" in lines[0]
    assert "bob" in lines[3]


def test_own_fields_are_columns_too() -> None:
    names = chosen("id, asset", ["asset"])
    text = "".join(tickets_table([[document(asset="PC-042")]], names, LOOK))
    assert text.splitlines()[1].split() == ["HD-7K3QF", "PC-042"]
    with pytest.raises(BadUsage, match="did you mean 'asset'"):
        chosen("aset", ["asset"])


def test_csv_keeps_lists_and_lines() -> None:
    found = list(tickets_csv([document(tags=["a", "b"], title="x\ny")], ["title", "tags", "level"]))
    assert found == ["title,tags,level\n", '"x\ny",a; b,1\n']


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Ana Silva <a@x.org>", "Ana Silva"), ("<a@x.org>", "a@x.org"), ("a@x.org", "a@x.org")],
)
def test_a_person_is_named(text: str, expected: str) -> None:
    assert person(text) == expected
