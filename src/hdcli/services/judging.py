"""One commit judged: every file that it changed, by what the file is to the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hdcli.errors import BadData, HdError
from hdcli.model import articlecheck, ids, place, vetting
from hdcli.model.article import Article
from hdcli.model.deskcheck import Flaw
from hdcli.model.entry import Entry
from hdcli.model.merging import documents
from hdcli.model.record import Record, hand_edit
from hdcli.model.rights import ASK_A_LEAD, Rights, beyond
from hdcli.model.settings import Agent
from hdcli.model.ticket import Ticket
from hdcli.store import addressbook, yamlread
from hdcli.store.ancestry import merge_base
from hdcli.store.git import Repository
from hdcli.store.passage import Passage, Version
from hdcli.store.versions import Versions

_MODES = {"120000": "a symbolic link", "160000": "a submodule", "100755": "a program"}
_PLAIN = "a desk has plain files: git rm it"
_STAYS = "git restore it; hd close ends a ticket, hd kb archive an article"


class Objection(NamedTuple):
    """What is wrong with a file of a commit (no path: with the commit itself)."""

    path: str
    message: str
    remedy: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A file that a commit changed: as each parent has it, and as it is."""

    path: str
    before: list[Version | None]
    after: Version | None

    @property
    def merged(self) -> bool:
        return len(self.before) > 1


class Judge:
    """Judges one commit by the rights in force; ``agent`` is None for somebody who joins."""

    def __init__(
        self,
        repository: Repository,
        versions: Versions,
        passage: Passage,
        rights: Rights,
        agent: Agent | None,
    ) -> None:
        self.tickets: list[str] = []
        self._repository = repository
        self._versions = versions
        self._passage = passage
        self._rights = rights
        self._agent = agent
        self._base: str | None = None

    def objections(self) -> Iterator[Objection]:
        """What is wrong with the commit, file by file."""
        for path in self._passage.paths:
            step = Step(path, *self._passage.versions(path))
            kind = place.kind_of(path)
            if kind == "ticket":
                self.tickets.append(path)
            found = list(self._file(step, kind))
            yield from found
            if not found and self._agent:
                yield from self._beyond_role(step, kind, self._agent)

    def _file(self, step: Step, kind: place.Kind) -> Iterator[Objection]:
        if step.after is None:
            yield from self._removal(step, kind)
            return
        if step.after.mode != "100644":
            what = _MODES.get(step.after.mode, f"a file of mode {step.after.mode}")
            yield Objection(step.path, f"it is {what}", _PLAIN)
        elif kind == "stray":
            yield Objection(step.path, *place.astray(step.path))
        else:
            yield from self._content(step, kind, step.after.blob)

    def _content(self, step: Step, kind: place.Kind, blob: str) -> Iterator[Objection]:
        limit = self._rights.settings.max_file * 1_000_000
        data = self._versions.data(blob, limit)
        if data is None:
            yield Objection(step.path, "its object is missing from the repository")
        elif len(data) > limit:
            said = f"it is larger than {self._rights.settings.max_file} MB"
            yield Objection(step.path, said, "put it on a share and note where")
        elif kind == "attachment":
            if problem := place.attachment_problem(step.path, data):
                yield Objection(step.path, problem, "hd attach names a file by what it holds")
        else:
            yield from self._yaml(step, kind, blob)

    def _yaml(self, step: Step, kind: place.Kind, blob: str) -> Iterator[Objection]:
        try:
            if kind in ("ticket", "article"):
                record_kind = Ticket if kind == "ticket" else Article
                yield from self._record(step, record_kind, blob)
            elif kind == "settings":
                self._versions.settings(blob)
            elif kind == "canned":
                self._versions.document(blob, step.path)
            elif kind == "requesters":
                addressbook.read(self._versions.data(blob, yamlread.MAX_BYTES) or b"")
        except BadData as error:
            yield Objection(step.path, error.reason, error.remedy or "mend it", error.line)
        except HdError as error:
            yield Objection(step.path, error.message, error.remedy)

    def _record(self, step: Step, kind: type[Record], blob: str) -> Iterator[Objection]:
        olds, unread = self._olds(step, kind)
        upon = next((each.blob for each in step.before if each), "")
        new = self._versions.record(kind, blob, step.path, upon)
        if new.path != step.path:
            yield Objection(step.path, f"the {kind.kind.key} in it is {new.id}", "move it")
            return
        if unread:
            return  # it mends what was broken before there was a guard
        olds += self._same_id(step, new)
        added = vetting.fresh(olds, new)
        flaws = [*vetting.lost(olds, new, {}, added)]
        if flaws and step.merged:
            flaws = [*vetting.lost(olds, new, self._renumbered(new), added)]
        if isinstance(new, Article):
            flaws += articlecheck.marks(new)
        flaws += self._foreign(step, new, added)
        if self._agent:
            flaws += beyond(self._rights, self._agent, olds, new, added)
        for flaw in flaws:
            line = self._versions.line(blob, step.path, flaw.path)
            yield Objection(step.path, flaw.message, flaw.remedy, line)

    def _olds(self, step: Step, kind: type[Record]) -> tuple[list[Record], bool]:
        """The record as it was, each version once; and whether one can't be read."""
        found: dict[str, Record] = {}
        for version in step.before:
            if version is None or version.blob in found:
                continue
            try:
                found[version.blob] = self._versions.record(kind, version.blob, step.path)
            except BadData:
                return [], True
        return list(found.values()), False

    def _foreign(self, step: Step, new: Record, added: list[Entry]) -> list[Flaw]:
        names = {f"{self._passage.name} <{self._passage.email}>"}
        if self._agent:
            names.add(self._agent.handle)
        flaws = list(vetting.foreign(added, names, self._told_in))
        if flaws and not any(step.before) and self._takes_in(new):
            return []
        return flaws

    def _told_in(self, entry: Entry) -> Iterator[Entry]:
        """An entry as the tickets have it that this commit changed, or the one it names."""
        if not ids.ID_PATTERN.fullmatch(entry.of):
            return
        path = ids.ticket_path(entry.of)
        others = [each for each in self._passage.paths if place.kind_of(each) == "ticket"]
        for parent in self._passage.parents:
            for each in dict.fromkeys((path, *others)):
                record = self._at(parent, each)
                yield from (e for e in (record.log if record else ()) if e.id == entry.id)

    def _at(self, commit: str, path: str) -> Ticket | None:
        blob = self._versions.blob(commit, path)
        try:
            return self._versions.record(Ticket, blob, path) if blob else None
        except BadData:
            return None

    def _takes_in(self, new: Record) -> bool:
        """Whether the commit takes in a whole ticket, as hd import does, and may."""
        if self._agent is None or not self._rights.leads(self._agent) or hand_edit(new):
            return False
        lines = self._versions.message(self._passage.id).splitlines()
        return isinstance(new, Ticket) and "Action: import" in lines

    def _same_id(self, step: Step, new: Record) -> list[Record]:
        """What a ticket with a new id was at the parents of a merge under its old one."""
        if not step.merged:
            return []
        old_ids = [each for each in new.items("aliases") if ids.ID_PATTERN.fullmatch(each)]
        paths = [ids.ticket_path(each) for each in old_ids]
        known = {entry.id for entry in new.log}
        found = (self._at(parent, path) for parent in self._passage.parents for path in paths)
        return [each for each in found if each and {e.id for e in each.log} <= known]

    def _renumbered(self, new: Record) -> dict[str, Entry]:
        """The entries of the tickets that had this one's id, and got another in a merge."""
        found: dict[str, Entry] = {}
        for path in self._passage.paths:
            other = self._at(self._passage.id, path) if ids.id_of_path(path) else None
            if other and new.id in other.items("aliases"):
                found.update({entry.id: entry for entry in other.log})
        return found

    def _removal(self, step: Step, kind: place.Kind) -> Iterator[Objection]:
        if kind in ("ticket", "article"):
            yield Objection(step.path, f"the {kind} was removed", _STAYS)
        elif kind == "settings":
            yield Objection(step.path, "the desk's settings were removed", "git restore it")
        elif kind == "attachment" and self._is_attached(step.path):
            yield Objection(step.path, "the file was removed, its ticket still names it", _STAYS)

    def _is_attached(self, path: str) -> bool:
        """Whether the ticket of an attachment names it, or the one that it was merged into."""
        seen: set[str] = set()
        ticket_id = path.split("/")[2]
        while ids.ID_PATTERN.fullmatch(ticket_id) and ticket_id not in seen:
            seen.add(ticket_id)
            ticket = self._at(self._passage.id, ids.ticket_path(ticket_id))
            if ticket and path in ticket.items("attachments"):
                return True
            ticket_id = ticket.text("merged_into") if ticket else ""
        return False

    def _beyond_role(self, step: Step, kind: place.Kind, agent: Agent) -> Iterator[Objection]:
        if kind in ("settings", "other"):
            if not self._rights.leads(agent) and not self._is_plain_merge(step):
                said = f"only a lead may change it, and {agent.handle} is {_a(agent.role)}"
                yield Objection(step.path, said, ASK_A_LEAD)
            return
        if agent.role != "intake" or kind == "ticket" or _is_new_file(step, kind):
            return
        if not self._is_plain_merge(step):
            said = f"{agent.handle} is an intake agent, who opens tickets and adds to them"
            yield Objection(step.path, said, ASK_A_LEAD)

    def _is_plain_merge(self, step: Step) -> bool:
        """Whether a file is what the sides of a merge come to, and nothing of its author's own."""
        if len(step.before) != 2:
            return False
        ours, theirs = (each.blob if each else "" for each in step.before)
        after = step.after.blob if step.after else ""
        if self._base is None:
            self._base = merge_base(self._repository, *self._passage.parents)
        base = self._versions.blob(self._base, step.path) if self._base else ""
        if ours == theirs or base in (ours, theirs):
            return after == (theirs if base == ours else ours)
        return step.path == "desk.yaml" and self._merges(base, ours, theirs, after)

    def _merges(self, base: str, ours: str, theirs: str, after: str) -> bool:
        try:
            was, mine, other, found = (
                self._versions.document(each, "desk.yaml") if each else None
                for each in (base, ours, theirs, after)
            )
        except BadData:
            return False
        sides = ((mine, other), (other, mine))
        return any(documents(was, one, two)[0] == found for one, two in sides)


def _is_new_file(step: Step, kind: place.Kind) -> bool:
    return kind == "attachment" and step.after is not None and not any(step.before)


def _a(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"
