"""What state the cache's file is in, looked at without building or changing it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

from hdcli.store import tables
from hdcli.store.cache import NAME, meta

State = Literal["none", "sound", "other version", "busy", "damaged"]


def look(folder: Path) -> tuple[State, str]:
    """The state of the cache in a folder, and the commit that it reflects."""
    place = folder / NAME
    if not place.exists():
        return "none", ""
    try:
        with closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True, timeout=0)) as db:
            if db.execute("PRAGMA user_version").fetchone()[0] != tables.VERSION:
                return "other version", ""
            db.execute("SELECT count(*) FROM tally").fetchone()
            return "sound", meta(db, "head") or ""
    except sqlite3.DatabaseError as error:
        return ("busy" if "locked" in str(error) else "damaged"), ""
