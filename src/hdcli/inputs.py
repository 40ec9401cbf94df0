"""What commands read from: a file by its name, or standard input for ``-``."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from io import BufferedReader
from pathlib import Path
from typing import Any

from hdcli.errors import BadUsage


def opened(file: str) -> AbstractContextManager[BufferedReader]:
    """A file, or standard input, to be read. Raises BadUsage."""
    if file == "-":
        stdin: Any = sys.stdin.buffer
        return nullcontext(stdin if isinstance(stdin, BufferedReader) else BufferedReader(stdin))
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise BadUsage(f"can't read {file}: {error.strerror}") from None


def name_of(file: str) -> str:
    """What messages call it."""
    return "standard input" if file == "-" else file
