"""An article drafted from a solved ticket: what was wrong, why, what helped, what was answered.

Who reviews the draft decides what of it may stay: what the ticket does not say, and what is to be
checked, stands in lines that keep it from being published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hdcli.errors import Refused
from hdcli.model.entry import Entry
from hdcli.model.fields import OPEN_STATUSES
from hdcli.model.fold import undone
from hdcli.model.mailed import sender
from hdcli.model.procedure import MARKS
from hdcli.model.ticket import Ticket
from hdcli.services.articles import OPEN_POINT, Wanted

# Headings, and what to ask for where the ticket says nothing.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "check": "drafted from {id}: shorten it, generalise it, take out names and secrets",
        "problem": "Problem",
        "cause": "Cause",
        "no cause": "say what the cause was, or take this part out",
        "notes": "from the agents' notes; keep what explains the cause",
        "solution": "Solution",
        "no solution": "say what solved it, step by step",
        "seen": "What the requester saw",
    },
    "fr": {
        "check": "tiré de {id} : raccourcir, généraliser, ôter noms et secrets",
        "problem": "Problème",
        "cause": "Cause",
        "no cause": "dire la cause, ou ôter cette partie",
        "notes": "d'après les notes des agents ; garder ce qui explique la cause",
        "solution": "Solution",
        "no solution": "dire ce qui a résolu le problème, pas à pas",
        "seen": "Ce que la personne a vu",
    },
}


def drafted(ticket: Ticket, language: str) -> Wanted:
    """The article that a ticket gives, in the language of its headings (others get English ones).

    Raises Refused for a ticket that is still open.
    """
    if ticket.status in OPEN_STATUSES:
        raise Refused(
            f"{ticket.id} is {ticket.status}: an article comes from a solved ticket",
            f"hd resolve {ticket.id} -m SOLUTION",
        )
    return Wanted(
        title=ticket.title,
        body=_body(ticket, _WORDS.get(language.partition("-")[0], _WORDS["en"])),
        language=language,
        category=ticket.text("category"),
        tags=ticket.items("tags"),
        sources=(ticket.id,),
    )


def _body(ticket: Ticket, words: Mapping[str, str]) -> str:
    gone = undone(ticket.log)
    log = [entry for entry in ticket.log if entry.body.strip() and entry.id not in gone]
    notes = _texts(log, "note", "escalate", "deescalate")
    solved = _texts(log, "resolve")[-1:]
    seen = _texts([entry for entry in log if not sender(entry)], "reply")
    parts = [
        _point(words["check"].format(id=ticket.id)),
        f"## {words['problem']}",
        ticket.description.strip("\n") or ticket.title,
        f"## {words['cause']}",
        *([_point(words["notes"]), *notes] if notes else [_point(words["no cause"])]),
        f"## {words['solution']}",
        *(solved or [_point(words["no solution"])]),
    ]
    if seen:
        parts += [f"## {words['seen']}", *map(_quoted, seen)]
    return "\n\n".join(parts)


def _texts(log: Iterable[Entry], *actions: str) -> list[str]:
    return [_listed(entry.body.strip("\n")) for entry in log if entry.action in actions]


def _listed(text: str) -> str:
    """A text with the checklist of a procedure, where it has one, as a list in Markdown."""
    marks = tuple(f"{mark} " for mark in MARKS.values())
    return "\n".join(f"- {line}" if line.startswith(marks) else line for line in text.split("\n"))


def _point(text: str) -> str:
    return f"{OPEN_POINT} {text} -->"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
