"""An edited text, and what is asked of it: values that fit the desk, files and tickets that exist.

Whatever is wrong is BadData that names the line of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from hdcli.errors import BadData, NotFound
from hdcli.model import articlecheck, ids
from hdcli.model.article import Article
from hdcli.model.deskcheck import Flaw, flaws, unknown
from hdcli.model.entry import Values
from hdcli.model.fold import Change
from hdcli.model.record import Record
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services import articlesheets
from hdcli.services.session import Session
from hdcli.store import codec
from hdcli.store.transaction import Transaction

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Sheet(Generic[R]):
    """An edited text: what it is of, the name and the lines that errors refer to, a word on it."""

    kind: type[R]
    key: str
    text: bytes
    where: str
    note: str = ""

    def bad(self, flaw: Flaw) -> BadData:
        """A flaw as an error that names the line."""
        line = codec.line_of(self.text, self.where, flaw.path)
        return BadData(flaw.message, self.where, line, flaw.remedy)

    def record(self) -> R:
        """What is in it. Raises BadData."""
        found, key = codec.read(self.kind, self.text, self.where), self.kind.kind.key
        if found.id != self.key:
            message = f"the {key} in it is {found.id}, its place is that of {self.key}"
            remedy = f"{key}s stay as they are" if key == "id" else "name the file by its slug"
            raise self.bad(Flaw((key,), message, remedy))
        return found


def require_prefix(settings: Settings, sheet: Sheet[R], record: R) -> None:
    """Raises BadData for a ticket whose id is not of this desk."""
    prefix = record.id.partition("-")[0]
    if isinstance(record, Ticket) and prefix != settings.prefix:
        message = f"its id begins with {prefix}, those of this desk with {settings.prefix}"
        raise sheet.bad(Flaw(("id",), message, "give it an id of this desk"))


def require_underived(sheet: Sheet[R], was: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Raises BadData for the first value that follows from the log and was changed all the same."""
    for name in sheet.kind.kind.derived:
        if name in wanted and wanted[name] != was.get(name):
            message = f"'{name}' is not edited: it follows from the log"
            raise sheet.bad(Flaw((name,), message, "put it back, or take it out"))


def require_fitting(
    settings: Settings,
    sheet: Sheet[R],
    record: R,
    names: Iterable[str],
    fresh: Iterable[str] | None = None,
) -> None:
    """Raises BadData for the first value, of those named, that does not fit the desk."""
    known = list(names)
    new = known if fresh is None else fresh
    if isinstance(record, Article):
        found = articlecheck.unknown(new) + articlecheck.flaws(settings, record, known)
    else:
        found = _flaws(settings, record, known, new)
    if found:
        raise sheet.bad(found[0])


def _flaws(
    settings: Settings, ticket: Record, known: list[str], fresh: Iterable[str]
) -> list[Flaw]:
    looked_at = [*known, "team"] if "level" in known and "team" not in known else known
    return unknown(settings, fresh) + flaws(settings, ticket.id, ticket.values, looked_at)


def require_attached(
    transaction: Transaction, sheet: Sheet[R], record: R, paths: Iterable[str]
) -> None:
    """Raises BadData for the first attachment that is no file of the desk."""
    for path in paths:
        if not transaction.has(path):
            place = record.items("attachments").index(path)
            remedy = f"hd attach {record.id} FILE puts a file on the ticket"
            raise sheet.bad(Flaw(("attachments", place), f"there is no file {path}", remedy))


def require_there(
    session: Session, transaction: Transaction, sheet: Sheet[R], record: R, change: Change
) -> None:
    """Raises BadData for the first ticket or article that a change names and that there is not."""
    if isinstance(record, Article):
        for flaw in articlesheets.strangers(transaction, record, change):
            raise sheet.bad(flaw)
    else:
        _require_linked(session, transaction, sheet, record, {**change.set, **change.add})


def _require_linked(
    session: Session, transaction: Transaction, sheet: Sheet[R], record: R, changed: Values
) -> None:
    """Raises BadData for the first link, or merge, that leads to no ticket."""
    links = [(("links", record.items("links").index(e)), e) for e in changed.get("links", ())]
    paths = [*links, (("merged_into",), changed.get("merged_into") or "")]
    for path, text in paths:
        target = text.rpartition(" ")[2]
        file = ids.ticket_path(target)
        if not target or transaction.has(file) or transaction.awaits(file):
            continue
        try:
            session.desk.resolve(target)
        except NotFound as error:
            raise sheet.bad(Flaw(path, error.message, error.remedy)) from None
