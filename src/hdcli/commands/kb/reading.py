"""hd kb list, hd kb show."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.commands.kb.naming import slugs_argument, slugs_of
from hdcli.errors import BadUsage
from hdcli.params import json_options, pass_app, show_json

if TYPE_CHECKING:
    from hdcli.services.library import Card, Filter

STATES = click.Choice(("draft", "published", "archived"))


@click.command("list", short_help="List articles.")
@click.argument("words", nargs=-1)
@click.option("--state", "states", multiple=True, type=STATES, help="Else all but archived ones.")
@click.option("--all", "every", is_flag=True, help="The archived ones too.")
@click.option("-c", "--category", default="", help="Of one category.")
@click.option("-t", "--tag", default="", help="With a tag.")
@click.option("--language", default="", metavar="CODE", help="In a language: en, fr.")
@click.option("--audience", default="", metavar="public|agents", help="For whom they are.")
@click.option("--stale", is_flag=True, help="Past review, or tickets they solved were reopened.")
@click.option("--unused", is_flag=True, help="Published, and of no help for long.")
@click.option("--days", type=click.IntRange(1, 3650), help="With --unused: how long (90).")
@json_options
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but slugs.")
@pass_app
def list_articles(
    app: App,
    /,
    words: tuple[str, ...],
    states: tuple[str, ...],
    every: bool,
    stale: bool,
    unused: bool,
    days: int | None,
    form: str | None,
    quiet: bool,
    **fields: str,
) -> None:
    """List articles, by category and title; those that have all WORDS, or words begun by them.

    HELPED counts the tickets that an article helped with. hd kb search finds the best first.

    \b
      hd kb list vpn
      hd kb list --state draft
      hd kb list --stale -q | xargs hd kb show
    """
    from hdcli.model.dates import format_utc
    from hdcli.render import problems
    from hdcli.services import library
    from hdcli.services.library import Filter

    if quiet and form:
        raise BadUsage(f"-q and --{form} are two forms", "give one")
    if days and not unused:
        raise BadUsage("--days goes with --unused")
    now = format_utc(app.moment)
    wanted = Filter(
        words=words,
        states=states or (() if every else ("draft", "published")),
        stale=now if stale else "",
        unused=format_utc(app.moment - timedelta(days=days or 90)) if unused else "",
        **fields,
    )
    found = library.cards(app.desk, wanted, now)
    if quiet:
        click.echo("".join(f"{each.slug}\n" for each in found), nl=False)
    elif form:
        show_json("articles", [each.document() for each in found], form)
    else:
        _show(app, found, wanted)
    problems.warn(app.desk.cache.problems())


def _show(app: App, found: list[Card], wanted: Filter) -> None:
    from hdcli.render import streams
    from hdcli.render.articles import articles_table
    from hdcli.render.pager import page
    from hdcli.services.library import articles_in_all

    if found:
        page(articles_table(found, app.look) + "\n", enabled=True)
        return
    total = articles_in_all(app.desk)
    said = f"no article matches; hd kb list --all shows all {total:,}"
    none = (
        'no articles on this desk yet; hd kb new "How to ..." writes one, hd kb starter brings some'
    )
    click.echo(streams.remark(said if total else none), err=True)


@click.command(short_help="Read an article.")
@slugs_argument
@click.option("--raw", is_flag=True, help="The Markdown as it is written.")
@json_options
@pass_app
def show(app: App, slugs: tuple[str, ...], raw: bool, form: str | None) -> None:
    """Read articles: what they say, whom they helped, where they come from.

    \b
      hd kb show reset-password
      hd kb show reset-password --raw > reset-password.md
    """
    from hdcli.model.dates import format_utc
    from hdcli.render.json import dumps, emit, listed, raw_lines
    from hdcli.services import library

    if raw and form:
        raise BadUsage(f"--raw and --{form} are two forms", "give one")
    now = format_utc(app.moment)
    pages = [library.page(app.desk, each, now) for each in slugs_of(app, slugs)]
    if form:
        texts = (dumps(each.document()).rstrip("\n") for each in pages)
        emit(sys.stdout, raw_lines(texts) if form == "jsonl" else listed("articles", texts))
    elif raw:
        emit(sys.stdout, (f"{each.article.body}\n" for each in pages))
    else:
        from hdcli.render.articles import article_page
        from hdcli.render.pager import page

        page("\n\n".join(article_page(each, app.look) for each in pages), enabled=True)
