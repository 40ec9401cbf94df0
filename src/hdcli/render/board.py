"""Where things stand, on one screen: what is mine, what waits for somebody, what git lacks.

A low screen has fewer tickets of each pile, and no empty lines in the last part.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hdcli.render.pager import lines_on_screen
from hdcli.render.table import Cell, Column, table
from hdcli.render.text import fit, pad, safe, width

if TYPE_CHECKING:
    from hdcli.render.look import Look
    from hdcli.services.standing import Document, Pile, Standing

_MOST_EDITS = 5
_MOST_OF_A_PILE = 5


def board(standing: Standing, look: Look) -> str:
    """The whole board, as much of each pile as the screen has room for; one ticket at least."""
    text = _drawn(standing, look, _MOST_OF_A_PILE, "\n\n")
    most = _MOST_OF_A_PILE
    while look.lines and most and lines_on_screen(text, look.columns or 80) >= look.lines:
        text = _drawn(standing, look, most, "\n")
        most -= 1
    return text


def _drawn(standing: Standing, look: Look, most: int, between: str) -> str:
    """With so many tickets of a pile at most, and this between the last parts."""
    last = [
        _levels(standing, look),
        _articles(standing),
        _git(standing, look),
        _next(standing, look),
    ]
    parts = [
        "\n".join(_top(standing, look)),
        *("\n".join(part) for part in _piles(standing, look, most)),
        between.join(filter(None, map("\n".join, last))),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _top(standing: Standing, look: Look) -> Iterator[str]:
    counts = [f"{standing.open:,} open"]
    counts += [f"{standing.waiting:,} waiting"] if standing.waiting else []
    counts += [f"{standing.resolved:,} resolved, to be closed"] if standing.resolved else []
    who = f"you are {standing.me}" if standing.me else "you are no agent here (hd whoami)"
    desk = look.palette.heading(safe(standing.desk))
    yield from look.folded(f"{desk}: {', '.join(counts)}; {safe(who)}")
    if n := standing.inbox:
        yield f"{n:,} {'thing is' if n == 1 else 'things are'} in your inbox: hd inbox"


def _piles(standing: Standing, look: Look, most: int) -> Iterator[Iterator[str]]:
    for name, pile, command in (
        ("Yours", standing.mine, "hd list assignee:me"),
        ("Nobody's", standing.unassigned, "hd list assignee:none"),
        ("Overdue", standing.overdue, "hd list is:overdue --sort due"),
        ("Time to wait is over", standing.come, "hd list 'until:<=now'"),
    ):
        if pile.total:
            yield _pile(name, pile, command, look, most)


def _pile(name: str, pile: Pile, command: str, look: Look, most: int) -> Iterator[str]:
    first = pile.first[:most]
    hint = look.palette.dim(f"  {command}") if pile.total > len(first) else ""
    yield f"{look.palette.heading(name)} {pile.total:,}{hint}"
    longest = max(width(safe(str(each.get("priority", "")))) for each in first)
    yield from (_row(each, longest, look) for each in first)


def _row(document: Document, longest: int, look: Look) -> str:
    palette = look.palette
    identifier = safe(str(document["id"]))
    priority = pad(safe(str(document.get("priority", ""))), longest)
    status = pad(safe(str(document["status"])), 7)
    age = pad(look.ago(str(document["created"])) if "created" in document else "", 6, "right")
    title = safe(str(document["title"]))
    late = "due" in document and look.is_past(str(document["due"]))
    due = f"  due {look.short(str(document['due']))}" if late else ""
    if look.columns is not None:
        used = 2 + len(identifier) + longest + len(status) + len(age) + 8 + len(due)
        title = fit(title, max(4, look.columns - used))
    return (
        f"  {palette.id(identifier)}  {look.priority(priority)}  {palette.status(status)}"
        f"  {palette.dim(age)}  {title}{palette.overdue(due)}"
    )


def _levels(standing: Standing, look: Look) -> list[str]:
    if not standing.open:
        return []
    columns = [
        Column("level", weight=1),
        Column("open", "right"),
        Column("nobody's", "right", drop=2),
        Column("overdue", "right", drop=1),
        Column("teams", weight=3, drop=3),
    ]
    rows: list[list[Cell]] = []
    for level in standing.levels:
        teams = ", ".join(f"{name or 'no team'} {n:,}" for name, n in level.teams.items())
        numbers = [f"{n:,}" if n else "" for n in (level.open, level.unassigned)]
        late = (f"{level.overdue:,}" if level.overdue else "", look.palette.overdue)
        rows.append([f"{level.number} {level.name}", *numbers, late, teams])
    return table(rows, columns, look.columns, look.palette.heading).splitlines()


def _articles(standing: Standing) -> Iterator[str]:
    if standing.stale:
        n = standing.stale
        yield f"{n:,} {'article' if n == 1 else 'articles'} to be looked at: hd kb list --stale"


def _git(standing: Standing, look: Look) -> Iterator[str]:
    if standing.edits:
        n = len(standing.edits)
        yield f"{n:,} {'file' if n == 1 else 'files'} edited by hand, not committed: hd commit"
        yield from (f"  {safe(each.path)}" for each in standing.edits[:_MOST_EDITS])
        if n > _MOST_EDITS:
            yield "  ..."
    git = standing.git
    for each in standing.under_way:
        yield look.palette.overdue(f"{safe(each.message)}: {safe(each.remedy)}")
    if not standing.bare and not git.shown and not standing.under_way:
        yield look.palette.overdue("the work tree is not on the desk's branch (git status)")
    if git.gone:
        yield f"{safe(git.upstream)}, which this desk follows, is gone"
    elif git.upstream:
        yield _apart(standing, look)


def _apart(standing: Standing, look: Look) -> str:
    """How the desk stands to its upstream, and how old that news is."""
    git = standing.git
    upstream = safe(git.upstream)
    news = f", as of {look.since(standing.fetched)}" if standing.fetched else ""
    if not git.ahead and not git.behind:
        return look.palette.dim(f"nothing to push to {upstream} or to pull{news}")
    parts = [f"{_commits(git.ahead)} not pushed to {upstream}"] if git.ahead else []
    of = "" if git.ahead else f" of {upstream}"
    parts += [f"{_commits(git.behind)}{of} not pulled"] if git.behind else []
    return f"{', '.join(parts)}{news}: hd sync"


def _commits(number: int) -> str:
    return f"{number:,} {'commit' if number == 1 else 'commits'}"


def _next(standing: Standing, look: Look) -> Iterator[str]:
    if not standing.tickets:
        yield look.palette.dim('no tickets yet: hd new "what is wrong" opens the first')
    elif not standing.open:
        yield look.palette.dim("nothing is open: hd list --all shows what was done")
    elif standing.unassigned.first and standing.me:
        first = safe(str(standing.unassigned.first[0]["id"]))
        yield look.palette.dim(f"next: hd show {first}, hd take {first}")
