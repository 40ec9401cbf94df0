"""hd config show, set, check, edit."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import Family, pass_app, report, show_table, writes


class Keys(Family):
    """``hd config KEY`` shows, ``hd config KEY=VALUE`` sets, ``hd config --check`` checks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in self.commands if name != "validate"]

    def led(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--check" in args:
            return ["check", *(each for each in args if each != "--check")]
        words = [each for each in args if not each.startswith("-")]
        if any("=" in each for each in words):
            return ["set", *args]
        if words and self._is_mistyped(words[0]):
            raise self.mistyped(ctx, words[0])
        return args if args and args[0] in ctx.help_option_names else ["show", *args]

    def _is_mistyped(self, word: str) -> bool:
        from hdcli.model.settings_keys import SECTIONS
        from hdcli.model.suggest import nearest

        return nearest(word.partition(".")[0], [*SECTIONS, *self.commands]) in self.commands


@click.group(cls=Keys, subcommand_metavar="[KEY | KEY=VALUE... | COMMAND]")
def config() -> None:
    """Show, check and change the settings in desk.yaml.

    Keys have dots, as in defaults.team. Comments and order stay; each change is a commit.

    \b
      hd config                          all settings, and where each comes from
      hd config defaults.team            one
      hd config defaults.team=network    change it; an empty value takes it out
      hd config --check                  is desk.yaml, as it lies here, sound?
      hd config edit                     change what you like in your editor
    """


@config.command(short_help="Show settings.")
@click.argument("key", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_app
def show(app: App, key: str, as_json: bool) -> None:
    """Show all settings, those under a key, or one."""
    from hdcli.model.settings_keys import document, find
    from hdcli.render import json
    from hdcli.render.table import Column
    from hdcli.render.text import safe
    from hdcli.services.settings import FILE, shown

    if as_json:
        value = find(app.settings, key)[1] if key else document(app.settings)
        click.echo(json.dumps({"format": 1, "settings": value}, indent=2), nl=False)
        return
    found = shown(app.desk, key)
    if [each.key for each in found] == [key]:
        value = found[0].value
        lines = list(map(_item, value)) if isinstance(value, list) else [_shown(value)]
        click.echo("".join(f"{safe(line)}\n" for line in lines), nl=False)
        return
    headers = [Column("key"), Column("value", weight=1), Column("where", drop=1)]
    rows = [
        (each.key, _shown(each.value), f"{FILE}:{each.line}" if each.line else "default")
        for each in found
    ]
    show_table(app, rows, headers)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_item, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _item(value: object) -> str:
    """An item of a list; a rule by its name."""
    return str(value.get("name", "a rule") if isinstance(value, dict) else value)


@config.command("set", short_help="Change settings.")
@click.argument("words", nargs=-1, required=True, metavar="KEY=VALUE... | KEY VALUE")
@writes
@pass_app
def set_values(app: App, words: tuple[str, ...], quiet: bool) -> None:
    """Change settings; an empty value takes one out of the file. Lists have commas.

    \b
      hd config set name "IT support"
      hd config set categories=network,email,other defaults.urgency=low
    """
    from hdcli.services import settings

    if len(words) == 2 and "=" not in words[0]:
        texts = {words[0]: words[1]}
    else:
        texts = {key.strip(): value for key, _, value in (each.partition("=") for each in words)}
        for each in words:
            if "=" not in each:
                raise BadUsage(f"'{each}' has no value", f"hd config set {each}=VALUE")
    done = settings.change(app.session, settings.set_values(texts))
    already = "" if done else " already"
    lines = [f"{key} is {text.strip() or 'the default'}{already}" for key, text in texts.items()]
    report(list(texts), lines, quiet=quiet)


@config.command(short_help="Check desk.yaml.")
@pass_app
def check(app: App) -> None:
    """Check desk.yaml as it lies in the work tree; name the line of what is wrong."""
    from hdcli.render.text import safe
    from hdcli.services.settings import FILE
    from hdcli.services.settings import check as checked

    found = checked(app.desk)
    for each in found:
        click.echo(f"hd: {safe(each)}", err=True)
    click.echo(f"{FILE} is valid" + (f", but see the {len(found)} above" if found else ""))


config.add_command(check, "validate")


@config.command("edit", short_help="Edit desk.yaml in your editor.")
@writes
@pass_app
def edit(app: App, quiet: bool) -> None:
    """Edit desk.yaml in your editor, check it and commit it.

    While something is wrong the editor opens again with the message on top; leave the text as it is
    to stop. What you wrote is then kept in a file of its own.
    """
    from hdcli.editor import revised
    from hdcli.render.text import safe
    from hdcli.services import settings
    from hdcli.services.roles import require_lead

    session = app.session
    require_lead(app.settings, session.who.handle, settings.DEED)
    before = settings.text(app.desk)

    def save(text: bytes) -> bytes:
        settings.save(session, before, text)
        return text

    after = revised(app, before, "desk", save)
    for each in settings.doubts(after) if after else ():
        click.echo(f"hd: {safe(each)}", err=True)
    stays = "stays" if after is None else "is changed"
    report([settings.FILE], [f"{settings.FILE} {stays}"], quiet=quiet)
