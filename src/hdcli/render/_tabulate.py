"""Loads tabulate without the two imports that make it slow and that hd's tables don't need."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

METADATA = "importlib.metadata"


def load() -> Callable[..., str]:
    """tabulate's ``tabulate`` function, for cells that are already padded.

    tabulate needs ``importlib.metadata`` for its version number alone and wcwidth for padding,
    which ``render.text`` does; together they cost several times as much as tabulate itself.
    """
    if "tabulate" not in sys.modules:
        with _stand_ins({METADATA: _no_metadata(), "wcwidth": None}):
            import tabulate  # noqa: F401 # loaded here, among the stand-ins
    from tabulate import tabulate as draw

    return draw


def _no_metadata() -> ModuleType:
    module = ModuleType(METADATA)

    class PackageNotFoundError(ImportError):
        pass

    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    module.__dict__.update(version=version, PackageNotFoundError=PackageNotFoundError)
    return module


@contextmanager
def _stand_ins(modules: Mapping[str, ModuleType | None]) -> Iterator[None]:
    """``modules`` in ``sys.modules`` for the time of the block; what is loaded already stays."""
    missing = [name for name in modules if name not in sys.modules]
    for name in missing:
        # None is a legal value and means "can't be imported"; typeshed does not know it.
        sys.modules[name] = modules[name]  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]
