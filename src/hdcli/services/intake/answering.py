"""What is added to a ticket that is there: an answer by its people, a failed delivery."""

from __future__ import annotations

from hdcli.mail import addressing, survey, thanks
from hdcli.mail.bounces import Bounce
from hdcli.mail.message import Mail
from hdcli.model import mailed
from hdcli.model.dates import parse_utc
from hdcli.model.fields import WAITS_FOR
from hdcli.model.message import one_line
from hdcli.model.person import address
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services import satisfaction
from hdcli.services.actions import Draft, settled
from hdcli.services.intake.keeping import kept, text_of
from hdcli.services.intake.letters import Letter
from hdcli.services.intake.opening import in_copy, trailers
from hdcli.services.session import Session
from hdcli.store.transaction import Transaction

NO_TEXT = "[no text]"
_DAY = 86_400
_MOST_PEOPLE = 40


def is_past(session: Session, ticket: Ticket) -> bool:
    """Whether a ticket was solved too long ago for an answer to open it again."""
    solved = ticket.text("resolved")
    if ticket.status not in ("resolved", "closed") or not solved:
        return False
    days = session.settings.mail.reopen_days
    return session.now - parse_utc(solved).timestamp() > days * _DAY


def answer(
    session: Session,
    transaction: Transaction,
    ticket: Ticket,
    letter: Letter,
    text: str,
    *,
    remark: str = "",
    opens: bool = True,
) -> Ticket:
    """Adds an answer by one of the ticket's people, and below it a ``remark`` of hd's; a solved
    ticket, or one that waits for the requester, is open again when the answer ``opens`` it. Whom
    else it was for is in copy."""
    found = kept(letter, session.settings, ticket.id, text)
    waits = ticket.status == "pending" and ticket.text("pending") in ("", WAITS_FOR)
    again = opens and (waits or ticket.status in ("resolved", "closed"))
    assert letter.mail is not None
    copies = in_copy(session.settings, letter.mail, ticket.text("requester"))
    known = {address(each) for each in (*ticket.items("cc"), letter.sender)}
    fresh = [each for each in copies if address(each) not in known]
    said = found.text or _in_subject(session, ticket, letter.mail) or NO_TEXT
    draft = Draft(
        "reply",
        {"status": "open"} if again else {},
        {"cc": fresh} if fresh and len(known) + len(fresh) <= _MOST_PEOPLE else {},
        body=f"{said}\n\n{remark}".rstrip(),
        extra={mailed.FROM: letter.requester, **found.extra},
    ).with_files(found.files)
    return session.record(transaction, ticket, settled(ticket, draft), trailers(letter))


def _in_subject(session: Session, ticket: Ticket, mail: Mail) -> str:
    """What the subject alone says, as that of the link "it is not solved" does."""
    said = one_line(addressing.without_tokens(mail.subject, session.settings.prefix))
    return "" if said.casefold() == ticket.title.casefold() else said


def is_thanks(session: Session, ticket: Ticket, letter: Letter) -> bool:
    """Whether an answer on a solved ticket is thanks, and nothing else."""
    mail = letter.mail
    assert mail is not None
    if ticket.status not in ("resolved", "closed") or mail.attachments:
        return False
    names = (letter.writer.name, *letter.writer.name.split())
    return not _in_subject(session, ticket, mail) and thanks.says_thanks(mail.typed, names)


def is_score(settings: Settings, letter: Letter) -> bool:
    """Whether a mail is what the links that ask for a score prepare."""
    assert letter.mail is not None
    return survey.score_of(letter.mail.subject, "", settings.prefix) is not None


def rated(
    session: Session,
    transaction: Transaction,
    ticket: Ticket,
    letter: Letter,
    *,
    accepted: bool = False,
) -> bool:
    """Adds what a requester thinks of how it was solved, which opens nothing again; whether that is
    what they wrote. ``accepted``: a person says so, whatever address it is from."""
    assert letter.mail is not None
    settings = session.settings
    text = text_of(letter, settings)
    sender = ticket.text("requester") if accepted else letter.requester
    score = satisfaction.score_in(settings, ticket, sender, letter.mail.subject, text)
    if score is None:
        return False
    found = kept(letter, settings, ticket.id, score.words)
    extra = {mailed.FROM: letter.requester, **found.extra}
    given = satisfaction.rate_by(ticket, letter.requester, score, found.text, extra)
    draft = given.with_files(found.files)
    session.record(transaction, ticket, settled(ticket, draft), trailers(letter))
    return True


def bounce(
    session: Session, transaction: Transaction, ticket: Ticket, letter: Letter, report: Bounce
) -> Ticket:
    """Adds the report of a delivery that failed, or is late: then another try may reach them."""
    found = kept(letter, session.settings, ticket.id, "")
    path = found.extra.get(mailed.RAW, "")
    files = {path: found.files[path]} if path else {}
    bounced = {mailed.BOUNCED: list(report.recipients)} if report.lasting else {}
    extra = {**found.extra, **bounced}
    draft = Draft("attach", body=report.summary, extra=extra).with_files(files)
    return session.record(transaction, ticket, settled(ticket, draft), trailers(letter))
