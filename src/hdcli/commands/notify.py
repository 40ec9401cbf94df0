"""hd notify."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import Busy, RemoteFailed
from hdcli.model.canned import EVENTS
from hdcli.params import Choices, pass_app, report
from hdcli.render import streams

if TYPE_CHECKING:
    from hdcli.services.notify.report import Report
    from hdcli.store.outbox import Notice

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(cls=Choices, invoke_without_command=True)
@click.pass_context
def notify(ctx: click.Context) -> None:
    """Tell requesters and agents what happens, by mail.

    One clone sends: the one whose git config hd.sender is the desk's mail.sender. It reads what was
    committed since it last ran; hd canned shows and changes the words.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@notify.command(short_help="Send what happened since the last run.")
@click.option("--watch", is_flag=True, help="Go on for ever, looking every 30 seconds.")
@click.option(
    "--every", type=click.IntRange(1), default=30, metavar="SECONDS", help="With --watch."
)
@click.option("-n", "--dry-run", "dry", is_flag=True, help="Say what would be sent; send nothing.")
@click.option("--since", metavar="WHEN", help="Tell of what happened since then, too.")
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@pass_app
def run(
    app: App, watch: bool, every: int, dry: bool, since: str | None, as_json: bool, quiet: bool
) -> None:
    """Send what happened since the last run, and what could not be sent then.

    The first run tells of nothing that was before it; --since goes back. Nothing is sent twice,
    whatever stops hd: a mail that was on its way when it was killed is reported, not sent again.

    \b
      hd sync -q && hd notify run -q          from cron
      hd notify run --dry-run
    """
    from hdcli.services.notify import sending

    instant = _instant(app, since)
    if dry:
        _say_planned(app, sending.rehearse(app.desk, app.now, instant), as_json=as_json)
        return
    if not watch:
        done = sending.run(app.desk, app.now, _now, instant)
        _say(done, as_json=as_json, quiet=quiet)
        if done.troubled:
            raise done.troubled
        if done.failed:
            click.get_current_context().exit(RemoteFailed.exit_code)
        return
    while True:
        try:
            done = sending.run(app.desk, _now(), _now, instant)
        except Busy as error:
            click.echo(streams.remark(str(error)), err=True)
        else:
            if done.news:
                _say(done, as_json=as_json, quiet=quiet)
            if done.troubled:
                click.echo(streams.remark(str(done.troubled)), err=True)
            instant = None
        sys.stdout.flush()
        time.sleep(every)


def _now() -> int:
    return int(time.time())


def _instant(app: App, since: str | None) -> int | None:
    from hdcli.model.dates import parse_utc

    return int(parse_utc(app.past(since)).timestamp()) if since else None


def _say(done: Report, *, as_json: bool, quiet: bool) -> None:
    from hdcli.render.outbox import lines, troubles

    if as_json:
        _emit({"format": 1, **done.document()})
    elif not quiet:
        report([], list(lines(done)), quiet=False)
    for each in [] if as_json else troubles(done):
        click.echo(streams.remark(each), err=True)


def _say_planned(app: App, done: Report, *, as_json: bool) -> None:
    from hdcli.services.notify.report import document

    found = [*done.later, *done.planned]
    if as_json:
        _emit({"format": 1, "began": done.began, "planned": [document(each) for each in found]})
        return
    if done.began:
        click.echo("the first run would tell of nothing yet: it begins with what happens then")
    _table(app, found, "nothing to send", when=False)


def _emit(data: object) -> None:
    from hdcli.render import json

    json.emit(sys.stdout, [json.dumps(data, indent=2)])


@notify.command(short_help="Show what waits, failed, or may have arrived.")
@click.option("--all", "every", is_flag=True, help="What was sent and dropped, too.")
@json_option
@pass_app
def queue(app: App, every: bool, as_json: bool) -> None:
    """Show what waits in the outbox, what failed, and what may have arrived or not."""
    from hdcli.services.notify import care
    from hdcli.services.notify.report import document

    found = care.queue(app.desk.place.repository, every=every)
    if as_json:
        _emit({"format": 1, "outbox": [document(each) for each in found]})
        return
    none = "nothing was to be sent yet" if every else "nothing waits (--all: what was sent, too)"
    _table(app, found, none, when=True)


def _table(app: App, found: list[Notice], none: str, *, when: bool) -> None:
    from hdcli.params import show_table
    from hdcli.render.outbox import HEADERS, rows

    if not found:
        click.echo(streams.remark(none), err=True)
        return
    show_table(app, list(rows(found, app.look, when=when)), HEADERS)


@notify.command(short_help="Tell a webhook that it would hear of the desk.")
@click.argument("name", metavar="WEBHOOK")
@pass_app
def ping(app: App, name: str) -> None:
    """Post a line to a webhook now, to see whether it arrives.

    \b
      hd notify ping ops
    """
    from hdcli.services.notify import hooks

    done = hooks.ping(app.desk, name, app.now)
    if done.fate != "sent":
        raise RemoteFailed(f"webhook '{name}': {done.said}")
    report([], [f"{name} took it: {done.said}"], quiet=False)


@notify.command(short_help="Queue each team's open work, for its agents.")
@click.argument("teams", nargs=-1, metavar="[TEAM]...")
@click.option("-n", "--dry-run", "dry", is_flag=True, help="Show the mails; queue none.")
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@pass_app
def digest(app: App, teams: tuple[str, ...], dry: bool, as_json: bool, quiet: bool) -> None:
    """Queue a mail with their team's open work for each agent, at most once a day.

    hd notify run sends them. A team with no open tickets gets none.

    \b
      hd notify digest -q && hd notify run -q          from cron, in the morning
    """
    from hdcli.render.outbox import letters
    from hdcli.services.notify import sending
    from hdcli.services.notify.digest import digests
    from hdcli.services.notify.preview import seen
    from hdcli.services.notify.report import document

    if dry:
        found = list(digests(app.desk, teams, app.now))
        click.echo("\n".join(letters([(each, seen(each.content)) for each in found])))
        return
    found = sending.queue_digests(app.desk, teams, app.now)
    if as_json:
        _emit({"format": 1, "queued": [document(each) for each in found]})
    elif not quiet:
        lines = [f"{each.subject}, to {each.recipient}" for each in found]
        report([], lines or ["nothing to queue"], quiet=False)


@notify.command(short_help="Queue again what failed.")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but keys.")
@pass_app
def retry(app: App, keys: tuple[str, ...], quiet: bool) -> None:
    """Queue again what failed: all of it, or what is named.

    What has an unknown fate goes only by its name: it may then arrive twice.
    """
    from hdcli.services.notify import care

    _moved(care.retry(app.desk.place.repository, keys, app.now), "waits again", quiet=quiet)


@notify.command(short_help="Give up what waits.")
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but keys.")
@pass_app
def drop(app: App, keys: tuple[str, ...], quiet: bool) -> None:
    """Give up what waits, failed or may have arrived: hd never sends it."""
    from hdcli.services.notify import care

    _moved(care.drop(app.desk.place.repository, keys, app.now), "is dropped", quiet=quiet)


def _moved(found: list[Notice], said: str, *, quiet: bool) -> None:
    lines = [f"{e.key[:8]} {said}: {e.event} to {e.recipient or 'somebody'}" for e in found]
    report([each.key[:8] for each in found], lines or ["nothing failed"], quiet=quiet)


@notify.command(short_help="Show what would be told of a ticket or a commit.")
@click.argument("name", metavar="ID|COMMIT")
@click.option(
    "--event", type=click.Choice(list(EVENTS)), metavar="EVENT", help="As if this happened."
)
@json_option
@pass_app
def preview(app: App, name: str, event: str | None, as_json: bool) -> None:
    """Show what tells of a ticket's last news, or of a commit, as it would go: mails, and what the
    webhooks get.

    \b
      hd notify preview 7k3
      hd notify preview 7k3 --event solved
    """
    from hdcli.render.outbox import letters, posts
    from hdcli.services.notify.preview import preview as found
    from hdcli.services.notify.preview import seen, told

    notices = found(app.desk, name, event or "", app.now)
    read = [(each, seen(each.content)) for each in notices if each.kind == "mail"]
    posted = [(each, told(each)) for each in notices if each.kind != "mail"]
    if as_json:
        mails = [
            {"event": e.event, "headers": dict(s.headers), "text": s.text, "files": list(s.files)}
            for e, s in read
        ]
        webhooks = [{"webhook": e.recipient, "content": content} for e, content in posted]
        _emit({"format": 1, "mails": mails, "webhooks": webhooks})
        return
    parts = ["\n".join(letters(read))] * bool(read) + list(posts(posted))
    click.echo("\n\n".join(parts))
