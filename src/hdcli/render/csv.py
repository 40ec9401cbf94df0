"""CSV for spreadsheets (RFC 4180, with plain line breaks)."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hdcli.render.text import without_controls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Value = str | int | float | None


def rows(headers: Sequence[str], records: Iterable[Sequence[Value]]) -> Iterator[str]:
    """The text of each row, the headers first, each with its line break.

    Cells with line breaks, commas or quotes are quoted; None is an empty cell; control
    characters show as in a table, so that the text can also be looked at in a terminal.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for record in _with_headers(headers, records):
        writer.writerow([without_controls(v) if isinstance(v, str) else v for v in record])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _with_headers(
    headers: Sequence[str], records: Iterable[Sequence[Value]]
) -> Iterator[Sequence[Value]]:
    yield headers
    yield from records
