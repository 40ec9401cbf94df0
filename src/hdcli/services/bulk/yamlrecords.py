"""Records of a YAML stream: a document each, as ``hd export --format yaml`` writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hdcli.errors import BadData
from hdcli.services.bulk.records import MAX_LINE, Item, Line, Record, Refusal, too_long_a_line
from hdcli.store import yamlread

START = b"---\n"


def yaml_records(found: Iterable[Line]) -> Iterator[Item]:
    """A mapping a document; documents are parted by lines of ``---``."""
    document: list[Line] = []
    size = 0
    for line in found:
        if line.raw is not None and line.raw.rstrip() == b"---":
            yield from _item(document, size)
            document, size = [], 0
            continue
        size += MAX_LINE + 1 if line.raw is None else len(line.raw)
        if size <= MAX_LINE or not document:
            document.append(line)
    yield from _item(document, size)


def _item(document: list[Line], size: int) -> Iterator[Item]:
    raw = b"".join(line.raw or b"" for line in document)
    if not size or (not raw.strip() and size <= MAX_LINE):
        return
    first, end = document[0].number, document[-1].end
    if size > MAX_LINE:
        yield Refusal(first, b"", too_long_a_line(), end)
        return
    try:
        data = yamlread.load(raw, "")
    except BadData as error:
        yield Refusal(first + max(0, error.line - 1), START + raw, error.reason, end)
        return
    if isinstance(data, Mapping):
        yield Record(first, START + raw, dict(data), end)
    else:
        yield Refusal(first, START + raw, "not a mapping of fields to values", end)
