"""How much agents have to do, and who got a ticket last: what a fair share is judged by."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


def open_tickets(db: sqlite3.Connection) -> dict[str, int]:
    """How many open tickets each agent has who has any."""
    sql = "SELECT assignee, sum(n) FROM tally WHERE open = 1 AND assignee != '' GROUP BY assignee"
    return {str(agent): int(n) for agent, n in db.execute(sql)}


class Turn(NamedTuple):
    """When an agent's newest ticket was opened (UTC), how many of theirs at that second, and how
    many they have had: who comes first by these has waited longest."""

    at: str = ""
    then: int = 0
    ever: int = 0


def turn(db: sqlite3.Connection, agent: str) -> Turn:
    """An agent's turn."""
    sql = """
        SELECT created, count(*), sum(count(*)) OVER () FROM tickets WHERE assignee = ?
        GROUP BY created ORDER BY created DESC LIMIT 1
    """
    row = db.execute(sql, (agent,)).fetchone()
    return Turn(*row) if row else Turn()
