"""Whether commits keep the rules of a desk: each one judged, in order, by the rights in force.

Whose rights? Those of the desk as it was before the commits came, and what the commits themselves
change of them, one after the other, each by somebody who may. A commit's own parent is no witness:
it may be years old, from before somebody left or the desk had its first lead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from hdcli.errors import BadData
from hdcli.model.finding import Finding
from hdcli.model.rights import ASK_A_LEAD, Rights, joins
from hdcli.model.settings import Agent, Settings
from hdcli.services.judging import Judge, Objection
from hdcli.store.git import Repository
from hdcli.store.passage import Passage
from hdcli.store.versions import Versions

DESK = "desk.yaml"
_UNREAD = "hd can't tell who may do what; mend desk.yaml in the hub's own repository"


class Vetting:
    """Judges commits that come parents first; use it in a ``with``."""

    def __init__(self, repository: Repository, old: str) -> None:
        self.repository = repository
        self.versions = Versions(repository)
        self.tickets: dict[str, None] = {}
        """The paths of all tickets that the commits changed."""
        self._old = old
        self._start: Rights | None = None
        self._changed: dict[str, Rights] = {}
        self._known: dict[str, Rights] = {}
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.versions.close()

    def judge(self, passage: Passage) -> list[Finding]:
        """What is wrong with a commit; what is wrong with all of it names its first file."""
        first = next(iter(passage.paths), "")
        found = [
            Finding("error", o.path or first, o.line, o.message, o.remedy, commit=passage.id)
            for o in self._objections(passage)
        ]
        return list(dict.fromkeys(found))

    def rights(self, passage: Passage) -> Rights:
        """The rights that decide about a commit. Raises BadData where they can't be read."""
        first = passage.parents[0] if passage.parents else passage.id
        mine = self._of(first)
        for other in passage.parents[1:]:
            theirs = self._of(other)
            if theirs is not mine:
                blob = self.versions.blob(passage.id, DESK)
                mine = mine.met(theirs, self._settings(blob) or mine.settings)
        return mine

    def _of(self, commit: str) -> Rights:
        if not self._old:
            return self._read(self.versions.blob(commit, DESK))
        if self._start is None:
            self._start = self._read(self.versions.blob(self._old, DESK))
        return self._changed.get(commit, self._start)

    def _read(self, blob: str) -> Rights:
        if blob not in self._known:
            if not blob:
                raise BadData("there is none", DESK)
            self._known[blob] = Rights(self.versions.settings(blob))
        return self._known[blob]

    def _settings(self, blob: str) -> Settings | None:
        try:
            return self.versions.settings(blob) if blob else None
        except BadData:
            return None

    def _objections(self, passage: Passage) -> Iterator[Objection]:
        if not passage.parents and (self._old or self._begun):
            yield Objection(
                "", "it begins a history of its own, beside the desk's", "git rebase it"
            )
            return
        self._begun = True
        try:
            rights = self.rights(passage)
        except BadData as error:
            yield Objection(DESK, f"{error.reason}: {_UNREAD}", line=error.line)
            return
        agent = rights.agent(passage.email)
        refusal = _refusal(passage, agent)
        if refusal and not self._joins(passage, rights, agent):
            yield refusal
            self._follow(passage, rights, sound=False)
            return
        judge = Judge(self.repository, self.versions, passage, rights, agent)
        found = list(judge.objections())
        yield from found
        self.tickets.update(dict.fromkeys(judge.tickets))
        self._follow(passage, rights, sound=not any(each.path == DESK for each in found))

    def _joins(self, passage: Passage, rights: Rights, agent: Agent | None) -> bool:
        """Whether somebody who is no agent adds themselves, and may: where nobody is a lead."""
        if agent or rights.has_lead or len(passage.parents) != 1 or passage.paths != [DESK]:
            return False
        (before,), after = passage.versions(DESK)
        old = self._settings(before.blob if before else "")
        new = self._settings(after.blob if after else "")
        return bool(old and new and joins(old, new, passage.email))

    def _follow(self, passage: Passage, rights: Rights, *, sound: bool) -> None:
        """Keeps the rights that the commits upon this one will be judged by."""
        if not self._old:
            return
        if sound and DESK in passage.paths:
            before, after = passage.versions(DESK)
            new = self._settings(after.blob if after else "")
            old = self._settings(before[0].blob if before[0] else "")
            if new and old and len(before) == 1:
                rights = rights.after(old, new)
        if rights is not self._start:
            self._changed[passage.id] = rights


def _refusal(passage: Passage, agent: Agent | None) -> Objection | None:
    who = f"{passage.name} <{passage.email}>"
    if agent is None:
        said = f"its author {who} is no agent of this desk"
        return Objection("", said, "a lead adds one: hd agent add")
    if not agent.active:
        return Objection("", f"its author {who} is no active agent", ASK_A_LEAD)
    if agent.role == "read-only":
        return Objection("", f"its author {who} may only read ({agent.role})", ASK_A_LEAD)
    return None
