"""hd intake alert."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click

from hdcli.app import App
from hdcli.commands.intake.lines import say
from hdcli.errors import BadData
from hdcli.inputs import name_of, opened
from hdcli.params import pass_app, writes

_MACROS = ("NAGIOS_", "ICINGA_")


@click.command()
@click.argument("file", metavar="[FILE|-]", default="-")
@click.option("--env", "env", is_flag=True, help="Read the NAGIOS_… and ICINGA_… variables.")
@writes
@pass_app
def alert(app: App, file: str, env: bool, quiet: bool) -> None:
    """Take in alerts of a monitoring.

    Payloads of Alertmanager, Grafana, Icinga and Uptime Kuma are known as they are sent, Nagios and
    Icinga also by their macros, in JSON or in the environment. A new alert opens a ticket, one that
    repeats is counted there, one that clears solves it. Each event is answered as by hd intake
    jsonl.

    \b
      curl -sN … https://icinga.example.org:5665/v1/events | hd intake alert --as monitoring
      hd intake alert --env --as monitoring        as a notification command of Nagios
    """
    from hdcli.services.intake import alerts

    refused = 0
    for found in _payloads(file, env=env):
        session = replace(app.session, now=int(time.time()))
        answers = alerts.take_in(session, found)
        refused += sum(bool(answer.error) for answer in answers)
        say(answers, quiet=quiet)
    if refused:
        raise BadData(f"{refused:,} refused", "the environment" if env else name_of(file))


def _payloads(file: str, *, env: bool) -> Iterator[list[tuple[int, Any]]]:
    from hdcli.services.intake.arriving import batches
    from hdcli.services.intake.payloads import payloads

    if env:
        yield [(1, {k: v for k, v in os.environ.items() if k.startswith(_MACROS)})]
        return
    with opened(file) as stream:
        yield from payloads(batches(stream))
