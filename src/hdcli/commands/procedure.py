"""hd procedure list, show, start, stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import (
    Family,
    Text,
    ids_argument,
    json_options,
    pass_app,
    resolved,
    show_json,
    show_table,
    tell,
    text_options,
    writes,
)

if TYPE_CHECKING:
    from hdcli.services.following import Following


@click.group(cls=Family)
def procedure() -> None:
    """Follow a procedure on a ticket: a checklist of an article's steps.

    hd step says what came of each step; hd show shows where the ticket is. hd kb starter installs a
    dozen procedures. Without a command: list them.
    """


@procedure.command("list", short_help="List the procedures.")
@click.option("--category", metavar="CATEGORY", help="Only those of a category.")
@click.option("--language", metavar="LANGUAGE", help="Only those in a language, as in fr.")
@json_options
@pass_app
def list_procedures(app: App, category: str | None, language: str | None, form: str | None) -> None:
    """List the procedures that can be followed, by category.

    FOLLOWED are the open tickets that follow it now, SOLVED those that it helped to solve.
    """
    from hdcli.render.table import Column
    from hdcli.services import procedures

    found = procedures.published(app.desk, category or "", language or "")
    if form:
        show_json("procedures", [each._asdict() for each in found], form)
        return
    if not found:
        click.echo("hd: no procedures here; hd kb starter installs a dozen", err=True)
        return
    headers = [
        Column("category", drop=4),
        Column("procedure"),
        Column("title", weight=1),
        Column("language", drop=3),
        Column("steps", align="right", drop=2),
        Column("followed", align="right", drop=1),
        Column("solved", align="right", drop=1),
    ]
    rows = [
        (
            each.category or "none",
            each.slug,
            each.title,
            each.language,
            *map(str, (each.steps, each.followed, each.solved)),
        )
        for each in found
    ]
    show_table(app, rows, headers)


@procedure.command("show", short_help="Show a procedure, or where a ticket is in it.")
@click.argument("what", required=False, default="@", metavar="[ID|PROCEDURE]")
@json_options
@pass_app
def show(app: App, /, what: str, form: str | None) -> None:
    """Show where a ticket is in the procedure that it follows, or all steps of a procedure.

    Without an argument: the ticket touched last.

    \b
      hd procedure show 7k3
      hd procedure show reset-password
    """
    from hdcli.render.pager import page
    from hdcli.services import procedures

    found = procedures.meant(app.desk, what)
    if not isinstance(found, str):
        if form:
            show_json("procedures", [procedures.article_document(found)], form)
            return
        from hdcli.render.checklist import all_steps

        lines = [f"{app.palette.id(found.slug)}  {_title(app, found.title)}"]
        lines += all_steps(found.steps, app.look)
        page("\n".join(lines) + "\n", enabled=True)
        return
    ticket, now = procedures.on_ticket(app.desk, found)
    if form:
        show_json("procedures", [{"ticket": ticket.id, **now.document()}], form)
        return
    from hdcli.model.fields import OPEN_STATUSES
    from hdcli.render.checklist import checklist

    lines = [f"{app.palette.id(ticket.id)}  {_title(app, ticket.title)}"]
    lines += checklist(now, app.look, is_open=ticket.status in OPEN_STATUSES)
    page("\n".join(lines) + "\n", enabled=True)


def _title(app: App, title: str) -> str:
    from hdcli.render.text import safe

    return app.palette.heading(safe(title))


@procedure.command("start", short_help="Put a procedure on tickets.")
@click.argument("ids", nargs=-1, metavar="ID...")
@click.argument("slug", metavar="PROCEDURE")
@click.option("--replace", "replacing", is_flag=True, help="Leave the one that is followed now.")
@click.option("--force", is_flag=True, help="Take an article that is a draft or archived, too.")
@writes
@pass_app
def start(
    app: App, ids: tuple[str, ...], slug: str, replacing: bool, force: bool, quiet: bool
) -> None:
    """Put a procedure's checklist on tickets, and show the first step.

    The ticket keeps to the steps as they are now, whatever becomes of the article. It is open
    afterwards if it was new.

    \b
      hd procedure start 7k3 reset-password
      hd procedure start @ no-network --replace
    """
    from hdcli.services import procedures

    if not ids:
        remedy = "hd procedure start ID PROCEDURE; hd procedure lists them, hd suggest ID helps"
        raise BadUsage("name a ticket, and the procedure", remedy)
    whole, name = resolved(app, ids), app.desk.slug(slug)
    done = procedures.start(app.session, whole, name, replacing=replacing, force=force)
    for each in done:
        tell([each], lambda _: f"follows {name}", quiet=quiet)
        if not quiet:
            _show_next(app, procedures.on_ticket(app.desk, each.ticket.id)[1])


def _show_next(app: App, now: Following) -> None:
    from hdcli.render.checklist import next_step

    for line in next_step(now, app.look) if now.progress.at else ():
        click.echo(line, color=app.palette.enabled)


@procedure.command("stop", short_help="Take the procedure off tickets.")
@ids_argument
@text_options("reason")
@writes
@pass_app
def stop(
    app: App, ids: tuple[str, ...], message: str | None, file: str | None, quiet: bool
) -> None:
    """Take the checklist off tickets; what was done stays in the log.

    \b
      hd procedure stop 7k3 -m "It was the wrong one: nothing is locked"
    """
    from hdcli.services import procedures

    reason = Text(message, file, "reason").given()
    done = procedures.stop(app.session, resolved(app, ids), reason)
    tell(done, lambda _: "follows no procedure", quiet=quiet)
