"""Who may change what on a desk: the roles of ``desk.yaml``.

| role      | may |
| lead      | everything |
| agent     | everything but the desk's own files, once some active agent is a lead |
| intake    | open tickets, add what requesters write and attach, do what the desk's rules say |
| read-only | nothing |

The desk's own files are desk.yaml and whatever is no ticket, article, canned reply or attachment.
Taking in whole tickets with their logs, and taking a person out of them, are a lead's too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from hdcli.model.deskcheck import Flaw
from hdcli.model.entry import Entry
from hdcli.model.fields import TICKET
from hdcli.model.record import Record, hand_edit
from hdcli.model.redaction import ACTION as ANONYMISE
from hdcli.model.rules import name_of
from hdcli.model.settings import Agent, Settings

# What intake may do with a new ticket (it may be solved already), and with one that is there.
_OPENS = ("new", "import", "reply", "attach", "alert", "resolve", "close")
_ADDS = ("reply", "attach", "alert", "rate")
_INTAKE_SETS = frozenset(("status", "pending", "pending_until", "alerts", "csat"))
_INTAKE_ADDS = frozenset(("attachments", "cc"))
# What an entry that names rules of the desk may do.
_RULED = ("triage", "escalate", "reply")
_RULED_SETS = (
    *("status", "level", "priority", "impact", "urgency", "category", "team", "assignee"),
    *("pending", "pending_until"),
)
_RULED_ADDS = frozenset(("tags", "links"))
ASK_A_LEAD = "ask a lead of the desk: hd agent list shows them"


class Rights:
    """The settings that decide about a change, and what follows from them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def _by_address(self) -> dict[str, Agent]:
        agents = self.settings.agents.values()
        return {email.lower(): agent for agent in agents for email in agent.emails}

    @cached_property
    def has_lead(self) -> bool:
        """Whether some active agent is a lead."""
        return any(each.active and each.role == "lead" for each in self.settings.agents.values())

    def agent(self, email: str) -> Agent | None:
        """The agent who has this address, whatever its case."""
        return self._by_address.get(email.strip().lower())

    def leads(self, agent: Agent) -> bool:
        """Whether an agent may do what is a lead's, where there is one."""
        return agent.role == "lead" or (agent.role == "agent" and not self.has_lead)

    def after(self, before: Settings, settings: Settings) -> Rights:
        """The rights after a change of desk.yaml that was made upon other settings than these.

        What it does to agents is done to these agents, and nothing else is.
        """
        agents = dict(self.settings.agents)
        for handle in {*before.agents, *settings.agents}:
            if before.agents.get(handle) == settings.agents.get(handle):
                continue
            agents.pop(handle, None)
            if handle in settings.agents:
                agents[handle] = settings.agents[handle]
        return Rights(replace(settings, agents=agents))

    def met(self, other: Rights, settings: Settings) -> Rights:
        """The rights after a merge: an agent as the merged desk.yaml has them, if one side did."""
        agents = {}
        mine, theirs = self.settings.agents, other.settings.agents
        for handle in {**mine, **theirs}:
            found = settings.agents.get(handle)
            if found not in (mine.get(handle), theirs.get(handle)):
                found = mine.get(handle)
            if found:
                agents[handle] = found
        return Rights(replace(settings, agents=agents))


def joins(before: Settings, after: Settings, email: str) -> bool:
    """Whether a change of desk.yaml adds its author (by address) as an agent, and nothing else."""
    added = [each for handle, each in after.agents.items() if handle not in before.agents]
    if len(added) != 1 or added[0].role not in ("agent", "read-only"):
        return False
    if email.strip().lower() not in (each.lower() for each in added[0].emails):
        return False
    agents = {h: each for h, each in after.agents.items() if each is not added[0]}
    return replace(after, agents=agents) == replace(before, agents=dict(before.agents))


def beyond(
    rights: Rights, agent: Agent, olds: Sequence[Record], new: Record, fresh: Iterable[Entry]
) -> Iterator[Flaw]:
    """What a change of a ticket or article has that its author's role does not allow.

    ``olds`` are the record as it was (as each parent of a merge had it), ``fresh`` its new entries.
    """
    intake = agent.role == "intake" and new.kind is TICKET
    for entry in fresh:
        if entry.action == ANONYMISE and not rights.leads(agent):
            said = f"entry {entry.id}: to anonymise takes a lead"
            yield Flaw(("log", entry.id), said, ASK_A_LEAD)
        elif intake and not (_taken_in(entry, new=not olds) or _ruled(entry, rights.settings)):
            said = f"entry {entry.id} ({entry.action}): intake opens tickets, replies and attaches"
            yield Flaw(("log", entry.id), said, ASK_A_LEAD)
    if intake:
        edit = hand_edit(new)
        if edit and not any(hand_edit(old) == edit for old in olds):
            said = f"intake edits no values: {', '.join(edit.names)}"
            yield Flaw((new.kind.key,), said, ASK_A_LEAD)


def _ruled(entry: Entry, settings: Settings) -> bool:
    """Whether an entry does by itself what rules may, and names rules that the desk has."""
    named = entry.extra.get("rules")
    if not isinstance(named, Mapping) or entry.undoes or entry.remove:
        return False
    known = {name_of(each, number) for number, each in enumerate(settings.rules, 1)}
    sets = (*_RULED_SETS, *settings.fields)
    own = entry.set.keys() <= set(sets) and entry.add.keys() <= _RULED_ADDS
    return bool(named) and set(named) <= known and entry.action in _RULED and own


def _taken_in(entry: Entry, *, new: bool) -> bool:
    if new:
        return entry.action in _OPENS
    if entry.action not in _ADDS:
        return False
    lists = entry.add.keys() <= _INTAKE_ADDS and not entry.remove
    return lists and entry.set.keys() <= _INTAKE_SETS and not entry.undoes
