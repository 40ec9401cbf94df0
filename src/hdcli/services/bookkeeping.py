"""The address book and those who are taken out of it."""

from __future__ import annotations

from hdcli.model.addressbook import FILE
from hdcli.model.message import commit_message
from hdcli.model.redaction import ACTION
from hdcli.services.session import Session
from hdcli.store import addressbook
from hdcli.store.transaction import Transaction


def leave_out(session: Session, transaction: Transaction, address: str) -> bool:
    """Takes a person's entry (by address in lower case) out, in a commit that does not name them;
    whether there was one. Raises BadData for a book that can't be read."""
    before = transaction.read(FILE)
    after = addressbook.without(before, address) if before else before
    if after == before:
        return False
    message = commit_message(f"desk: anonymise {FILE}", "", [("Action", ACTION)])
    transaction.commit(message, session.who.signed(session.now), files={FILE: after})
    return True
