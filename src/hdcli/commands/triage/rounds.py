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
from hdcli.keyboard import Choice, Keyboard, Pasted, Prompt
from hdcli.params import kept, written
from hdcli.render import triage as shown
from hdcli.render.look import screen
from hdcli.render.progress import Progress
from hdcli.render.text import safe
from hdcli.services import triage as service

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket
    from hdcli.render.look import Look
    from hdcli.services.session import Session
    from hdcli.services.triage import Advice

REPLY = """\

# A reply on {id}: the requester reads it.
# Lines that begin with # are left out; an empty text stops.
"""
_END = ("q", "end", "escape")


class Round:
    """``ids`` are tickets of the queue (``every``: of all new ones); what was done can be taken
    back, step by step."""

    def __init__(self, app: App, ids: Sequence[str], keys: Keyboard, *, every: bool) -> None:
        self._app = app
        self._ids = list(ids)
        self._every = every
        self._keys = keys
        self._at = 0
        self._done: list[str] = []
        self._deeds: Mapping[str, Callable[[Ticket, Advice], bool]] = {
            "y": self._accept,
            "enter": self._accept,
            "s": self._set,
            "a": self._assign,
            "t": self._take,
            "m": self._merge,
            "r": self._reply,
            "x": self._spam,
            "n": lambda ticket, advice: True,
            " ": lambda ticket, advice: True,
            "o": self._open,
        }

    def run(self) -> None:
        """Until the end of the queue, or until somebody ends it."""
        while self._at < len(self._ids):
            self._app.desk.renew()  # others work on it meanwhile
            try:
                ticket = self._app.desk.ticket(self._ids[self._at])
            except HdError as error:  # its file broke; the others wait
                click.echo(f"hd: {safe(str(error))}", err=True)
                self._at += 1
                continue
            if ticket.status != "new":
                click.echo(safe(f"{ticket.id} is {ticket.status} by now"))
                self._at += 1
                continue
            if not self._one(ticket):
                break
        if not self._ids:
            click.echo("no new tickets to sort")
            return
        self._app.desk.renew()
        left = len(service.queue(self._app.desk, every=self._every))
        done = f"{len(self._done)} done" if self._done else "nothing done"
        click.echo(f"\n{done}, {left} in the queue")

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
        for line in shown.keys(advice, self._look):
            click.echo(line, color=self._app.palette.enabled)
        key = self._keys()
        return "" if isinstance(key, Pasted) else key.lower()

    def _show(self, ticket: Ticket, advice: Advice) -> None:
        from hdcli.services.sheet import known

        place = f"{self._at + 1}/{len(self._ids)}"
        who = known(self._app.desk, ticket)
        for line in shown.card(ticket, who, advice, place, self._look):
            click.echo(line, color=self._app.palette.enabled)

    @property
    def _look(self) -> Look:
        """How things look on a terminal that may have changed its size."""
        columns, lines = screen(sys.stdout)
        return replace(self._app.look, columns=columns, lines=lines)

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
        text = self._asked("FIELD=VALUE ...", usual)
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

        session, settings = self._session, self._app.settings
        known = ("me", *settings.agents, *settings.teams)
        target = self._asked("agent, team or me", advice.values.get("team", ""), known)
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
        target = self._asked("merge into", twins[0].ticket.id if twins else "")
        into = self._app.desk.resolve(target)
        relations.merge(self._session, [ticket.id], into)
        return self._say(ticket.id, f"is merged into {into}")

    def _reply(self, ticket: Ticket, advice: Advice) -> bool:
        from hdcli.services import actions

        with self._keys.resting():
            text = written(self._app, REPLY.format(id=ticket.id))
        with kept(self._app, text):
            self._session.act([ticket.id], lambda t: actions.reply(t, text))
        return self._say(ticket.id, "has your reply")

    def _spam(self, ticket: Ticket, advice: Advice) -> bool:
        service.spam(self._session, ticket.id)
        return self._say(ticket.id, "is closed as spam")

    def _open(self, ticket: Ticket, advice: Advice) -> bool:
        from hdcli.render.pager import page
        from hdcli.render.ticket import ticket_page
        from hdcli.services.sheet import sheet

        app = self._app
        root = app.desk.place.repository.work_tree
        told = ticket_page(sheet(app.desk, ticket.id), app.settings, self._look, root)
        with self._keys.resting():
            page(told, enabled=True)
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

    def _asked(self, question: str, usual: str, known: Sequence[str] = ()) -> str:
        """What somebody answers, in one line, or the usual answer for none; those ``known`` that
        begin so are shown. Raises BadUsage, and Abort where the question is left."""

        def begun(text: str) -> Sequence[Choice]:
            return [Choice(e, safe(e)) for e in known if text and e.startswith(text)]

        label = f"{question} [{safe(usual)}]:" if usual else f"{question}:"
        try:
            said = Prompt(self._keys).ask(label, begun)
        except KeyboardInterrupt:
            said = None
        if said is None:
            raise click.Abort
        if not (said or usual):
            raise BadUsage("nothing was said")
        return said or usual
