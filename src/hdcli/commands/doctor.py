"""hd doctor."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import HdError
from hdcli.params import pass_app

if TYPE_CHECKING:
    from hdcli.model.checkup import Check
    from hdcli.services.doctor.checkup import Cure


@click.command()
@click.option("--fix", "mend", is_flag=True, help="Do what is safe about what is found.")
@click.option("--remote", is_flag=True, help="Ask the remotes whether they answer, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print problems and warnings only.")
@pass_app
def doctor(app: App, mend: bool, remote: bool, as_json: bool, quiet: bool) -> None:
    """Check this machine and this clone: git, locks, index, disk, cache, who you are.

    It works where the desk can't be opened. Nothing that is committed is read through: hd fsck does
    that, and brings lost objects back. --fix removes locks of dead processes, finishes a stopped
    write, makes anew what can be made anew; it makes no commit and touches no file that you see.
    Exits with 1 when there are problems; warnings alone are no failure.

    \b
      hd doctor
      hd doctor --fix
    """
    from hdcli.services.doctor import checkup

    patient = checkup.Patient(app.start, app.now, app.named, ask_remotes=remote)
    cure = checkup.fix(patient) if mend else checkup.Cure()
    found = checkup.examine(patient)
    if as_json:
        _print_json(found, cure)
    else:
        _print(app, found, cure, quiet=quiet)
    if any(each.state == "problem" for each in found):
        from hdcli.render.checkup import summed_up

        raise HdError(summed_up(found))


def _print_json(found: list[Check], cure: Cure) -> None:
    from hdcli.render.json import dumps, emit

    checks = [each.document() for each in found]
    data = {"format": 1, "checks": checks, "fixed": cure.done, "not_fixed": cure.failed}
    emit(sys.stdout, [dumps(data)])


def _print(app: App, found: list[Check], cure: Cure, *, quiet: bool) -> None:
    from hdcli.render.checkup import lines, summed_up
    from hdcli.render.text import safe

    for each in cure.done:
        click.echo(f"fixed: {safe(each)}")
    for each in cure.failed:
        click.echo(f"not fixed: {safe(each)}", err=True)
    for line in lines(found, app.palette, quiet=quiet):
        click.echo(line, color=app.palette.enabled)
    if not quiet and not any(each.state == "problem" for each in found):
        click.echo(summed_up(found))
