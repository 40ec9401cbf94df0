"""hd triage queue."""

from __future__ import annotations

import sys

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import as_option, at_terminal, pass_app


@click.command(short_help="Sort new tickets, one key at a time.")
@click.option("--all", "every", is_flag=True, help="All new tickets, those with a category too.")
@click.option("--json", "as_json", is_flag=True, help="Print the queue and what is suggested.")
@click.option("--limit", type=click.IntRange(0), default=0, metavar="N", help="At most N tickets.")
@as_option
@pass_app
def queue(app: App, every: bool, as_json: bool, limit: int) -> None:
    """Sort new tickets: one is shown after the other, with what tickets like it were.

    y accepts what is suggested, s sets fields, a assigns, t takes it, m merges it into another, r
    replies in your editor, x closes it as spam, n (or space) goes on, u takes back what you did
    last, o reads all of it, q ends. Tickets that rules have sorted are not in the queue; --all
    shows them too.

    \b
      hd triage
      hd triage --json | jq -r '.tickets[] | [.ticket.id, .suggestions.guesses[0].value] | @tsv'
    """
    from hdcli.services import triage as service

    found = service.queue(app.desk, every=every)
    if limit:
        found = found[:limit]
    if as_json:
        _print_queue(app, found)
        return
    if not at_terminal():
        raise BadUsage("to sort tickets takes a terminal", "hd triage --json is for scripts")
    from hdcli.commands.triage.rounds import Round
    from hdcli.keyboard import Keyboard

    with Keyboard() as keys:
        Round(app, found, keys, every=every).run()


def _print_queue(app: App, found: list[str]) -> None:
    from hdcli.model.schema import document
    from hdcli.render.json import FORMAT, dumps, emit
    from hdcli.render.progress import Progress
    from hdcli.services import triage as service

    listed = []
    bar = Progress(sys.stderr, "texts indexed")
    for each in found:
        ticket = app.desk.ticket(each)
        values = document(ticket)
        del values["log"]
        advice = service.advice(app.desk, ticket, bar.of)
        bar.end()
        listed.append({"ticket": values, "suggestions": advice.document()})
    emit(sys.stdout, [dumps({"format": FORMAT, "tickets": listed})])
