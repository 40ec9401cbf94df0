"""hd search."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import pass_app, search_options

if TYPE_CHECKING:
    from hdcli.search.document import Kind
    from hdcli.services.searching import Results


@click.command()
@click.option("--kind", type=click.Choice(["ticket", "article"]), help="Only tickets or articles.")
@search_options
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
    nothing has all words, it puts slips right, leaves words out, and says so; not with -q and
    --jsonl. How it ranks: docs/search.md.

    \b
      hd search vpn drops every hour
      hd search imprimante en panne status:resolved
      hd search '"split tunnel" vpn -mac created:>-90d'
      hd search -q 'printr~' 0x80070005
    """
    if form and quiet:
        raise BadUsage(f"--{form} and -q are two forms", "give one")
    text = " ".join(words)
    strict = quiet or form == "jsonl"
    results = _results(app, text, kind, limit, any_word=any_word, strict=strict)
    if form or quiet:
        _print(results, text, form)
    else:
        _show(app, results, text)


def _results(
    app: App, text: str, kind: Kind | None, limit: int, *, any_word: bool, strict: bool
) -> Results:
    from hdcli.model.dates import format_utc
    from hdcli.model.query_parser import parse
    from hdcli.render import problems
    from hdcli.render.progress import Progress
    from hdcli.search.document import KINDS
    from hdcli.services import searching

    context = app.query_context(text)
    wanted = searching.Search(
        parse(text, context),
        format_utc(app.moment),
        context.me or "",
        (kind,) if kind else KINDS,
        limit or None,
        any_word,
        strict,
    )
    bar = Progress(sys.stderr, "texts indexed")
    results = searching.search(app.desk, wanted, bar.of)
    bar.end()
    problems.warn(app.desk.cache.problems())
    return results


def _show(app: App, results: Results, text: str) -> None:
    from hdcli.render import found
    from hdcli.render.pager import page

    if results.hits:
        page(found.hits(results.hits, app.look) + "\n", enabled=True)
    for line in found.remarks(results, text):
        click.echo(line, err=True)


def _print(results: Results, text: str, form: str | None) -> None:
    from hdcli.render import found
    from hdcli.render.json import dumps, emit, lines

    if form == "json":
        emit(sys.stdout, [dumps(found.document(results, text))])
    elif form == "jsonl":
        emit(sys.stdout, lines(map(found.hit_document, results.hits)))
    else:
        emit(sys.stdout, (f"{each.key}\n" for each in results.hits))
