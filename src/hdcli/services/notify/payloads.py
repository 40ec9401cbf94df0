"""What a webhook is told of an entry, in the form that the other side reads.

A title or a text is a stranger's: in no form can it call a room, or look like anything but words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hdcli.model import happening, mailed
from hdcli.model.entry import Entry
from hdcli.model.message import one_line, summary
from hdcli.model.person import address, name
from hdcli.model.schema import document
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.model.webhook import Webhook

_MOST = 1500
_MARKS = re.compile(r"([\\`*_\[\]#<>&~|])")
_ABOUT = ("title", "status", "level", "priority", "category", "team", "assignee", "updated")
_SAID = ("note", "reply")
_CHANGING = ("set", "edit", "triage")
_BARE = ("new", "attach", "step")


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of a ticket, which it turned from ``before`` (None: nothing) into ``after``; the
    commit that brought it."""

    before: Ticket | None
    after: Ticket
    entry: Entry
    commit: str

    @property
    def reopens(self) -> bool:
        """Whether a solved ticket is open again, as by an answer of its requester."""
        before = self.before.values if self.before else {}
        return happening.for_requester(before, self.after.values, self.entry) == "reopened"


def line(settings: Settings, hook: Webhook, what: Happened) -> str:
    """What was done, on one line: ``HD-7K3QF escalate to level 2 by Alice: Printer jams``."""
    who, title = _who(settings, what, named=hook.texts), one_line(what.after.title)
    return f"{what.after.id} {_deed(what)} by {who}: {title}"


def payload(settings: Settings, hook: Webhook, what: Happened, key: str) -> bytes:
    """The body of the request that tells a hook; ``key`` names it."""
    if hook.form == "json":
        data = _plain(settings, hook, what, key)
    else:
        text = what.entry.body.strip("\n") if hook.texts else ""
        shown = f"{text[:_MOST].rstrip()} […]" if len(text) > _MOST else text
        data = _FORMS[hook.form](line(settings, hook, what), shown)
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")


def probe(settings: Settings, hook: Webhook, key: str) -> bytes:
    """The body of a request that tells a hook of nothing."""
    said = f"{settings.name}: hd tells this room what is done on tickets"
    data = (
        {"format": 1, "key": key, "hook": hook.name, "action": "ping", "line": said}
        if hook.form == "json"
        else _FORMS[hook.form](said, "")
    )
    return json.dumps(data, ensure_ascii=False).encode()


def _deed(what: Happened) -> str:
    """What was done, in words that are nobody's: those of a text are not for every room, nor are
    the names of files and whatever a field was set to."""
    entry, action = what.entry, what.entry.action
    if action in _SAID:
        by_mail = "answer by mail, open again," if what.reopens else "answer by mail"
        return by_mail if mailed.sender(entry) else action
    if action in _CHANGING:
        return f"{action} {', '.join([*entry.set, *entry.add, *entry.remove])}"
    return action if action in _BARE else summary(what.before, what.after, entry)


def _who(settings: Settings, what: Happened, *, named: bool) -> str:
    """Who did it; of somebody who wrote by mail the name alone, and only where it may be told."""
    if writer := mailed.sender(what.entry):
        return (one_line(name(writer)) if named else "") or "the requester"
    agent = settings.agents.get(what.entry.by)
    return agent.name if agent else one_line(name(what.entry.by)) or "somebody"


def _plain(settings: Settings, hook: Webhook, what: Happened, key: str) -> dict[str, Any]:
    entry, values = what.entry, document(what.after)
    about = {"id": what.after.id, **{each: values.get(each) for each in _ABOUT}}
    data: dict[str, Any] = {
        "format": 1,
        "key": key,
        "hook": hook.name,
        "commit": what.commit,
        "entry": entry.id,
        "at": entry.at,
        "action": entry.action,
        "by": entry.by if entry.by in settings.agents else None,
        "line": line(settings, hook, what),
        "ticket": about,
    }
    if hook.texts:
        about["requester"] = values.get("requester")
        data["from"] = address(mailed.sender(entry)) or None
        data["body"] = entry.body
    return data


def _slack(first: str, text: str) -> dict[str, Any]:
    said = f"{first}\n\n{text}" if text else first
    for sign, entity in (("&", "amp"), ("<", "lt"), (">", "gt")):  # <!channel> calls all of a room
        said = said.replace(sign, f"&{entity};")
    quiet = {"mrkdwn": False, "parse": "none", "unfurl_links": False, "unfurl_media": False}
    return {"text": said, **quiet}


def _mattermost(first: str, text: str) -> dict[str, Any]:
    quoted = "\n".join(f"> {_escaped(each)}" for each in text.split("\n")) if text else ""
    return {"text": f"{_escaped(first)}\n\n{quoted}".rstrip()}


def _escaped(text: str) -> str:
    """A text that Markdown shows as it is, and in which an ``@`` calls nobody."""
    return _MARKS.sub(r"\\\1", text).replace("@", "@\u200b")


def _teams(first: str, text: str) -> dict[str, Any]:
    parts = [({"weight": "Bolder"}, first), *([({}, text)] if text else [])]
    blocks = [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **how, "text": said}]}
        for how, said in parts  # of runs alone no mark means anything
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def _matrix(first: str, text: str) -> dict[str, Any]:
    said = f"{first}\n{text}" if text else first
    return {"msgtype": "m.notice", "body": said, "m.mentions": {}}


_FORMS: Mapping[str, Callable[[str, str], dict[str, Any]]] = {
    "slack": _slack,
    "mattermost": _mattermost,
    "teams": _teams,
    "matrix": _matrix,
}
