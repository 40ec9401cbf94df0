"""hd triage: new tickets and where they belong."""

from __future__ import annotations

import click

from hdcli.commands.triage import queue, trying
from hdcli.params import Family


@click.group(cls=Family)
def triage() -> None:
    """Sort new tickets, one key at a time, and try the desk's rules.

    Without a command: the queue of new tickets that have no category yet.
    """


for command in (queue.queue, trying.test):
    triage.add_command(command)
