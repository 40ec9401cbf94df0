"""Lines as they arrive, whatever pieces they come in."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from hdcli.services.bulk.records import MAX_LINE
from hdcli.services.intake.arriving import batches


class Pieces:
    """A pipe that gives what was written into it, piece by piece."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = [each for each in pieces if each]

    def read1(self, size: int = -1, /) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


@given(st.lists(st.binary(max_size=9).map(lambda each: each.replace(b"x", b"\n"))))
def test_lines_are_the_same_whatever_pieces_they_come_in(pieces: list[bytes]) -> None:
    found = [line for batch in batches(Pieces(pieces)) for line in batch]
    text = b"".join(pieces).removeprefix(b"\xef\xbb\xbf")
    assert b"".join(line.raw or b"" for line in found) == text
    assert [line.number for line in found] == list(range(1, len(found) + 1))


def test_a_line_without_end_costs_itself_and_no_memory() -> None:
    pieces = [b"a" * MAX_LINE, b"b" * 1000, b"c\nnext\n"]
    found = [line for batch in batches(Pieces(pieces)) for line in batch]
    assert [line.raw for line in found] == [None, b"next\n"]
