"""What there is to write, to mend and to learn, at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hdcli.render.table import Cell, Column, table
from hdcli.render.text import safe

if TYPE_CHECKING:
    from hdcli.render.look import Look
    from hdcli.services.gaps import Failed, Gap, Gaps
    from hdcli.services.learning import Lesson, View

_GAPS = (
    Column("tickets", align="right"),
    Column("time", align="right", drop=1),
    Column("each", align="right", drop=3),
    Column("category", weight=1),
    Column("words", weight=4, least=16),
    Column("nearest article", weight=2, drop=2),
    Column("for example", weight=2, drop=4),
)
_FAILING = (
    Column("article", weight=2, least=16),
    Column("helped", align="right", drop=3),
    Column("did not", align="right"),
    Column("reopened", align="right"),
    Column("tickets", weight=2, drop=1),
    Column("title", weight=4, drop=2),
)
_LESSONS = (
    Column("category", weight=1),
    Column("solved", align="right"),
    Column("escalated", align="right"),
    Column("team solved", align="right"),
    Column("team escalated", align="right"),
    Column("articles", weight=4, least=16),
)
_NAMED = 3
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def gaps_page(found: Gaps, since: str, limit: int | None, look: Look) -> Iterator[str]:
    """The lines about gaps and failing articles; ``since`` is a stored time."""
    seen = f"{found.looked_at:,} tickets"
    if found.looked_at < found.opened:
        seen = f"the last {found.looked_at:,} of {found.opened:,} tickets"
    yield look.palette.heading(f"What no article answers, in {seen} since {look.short(since)}")
    if found.gaps:
        yield _table([_gap(each, look) for each in found.gaps[:limit]], _GAPS, look)
        yield from _more(len(found.gaps), limit)
        if source := next((each.source for each in found.gaps if each.source), ""):
            yield look.palette.dim(f"next: hd kb new --from {safe(source)}")
    else:
        yield "nothing comes again and again without an answer"
    if found.failing:
        yield ""
        yield look.palette.heading("Articles that fail people")
        yield _table([_failed(each, look) for each in found.failing[:limit]], _FAILING, look)
        yield from _more(len(found.failing), limit)


def _more(count: int, limit: int | None) -> Iterator[str]:
    if limit is not None and count > limit:
        yield f"{limit} of {count:,}; --limit 0 shows all"


def view_page(view: View, look: Look, *, own: bool) -> Iterator[str]:
    """The lines about an agent."""
    who = "You" if own else safe(view.agent)
    team = ", ".join(map(safe, view.team)) or "nobody: there is nobody else in the team"
    yield look.palette.heading(f"{who}, compared with {team}")
    if not view.lessons:
        yield "no category stands out"
        return
    columns = list(_LESSONS)
    if own:
        columns[1] = replace(columns[1], name="you solved")
    yield _table([_lesson(each, look) for each in view.lessons], columns, look)


def _table(rows: Sequence[Sequence[Cell]], columns: Sequence[Column], look: Look) -> str:
    return table(rows, columns, look.columns, look.palette.heading)


def _gap(gap: Gap, look: Look) -> tuple[Cell, ...]:
    return (
        str(len(gap.tickets)),
        duration(gap.seconds),
        duration(gap.each),
        gap.category,
        ", ".join(gap.words),
        (gap.near, look.palette.id),
        (", ".join(gap.tickets[:_NAMED]), look.palette.id),
    )


def _failed(failed: Failed, look: Look) -> tuple[Cell, ...]:
    article = failed.article
    return (
        (article.slug, look.palette.id),
        str(article.helped),
        str(article.unhelpful),
        str(article.reopened),
        (", ".join(failed.tickets[:_NAMED]), look.palette.id),
        article.title,
    )


def _lesson(lesson: Lesson, look: Look) -> tuple[Cell, ...]:
    return (
        lesson.category,
        str(lesson.resolved),
        str(lesson.escalated),
        str(lesson.team_resolved),
        str(lesson.team_escalated),
        (", ".join(each.slug for each in lesson.articles), look.palette.id),
    )


def duration(seconds: int) -> str:
    """``3 d``, ``5 h``, ``20 min``: rounded down to the largest unit that fits."""
    for size, name in _UNITS:
        if seconds >= size:
            return f"{seconds // size:,} {name}"
    return "0 min"
