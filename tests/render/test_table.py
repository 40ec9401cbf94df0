"""Tables fit, line up and keep their cells."""

from __future__ import annotations

import pytest
from click import style, unstyle
from hypothesis import given
from hypothesis import strategies as st

from hdcli.render.table import Cell, Column, table
from hdcli.render.text import width

HEADERS = (
    Column("Id"),
    Column("Status", drop=1),
    Column("Title", weight=1, least=10),
    Column("Age", align="right", drop=2),
)
ROWS: list[list[Cell]] = [
    ["HD-7K3QF", "open", "Printer on the third floor is on fire", "3 min"],
    ["HD-00001", "pending", "日本語のタイトル 😀", "2 h"],
]


def red(text: str) -> str:
    return style(text, fg="red")


def test_without_a_terminal_nothing_is_shortened() -> None:
    assert table(ROWS, HEADERS, None).split("\n") == [
        "Id        Status   Title                                    Age",
        "HD-7K3QF  open     Printer on the third floor is on fire  3 min",
        "HD-00001  pending  日本語のタイトル 😀                      2 h",
    ]


def test_the_flexible_column_is_cut_first() -> None:
    assert table(ROWS, HEADERS, 40).split("\n") == [
        "Id        Status   Title             Age",
        "HD-7K3QF  open     Printer on th…  3 min",
        "HD-00001  pending  日本語のタイ…     2 h",
    ]


def test_then_the_least_important_columns_go() -> None:
    assert table(ROWS, HEADERS, 30).split("\n")[1] == "HD-7K3QF  open     Printer on…"
    assert table(ROWS, HEADERS, 24).split("\n")[1] == "HD-7K3QF  Printer on th…"
    assert table(ROWS, HEADERS, 12).split("\n")[1] == "HD-7…  Prin…"


def test_a_table_two_columns_wide_still_has_something() -> None:
    assert table(ROWS, HEADERS, 2).split("\n") == ["Id", "H…", "H…"]


def test_colours_do_not_move_anything() -> None:
    rows: list[list[Cell]] = [[(str(cell), red) for cell in row] for row in ROWS]
    for columns in (None, 40, 20, 5):
        plain = table(ROWS, HEADERS, columns)
        coloured = table(rows, HEADERS, columns, heading=red)
        assert coloured != plain
        assert [line.rstrip() for line in unstyle(coloured).split("\n")] == plain.split("\n")


def test_cells_are_not_read_as_numbers_and_keep_leading_spaces() -> None:
    rows = [["00012", "1e5", "  in"], ["1.50", "\x01", "-0"]]
    drawn = table(rows, [Column("a"), Column("b"), Column("c")], None)
    assert drawn.split("\n")[1:] == ["00012  1e5    in", "1.50   ^A   -0"]


def test_a_cell_cannot_break_out_of_its_row() -> None:
    drawn = table([["a\nb\x1b[2J\u202e"]], [Column("x")], None)
    assert drawn == "x\na b^[[2J\\u202e"


def test_no_rows_and_no_columns() -> None:
    assert table([], HEADERS, 80) == "Id  Status  Title  Age"
    assert table([], [], 80) == ""


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        table([["one"]], HEADERS, 80)


@given(
    st.lists(st.lists(st.text(max_size=30), min_size=4, max_size=4), max_size=5),
    st.integers(1, 100),
)
def test_every_line_fits_whatever_the_cells(rows: list[list[str]], columns: int) -> None:
    lines = table(rows, HEADERS, columns).split("\n")
    assert len(lines) == len(rows) + 1
    assert all(width(line) <= columns for line in lines)


@given(
    st.lists(
        st.lists(st.text(alphabet="aé日😀\u0301\u200d\ufe0f ", max_size=9), min_size=2, max_size=2),
        max_size=5,
    )
)
def test_columns_line_up(rows: list[list[str]]) -> None:
    marked = [[first, "|" + second] for first, second in rows]
    lines = table(marked, [Column("a"), Column("|b")], None).split("\n")
    assert len({width(line[: line.index("|")]) for line in lines}) == 1
