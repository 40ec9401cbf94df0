"""hd kb starter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.commands.kb.care import HALF_A_YEAR
from hdcli.params import pass_app, report, writes

if TYPE_CHECKING:
    from hdcli.services.starter import Installed

BOTH = "both"


@click.command(short_help="Install procedures for level-1 work.")
@click.argument("slugs", nargs=-1, metavar="[NAME]...")
@click.option(
    "--language",
    type=click.Choice(("en", "fr", BOTH)),
    help="English, French or both; else the desk's.",
)
@writes
@pass_app
def starter(app: App, slugs: tuple[str, ...], language: str | None, quiet: bool) -> None:
    """Install the starter set: a dozen procedures for classic level-1 work.

    They are published and yours; make them your own with hd kb edit. Teams and categories become
    those of the desk. What is there already stays as it is. With names, only these.

    \b
      hd kb starter
      hd kb starter --language both
      hd kb starter reset-password printer-offline
    """
    from hdcli.services import starter as service

    languages = service.LANGUAGES if language == BOTH else [language] if language else []
    review = app.deadline(HALF_A_YEAR)
    done = service.install(app.session, languages, slugs, review)
    report([each.article.slug for each in done if each.new], _lines(done), quiet=quiet)


def _lines(done: list[Installed]) -> list[str]:
    lines = []
    for each in done:
        said = "is installed" if each.new else "is there already"
        lines.append(f"{each.article.slug} {said}: {each.article.title}")
    if any(each.new for each in done):
        lines.append("next: hd procedure lists them, hd kb edit makes one your own")
    return lines
