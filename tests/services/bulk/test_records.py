"""Records of a file: whatever stands between them, the good ones are found, at their lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from hdcli.errors import BadData
from hdcli.services.bulk.csvrecords import csv_records
from hdcli.services.bulk.records import MAX_LINE, Item, Record, Refusal, json_records, lines
from hdcli.services.bulk.yamlrecords import yaml_records

JUNK = st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b" "))
CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


def from_json(data: bytes) -> list[Item]:
    """The records of JSON lines."""
    return list(json_records(lines(io.BytesIO(data), lambda _: None)))


def from_csv(data: bytes) -> list[Item]:
    """The records of a CSV file."""
    found = lines(io.BytesIO(data), lambda _: None)
    return list(csv_records(found, "x.csv", lambda _: False, lambda _: None, lambda _: None))


@given(st.lists(JUNK | st.just(b'{"title": "good"}'), max_size=12))
def test_good_lines_survive_any_neighbours(parts: list[bytes]) -> None:
    found = from_json(b"\n".join(parts))
    good = {number for number, part in enumerate(parts, 1) if part == b'{"title": "good"}'}
    assert good <= {item.line for item in found if isinstance(item, Record)}
    assert all(item.raw.strip() == parts[item.line - 1].strip() for item in found[1:])


@given(st.lists(st.dictionaries(CELL, CELL, max_size=3), max_size=6))
def test_what_json_writes_is_read(records: list[dict[str, str]]) -> None:
    data = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    assert [item.data for item in from_json(data.encode()) if isinstance(item, Record)] == records


@given(st.lists(st.tuples(CELL, CELL), max_size=8), st.sampled_from(",;\t|"))
def test_what_a_spreadsheet_writes_is_read(rows: list[tuple[str, str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b"), *rows])
    found = from_csv(text.getvalue().encode())
    full = [row for row in rows if "".join(row).strip()]  # empty ones are passed over
    assert [tuple(item.data.values()) for item in found if isinstance(item, Record)] == full


@given(st.binary(max_size=300))
def test_any_bytes_give_records_or_refusals_in_order(data: bytes) -> None:
    for read in (from_json, from_csv):
        try:
            numbers = [item.line for item in read(data)]
        except BadData:
            continue  # no usable header
        assert numbers == sorted(numbers)
    documents = yaml_records(lines(io.BytesIO(data), lambda _: None))
    assert all(isinstance(item, Record | Refusal) for item in documents)


def test_memory_holds_no_line_longer_than_the_limit() -> None:
    class Endless(io.RawIOBase):
        """A line of 40 MB, then a short one, from nowhere."""

        def __init__(self) -> None:
            self.left = 40_000_000
            self.largest = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            size = min(len(buffer), self.left)
            if not size:
                return 0
            buffer[:size] = b"x" * size
            self.left -= size
            if not self.left:
                buffer[size - 9 : size] = b'\n{"a": 1}'
            return size

    pieces: list[int] = []
    stream = io.BufferedReader(Endless())
    found = list(json_records(lines(stream, lambda raw: pieces.append(len(raw)))))
    assert [(type(item), item.line) for item in found] == [(Refusal, 1), (Record, 2)]
    assert max(pieces) <= MAX_LINE
    assert sum(pieces) == 40_000_000 - 8


def numbered(items: Iterator[Item]) -> list[tuple[int, str]]:
    """Line and reason, or title."""
    return [
        (item.line, item.reason if isinstance(item, Refusal) else str(item.data["title"]))
        for item in items
    ]


def test_documents_of_yaml_are_parted_by_their_lines() -> None:
    data = b"---\ntitle: One\n---\ntitle: [\n---\n- a\n---\ntitle: |\n  ---\n"
    found = numbered(yaml_records(lines(io.BytesIO(data), lambda _: None)))
    assert found[0] == (2, "One")
    assert found[1][1].startswith("not valid YAML")
    assert found[2:] == [(6, "not a mapping of fields to values"), (8, "---\n")]


def test_a_runaway_quote_is_found_after_many_lines() -> None:
    data = b'a,b\nx,"' + b"y\n" * 30_000 + b"1,2\n"
    found = from_csv(data)
    assert found[0] == Refusal(2, b'x,"y\n', "a quote in it is never closed", 9)
    assert isinstance(found[-1], Record)
    assert len(found) == 30_001


def test_an_empty_file_has_no_records() -> None:
    assert from_csv(b"") == from_csv(b"\n\n") == from_csv(b"title\n") == []
