"""What a query may refer to on a desk: its names, its hours, who asks and when."""

from __future__ import annotations

from datetime import datetime, tzinfo

from hdcli.model.query import QueryContext
from hdcli.model.settings import Settings


def context(
    settings: Settings, now: datetime, zone: tzinfo | None = None, me: str | None = None
) -> QueryContext:
    """A query's context. ``now`` is aware; days are those of ``zone``, else of the desk's hours.

    Without ``me`` (a handle) nobody asks, as where the desk itself does.
    """
    return QueryContext(
        now=now,
        tz=zone or settings.hours.tz,
        me=me,
        priorities=settings.priorities,
        impacts=settings.impacts,
        urgencies=settings.urgencies,
        levels=tuple(level.number for level in settings.levels),
        teams=tuple(settings.teams),
        agents=tuple(settings.agents),
        categories=settings.categories,
        custom=settings.fields,
        hours=settings.hours,
    )
