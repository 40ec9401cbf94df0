"""``hd fsck``: everything on a desk that could be wrong, looked at afresh."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hdcli.errors import BadData, HdError
from hdcli.model import ids
from hdcli.model.addressbook import FILE
from hdcli.model.dates import format_utc
from hdcli.model.finding import Finding, Severity
from hdcli.model.rules import name_of
from hdcli.model.settings import Settings
from hdcli.model.slug import slug_of_path
from hdcli.model.ticket import Ticket
from hdcli.services import carrying, damage
from hdcli.services.articleaudit import astray
from hdcli.services.doctor.checkup import Patient
from hdcli.services.looseends import at_large
from hdcli.services.settings import slips
from hdcli.store import (
    addressbook,
    audit,
    codec,
    levels,
    mirror,
    partial,
)
from hdcli.store.audit import Checked, Progress, Terms
from hdcli.store.cache import NAME
from hdcli.store.desk import Desk
from hdcli.store.filerows import Listed
from hdcli.store.integrity import Integrity
from hdcli.store.skeleton import Skeleton

# Two clocks may differ by so much without one of them being wrong.
_CLOCKS = timedelta(hours=1)
Opening = Callable[[], Desk]
_FOLDERS = ("tickets", "attachments", "kb", "canned")


@dataclass
class Report:
    """What a check found, and how many files were looked at; of a range how many commits."""

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    commits: int | None = None

    @property
    def wrong(self) -> list[Finding]:
        """Without the notes."""
        return [each for each in self.findings if each.severity != "note"]


def check(
    opening: Opening, patient: Patient, ticket_ids: Sequence[str], progress: Progress
) -> Report:
    """Checks the desk, or some of its tickets alone; the repository where no desk can be opened.

    Raises what keeps it from being opened or read, where that is not among what it found.
    """
    if ticket_ids:
        return _checked(opening(), patient.now, ticket_ids, progress)
    try:
        report = _whole(opening(), patient, progress)
    except HdError as error:
        report = Report(damage.findings(patient))
        if not any(each.severity == "error" or each.repair == "objects" for each in report.wrong):
            raise
        message = f"the desk's files could not be checked: {error.message}"
        report.findings.append(Finding("note", ".git", 0, message))
    report.findings.sort(key=lambda each: each.rank)
    return report


def _whole(desk: Desk, patient: Patient, progress: Progress) -> Report:
    repository = desk.place.repository
    with Integrity(repository) as integrity:
        report = _checked(desk, patient.now, (), progress)
        clone = list(damage.of_clone(Skeleton(repository)))
        report.findings += clone
        if not any(each.severity == "error" for each in clone):
            report.findings += at_large(desk)  # upon a sound index alone git knows what was edited
        if not integrity.is_sound():
            report.findings += damage.of_objects(repository)
    return report


def _checked(desk: Desk, now: int, ticket_ids: Sequence[str], progress: Progress) -> Report:
    report = Report()
    settings = _settings(desk, report)
    report.findings += _book(desk)
    later = format_utc(datetime.fromtimestamp(now, UTC) + _CLOCKS)
    terms = Terms(desk.place, settings, later, _cache(desk))
    partial.complete(desk.place.repository, desk.place.head, paths=_FOLDERS)
    listed = audit.listing(desk.place, *_FOLDERS)
    wanted = {ids.ticket_path(each) for each in ticket_ids}
    chosen = [each for each in listed if not wanted or each[0] in wanted]
    _Survey(desk, terms, listed, report).run(chosen, progress, whole=not ticket_ids)
    report.findings.sort(key=lambda each: each.rank)
    return report


def _settings(desk: Desk, report: Report) -> Settings:
    """The settings to check against; those of any desk where desk.yaml can't be read."""
    data = desk.file("desk.yaml") or b""
    try:
        settings = codec.read_settings(data)
    except BadData as error:
        finding = Finding("error", "desk.yaml", error.line, error.reason, "mend it and hd commit")
        report.findings.append(finding)
        return Settings()
    for line, message in slips(data, settings):
        report.findings.append(Finding("warning", "desk.yaml", line, message, "hd config edit"))
    report.findings += _replies(desk, settings)
    report.findings += _templates(desk)
    return settings


def _replies(desk: Desk, settings: Settings) -> Iterator[Finding]:
    """Canned replies that rules name and nobody can send."""
    from hdcli.services import canned

    for number, rule in enumerate(settings.rules, 1):
        if name := rule["then"].get("canned"):
            try:
                canned.prepared(desk, name)
            except HdError as error:
                said = f"rule '{name_of(rule, number)}': {error.message}"
                yield Finding("warning", "desk.yaml", 0, said, "hd canned list")


def _templates(desk: Desk) -> Iterator[Finding]:
    """Canned replies whose name is nearly that of an event."""
    from hdcli.model.canned import path_of
    from hdcli.services import canned

    for name, said in canned.misnamed(canned.own_names(desk)):
        yield Finding("note", path_of(name), 0, said)


def _book(desk: Desk) -> Iterator[Finding]:
    """What is wrong with the address book, or likely is, where there is one."""
    data = desk.file(FILE) or b"{}"
    try:
        addressbook.read(data)
    except BadData as error:
        yield Finding("error", FILE, error.line, error.reason, "mend it and hd commit")
        return
    for line, message in addressbook.slips(data):
        yield Finding("note", FILE, line, message)


def _cache(desk: Desk) -> Path | None:
    """The cache's file, caught up; None where there is none to compare."""
    place = desk.place.repository.local / NAME
    if not place.exists():
        return None
    try:
        current = desk.cache.head == desk.place.head
    except HdError:
        return None
    return place if current and place.exists() else None


class _Survey:
    """The files one by one, and then what they say of each other."""

    def __init__(self, desk: Desk, terms: Terms, listed: Sequence[Listed], report: Report) -> None:
        self._desk = desk
        self._terms = terms
        self._report = report
        self._blobs = {path: blob for path, _, blob in listed}
        self._tickets = {found for path in self._blobs if (found := ids.id_of_path(path))}
        self._branches: dict[str, str | None] = {}
        self._referred: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._loose: list[tuple[str, str]] = []
        self._merged: list[str] = []

    def run(self, chosen: Sequence[Listed], progress: Progress, *, whole: bool) -> None:
        self._report.files = len(chosen)
        seen = []
        for checked in audit.check(self._terms, chosen, progress):
            self._report.findings += checked.findings
            self._remember(checked)
            if checked.articles or slug_of_path(checked.path):
                seen.append(checked)
        self._report.findings += self._links()
        known = self._tickets | self._aliases.keys()
        articles = {slug for path in self._blobs if (slug := slug_of_path(path))}
        self._report.findings += astray(self._desk, seen, known, articles)
        self._report.findings += list(self._behind())
        self._report.findings += list(self._levels(whole=whole))
        if whole:
            self._report.findings += self._unreferred()
            self._report.findings += self._gone()
            self._report.findings += self._counts()

    def _remember(self, checked: Checked) -> None:
        ticket_id = ids.id_of_path(checked.path)
        if ticket_id is None:
            return
        if checked.readable:
            self._branches[ticket_id] = checked.branch
        self._loose += [(ticket_id, each) for each in checked.links if each not in self._tickets]
        self._merged += [ticket_id] * checked.perhaps_behind
        for path in checked.files:
            if path not in self._blobs:
                self._add(ticket_id, "attachments", path, f"there is no file {path}")
            self._referred.add(path)
        for alias in checked.aliases:
            other = self._aliases.setdefault(alias, ticket_id)
            if other != ticket_id:
                self._add(ticket_id, "aliases", alias, f"{alias} is an old id of {other} too")
            if alias in self._tickets and alias != ticket_id:
                self._add(ticket_id, "aliases", alias, f"{alias} is a ticket of its own")

    def _add(self, ticket_id: str, name: str, item: str, message: str) -> None:
        path = ids.ticket_path(ticket_id)
        line = self._line(path, name, item)
        remedy = f"hd edit {ticket_id}"
        self._report.findings.append(Finding("error", path, line, message, remedy, "", ticket_id))

    def _line(self, path: str, name: str, item: str) -> int:
        data = self._desk.file(path) or b""
        items = list(codec.read_ticket(data, path).items(name))
        place = next((n for n, each in enumerate(items) if each.endswith(item)), 0)
        return codec.line_of(data, path, (name, place))

    def _links(self) -> Iterator[Finding]:
        """Links and merges that lead nowhere."""
        for ticket_id, target in self._loose:
            if target in self._aliases or not ids.ID_PATTERN.fullmatch(target):
                continue
            path = ids.ticket_path(ticket_id)
            message = f"it leads to {target}, which is no ticket of this desk"
            line = self._line(path, "links", target)
            yield Finding("error", path, line, message, f"hd edit {ticket_id}", "", ticket_id)

    def _behind(self) -> Iterator[Finding]:
        """Merged tickets with something that never came to where they lead."""

        def find(ticket_id: str) -> Ticket | None:
            with suppress(HdError):
                return self._desk.ticket(ticket_id)
            return None

        for ticket in filter(None, map(find, self._merged)):
            if into := carrying.behind(ticket, find):
                message = f"{into.id}, which it was merged into, lacks what was written on it since"
                remedy = "hd fsck --repair takes it there"
                yield Finding("warning", ticket.path, 0, message, remedy, "carry", ticket.id)

    def _levels(self, *, whole: bool) -> Iterator[Finding]:
        """Level branches that are not as the tickets say; of an edited one they follow later."""
        remedy = "hd fsck --repair"
        waiting = {each.ticket for each in self._report.findings if each.repair == "absorb"}
        for each in levels.amiss(self._desk.place, self._branches, self._blobs, levels.walked):
            name = f"branch {each.branch}"
            severity: Severity = "note" if each.ticket_id in waiting else "warning"
            yield Finding(severity, name, 0, each.message, remedy, "levels", each.ticket_id)
        for ticket_id, branch in levels.strays(self._desk.place, self._tickets) if whole else ():
            message = f"left over: there is no ticket {ticket_id}"
            yield Finding("warning", f"branch {branch}", 0, message, remedy, "levels", ticket_id)

    def _unreferred(self) -> Iterator[Finding]:
        """Files that no ticket knows."""
        for path in self._blobs:
            if path.startswith("attachments/") and path not in self._referred:
                remedy = "add it to a ticket's attachments, or git rm it"
                yield Finding("warning", path, 0, "no ticket refers to it", remedy)

    def _gone(self) -> Iterator[Finding]:
        """Tickets that commits speak of and that have no file: nothing of hd deletes one."""
        named = self._desk.place.repository.lines(
            "log", "--format=%(trailers:key=Ticket,valueonly)", self._desk.place.head
        )
        spoken = {line.decode("utf-8", "replace").strip() for line in named}
        for ticket_id in sorted(spoken - self._tickets - self._aliases.keys()):
            if ids.ID_PATTERN.fullmatch(ticket_id):
                path = ids.ticket_path(ticket_id)
                message = f"{ticket_id} has commits, and no file any more"
                told = f"git log --diff-filter=D -- {path} names the commit"
                remedy = f"{told}, git checkout COMMIT~1 -- {path} and git commit bring it back"
                yield Finding("error", path, 0, message, remedy, "", ticket_id)

    def _counts(self) -> Iterator[Finding]:
        cache = self._terms.cache
        if cache is not None and mirror.strangers(cache, len(self._branches)):
            message = "the cache is damaged, or counts other tickets than there are"
            remedy = "hd fsck --repair builds it anew"
            yield Finding("warning", f".git/hd/{NAME}", 0, message, remedy, "cache")
