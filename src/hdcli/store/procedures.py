"""Questions to the cache about procedures: which can be followed, and how they are used."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class Listed(NamedTuple):
    """A published article with steps; ``followed`` counts open tickets that follow it now,
    ``solved`` the tickets that it helped to solve."""

    slug: str
    title: str
    category: str
    language: str
    steps: int
    followed: int
    solved: int


def published(db: sqlite3.Connection, category: str = "", language: str = "") -> list[Listed]:
    """The procedures that can be followed, by category; of one category or language if named."""
    found = db.execute(
        """
        SELECT slug, title, category, language, steps,
            (SELECT count(*) FROM tickets WHERE procedure = slug AND procedure != '' AND open = 1),
            (SELECT count(*) FROM helped WHERE helped.slug = articles.slug AND good = 1)
        FROM articles WHERE state = 'published' AND steps > 0
            AND :category IN ('', category) AND :language IN ('', language)
        ORDER BY category = '', category, slug
        """,
        {"category": category, "language": language},
    )
    return [Listed(*row) for row in found]
