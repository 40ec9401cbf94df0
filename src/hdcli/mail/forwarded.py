"""Who wrote the mail that an agent forwards: the requester is them, not the agent."""

from __future__ import annotations

from typing import NamedTuple

from hdcli.mail import phrases, quotes
from hdcli.mail.headers import Address, people
from hdcli.mail.message import Mail

_HEADERS = 15


class Original(NamedTuple):
    """The sender and the subject of a forwarded mail; its text, where it is attached."""

    sender: Address
    subject: str
    text: str = ""


def original(mail: Mail) -> Original | None:
    """The mail that another forwards, attached or below its text; None where there is none.

    An attached message counts when nothing else is attached, or the subject says that it forwards.
    """
    attached = list(mail.nested)
    if attached and (mail.forwards or len(mail.attachments) == 1):
        inner = Mail(attached[0].data, attached[0])
        if inner.sender.mail:
            return Original(inner.sender, inner.subject, inner.text)
    return _below(mail)


def _below(mail: Mail) -> Original | None:
    lines = mail.text.split("\n")
    at = quotes.forward_at(mail.text, forwards=mail.forwards)
    sender: Address | None = None
    subject = ""
    for line in lines[at : at + _HEADERS]:
        label, value = quotes.labelled(line)
        if label in phrases.FROM and sender is None:
            found = people(value.replace("[mailto:", "<").replace("]", ">"))
            sender = next((each for each in found if each.mail), None)
        elif label in phrases.SUBJECT and not subject:
            subject = value
    return Original(sender, subject) if sender else None
