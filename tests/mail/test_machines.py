"""Loops, reports of failed deliveries, and whom to believe."""

from __future__ import annotations

import pytest

from hdcli.mail import authentication, bounces, forwarded, loops, message, orders
from hdcli.mail.message import Mail
from hdcli.mail.orders import Order

OWN = ("help@example.org",)


def mail(head: str, body: str = "text") -> Mail:
    sender = "" if "From:" in head else "From: Ana <ana@corp.example>\n"
    return message.read(f"{sender}{head}\n\n{body}".encode())


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("X-HD-Desk: desk1", "own"),
        ("From: help+HD-7K3QF.abc@example.org", "own"),
        ("From: help@example.org\nReply-To: ana@corp.example", None),  # a form on a web page
        ("Auto-Submitted: auto-replied", "answer"),
        ("Auto-Submitted: Auto-Replied (vacation)", "answer"),
        ("Auto-Submitted: no", None),
        ("Auto-Submitted: auto-generated", "automatic"),
        ("Precedence: auto_reply", "answer"),
        ("Precedence: bulk", "list"),
        ("X-Autoreply: yes", "answer"),
        ("List-Id: <news.example.org>", "list"),
        ("Precedence: junk", "list"),
        ("List-Unsubscribe: <mailto:off@news.example.org>", None),  # people write through such
        ("X-Auto-Response-Suppress: All", None),  # Outlook puts it on what people write
        ("Return-Path: <>", "automatic"),
        ("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org", "bounce"),
        ("Return-Path: <ana@corp.example>", None),
        ("X-Failed-Recipients: bob@corp.example", "bounce"),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=B", "bounce"),
        ("Content-Type: multipart/report; report-type=disposition-notification", "answer"),
        ("X-Loop: yes", "automatic"),
        ("X-Loop: help@example.org", "own"),
        ("X-Loop: team@corp.example", None),
        ("Subject: Undeliverable thoughts", None),
        ("Subject: Automatic reply: Jam\nIn-Reply-To: <1@x>", "answer"),
        (
            "Subject: =?utf-8?Q?R=C3=A9ponse_automatique_:?= A\nX-Auto-Response-Suppress: All",
            "answer",
        ),
        ("Subject: Automatic reply: it comes to all we write", None),
    ],
)
def test_a_machine_is_told_from_a_person(head: str, kind: str | None) -> None:
    found = loops.machine(mail(head), "desk1", OWN)
    assert (found.kind if found else None) == kind


def test_who_asks_for_no_answer_gets_none() -> None:
    assert loops.wants_no_answer(mail("X-Auto-Response-Suppress: OOF, AutoReply"))
    assert loops.wants_no_answer(mail("From: noreply@corp.example"))
    assert loops.wants_no_answer(mail("List-Unsubscribe: <mailto:off@news.example.org>"))
    assert not loops.wants_no_answer(mail("X-Auto-Response-Suppress: DR"))


REPORT = """\
From: MAILER-DAEMON@mx.example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B

Sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; Ana@corp.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such
 user
--B
Content-Type: text/rfc822-headers

Message-ID: <hd.HD-7K3QF.0123456789ab.x@example.org>
Subject: Printer
--B--
"""


def test_a_report_names_the_mail_the_address_and_the_reason() -> None:
    found = bounces.read(message.read(REPORT.encode()))
    assert found.ids[0] == "<hd.HD-7K3QF.0123456789ab.x@example.org>"
    assert found.recipients == ("ana@corp.example",)
    assert found.lasting
    assert found.summary == (
        "Mail can't be delivered to ana@corp.example (5.1.1: 550 5.1.1 no such user)"
    )
    late = bounces.read(
        message.read(REPORT.replace("failed", "delayed").replace("5.1.1", "4.4.1").encode())
    )
    assert not late.lasting
    more = "Status: 5.1.1\n\nFinal-Recipient: rfc822; luc@corp.example\nAction: {}\nStatus: 2.0.0\n"
    for action, recipients in (("relayed", 1), ("failed", 2)):
        both = REPORT.replace("Status: 5.1.1\n", more.format(action))
        assert len(bounces.read(message.read(both.encode())).recipients) == recipients
    assert bounces.read(message.read(REPORT.replace("failed", "delivered").encode())).arrived


@pytest.mark.parametrize(
    ("head", "true"),
    [
        ("Authentication-Results: mx.example.org; dmarc=pass header.from=corp.example", True),
        ("Authentication-Results: mx.example.org 1; dkim=pass (good) header.d=corp.example", True),
        ("Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=ana@corp.example", True),
        ("Authentication-Results: mx.example.org; dkim=pass header.d=evil.example", False),
        (
            "Authentication-Results: mx.example.org; dmarc=fail header.from=corp.example;"
            " spf=pass smtp.mailfrom=corp.example",
            False,
        ),
        ("Authentication-Results: mx.evil.example; dmarc=pass header.from=corp.example", False),
        (
            "Authentication-Results: mx.example.org; dmarc=fail header.from=corp.example\n"
            "Authentication-Results: mx.example.org; dmarc=pass header.from=corp.example",
            False,  # the second came with the message
        ),
        (
            "From: ana@corp.example\nFrom: bob@corp.example\n"
            "Authentication-Results: mx.example.org; dmarc=pass header.from=corp.example",
            False,
        ),
        ("X: y", False),
    ],
)
def test_a_sender_is_true_when_a_trusted_server_says_so(head: str, true: bool) -> None:
    assert authentication.passed(mail(head), ["mx.example.org"]) is true
    assert not authentication.passed(mail(head), [])


def test_orders_stand_on_lines_of_their_own_at_the_top() -> None:
    text = "#assign me\n#Tag vpn -old\n\n#resolve\nNew cable.\n#note this stays\n"
    found, rest = orders.split(text)
    assert found == [Order("assign", "me"), Order("tag", "vpn -old"), Order("resolve")]
    assert rest == "New cable.\n#note this stays"
    for none in ("Hello\n#resolve", "#resolved now", "#assign", "# resolve", "#resolve it now\nx"):
        assert orders.split(none) == ([], none)


def test_a_forwarded_mail_has_the_sender_of_the_original() -> None:
    below = "FYI\n\n-------- Message transféré --------\nSujet : Écran\nDe : Zoé <zoe@x.fr>\n\nNoir"
    found = forwarded.original(mail("Subject: TR: Écran", below))
    assert found == (("Zoé", "zoe@x.fr"), "Écran", "Noir")
    endless = forwarded.original(
        mail("Subject: Fwd: x", f"{below.partition('Sujet')[0]}De : z@x.fr")
    )
    assert endless
    assert endless.text.endswith("De : z@x.fr")
    inner = "Content-Type: message/rfc822\n\nFrom: Bob <b@x.org>\nSubject: Old\n\nText"
    attached = mail(
        "Content-Type: multipart/mixed; boundary=B", f"--B\n\nSee\n--B\n{inner}\n--B--\n"
    )
    assert forwarded.original(attached) == (("Bob", "b@x.org"), "Old", "Text")
    assert forwarded.original(mail("Subject: Printer", "From: here it smokes")) is None


BLOCK = ("From: Bob Berg <bob@x.org>", "Date: 2 May 2026 at 10:15", "To: me", "Subject: Screen")


@pytest.mark.parametrize(
    ("below", "subject"),
    [
        ("> Begin forwarded message:\n>\n> " + "\n> ".join(BLOCK) + "\n>\n> Black", "Screen"),
        (
            "From: Berg, Bob [mailto:bob@x.org]\nSent: today\nTo: me\nSubject: Screen\nBlack",
            "Screen",
        ),
        ("----- Forwarded Message ----- " + "".join(BLOCK) + "\n Black", "Screen"),
        ("-----Original Message-----\n\nFrom: Bob <bob@x.org>\n\nTo:<a@x.org>\n\nBlack", ""),
        ("Le 2/5/2026 10:15, « Bob Berg » <bob@x.org> a écrit :\n\n  Black", ""),
        (
            "-- Weitergeleitete Nachricht --\nVon: <bob@x.org>\nBetreff: Screen\n in 12\nAn: me\n"
            "\nBlack",
            "Screen in 12",
        ),
    ],
)
def test_a_mail_is_forwarded_by_every_program_in_its_way(below: str, subject: str) -> None:
    mailed = mail("Subject: Fwd: x\nContent-Type: text/plain; charset=utf-8", f"See\n\n{below}")
    found = forwarded.original(mailed)
    assert found
    assert (found.sender.mail, found.subject, found.text) == ("bob@x.org", subject, "Black")
    assert forwarded.remark(mailed, mailed.text) == "See"


def test_words_below_a_forwarded_mail_are_of_who_forwards_it() -> None:
    mailed = mail(
        "Subject: Fwd: x",
        "Above\n\nBegin forwarded message:\n\n> From: b@x.org\n>\n> Black\n\nBelow",
    )
    assert forwarded.remark(mailed, mailed.text) == "Above\n\nBelow"
    found = forwarded.original(mailed)
    assert found
    assert found.text == "Black"


def test_who_wrote_a_forwarded_mail_is_found_in_no_time() -> None:
    for mark in ('"', "<", " "):
        text = f"---------- Forwarded message ---------\nFrom: {mark * 50_000}\nSubject: A\n\nx"
        data = f"From: bob@example.org\nSubject: Fwd: A\n\n{text}\n"
        assert forwarded.original(message.read(data.encode())) is None  # it was minutes
