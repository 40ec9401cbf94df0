"""How much agents have to do, and who got a ticket last: what a fair share is judged by."""

from __future__ import annotations

import sqlite3


def open_tickets(db: sqlite3.Connection) -> dict[str, int]:
    """How many open tickets each agent has who has any."""
    sql = "SELECT assignee, sum(n) FROM tally WHERE open = 1 AND assignee != '' GROUP BY assignee"
    return {str(agent): int(n) for agent, n in db.execute(sql)}


def last_given(db: sqlite3.Connection, agent: str) -> tuple[str, int]:
    """When the newest ticket of an agent was opened (UTC), and how many of theirs at that second;
    empty and 0 where there is none."""
    sql = """
        SELECT created, count(*) FROM tickets WHERE assignee = ?
        GROUP BY created ORDER BY created DESC LIMIT 1
    """
    row = db.execute(sql, (agent,)).fetchone()
    return (str(row[0]), int(row[1])) if row else ("", 0)
