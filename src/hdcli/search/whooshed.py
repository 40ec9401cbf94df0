"""Whoosh, imported in one place: lazily, without its warnings and without what it drags in.

Whoosh 2.7.4 has escapes in its source that Python 3.12 warns of when it compiles them, and its
``compat`` module imports ``urllib.request`` for a function that only its benchmark calls; that
alone costs more than all else hd needs of Whoosh. docs/dependencies.md says why it is this Whoosh.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from mmap import mmap
from types import ModuleType
from typing import Any, NamedTuple

_UNWANTED = "urllib.request"


class Codec(NamedTuple):
    """What writes segments: Whoosh's codec, its segments, its folders, a field of weights alone."""

    codec: Any
    segment: Any
    storage: Any
    field: Any


@cache
def codec() -> Codec:
    """Whoosh's codec and what it needs to write."""
    with _quiet():
        from whoosh.codec.whoosh3 import W3Codec, W3Segment
        from whoosh.fields import ID
        from whoosh.filedb.filestore import FileStorage
        from whoosh.formats import Existence
    field = ID()
    field.format = Existence()
    return Codec(W3Codec, W3Segment, FileStorage, field)


def table(content: mmap) -> Any:
    """A table of Whoosh's in a file that is mapped into memory, without its codec."""
    reader, file = _table()
    return reader(file(content), len(content))


@cache
def _table() -> tuple[Any, Any]:
    with _quiet():
        from whoosh.filedb.filetables import OrderedHashReader
        from whoosh.filedb.structfile import StructFile

    class MappedFile(StructFile):  # type: ignore[misc] # Whoosh has no annotations
        """Pieces are taken from memory, with no call of the system for each."""

        def get(self, position: int, length: int) -> bytes:
            return self.file[position : position + length]  # type: ignore[no-any-return]

    return OrderedHashReader, MappedFile


@cache
def stemmers() -> tuple[Callable[[str], str], Callable[[str], str]]:
    """Whoosh's Snowball stemmers, the English and the French one."""
    with _quiet():
        from whoosh.lang.snowball.english import EnglishStemmer
        from whoosh.lang.snowball.french import FrenchStemmer
    return EnglishStemmer().stem, FrenchStemmer().stem


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Whoosh's warnings; with an empty module in the place of the one it needs not."""
    stands_in = None
    if _UNWANTED not in sys.modules:
        stands_in = ModuleType(_UNWANTED)
        stands_in.urlretrieve = None  # type: ignore[attr-defined]
        sys.modules[_UNWANTED] = stands_in
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if stands_in is not None and sys.modules.get(_UNWANTED) is stands_in:
            del sys.modules[_UNWANTED]
