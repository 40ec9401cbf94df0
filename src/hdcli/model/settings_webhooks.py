"""The section ``webhooks`` of ``desk.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hdcli.errors import BadField, BadQuery
from hdcli.model.schema import Path, brief
from hdcli.model.settings_values import choice, mapping, one_line, optional, require_handle
from hdcli.model.webhook import DEFAULT, FORMS, KNOWN, Webhook

if TYPE_CHECKING:
    from hdcli.model.settings import Settings

_NO_PLACE = "it is no part of the desk: git config hd.webhook.{name}.{key} keeps it in a clone"


def webhooks(data: object) -> dict[str, Webhook]:
    """The hooks by name, checked but for their queries. Raises BadField."""
    found: dict[str, Webhook] = {}
    for name, value in mapping(data, ("webhooks",)).items():
        path: Path = ("webhooks", name)
        require_handle("webhook", name, path)
        found[name] = _webhook(name, mapping(value, path), path)
    return found


def _webhook(name: str, data: Mapping[Any, Any], path: Path) -> Webhook:
    for key in ("url", "secret", "token"):
        if key in data:
            said = _NO_PLACE.format(name=name, key="url" if key == "url" else "secret")
            raise BadField(f"'{key}' of a webhook: {said}", (*path, key))
    form = choice(data, path, "form", FORMS, "json")
    actions = optional(data, "actions", "'actions'", path) or DEFAULT
    for at, each in enumerate(actions):
        if each not in KNOWN:
            said = f"no action '{each}': known are {', '.join(KNOWN)}"
            raise BadField(said, (*path, "actions", at))
    texts = data.get("texts", False)
    if not isinstance(texts, bool):
        raise BadField(f"'texts' must be true or false, not {brief(texts)}", (*path, "texts"))
    query, room = _text(data, "query", path), _text(data, "room", path)
    if form == "matrix" and not room:
        raise BadField("a Matrix webhook needs its 'room', as in '!abc:example.org'", path)
    return Webhook(name, form, actions, query, texts, room)


def _text(data: Mapping[Any, Any], key: str, path: Path) -> str:
    value = data.get(key)
    return "" if value is None else one_line(value, f"'{key}'", (*path, key))


def doubts(settings: Settings) -> Iterator[tuple[tuple[str, ...], str]]:
    """The queries that can't be asked on this desk, each with its path."""
    from hdcli.model import asking
    from hdcli.model.query_parser import parse

    context = asking.context(settings, datetime.fromtimestamp(0, UTC))
    for hook in settings.webhooks.values():
        try:
            parse(hook.query, context)
        except BadQuery as error:
            yield ("webhooks", hook.name, "query"), f"no query: {error.message}"
