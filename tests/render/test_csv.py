"""CSV text."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from hdcli.render.csv import rows
from hdcli.render.text import without_controls


def test_rows() -> None:
    assert list(rows(["id", "title", "n"], [["HD-1", 'say "hi", all', 3], ["", None, 1.5]])) == [
        "id,title,n\n",
        'HD-1,"say ""hi"", all",3\n',
        ",,1.5\n",
    ]


def test_cells_of_several_lines_are_quoted_and_controls_shown() -> None:
    assert list(rows(["body"], [["one\r\ntwo\x1b"], ["a\rb"]]))[1:] == [
        '"one\ntwo^["\n',
        '"a\nb"\n',
    ]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_a_reader_gets_the_cells_back(records: list[list[str]]) -> None:
    text = "".join(rows(["a", "b"], records))
    expected = [[without_controls(cell) for cell in record] for record in records]
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == expected
