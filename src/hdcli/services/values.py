"""What a text that somebody gives for a field means on this desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from hdcli.errors import BadField, BadUsage, Refused
from hdcli.model import fields
from hdcli.model.message import one_line
from hdcli.model.person import people, person
from hdcli.model.schema import checked
from hdcli.model.settings import NotOnDesk, Settings

# Fields that other commands change, because more goes with it.
COMMANDS: Mapping[str, str] = {
    "status": "hd take, pend, resolve, reopen and close change it",
    "level": "hd escalate and hd deescalate change it",
    "pending": "hd pend ID --on vendor sets it, hd reopen ends it",
    "pending_until": "hd pend ID --on vendor --until WHEN sets it",
    "watchers": "hd follow ID adds you",
    "procedure": "hd procedure start ID SLUG sets it",
    "checklist": "hd step ID done|skip|fail adds to it",
    "articles": "hd kb helpful SLUG ID --yes adds one",
    "unhelpful": "hd kb helpful SLUG ID --no adds one",
    "links": "hd link ID RELATION ID adds one",
    "attachments": "hd attach ID FILE adds one",
    "merged_into": "hd merge ID INTO sets it",
    "csat": "hd rate ID SCORE sets it",
    "alerts": "hd intake alert counts it",
    "aliases": "hd keeps them itself",
    "created": "it follows from the log",
    "updated": "it follows from the log",
    "resolved": "hd resolve ID -m SOLUTION sets it",
}
SETTABLE = tuple(name for name in fields.ORDER if name not in COMMANDS)


def field_name(settings: Settings, text: str) -> str:
    """The field that is meant, as the desk writes it. Raises NotOnDesk, Refused."""
    known = (*SETTABLE, *settings.fields)
    wanted = text.strip().lower()
    for name in (wanted, wanted.replace("-", "_")):
        if name in known:
            return name
        if name in COMMANDS:
            raise Refused(f"'{name}' is not set by hand", COMMANDS[name])
    raise NotOnDesk("field", text.strip(), known)


def value_for(settings: Settings, name: str, text: str) -> Any:
    """The value that ``text`` means for a field; None (of an empty text, or ``none``) clears it.

    Dates are those of hd's own form. Raises NotOnDesk, BadUsage.
    """
    clean = one_line(text)
    if clean in ("", "none"):
        if name in (*fields.REQUIRED, "priority"):
            raise BadUsage(f"'{name}' can't be empty")
        return None
    known = _known(settings, name)
    if known is not None and clean not in known:
        raise NotOnDesk(name, clean, tuple(known))
    if name == "requester":
        return person(clean)
    if name == "cc":
        return people(clean)
    if name == "tags":
        return tags(clean.replace(",", " ").split())
    if name == "level" and not clean.isdecimal():
        raise BadUsage(f"'level' must be a number, not '{clean}'")
    try:
        return checked(name, int(clean) if name == "level" else clean, (name,))
    except BadField as error:
        raise BadUsage(error.reason) from None


def _known(settings: Settings, name: str) -> Collection[str] | None:
    """The values that a field may have here; None where any text will do."""
    match name:
        case "team":
            return settings.teams
        case "assignee":
            return settings.agents
        case "priority":
            return settings.priorities or None
        case "impact":
            return settings.impacts or None
        case "urgency":
            return settings.urgencies or None
        case "category":
            return settings.categories or None
        case _:
            return fields.CHOICES.get(name)


def tags(texts: Iterable[str]) -> list[str]:
    """The tags, each once. Raises BadUsage for what is none."""
    found = list(dict.fromkeys(texts))
    for each in found:
        if not fields.TAG.fullmatch(each) or not each.isprintable():
            raise BadUsage(f"{each!r} is no tag", "a tag is one word of at most 50 characters")
    return found


def relation(text: str) -> str:
    """The relation, as the desk writes it. Raises NotOnDesk."""
    if text not in fields.RELATIONS:
        raise NotOnDesk("relation", text, fields.RELATIONS)
    return text
