"""A ticket as a page to read: what it is, what matters now, what was said, what belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hdcli.model import fields
from hdcli.render.conversation import conversation
from hdcli.render.text import pad, safe, safe_block, width, wrap

if TYPE_CHECKING:
    from pathlib import Path

    from hdcli.model.addressbook import Known
    from hdcli.model.concurrent import Lost
    from hdcli.model.settings import Settings
    from hdcli.render.look import Look
    from hdcli.services.sheet import Sheet

UNBROKEN = 1_000_000
"""Columns to wrap to where there is no terminal: lines stay as they are."""
# Said in the header or in a part of its own.
_ELSEWHERE = frozenset(
    (
        *("title", "status", "priority", "level", "team", "assignee", "due", "pending"),
        *("pending_until", "links", "attachments", "merged_into", "aliases"),
        *("procedure", "checklist", "articles", "unhelpful"),
    )
)


def ticket_page(sheet: Sheet, settings: Settings, look: Look, root: Path | None) -> str:
    """The whole page; ``root`` is the work tree, whose files the attachments are."""
    parts = [
        _head(sheet, settings, look),
        [line for each in _now(sheet, settings, look) for line in look.folded(each)],
        _facts(sheet, look),
        _described(sheet, look),
        _procedure(sheet, look),
        [look.palette.heading("Log"), *conversation(sheet, look)],
        _articles(sheet, look),
        _related(sheet, look),
        _attachments(sheet, look, root),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _head(sheet: Sheet, settings: Settings, look: Look) -> list[str]:
    ticket, palette = sheet.ticket, look.palette
    title = wrap(safe(ticket.title), (look.prose or UNBROKEN) - width(ticket.id) - 2)
    first, *more = title.split("\n")
    margin = " " * (width(ticket.id) + 2)
    lines = [f"{palette.id(ticket.id)}  {palette.heading(first)}"]
    lines += [f"{margin}{palette.heading(line)}" for line in more]
    words = [palette.status(safe(ticket.status))]
    if priority := ticket.text("priority"):
        words.append(f"{look.priority(safe(priority))} priority")
    words.append(safe(_level(ticket.level, settings)))
    team, agent = ticket.text("team"), ticket.text("assignee")
    words.append(f"team {safe(team)}" if team else "no team")
    words.append(f"with {safe(_agent(agent, settings))}" if agent else "with nobody")
    return [*lines, *look.folded(margin + ", ".join(words), margin)]


def _level(number: int, settings: Settings) -> str:
    name = next((level.name for level in settings.levels if level.number == number), "")
    return f"level {number} ({name})" if name else f"level {number}"


def _agent(handle: str, settings: Settings) -> str:
    agent = settings.agents.get(handle)
    return f"{handle} ({agent.name})" if agent else handle


def _now(sheet: Sheet, settings: Settings, look: Look) -> Iterator[str]:
    """What matters now, a line each; nothing on a quiet ticket."""
    ticket, palette = sheet.ticket, look.palette
    is_open = ticket.status in fields.OPEN_STATUSES
    if into := ticket.text("merged_into"):
        title = next((r.title for r in sheet.related if r.id == into), "")
        yield f"merged into {palette.id(safe(into))}  {safe(title)}"
    if due := ticket.text("due"):
        late = is_open and look.is_past(due)
        yield palette.overdue(f"overdue: {look.when(due)}") if late else f"due {look.when(due)}"
    if ticket.status == "pending":
        yield _waiting(sheet, look)
    why = sheet.last_escalation
    if why and is_open and ticket.level > 1:
        first = safe(why.body.strip().partition("\n")[0])
        yield f"escalated {look.short(why.at)} by {safe(why.by)}: {first}"
    if ticket.status == "new" and not ticket.text("assignee"):
        yield f"nobody has it yet: hd take {ticket.id}"
    yield from (palette.overdue(_collision(lost)) for lost in sheet.lost)
    if sheet.unlogged:
        names = ", ".join(map(safe, sheet.unlogged))
        yield palette.overdue(f"edited by hand, not in the log yet: {names} (hd commit)")


def _waiting(sheet: Sheet, look: Look) -> str:
    ticket = sheet.ticket
    text = f"waits for the {safe(ticket.text('pending') or 'requester')}"
    if until := ticket.text("pending_until"):
        come = look.is_past(until)
        text += f" until {look.short(until)}" + (", which has come" if come else "")
        return look.palette.overdue(text) if come else text
    return text


def _collision(lost: Lost) -> str:
    """Who set a field without knowing of whom; the value that does not count stays in the log."""
    said = [
        f"{safe(entry.by)}'s {_value(entry.set[lost.field])}" for entry in (lost.counts, lost.lost)
    ]
    return f"two set {safe(lost.field)} at once: {said[0]} counts, not {said[1]}"


def _value(value: object) -> str:
    return "none" if value is None else safe(str(value))


def _facts(sheet: Sheet, look: Look) -> list[str]:
    values = sheet.ticket.values
    shown: dict[str, str] = {}
    for name, value in _rest(values):
        shown[name] = _fact(name, value, look)
        if name == "requester" and sheet.known:
            shown.update((fact, text) for fact, text in _person(sheet.known, look))
    if not shown:
        return []
    longest = max(map(width, shown))
    columns = (look.prose or UNBROKEN) - longest - 2
    return [
        line
        for name, text in shown.items()
        for line in _labelled(name, text, longest, columns, look)
    ]


def _person(known: Known, look: Look) -> Iterator[tuple[str, str]]:
    """What the address book knows of the requester, below their name."""
    for name, items in known.facts().items():
        text = safe(", ".join(items))
        if name == "vip":
            text = look.palette.overdue("yes")
        if name != "name":
            yield f"  {name}", text


def _rest(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in fields.ORDER:
        if name in values and name not in _ELSEWHERE:
            yield name, values[name]
    for name, value in values.items():
        if name not in fields.ORDER:
            yield safe(name), value


def _fact(name: str, value: object, look: Look) -> str:
    if name in fields.DATES:
        return look.when(str(value))
    if name == "csat":
        return f"{value} of 5"
    if isinstance(value, list):
        return safe(", ".join(map(str, value)))
    return safe(str(value))


def _labelled(name: str, text: str, longest: int, columns: int, look: Look) -> Iterator[str]:
    label = pad(name.replace("_", " "), longest)
    for piece in wrap(text, max(20, columns)).split("\n"):
        yield f"{look.palette.dim(label)}  {piece}"
        label = " " * longest


def _described(sheet: Sheet, look: Look) -> list[str]:
    text = sheet.ticket.description.strip("\n")
    if not text.strip():
        return []
    lines = wrap(safe_block(text), look.prose or UNBROKEN).split("\n")
    return [look.palette.heading("Description"), *lines]


def _procedure(sheet: Sheet, look: Look) -> list[str]:
    if sheet.procedure is None:
        return []
    from hdcli.render.checklist import checklist

    is_open = sheet.ticket.status in fields.OPEN_STATUSES
    return list(checklist(sheet.procedure, look, is_open=is_open))


def _related(sheet: Sheet, look: Look) -> list[str]:
    ticket = sheet.ticket
    rows = [
        (safe(r.relation), safe(r.id), safe(r.status or "can't be read"), safe(r.title))
        for r in sheet.related
    ]
    rows += [("also known as", safe(alias), "", "") for alias in ticket.items("aliases")]
    if not rows:
        return []
    first, second, third = (max(width(row[column]) for row in rows) for column in range(3))
    palette = look.palette
    lines = [
        f"{pad(relation, first)}  {palette.id(pad(other, second))}"
        f"  {palette.status(pad(status, third))}  {title}".rstrip()
        for relation, other, status, title in rows
    ]
    return [palette.heading("Related"), *lines]


def _articles(sheet: Sheet, look: Look) -> list[str]:
    if not sheet.articles:
        return []
    palette = look.palette
    rows = [
        (safe(a.relation), safe(a.slug), a.known.title if a.known else "not on this desk", a.known)
        for a in sheet.articles
    ]
    first, second = (max(width(str(row[column])) for row in rows) for column in range(2))
    lines = [palette.heading("Articles")]
    for relation, slug, title, known in rows:
        marks = [known.state] if known and known.state != "published" else []
        marks += ["agents only"] if known and known.audience == "agents" else []
        mark = f" ({', '.join(marks)})" if marks else ""
        named = f"{pad(relation, first)}  {palette.id(pad(slug, second))}"
        lines.append(f"{named}  {safe(title)}{palette.dim(mark)}")
    return lines


def _attachments(sheet: Sheet, look: Look, root: Path | None) -> list[str]:
    from os.path import isfile, relpath

    paths = sheet.ticket.items("attachments")
    if not paths:
        return []
    lines = []
    # Where the ticket's file is away too, it left the work tree for good reason.
    archived = root is not None and not isfile(root / sheet.ticket.path)
    away = look.palette.dim(f"(hd archive --restore {safe(sheet.ticket.id)} fetches it)")
    for path in paths:
        here = safe(relpath(root / path)) if root else safe(path)
        gone = root is not None and not isfile(root / path)  # any path: no error
        mark = away if archived else look.palette.overdue("(not there)")
        lines.append(f"{here}  {mark}" if gone else here)
    return [look.palette.heading("Attachments"), *lines]
