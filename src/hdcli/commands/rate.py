"""hd rate."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import Text, ids_argument, pass_app, resolved, tell, text_options, writes


@click.command()
@ids_argument
@click.argument("score", type=click.IntRange(1, 5), metavar="1|2|3|4|5")
@text_options("requester's words")
@writes
@pass_app
def rate(
    app: App,
    ids: tuple[str, ...],
    score: int,
    message: str | None,
    file: str | None,
    quiet: bool,
) -> None:
    """Keep what a requester thinks of the work, from 1 (very poor) to 5; the last score counts.

    Scores that come by mail are kept by hd intake. A low one is told to the desk's leads.

    \b
      hd rate 7k3 5 -m "Said on the phone how quick it was"
      hd list --all 'csat:<=2'
    """
    from hdcli.services import satisfaction

    words = Text(message, file, "requester's words").given()
    done = app.session.act(resolved(app, ids), lambda _: satisfaction.rate(score, words))
    tell(done, lambda _: f"has {score} of 5", quiet=quiet)
