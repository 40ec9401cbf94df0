"""hd import, hd export."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hdcli import inputs
from hdcli.app import App
from hdcli.errors import BadData, BadUsage
from hdcli.params import pass_app, writes
from hdcli.render import streams

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import BufferedReader

    from hdcli.model.ticket import Ticket
    from hdcli.render.progress import Progress
    from hdcli.services.bulk.importing import Summary, Watch
    from hdcli.services.bulk.rejects import Rejects
    from hdcli.services.bulk.sources import Source

FORMATS = ("jsonl", "csv", "yaml")


@click.command("import")
@click.argument("file", metavar="FILE.jsonl|FILE.csv|-")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Else by the file's name.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="The field of a column; COLUMN= drops it, '*=' drops all unknown.",
)
@click.option("--dry-run", "dry", is_flag=True, help="Check everything, write nothing.")
@click.option(
    "--on-error",
    type=click.Choice(("skip", "stop")),
    default="skip",
    show_default=True,
    help="At a record that can't be taken in.",
)
@click.option("--resume", is_flag=True, help="Pass over what was imported before.")
@click.option("--rejects", type=click.Path(path_type=Path), help="Write refused records here.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@writes
@pass_app
def import_file(app: App, /, file: str, **given: Any) -> None:
    """Import tickets from JSON lines or CSV, a commit a ticket.

    A record is a request with fields of a ticket (title, body, requester, created, tags, …; a
    solved one has status, resolved, solution), or a whole ticket as hd export writes it.

    \b
      hd import october.jsonl
      hd import form.csv --map Subject=title --map When=created --map '*='
      hd export | hd --desk ../copy import -
    """
    from hdcli.services.bulk import rejects, sources

    name = inputs.name_of(file)
    with ExitStack() as stack:
        stream = stack.enter_context(inputs.opened(file))
        kept = stack.enter_context(rejects.Rejects(given["rejects"], Path(file)))
        summary = _take_in(app, sources.source(stream, name, given["form"]), kept, given)
    if summary.refused:
        remedy = "" if given["rejects"] else "--rejects FILE keeps what was refused"
        raise BadData(f"{summary.refused:,} refused", name, remedy=remedy)


def _take_in(app: App, source: Source, kept: Rejects, given: Mapping[str, Any]) -> Summary:
    from hdcli.render.progress import Progress
    from hdcli.services.bulk.importing import Importer, Manner
    from hdcli.services.bulk.naming import Naming

    progress = Progress(sys.stderr, "tickets")
    names = Naming(app.settings, given["maps"])
    manner = Manner(given["dry"], given["on_error"] == "stop", given["resume"])
    bare_ids = given["quiet"] and not given["as_json"] and not given["dry"]
    watch = _watch(kept, progress, _size(source.stream), bare_ids=bare_ids)
    importer = Importer(app.session, names, app.zone, watch, manner)
    try:
        importer.run(source.items(names, kept))
    except BaseException as error:
        progress.end()
        if importer.summary:
            _say(importer.summary, given)
        if isinstance(error, KeyboardInterrupt):
            click.echo("hd import --resume goes on from there", err=True)
        raise
    progress.end()
    if not importer.summary:
        click.echo(streams.remark(f"there are no records in {source.name}"), err=True)
    _say(importer.summary, given)
    return importer.summary


def _size(stream: BufferedReader) -> int:
    """The bytes there are to read; 0 where nobody knows."""
    try:
        return os.fstat(stream.fileno()).st_size
    except (OSError, ValueError):
        return 0


def _watch(rejects: Rejects, progress: Progress, size: int, *, bare_ids: bool) -> Watch:
    from hdcli.services.bulk.importing import Watch

    def taken_in(ids: Sequence[str]) -> None:
        if bare_ids:
            click.echo("".join(f"{each}\n" for each in ids), nl=False)

    return Watch(
        taken_in,
        lambda refusal: rejects.add(refusal.raw),
        lambda end, count: progress.show(count, end / size if size else None),
    )


def _say(summary: Summary, given: Mapping[str, Any]) -> None:
    from hdcli.render import imported
    from hdcli.render.json import dumps

    reasons = [(reason, summary.counts[reason], at) for reason, at in summary.reasons.items()]
    if given["as_json"]:
        found = {
            "format": 1,
            "dry_run": given["dry"],
            "imported": summary.imported,
            "already_there": summary.there,
            "dated_in_future": summary.late,
            "refused": summary.refused,
            "reasons": [{"reason": r, "count": count, "lines": at} for r, count, at in reasons],
        }
        click.echo(dumps(found), nl=False)
        return
    for text in imported.refusals(reasons):
        click.echo(text, err=True)
    if not given["quiet"]:
        dry = given["dry"]
        click.echo(imported.summary(summary.imported, summary.there, summary.late, dry=dry))


@click.command()
@click.argument("query", nargs=-1)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Else by --output's name, else jsonl."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file, written whole.")
@click.option(
    "--requester", "who", metavar="WHO", help="All that is held on a person, into --output."
)
@pass_app
def export(
    app: App, query: tuple[str, ...], form: str | None, output: Path | None, who: str | None
) -> None:
    """Export tickets; all of them without a QUERY, the oldest first.

    jsonl has the whole tickets with their logs, which hd import takes in again; yaml their files;
    csv flat rows for a spreadsheet.

    With --requester: a folder (or a .zip) to give to that person, with their tickets and files,
    what was drafted from these, and where others' tickets name them.

    \b
      hd export -o desk.jsonl
      hd export status:resolved resolved:last-month --format csv -o october.csv
      hd export --requester ana@example.org -o ana.zip
    """
    from hdcli.model.dates import format_utc
    from hdcli.model.query_parser import parse
    from hdcli.render import problems
    from hdcli.render.json import emit
    from hdcli.services.bulk.exporting import matching

    if who is not None:
        if query or form or output is None:
            raise BadUsage("--requester is for all of one person", "give -o FOLDER or -o FILE.zip")
        _hand_over(app, who, output)
        return
    form = form or _form_of(output)
    text = " ".join(query)
    asked = parse(text, app.query_context(text))
    broken = app.desk.cache.problems()
    found = matching(app.desk, asked, format_utc(app.moment), app.me or "")
    lines = _EXPORTS[form](app, found)
    if output is None:
        emit(sys.stdout, lines)
    else:
        _write_whole(output, lines)
    problems.warn(broken)
    if broken:
        raise BadData("not every ticket could be exported")


def _hand_over(app: App, who: str, output: Path) -> None:
    """All that is held on a person, as files for them; says what is to be read first."""
    from itertools import chain

    from hdcli.model.dates import format_utc
    from hdcli.render import holding as shown
    from hdcli.render.text import safe
    from hdcli.services import holding, parcel

    found = holding.held(app.desk, who, format_utc(app.moment))
    files = chain(shown.pages(found, app.settings.name), holding.contents(app.desk, found))
    parcel.pack(output, files)
    click.echo(safe(f"{output} has {len(found.tickets)} tickets, {len(found.files)} files"))
    click.echo("read it before you hand it over: texts may name others too", err=True)
    for mention in found.look_at:
        click.echo(safe(f"not in it, look at it: {mention.path}: {mention.what}"), err=True)


_ENDINGS: Mapping[str, str] = {"ndjson": "jsonl", "yml": "yaml"}


def _json_lines(app: App, tickets: Iterator[Ticket]) -> Iterator[str]:
    from hdcli.render.json import lines
    from hdcli.services.bulk.exporting import documents

    return lines(documents(tickets))


def _yaml(app: App, tickets: Iterator[Ticket]) -> Iterator[str]:
    from hdcli.services.bulk.exporting import yaml_documents

    return yaml_documents(tickets)


def _csv(app: App, tickets: Iterator[Ticket]) -> Iterator[str]:
    from hdcli.render.csv import rows
    from hdcli.services.bulk.exporting import columns, flat

    names = columns(app.settings.fields)
    return rows(names, (flat(ticket, names) for ticket in tickets))


_EXPORTS: Mapping[str, Callable[[App, Iterator[Ticket]], Iterator[str]]] = {
    "jsonl": _json_lines,
    "yaml": _yaml,
    "csv": _csv,
}


def _form_of(output: Path | None) -> str:
    """The format that a file's name says; where it has no ending, JSON lines. Raises BadUsage."""
    ending = output.suffix[1:].lower() if output and output.suffix else FORMATS[0]
    found = _ENDINGS.get(ending, ending)
    if found not in FORMATS:
        raise BadUsage(f"'.{ending}' says no format", f"give --format {'|'.join(FORMATS)}")
    return found


def _write_whole(output: Path, lines: Iterator[str]) -> None:
    """The file appears when it is complete."""
    from hdcli.render.progress import Progress

    progress = Progress(sys.stderr, "tickets")
    temporary = output.parent / f".{output.name}.hd-new"
    try:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            for count, text in enumerate(lines):
                file.write(text)
                progress.show(count, None)
        progress.end()
        temporary.replace(output)
    except OSError as error:
        raise BadUsage(f"can't write {output}: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)
