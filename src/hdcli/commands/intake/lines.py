"""hd intake jsonl, hd intake csv."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hdcli.app import App
from hdcli.errors import BadData
from hdcli.inputs import name_of, opened
from hdcli.model.fields import CHANNELS
from hdcli.params import pass_app, writes
from hdcli.render import streams

if TYPE_CHECKING:
    from hdcli.services.bulk.records import Item
    from hdcli.services.intake.requests import Answer

F = TypeVar("F", bound=Callable[..., Any])


def _options(command: F) -> F:
    maps = click.option(
        "--map",
        "maps",
        multiple=True,
        metavar="COLUMN=FIELD",
        help="The field of a column; COLUMN= drops it, '*=' drops all unknown.",
    )
    channel = click.option(
        "--channel", type=click.Choice(CHANNELS), help="Of records that name none."
    )
    dry = click.option("--dry-run", "dry", is_flag=True, help="Check everything, write nothing.")
    return maps(channel(dry(writes(command))))


@click.command()
@click.argument("file", metavar="[FILE|-]", default="-")
@_options
@pass_app
def jsonl(app: App, /, file: str, **given: Any) -> None:
    """Open a ticket for each JSON object on a line, and answer each with a line.

    An object has the fields of a request: title, body, requester, category, tags, external_id … The
    answer is JSON: the line's number, what came of it (new, known or refused), the id or the error
    with its exit code. It is written when the ticket is safe, and nobody waits for more lines.

    With an external_id a request is taken in once: whoever tries again, after a kill, from another
    clone, gets the same id. With -q only ids are printed; what was refused goes to standard error.

    \b
      tail -n +1 -F requests.jsonl | hd intake jsonl --as web >> answers.jsonl
    """
    from hdcli.services.bulk.records import json_records
    from hdcli.services.intake.arriving import batches

    with opened(file) as stream:
        items = (list(json_records(lines)) for lines in batches(stream))
        _take_in(app, items, name_of(file), given)


@click.command()
@click.argument("file", metavar="FILE|-")
@_options
@pass_app
def csv(app: App, /, file: str, **given: Any) -> None:
    """Open a ticket for each row of a CSV file, as a form or a spreadsheet exports it.

    The header names the fields; what comes of each row is answered as by hd intake jsonl. A row
    without an external_id gets one that is made of what it says, so that the same file may be taken
    in again when it has grown. A file with solved tickets is hd import's.

    \b
      hd intake csv form.csv --map Subject=title --map From=requester --map '*=' --channel web
    """
    from hdcli.services.bulk.csvrecords import csv_records
    from hdcli.services.bulk.naming import Naming
    from hdcli.services.bulk.records import lines
    from hdcli.services.intake.arriving import portions
    from hdcli.services.intake.rows import named

    names = Naming(app.settings, given["maps"])
    with opened(file) as stream:
        found = csv_records(
            lines(stream, lambda _: None),
            name_of(file),
            names.knows,
            names.require,
            lambda _: None,
        )
        _take_in(app, portions(named(found, names)), name_of(file), given)


def _take_in(app: App, portions: Iterable[list[Item]], where: str, given: dict[str, Any]) -> None:
    """Answers every record of a source. Raises BadData at the end where some were refused."""
    import time

    from hdcli.services.intake.requests import Requests

    channel = given["channel"] or ""
    requests = Requests(app.session, given["maps"], app.zone, channel, dry=given["dry"])
    refused = 0
    for items in portions:
        answers = requests.take_in(items, int(time.time()))
        refused += sum(bool(answer.error) for answer in answers)
        say(answers, quiet=given["quiet"])
    requests.settle()
    if refused:
        raise BadData(f"{refused:,} refused", where)


def say(answers: Iterable[Answer], *, quiet: bool) -> None:
    """Prints answers, at once: JSON, a line each, or bare ids, and then errors elsewhere."""
    if quiet:
        for answer in answers:
            for said in (*answer.troubles, *([answer.error] if answer.error else [])):
                click.echo(streams.remark(f"line {answer.line}: {said}"), err=True)
        click.echo("".join(f"{each.id}\n" for each in answers if each.id), nl=False)
    else:
        click.echo("".join(_lines(answers)), nl=False)
    sys.stdout.flush()  # who waits for an answer waits for nothing else


def _lines(answers: Iterable[Answer]) -> Iterator[str]:
    from hdcli.render.json import lines

    yield from lines(answer.document() for answer in answers)
