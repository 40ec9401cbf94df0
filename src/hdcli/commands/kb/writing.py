"""hd kb new, hd kb edit."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.commands.kb.naming import slugs_argument, slugs_of
from hdcli.errors import BadUsage
from hdcli.params import Text, at_terminal, pass_app, report, resolved, text_options, writes

if TYPE_CHECKING:
    from hdcli.model.article import Article
    from hdcli.services.articles import Wanted

HINTS = (
    "{name}: its values, then what it says, in Markdown.",
    "Save and close the editor when it is right; these two lines go.",
)


@click.command(short_help="Write an article, or draft one from a ticket.")
@click.argument("title", nargs=-1)
@click.option("--from", "ticket", metavar="ID", help="Draft it from a solved ticket.")
@click.option("--language", default="", metavar="CODE", help="As in fr; else the desk's.")
@click.option("-c", "--category", default="", help="What it is about.")
@click.option("-t", "--tag", "tags", multiple=True, help="May be given several times.")
@click.option("--audience", default="", metavar="public|agents", help="For whom (agents).")
@click.option("--owner", default="", metavar="AGENT", help="Who keeps it right; else you.")
@click.option("--slug", default="", metavar="SLUG", help="Its name; else made of the title.")
@click.option("--translates", metavar="SLUG", help="The article that it is a translation of.")
@text_options("text of the article")
@click.option("--no-edit", is_flag=True, help="Take a draft as it is.")
@writes
@pass_app
def new(
    app: App,
    /,
    title: tuple[str, ...],
    ticket: str | None,
    translates: str | None,
    message: str | None,
    file: str | None,
    no_edit: bool,
    quiet: bool,
    **given: str | tuple[str, ...],
) -> None:
    """Write an article. It is a draft until you publish it.

    At a terminal your editor opens, unless you give the text; a last word - reads it from standard
    input. --from drafts it from a solved ticket: the problem, the cause, the solution, and what the
    requester saw. A text without a TITLE may be a whole page, as the editor shows it.

    \b
      hd kb new "Reset a password" -c access --audience public
      hd kb new --from 7k3
      hd kb new "Réinitialiser un mot de passe" --language fr --translates reset-password
      hd kb new --file page.md
    """
    words = list(title)
    if words and words[-1] == "-":
        words.pop()
        message = "-" if message is None else message
    text = Text(message, file, "text of the article")
    other = slugs_of(app, [translates])[0] if translates else ""
    wanted = _wanted(app, ticket, " ".join(words), given)
    if at_terminal() and text.missing and not no_edit:
        article = _written(app, wanted, other, is_drafted=ticket is not None)
    elif text.missing and not ticket:
        remedy = "give it with -m TEXT, --file FILE or - from standard input"
        raise BadUsage("no text of the article", remedy)
    else:
        article = _taken(app, wanted, other, None if text.missing else text.given())
    _tell(article, quiet=quiet)


def _wanted(
    app: App, ticket: str | None, title: str, given: dict[str, str | tuple[str, ...]]
) -> Wanted:
    from dataclasses import replace

    from hdcli.services.articles import Wanted
    from hdcli.services.drafting import drafted

    named = {name: value for name, value in given.items() if value}
    if owner := app.agent_named(str(given["owner"])):
        named["owner"] = owner
    if ticket is None:
        return Wanted(title, **named)  # type: ignore[arg-type] # each option is of its field's type
    whole = resolved(app, [ticket])[0]
    language = str(given["language"]) or app.settings.language
    draft = drafted(app.desk.ticket(whole), language)
    if title:
        named["title"] = title
    return replace(draft, **named)  # type: ignore[arg-type] # the same


def _taken(app: App, wanted: Wanted, translates: str, text: str | None) -> Article:
    """An article of a text that is there already, or of a draft as it is (None).

    Where no title was given the text may be a page, its values on top.
    """
    from dataclasses import replace

    from hdcli.services import articleediting, articles

    if text is not None and not wanted.title and text.startswith("---\n"):
        if wanted != articles.Wanted(""):
            raise BadUsage("the page has its values on top", "take them out of the options")
        return articleediting.create(app.session, text.encode(), translates)
    body = wanted.body if text is None else text
    wanted = articles.translating(app.desk, wanted, translates) if translates else wanted
    return articles.create(app.session, replace(wanted, body=body), translates)


def _written(app: App, wanted: Wanted, translates: str, *, is_drafted: bool) -> Article:
    """What somebody makes of the page in their editor; a draft left as it is is taken so."""
    from hdcli.editor import revised
    from hdcli.errors import Refused
    from hdcli.services import articleediting, articles

    wanted = articles.translating(app.desk, wanted, translates) if translates else wanted
    page = articleediting.blank(app.session, wanted)
    finish = partial(articleediting.create, app.session, translates=translates)
    hints, kept = _hints("a new article"), "hd kb new --file {place} takes what you wrote"
    article = revised(app, page, "kb-new", finish, hints, suffix=".md", kept=kept)
    if article is None and is_drafted:
        article = finish(page)
    if article is None:
        raise Refused("nothing was written, so nothing was done")
    return article


def _hints(name: str) -> list[str]:
    return [line.format(name=name) for line in HINTS]


def _tell(article: Article, *, quiet: bool) -> None:
    slug = article.slug
    report([slug], [f"{slug} is a draft: hd kb publish {slug}, when it is right"], quiet=quiet)


@click.command(short_help="Edit articles in your editor.")
@slugs_argument
@click.option("--note", default="", metavar="TEXT", help="The reason, kept in the log.")
@text_options("new text")
@writes
@pass_app
def edit(
    app: App,
    slugs: tuple[str, ...],
    note: str,
    message: str | None,
    file: str | None,
    quiet: bool,
) -> None:
    """Edit articles in your editor, one after the other: their values, then their Markdown.

    With -m or --file the text is replaced without an editor. While something is wrong the editor
    opens again with the reason on top. Others may go on meanwhile: what they changed elsewhere in
    the text is merged with yours.

    \b
      hd kb edit reset-password
      hd kb show vpn --raw | sed 's/OpenVPN/WireGuard/' | hd kb edit vpn --file -
    """
    from hdcli.editor import revised
    from hdcli.services import articleediting, articles

    text = Text(message, file, "new text")
    names = slugs_of(app, slugs)
    if not text.missing:
        if len(names) != 1:
            raise BadUsage("one text is for one article", "name one")
        done = articles.rewrite(app.session, names[0], text.given(), note)
        said = "has a new text" if done.changed else "has this text already"
        report(names, [f"{names[0]} {said}: {done.article.title}"], quiet=quiet)
        return
    if not at_terminal() and not any(os.environ.get(e) for e in ("GIT_EDITOR", "VISUAL", "EDITOR")):
        raise BadUsage("no terminal to edit at", "give the text with --file, or name an EDITOR")
    for each in names:
        opened = articleediting.opened(app.desk, each)
        finish = partial(articleediting.save, app.session, opened, note=note)
        subject = revised(app, opened.page, f"kb-{each}", finish, _hints(each), suffix=".md")
        report([each] if subject else [], [subject or f"{each} stays as it is"], quiet=quiet)
