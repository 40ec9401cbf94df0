"""What each action on a ticket changes: drafts of log entries, before anybody commits them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hdcli.errors import BadUsage, Refused
from hdcli.model import fields, workflow
from hdcli.model.message import paragraphs
from hdcli.model.schema import MAX_BODY
from hdcli.model.settings import NotOnDesk, Settings
from hdcli.model.ticket import Ticket
from hdcli.services import placing, values

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry without its id, time and author.

    ``files`` are the contents of attachments by path; None takes one out of the desk. ``text`` is
    the digest of an article's texts, where these change.
    """

    action: str
    set: Values = field(default_factory=dict)
    add: Values = field(default_factory=dict)
    remove: Values = field(default_factory=dict)
    body: str = ""
    merged: str = ""
    undoes: str = ""
    text: str = ""
    extra: Values = field(default_factory=dict)
    files: Mapping[str, bytes | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether it changes or says anything."""
        said = self.body or self.undoes or self.text or self.extra
        return bool(self.set or self.add or self.remove or said)

    def with_files(self, files: Mapping[str, bytes]) -> Draft:
        """The same with attachments."""
        if not files:
            return self
        return replace(self, add={**self.add, "attachments": list(files)}, files=files)


def settled(ticket: Ticket, draft: Draft) -> Draft:
    """The draft with the status that its action leads to, and without what would not change.

    Empty when all is so already. Raises Refused when the ticket's status does not allow it.
    """
    rule = workflow.ACTIONS[draft.action]
    if not draft and ticket.status == rule.leads_to and ticket.status not in rule.allowed:
        return draft
    workflow.require(draft.action, ticket.id, ticket.status)
    changes = dict(draft.set)
    if rule.leads_to:
        changes.setdefault("status", rule.leads_to)
    elif ticket.status == "new" and changes.get("assignee"):
        changes["status"] = "open"
    if changes.get("status", "pending") != "pending":
        changes = {"pending": None, "pending_until": None, **changes}
    add = {name: [i for i in new if i not in ticket.items(name)] for name, new in draft.add.items()}
    gone = {name: [i for i in old if i in ticket.items(name)] for name, old in draft.remove.items()}
    stored = add.get("attachments", ())
    return replace(
        draft,
        set={name: value for name, value in changes.items() if value != ticket.values.get(name)},
        add={name: items for name, items in add.items() if items},
        remove={name: items for name, items in gone.items() if items},
        files={path: data for path, data in draft.files.items() if path in stored},
    )


def assign(settings: Settings, ticket: Ticket, target: str, me: str, body: str = "") -> Draft:
    """To an agent (``me`` or a handle), to a team whose member will take it, or to ``none``."""
    text = body_of(body)
    if target == "none":
        return Draft("assign", {"assignee": None}, body=text)
    if target == "me" or target in settings.agents:
        handle = me if target == "me" else target
        return Draft("assign", placing.with_agent(settings, ticket, handle), body=text)
    if target in settings.teams:
        return Draft("assign", placing.with_team(settings, ticket, target), body=text)
    raise NotOnDesk("agent or team", target, (*settings.agents, *settings.teams))


def take(settings: Settings, ticket: Ticket, me: str) -> Draft:
    """Mine now; a new one is open."""
    return Draft("take", placing.with_agent(settings, ticket, me))


def note(body: str) -> Draft:
    """Words for agents only."""
    return Draft("note", body=_required(body, "note"))


def reply(ticket: Ticket, body: str) -> Draft:
    """Words that the requester sees; a new ticket is open once it is answered."""
    opened = {"status": "open"} if ticket.status == "new" else {}
    return Draft("reply", opened, body=_required(body, "reply"))


def pend(on: str, until: str | None, body: str = "") -> Draft:
    """Waits for the requester, a vendor or a change, perhaps until a time (UTC)."""
    return Draft("pend", {"pending": on, "pending_until": until}, body=body_of(body))


def escalate(
    settings: Settings,
    ticket: Ticket,
    reason: str,
    to: int | None = None,
    team: str | None = None,
    assignee: str | None = None,
) -> Draft:
    """To a higher level, with the reason: the one named, that of the team, else the next."""
    level = placing.level_for(settings, ticket.level + 1, to, team, ticket)
    if level == ticket.level:
        raise Refused(
            f"{ticket.id} is at level {level} already",
            f"hd assign {ticket.id} gives it to another team or agent there",
        )
    if level < ticket.level:
        raise Refused(
            f"{ticket.id} is at level {ticket.level}, above {level}",
            f"hd deescalate {ticket.id} --to {level}",
        )
    change = placing.at_level(settings, ticket, level, team, assignee)
    return Draft("escalate", change, body=_required(reason, "reason to escalate"))


def deescalate(
    settings: Settings,
    ticket: Ticket,
    reason: str = "",
    to: int | None = None,
    team: str | None = None,
    assignee: str | None = None,
) -> Draft:
    """Back to a lower level: the one named, that of the team, else the one below."""
    if ticket.level == 1 and to is None:
        raise Refused(f"{ticket.id} is at level 1, the first", "hd assign gives it to somebody")
    below = min(ticket.level - 1, settings.last_level)
    level = placing.level_for(settings, below, to, team, ticket)
    if level >= ticket.level:
        raise Refused(
            f"{ticket.id} is at level {ticket.level}, not above {level}",
            "name a level below with --to",
        )
    change = placing.at_level(settings, ticket, level, team, assignee)
    return Draft("deescalate", change, body=body_of(reason))


def resolve(body: str, articles: Sequence[str] = ()) -> Draft:
    """Solved; the solution is what the requester reads and the next agent finds.

    ``articles`` are the slugs of those that helped.
    """
    text = _required(body, "solution")
    if not articles:
        return Draft("resolve", body=text)
    return replace(helpful(articles, helped=True), action="resolve", body=text)


def helpful(articles: Sequence[str], *, helped: bool, body: str = "") -> Draft:
    """Whether articles (by slug) helped with the ticket; the last word counts."""
    names = ("articles", "unhelpful") if helped else ("unhelpful", "articles")
    add, remove = ({name: list(articles)} for name in names)
    return Draft("helpful", add=add, remove=remove, body=body_of(body))


def reopen(body: str = "") -> Draft:
    """Not solved after all, or no longer waiting."""
    return Draft("reopen", body=body_of(body))


def close(body: str = "") -> Draft:
    """The end of it."""
    return Draft("close", body=body_of(body))


def spam(body: str = "") -> Draft:
    """The end of what is no request: its sender gets no automatic mail."""
    return Draft("close", add={"tags": [fields.SPAM]}, body=body_of(body))


def tag(plus: Sequence[str], minus: Sequence[str]) -> Draft:
    """Tags added and removed. Raises BadUsage for what is no tag, or both."""
    add, remove = values.tags(plus), values.tags(minus)
    if both := set(add) & set(remove):
        raise BadUsage(f"'{min(both)}' is both added and removed")
    return Draft("tag", add={"tags": add} if add else {}, remove={"tags": remove} if remove else {})


def follow(agent: str, *, stop: bool = False) -> Draft:
    """An agent (by handle) follows the ticket, or no longer does."""
    item = {"watchers": [agent]}
    return Draft("follow", remove=item) if stop else Draft("follow", add=item)


def attach(files: Mapping[str, bytes], body: str = "") -> Draft:
    """Files put on the ticket."""
    return Draft("attach", body=body_of(body)).with_files(files)


def change_fields(settings: Settings, ticket: Ticket, wanted: Mapping[str, Any]) -> Draft:
    """``hd set``: fields and their new values (values.parsed), None clears one.

    Impact and urgency decide the priority again, unless it is given too. Raises Refused.
    """
    changed: Values = {n: value for n, value in wanted.items() if n not in fields.SETS}
    add: dict[str, Any] = {}
    remove: dict[str, Any] = {}
    for name in wanted.keys() & fields.SETS:
        new, present = wanted[name] or (), ticket.items(name)
        add[name] = [item for item in new if item not in present]
        remove[name] = [item for item in present if item not in new]
    changed = with_priority(settings, ticket, changed)
    if changed.get("team"):
        placing.require_level(settings, ticket, changed["team"])
    if changed.get("assignee"):
        changed = {**placing.with_agent(settings, ticket, changed["assignee"]), **changed}
    return Draft("set", changed, add, remove)


def with_priority(settings: Settings, ticket: Ticket, changed: Values) -> Values:
    """The changes, with the priority that impact and urgency decide unless it is among them."""
    if "priority" in changed or not ("impact" in changed or "urgency" in changed):
        return changed
    impact = changed.get("impact", ticket.text("impact")) or settings.default_impact
    urgency = changed.get("urgency", ticket.text("urgency")) or settings.default_urgency
    return {**changed, "priority": settings.priority_of(impact, urgency)}


def body_of(text: str) -> str:
    """A text as it is stored. Raises BadUsage when it is too long."""
    body = paragraphs(text)
    if len(body) > MAX_BODY:
        raise BadUsage(f"the text is longer than {MAX_BODY:,} characters", "attach it as a file")
    return body


def _required(text: str, what: str) -> str:
    body = body_of(text)
    if not body:
        raise BadUsage(f"a {what} is missing", "give it with -m TEXT or --file FILE")
    return body
