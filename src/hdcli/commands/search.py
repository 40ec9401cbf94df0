"""hd search."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.params import json_options, pass_app

if TYPE_CHECKING:
    from hdcli.search.document import Kind
    from hdcli.services.searching import Results, Search


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--kind", type=click.Choice(["ticket", "article"]), help="Only tickets or articles.")
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
@click.option("-q", "--quiet", is_flag=True, help="Bare ids and slugs, for other commands.")
@pass_app
def search(
    app: App,
    /,
    words: tuple[str, ...],
    kind: Kind | None,
    limit: int,
    any_word: bool,
    form: str | None,
    quiet: bool,
) -> None:
    """Find tickets and articles by their words, the best first.

    English and French in any mix: inflections, accents, l'imprimante and wi-fi find their like. The
    words are those of hd list's queries (docs/query.md); terms on fields leave out articles. Where
    nothing has all words, it says what it left out; with -q and --jsonl it leaves out nothing. How
    it ranks: docs/search.md.

    \b
      hd search vpn drops every hour
      hd search imprimante en panne status:resolved
      hd search '"split tunnel" vpn -mac created:>-90d'
      hd search -q 'printr~' 0x80070005
    """
    from hdcli.errors import BadUsage
    from hdcli.render import found, problems
    from hdcli.render.progress import Progress
    from hdcli.services import searching

    if form and quiet:
        raise BadUsage(f"--{form} and -q are two forms", "give one")
    text = " ".join(words)
    strict = quiet or form == "jsonl"
    wanted = _wanted(app, text, kind, limit, any_word=any_word, strict=strict)
    bar = Progress(sys.stderr, "texts indexed")
    results = searching.search(
        app.desk, wanted, lambda done, total: bar.show(done, done / max(1, total))
    )
    bar.end()
    problems.warn(app.desk.cache.problems())
    if form or quiet:
        _print(results, text, form)
        return
    if results.hits:
        from hdcli.render.pager import page

        page(found.hits(results.hits, app.look) + "\n", enabled=True)
    for line in found.remarks(results, text):
        click.echo(line, err=True)


def _wanted(
    app: App, text: str, kind: Kind | None, limit: int, *, any_word: bool, strict: bool
) -> Search:
    from hdcli.model.dates import format_utc
    from hdcli.model.query_parser import parse
    from hdcli.search.document import KINDS
    from hdcli.services.searching import Search

    context = app.query_context(text)
    return Search(
        parse(text, context),
        format_utc(app.moment),
        context.me or "",
        (kind,) if kind else KINDS,
        limit or None,
        any_word,
        strict,
    )


def _print(results: Results, text: str, form: str | None) -> None:
    from hdcli.render import found
    from hdcli.render.json import dumps, emit, lines

    if form == "json":
        emit(sys.stdout, [dumps(found.document(results, text))])
    elif form == "jsonl":
        emit(sys.stdout, lines(map(found.hit_document, results.hits)))
    else:
        emit(sys.stdout, (f"{each.key}\n" for each in results.hits))
