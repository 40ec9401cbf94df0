"""What a run of the sender did, and a notice as JSON has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hdcli.errors import RemoteFailed
from hdcli.services.session import utc
from hdcli.store.outbox import Notice


@dataclass(slots=True)
class Report:
    """What a run did. ``began``: it was the first one, which tells of nothing that was before it;
    ``troubled`` is why the mail server took nothing (more)."""

    began: bool = False
    planned: list[Notice] = field(default_factory=list)
    sent: list[Notice] = field(default_factory=list)
    later: list[Notice] = field(default_factory=list)
    failed: list[Notice] = field(default_factory=list)
    unknown: list[Notice] = field(default_factory=list)
    waiting: int = 0
    troubled: RemoteFailed | None = None
    wrong: list[str] = field(default_factory=list)
    """What is told to nobody: of webhooks with something wrong, of before this clone began."""

    @property
    def news(self) -> bool:
        """Whether there is anything to tell of it."""
        return bool(self.began or self.sent or self.later or self.failed or self.unknown)

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        lists = {name: getattr(self, name) for name in ("sent", "later", "failed", "unknown")}
        return {
            "began": self.began,
            **{name: [document(each) for each in found] for name, found in lists.items()},
            "waiting": self.waiting,
            "error": str(self.troubled) if self.troubled else None,
            "wrong": self.wrong,
        }


def document(notice: Notice) -> dict[str, Any]:
    """A notice as JSON has it, without its content; see docs/json.md."""
    return {
        "key": notice.key,
        "kind": notice.kind,
        "event": notice.event,
        "ticket": notice.ticket or None,
        "recipient": notice.recipient or None,
        "subject": notice.subject,
        "state": notice.state,
        "tries": notice.tries,
        "at": utc(notice.at) if notice.at else None,
        "due": utc(notice.due) if notice.state == "queued" and notice.due else None,
        "said": notice.said,
    }
