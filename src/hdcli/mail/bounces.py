"""What a report of a failed delivery says: of which mail, to whom, why, and whether for good."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdcli.mail import decoding
from hdcli.mail.headers import addresses
from hdcli.mail.message import Mail

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_ID_LINE = re.compile(
    r"^[> \t]{0,40}(?:original-)?message-id:[ \t]{0,40}(<[^<>\s]{1,990}>)",
    re.IGNORECASE | re.MULTILINE,
)
_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """``ids`` are the Message-IDs that the report names, the likeliest first.

    ``recipients`` are whom the mail did not reach; ``lasting`` says that trying again is in vain.
    """

    ids: tuple[str, ...]
    recipients: tuple[str, ...]
    reason: str = ""
    status: str = ""
    lasting: bool = False

    @property
    def summary(self) -> str:
        """In one line."""
        who = ", ".join(self.recipients[:5]) or "somebody"
        what = "can't be delivered to" if self.lasting else "is not delivered yet to"
        why = ": ".join(each for each in (self.status, self.reason) if each)
        return f"Mail {what} {who}" + (f" ({why})" if why else "")


def read(mail: Mail) -> Bounce:
    """What a report says, as far as it does."""
    ids: list[str] = []
    for inner in mail.nested:
        ids += inner.headers.ids("message-id")
    fields = _fields(mail)
    ids += _ID_LINE.findall("\n".join(fields.get("original-message-id", [])))
    ids += [f"{each}" for each in fields.get("original-message-id", []) if each.startswith("<")]
    ids += _ID_LINE.findall(mail.text[:_MOST])
    ids += mail.references
    status = next(iter(fields.get("status", [])), "").split(" ")[0]
    action = next(iter(fields.get("action", [])), "").lower()
    diagnostic = next(iter(fields.get("diagnostic-code", [])), "").partition(";")[2].strip()
    if not status and (found := _STATUS.search(mail.text[:_MOST])):
        status = found[0]
    return Bounce(
        ids=tuple(dict.fromkeys(ids)),
        recipients=_recipients(mail, fields),
        reason=" ".join(diagnostic.split())[:200],
        status=status[:20],
        lasting=status.startswith("5") or action == "failed" or (not status and not action),
    )


def _recipients(mail: Mail, fields: dict[str, list[str]]) -> tuple[str, ...]:
    named = fields.get("final-recipient", []) + fields.get("original-recipient", [])
    found = [each for value in named for each in addresses(value)]
    found += [each.mail for each in mail.headers.people("x-failed-recipients") if each.mail]
    return tuple(dict.fromkeys(each.lower() for each in found))[:20]


def _fields(mail: Mail) -> dict[str, list[str]]:
    """The fields of the machine's part of a report, by name in lower case."""
    found: dict[str, list[str]] = {}
    for part in mail.root.walk():
        if part.type not in ("message/delivery-status", "message/disposition-notification"):
            continue
        text = re.sub(r"\n[ \t]+", " ", decoding.text(part.content(_MOST)))
        for line in text.split("\n")[:2000]:
            name, colon, value = line.partition(":")
            if colon and name.strip():
                found.setdefault(name.strip().lower(), []).append(value.strip())
    return found
