"""What ties a mail to a ticket."""

from __future__ import annotations

from hdcli.mail import addressing

KEY = b"key"
COMMIT = "0123456789abcdef0123"


def test_our_message_ids_are_known_again_and_nobody_elses() -> None:
    ours = addressing.message_id(KEY, "HD-7K3QF", COMMIT, "example.org", "a1")
    assert ours.startswith("<hd.HD-7K3QF.0123456789ab.")
    assert ours.endswith("@a1.example.org>")
    assert addressing.told_by(KEY, ours) == ("HD-7K3QF", "0123456789ab")
    assert addressing.told_by(KEY, ours.lower()) == ("HD-7K3QF", "0123456789ab")
    assert addressing.told_by(b"other", ours) is None
    assert addressing.told_by(KEY, ours.replace("7K3QF", "7K3QG")) is None
    assert addressing.told_by(KEY, "<1@example.org>") is None
    digest = addressing.digest_id(KEY, COMMIT, "example.org")
    assert addressing.is_digest(KEY, digest)
    assert not addressing.is_digest(b"other", digest)


def test_plus_addresses_lead_to_their_ticket() -> None:
    found = addressing.plus_address(KEY, "help@example.org", "HD-7K3QF")
    assert addressing.ticket_of_address(KEY, found) == "HD-7K3QF"
    assert addressing.plain_address(found) == "help@example.org"
    assert addressing.ticket_of_address(KEY, "help+HD-7K3QF.aaaaaaaaaaaaaaaa@example.org") is None


def test_subjects_have_tokens_and_lose_them() -> None:
    subject = "Re: AW: Re[2]: [HD-7K3QF] Printer [OTHER-1] RE: x"
    assert addressing.tickets_in_subject(subject, "HD") == ["HD-7K3QF"]
    assert addressing.tickets_in_subject("HD-7K3QF [DESK-7K3QF]", "HD") == []
    assert addressing.without_tokens(subject, "HD") == "Printer [OTHER-1] RE: x"
