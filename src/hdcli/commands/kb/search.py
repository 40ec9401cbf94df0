"""hd kb search."""

from __future__ import annotations

import click

from hdcli.params import json_options


@click.command(short_help="Find articles by their words.")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    metavar="N",
    help="At most N; 0 means all.",
)
@click.option("--any", "any_word", is_flag=True, help="With any of the words, the best first.")
@json_options
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
