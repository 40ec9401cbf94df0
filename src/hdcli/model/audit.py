"""Whether a record that can be read is also right: its values against its log and the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hdcli.model import articlecheck
from hdcli.model.article import Article
from hdcli.model.deskcheck import Flaw, flaws, unknown
from hdcli.model.finding import Repair, Severity
from hdcli.model.fold import fold
from hdcli.model.record import Record, hand_edit
from hdcli.model.redaction import late
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.model.versions import unsettled

Path = tuple[str | int, ...]


class Remark(NamedTuple):
    """A finding within a file; ``path`` leads to the value that it is about."""

    severity: Severity
    path: Path
    message: str
    remedy: str = ""
    repair: Repair = ""


def remarks(record: Record, settings: Settings, now: str) -> Iterator[Remark]:
    """What is to be said about a record. ``now`` is UTC, as it is stored."""
    yield from _against_its_log(record)
    yield from _of_its_log(record, now)
    wrong: list[Flaw] = []
    strange: list[Flaw] = []
    if isinstance(record, Ticket):
        wrong = flaws(settings, record.id, record.values, record.values)
        strange = unknown(settings, record.values)
    elif isinstance(record, Article):
        wrong = articlecheck.flaws(settings, record, record.values)
        strange = articlecheck.unknown(record.values)
        yield from _of_two_versions(record)
    for flaw in wrong:
        severity: Severity = "error" if flaw.path == ("body",) else "warning"
        yield Remark(severity, flaw.path, flaw.message, flaw.remedy)
    for flaw in strange:
        yield Remark("note", flaw.path, flaw.message, flaw.remedy)


def _of_two_versions(article: Article) -> Iterator[Remark]:
    if unsettled(article.body):
        message = "two people changed the same lines, and both versions are in the text"
        remedy = f"hd kb edit {article.slug}: keep one, take the marks out"
        yield Remark("warning", ("body",), message, remedy)


def _against_its_log(record: Record) -> Iterator[Remark]:
    values = fold(record.log, record.kind)
    edit = hand_edit(record)
    if edit:
        first = record.kind.key if edit.names[0] == "text" else edit.names[0]
        message = f"edited by hand, not in the log yet: {', '.join(edit.names)}"
        yield Remark("note", (first,), message, "hd commit takes it in", "absorb")
        return
    for name in sorted(record.kind.derived):
        if values.get(name) != record.values.get(name):
            message = f"'{name}' is not what the log says: {values.get(name) or 'nothing'}"
            yield Remark("warning", (name,), message, "hd fsck --repair", "refold")


def _of_its_log(record: Record, now: str) -> Iterator[Remark]:
    known = {entry.id for entry in record.log}
    for entry in record.log:
        if entry.at > now:
            message = f"entry {entry.id} is from the future: {entry.at}"
            yield Remark("warning", ("log", entry.id), message, "a clock was wrong; it will pass")
        if entry.undoes and entry.undoes not in known:
            message = f"entry {entry.id} takes back {entry.undoes}, which is not in the log"
            yield Remark("error", ("log", entry.id), message, f"git log -p -- {record.path}")
    for entry in late(record.log):
        message = f"entry {entry.id} came when {record.id} was anonymised already"
        yield Remark("warning", ("log", entry.id), message, f"hd anonymise {record.id}")
    if isinstance(record, Article):
        return  # two clones may begin one article, and its log then has both beginnings
    own = [entry for entry in record.log if not entry.of]
    for entry in own[1:]:
        if entry.action == "new":
            message = f"entry {entry.id} opens the {record.kind.name} a second time"
            yield Remark("warning", ("log", entry.id), message, f"git log -p -- {record.path}")
