"""What each action on a ticket changes: drafts of log entries, before anybody commits them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hdcli.errors import BadUsage, Refused
from hdcli.model import fields, workflow
from hdcli.model.schema import checked
from hdcli.model.settings import NotOnDesk, Settings
from hdcli.model.ticket import Ticket

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry without its id, time and author; ``files`` are attachments to store, by path."""

    action: str
    set: Values = field(default_factory=dict)
    add: Values = field(default_factory=dict)
    remove: Values = field(default_factory=dict)
    body: str = ""
    merged: str = ""
    undoes: str = ""
    extra: Values = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def with_files(self, files: Mapping[str, bytes]) -> Draft:
        """The same with attachments."""
        if not files:
            return self
        return replace(self, add={**self.add, "attachments": list(files)}, files=files)


def settled(ticket: Ticket, draft: Draft) -> Draft:
    """The draft with the status that its action leads to, and without what would not change.

    Raises Refused when the ticket's status does not allow the action.
    """
    workflow.require(draft.action, ticket.id, ticket.status)
    changes = dict(draft.set)
    target = workflow.ACTIONS[draft.action].leads_to
    if target and "status" not in changes:
        changes["status"] = target
    if changes.get("status", "pending") != "pending":
        changes = {"pending": None, "pending_until": None, **changes}
    kept = {n: v for n, v in changes.items() if v != ticket.values.get(n)}
    return replace(draft, set=kept)


def assign(settings: Settings, ticket: Ticket, target: str, me: str, body: str = "") -> Draft:
    """To an agent (``me``, a handle), a team, or ``none``; an agent's ticket is no longer new."""
    if target == "none":
        return Draft("assign", {"assignee": None}, body=body)
    handle = me if target == "me" else target
    if handle in settings.agents:
        return Draft(
            "assign", {**_to_agent(settings, ticket, handle), **_opened(ticket)}, body=body
        )
    if target in settings.teams:
        team = settings.team(target)
        change: dict[str, Any] = {"team": target}
        assignee = ticket.text("assignee")
        agent = settings.agents.get(assignee)
        if assignee and (agent is None or target not in agent.teams):
            change["assignee"] = None
        if team.level < ticket.level:
            raise Refused(
                f"team '{target}' works at level {team.level}, {ticket.id} is at {ticket.level}",
                f"hd deescalate {ticket.id} --team {target} -m REASON",
            )
        return Draft("assign", change, body=body)
    raise NotOnDesk("agent or team", target, (*settings.agents, *settings.teams))


def _to_agent(settings: Settings, ticket: Ticket, handle: str) -> dict[str, Any]:
    agent = settings.agent(handle)
    if not agent.active:
        raise Refused(f"agent '{handle}' is not active", "assign it to somebody else")
    change: dict[str, Any] = {"assignee": handle}
    if not ticket.text("team") and len(agent.teams) == 1:
        change["team"] = agent.teams[0]
    return change


def _opened(ticket: Ticket) -> dict[str, Any]:
    return {"status": "open"} if ticket.status == "new" else {}


def take(settings: Settings, ticket: Ticket, me: str) -> Draft:
    """Mine now, and open."""
    return Draft("take", _to_agent(settings, ticket, me))


def note(body: str) -> Draft:
    """Words for agents only."""
    return Draft("note", body=_required(body, "note", "-m TEXT"))


def reply(ticket: Ticket, body: str) -> Draft:
    """Words that the requester sees; a new ticket is open once it is answered."""
    return Draft("reply", _opened(ticket), body=_required(body, "reply", "-m TEXT"))


def pend(on: str, until: str | None, body: str = "") -> Draft:
    """Waits for the requester, a vendor or a change, perhaps until a time (UTC)."""
    return Draft("pend", {"pending": on, "pending_until": until}, body=body)


def escalate(
    settings: Settings,
    ticket: Ticket,
    reason: str,
    to: int | None = None,
    team: str | None = None,
    assignee: str | None = None,
) -> Draft:
    """To a higher level, with the reason; the next one where none is named."""
    level = ticket.level + 1 if to is None else to
    if level > settings.last_level:
        raise Refused(
            f"{ticket.id} is at level {ticket.level}, the desk's last is {settings.last_level}",
            "hd assign gives it to another team or agent",
        )
    if level <= ticket.level:
        raise Refused(
            f"{ticket.id} is at level {ticket.level} already", f"hd deescalate goes down to {level}"
        )
    change = _placed(settings, ticket, level, team, assignee)
    return Draft("escalate", change, body=_required(reason, "reason to escalate", "-m REASON"))


def deescalate(
    settings: Settings,
    ticket: Ticket,
    reason: str = "",
    to: int | None = None,
    team: str | None = None,
    assignee: str | None = None,
) -> Draft:
    """Back to a lower level; the one below where none is named."""
    level = ticket.level - 1 if to is None else to
    if level < 1 or level >= ticket.level:
        raise Refused(f"{ticket.id} is at level {ticket.level}", "name a level below with --to")
    change = _placed(settings, ticket, level, team, assignee)
    return Draft("deescalate", change, body=reason.strip("\n "))


def _placed(
    settings: Settings, ticket: Ticket, level: int, team: str | None, assignee: str | None
) -> dict[str, Any]:
    if team is not None and settings.team(team).level != level:
        raise Refused(
            f"team '{team}' works at level {settings.team(team).level}, not {level}",
            "name a team of that level, or the level with --to",
        )
    agent = settings.agent(assignee) if assignee else None
    if team is None and agent is not None:
        theirs = [each for each in agent.teams if settings.teams[each].level == level]
        team = theirs[0] if len(theirs) == 1 else None
    if team is None:
        team = settings.team_for(level, ticket.text("category"))
    return {"level": level, "team": team or None, "assignee": assignee or None}


def resolve(body: str) -> Draft:
    """Solved; the solution is what the requester reads and the next agent finds."""
    return Draft("resolve", body=_required(body, "solution", "-m SOLUTION"))


def reopen(body: str = "") -> Draft:
    """Not solved after all, or no longer waiting."""
    return Draft("reopen", body=body.strip("\n "))


def close(body: str = "") -> Draft:
    """The end of it."""
    return Draft("close", body=body.strip("\n "))


def tag(plus: Sequence[str], minus: Sequence[str]) -> Draft:
    """Tags added and removed. Raises BadUsage for what is no tag."""
    for each in (*plus, *minus):
        if not fields.TAG.fullmatch(each):
            raise BadUsage(f"'{each}' is no tag", "a tag is one word, as in +vpn -printer")
    return Draft(
        "tag", add={"tags": [*plus]} if plus else {}, remove={"tags": [*minus]} if minus else {}
    )


def link(relation: str, target: str, *, remove: bool = False) -> Draft:
    """A relation to another ticket, or its end."""
    item = {"links": [f"{relation} {target}"]}
    return Draft("link", remove=item) if remove else Draft("link", add=item)


def attach(files: Mapping[str, bytes], body: str = "") -> Draft:
    """Files put on the ticket."""
    return Draft("attach", body=body).with_files(files)


def change_fields(settings: Settings, ticket: Ticket, wanted: Mapping[str, str]) -> Draft:
    """``hd set``: fields by name, an empty value or ``none`` clears one.

    Raises NotOnDesk, Refused, BadUsage, BadField.
    """
    changed: dict[str, Any] = {}
    add: dict[str, Any] = {}
    remove: dict[str, Any] = {}
    for name, text in wanted.items():
        value = value_for(settings, name, text)
        if name in fields.SETS:
            present = ticket.items(name)
            more = [item for item in value or () if item not in present]
            less = [item for item in present if item not in (value or ())]
            add.update({name: more} if more else {})
            remove.update({name: less} if less else {})
        else:
            changed[name] = value
    if "status" in changed:
        workflow.require_move(ticket.id, ticket.status, str(changed["status"]))
    if ("impact" in changed or "urgency" in changed) and "priority" not in changed:
        impact = changed.get("impact", ticket.text("impact")) or settings.default_impact
        urgency = changed.get("urgency", ticket.text("urgency")) or settings.default_urgency
        changed["priority"] = settings.priority_of(impact, urgency)
    if changed.get("level", ticket.level) != ticket.level:
        raise Refused(
            "the level is not set", "hd escalate and hd deescalate change it, with a reason"
        )
    return Draft("set", changed, add, remove)


SETTABLE = tuple(
    name
    for name in fields.ORDER
    if name not in fields.DERIVED and name not in ("attachments", "merged_into", "aliases", "links")
)


def value_for(settings: Settings, name: str, text: str) -> Any:
    """The value that ``text`` means for a field; None clears it."""
    if name not in SETTABLE and name not in settings.fields:
        raise NotOnDesk("field", name, (*SETTABLE, *settings.fields))
    if text.strip() in ("", "none"):
        if name in (*fields.REQUIRED, "priority"):
            raise BadUsage(f"'{name}' can't be empty")
        return None
    known = {
        "priority": settings.priorities,
        "impact": settings.impacts,
        "urgency": settings.urgencies,
        "category": settings.categories,
        "team": tuple(settings.teams),
        "assignee": tuple(settings.agents),
        **fields.CHOICES,
    }.get(name)
    if known and text not in known:
        raise NotOnDesk(name, text, known)
    if name == "level":
        if not text.isdecimal():
            raise BadUsage(f"'level' must be a number, not '{text}'")
        return checked(name, int(text), (name,))
    if name in fields.SETS:
        separator = "," if name == "cc" else None
        parts = text.replace(",", " ").split() if separator is None else text.split(separator)
        return checked(name, [part.strip() for part in parts if part.strip()], (name,))
    return checked(name, text, (name,)) if name in fields.ORDER else text


def require_relation(relation: str) -> str:
    """The relation, as the desk writes it. Raises NotOnDesk."""
    if relation not in fields.RELATIONS:
        raise NotOnDesk("relation", relation, fields.RELATIONS)
    return relation


def _required(body: str, what: str, how: str) -> str:
    text = body.strip("\n ")
    if not text:
        raise BadUsage(f"a {what} is missing", f"give it with {how}")
    return text
