"""Who wrote the mail that an agent forwards: the requester is them, not the agent."""

from __future__ import annotations

from typing import NamedTuple

from hdcli.mail import phrases, quotes
from hdcli.mail.headers import Address, people
from hdcli.mail.message import Mail

_HEADERS = 15


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
    """What stands above the forwarded mail in a text of that mail: the words of who forwards it."""
    at = quotes.forward_at(text, forwards=mail.forwards)
    return "\n".join(text.split("\n")[:at]).strip()


def _below(mail: Mail) -> Original | None:
    lines = mail.text.split("\n")
    at = quotes.forward_at(mail.text, forwards=mail.forwards)
    sender: Address | None = None
    subject, begins = "", at
    for number, line in enumerate(lines[at : at + _HEADERS], at):
        label, value = quotes.labelled(line)
        if sender and not line.strip():
            begins = number + 1
            break
        if label in phrases.FROM and sender is None:
            found = people(value.replace("[mailto:", "<").replace("]", ">"))
            sender = next((each for each in found if each.mail), None)
        elif label in phrases.SUBJECT and not subject:
            subject = value
    text = "\n".join(lines[begins:]).strip()
    return Original(sender, subject, text) if sender else None
