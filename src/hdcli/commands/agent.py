"""hd agent list, add, edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import (
    Family,
    json_options,
    pass_app,
    report,
    show_json,
    show_table,
    writes,
)

if TYPE_CHECKING:
    from hdcli.model.settings import Agent, Settings

_ROLE = click.Choice(["lead", "agent", "intake", "read-only"])


@click.group(cls=Family)
def agent() -> None:
    """List, add and change the agents of the desk.

    Without a command: list them.
    """


@agent.command("list", short_help="List the agents.")
@click.option("--team", metavar="TEAM", help="Only the agents of a team.")
@json_options
@pass_app
def list_agents(app: App, team: str | None, form: str | None) -> None:
    """List the agents: who they are, their teams and levels."""
    from hdcli.render.table import Column

    settings = app.settings
    wanted = settings.team(team).name if team else None
    found = [each for each in settings.agents.values() if not wanted or wanted in each.teams]
    if form:
        show_json("agents", [_object(settings, each) for each in found], form)
        return
    headers = [
        Column("agent"),
        Column("name", weight=1),
        Column("email", weight=2, drop=2),
        Column("teams", weight=1),
        Column("levels", drop=3),
        Column("active", drop=1),
        Column("role"),
    ]
    rows = [
        (
            each.handle,
            each.name,
            ", ".join(each.emails),
            ", ".join(each.teams) or "none",
            ", ".join(map(str, settings.levels_of(each))),
            "yes" if each.active else "no",
            each.role,
        )
        for each in found
    ]
    wanted_columns = len(headers) if settings.has_roles else len(headers) - 1
    show_table(app, [row[:wanted_columns] for row in rows], headers[:wanted_columns])


def _object(settings: Settings, agent: Agent) -> dict[str, object]:
    return {
        "handle": agent.handle,
        "name": agent.name,
        "emails": agent.emails,
        "teams": agent.teams,
        "levels": settings.levels_of(agent),
        "active": agent.active,
        "role": agent.role,
    }


@agent.command("add", short_help="Add an agent, or yourself.")
@click.argument("handle")
@click.argument("person", required=False, metavar='["NAME <MAIL>"]')
@click.option(
    "--team",
    "teams",
    multiple=True,
    metavar="TEAM",
    help="Else the desk's default, for who works on tickets.",
)
@click.option("--role", type=_ROLE, default="agent", help="What they may do; else agent.")
@writes
@pass_app
def add(
    app: App, handle: str, person: str | None, teams: tuple[str, ...], role: str, quiet: bool
) -> None:
    """Add an agent; without NAME <MAIL>, yourself.

    Somebody who is no agent yet can add nobody but themselves.

    \b
      hd agent add bob "Bob Ndiaye <bob@example.org>" --team network
      hd agent add carol
    """
    from hdcli.services import settings, staff

    session = app.joining
    if person is None and session.who.handle:
        raise BadUsage(
            f"nobody is named for {handle}", f'hd agent add {handle} "Name <mail@example.org>"'
        )
    named = staff.person_of(person) if person else session.who.author
    me = session.who.handle or handle
    alone = staff.hands_over(session.settings, me, handle, role)
    settings.change(session, staff.add_agent(session.who, handle, named, teams, role))
    report([handle], [f"{handle} is an agent now: {named[0]} <{named[1]}>"], quiet=quiet)
    _warn_of_lead(me, handle, alone=alone)


@agent.command("edit", short_help="Change an agent.")
@click.argument("handle", metavar="AGENT")
@click.option("--name", help="The name in commits and tables.")
@click.option("--email", "emails", multiple=True, metavar="+MAIL|-MAIL", help="Add, remove.")
@click.option("--team", "teams", multiple=True, metavar="+TEAM|-TEAM", help="Join, leave.")
@click.option("--active/--inactive", default=None, help="Whether they work here.")
@click.option("--role", type=_ROLE, help="What they may do.")
@writes
@pass_app
def edit(
    app: App,
    handle: str,
    name: str | None,
    emails: tuple[str, ...],
    teams: tuple[str, ...],
    active: bool | None,
    role: str | None,
    quiet: bool,
) -> None:
    """Change an agent, or yourself as me.

    \b
      hd agent edit bob --team +systems --team -network
      hd agent edit me --email +alice@home.example
      hd agent edit carol --inactive
      hd agent edit me --role lead
    """
    from hdcli.services import settings, staff

    if (name, active, role) == (None, None, None) and not emails and not teams:
        raise BadUsage("there is nothing to change", "name it, as in --team +network")
    handle = app.agent_named(handle) or handle
    plan = staff.edit_agent(handle, name, emails, teams, active, role)
    me = app.session.who.handle
    alone = staff.hands_over(app.settings, me, handle, role)
    done = settings.change(app.session, plan)
    report([handle], [f"{handle} is {'changed' if done else 'so already'}"], quiet=quiet)
    _warn_of_lead(me, handle, alone=alone)


def _warn_of_lead(me: str, handle: str, *, alone: bool) -> None:
    if alone:
        said = f"{handle} is the desk's first lead: only leads change its settings from now on"
        more = f"{handle} makes you one, too, by hd agent edit {me} --role lead"
        click.echo(f"note: {said}, and you are none; {more}", err=True)
