"""From a parsed ``desk.yaml`` to settings, checked key by key.

Unknown keys are allowed (a newer hd may know them) and reported by ``unknown_keys``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hdcli.errors import BadField
from hdcli.model import fields, ids, suggest
from hdcli.model.schema import Path, brief
from hdcli.model.settings import LANGUAGES, Agent, Level, Settings, Team

HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
DEFAULTS = Settings()
FORMAT = 1
KEYS = (
    "format",
    "name",
    "prefix",
    "language",
    "levels",
    "teams",
    "agents",
    "categories",
    "priorities",
    "impacts",
    "urgencies",
    "matrix",
    "defaults",
    "fields",
)


def settings_from(data: object) -> Settings:
    """The settings that a parsed ``desk.yaml`` describes. Raises BadField."""
    if not isinstance(data, Mapping):
        raise BadField("desk.yaml is a mapping of settings", ())
    version = data.get("format", FORMAT)
    if type(version) is not int or version < 1:
        raise BadField(f"'format' must be a number, not {brief(version)}", ("format",))
    if version > FORMAT:
        raise BadField(
            f"this desk has format {version}, this hd reads up to {FORMAT}: upgrade hd", ("format",)
        )
    prefix = _text(data, "prefix", "HD")
    if not ids.PREFIX_PATTERN.fullmatch(prefix):
        raise BadField("'prefix' is 1 to 10 capital letters and digits, as in HD", ("prefix",))
    language = _text(data, "language", "en")
    if language not in LANGUAGES:
        raise BadField(f"'language' must be one of {', '.join(LANGUAGES)}", ("language",))
    levels = _levels(data.get("levels"))
    teams = _teams(data.get("teams"), levels)
    defaults = _mapping(data.get("defaults"), ("defaults",))
    priorities = _names(data, "priorities", DEFAULTS.priorities)
    impacts = _names(data, "impacts", DEFAULTS.impacts)
    urgencies = _names(data, "urgencies", DEFAULTS.urgencies)
    settings = Settings(
        name=_text(data, "name", "Helpdesk"),
        prefix=prefix,
        language=language,
        levels=levels,
        teams=teams,
        agents=_agents(data.get("agents"), teams),
        categories=_names(data, "categories", ()),
        priorities=priorities,
        impacts=impacts,
        urgencies=urgencies,
        matrix=_matrix(data.get("matrix"), impacts, urgencies, priorities),
        default_impact=_choice(defaults, "impact", impacts, impacts[len(impacts) // 2]),
        default_urgency=_choice(defaults, "urgency", urgencies, urgencies[len(urgencies) // 2]),
        default_team=_choice(defaults, "team", tuple(teams), ""),
        fields=_names(data, "fields", ()),
    )
    for index, name in enumerate(settings.fields):
        _custom_field(name, ("fields", index))
    return settings


def _custom_field(name: str, path: Path) -> None:
    if name in fields.ORDER or name in fields.NOT_A_FIELD or not fields.CUSTOM.fullmatch(name):
        raise BadField(f"'{name}' can't be a field of the desk: lower case, not one of hd's", path)


def unknown_keys(data: Mapping[str, Any]) -> list[str]:
    """The top-level keys that hd does not know, each with the nearest that it does."""
    found = []
    for name in data:
        if name not in KEYS:
            near = suggest.nearest(str(name), KEYS)
            found.append(f"unknown key '{name}'" + (f", did you mean '{near}'?" if near else ""))
    return found


def _text(data: Mapping[Any, Any], name: str, default: str) -> str:
    value = data.get(name, default)
    if not isinstance(value, str) or not value.strip():
        raise BadField(f"'{name}' must be text, not {brief(value)}", (name,))
    return value


def _mapping(data: object, path: Path) -> Mapping[Any, Any]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise BadField(f"'{path[-1]}' must be a mapping, not {brief(data)}", path)
    return data


def _names(data: Mapping[Any, Any], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = data.get(name)
    if value is None:
        return default
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise BadField(f"'{name}' must be a list of names", (name,))
    if len(set(value)) != len(value):
        raise BadField(f"'{name}' has a name twice", (name,))
    if not value and default:
        raise BadField(f"'{name}' must have at least one name", (name,))
    return tuple(value)


def _choice(data: Mapping[Any, Any], name: str, known: tuple[str, ...], default: str) -> str:
    value = data.get(name)
    if value is None:
        return default
    if value not in known:
        raise BadField(f"'{name}' must be one of {', '.join(known)}", ("defaults", name))
    return str(value)


def _levels(data: object) -> tuple[Level, ...]:
    if data is None:
        return DEFAULTS.levels
    if not isinstance(data, list) or not 1 <= len(data) <= 9:
        raise BadField("'levels' must be a list of 1 to 9 names, the first line first", ("levels",))
    for index, name in enumerate(data):
        if not isinstance(name, str) or not name:
            raise BadField("a level's name must be text", ("levels", index))
    return tuple(Level(index + 1, name) for index, name in enumerate(data))


def _teams(data: object, levels: tuple[Level, ...]) -> dict[str, Team]:
    teams: dict[str, Team] = {}
    for name, value in _mapping(data, ("teams",)).items():
        path: Path = ("teams", name)
        _handle("team", name, path)
        team = _mapping(value, path)
        level = team.get("level", 1)
        if type(level) is not int or not 1 <= level <= len(levels):
            raise BadField(f"team '{name}': 'level' must be from 1 to {len(levels)}", path)
        categories = team.get("categories", [])
        if not isinstance(categories, list):
            raise BadField(f"team '{name}': 'categories' must be a list", path)
        teams[name] = Team(
            name, str(team.get("name", name)), level, tuple(str(each) for each in categories)
        )
    return teams


def _agents(data: object, teams: Mapping[str, Team]) -> dict[str, Agent]:
    agents: dict[str, Agent] = {}
    owners: dict[str, str] = {}
    for handle, value in _mapping(data, ("agents",)).items():
        path: Path = ("agents", handle)
        _handle("agent", handle, path)
        if handle in teams:
            raise BadField(f"'{handle}' is a team already: an agent needs another handle", path)
        agent = _mapping(value, path)
        emails = _emails(agent.get("email"), handle, path)
        for email in emails:
            if owners.setdefault(email.lower(), handle) != handle:
                raise BadField(f"{email} belongs to '{owners[email.lower()]}' too", path)
        mine = agent.get("teams") or []
        if not isinstance(mine, list):
            raise BadField(f"agent '{handle}': 'teams' must be a list", path)
        for team in mine:
            if team not in teams:
                raise BadField(f"agent '{handle}': no team '{team}' in 'teams'", (*path, "teams"))
        agents[handle] = Agent(
            handle,
            str(agent.get("name") or handle),
            emails,
            tuple(mine),
            agent.get("active", True) is not False,
        )
    return agents


def _emails(value: object, handle: str, path: Path) -> tuple[str, ...]:
    emails = [value] if isinstance(value, str) else value
    if not isinstance(emails, list) or not emails:
        raise BadField(f"agent '{handle}': 'email' is missing", path)
    for email in emails:
        if not isinstance(email, str) or "@" not in email or set(email) & set("<>\n "):
            raise BadField(f"agent '{handle}': {brief(email)} is no address", (*path, "email"))
    return tuple(emails)


def _handle(kind: str, name: object, path: Path) -> None:
    if not isinstance(name, str) or not HANDLE.fullmatch(name) or name in ("me", "none"):
        raise BadField(
            f"{brief(name)} can't name a {kind}: letters, digits, '.', '_' and '-', not me or none",
            path,
        )


def _matrix(
    data: object,
    impacts: tuple[str, ...],
    urgencies: tuple[str, ...],
    priorities: tuple[str, ...],
) -> dict[str, dict[str, str]]:
    matrix: dict[str, dict[str, str]] = {}
    for impact, row in _mapping(data, ("matrix",)).items():
        if impact not in impacts:
            raise BadField(f"'{impact}' is not one of 'impacts'", ("matrix", impact))
        matrix[impact] = {}
        for urgency, priority in _mapping(row, ("matrix", impact)).items():
            if urgency not in urgencies:
                raise BadField(f"'{urgency}' is not one of 'urgencies'", ("matrix", impact))
            if priority not in priorities:
                raise BadField(
                    f"{brief(priority)} is not one of 'priorities'", ("matrix", impact, urgency)
                )
            matrix[impact][urgency] = priority
    return matrix
