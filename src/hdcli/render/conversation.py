"""The log of a ticket as a conversation: replies, notes for agents, and what was done between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hdcli.model.fields import DATES
from hdcli.model.mailed import sender, written_by
from hdcli.render.text import safe, safe_block, wrap

if TYPE_CHECKING:
    from hdcli.model.entry import Entry
    from hdcli.render.look import Look
    from hdcli.services.sheet import Sheet

UNBROKEN = 1_000_000
_NOTE_BAR = "  | "
_INDENT = "    "
_SAID = {
    "pending": "for",
    "pending_until": "until",
    "merged_into": "into",
    "attachments": "file",
    "links": "link",
    "watchers": "watcher",
}
_VERDICTS = {"articles": "helped", "unhelpful": "did not help"}
_SAYS_STATUS = frozenset(("set", "edit", "undo"))
_BY_MAIL = {"reply": "answer by mail", "new": "new, by mail", "attach": "mail attached"}
_KINDS = {"reply": "reply to the requester", "note": "note for agents"}


def conversation(sheet: Sheet, look: Look) -> Iterator[str]:
    """The lines of all entries, the oldest first; those with a text stand apart."""
    apart = False
    for index, entry in enumerate(sheet.ticket.log):
        opening = index == 0 and not entry.of  # its text is the description
        says = bool(entry.body.strip()) and not opening
        if index and (says or apart):
            yield ""
        back = entry.id in sheet.taken_back
        yield _heading(entry, look, taken_back=back)
        if says:
            yield from _text(entry, look, taken_back=back)
        apart = says


def _heading(entry: Entry, look: Look, *, taken_back: bool) -> str:
    palette = look.palette
    words = f"{look.short(entry.at)}  {safe(written_by(entry))}  {_deed(entry, look)}"
    if entry.of:
        words += f" (on {safe(entry.of)})"
    if taken_back:
        return palette.dim(f"{words} (taken back)")
    colours = {"reply": palette.reply, "resolve": palette.reply, "note": palette.note}
    return colours.get(entry.action, palette.heading)(words)


def _text(entry: Entry, look: Look, *, taken_back: bool) -> Iterator[str]:
    margin = _NOTE_BAR if entry.action == "note" else _INDENT
    text = wrap(safe_block(entry.body.strip("\n")), (look.prose or UNBROKEN) - len(margin))
    for line in text.split("\n"):
        yield look.palette.dim(margin + line) if taken_back else (margin + line).rstrip()


def _deed(entry: Entry, look: Look) -> str:
    """What was done: ``escalate: level 2, team network``."""
    if entry.action in ("procedure", "step"):
        from hdcli.model.procedure import deed

        return safe(deed(entry))
    words = [_KINDS.get(entry.action, safe(entry.action))]
    if sender(entry):
        words = [_BY_MAIL.get(entry.action, safe(entry.action))]
    if entry.undoes and (what := entry.extra.get("what")):
        words.append(safe(str(what)))
    if entry.merged:
        words.append(f"{safe(entry.merged)} into this")
    changes = [] if entry.action in ("new", "import") else list(_changes(entry, look))
    said = " ".join(words) + (f": {', '.join(changes)}" if changes else "")
    return said + _by_rules(entry)


def _by_rules(entry: Entry) -> str:
    """Which rule of the desk did what: `` (rule vpn: category, team)``."""
    rules = entry.extra.get("rules")
    if not isinstance(rules, Mapping) or not rules:
        return ""
    did = (
        safe(f"{rule}: {', '.join(map(str, each))}" if isinstance(each, list) else str(rule))
        for rule, each in rules.items()
    )
    return f" (rule{'s' if len(rules) > 1 else ''} {'; '.join(did)})"


def _changes(entry: Entry, look: Look) -> Iterator[str]:
    for name, value in entry.set.items():
        implied = name == "status" and entry.action not in _SAYS_STATUS
        ended = name in ("pending", "pending_until") and value is None
        own = name == "assignee" and value == entry.by
        if not (implied or ended or own):
            yield _change(name, value, look)
    if sender(entry) and entry.action == "reply" and entry.set.get("status") == "open":
        yield "open again"
    yield from _items("+", entry.add)
    yield from _items("-", entry.remove)


def _change(name: str, value: object, look: Look) -> str:
    if name == "csat" and value is not None:
        return f"{value} of 5"
    said = _SAID.get(name, safe(name))
    if value is None:
        return f"no {said}"
    return f"{said} {look.short(str(value)) if name in DATES else safe(str(value))}"


def _items(sign: str, changes: Mapping[str, Any]) -> Iterator[str]:
    for name, values in changes.items():
        if name in _VERDICTS:  # only the last word is of interest
            yield from (f"{safe(str(each))} {_VERDICTS[name]}" for each in values if sign == "+")
            continue
        for value in values:
            text = safe(str(value).rpartition("/")[2] if name == "attachments" else str(value))
            yield (
                f"{sign}{text}" if name == "tags" else f"{sign}{_SAID.get(name, safe(name))} {text}"
            )
