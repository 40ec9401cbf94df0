"""Agents and teams of a desk: what adding and changing one does to the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from email.utils import parseaddr

from hdcli.errors import BadUsage, NoIdentity, Refused
from hdcli.model.rights import Rights
from hdcli.model.settings import DEFAULT_ROLE, Agent, NotOnDesk, Settings, works
from hdcli.model.settings_agents import ADDRESS
from hdcli.model.settings_keys import Path
from hdcli.model.settings_values import is_handle
from hdcli.services.settings import Change
from hdcli.services.who import Who

Plan = Callable[[Settings], Change]


def person_of(text: str) -> tuple[str, str]:
    """Name and address of ``Name <mail>``. Raises BadUsage."""
    name, address = parseaddr(text)
    if not name or not ADDRESS.fullmatch(address) or not text.rstrip().endswith(">"):
        raise BadUsage(f"'{text}' names nobody", 'write "Bob Ndiaye <bob@example.org>"')
    return " ".join(name.split()), address


def add_agent(
    who: Who, handle: str, person: tuple[str, str], teams: Sequence[str], role: str = DEFAULT_ROLE
) -> Plan:
    """A new agent, in the desk's default team where none is named and they work on tickets.

    Somebody who is no agent yet may add nobody but themselves.
    """
    if not who.handle and person[1].lower() != who.author[1].lower():
        raise NoIdentity(
            f"{who.author[0]} <{who.author[1]}> is not an agent of this desk, and adds nobody else",
            f"hd agent add {handle} makes you one",
        )

    def plan(settings: Settings) -> Change:
        _require_free(settings, "agent", handle, settings.agents)
        if owner := settings.agent_by_email(person[1]):
            raise Refused(
                f"{person[1]} is agent '{owner.handle}' already", f"hd agent edit {owner.handle}"
            )
        usual = settings.default_team if works(role) else ""
        mine = list(teams) or [each for each in (usual,) if each]
        for team in mine:
            settings.team(team)
        value: dict[str, object] = {"name": person[0], "email": person[1], "teams": mine}
        if role != DEFAULT_ROLE:
            value["role"] = role
        where = f" ({', '.join(mine)})" if mine else ""
        trailers = [("Action", "add-agent"), ("Agent", handle), *(("Team", each) for each in mine)]
        return Change({("agents", handle): value}, f"add agent {handle}{where}", trailers)

    return plan


def _require_free(settings: Settings, kind: str, name: str, known: Mapping[str, object]) -> None:
    if not is_handle(name):
        raise BadUsage(
            f"'{name}' can't name an agent or a team",
            "letters, digits, '.', '_' and '-', at most 40, not me or none",
        )
    for there in known:
        if there.lower() == name.lower():
            raise Refused(f"{kind} '{there}' is there already", f"hd {kind} edit {there}")
    other = settings.teams if kind == "agent" else settings.agents
    if name in other:
        raise Refused(
            f"'{name}' is there already, as another {_other(kind)}", "choose another name"
        )


def _other(kind: str) -> str:
    return "team" if kind == "agent" else "agent"


def edit_agent(
    handle: str,
    name: str | None = None,
    emails: Sequence[str] = (),
    teams: Sequence[str] = (),
    active: bool | None = None,
    role: str | None = None,
) -> Plan:
    """Changes to an agent; ``emails`` and ``teams`` are signed: ``+x`` adds, ``-x`` removes."""

    def plan(settings: Settings) -> Change:
        agent = settings.agent(handle)
        addresses = signed("address", agent.emails, emails)
        theirs = signed("team", agent.teams, teams)
        _require_agent(settings, agent, addresses, theirs, active)
        edits: dict[Path, object] = {}
        words = _words(emails, agent.emails) + _words(teams, agent.teams)
        if name is not None and name != agent.name:
            edits["agents", handle, "name"] = name
            words.insert(0, f"name {name}")
        if addresses != agent.emails:
            edits["agents", handle, "email"] = (
                addresses[0] if len(addresses) == 1 else list(addresses)
            )
        if theirs != agent.teams:
            edits["agents", handle, "teams"] = list(theirs)
        if active is not None and active != agent.active:
            edits["agents", handle, "active"] = None if active else False
            words.append("active" if active else "inactive")
        if role is not None and role != agent.role:
            edits["agents", handle, "role"] = None if role == DEFAULT_ROLE else role
            words.append(role)
        subject = f"edit agent {handle} ({', '.join(words)})"
        return Change(edits, subject, [("Action", "edit-agent"), ("Agent", handle)])

    return plan


def _require_agent(
    settings: Settings,
    agent: Agent,
    emails: Sequence[str],
    teams: Sequence[str],
    active: bool | None,
) -> None:
    if not emails:
        raise Refused(f"agent '{agent.handle}' would have no address", "add another with --email")
    for email in emails:
        owner = settings.agent_by_email(email)
        if owner is not None and owner != agent:
            raise Refused(f"{email} belongs to agent '{owner.handle}'", "an address is one agent's")
        if not ADDRESS.fullmatch(email):
            raise BadUsage(f"'{email}' is no address", "write bob@example.org")
    for team in teams:
        settings.team(team)
    others = [each for each in settings.agents.values() if each.active and each != agent]
    if active is False and not others:
        raise Refused(f"agent '{agent.handle}' is the last active one", "add another first")


def signed(kind: str, present: Sequence[str], changes: Sequence[str]) -> tuple[str, ...]:
    """A list after signed changes (no sign adds); each may be several with commas.

    Raises NotOnDesk for what can't be removed.
    """
    items = list(present)
    for sign, name in _signs(changes):
        if sign == "+":
            items += [] if name in items else [name]
        elif name in items:
            items.remove(name)
        else:
            raise NotOnDesk(kind, name, tuple(present))
    return tuple(items)


def _signs(changes: Sequence[str]) -> list[tuple[str, str]]:
    words = [word.strip() for each in changes for word in each.split(",") if word.strip()]
    return [(word[0], word[1:]) if word[0] in "+-" else ("+", word) for word in words]


def _words(changes: Sequence[str], present: Sequence[str]) -> list[str]:
    return [f"{sign}{name}" for sign, name in _signs(changes) if (sign == "+") != (name in present)]


def add_team(name: str, title: str, level: int, categories: Sequence[str]) -> Plan:
    """A new team at a level, asked first for some categories."""

    def plan(settings: Settings) -> Change:
        _require_free(settings, "team", name, settings.teams)
        named = signed("category", (), categories)
        _require_team(settings, level, named)
        value: dict[str, object] = {"name": title or name, "level": level}
        if named:
            value["categories"] = list(named)
        trailers = [("Action", "add-team"), ("Team", name), ("Level", str(level))]
        return Change({("teams", name): value}, f"add team {name} (level {level})", trailers)

    return plan


def edit_team(
    name: str,
    title: str | None = None,
    level: int | None = None,
    categories: Sequence[str] = (),
) -> Plan:
    """Changes to a team; ``categories`` are signed."""

    def plan(settings: Settings) -> Change:
        team = settings.team(name)
        named = signed("category", team.categories, categories)
        fresh = [each for each in named if each not in team.categories]
        _require_team(settings, team.level if level is None else level, fresh)
        edits: dict[Path, object] = {}
        words = _words(categories, team.categories)
        if title is not None and title != team.title:
            edits["teams", name, "name"] = title
            words.insert(0, f"name {title}")
        if level is not None and level != team.level:
            edits["teams", name, "level"] = level
            words.append(f"level {level}")
        if named != team.categories:
            edits["teams", name, "categories"] = list(named)
        subject = f"edit team {name} ({', '.join(words)})"
        return Change(edits, subject, [("Action", "edit-team"), ("Team", name)])

    return plan


def _require_team(settings: Settings, level: int, categories: Sequence[str]) -> None:
    if not 1 <= level <= settings.last_level:
        raise Refused(
            f"there is no level {level}", f"the desk has levels 1 to {settings.last_level}"
        )
    for category in categories:
        settings.category(category)


def hands_over(settings: Settings, acting: str, handle: str, role: str | None) -> bool:
    """Whether ``handle`` as the first lead takes from another, who is ``acting``, the right to
    change the desk's settings."""
    return role == "lead" and handle != acting and not Rights(settings).has_lead
