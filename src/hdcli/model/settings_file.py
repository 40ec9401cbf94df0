"""From a parsed ``desk.yaml`` to settings, checked key by key.

Unknown keys are allowed: a newer hd may know them. ``settings_keys`` reports them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hdcli.errors import BadField
from hdcli.model import fields, ids
from hdcli.model.schema import Path, brief
from hdcli.model.settings import LANGUAGES, SIGNATURES, Agent, Level, Settings, Team

HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
ADDRESS = re.compile(r"[^\s<>@,;\"]+@[^\s<>@,;\"]+")
MAX_NAME = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_RESERVED = ("me", "none")
_IN_DEFAULTS = ("defaults",)
DEFAULTS = Settings()
FORMAT = 1


def settings_from(data: object) -> Settings:
    """The settings that a parsed ``desk.yaml`` describes. Raises BadField."""
    if not isinstance(data, Mapping):
        raise BadField("desk.yaml is a mapping of settings", ())
    _require_format(data.get("format", FORMAT))
    levels = _levels(data.get("levels"))
    teams = _teams(data.get("teams"), levels)
    defaults = _mapping(data.get("defaults"), ("defaults",))
    priorities = _names(data, "priorities", DEFAULTS.priorities)
    impacts = _names(data, "impacts", DEFAULTS.impacts)
    urgencies = _names(data, "urgencies", DEFAULTS.urgencies)
    return Settings(
        name=_text(data, "name", DEFAULTS.name),
        prefix=_prefix(data),
        language=_choice(data, (), "language", LANGUAGES, DEFAULTS.language),
        levels=levels,
        teams=teams,
        agents=_agents(data.get("agents"), teams),
        categories=_names(data, "categories", ()),
        priorities=priorities,
        impacts=impacts,
        urgencies=urgencies,
        matrix=_matrix(data.get("matrix"), impacts, urgencies, priorities),
        default_impact=_choice(
            defaults, _IN_DEFAULTS, "impact", impacts, impacts[len(impacts) // 2]
        ),
        default_urgency=_choice(
            defaults, _IN_DEFAULTS, "urgency", urgencies, urgencies[len(urgencies) // 2]
        ),
        default_team=_choice(defaults, _IN_DEFAULTS, "team", tuple(teams), ""),
        fields=_custom_fields(data),
        synonyms=_synonyms(data.get("synonyms")),
        suggestions=_flag(data, "suggestions", DEFAULTS.suggestions),
        signatures=_choice(data, (), "signatures", SIGNATURES, DEFAULTS.signatures),
    )


def _require_format(version: object) -> None:
    if type(version) is not int or version < 1:
        raise BadField(f"'format' must be a number, not {brief(version)}", ("format",))
    if version > FORMAT:
        raise BadField(
            f"this desk has format {version}, this hd reads up to {FORMAT}: upgrade hd", ("format",)
        )


def _prefix(data: Mapping[Any, Any]) -> str:
    prefix = _text(data, "prefix", DEFAULTS.prefix)
    if not ids.PREFIX_PATTERN.fullmatch(prefix):
        raise BadField("'prefix' is 1 to 10 capital letters and digits, as in HD", ("prefix",))
    return prefix


def _custom_fields(data: Mapping[Any, Any]) -> tuple[str, ...]:
    names = _names(data, "fields", ())
    for at, name in enumerate(names):
        if name in fields.ORDER or name in fields.NOT_A_FIELD or not fields.CUSTOM.fullmatch(name):
            raise BadField(
                f"'{name}' can't be a field of the desk: lower case, not one of hd's",
                ("fields", at),
            )
    return names


def _synonyms(data: object) -> tuple[tuple[str, ...], ...]:
    if data is None:
        return ()
    if not isinstance(data, list):
        example = "as in [[vpn, tunnel], [wifi, wlan]]"
        raise BadField(
            f"'synonyms' must be lists of words, {example}, not {brief(data)}", ("synonyms",)
        )
    groups = [
        _listed(each, "a list in 'synonyms'", ("synonyms", at)) for at, each in enumerate(data)
    ]
    for at, group in enumerate(groups):
        if len(group) < 2:
            raise BadField("a list in 'synonyms' has two words at least", ("synonyms", at))
    return tuple(groups)


def _text(data: Mapping[Any, Any], name: str, default: str) -> str:
    value = data.get(name)
    return default if value is None else _one_line(value, f"'{name}'", (name,))


def _flag(data: Mapping[Any, Any], name: str, default: bool) -> bool:
    value = data.get(name)
    if value is not None and not isinstance(value, bool):
        raise BadField(f"'{name}' must be true or false, not {brief(value)}", (name,))
    return default if value is None else value


def _one_line(value: object, what: str, path: Path) -> str:
    if not isinstance(value, str) or not value.strip():
        quoted = " in quotes" if isinstance(value, int) else ""
        raise BadField(f"{what} must be text{quoted}, not {brief(value)}", path)
    if len(value) > MAX_NAME or _CONTROL.search(value):
        raise BadField(f"{what} must be one line of at most {MAX_NAME} characters", path)
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
    found = _listed(value, f"'{name}'", (name,))
    if not found and default:
        raise BadField(f"'{name}' must have at least one name", (name,))
    return found


def _listed(value: object, what: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadField(f"{what} must be a list of names, as in [a, b], not {brief(value)}", path)
    names = [_one_line(each, f"a name in {what}", (*path, at)) for at, each in enumerate(value)]
    for at, name in enumerate(names):
        if name in names[:at]:
            raise BadField(f"{what} has '{name}' twice", (*path, at))
    return tuple(names)


def _choice(
    data: Mapping[Any, Any], within: Path, name: str, known: tuple[str, ...], default: str
) -> str:
    value = data.get(name)
    if value is None:
        return default
    if not isinstance(value, str) or value not in known:
        listed = ", ".join(known) or "nothing yet: there is none"
        raise BadField(f"'{name}' must be one of {listed}, not {brief(value)}", (*within, name))
    return value


def _levels(data: object) -> tuple[Level, ...]:
    if data is None:
        return DEFAULTS.levels
    if not isinstance(data, list) or not 1 <= len(data) <= 9:
        raise BadField("'levels' must be a list of 1 to 9 names, the first line first", ("levels",))
    return tuple(
        Level(index + 1, _one_line(name, "a level's name", ("levels", index)))
        for index, name in enumerate(data)
    )


def _teams(data: object, levels: tuple[Level, ...]) -> dict[str, Team]:
    teams: dict[str, Team] = {}
    for name, value in _mapping(data, ("teams",)).items():
        path: Path = ("teams", name)
        _handle("team", name, path)
        team = _mapping(value, path)
        level = team.get("level", 1)
        if type(level) is not int or not 1 <= level <= len(levels):
            raise BadField(
                f"team '{name}': 'level' must be from 1 to {len(levels)}, not {brief(level)}",
                (*path, "level"),
            )
        title = team.get("name")
        teams[name] = Team(
            name,
            name if title is None else _one_line(title, "a team's name", (*path, "name")),
            level,
            _optional(team, "categories", f"team '{name}': 'categories'", path),
        )
    return teams


def _optional(data: Mapping[Any, Any], name: str, what: str, path: Path) -> tuple[str, ...]:
    value = data.get(name)
    return () if value is None else _listed(value, what, (*path, name))


def _agents(data: object, teams: Mapping[str, Team]) -> dict[str, Agent]:
    agents: dict[str, Agent] = {}
    owners: dict[str, str] = {}
    for handle, value in _mapping(data, ("agents",)).items():
        path: Path = ("agents", handle)
        _handle("agent", handle, path)
        if handle in teams:
            raise BadField(f"'{handle}' is a team already: an agent needs another handle", path)
        agent = _agent(handle, _mapping(value, path), teams, path)
        for email in agent.emails:
            owner = owners.setdefault(email.lower(), handle)
            if owner != handle:
                raise BadField(f"{email} belongs to '{owner}' too", (*path, "email"))
        agents[handle] = agent
    return agents


def _agent(handle: str, data: Mapping[Any, Any], teams: Mapping[str, Team], path: Path) -> Agent:
    name, active = data.get("name"), data.get("active", True)
    if not isinstance(active, bool):
        raise BadField(
            f"agent '{handle}': 'active' must be true or false, not {brief(active)}",
            (*path, "active"),
        )
    mine = _optional(data, "teams", f"agent '{handle}': 'teams'", path)
    for at, team in enumerate(mine):
        if team not in teams:
            raise BadField(f"agent '{handle}': no team '{team}' in 'teams'", (*path, "teams", at))
    return Agent(
        handle,
        handle if name is None else _one_line(name, "an agent's name", (*path, "name")),
        _emails(data.get("email"), handle, path),
        mine,
        active,
    )


def _emails(value: object, handle: str, path: Path) -> tuple[str, ...]:
    emails = value if isinstance(value, list) else [value]
    if value is None or not emails:
        raise BadField(f"agent '{handle}': 'email' is missing", path)
    for email in emails:
        if not isinstance(email, str) or not ADDRESS.fullmatch(email) or _CONTROL.search(email):
            raise BadField(f"agent '{handle}': {brief(email)} is no address", (*path, "email"))
    return tuple(emails)


def is_handle(name: str) -> bool:
    """Whether an agent or a team may be called so."""
    return bool(HANDLE.fullmatch(name)) and name not in _RESERVED


def _handle(kind: str, name: object, path: Path) -> None:
    if not isinstance(name, str) or not is_handle(name):
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
                raise BadField(
                    f"'{urgency}' is not one of 'urgencies'", ("matrix", impact, urgency)
                )
            if not isinstance(priority, str) or priority not in priorities:
                raise BadField(
                    f"{brief(priority)} is not one of 'priorities'", ("matrix", impact, urgency)
                )
            matrix[impact][urgency] = priority
    return matrix
