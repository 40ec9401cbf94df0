"""The agents of a desk, from a parsed ``desk.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hdcli.errors import BadField
from hdcli.model.hours import Hours
from hdcli.model.schema import Path, brief
from hdcli.model.settings import DEFAULT_ROLE, ROLES, Agent, Team
from hdcli.model.settings_hours import hours_from
from hdcli.model.settings_values import choice, mapping, one_line, optional, require_handle

ADDRESS = re.compile(r"[^\s<>@,;\"]+@[^\s<>@,;\"]+")


def agents(data: object, teams: Mapping[str, Team], hours: Hours) -> dict[str, Agent]:
    """The agents by handle; an address is one agent's alone.

    ``hours`` are those of who has none of their own. Raises BadField.
    """
    found: dict[str, Agent] = {}
    owners: dict[str, str] = {}
    for handle, value in mapping(data, ("agents",)).items():
        path: Path = ("agents", handle)
        require_handle("agent", handle, path)
        if handle in teams:
            raise BadField(f"'{handle}' is a team already: an agent needs another handle", path)
        agent = _agent(handle, mapping(value, path), teams, path)
        own = mapping(value, path).get("hours")
        agent = replace(agent, hours=hours_from(own, (*path, "hours"), hours))
        for email in agent.emails:
            owner = owners.setdefault(email.lower(), handle)
            if owner != handle:
                raise BadField(f"{email} belongs to '{owner}' too", (*path, "email"))
        found[handle] = agent
    return found


def _agent(handle: str, data: Mapping[Any, Any], teams: Mapping[str, Team], path: Path) -> Agent:
    name, active = data.get("name"), data.get("active", True)
    if not isinstance(active, bool):
        raise BadField(
            f"agent '{handle}': 'active' must be true or false, not {brief(active)}",
            (*path, "active"),
        )
    mine = optional(data, "teams", f"agent '{handle}': 'teams'", path)
    for at, team in enumerate(mine):
        if team not in teams:
            raise BadField(f"agent '{handle}': no team '{team}' in 'teams'", (*path, "teams", at))
    return Agent(
        handle,
        handle if name is None else one_line(name, "an agent's name", (*path, "name")),
        _emails(data.get("email"), handle, path),
        mine,
        active,
        choice(data, path, "role", ROLES, DEFAULT_ROLE),
        optional(data, "skills", f"agent '{handle}': 'skills'", path),
    )


def _emails(value: object, handle: str, path: Path) -> tuple[str, ...]:
    emails = value if isinstance(value, list) else [value]
    if value is None or not emails:
        raise BadField(f"agent '{handle}': 'email' is missing", path)
    for email in emails:
        if not isinstance(email, str) or not ADDRESS.fullmatch(email) or not email.isprintable():
            raise BadField(f"agent '{handle}': {brief(email)} is no address", (*path, "email"))
    return tuple(emails)
