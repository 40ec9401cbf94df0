"""Where mail is taken in: each message becomes exactly one of four things, and does so once.

The order of the steps is what a kill at any point can't break:

1. Messages are read and understood; no lock is held.
2. One transaction: what came before is looked up, tickets are written, a commit for each message.
3. What a person must see is put into quarantine, on the disk.
4. The log of the intake gets a line for each message, on the disk.
5. Only now the door lets go of the messages.

Who is stopped before 5 gives the same messages again. Tickets know the messages that they were made
of, so 2 finds them; 3 and 4 put the same in the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hdcli.errors import HdError
from hdcli.services.intake import keeping
from hdcli.services.intake.found import Found
from hdcli.services.intake.letters import EMPTY, Letter, letter
from hdcli.services.intake.outcome import KINDS, Kind, Outcome
from hdcli.services.intake.sorting import BEFORE, Sorting
from hdcli.services.session import Session
from hdcli.store.deskkey import desk_name
from hdcli.store.intakelog import IntakeLog, Line
from hdcli.store.quarantine import Quarantine, durable
from hdcli.store.transaction import Transaction

# No message brings these about: hd is being installed, or the machine has no memory.
_NOT_ITS_OWN = (ImportError, NameError, SyntaxError, MemoryError)


class MailRoom:
    """Takes in messages as the acting agent. ``dry`` writes nothing; ``accepted`` says that a
    person has seen them and wants them as tickets."""

    def __init__(self, session: Session, *, dry: bool = False, accepted: bool = False) -> None:
        self._session = session
        self._dry = dry
        self._accepted = accepted
        place = session.desk.place
        local = place.repository.local
        self._local = local
        self._log = IntakeLog(local)
        self._quarantine = Quarantine(local)
        self._name = desk_name(place.repository, place.head)

    def read(self, found: Found) -> Letter:
        """A message as this desk understands it."""
        own = self._session.settings.mail.addresses
        return letter(found.data, found.source, own, found.whole)

    def take(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Takes in some messages; an outcome each, in their order. They are safe when it returns.

        Raises Busy, OSError and whatever keeps a desk from being written: then nothing was done, or
        is found again, and the same may be tried again.
        """
        if not letters:
            return []
        lines = self._log.of([each.key for each in letters])
        early = [self._early(each, lines[each.key]) for each in letters]
        rest = [each for each, known in zip(letters, early, strict=True) if known is None]
        late = iter(self._written(rest, lines))
        found = [known if known is not None else next(late) for known in early]
        if self._accepted:
            found = [self._taken_in(each, lines[each.letter.key]) for each in found]
        if not self._dry:
            self._settle(found)
        for each in letters:
            if each.whole:
                each.whole.close()
        return found

    def close(self) -> None:
        """Ends the connection to the log."""
        self._log.close()

    def _early(self, each: Letter, lines: Sequence[Line]) -> Outcome | None:
        """What can be said without the desk: this copy was here, nobody can read it."""
        for line in lines:
            if line.source == each.source.name and not self._accepted:
                return Outcome(each, _kind(line.outcome), line.ticket, line.reason, again=True)
        if not each.trouble:
            return None
        if lines and not self._accepted:
            return Outcome(each, "ignored", reason=BEFORE)
        kind: Kind = "ignored" if each.trouble == EMPTY else "quarantined"
        return Outcome(each, kind, reason=each.trouble)

    def _taken_in(self, each: Outcome, lines: Sequence[Line]) -> Outcome:
        """The same, with who took it in, and what had kept it out."""
        if each.kind == "quarantined":
            return each
        kept_out = (line.reason for line in lines if line.outcome == "quarantined")
        said = ": ".join((f"accepted by {self._session.who.handle}", *list(kept_out)[:1]))
        return replace(each, reason="; ".join(filter(None, (said, each.reason))))

    def _written(self, letters: Sequence[Letter], lines: dict[str, list[Line]]) -> list[Outcome]:
        """The transaction. A message that breaks hd itself must not stop the others."""
        if not letters:
            return []
        session = self._session

        def plan(transaction: Transaction) -> list[Outcome]:
            return Sorting(
                session, transaction, letters, lines, self._log, self._name, self._accepted
            ).outcomes()

        try:
            if self._dry:
                return session.desk.rehearse(plan, session.who.committing(session.now))
            for each in letters:
                self._keep_large(each)
            return session.write(plan)
        except (HdError, OSError, *_NOT_ITS_OWN):
            raise
        except Exception as error:
            if len(letters) == 1:
                said = f"a defect of hd: {type(error).__name__}: {str(error)[:200]}"
                return [Outcome(letters[0], "quarantined", reason=said)]
            return [found for each in letters for found in self._written([each], lines)]

    def _keep_large(self, each: Letter) -> None:
        """A message of which the desk can't take all is kept whole in this clone."""
        if keeping.leaves_out(each, self._session.settings):
            place = self._local / keeping.LARGE / f"{each.key}.eml"
            if not place.exists():
                durable(place, each.data)

    def _settle(self, found: Sequence[Outcome]) -> None:
        now = self._session.now
        fresh = [each for each in found if not each.again]
        for each in fresh:
            if each.kind == "quarantined":
                facts = {**each.document(), "at": now, "arrived": each.letter.source.arrived}
                self._quarantine.put(each.letter.key, each.letter.whole or each.letter.data, facts)
        self._log.write(each.line(now) for each in fresh)


def _kind(text: str) -> Kind:
    for each in KINDS:
        if each == text:
            return each
    return "ignored"
