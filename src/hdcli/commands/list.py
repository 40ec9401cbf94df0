"""hd list."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import pass_app
from hdcli.render import streams

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hdcli.services.reading import Found

FORMS = ("json", "jsonl", "csv", "count", "quiet")
FIRST_PAGE = 50


@click.command()
@click.argument("words", nargs=-1, metavar="[QUERY]...")
@click.option("--all", "every", is_flag=True, help="Whatever their status.")
@click.option("--sort", default="urgency", metavar="NAME", help="Else urgency; -NAME reverses.")
@click.option("--columns", metavar="NAME,...", help="The columns of a table or CSV, in order.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N; 0 means all.")
@click.option("--count", is_flag=True, help="Print only how many there are.")
@click.option("--json", is_flag=True, help="One JSON object (docs/json.md).")
@click.option("--jsonl", is_flag=True, help="A JSON object a line.")
@click.option("--csv", is_flag=True, help="CSV with a header line.")
@click.option("-q", "--quiet", is_flag=True, help="Bare ids, for other commands.")
@pass_app
def list_tickets(
    app: App,
    /,
    words: tuple[str, ...],
    every: bool,
    sort: str,
    columns: str | None,
    limit: int | None,
    **forms: bool,
) -> None:
    """List tickets: open work by default, the most urgent first.

    A table shows as many as fit the screen (50 where there is none); the other forms are whole.
    Put a query that begins with - behind --. The language: docs/query.md.

    \b
      hd list assignee:me
      hd list 'priority:>=high' team:network --sort -updated
      hd list --all requester:ana created:2026-11 --csv > november.csv
      hd list -q tag:vpn is:unassigned | hd assign - bob
    """
    from hdcli.model.dates import format_utc
    from hdcli.model.query_parser import parse
    from hdcli.render import problems
    from hdcli.services import reading

    form = _form(forms)
    names = _columns(app, columns, form)
    text = " ".join(words)
    context = app.query_context(text)
    query, now = parse(text, context), format_utc(app.moment)
    asked = reading.wanted(query, now, context.me or "", every=every)
    problems.warn(app.desk.cache.problems())
    if form == "count":
        click.echo(reading.count(app.desk, asked))
        return
    found = reading.find(app.desk, asked, sort, _limit(app, limit, form))
    if form:
        _print(form, found, names)
    elif found.ids:
        _show(app, found, names)
    if not found.ids and form in ("", "csv"):
        click.echo(streams.remark(_nothing(app, text, every=every)), err=True)


def _form(forms: dict[str, bool]) -> str:
    asked = [name for name in FORMS if forms[name]]
    if len(asked) > 1:
        raise BadUsage(f"--{asked[0]} and --{asked[1]} are two forms", "give one")
    return asked[0] if asked else ""


def _columns(app: App, columns: str | None, form: str) -> tuple[str, ...] | None:
    """The columns that were chosen; None where nobody did. Raises BadUsage."""
    from hdcli.render.tickets import chosen

    names = chosen(columns, app.settings.fields) if columns is not None else None
    if names and form not in ("", "csv"):
        raise BadUsage("--columns is for tables and --csv", f"--{form} has its own form")
    return names


def _limit(app: App, limit: int | None, form: str) -> int | None:
    if limit is None and not form:
        # The header, the line below the table and the prompt need three.
        return max(5, app.look.lines - 3) if app.look.lines else FIRST_PAGE
    return limit or None


def _print(form: str, found: Found, names: tuple[str, ...] | None) -> None:
    from hdcli.render.json import emit, listed, raw_lines
    from hdcli.render.tickets import CSV, tickets_csv

    pieces: Iterable[str]
    if form == "quiet":
        pieces = (f"{each}\n" for each in found.ids)
    elif form == "jsonl":
        pieces = raw_lines(found.documents())
    elif form == "json":
        pieces = listed("tickets", found.documents())
    else:
        pieces = tickets_csv(_loaded(found), names or CSV)
    emit(sys.stdout, pieces)


def _loaded(found: Found) -> Iterator[dict[str, Any]]:
    return map(json.loads, found.documents())


def _show(app: App, found: Found, names: tuple[str, ...] | None) -> None:
    from hdcli.render.pager import page, stream
    from hdcli.render.tickets import tickets_table

    portions = ([json.loads(text) for text in portion] for portion in found.portions())
    pieces = tickets_table(portions, names, app.look)
    if len(found.ids) > (app.look.lines or 0):
        stream(pieces, enabled=True)
    else:
        page("".join(pieces), enabled=True)
    if len(found.ids) < found.total:
        click.echo(f"{len(found.ids):,} of {found.total:,}; --limit 0 shows all", err=True)


def _nothing(app: App, query: str, *, every: bool) -> str:
    from hdcli.services.reading import tickets_in_all

    total = tickets_in_all(app.desk)
    if not total:
        return 'no tickets on this desk yet; hd new "what is wrong" opens one'
    if not query:
        return f"no open tickets; hd list --all shows all {total:,}"
    if every:
        return f"no ticket matches; hd list --all shows all {total:,}"
    return "no open ticket matches; --all looks at every status"
