"""A lock for file systems that have none: a file that only one can make, signed by its maker.

Who ended without removing it is found out on the same machine; another machine's is believed.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

from hdcli.errors import NotADesk
from hdcli.store import processes


def take(place: Path, lock: Path) -> bool:
    """Whether the file is ours now. Raises NotADesk where none can be made.

    ``lock`` is the file that the holder's own processes have open: while one of them does, they are
    at work, dead as the holder may be.
    """
    mine = _signature()
    if _make(place, mine):
        return True
    found = _read(place)
    if _is_left_over(found) and not processes.with_open(lock):
        _break(place, found)
        return _make(place, mine)
    return False


def release(place: Path) -> None:
    """Removes the file if it is ours; does nothing where there is none."""
    if _read(place) == _signature():
        with suppress(OSError):
            place.unlink()


def holder(place: Path) -> str:
    """Who holds it, as a person may want to know: ``process 71 of host``; empty for nobody."""
    words = _read(place).split()
    return f"process {words[1]} of {words[0]}" if len(words) > 1 else ""


def is_left_over(place: Path) -> bool:
    """Whether its maker, a process of this machine, has ended."""
    return _is_left_over(_read(place))


def _signature() -> str:
    process = os.getpid()
    return f"{socket.gethostname()} {process} {processes.started(process)}"


def _is_left_over(text: str) -> bool:
    host, process, began, *_ = [*text.split(" "), "", "", ""]
    if host != socket.gethostname() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        return False
    return processes.is_zombie(int(process)) or processes.started(int(process)) != began


def _make(place: Path, text: str) -> bool:
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    except FileExistsError:
        return False
    except OSError as error:
        raise NotADesk(f"can't write to this desk: {error.strerror}: {place}") from None
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return True


def _read(place: Path) -> str:
    with suppress(OSError):
        return place.read_text(encoding="utf-8", errors="replace")
    return ""


def _break(place: Path, judged: str) -> None:
    """Takes a left-over file away; one that somebody made meanwhile goes back to its place."""
    aside = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        place.rename(aside)
        if _read(aside) == judged:
            aside.unlink()
        else:
            aside.rename(place)
