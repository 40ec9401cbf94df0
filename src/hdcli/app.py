"""Lazy wiring for commands: the desk, the acting agent, the clock, the screen."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hdcli.model.query import QueryContext
    from hdcli.model.settings import Settings
    from hdcli.render.look import Look
    from hdcli.render.style import Palette
    from hdcli.services.session import Session
    from hdcli.services.who import Who
    from hdcli.store.desk import Desk


@dataclass
class App:
    """What one run of hd works with; nothing is opened before it is asked for."""

    folder: str | None = None
    acting_as: str | None = None
    now: int = field(default_factory=lambda: int(time.time()))
    _closing: list[Desk] = field(default_factory=list)

    @property
    def start(self) -> Path:
        """Where the desk is looked for: ``--desk``, ``HD_DESK``, else the current folder."""
        named = Path(self.folder or os.environ.get("HD_DESK") or ".")
        try:
            return named.expanduser()
        except RuntimeError:  # ~ and no user of this system: a folder called so
            return named

    @cached_property
    def desk(self) -> Desk:
        """The desk. Raises NotADesk."""
        from hdcli.store.desk import Desk

        desk = Desk.open(self.start, self.progress)
        self._closing.append(desk)
        return desk

    @property
    def settings(self) -> Settings:
        return self.desk.settings

    @cached_property
    def who(self) -> Who:
        """The acting agent. Raises NoIdentity, NotOnDesk."""
        from hdcli.services.who import identify

        return identify(self.settings, self._top, self.named)

    @property
    def named(self) -> str | None:
        """The agent to act as, where one was named: ``--as``, else ``HD_AGENT``."""
        return self.acting_as or os.environ.get("HD_AGENT")

    @property
    def _top(self) -> Path:
        repository = self.desk.place.repository
        return repository.work_tree or repository.git_dir

    @property
    def identity_source(self) -> str:
        """Where the acting agent is known from: an option, a variable, a file of git's."""
        from hdcli.store.identity import origin

        named = "--as" if self.acting_as else "HD_AGENT"
        return named if self.named else origin(self._top)

    @cached_property
    def session(self) -> Session:
        """The acting agent at work on the desk, now."""
        from hdcli.services.session import Session

        if self.settings.has_roles:
            from hdcli.services.roles import require_writer

            require_writer(self.settings, self.who.handle)
        return Session(self.desk, self.who, self.now)

    @property
    def joining(self) -> Session:
        """The same for somebody who may not be an agent yet. Raises NoIdentity, NotOnDesk."""
        from hdcli.services.session import Session
        from hdcli.services.who import joining

        return Session(self.desk, joining(self.settings, self._top, self.named), self.now)

    @property
    def me(self) -> str | None:
        """The acting agent's handle; None for somebody who is no agent here."""
        from hdcli.errors import HdError

        try:
            return self.who.handle
        except HdError:
            return None

    def agent_named(self, name: str | None) -> str | None:
        """A handle as it was typed, ``me`` for the acting agent's."""
        return self.who.handle if name == "me" else name

    def deadline(self, text: str, *, ahead: bool = False) -> str:
        """The moment that somebody means, as it is stored. Raises BadUsage.

        ``ahead`` refuses one that has passed.
        """
        from hdcli.errors import BadUsage
        from hdcli.model.dates import format_utc, parse_deadline

        found = parse_deadline(text, self.moment, self.zone)
        if ahead and found <= self.moment:
            raise BadUsage(f"'{text}' has passed", "name a time to come")
        return format_utc(found)

    def past(self, text: str) -> str:
        """A moment that has passed, as it is stored; ``90d`` is 90 days ago. Raises BadUsage."""
        from hdcli.errors import BadUsage
        from hdcli.model.dates import format_utc, parse_span

        age = text.strip()
        counted = age[:1].isdigit() and age[-1:].isalpha()
        found = parse_span(f"-{age}" if counted else age, self.moment, self.zone)[0]
        if found > self.moment:
            raise BadUsage(f"'{text}' is still to come", "name a time that has passed")
        return format_utc(found)

    def local(self, stored: str) -> str:
        """A stored time as people read it here."""
        from hdcli.model.dates import parse_utc
        from hdcli.render.times import short

        return short(parse_utc(stored), self.moment, self.zone)

    @property
    def moment(self) -> datetime:
        """Now, UTC."""
        return datetime.fromtimestamp(self.now, UTC)

    @property
    def zone(self) -> tzinfo:
        """The local time zone."""
        return LocalZone()

    def query_context(self, text: str) -> QueryContext:
        """What a query may refer to on this desk; git is asked who is acting only for ``me``."""
        from hdcli.model.asking import context

        me = self.me if "me" in text or "mine" in text else None
        return context(self.settings, self.moment, self.zone, me)

    @cached_property
    def palette(self) -> Palette:
        """Colours for standard output, or none."""
        from hdcli.render.style import Palette, colour_wanted

        return Palette(colour_wanted(sys.stdout, os.environ))

    @property
    def editor(self) -> str | None:
        """The editor that git would open (git-var(1)); None where it knows none."""
        found = self.desk.place.repository.attempt("var", "GIT_EDITOR")
        return found.stdout.decode("utf-8", "surrogateescape").strip() or None

    def spare_text(self, text: str) -> Path:
        """Keeps a text that found no place on the desk; gives the file it is in."""
        place = self.desk.place.repository.local / "unsaved.txt"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"{text}\n", encoding="utf-8", errors="replace")
        return place

    @cached_property
    def look(self) -> Look:
        """How things are to look on standard output."""
        from hdcli.render.look import Look, screen

        columns, lines = screen(sys.stdout)
        priorities = self.settings.priorities
        return Look(self.palette, self.moment, self.zone, columns, lines, priorities)

    def progress(self, done: int, total: int) -> None:
        """Shows how far a long work is, on a terminal's standard error."""
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            sys.stderr.write(f"\rbuilding the cache: {done:,} of {total:,}{end}")
            sys.stderr.flush()

    def close(self) -> None:
        """Ends what was opened."""
        for desk in self._closing:
            desk.close()


class LocalZone(tzinfo):
    """The system's own time zone, daylight saving included (time.localtime)."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return timedelta(seconds=_local(moment).tm_gmtoff)

    def dst(self, moment: datetime | None) -> timedelta:
        return timedelta(hours=1 if _local(moment).tm_isdst > 0 else 0)

    def tzname(self, moment: datetime | None) -> str:
        return _local(moment).tm_zone

    def fromutc(self, moment: datetime) -> datetime:
        """As in the base class, and right in the hour in which summer time ends."""
        seconds = moment.replace(tzinfo=UTC).timestamp()
        try:
            local = datetime.fromtimestamp(seconds)  # noqa: DTZ006 # the system's zone is meant
            return local.replace(tzinfo=self)
        except ValueError:
            raise OverflowError("beyond the calendar") from None


def _local(moment: datetime | None) -> time.struct_time:
    if moment is None:
        return time.localtime()
    try:
        return time.localtime(moment.replace(tzinfo=None).timestamp())
    except (OverflowError, ValueError, OSError):
        return time.localtime(0)
