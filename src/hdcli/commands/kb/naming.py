"""What the commands on articles take and say in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import F, report, stdin_text
from hdcli.render import streams

if TYPE_CHECKING:
    from hdcli.model.article import Article
    from hdcli.services.articles import Done


def slugs_argument(command: F) -> F:
    """``SLUG…``, each perhaps several with commas, or ``-`` for slugs from standard input."""
    return click.argument("slugs", nargs=-1, required=True, metavar="SLUG...")(command)


def slugs_of(app: App, given: Sequence[str]) -> list[str]:
    """The whole slugs that were meant, each once, in order; as with ``resolved`` ids."""
    named: list[str] = []
    for each in given:
        text = stdin_text() if each == "-" else each
        named += text.replace(",", " ").split()
    if not named and "-" not in given:
        raise BadUsage("no slugs given", "name articles as in reset-password")
    if not named:
        told = "no slugs on standard input, so there is nothing to do"
        click.echo(streams.remark(told), err=True)
    return list(dict.fromkeys(app.desk.slug(each) for each in named))


def tell(done: Sequence[Done], phrase: Callable[[Article], str], *, quiet: bool) -> None:
    """What a writing command says: bare slugs with ``-q``, else a line each."""
    lines = []
    for each in done:
        already = "" if each.changed else " already"
        lines.append(f"{each.article.slug} {phrase(each.article)}{already}: {each.article.title}")
    report([each.article.slug for each in done], lines, quiet=quiet)
