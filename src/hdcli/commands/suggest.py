"""hd suggest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.params import pass_app, stdin_text

if TYPE_CHECKING:
    from hdcli.services.suggest import About, Suggestions


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="ID|WORDS...")
@click.option(
    "--limit",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    metavar="N",
    help="At most N articles and N tickets.",
)
@click.option("--public", is_flag=True, help="Only what requesters may read.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Bare slugs and ids, for other commands.")
@pass_app
def suggest(
    app: App, /, words: tuple[str, ...], limit: int, public: bool, as_json: bool, quiet: bool
) -> None:
    """Find what helps with a ticket: articles, and solved tickets like it.

    The articles that solved the most similar tickets come first, so it learns from every resolve
    --article. It says why: the words shared, the tickets that vote. Instead of an id take words, or
    a text from standard input (-), its first line being the subject.

    \b
      hd suggest @
      hd suggest vpn coupe toutes les heures
      hd resolve @ -m "Reset it" --article "$(hd suggest -q --limit 1 @ | head -1)"
    """
    from hdcli.errors import BadUsage
    from hdcli.render import problems
    from hdcli.render.progress import Progress
    from hdcli.services import suggest as service

    if as_json and quiet:
        raise BadUsage("--json and -q are two forms", "give one")
    about = _about(app, words)
    bar = Progress(sys.stderr, "texts indexed")
    found = service.suggest(app.desk, about, limit, public=public, progress=bar.of)
    bar.end()
    problems.warn(app.desk.cache.problems())
    _print(app, about, found, as_json=as_json, quiet=quiet)


def _about(app: App, words: tuple[str, ...]) -> About:
    from hdcli.errors import BadUsage
    from hdcli.services import suggest as service

    text = stdin_text() if words == ("-",) else " ".join(words)
    if not text.strip():
        raise BadUsage("there are no words in it", "name a ticket, or say what is wrong")
    named = service.ticket_named(app.desk, text.strip()) if len(words) == 1 else None
    return service.about_ticket(app.desk.ticket(named)) if named else service.about_text(text)


def _print(app: App, about: About, found: Suggestions, *, as_json: bool, quiet: bool) -> None:
    from hdcli.render.json import FORMAT, dumps, emit

    if as_json:
        head = {"format": FORMAT, "ticket": about.ticket or None}
        emit(sys.stdout, [dumps({**head, **found.document()})])
    elif quiet:
        slugs = [each.glimpse.slug for each in found.articles]
        emit(sys.stdout, (f"{each}\n" for each in (*slugs, *(t.id for t in found.tickets))))
    elif found:
        from hdcli.render.pager import page
        from hdcli.render.suggested import suggestions

        page(suggestions(about, found, app.look) + "\n", enabled=True)
    else:
        click.echo("hd: nothing like it was solved yet, and no article has its words", err=True)
