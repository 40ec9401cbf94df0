"""hd resolve, hd reopen, hd close."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import (
    Text,
    act_with,
    ids_argument,
    pass_app,
    resolved,
    tell,
    text_options,
    writes,
)

TEMPLATE = """\

# How was {ids} solved? The requester reads this, and the next agent finds it.
# Lines that begin with # are left out; an empty text stops.
"""


@click.command()
@ids_argument
@text_options("solution")
@click.option(
    "--article", "articles", multiple=True, metavar="SLUG", help="An article that helped."
)
@writes
@pass_app
def resolve(
    app: App,
    ids: tuple[str, ...],
    message: str | None,
    file: str | None,
    articles: tuple[str, ...],
    quiet: bool,
) -> None:
    """Say how tickets were solved, and which articles helped.

    \b
      hd resolve 7k3 -m "The cable was loose; fixed it with a new clip"
      hd resolve 9fq -m "Set a new password" --article reset-password
    """
    from hdcli.services import actions

    helped = [app.desk.slug(each) for each in articles]
    whole = resolved(app, ids)
    text = Text(message, file, "solution", TEMPLATE.format(ids=", ".join(whole)))
    done = act_with(app, whole, text, lambda _, solution: actions.resolve(solution, helped))
    tell(done, lambda _: "is resolved", quiet=quiet)


@click.command()
@ids_argument
@text_options("reason")
@writes
@pass_app
def reopen(
    app: App, ids: tuple[str, ...], message: str | None, file: str | None, quiet: bool
) -> None:
    """Open solved, closed or waiting tickets again.

    \b
      hd reopen 7k3 -m "It is back since Monday"
    """
    from hdcli.services import actions

    text = Text(message, file, "reason").given()
    done = app.session.act(resolved(app, ids), lambda _: actions.reopen(text))
    tell(done, lambda _: "is open", quiet=quiet)


@click.command()
@ids_argument
@text_options("reason")
@click.option("--spam", is_flag=True, help="It is no request: tag it spam, and tell nobody.")
@writes
@pass_app
def close(
    app: App, ids: tuple[str, ...], message: str | None, file: str | None, spam: bool, quiet: bool
) -> None:
    """Close tickets: solved and confirmed, or not to be worked on.

    Their requesters are told, but of spam; the reason is for agents.

    \b
      hd list -q "status:resolved resolved:<-14d" | hd close -
      hd close 7k3 --spam
    """
    from hdcli.services import actions

    text = Text(message, file, "reason").given()
    closed = actions.spam if spam else actions.close
    done = app.session.act(resolved(app, ids), lambda _: closed(text))
    tell(done, lambda _: "is closed", quiet=quiet)
