"""hd log."""

from __future__ import annotations

import sys

import click

from hdcli.app import App
from hdcli.params import json_options, pass_app, records


@click.command()
@click.argument("names", nargs=-1, metavar="[ID|SLUG]...")
@click.option("-v", "--verbose", is_flag=True, help="With the text and what changed.")
@click.option("-n", "--limit", type=click.IntRange(1), metavar="N", help="The newest N only.")
@click.option("--since", metavar="WHEN", help="From then on, as in monday, -7d or 2026-11-01.")
@click.option("--until", metavar="WHEN", help="Up to then.")
@json_options
@pass_app
def log(
    app: App,
    /,
    names: tuple[str, ...],
    verbose: bool,
    limit: int | None,
    since: str | None,
    until: str | None,
    form: str | None,
) -> None:
    """Read the history, the newest first: of the desk, of articles, of tickets and what was merged
    into them.

    Each line is a commit: git show takes what it begins with. kb/SLUG is always the article.

    \b
      hd log --since monday
      hd log -v 7k3
      hd log reset-password
    """
    from hdcli.services import history

    span = history.span_of(limit, since, until, app.moment, app.zone)
    whole = verbose or form is not None
    if names:
        events = history.events_of(app.desk, records(app, names), span, whole=whole)
    else:
        events = history.events(app.desk, span, whole=whole)
    if form:
        from hdcli.render.json import dumps, emit, listed, raw_lines

        texts = (dumps(each.document()).rstrip("\n") for each in events)
        emit(sys.stdout, raw_lines(texts) if form == "jsonl" else listed("commits", texts))
    else:
        from hdcli.render.ledger import lines
        from hdcli.render.pager import stream

        stream(lines(events, app.look, app.settings.agents, whole=verbose), enabled=True)
    begin = history.begins(app.desk)
    if begin and limit is None and not since:
        say = f"note: the history of this shallow clone begins {app.local(begin)}"
        click.echo(f"{say}; git fetch --unshallow brings what was before", err=True)
