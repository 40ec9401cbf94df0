"""A file of records: which format it has, and its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import Literal, get_args

from hdcli.errors import BadData, BadUsage
from hdcli.services.bulk.csvrecords import csv_records
from hdcli.services.bulk.naming import Naming
from hdcli.services.bulk.records import Item, json_records, lines
from hdcli.services.bulk.rejects import Rejects
from hdcli.services.bulk.yamlrecords import yaml_records

Format = Literal["jsonl", "csv", "yaml"]
FORMATS: tuple[Format, ...] = get_args(Format)
_SUFFIXES: dict[str, Format] = {
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "csv": "csv",
    "tsv": "csv",
    "yaml": "yaml",
    "yml": "yaml",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file open for reading, its name for messages, and its format."""

    stream: BufferedReader
    name: str
    format: Format

    def items(self, naming: Naming, rejects: Rejects) -> Iterator[Item]:
        """The records and what is not one.

        ``rejects`` gets the CSV header and lines that are too long to be held. Raises BadData for a
        file that is not of its format, UnknownColumns for CSV columns that are no fields.
        """
        found = lines(self.stream, rejects.add)
        if self.format == "jsonl":
            return json_records(found)
        if self.format == "yaml":
            return yaml_records(found)
        return csv_records(found, self.name, naming.knows, naming.require, rejects.header)


def source(stream: BufferedReader, name: str, stated: Format | None) -> Source:
    """The source in a stream, its format as stated, else by the name, else by what it begins with.

    Raises BadData for what no text file begins with, BadUsage for one array of JSON.
    """
    start = stream.peek(4096)[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadData("this is UTF-16", name, 0, "iconv -f UTF-16 -t UTF-8 makes it UTF-8")
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    found = stated or _SUFFIXES.get(name.rpartition(".")[2].lower())
    if found != "csv" and first == b"[":
        raise BadUsage(f"{name} is one JSON array", "jq -c '.[]' makes lines of it")
    return Source(stream, name, found or ("jsonl" if first == b"{" else "csv"))
