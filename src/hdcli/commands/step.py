"""hd step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import Text, at_terminal, pass_app, report, resolved, text_options, writes

if TYPE_CHECKING:
    from hdcli.model.procedure import Outcome
    from hdcli.services.steps import Stepped


@click.command()
@click.argument("args", nargs=-1, required=True, metavar="ID... [N] done|skip|fail")
@text_options("remark")
@click.option(
    "--escalate/--no-escalate",
    default=None,
    help="Escalate as the failed step says, or don't; else a terminal asks.",
)
@writes
@pass_app
def step(
    app: App,
    args: tuple[str, ...],
    message: str | None,
    file: str | None,
    escalate: bool | None,
    quiet: bool,
) -> None:
    """Say what came of a procedure's step, and see the next.

    Without N it is the step where the ticket is; a bare number before done, skip or fail is N.
    A step that fails may name whom to escalate to: a terminal asks, scripts say --escalate; the
    checklist so far is the reason.

    \b
      hd step @ done
      hd step @ fail -m "Nobody answers on that number"
      hd step 7k3 2 skip
    """
    from hdcli.services import steps

    ids, number, outcome = _meant(args)
    if escalate is not None and outcome != "fail":
        raise BadUsage("only a step that failed is escalated", "hd escalate does it at any time")
    whole, text = resolved(app, ids), Text(message, file, "remark").given()
    wanted: Collection[str] = whole if escalate else ()
    if outcome == "fail" and escalate is None and at_terminal():
        number, wanted = _asked(app, whole, number)
    done = steps.step(app.session, whole, number, outcome, text, wanted)
    if quiet:
        report([each.done.ticket.id for each in done], [], quiet=True)
        return
    for each in done:
        _tell(app, each, outcome, "@" if len(done) == 1 else each.done.ticket.id)


def _meant(args: Sequence[str]) -> tuple[list[str], int | None, Outcome]:
    """Ids, number and outcome of the arguments. Raises BadUsage."""
    from hdcli.model.procedure import OUTCOMES

    *before, last = args
    outcome = next((each for each in OUTCOMES if each == last.lower()), None)
    if outcome is None:
        from hdcli.model.suggest import nearest

        near = nearest(last, OUTCOMES)
        hint = f"did you mean '{near}'?" if near else "the last word is done, skip or fail"
        raise BadUsage(f"'{last}' does not say what came of the step", hint)
    if len(before) > 1 and before[-1].isdecimal() and before[-1].isascii():
        return before[:-1], int(before[-1]), outcome
    return before, None, outcome


def _asked(
    app: App, whole: Sequence[str], number: int | None
) -> tuple[int | None, Collection[str]]:
    """Those that somebody wants escalated, asked before anything is written; the step asked about
    stays the one that is meant."""
    from hdcli.render.text import safe
    from hdcli.services import steps

    wanted = []
    for offer in steps.offers(app.session, whole, number):
        team = f" ({safe(offer.team)})" if offer.team else ""
        question = f"escalate {offer.ticket_id} to level {offer.level}{team}?"
        if click.confirm(question, default=True, prompt_suffix=" "):
            wanted.append(offer.asked)
        if len(whole) == 1:
            number = offer.number
    return number, wanted


def _tell(app: App, each: Stepped, outcome: Outcome, reference: str) -> None:
    """What was said, and what comes next."""
    from hdcli.render.checklist import next_step

    ticket, now = each.done.ticket, each.following
    already = "" if each.done.changed else " already"
    lines = [f"{ticket.id} step {each.number} {outcome}{already}: {ticket.title}"]
    far = now.progress
    if each.level:
        team = ticket.text("team")
        lines.append(f"{ticket.id} is at level {each.level}" + (f", with {team}" if team else ""))
    elif not far.at:
        lines.append(
            f"all steps are through: hd resolve {reference} --article {now.slug} -m SOLUTION"
        )
    elif each.offered:
        whom = now.steps[far.at - 1].escalate
        whom = f"level {whom}" if isinstance(whom, int) else whom
        lines.append(f"for this it names {whom}: hd step {reference} {far.at} fail --escalate")
    report([], lines, quiet=False)
    if far.at and not far.stopped:
        for line in next_step(now, app.look):
            click.echo(line, color=app.palette.enabled)
