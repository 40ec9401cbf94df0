"""Every failure hd can report: one class a kind, each with its exit code (docs/exit-codes.md)."""

from __future__ import annotations


def joined(*parts: str) -> str:
    """What an error says in several parts, as one line: ``no such thing; hd list shows them``."""
    text = ""
    for part in parts:
        if text and part:
            text += " " if text.endswith("?") else "; "
        text += part
    return text


class HdError(Exception):
    """The request can't be done. ``remedy`` says what to do, as a command where there is one."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return joined(self.message, self.remedy)


class Refused(HdError):
    """A rule of the desk forbids it: a transition, a level above the last, an empty reason."""


class NotADesk(HdError):
    """There is no desk here, or it can't be used as it is."""


class NoIdentity(HdError):
    """Nobody is named as the author: git has no identity, or it belongs to no agent."""


class BadUsage(HdError):
    """The command was asked for wrongly; the same code as click's own usage errors."""

    exit_code = 2


class BadQuery(BadUsage):
    """A query can't be read. ``start`` and ``end`` are the place in ``query``, in characters."""

    def __init__(self, message: str, query: str, start: int, end: int) -> None:
        super().__init__(message)
        self.query = query
        self.start = start
        self.end = max(end, start + 1)

    def __str__(self) -> str:
        mark = " " * self.start + "^" * (self.end - self.start)
        return f"{self.message}\n  {self.query}\n  {mark}"


class NotFound(HdError):
    """No such ticket, or several answer to the prefix given."""

    exit_code = 3


class Ambiguous(NotFound):
    """Several tickets answer to the prefix given."""


class BadData(HdError):
    """A file or record is invalid. ``where`` names it, with the line when it is known."""

    exit_code = 4

    def __init__(self, message: str, where: str = "", line: int = 0, remedy: str = "") -> None:
        place = f"{where}:{line}" if where and line else where
        super().__init__(f"{place}: {message}" if place else message, remedy)
        self.where = where
        self.line = line
        self.reason = message


class BadField(BadData):
    """A value breaks the schema. ``path`` leads to it, as in ``("log", 2, "at")``."""

    def __init__(self, message: str, path: tuple[str | int, ...]) -> None:
        super().__init__(message)
        self.path = path


class Conflict(HdError):
    """It would overwrite hand edits, or what others built upon."""

    exit_code = 5


class Busy(HdError):
    """Another process holds the lock, and still held it when the time was up."""

    exit_code = 6


class RemoteFailed(HdError):
    """A remote or a mail server refused or could not be reached."""

    exit_code = 7
