"""hd kb publish, review, link, helpful, archive."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.commands.kb.naming import slugs_argument, slugs_of
from hdcli.commands.kb.naming import tell as tell_articles
from hdcli.errors import BadUsage
from hdcli.params import Text, ids_argument, pass_app, resolved, tell, text_options, writes

HALF_A_YEAR = "+6mo"


@click.command(short_help="Publish drafts.")
@slugs_argument
@click.option("--review", "until", metavar="WHEN", help="When to look at it again (+6mo).")
@writes
@pass_app
def publish(app: App, slugs: tuple[str, ...], until: str | None, quiet: bool) -> None:
    """Publish articles: those they are for may rely on them from now on.

    What a draft still asks its author (lines with <!-- hd: ... -->) must be answered before.

    \b
      hd kb publish reset-password --review +1y
    """
    from hdcli.services import articles

    when = app.deadline(until or HALF_A_YEAR, ahead=True)
    done = articles.publish(app.session, slugs_of(app, slugs), when, asked=until is not None)
    tell_articles(done, lambda _: "is published", quiet=quiet)


@click.command(short_help="Say that articles are right.")
@slugs_argument
@click.option("--until", default=HALF_A_YEAR, metavar="WHEN", help="The next review (+6mo).")
@text_options("remark")
@writes
@pass_app
def review(
    app: App,
    slugs: tuple[str, ...],
    until: str,
    message: str | None,
    file: str | None,
    quiet: bool,
) -> None:
    """Say that you looked through articles and found them right, and when to look again.

    \b
      hd kb review reset-password
      hd kb list --stale -q | hd kb review - --until +3mo
    """
    from hdcli.services import articles

    text = Text(message, file, "remark").given()
    when = app.deadline(until, ahead=True)
    done = articles.review(app.session, slugs_of(app, slugs), when, text)
    tell_articles(done, lambda _: f"is to be reviewed by {when[:10]}", quiet=quiet)


@click.command(short_help="Name the tickets or translations of an article.")
@click.argument("slug", metavar="SLUG")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--translation", metavar="SLUG", help="The same article in another language.")
@click.option("--remove", is_flag=True, help="End the link instead.")
@writes
@pass_app
def link(
    app: App, slug: str, ids: tuple[str, ...], translation: str | None, remove: bool, quiet: bool
) -> None:
    """Say which tickets an article came from, or which article is its translation.

    Translations are named on both, and on the translations that either has already.

    \b
      hd kb link reset-password 7k3 9fq
      hd kb link reset-password --translation mot-de-passe
    """
    from hdcli.services import articles, translations

    if bool(ids) == bool(translation):
        raise BadUsage("name tickets, or one --translation", "hd kb link SLUG ID")
    name = slugs_of(app, [slug])[0]
    if translation:
        other = slugs_of(app, [translation])[0]
        done = translations.translate(app.session, name, other, remove=remove)
        said = f"is {'no longer' if remove else 'now'} a translation of {other}"
    else:
        whole = resolved(app, ids)
        done = articles.link(app.session, name, whole, remove=remove)
        said = f"{'does not come' if remove else 'comes'} from {', '.join(whole)}"
    tell_articles([done], lambda _: said, quiet=quiet)


@click.command(short_help="Say whether an article helped with a ticket.")
@click.argument("slug", metavar="SLUG")
@ids_argument
@click.option("--yes/--no", "helped", default=None, help="It helped, or it did not.")
@text_options("remark")
@writes
@pass_app
def helpful(
    app: App,
    slug: str,
    ids: tuple[str, ...],
    helped: bool | None,
    message: str | None,
    file: str | None,
    quiet: bool,
) -> None:
    """Say whether an article helped with tickets. It is kept on the ticket; the last word counts.

    \b
      hd kb helpful reset-password 7k3 --yes
      hd kb helpful reset-password 9fq --no -m "Their account is in the old directory"
    """
    from hdcli.services import actions

    if helped is None:
        raise BadUsage("did it help?", "say --yes or --no")
    name = slugs_of(app, [slug])[0]
    text = Text(message, file, "remark").given()
    draft = actions.helpful([name], helped=helped, body=text)
    done = app.session.act(resolved(app, ids), lambda _: draft)
    said = f"was helped by {name}" if helped else f"was not helped by {name}"
    tell(done, lambda _: said, quiet=quiet)


@click.command(short_help="Take articles out of use.")
@slugs_argument
@text_options("reason")
@writes
@pass_app
def archive(
    app: App, slugs: tuple[str, ...], message: str | None, file: str | None, quiet: bool
) -> None:
    """Take articles out of use. They stay for the record; hd kb publish brings one back.

    \b
      hd kb archive fax-setup -m "The last fax is gone"
    """
    from hdcli.services import articles

    text = Text(message, file, "reason").given()
    done = articles.archive(app.session, slugs_of(app, slugs), text)
    tell_articles(done, lambda _: "is archived", quiet=quiet)
