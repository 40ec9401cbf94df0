"""What tickets were sorted as: values of those that somebody has looked at."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence


def values(
    db: sqlite3.Connection, tickets: Sequence[str], fields: Sequence[str]
) -> dict[str, dict[str, str]]:
    """The values of some fields (columns of the cache) by ticket; those that are new and have no
    category yet, or were merged into another, are left out."""
    sql = f"""
        SELECT id, {", ".join(fields)} FROM tickets
        WHERE id IN (SELECT value FROM json_each(?)) AND merged = ''
        AND (status != 'new' OR category != '')
    """  # noqa: S608 - the names are hd's own
    found = db.execute(sql, (json.dumps(tickets),))
    return {
        str(row[0]): {name: str(value or "") for name, value in zip(fields, row[1:], strict=True)}
        for row in found
    }
