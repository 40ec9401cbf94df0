"""hd whoami."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import pass_app


@click.command()
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but the handle.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_app
def whoami(app: App, quiet: bool, as_json: bool) -> None:
    """Say which agent you are, of which teams and levels, and how hd knows.

    It is --as AGENT, else HD_AGENT, else the agent whose address git commits with.
    """
    from hdcli.render import json
    from hdcli.render.text import safe

    settings, who = app.settings, app.who
    agent = settings.agents[who.handle]
    levels = settings.levels_of(agent)
    author = f"{who.author[0]} <{who.author[1]}>"
    if quiet:
        click.echo(who.handle)
    elif as_json:
        found = {
            "handle": agent.handle,
            "name": agent.name,
            "emails": agent.emails,
            "teams": agent.teams,
            "levels": levels,
            "author": author,
            "source": app.identity_source,
        }
        click.echo(json.dumps({"format": 1, "agent": found}, indent=2), nl=False)
    else:
        lines = [
            f"{agent.handle}: {agent.name}",
            f"teams    {', '.join(agent.teams) or 'none'}",
            f"levels   {', '.join(map(str, levels)) or 'none'}",
            f"commits  as {author}",
            f"known    from {app.identity_source}",
        ]
        click.echo("\n".join(map(safe, lines)))
