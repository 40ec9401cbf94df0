"""What came by mail: the keys that entries have for it, beside those of every entry.

| key | holds |
| `from` | who wrote it: `Name <mail>`; the entry is `by` the agent of the intake |
| `message_id` | its Message-ID, in angle brackets |
| `digest` | what tells its content from another's |
| `raw` | the path of the whole message in the desk, while it is kept |
| `quiet` | true where an automatic answer would be wrong |
| `bounced` | the addresses that a mail of ours did not reach |
| `refused` | true where the orders of an agent's mail were not followed |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hdcli.model.entry import Entry
from hdcli.model.ticket import Ticket

FROM = "from"
MESSAGE_ID = "message_id"
DIGEST = "digest"
RAW = "raw"
QUIET = "quiet"
BOUNCED = "bounced"
REFUSED = "refused"


class Arrived(NamedTuple):
    """A message that an entry was made of: its id (perhaps empty), its digest, the entry's action
    and time."""

    message_id: str
    digest: str
    action: str
    at: str


def written_by(entry: Entry) -> str:
    """Who wrote what an entry says: a requester by mail, else who the entry is by."""
    return sender(entry) or entry.by


def sender(entry: Entry) -> str:
    """Who sent the mail that an entry was made of; empty for an agent's own entry."""
    found = entry.extra.get(FROM, "")
    return found if isinstance(found, str) else ""


def messages(ticket: Ticket) -> Iterator[Arrived]:
    """The messages that a ticket's own entries were made of."""
    for entry in ticket.log:
        digest, message_id = entry.extra.get(DIGEST), entry.extra.get(MESSAGE_ID, "")
        if isinstance(digest, str) and isinstance(message_id, str) and not entry.of:
            yield Arrived(message_id, digest, entry.action, entry.at)
