"""The keys of ``desk.yaml`` by dotted path, as ``hd config`` names them, and what each holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from hdcli.errors import BadUsage
from hdcli.model import settings_hours as hours
from hdcli.model import suggest
from hdcli.model.settings import Agent, Mail, NotOnDesk, Settings, Team
from hdcli.model.settings_file import FORMAT
from hdcli.model.webhook import Webhook

Kind = Literal["text", "number", "flag", "names", "groups", "rules"]
Path = tuple[str, ...]

# ``*`` stands for a name of the desk's own.
KINDS: Mapping[Path, Kind] = {
    ("format",): "number",
    ("name",): "text",
    ("prefix",): "text",
    ("language",): "text",
    ("levels",): "names",
    ("teams", "*", "name"): "text",
    ("teams", "*", "level"): "number",
    ("teams", "*", "categories"): "names",
    ("agents", "*", "name"): "text",
    ("agents", "*", "email"): "names",
    ("agents", "*", "teams"): "names",
    ("agents", "*", "active"): "flag",
    ("agents", "*", "role"): "text",
    ("agents", "*", "skills"): "names",
    ("agents", "*", "hours", "zone"): "text",
    ("agents", "*", "hours", "holidays"): "names",
    ("agents", "*", "hours", "*"): "text",
    ("categories",): "names",
    ("priorities",): "names",
    ("impacts",): "names",
    ("urgencies",): "names",
    ("matrix", "*", "*"): "text",
    ("defaults", "impact"): "text",
    ("defaults", "urgency"): "text",
    ("defaults", "team"): "text",
    ("fields",): "names",
    ("synonyms",): "groups",
    ("suggestions",): "flag",
    ("signatures",): "text",
    ("max_file",): "number",
    ("hours", "zone"): "text",
    ("hours", "holidays"): "names",
    ("hours", "*"): "text",
    ("rules",): "rules",
    ("rules_apply",): "text",
    ("mail", "addresses"): "names",
    ("mail", "authservers"): "names",
    ("mail", "machines"): "names",
    ("mail", "rate"): "number",
    ("mail", "reopen_days"): "number",
    ("mail", "keep"): "number",
    ("mail", "keep_days"): "number",
    ("mail", "sender"): "text",
    ("mail", "plus"): "flag",
    ("mail", "prompt"): "number",
    ("mail", "progress"): "number",
    ("webhooks", "*", "form"): "text",
    ("webhooks", "*", "actions"): "names",
    ("webhooks", "*", "query"): "text",
    ("webhooks", "*", "texts"): "flag",
    ("webhooks", "*", "room"): "text",
}
SECTIONS = tuple(dict.fromkeys(path[0] for path in KINDS))
_BETWEEN = re.compile(r"\]\s*,\s*\[")
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def document(settings: Settings) -> dict[str, Any]:
    """All settings in the form of the file, with what holds where it says nothing."""
    return {
        "format": FORMAT,
        "name": settings.name,
        "prefix": settings.prefix,
        "language": settings.language,
        "levels": [level.name for level in settings.levels],
        "teams": {each.name: _team(each) for each in settings.teams.values()},
        "agents": {each.handle: _agent(each) for each in settings.agents.values()},
        "categories": list(settings.categories),
        "priorities": list(settings.priorities),
        "impacts": list(settings.impacts),
        "urgencies": list(settings.urgencies),
        "matrix": {
            impact: {
                urgency: settings.priority_of(impact, urgency) for urgency in settings.urgencies
            }
            for impact in settings.impacts
        },
        "defaults": {
            "impact": settings.default_impact,
            "urgency": settings.default_urgency,
            "team": settings.default_team,
        },
        "fields": list(settings.fields),
        "synonyms": [", ".join(group) for group in settings.synonyms],
        "suggestions": settings.suggestions,
        "signatures": settings.signatures,
        "max_file": settings.max_file,
        "hours": hours.document(settings.hours),
        "rules": list(settings.rules),
        "rules_apply": settings.rules_apply,
        "mail": _mail(settings.mail),
        "webhooks": {each.name: _webhook(each) for each in settings.webhooks.values()},
    }


def _team(team: Team) -> dict[str, Any]:
    return {"name": team.title, "level": team.level, "categories": list(team.categories)}


def _webhook(hook: Webhook) -> dict[str, Any]:
    return {
        "form": hook.form,
        "actions": list(hook.actions),
        "query": hook.query,
        "texts": hook.texts,
        "room": hook.room,
    }


def _mail(mail: Mail) -> dict[str, Any]:
    return {
        "addresses": list(mail.addresses),
        "authservers": list(mail.authservers),
        "machines": list(mail.machines),
        "rate": mail.rate,
        "reopen_days": mail.reopen_days,
        "keep": mail.keep,
        "keep_days": mail.keep_days,
        "sender": mail.sender,
        "plus": mail.plus,
        "prompt": mail.prompt,
        "progress": mail.progress,
    }


def _agent(agent: Agent) -> dict[str, Any]:
    return {
        "name": agent.name,
        "email": list(agent.emails),
        "teams": list(agent.teams),
        "active": agent.active,
        "role": agent.role,
        "skills": list(agent.skills),
    }


def leaves(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of a document that is no mapping, with its path."""
    if not isinstance(tree, Mapping):
        yield path, tree
        return
    for name, value in tree.items():
        yield from leaves(value, (*path, str(name)))


def dotted(path: Path) -> str:
    """``defaults.team``"""
    return ".".join(path)


def find(settings: Settings, key: str) -> tuple[Path, Any]:
    """The path and value of a dotted key of this desk; a mapping where it has keys of its own.

    Names of agents and teams may have dots themselves. Raises NotOnDesk with the nearest key.
    """
    known = {dotted(path): (path, value) for path, value in nodes(document(settings))}
    if key in known:
        return known[key]
    raise NotOnDesk("setting", key, tuple(known) if suggest.nearest(key, known) else SECTIONS)


def settable(settings: Settings, key: str) -> Path:
    """The path of a dotted key that may be set: one that ``find`` finds, or one of working hours,
    whose days the desk may write as it likes. Raises NotOnDesk."""
    holder, of_hours, name = f".{key}".rpartition(".hours.")
    handle = holder.removeprefix(".agents.")
    if of_hours and not holder:
        return ("hours", name)
    if of_hours and handle != holder and handle in settings.agents:
        return ("agents", handle, "hours", name)
    return find(settings, key)[0]


def nodes(tree: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of a document, mappings too, with its path."""
    for name, value in tree.items():
        yield (*path, str(name)), value
        if isinstance(value, Mapping):
            yield from nodes(value, (*path, str(name)))


def value_for(path: Path, text: str) -> object:
    """What somebody typed for the key at a path, as the file has it. Raises BadUsage."""
    kind = _kind(path)
    if kind == "rules":
        raise BadUsage("rules are written in desk.yaml", "hd config edit opens it")
    if kind is None:
        raise BadUsage(f"'{dotted(path)}' has keys of its own", f"hd config {dotted(path)}")
    text = text.strip()
    if kind == "number":
        if not text.isdecimal():
            raise BadUsage(f"'{dotted(path)}' must be a number, not '{text}'")
        return int(text)
    if kind == "flag":
        if text.lower() not in _FLAGS:
            raise BadUsage(f"'{dotted(path)}' must be true or false, not '{text}'")
        return _FLAGS[text.lower()]
    if kind == "names":
        return _named(text)
    if kind == "groups":
        return [group for each in _grouped(text) if (group := _named(each.strip()))]
    return text


def _grouped(text: str) -> list[str]:
    """``a, b; c, d``, or as the file has it, ``[[a, b], [c, d]]``."""
    if text[:2] == "[[" and text[-2:] == "]]":
        text = _BETWEEN.sub("];[", text[1:-1])
    return text.split(";")


def _named(text: str) -> list[str]:
    inside = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
    return [name for each in inside.split(",") if (name := each.strip().strip("\"'"))]


def _kind(path: Path) -> Kind | None:
    for pattern, kind in KINDS.items():
        if _fits(path, pattern):
            return kind
    return None


def _fits(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(
        want in ("*", name) for name, want in zip(path, pattern, strict=True)
    )


def doubts(data: object, settings: Settings) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What a valid file says that is likely a slip, each with its path: unknown keys first."""
    for path, _ in nodes(data) if isinstance(data, Mapping) else ():
        if _known(path[:-1]) and not _known(path):
            yield path, _unknown(path)
    for team in settings.teams.values():
        for name in team.categories:
            if settings.categories and name not in settings.categories:
                near = _near(name, settings.categories)
                yield ("teams", team.name, "categories"), f"no category '{name}'{near}"
    for impact in settings.impacts:
        for urgency in settings.urgencies:
            if settings.matrix and urgency not in settings.matrix.get(impact, {}):
                default = settings.priority_of(impact, urgency)
                yield ("matrix", impact), f"no priority for urgency {urgency}: '{default}' is taken"
    if not settings.hours.is_zone_known:
        yield ("hours", "zone"), f"no time zone '{settings.hours.zone}' here: UTC is taken"
    if settings.rules:
        from hdcli.model import settings_rules

        yield from settings_rules.doubts(settings)
    if settings.webhooks:
        from hdcli.model import settings_webhooks

        yield from settings_webhooks.doubts(settings)


def _known(path: Path) -> bool:
    return any(_fits(path, pattern[: len(path)]) for pattern in KINDS)


def _unknown(path: Path) -> str:
    known = {
        pattern[len(path) - 1]
        for pattern in KINDS
        if len(pattern) >= len(path) and _fits(path[:-1], pattern[: len(path) - 1])
    }
    return f"unknown key '{dotted(path)}'{_near(path[-1], known)}"


def _near(name: str, known: Any) -> str:
    near = suggest.nearest(name, known)
    return f", did you mean '{near}'?" if near else ""
