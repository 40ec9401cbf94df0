"""A round through the queue at a terminal: a ticket is shown, a key says what to do with it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage, HdError
from hdcli.params import kept, written
from hdcli.render import triage as shown
from hdcli.render.progress import Progress
from hdcli.render.text import safe
from hdcli.services import triage as service

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket
    from hdcli.services.session import Session
    from hdcli.services.triage import Advice

REPLY = """\

# A reply on {id}: the requester reads it.
# Lines that begin with # are left out; an empty text stops.
"""
_END = ("q", "\x04", "\x1b")


class Round:
    """``ids`` are the tickets of the queue; what was done can be taken back, step by step."""

    def __init__(self, app: App, ids: Sequence[str]) -> None:
        self._app = app
        self._ids = list(ids)
        self._at = 0
        self._done: list[str] = []
        self._deeds: Mapping[str, Callable[[Ticket, Advice], bool]] = {
            "y": self._accept,
            "\r": self._accept,
            "\n": self._accept,
            "s": self._set,
            "a": self._assign,
            "t": self._take,
            "m": self._merge,
            "r": self._reply,
            "n": lambda ticket, advice: True,
            " ": lambda ticket, advice: True,
            "o": self._open,
        }

    def run(self) -> None:
        """Until the end of the queue, or until somebody ends it."""
        while self._at < len(self._ids):
            try:
                ticket = self._app.desk.ticket(self._ids[self._at])
            except HdError as error:  # its file broke; the others wait
                click.echo(f"hd: {safe(str(error))}", err=True)
                self._at += 1
                continue
            if not self._one(ticket):
                break
        left = len(self._ids) - self._at
        done = f"{len(self._done)} done" if self._done else "nothing done"
        click.echo(f"\n{done}, {left} left" if self._ids else "no new tickets to sort")

    def _one(self, ticket: Ticket) -> bool:
        """Shows a ticket and does what the keys say, until it is done with; false for the end."""
        bar = Progress(sys.stderr, "texts indexed")
        advice = service.advice(self._app.desk, ticket, bar.of)
        bar.end()
        self._show(ticket, advice)
        while True:
            key = self._key(advice)
            if key in _END:
                return False
            if key == "u":
                if self._undo():
                    return True
            elif key in self._deeds and self._tried(self._deeds[key], ticket, advice):
                self._at += 1
                return True

    def _key(self, advice: Advice) -> str:
        click.echo(shown.keys(advice, self._app.look), color=self._app.palette.enabled)
        try:
            return click.getchar().lower()
        except EOFError:
            return "q"

    def _show(self, ticket: Ticket, advice: Advice) -> None:
        from hdcli.services.sheet import known

        place = f"{self._at + 1}/{len(self._ids)}"
        who = known(self._app.desk, ticket)
        for line in shown.card(ticket, who, advice, place, self._app.look):
            click.echo(line, color=self._app.palette.enabled)

    @property
    def _session(self) -> Session:
        """The acting agent, now: a round takes its time."""
        return replace(self._app.session, now=int(time.time()))

    def _tried(
        self, deed: Callable[[Ticket, Advice], bool], ticket: Ticket, advice: Advice
    ) -> bool:
        """Whether the ticket is done with; what refuses the deed is said, and nothing is lost."""
        try:
            return deed(ticket, advice)
        except HdError as error:
            click.echo(f"hd: {safe(str(error))}", err=True)
        except click.Abort:
            click.echo("")  # a question left with Ctrl-C or Ctrl-D
        return False

    def _say(self, ticket_id: str, words: str) -> bool:
        self._done.append(ticket_id)
        click.echo(safe(f"{ticket_id} {words}"))
        return True

    def _accept(self, ticket: Ticket, advice: Advice) -> bool:
        if not advice.guesses:
            raise BadUsage("nothing is suggested", "s sets fields, n goes on")
        service.sort(self._session, ticket.id, advice.values)
        return self._say(ticket.id, ", ".join(f"{n} {v}" for n, v in advice.values.items()))

    def _set(self, ticket: Ticket, advice: Advice) -> bool:
        usual = " ".join(f"{name}={value}" for name, value in advice.values.items())
        text = _asked("FIELD=VALUE ...", usual)
        values = {}
        for word in text.split():
            name, equals, value = word.partition("=")
            if not equals:
                raise BadUsage(f"'{word}' has no value", "as in category=network team=systems")
            values[name] = value
        service.sort(self._session, ticket.id, values)
        return self._say(ticket.id, text)

    def _assign(self, ticket: Ticket, advice: Advice) -> bool:
        from hdcli.services import actions

        target = _asked("agent, team or me", advice.values.get("team", ""))
        session, settings = self._session, self._app.settings
        team = settings.teams.get(target)
        if team and team.level != ticket.level:
            service.sort(session, ticket.id, {"team": target})
        else:
            handle = session.who.handle
            session.act([ticket.id], lambda t: actions.assign(settings, t, target, handle))
        return self._say(ticket.id, f"is with {target}")

    def _take(self, ticket: Ticket, advice: Advice) -> bool:
        from hdcli.services import actions

        session = self._session
        handle = session.who.handle
        session.act([ticket.id], lambda t: actions.take(self._app.settings, t, handle))
        return self._say(ticket.id, "is yours")

    def _merge(self, ticket: Ticket, advice: Advice) -> bool:
        from hdcli.services import relations

        twins = advice.hints.twins
        target = _asked("merge into", twins[0].ticket.id if twins else "")
        into = self._app.desk.resolve(target)
        relations.merge(self._session, [ticket.id], into)
        return self._say(ticket.id, f"is merged into {into}")

    def _reply(self, ticket: Ticket, advice: Advice) -> bool:
        from hdcli.services import actions

        text = written(self._app, REPLY.format(id=ticket.id))
        with kept(self._app, text):
            self._session.act([ticket.id], lambda t: actions.reply(t, text))
        return self._say(ticket.id, "has your reply")

    def _open(self, ticket: Ticket, advice: Advice) -> bool:
        from hdcli.render.pager import page
        from hdcli.render.ticket import ticket_page
        from hdcli.services.sheet import sheet

        app = self._app
        root = app.desk.place.repository.work_tree
        page(ticket_page(sheet(app.desk, ticket.id), app.settings, app.look, root), enabled=True)
        return False

    def _undo(self) -> bool:
        """Takes back the last deed of this round, and comes back to its ticket."""
        from hdcli.model.ticket import Ticket
        from hdcli.services.naming import Named
        from hdcli.services.undo import undo_on

        if not self._done:
            click.echo("hd: nothing was done yet", err=True)
            return False
        try:
            undo_on(self._session, [Named(Ticket, self._done[-1])])
        except HdError as error:
            click.echo(f"hd: {safe(str(error))}", err=True)
            return False
        ticket_id = self._done.pop()
        click.echo(f"{ticket_id} is as it was")
        self._at = self._ids.index(ticket_id)
        return True


def _asked(question: str, usual: str) -> str:
    """What somebody answers, in one line; empty answers give the usual one. Raises BadUsage."""
    sys.stdout.flush()
    text = str(click.prompt(question, default=usual or None, type=str)).strip()
    if not text:
        raise BadUsage("nothing was said")
    return text
