"""hd commit."""

from __future__ import annotations

from pathlib import Path

import click

from hdcli.app import App
from hdcli.params import Text, pass_app, report, text_options, writes


@click.command()
@click.argument("what", nargs=-1, metavar="[PATH|ID]...")
@text_options("reason")
@writes
@pass_app
def commit(
    app: App, what: tuple[str, ...], message: str | None, file: str | None, quiet: bool
) -> None:
    """Commit what was edited by hand: tickets, desk.yaml, kb/ and canned/.

    Each file is checked first, and each ticket's changes become an entry of its log, by you. When
    one thing is wrong nothing is committed. With PATHs or IDs, those alone, and any file of the
    desk. What was committed with git alone gets its entries too, by whoever committed it.

    \b
      hd commit
      hd commit 7k3 -m "Agreed on the phone"
      hd commit README.md
    """
    from hdcli.render.text import safe
    from hdcli.services import handedits

    note = Text(message, file, "reason").given()
    paths = [handedits.place_of(app.desk, each, Path.cwd()) for each in what]
    try:
        outcome = handedits.commit(app.session, paths, note)
    except handedits.Refusals as refusals:
        for each in refusals.errors:
            click.echo(f"hd: {safe(str(each))}", err=True)
        raise
    names = list(dict.fromkeys(each.name for each in outcome.taken))
    if not outcome.taken and not quiet:
        report([], ["nothing to commit"], quiet=False)
    report(names, [each.subject for each in outcome.taken], quiet=quiet)
    for remark in outcome.remarks:
        click.echo(f"hd: {safe(remark)}", err=True)
