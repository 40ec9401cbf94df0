"""Building the segments of a whole desk, on all cores, in bounded memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from hdcli.search import gather
from hdcli.search.document import KINDS, Document, Kind
from hdcli.search.segment import Entry
from hdcli.search.weights import USUAL, Lengths

if TYPE_CHECKING:
    from concurrent.futures import Future

Progress = Callable[[int], None]
# Enough to know how long the documents of a desk are.
SAMPLE = 2000
# What a process has in memory at once, in documents and in characters of their texts: about 150 MB.
# Large segments are searched faster, small ones need less to be built.
_PORTION = 16_000
_CHARACTERS = 8_000_000
# Fewer are not worth starting processes for.
_FEW = 4000


def build(
    folder: Path, documents: Iterable[Document], progress: Progress | None
) -> tuple[list[Entry], dict[Kind, Lengths], int]:
    """Writes segments of all documents: the segments, the lengths measured, on how many documents.

    ``progress`` is told how many documents are done.
    """
    rest = iter(documents)
    first = list(islice(rest, SAMPLE))
    lengths = {
        kind: gather.measure([each for each in first if each.kind == kind]) or USUAL[kind]
        for kind in KINDS
    }
    entries: list[Entry] = []
    done = 0
    for found, count in _written(folder, _portions(chain(first, rest)), lengths):
        entries.append(found)
        done += count
        if progress:
            progress(done)
    return entries, lengths, len(first)


def _portions(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Documents of one kind in portions."""
    waiting: dict[Kind, list[Document]] = {kind: [] for kind in KINDS}
    size = dict.fromkeys(KINDS, 0)
    for each in documents:
        portion = waiting[each.kind]
        portion.append(each)
        size[each.kind] += len(each.text)
        if len(portion) == _PORTION or size[each.kind] > _CHARACTERS:
            waiting[each.kind], size[each.kind] = [], 0
            yield portion
    yield from (portion for portion in waiting.values() if portion)


def _written(
    folder: Path, portions: Iterator[list[Document]], lengths: dict[Kind, Lengths]
) -> Iterator[tuple[Entry, int]]:
    first = next(portions, None)
    cores = os.cpu_count() or 1
    if first is None:
        return
    if len(first) < _FEW or cores == 1:
        for portion in chain([first], portions):
            yield gather.write(folder, portion, lengths[portion[0].kind]), len(portion)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(max_workers=cores) as pool:
        running: deque[tuple[Future[Entry], int]] = deque()
        for portion in chain([first], portions):
            work = pool.submit(gather.write, folder, portion, lengths[portion[0].kind])
            running.append((work, len(portion)))
            del portion
            while len(running) > cores:
                yield _finished(running)
        while running:
            yield _finished(running)


def _finished(running: deque[tuple[Future[Entry], int]]) -> tuple[Entry, int]:
    work, count = running.popleft()
    return work.result(), count
