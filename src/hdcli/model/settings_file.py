"""From a parsed ``desk.yaml`` to settings, checked key by key.

Unknown keys are allowed: a newer hd may know them. ``settings_keys`` reports them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hdcli.errors import BadField
from hdcli.model import fields, ids
from hdcli.model.schema import Path, brief
from hdcli.model.settings import LANGUAGES, RULES_APPLY, SIGNATURES, Level, Settings, Team
from hdcli.model.settings_agents import agents
from hdcli.model.settings_hours import hours_from
from hdcli.model.settings_mail import mail
from hdcli.model.settings_values import (
    choice,
    listed,
    mapping,
    number,
    one_line,
    optional,
    require_handle,
)
from hdcli.model.settings_webhooks import webhooks

_FILE_MB = range(1, 1001)
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
    hours = hours_from(data.get("hours"), ("hours",), DEFAULTS.hours)
    defaults = mapping(data.get("defaults"), ("defaults",))
    priorities = _names(data, "priorities", DEFAULTS.priorities)
    impacts = _names(data, "impacts", DEFAULTS.impacts)
    urgencies = _names(data, "urgencies", DEFAULTS.urgencies)
    return Settings(
        name=_text(data, "name", DEFAULTS.name),
        prefix=_prefix(data),
        language=choice(data, (), "language", LANGUAGES, DEFAULTS.language),
        levels=levels,
        teams=teams,
        agents=agents(data.get("agents"), teams, hours),
        categories=_names(data, "categories", ()),
        priorities=priorities,
        impacts=impacts,
        urgencies=urgencies,
        matrix=_matrix(data.get("matrix"), impacts, urgencies, priorities),
        default_impact=choice(
            defaults, _IN_DEFAULTS, "impact", impacts, impacts[len(impacts) // 2]
        ),
        default_urgency=choice(
            defaults, _IN_DEFAULTS, "urgency", urgencies, urgencies[len(urgencies) // 2]
        ),
        default_team=choice(defaults, _IN_DEFAULTS, "team", tuple(teams), ""),
        fields=_custom_fields(data),
        synonyms=_synonyms(data.get("synonyms")),
        suggestions=_flag(data, "suggestions", DEFAULTS.suggestions),
        signatures=choice(data, (), "signatures", SIGNATURES, DEFAULTS.signatures),
        max_file=number(data, "max_file", _FILE_MB, DEFAULTS.max_file),
        mail=mail(data.get("mail")),
        webhooks=webhooks(data.get("webhooks")),
        hours=hours,
        rules=_rules(data.get("rules")),
        rules_apply=choice(data, (), "rules_apply", RULES_APPLY, DEFAULTS.rules_apply),
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
        listed(each, "a list in 'synonyms'", ("synonyms", at)) for at, each in enumerate(data)
    ]
    for at, group in enumerate(groups):
        if len(group) < 2:
            raise BadField("a list in 'synonyms' has two words at least", ("synonyms", at))
    return tuple(groups)


def _rules(data: object) -> tuple[Mapping[str, Any], ...]:
    """As the file has them: what they say is checked where the file is read, not at every start.
    What is no rule at all is one that says nothing."""
    if data is None:
        return ()
    if not isinstance(data, list):
        raise BadField("'rules' must be a list of rules, each with 'when' and 'then'", ("rules",))
    return tuple(each if isinstance(each, Mapping) else {} for each in data)


def _text(data: Mapping[Any, Any], name: str, default: str) -> str:
    value = data.get(name)
    return default if value is None else one_line(value, f"'{name}'", (name,))


def _flag(data: Mapping[Any, Any], name: str, default: bool) -> bool:
    value = data.get(name)
    if value is not None and not isinstance(value, bool):
        raise BadField(f"'{name}' must be true or false, not {brief(value)}", (name,))
    return default if value is None else value


def _names(data: Mapping[Any, Any], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = data.get(name)
    if value is None:
        return default
    found = listed(value, f"'{name}'", (name,))
    if not found and default:
        raise BadField(f"'{name}' must have at least one name", (name,))
    return found


def _levels(data: object) -> tuple[Level, ...]:
    if data is None:
        return DEFAULTS.levels
    if not isinstance(data, list) or not 1 <= len(data) <= 9:
        raise BadField("'levels' must be a list of 1 to 9 names, the first line first", ("levels",))
    return tuple(
        Level(index + 1, one_line(name, "a level's name", ("levels", index)))
        for index, name in enumerate(data)
    )


def _teams(data: object, levels: tuple[Level, ...]) -> dict[str, Team]:
    teams: dict[str, Team] = {}
    for name, value in mapping(data, ("teams",)).items():
        path: Path = ("teams", name)
        require_handle("team", name, path)
        team = mapping(value, path)
        level = team.get("level", 1)
        if type(level) is not int or not 1 <= level <= len(levels):
            raise BadField(
                f"team '{name}': 'level' must be from 1 to {len(levels)}, not {brief(level)}",
                (*path, "level"),
            )
        title = team.get("name")
        teams[name] = Team(
            name,
            name if title is None else one_line(title, "a team's name", (*path, "name")),
            level,
            optional(team, "categories", f"team '{name}': 'categories'", path),
        )
    return teams


def _matrix(
    data: object,
    impacts: tuple[str, ...],
    urgencies: tuple[str, ...],
    priorities: tuple[str, ...],
) -> dict[str, dict[str, str]]:
    matrix: dict[str, dict[str, str]] = {}
    for impact, row in mapping(data, ("matrix",)).items():
        if impact not in impacts:
            raise BadField(f"'{impact}' is not one of 'impacts'", ("matrix", impact))
        matrix[impact] = {}
        for urgency, priority in mapping(row, ("matrix", impact)).items():
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
