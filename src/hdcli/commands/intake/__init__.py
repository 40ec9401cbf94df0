"""hd intake: the doors through which requests come in."""

from __future__ import annotations

import click

from hdcli.commands.intake import alert, form, imap, lines, mail, prune, quarantine
from hdcli.params import Choices


@click.group(cls=Choices, invoke_without_command=True)
@click.pass_context
def intake(ctx: click.Context) -> None:
    """Take in requests: each becomes a ticket, or goes to the one that it belongs to.

    Whoever runs a door acts as an agent, best as one of the role intake, named by --as or HD_AGENT.
    Every door may be tried again for ever: what came in before is not taken in twice.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for door in (
    lines.jsonl,
    lines.csv,
    form.form,
    alert.alert,
    mail.mail,
    mail.maildir,
    mail.mbox,
    imap.imap,
    quarantine.quarantine,
    quarantine.log,
    prune.prune,
):
    intake.add_command(door)
