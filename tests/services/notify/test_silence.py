"""Who has heard nothing for long, by the desk's working hours."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hdcli.services.notify.silence import silences
from hdcli.services.session import utc
from hdcli.store.desk import Desk
from hdcli.store.outbox import Notice, Outbox
from support import DeskFolder

HOURS = """
mail: {prompt: 4, progress: 4}
hours: {mon-fri: "09:00-17:00"}
"""


def test_silence_is_told_in_working_hours_and_since_it_was_last_told(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    settings = a_desk.path / "desk.yaml"
    settings.write_text(settings.read_text() + HOURS)
    a_desk.hd("commit")
    ticket = a_desk.new("Jam", "-r", "ana@example.com")
    created = a_desk.ticket(ticket).text("created")
    today = datetime.now(UTC).replace(hour=12, minute=0, second=0)
    monday = today + timedelta(days=14 - today.weekday())
    with closing(Desk.open(Path(a_desk.path))) as desk, closing(Outbox(tmp_path)) as outbox:

        def told(at: datetime) -> list[tuple[str, str]]:
            found = list(silences(desk, outbox, "", int(at.timestamp())))
            ids.extend(each.commit for each in found)
            return [(each.name, each.since) for each in found]

        ids: list[str] = []

        assert told(monday) == [("agent-quiet", created), ("progress", created)]
        assert told(monday + timedelta(hours=6)) == []
        for name in ("agent-quiet", "progress"):
            notice = Notice(name, "mail", name, ticket, "", "", 1, "", b"")
            outbox.plan([notice], {}, int(monday.timestamp()))
        later = utc(int(monday.timestamp()))
        assert told(monday + timedelta(hours=3)) == []
        assert told(monday + timedelta(days=1)) == [("agent-quiet", created), ("progress", later)]
        assert len(set(ids)) == 4  # a mail program shows one of a Message-ID
