"""hd kb gaps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.params import as_option, limit_option, pass_app

if TYPE_CHECKING:
    from hdcli.services.gaps import By, Gaps
    from hdcli.services.learning import View

_SINCE = "-90d"


@click.command(short_help="See what no article answers, and what to learn.")
@click.option("--since", default=_SINCE, metavar="WHEN", help="Of tickets from then on (-90d).")
@click.option(
    "--by", type=click.Choice(("count", "time")), default="count", help="What ranks gaps (count)."
)
@click.option("--agent", metavar="AGENT", help="What an agent may want to learn, and no more.")
@limit_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@as_option
@pass_app
def gaps(app: App, since: str, by: By, agent: str | None, limit: int, as_json: bool) -> None:
    """See what no article answers, which articles fail people, and what you may want to learn.

    Recent tickets are put together by category and by the words they share; those that come again
    and that no article solves are gaps. Below: articles that did not help, or whose tickets were
    opened again; and where you solved less or escalated more than your team. That is for you alone,
    and with --agent for who works at a higher level (docs/suggestions.md).

    \b
      hd kb gaps --since -30d --by time
      hd kb gaps --agent bob
    """
    from hdcli.model.dates import format_utc, parse_span

    start = format_utc(parse_span(since, app.moment, app.zone)[0])
    view = _view(app, agent, start)
    found = None if agent else _gaps(app, start, by)
    if as_json:
        _print_json(start, found, view, limit or None)
        return
    from hdcli.render import gaps as render
    from hdcli.render.pager import page

    lines = list(render.gaps_page(found, start, limit or None, app.look)) if found else []
    if view and (agent or view.lessons):
        lines += [""] * bool(lines)
        lines += render.view_page(view, app.look, own=view.agent == app.me)
    page("\n".join(lines) + "\n", enabled=True)


def _gaps(app: App, since: str, by: By) -> Gaps:
    from hdcli.render import problems
    from hdcli.render.progress import Progress
    from hdcli.services import gaps as service

    bar = Progress(sys.stderr, "texts indexed")
    found = service.gaps(app.desk, since, app.moment, by, bar.of)
    bar.end()
    problems.warn(app.desk.cache.problems())
    return found


def _view(app: App, agent: str | None, since: str) -> View | None:
    """What the agent asked for may want to learn, else the acting one; None for a stranger."""
    from hdcli.services import learning

    if agent:
        return learning.view(app.desk, app.who.handle, app.agent_named(agent) or agent, since)
    return learning.view(app.desk, app.me, app.me, since) if app.me else None


def _print_json(since: str, found: Gaps | None, view: View | None, limit: int | None) -> None:
    from hdcli.render.json import FORMAT, dumps, emit

    told = {
        "format": FORMAT,
        "since": since,
        "opened": found.opened if found else None,
        "looked_at": found.looked_at if found else None,
        "gaps": [each.document() for each in found.gaps[:limit]] if found else None,
        "failing": [each.document() for each in found.failing[:limit]] if found else None,
        "learning": view.document() if view else None,
    }
    emit(sys.stdout, [dumps(told)])
