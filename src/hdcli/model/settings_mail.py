"""The section ``mail`` of ``desk.yaml``: the desk's addresses, what may come in, who sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hdcli.errors import BadField
from hdcli.model.schema import Path, brief
from hdcli.model.settings import Mail
from hdcli.model.settings_agents import ADDRESS
from hdcli.model.settings_values import mapping, one_line, optional

_HERE: Path = ("mail",)
_MB = range(1001)
_DAYS = range(100_001)
_RATE = range(1, 100_001)
_HOURS = range(10_001)
_DEFAULT = Mail()
# Who can commit must not say where mail and a password go, and a password is nobody's to read.
_ELSEWHERE = ("password", "smtp", "imap")


def mail(data: object) -> Mail:
    """The section, checked. Raises BadField."""
    found = mapping(data, _HERE)
    for key in _ELSEWHERE:
        if key in found:
            said = "is no part of the desk: git config hd.smtp and git's credential helper have it"
            raise BadField(f"'{key}' {said}", (*_HERE, key))
    addresses = optional(found, "addresses", "'addresses'", _HERE)
    for at, each in enumerate(addresses):
        if not ADDRESS.fullmatch(each):
            raise BadField(f"{brief(each)} is no address", (*_HERE, "addresses", at))
    return Mail(
        addresses,
        optional(found, "authservers", "'authservers'", _HERE),
        optional(found, "machines", "'machines'", _HERE),
        _number(found, "rate", _RATE, _DEFAULT.rate),
        _number(found, "reopen_days", _DAYS, _DEFAULT.reopen_days),
        _number(found, "keep", _MB, _DEFAULT.keep),
        _number(found, "keep_days", _DAYS, _DEFAULT.keep_days),
        one_line(found["sender"], "'sender'", (*_HERE, "sender")) if found.get("sender") else "",
        _flag(found, "plus"),
        _number(found, "prompt", _HOURS, _DEFAULT.prompt),
        _number(found, "progress", _HOURS, _DEFAULT.progress),
    )


def _flag(data: Mapping[Any, Any], name: str) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise BadField(f"'{name}' must be true or false, not {brief(value)}", (*_HERE, name))
    return value


def _number(data: Mapping[Any, Any], name: str, known: range, default: int) -> int:
    value = data.get(name, default)
    if type(value) is not int or value not in known:
        limits = f"from {known[0]} to {known[-1]}"
        raise BadField(f"'{name}' must be a number {limits}, not {brief(value)}", (*_HERE, name))
    return value
