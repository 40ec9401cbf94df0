"""hd team list, add, edit."""

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
    from collections.abc import Mapping, Sequence

    from hdcli.model.settings import Agent, Team


@click.group(cls=Family)
def team() -> None:
    """List, add and change the teams of the desk.

    Without a command: list them.
    """


@team.command("list", short_help="List the teams.")
@json_options
@pass_app
def list_teams(app: App, form: str | None) -> None:
    """List the teams: level, categories, agents."""
    settings = app.settings
    agents = {
        name: [a.handle for a in settings.agents.values() if a.active and name in a.teams]
        for name in settings.teams
    }
    found = sorted(settings.teams.values(), key=lambda each: each.level)
    if form:
        objects = [
            {
                "name": each.name,
                "title": each.title,
                "level": each.level,
                "categories": each.categories,
                "agents": agents[each.name],
            }
            for each in found
        ]
        show_json("teams", objects, form)
    else:
        _show(app, found, agents)


def _show(app: App, found: Sequence[Team], agents: Mapping[str, Sequence[str]]) -> None:
    from hdcli.render.table import Column

    headers = [
        Column("level", align="right"),
        Column("team"),
        Column("title", weight=1, drop=1),
        Column("categories", weight=2),
        Column("agents", weight=2),
    ]
    rows = [
        (
            str(each.level),
            each.name,
            each.title,
            ", ".join(each.categories),
            ", ".join(_with_role(app.settings.agents[a]) for a in agents[each.name]) or "none",
        )
        for each in found
    ]
    show_table(app, rows, headers)


def _with_role(agent: Agent) -> str:
    return agent.handle if agent.works else f"{agent.handle} ({agent.role})"


@team.command("add", short_help="Add a team.")
@click.argument("name")
@click.option("--title", default="", help="The name that people read (else NAME).")
@click.option("--level", type=int, default=1, show_default=True, help="Where it works.")
@click.option("-c", "--category", "categories", multiple=True, help="It is asked first for this.")
@writes
@pass_app
def add(
    app: App, name: str, title: str, level: int, categories: tuple[str, ...], quiet: bool
) -> None:
    """Add a team.

    \b
      hd team add cloud --title "Cloud services" --level 2 -c email
    """
    from hdcli.services import settings, staff

    settings.change(app.session, staff.add_team(name, title, level, categories))
    report([name], [f"{name} is a team at level {level} now"], quiet=quiet)


@team.command("edit", short_help="Change a team.")
@click.argument("name", metavar="TEAM")
@click.option("--title", help="The name that people read.")
@click.option("--level", type=int, help="Where it works.")
@click.option(
    "-c", "--category", "categories", multiple=True, metavar="+NAME|-NAME", help="Add, remove."
)
@writes
@pass_app
def edit(
    app: App,
    name: str,
    title: str | None,
    level: int | None,
    categories: tuple[str, ...],
    quiet: bool,
) -> None:
    """Change a team.

    \b
      hd team edit network --category +security --category -phone
    """
    from hdcli.services import settings, staff

    if title is None and level is None and not categories:
        raise BadUsage("there is nothing to change", "name it, as in --level 2")
    done = settings.change(app.session, staff.edit_team(name, title, level, categories))
    report([name], [f"{name} is {'changed' if done else 'so already'}"], quiet=quiet)
