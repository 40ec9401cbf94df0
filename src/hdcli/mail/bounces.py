"""What a report of a failed delivery says: of which mail, to whom, why, and whether for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hdcli.mail import decoding
from hdcli.mail.headers import addresses
from hdcli.mail.message import Mail

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_ID_LINE = re.compile(
    r"^[> \t]{0,40}(?:original-)?message-id:[ \t]{0,40}(<[^<>\s]{1,990}>)",
    re.IGNORECASE | re.MULTILINE,
)
_ID = re.compile(r"<[^<>\s]{1,990}>")
_RECIPIENT = ("final-recipient", "original-recipient")
_OF_RECIPIENT = {*_RECIPIENT, "action"}
_ARRIVED = ("delivered", "relayed", "expanded")
_MOST = 200_000
_MOST_BLOCKS = 500


@dataclass(frozen=True, slots=True)
class Bounce:
    """``ids`` are the Message-IDs that the report names, the likeliest first.

    ``recipients`` are whom the mail did not reach; ``lasting`` says that trying again is in vain,
    ``arrived`` that the report is of success.
    """

    ids: tuple[str, ...]
    recipients: tuple[str, ...]
    reason: str = ""
    status: str = ""
    lasting: bool = False
    arrived: bool = False

    @property
    def summary(self) -> str:
        """In one line."""
        who = ", ".join(self.recipients[:5]) or "somebody"
        what = "can't be delivered to" if self.lasting else "is not delivered yet to"
        why = ": ".join(each for each in (self.status, self.reason) if each)
        return f"Mail {what} {who}" + (f" ({why})" if why else "")


def read(mail: Mail) -> Bounce:
    """What a report says, as far as it does."""
    blocks = list(_blocks(mail))
    told = [each for each in blocks if each.keys() & _OF_RECIPIENT]
    late = [each for each in told if each.get("action", "").lower() not in _ARRIVED]
    failed = [each for each in late if _is_lasting(each)] or late
    first = failed[0] if failed else {}
    if not told and (found := _STATUS.search(mail.text[:_MOST])):
        first = {"status": found[0]}
    diagnostic = first.get("diagnostic-code", "").partition(";")[2]
    return Bounce(
        ids=_ids(mail, blocks),
        recipients=_recipients(mail, failed),
        reason=" ".join(diagnostic.split())[:200],
        status=first.get("status", "").split(" ")[0][:20],
        lasting=_is_lasting(first),
        arrived=bool(told) and not late,
    )


def _is_lasting(block: dict[str, str]) -> bool:
    action = block.get("action", "").lower()
    return action == "failed" or (action != "delayed" and block.get("status", "")[:1] != "4")


def _ids(mail: Mail, blocks: list[dict[str, str]]) -> tuple[str, ...]:
    ids: list[str] = []
    for inner in mail.nested:
        ids += inner.headers.ids("message-id")
    ids += [found for each in blocks for found in _ID.findall(each.get("original-message-id", ""))]
    ids += _ID_LINE.findall(mail.text[:_MOST])
    return tuple(dict.fromkeys((*ids, *mail.references)))


def _recipients(mail: Mail, blocks: list[dict[str, str]]) -> tuple[str, ...]:
    named = (each.get(name, "") for name in _RECIPIENT for each in blocks)
    found = [each for value in named for each in addresses(value)]
    found += [each.mail for each in mail.headers.people("x-failed-recipients") if each.mail]
    return tuple(dict.fromkeys(each.lower() for each in found))[:20]


def _blocks(mail: Mail) -> Iterator[dict[str, str]]:
    """What the machine's part of a report says of the mail, and of each recipient: the values of
    fields by their names in lower case."""
    for part in mail.root.walk():
        if part.type not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        text = re.sub(r"\n[ \t]+", " ", decoding.text(part.content(_MOST)))
        for block in text.split("\n\n")[:_MOST_BLOCKS]:
            pairs = (line.partition(":") for line in block.split("\n"))
            found = {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
            if found:
                yield found
