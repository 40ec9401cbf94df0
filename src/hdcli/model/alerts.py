"""What monitoring sends, as events: something fires, or has cleared.

Known are the payloads of Prometheus' Alertmanager (webhook, version 4; Grafana sends the same),
Icinga 2 (event streams), Nagios and Icinga (their macros, as names of a JSON object or of the
environment) and Uptime Kuma (webhook). They are told apart by what they have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hdcli.errors import BadData
from hdcli.model.message import one_line

_LONGEST = 20_000
_LONGEST_KEY = 150
# How bad something is: 2 as bad as can be, 0 hardly.
_WORST = {
    **dict.fromkeys(("critical", "page", "error", "fatal", "down", "unreachable", "high"), 2),
    **dict.fromkeys(("warning", "unknown", "medium", ""), 1),
    **dict.fromkeys(("info", "none", "low", "notice"), 0),
}
_FINE = ("ok", "up")
_PROBLEMS = ("problem", "recovery", "")
_MACROS = ("nagios_", "icinga_")
_SERVICE_STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
_HOST_STATES = ("UP", "DOWN")
# What a check of a host found is said as of a service: a warning leaves the host up.
_OF_HOST = {"OK": "UP", "WARNING": "UP", "CRITICAL": "DOWN", "UNKNOWN": "DOWN"}
_EXPIRES = " will expire in "


@dataclass(frozen=True, slots=True)
class Event:
    """Something fires or has cleared. ``key`` names it for good; ``begun`` is when it began, as far
    as its sender says that, and the same for each repetition; ``severity`` is from 0 to 2.

    ``ignored`` says why nothing is to be done.
    """

    key: str
    firing: bool = True
    title: str = ""
    body: str = ""
    severity: int = 1
    begun: str = ""
    ignored: str = ""


def _key(sender: str, name: str) -> str:
    """What names an event, as a ticket holds it: on one line, not too long."""
    text = one_line(name)
    if len(text) > _LONGEST_KEY:
        from hashlib import sha256

        text = sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
    return f"{sender}:{text}"


def events(payload: object) -> list[Event | BadData]:
    """The events in a payload; of a group's alerts one that is wrong is a BadData in its place.

    Raises BadData for what is none of those known, and the BadData that stands for what could not
    be read.
    """
    if isinstance(payload, BadData):
        raise payload
    if isinstance(payload, Mapping):
        if isinstance(payload.get("alerts"), list):
            return [_one_of_group(each) for each in payload["alerts"]]
        if "heartbeat" in payload and "monitor" in payload:
            return [_uptime_kuma(payload)]
        if "check_result" in payload or payload.get("type") in ("Notification", "StateChange"):
            return [_icinga(payload)]
        macros = _macros(payload)
        if "hostname" in macros or "host" in macros:
            return [_nagios(macros)]
    known = "Alertmanager, Icinga, Nagios and Uptime Kuma are known"
    raise BadData("this is no payload of a monitoring that hd knows", remedy=known)


def _one_of_group(alert: object) -> Event | BadData:
    try:
        return _alertmanager(alert)
    except BadData as error:
        return error


def _alertmanager(alert: object) -> Event:
    if not isinstance(alert, Mapping):
        raise BadData("an alert of Alertmanager must be an object")
    labels, notes = _texts(alert.get("labels")), _texts(alert.get("annotations"))
    key = _text(alert.get("fingerprint")) or ",".join(f"{n}={labels[n]}" for n in sorted(labels))
    if not key:
        raise BadData("an alert of Alertmanager has neither a fingerprint nor labels")
    name = labels.get("alertname") or "alert"
    where = labels.get("instance") or labels.get("host") or labels.get("job") or ""
    told = (notes.get("description") or notes.get("message") or "", _listed(labels))
    links = [_text(alert.get("generatorURL")), notes.get("runbook_url", "")]
    return Event(
        _key("alertmanager", key),
        _text(alert.get("status")).lower() != "resolved",
        notes.get("summary") or (f"{name} on {where}" if where else name),
        "\n\n".join(part for part in (*told, *links) if part),
        _severity(labels.get("severity", "")),
        _text(alert.get("startsAt")),
    )


def _uptime_kuma(payload: Mapping[str, Any]) -> Event:
    beat, monitor = payload["heartbeat"], payload["monitor"]
    if not isinstance(beat, Mapping) or not isinstance(monitor, Mapping):
        return _of_uptime_kuma_alone(_text(payload.get("msg")))
    name = _text(monitor.get("name")) or "monitor"
    number = _text(monitor.get("id")) or _text(beat.get("monitorID")) or name
    status = beat.get("status")
    place = _text(monitor.get("url")).removeprefix("https://") or _text(monitor.get("hostname"))
    ignored = {2: "pending, not down yet", 3: "in maintenance"}.get(
        status if isinstance(status, int) else -1, ""
    )
    return Event(
        _key("uptime-kuma", number),
        status != 1,
        f"{name} is down",
        "\n".join(part for part in (_text(beat.get("msg")), place) if part),
        2,
        "",
        ignored,
    )


def _of_uptime_kuma_alone(said: str) -> Event:
    """What comes without a heartbeat: a certificate that runs out, once for some of its last days;
    else somebody tries the webhook."""
    what, expires, _ = said.rpartition(_EXPIRES)
    if not expires:
        return Event("", ignored="a test of Uptime Kuma")
    return Event(_key("uptime-kuma", what), title=said)


def _icinga(payload: Mapping[str, Any]) -> Event:
    result = payload.get("check_result")
    found = result if isinstance(result, Mapping) else {}
    service = _text(payload.get("service"))
    if "state" in payload:
        state = _named(payload["state"], _SERVICE_STATES if service else _HOST_STATES)
    else:
        state = _named(found.get("state"), _SERVICE_STATES)
        state = state if service else _OF_HOST.get(state, state)
    kind = _text(payload.get("notification_type")).lower()
    if payload.get("state_type") == 0:
        kind = "soft state"
    return _checked(
        _text(payload.get("host")), service, state, _text(found.get("output")), kind, "icinga"
    )


def _named(number: object, names: tuple[str, ...]) -> str:
    if isinstance(number, int | float) and 0 <= number < len(names):
        return names[int(number)]
    return _text(number)


def _macros(payload: Mapping[Any, Any]) -> dict[str, str]:
    found = {}
    for name, value in payload.items():
        key = str(name).lower()
        for prefix in _MACROS:
            key = key.removeprefix(prefix)
        found[key] = _text(value)
    return found


def _nagios(macros: Mapping[str, str]) -> Event:
    host = macros.get("hostname") or macros.get("host") or ""
    service = macros.get("servicedesc") or macros.get("service") or ""
    part = "service" if service else "host"
    state = macros.get(f"{part}state") or macros.get("state") or ""
    output = macros.get(f"{part}output") or macros.get("output") or ""
    more = macros.get(f"long{part}output", "").replace("\\n", "\n")
    kind = (macros.get("notificationtype") or macros.get("type") or "").lower()
    return _checked(host, service, state, "\n".join((output, more)).strip(), kind, "nagios")


def _checked(host: str, service: str, state: str, output: str, kind: str, sender: str) -> Event:
    """What Nagios and its relatives say of a host or a service."""
    if not host or not state:
        raise BadData("a check has no host, or no state")
    what = f"{service} on {host}" if service else f"host {host}"
    return Event(
        _key(sender, f"{host}!{service}" if service else host),
        kind != "recovery" and state.lower() not in _FINE,
        f"{what} is {state}",
        output,
        _severity(state),
        ignored="" if kind in _PROBLEMS else f"{kind}, which changes nothing",
    )


def _severity(text: str) -> int:
    return _WORST.get(text.lower(), 1)


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {one_line(str(name)): _text(each) for name, each in value.items()}


def _text(value: object) -> str:
    if value is None or isinstance(value, Mapping | list | bool):
        return ""
    return str(value)[:_LONGEST].strip()


def _listed(labels: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in sorted(labels.items()))
