"""Whoosh, imported in one place: lazily, without its warnings and without what it drags in.

Whoosh 2.7.4 has escapes in its source that Python 3.12 warns of when it compiles them, and its
``compat`` module imports ``urllib.request`` for a function that only its benchmark calls; that
alone costs more than all else hd needs of Whoosh. docs/dependencies.md says why it is this Whoosh.
"""

from __future__ import annotations

import mmap
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

_UNWANTED = "urllib.request"


class Parts(NamedTuple):
    """What hd uses of Whoosh: its codec of segments, its files, its format of postings."""

    codec: Any
    segment: Any
    storage: Any
    matcher: Any
    info: Any
    field: Any
    format: Any


@cache
def parts() -> Parts:
    """Whoosh's codec and what it needs."""
    with _quiet():
        from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher, W3Segment, W3TermInfo
        from whoosh.fields import ID
        from whoosh.filedb.filestore import FileStorage
        from whoosh.filedb.structfile import StructFile
        from whoosh.formats import Frequency
    storage = _mapped(FileStorage, StructFile)
    field = ID()
    field.format = Frequency()
    return Parts(W3Codec, W3Segment, storage, W3LeafMatcher, W3TermInfo, field, field.format)


def _mapped(storage: Any, file: Any) -> Any:
    """Whoosh's storage, but the files it reads are mapped into memory: no call for each piece."""

    class MappedFile(file):  # type: ignore[misc] # Whoosh has no annotations
        def get(self, position: int, length: int) -> bytes:
            return self.file[position : position + length]  # type: ignore[no-any-return]

    class MappedStorage(storage):  # type: ignore[misc]
        def open_file(self, name: str, **options: Any) -> Any:
            with Path(self._fpath(name)).open("rb") as source:
                content = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
            return MappedFile(content, name=name, **options)

    return MappedStorage


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
