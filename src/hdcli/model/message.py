"""The commit message of an action: a subject that reads like a ledger, the text, the trailers.

The subject stays near git's 72 characters. The trailers are the last paragraph, as git-interpret-
trailers(1) has it; nothing that a person wrote can stand among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hdcli.model import mailed
from hdcli.model.entry import Entry
from hdcli.model.mention import mentions
from hdcli.model.record import Record
from hdcli.model.ticket import Ticket

SUBJECT_WIDTH = 72
MAX_BODY_LINES = 200
MAX_BODY = 20_000
# What could end a line, move the cursor or turn the direction of a line in somebody's `git log`.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# git-interpret-trailers(1) looks for trailers above such a line: a patch's head, or scissors.
_CUTS = re.compile(r"(?m)^(?=---(?:\s|$)|. -{24} >8 -{24})")
_TRAILER_FIELDS = (
    ("status", "Status"),
    ("priority", "Priority"),
    ("category", "Category"),
    ("team", "Team"),
    ("assignee", "Assignee"),
    ("pending", "Pending-On"),
    ("pending_until", "Until"),
    ("due", "Due"),
    ("channel", "Channel"),
    ("requester", "Requester"),
    ("external_id", "External-Id"),
    ("csat", "Csat"),
    ("merged_into", "Merged-Into"),
)
_LISTS = (
    ("tags", "Tags"),
    ("links", "Links"),
    ("attachments", "Attachments"),
    ("watchers", "Watchers"),
)


def one_line(text: str) -> str:
    """The text on one line, without controls; what is not Unicode shows as U+FFFD."""
    if not text.isprintable():  # no control or surrogate is
        text = _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", text))
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """A body as it is stored: lines end in ``\\n``, none are empty at either end."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", unix).strip("\n ")


def commit_message(subject: str, body: str = "", trailers: Iterable[tuple[str, str]] = ()) -> str:
    """A whole commit message; empty trailers are left out."""
    parts = [_shorten(one_line(subject)), _body(body)]
    values = ((name, one_line(value)) for name, value in trailers)
    parts.append("\n".join(f"{name}: {value}" for name, value in values if value))
    return "\n\n".join(part for part in parts if part) + "\n"


def _body(text: str) -> str:
    """The text, or its beginning: the ticket's file has it whole."""
    whole = _CONTROL.sub(" ", paragraphs(text)).strip("\n ")
    lines = whole[:MAX_BODY].split("\n")[:MAX_BODY_LINES]
    if len("\n".join(lines)) < len(whole):
        lines.append("[...]")
    return _CUTS.sub(" ", "\n".join(line.rstrip() for line in lines))


def _shorten(text: str) -> str:
    return text if len(text) <= SUBJECT_WIDTH else text[: SUBJECT_WIDTH - 1].rstrip() + "…"


def message_of(
    before: Record | None,
    after: Record,
    entry: Entry,
    more: Sequence[tuple[str, str]] = (),
) -> str:
    """The message of the commit that adds ``entry`` to a record (None: to a new one)."""
    if isinstance(after, Ticket):
        return ticket_message(before if isinstance(before, Ticket) else None, after, entry, more)
    from hdcli.model.article import Article
    from hdcli.model.articlemessage import article_message

    assert isinstance(after, Article)
    return article_message(before if isinstance(before, Article) else None, after, entry, more)


def ticket_message(
    before: Ticket | None,
    after: Ticket,
    entry: Entry,
    more: Sequence[tuple[str, str]] = (),
) -> str:
    """The message of the commit that adds ``entry`` to a ticket."""
    subject = f"{after.id}: {summary(before, after, entry)}"
    return commit_message(subject, entry.body, [*_trailers(before, after, entry), *more])


def _trailers(before: Ticket | None, after: Ticket, entry: Entry) -> list[tuple[str, str]]:
    found = [("Ticket", after.id), ("Action", entry.action)]
    if before is None:
        found.append(("Level", str(after.level)))
    elif before.level != after.level:
        found += [("From-Level", str(before.level)), ("To-Level", str(after.level))]
    for name, trailer in _TRAILER_FIELDS:
        old, new = (before.text(name) if before else ""), after.text(name)
        if new != old:
            found.append((trailer, new or "none"))
    for name, trailer in _LISTS:
        changes = [f"+{item}" for item in entry.add.get(name, ())]
        changes += [f"-{item}" for item in entry.remove.get(name, ())]
        found += (
            [(trailer, " ".join(changes))]
            if name == "tags"
            else [(trailer[:-1], each) for each in changes]
        )
    for name, trailer in (("articles", "Helped"), ("unhelpful", "Did-Not-Help")):
        found += [(trailer, slug) for slug in entry.add.get(name, ())]
    if entry.action in ("procedure", "step"):
        from hdcli.model.procedure import item_of, slug_of

        found += [("Procedure", slug_of(entry) or "none"), ("Step", item_of(entry))]
    found += [("Mention", name) for name in mentions(entry)]
    found += [("Rule", name) for name in rules_of(entry)]
    return [(name, value) for name, value in found if value]


def summary(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    """What an entry did, in a few words: ``escalate to level 2 (network)``."""
    action = entry.action
    if action in _WORDS:
        return str(_WORDS[action](before, after, entry))
    changed = [*entry.set, *entry.add, *entry.remove]
    return f"{action} {', '.join(changed)}" if changed else action


def rules_of(entry: Entry) -> list[str]:
    """The names of the desk's rules that an entry was made by."""
    found = entry.extra.get("rules")
    return list(map(str, found)) if isinstance(found, Mapping) else []


def _placed(after: Ticket) -> str:
    where = ", ".join(each for each in (after.text("team"), after.text("assignee")) if each)
    return f" ({where})" if where else ""


def _level_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    return f"{entry.action} to level {after.level}{_placed(after)}"


def _assign_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    if after.text("assignee"):
        team = after.text("team") if "team" in entry.set else ""
        return f"assign to {after.text('assignee')}" + (f" ({team})" if team else "")
    if entry.set.get("team"):
        return f"assign to team {after.text('team')}"
    return f"unassign{_placed(after)}"


def _pend_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    until = after.text("pending_until")
    return f"wait for {after.text('pending')}" + (f" until {until[:10]}" if until else "")


def _tag_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    plus = [f"+{tag}" for tag in entry.add.get("tags", ())]
    return "tag " + " ".join(plus + [f"-{tag}" for tag in entry.remove.get("tags", ())])


def _set_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    changed = {**entry.set, **entry.add, **entry.remove}
    if len(changed) > 3:
        return f"{entry.action} {', '.join(changed)}"
    parts = [f"{name}={_short(after.values.get(name))}" for name in changed]
    return f"{entry.action} {', '.join(parts)}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return "none" if value is None else str(value)


def _link_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    added, gone = entry.add.get("links", ()), entry.remove.get("links", ())
    return "; ".join([*added, *(f"no longer {link}" for link in gone)])


def _resolve_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    helped = ", ".join(entry.add.get("articles", ()))
    return f"resolve ({helped})" if helped else "resolve"


def _helpful_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    helped, not_so = (", ".join(entry.add.get(name, ())) for name in ("articles", "unhelpful"))
    return " and ".join(
        [f"{helped} helped"] * bool(helped) + [f"{not_so} did not help"] * bool(not_so)
    )


def _attach_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    if mailed.DIGEST in entry.extra and entry.body:  # the report of a delivery
        return one_line(entry.body.partition("\n")[0])
    names = [path.rpartition("/")[2].partition("-")[2] for path in entry.add.get("attachments", ())]
    return f"attach {', '.join(names)}"


def _alert_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    if entry.set.get("status") == "resolved":
        return "alert cleared"
    return f"alert, {after.text('alerts') or 'again'}"


def _merge_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    target = entry.set.get("merged_into")
    return f"merge into {target}" if target else f"merge in {entry.merged}"


def _procedure_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    from hdcli.model.procedure import deed

    return deed(entry).rstrip()


def _rate_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    score = entry.set.get("csat")
    return f"rate {score} of 5" if score else _text_word(before, after, entry)


def _text_word(before: Ticket | None, after: Ticket, entry: Entry) -> str:
    first = one_line(entry.body.strip().partition("\n")[0])
    return f"{entry.action}: {first}" if first else entry.action


_WORDS: Mapping[str, Any] = {
    "new": lambda before, after, entry: f"new: {after.title}",
    "import": lambda before, after, entry: f"import: {after.title}",
    "assign": _assign_word,
    "take": lambda before, after, entry: f"take ({after.text('assignee')})",
    "triage": lambda before, after, entry: (
        f"triage by rule: {', '.join(rules_of(entry))}"
        if rules_of(entry)
        else _set_word(before, after, entry)
    ),
    "note": _text_word,
    "reply": _text_word,
    "pend": _pend_word,
    "procedure": _procedure_word,
    "step": _procedure_word,
    "escalate": _level_word,
    "deescalate": _level_word,
    "resolve": _resolve_word,
    "helpful": _helpful_word,
    "follow": lambda before, after, entry: "no longer follow" if entry.remove else "follow",
    "reopen": lambda before, after, entry: "reopen",
    "close": lambda before, after, entry: "close",
    "tag": _tag_word,
    "set": _set_word,
    "edit": _set_word,
    "link": _link_word,
    "attach": _attach_word,
    "alert": _alert_word,
    "renumber": lambda before, after, entry: f"renumber, {entry.add['aliases'][0]} before",
    "merge": _merge_word,
    "rate": _rate_word,
    "anonymise": lambda before, after, entry: "anonymise",
    "undo": lambda before, after, entry: f"undo {entry.extra.get('what', '')}",
}
