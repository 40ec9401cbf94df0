"""What desk.yaml must know of a ticket's values, and their form beyond what the schema asks.

Actions check what they set as they set it; this is for what was typed into a file by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from hdcli.errors import BadUsage
from hdcli.model import fields, ids, procedure, slug
from hdcli.model.person import person
from hdcli.model.settings import NotOnDesk, Settings

Values = Mapping[str, Any]
Path = tuple[str | int, ...]
ATTACHMENT = re.compile(r"attachments/([0-9a-z]{2})/([^/]+)/([0-9a-f]{12})-[^/]+")


class Flaw(NamedTuple):
    """A value that does not fit the desk: the path that leads to it, what is wrong, the remedy."""

    path: Path
    message: str
    remedy: str = ""


def flaws(settings: Settings, ticket_id: str, values: Values, names: Iterable[str]) -> list[Flaw]:
    """What is wrong with the values of the fields named."""
    found: list[Flaw] = []
    for name in names:
        if values.get(name) is not None and name in _CHECKS:
            found += _CHECKS[name](settings, ticket_id, values)
    return found


def unknown(settings: Settings, names: Iterable[str]) -> list[Flaw]:
    """The fields that neither hd nor desk.yaml knows."""
    known = (*fields.ORDER, *settings.fields)
    found = []
    for name in names:
        if name not in known:
            guess = NotOnDesk("field", name, known)
            hint = f"{guess.remedy}, or " if "mean" in guess.remedy else ""
            remedy = f"{hint}name it in 'fields' of desk.yaml if it is your own"
            found.append(Flaw((name,), guess.message, remedy.replace("?,", ",")))
    return found


def _named(name: str, known: Callable[[Settings], Iterable[str]]) -> Callable[..., Iterator[Flaw]]:
    """A check that a value is one of the desk's names."""

    def check(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
        names, value = tuple(known(settings)), str(values[name])
        if value not in names and (names or name != "category"):
            wrong = NotOnDesk(name, value, names)
            yield Flaw((name,), wrong.message, wrong.remedy)

    return check


def _team(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
    name, level = values["team"], values.get("level", 1)
    if name not in settings.teams:
        wrong = NotOnDesk("team", name, settings.teams)
        yield Flaw(("team",), wrong.message, wrong.remedy)
    elif settings.teams[name].level != level:
        there = ", ".join(each.name for each in settings.teams.values() if each.level == level)
        message = f"team '{name}' works at level {settings.teams[name].level}, not {level}"
        yield Flaw(("team",), message, f"at level {level}: {there or 'no team, leave it empty'}")


def _level(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
    if values["level"] > settings.last_level:
        message = f"level {values['level']} is above the desk's last, {settings.last_level}"
        yield Flaw(("level",), message, "a level is added in 'levels' of desk.yaml")


def _requester(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
    yield from _person(("requester",), values["requester"])


def _cc(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
    for index, text in enumerate(values["cc"]):
        yield from _person(("cc", index), text)


def _person(path: Path, text: str) -> Iterator[Flaw]:
    try:
        person(text)
    except BadUsage as error:
        yield Flaw(path, error.message, error.remedy)


def _watchers(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
    for index, name in enumerate(values["watchers"]):
        if name not in settings.agents:
            yield Flaw(("watchers", index), f"no agent '{name}' on this desk", "take it out")


def _tags(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
    for index, tag in enumerate(values["tags"]):
        if not fields.TAG.fullmatch(tag) or not tag.isprintable():
            yield Flaw(("tags", index), f"{tag!r} is no tag", "a tag is one word")


def _links(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
    for index, link in enumerate(values["links"]):
        relation, _, target = link.partition(" ")
        if relation not in fields.RELATIONS or not ids.ID_PATTERN.fullmatch(target):
            remedy = f"write 'RELATION ID', with one of {', '.join(fields.RELATIONS)}"
            yield Flaw(("links", index), f"{link!r} is no link", remedy)
        elif target == ticket_id:
            yield Flaw(("links", index), "a ticket can't be linked to itself", "take it out")


def _attachments(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
    for index, path in enumerate(values["attachments"]):
        found = ATTACHMENT.fullmatch(path)
        if not found or ids.folder(found[2]) != found[1]:
            remedy = f"hd attach {ticket_id} FILE puts a file where it belongs"
            yield Flaw(("attachments", index), f"{path!r} is no attachment's place", remedy)


def _slugs(name: str) -> Callable[..., Iterator[Flaw]]:
    """A check that a value, or each of several, is an article's slug."""

    def check(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
        value = values[name]
        for index, each in enumerate([value] if isinstance(value, str) else value):
            if not slug.PATTERN.fullmatch(each):
                path: Path = (name,) if isinstance(value, str) else (name, index)
                yield Flaw(path, f"{each!r} is not the slug of an article", "take it out")

    return check


def _checklist(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
    for index, item in enumerate(values["checklist"]):
        if not procedure.said([item]):
            message = f"{item!r} is not the outcome of a step"
            yield Flaw(("checklist", index), message, "write '3 done', '3 skip' or '3 fail'")


def _ids(name: str) -> Callable[..., Iterator[Flaw]]:
    """A check that a value, or each of several, is a ticket id of another ticket."""

    def check(settings: Settings, ticket_id: str, values: Values) -> Iterator[Flaw]:
        value = values[name]
        for index, each in enumerate([value] if isinstance(value, str) else value):
            if each == ticket_id or not ids.ID_PATTERN.fullmatch(each):
                path: Path = (name,) if isinstance(value, str) else (name, index)
                yield Flaw(path, f"{each!r} is not the id of another ticket", "take it out")

    return check


_CHECKS: Mapping[str, Callable[[Settings, str, Values], Iterator[Flaw]]] = {
    "level": _level,
    "priority": _named("priority", lambda settings: settings.priorities),
    "impact": _named("impact", lambda settings: settings.impacts),
    "urgency": _named("urgency", lambda settings: settings.urgencies),
    "category": _named("category", lambda settings: settings.categories),
    "team": _team,
    "assignee": _named("assignee", lambda settings: settings.agents),
    "requester": _requester,
    "cc": _cc,
    "watchers": _watchers,
    "tags": _tags,
    "procedure": _slugs("procedure"),
    "checklist": _checklist,
    "articles": _slugs("articles"),
    "unhelpful": _slugs("unhelpful"),
    "links": _links,
    "attachments": _attachments,
    "merged_into": _ids("merged_into"),
    "aliases": _ids("aliases"),
}
