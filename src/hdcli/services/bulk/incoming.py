"""From a record of a file to a ticket with its log.

A record with ``id`` and ``log`` is a whole ticket and comes back as it was. Any other is a request:
its first entry has the time of ``created``; a solved one has a second, with the solution.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from typing import Any

from hdcli.errors import BadData, Refused
from hdcli.model import dates, fields, ids
from hdcli.model.entry import Entry
from hdcli.model.fold import fold, stamp
from hdcli.model.record import hand_edit
from hdcli.model.schema import checked, ticket_from
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services.session import Session, utc
from hdcli.services.tickets import Request, first_entry, values_of

_REQUEST = (
    *("title", "body", "requester", "channel", "category", "priority", "impact", "urgency"),
    *("team", "assignee", "external_id"),
)
_LISTS = ("links", "attachments", "aliases")
_STATE = ("pending", "pending_until", "merged_into")
_DONE = {"resolved": "resolve", "closed": "close"}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record understood, before it has an id.

    ``at`` and ``done_at`` are seconds since 1970; ``late`` says that it was dated in the future and
    is taken as of now. ``id`` is empty for a request that gets a new one.
    """

    key: str
    id: str
    at: int
    request: Request
    state: Mapping[str, Any]
    lists: Mapping[str, list[str]]
    status: str = ""
    done_at: int = 0
    solution: str = ""
    late: bool = False


def whole_ticket(data: Mapping[str, Any]) -> Ticket | None:
    """The ticket that a record is, folded again; None for a request.

    Raises BadField, and Refused for values that are not in its log: whose are they?
    """
    if isinstance(data.get("log", ""), str):  # a column of that name is no log
        return None
    ticket = ticket_from(data)
    if edit := hand_edit(ticket):
        said = f"its log does not have these values: {', '.join(edit.names)}"
        raise Refused(said, "hd commit on its own desk takes in what was edited by hand")
    return ticket.with_log(ticket.log)


def key_of(content: object, occurrence: int = 0) -> str:
    """The key of a record: the same for the same content, whatever file or order it came in."""
    text = json.dumps([content, occurrence], sort_keys=True, ensure_ascii=True, default=str)
    return sha256(text.encode()).hexdigest()[:24]


class Reader:
    """Understands requests as this desk does, at a moment and in the local time zone."""

    def __init__(self, settings: Settings, now: int, zone: tzinfo) -> None:
        self._settings = settings
        self._now = now
        self._zone = zone

    def read(self, data: Mapping[str, Any], key: str) -> Incoming:
        """What a record says. Raises BadData, NotOnDesk, BadUsage, Refused."""
        created, late = self._past(data, "created")
        done_at, _ = self._past(data, "resolved")
        status = self._status(data)
        items = {name: _items(name, data[name]) for name in _LISTS if name in data}
        lists = {name: checked(name, found, (name,)) for name, found in items.items()}
        return Incoming(
            key=key,
            id=_identifier(data),
            at=created,
            request=self._request(data),
            state=self._state(data),
            lists={name: list(items) for name, items in lists.items() if isinstance(items, list)},
            status=status,
            done_at=max(created, done_at) if "resolved" in data else created,
            solution=_text(data, "solution"),
            late=late,
        )

    def _request(self, data: Mapping[str, Any]) -> Request:
        texts: dict[str, Any] = {name: _text(data, name) for name in _REQUEST if name in data}
        due = data.get("due")
        custom = {name: _text(data, name) for name in self._settings.fields if name in data}
        return Request(
            **{"title": "", **texts},
            due=dates.format_utc(self._moment("due", due, deadline=True)) if due else "",
            tags=tuple(_tags(data.get("tags", []))),
            cc=tuple(_items("cc", data.get("cc", []), separator=",")),
            custom=custom,
        )

    def _status(self, data: Mapping[str, Any]) -> str:
        status = _text(data, "status") if "status" in data else ""
        if not status and ("resolved" in data or "solution" in data):
            status = "resolved"
        if status:
            checked("status", status, ("status",))
        if status not in _DONE and ("resolved" in data or "solution" in data):
            raise Refused(f"it has a solution and is {status}")
        return status

    def _state(self, data: Mapping[str, Any]) -> dict[str, Any]:
        state: dict[str, Any] = {}
        for name in _STATE:
            if name in data:
                value = data[name]
                if name in fields.DATES:
                    value = dates.format_utc(self._moment(name, value, deadline=True))
                state[name] = checked(name, value, (name,))
        if "level" in data:
            level = data["level"]
            number = int(level) if isinstance(level, str) and level.isdecimal() else level
            state["level"] = checked("level", number, ("level",))
            if state["level"] > self._settings.last_level:
                raise Refused(
                    f"level {number} is above the desk's last, {self._settings.last_level}"
                )
        return state

    def _past(self, data: Mapping[str, Any], name: str) -> tuple[int, bool]:
        if name not in data:
            return self._now, False
        at = int(self._moment(name, data[name]).timestamp())
        return (self._now, True) if at > self._now else (at, False)

    def _moment(self, name: str, value: object, *, deadline: bool = False) -> datetime:
        """A time in UTC; without an offset it is local. Raises BadData."""
        text = value.strip() if isinstance(value, str) else ""
        try:
            if deadline and len(text) == 10:
                now = datetime.fromtimestamp(self._now, UTC)
                return dates.parse_deadline(text, now, self._zone)
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=self._zone)
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            shown = json.dumps(value, ensure_ascii=False, default=str)[:40]
            raise BadData(
                f"'{name}' is no date and time, such as 2026-11-24T09:12:44+01:00: {shown}"
            ) from None
        return moment


def _identifier(data: Mapping[str, Any]) -> str:
    if "id" not in data:
        return ""
    value = data["id"]
    if not isinstance(value, str) or not ids.ID_PATTERN.fullmatch(value):
        raise BadData("its 'id' is not hd's", "", 0, "--map id=external_id keeps it")
    return value


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadData(f"'{name}' must be text, not {_kind(value)}")
    return value


def _kind(value: object) -> str:
    names = {bool: "true or false", list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), "a number")


def _items(name: str, value: object, separator: str | None = None) -> list[str]:
    if isinstance(value, str):
        value = [each.strip() for each in value.split(separator or "\n") if each.strip()]
    if not isinstance(value, list):
        raise BadData(f"'{name}' must be a list of texts, not {_kind(value)}")
    for each in value:
        if not isinstance(each, str):
            raise BadData(f"'{name}' must be a list of texts, not of {_kind(each)}")
    return value


def _tags(value: object) -> list[str]:
    """Tags apart by spaces or commas; in a list, words that belong together are hyphenated."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return ["-".join(each.split()) for each in _items("tags", value) if each.strip()]


def ticket_of(session: Session, incoming: Incoming, identifier: str) -> Ticket:
    """The ticket of a request, its log with the original dates. Raises NotOnDesk, BadUsage."""
    values = {**values_of(session.settings, incoming.request), **incoming.state}
    level = values["level"]
    if "level" in incoming.state and not incoming.request.team:
        team = session.settings.team_for(level, incoming.request.category)
        values = {n: v for n, v in values.items() if n != "team"} | ({"team": team} if team else {})
    if incoming.status and incoming.status not in _DONE:
        values["status"] = incoming.status
    then = replace(session, now=incoming.at)
    first = first_entry(then, incoming.request, values)
    first = replace(first, action="import", add={**first.add, **incoming.lists})
    log: tuple[Entry, ...] = (first,)
    if incoming.status in _DONE:
        log = (first, _last_entry(session, incoming, first))
    return Ticket(identifier, fold(log), log)


def _last_entry(session: Session, incoming: Incoming, first: Entry) -> Entry:
    number, at = stamp((first,), utc(incoming.done_at))
    body = incoming.solution.replace("\r\n", "\n").strip("\n ")
    action = _DONE[incoming.status]
    return Entry(number, at, session.who.handle, action, {"status": incoming.status}, body=body)
