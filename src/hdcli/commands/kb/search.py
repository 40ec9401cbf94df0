"""hd kb search."""

from __future__ import annotations

import click

from hdcli.params import search_options


@click.command(short_help="Find articles by their words.")
@search_options
@click.option("-q", "--quiet", is_flag=True, help="Bare slugs, for other commands.")
@click.pass_context
def search(ctx: click.Context, /, **given: object) -> None:
    """Find articles by their words, the best first: hd search --kind article.

    \b
      hd kb search mot de passe oublié
      hd kb search vpn -q | hd kb show -
    """
    root = ctx.find_root()
    assert isinstance(root.command, click.Group)
    command = root.command.resolve_command(root, ["search"])[1]
    assert command is not None
    ctx.invoke(command, kind="article", **given)
