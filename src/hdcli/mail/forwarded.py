"""Who wrote the mail that an agent forwards: the requester is them, not the agent."""

from __future__ import annotations

import re
from typing import NamedTuple

from hdcli.mail import phrases, quotes
from hdcli.mail.headers import Address, addresses
from hdcli.mail.message import Mail

_HEADERS = 15
_LONGEST = 500  # of a line that names somebody
# <bob@example.org>, [mailto:bob@example.org], (<bob@example.org>), <bob@x.org<mailto:bob@x.org>>
_ADDRESS = re.compile(
    r"\s*[\[(<]+(?:mailto:)?([^\s<>\[\]()]{1,64}@[^\s<>\[\]()]{1,255})(?:<mailto:[^>]*>)?[\])>]+"
)
_NAMED = re.compile(r"^[\s\"'„«“]*([^<>]{0,80}?)[\s\"'”»]*<([^<>]+@[^<>]+)>")
# The same in a line that says when they wrote: in quotes, or behind a comma.
_WITHIN = re.compile(r"(?:[\"„«“]\s*|,\s*)([^,<>\d\"„«“”»]{2,80}?)[\s\"”»]*<([^<>]+@[^<>]+)>")


class Original(NamedTuple):
    """The sender, the subject and the text of a forwarded mail; no text where none was found."""

    sender: Address
    subject: str
    text: str = ""


def original(mail: Mail) -> Original | None:
    """The mail that another forwards, attached or below its text; None where there is none. Below
    the text it is with the lines that say who wrote it, if nobody can tell where these end.

    An attached message counts when nothing else is attached, or the subject says that it forwards.
    """
    attached = list(mail.nested)
    if attached and (mail.forwards or len(mail.attachments) == 1):
        inner = Mail(attached[0].data, attached[0])
        if inner.sender.mail:
            return Original(inner.sender, inner.subject, inner.text)
    return _below(mail)


def remark(mail: Mail, text: str) -> str:
    """What stands above the forwarded mail in a text of that mail (and below it, where its lines
    are marked as a quote): the words of who forwards it."""
    lines = text.split("\n")
    at = quotes.forward_at(text, forwards=mail.forwards)
    marked = _marked(lines[at:])
    ends = at + len(marked) if marked else len(lines)
    words = ("\n".join(each).strip() for each in (lines[:at], lines[ends:]))
    return "\n\n".join(filter(None, words))


def _below(mail: Mail) -> Original | None:
    at = quotes.forward_at(mail.text, forwards=mail.forwards)
    lines = _bare(mail.text.split("\n")[at:])
    labels, begins = _labels(lines)
    sender = _person(labels.get("from", ""))
    if sender is None and not labels:
        begins = quotes.attribution_at(lines)
        sender = _person(" ".join(lines[:begins]), _WITHIN)
    if sender is None:
        return None
    text = "\n".join(lines[begins:]).strip() or "\n".join(lines).strip()
    return Original(sender, labels.get("subject", ""), text)


def _bare(lines: list[str]) -> list[str]:
    """The lines of a forwarded mail, without the marks of a quote where all of them have one, and
    each label on a line of its own."""
    if marked := _marked(lines):
        lines = [line.removeprefix(">").removeprefix(" ") for line in marked]
    if lines and lines[0].lstrip().startswith("-"):
        return [*phrases.LABELS_WITHIN.sub("\n", lines[0]).split("\n"), *lines[1:]]
    return lines


def _marked(lines: list[str]) -> list[str]:
    """The lines of a forwarded mail whose lines are marked as a quote; none for another."""
    if not any(line.startswith(">") for line in lines[:3]):
        return []
    last = max(at for at, line in enumerate(lines) if line.startswith(">"))
    return lines[: last + 1]


def _labels(lines: list[str]) -> tuple[dict[str, str], int]:
    """What a header block says, by ``from``, ``subject`` and the like, and where it ends."""
    found: dict[str, str] = {}
    kinds = [quotes.kind_of(line) for line in lines[:_HEADERS]]
    last, ends = "", 0
    for at, line in enumerate(lines[:_HEADERS]):
        if kind := kinds[at]:
            if found and not lines[at - 1].strip() and kind in found:
                break  # the text begins as a block does
            found.setdefault(kind, quotes.labelled(line)[1])
            ends = at + 1
        elif line.strip() and found:
            if not any(kinds[at + 1 : at + 3]) or not lines[at - 1].strip():
                break
            if last == "subject":
                found["subject"] += f" {line.strip()}"  # it went on in this line
        last = kind
    return found, ends


def _person(said: str, pattern: re.Pattern[str] = _NAMED) -> Address | None:
    """Who is named in a line, however programs write their address."""
    plain = _ADDRESS.sub(r" <\1>", said[:_LONGEST])
    if found := pattern.search(plain):
        return Address(found[1], found[2])
    mails = addresses(plain)
    return Address("", mails[0]) if mails else None
