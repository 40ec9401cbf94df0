"""hd kb: the knowledge base."""

from __future__ import annotations

import click

from hdcli.commands.kb import care, gaps, reading, search, starter, writing
from hdcli.params import Family


@click.group(cls=Family)
def kb() -> None:
    """Find, read, write and look after articles.

    Without a command: list them. An article is named by its slug, or by any beginning of it that no
    other has.
    """


for command in (
    reading.list_articles,
    reading.show,
    search.search,
    writing.new,
    writing.edit,
    care.publish,
    care.review,
    care.link,
    care.helpful,
    care.archive,
    gaps.gaps,
    starter.starter,
):
    kb.add_command(command)
