"""What becomes of messages: a new ticket, a follow-up, ignored, or left to a person."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from hdcli.app import App
from hdcli.mail import addressing
from hdcli.model.ticket import Ticket
from hdcli.services.intake.found import Found
from hdcli.services.intake.letters import Source
from hdcli.services.intake.mailroom import MailRoom
from hdcli.services.intake.outcome import Outcome
from hdcli.store.deskkey import desk_key
from support import DeskFolder

ANA = "Ana Silva <ana@corp.example>"
DAY = 86_400
TRUE = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org"
MAIL = """
mail:
  addresses: [help@example.org]
  authservers: [mx.example.org]
  machines: [monitor.example]
"""
Take = Callable[..., Outcome]


@pytest.fixture
def desk(a_desk: DeskFolder) -> DeskFolder:
    """A desk that takes in mail as the agent post, of the role intake."""
    a_desk.hd("agent", "add", "post", "Post <post@example.org>", "--role", "intake")
    a_desk.hd("agent", "edit", "me", "--role", "lead")
    settings = a_desk.path / "desk.yaml"
    settings.write_text(settings.read_text() + MAIL)
    a_desk.hd("commit")
    return a_desk


@pytest.fixture
def take(desk: DeskFolder) -> Take:
    """Takes in a message of headers and a text, as a copy of its own; ``days`` from now."""
    numbers = iter(range(1000))

    def taken(
        body: str, *heads: str, sender: str = ANA, days: int = 0, source: str = ""
    ) -> Outcome:
        to = () if any(each.startswith("To:") for each in heads) else ("To: help@example.org",)
        data = "\n".join((f"From: {sender}", *to, *heads, "", body))
        app = App(str(desk.path), "post")
        app.now += days * DAY
        where = source or f"copy {next(numbers)}"
        found = Found(data.encode(), Source(where, app.now))
        with closing(app), closing(MailRoom(app.session)) as room:
            return room.take([room.read(found)])[0]

    return taken


def log(ticket: Ticket) -> list[tuple[str, str, str]]:
    """Action, author and first line of each entry."""
    return [(each.action, each.by, each.body.partition("\n")[0]) for each in ticket.log]


def test_a_message_opens_a_ticket_with_its_people_and_files(desk: DeskFolder, take: Take) -> None:
    found = take(
        "The screen is black.\n-- \nAna\n",
        "Subject: Re: Écran",
        "Cc: Luc <luc@corp.example>, bob@example.org",
        "Message-ID: <1@corp>",
    )
    assert found.kind == "new"
    ticket = desk.ticket(found.ticket)
    assert (ticket.title, ticket.description) == ("Écran", "The screen is black.")
    assert (ticket.text("requester"), ticket.text("channel")) == (ANA, "mail")
    assert ticket.items("cc") == ("Luc <luc@corp.example>",)  # bob is an agent
    (path,) = ticket.items("attachments")
    assert ticket.log[0].extra["raw"] == path
    assert "-- \nAna" in (desk.path / path).read_text()
    assert "Message-Id: <1@corp>" in desk.message()
    assert desk.clean()


def test_the_same_message_is_taken_in_once(take: Take, desk: DeskFolder) -> None:
    first = take("x", "Subject: A", "Message-ID: <1@corp>", source="a")
    again = take("x", "Subject: A", "Message-ID: <1@corp>", source="a")
    assert (again.kind, again.ticket, again.again) == ("new", first.ticket, True)
    copy = take("x", "Subject: A", "Message-ID: <1@corp>", "Received: by mx")
    assert (copy.kind, copy.ticket) == ("ignored", first.ticket)
    other = take("y", "Subject: A", "Message-ID: <1@corp>")
    assert (other.kind, other.ticket) == ("quarantined", first.ticket)
    for place in (desk.path / ".git" / "hd" / "intake").glob("log*"):
        place.unlink()  # as if a kill had come before the log was written
    killed = take("x", "Subject: A", "Message-ID: <1@corp>", source="a")
    assert (killed.kind, killed.ticket, killed.again) == ("new", first.ticket, False)
    assert len(desk.hd("list", "--all", "--jsonl").out.splitlines()) == 1


def test_answers_find_their_ticket_and_strangers_do_not(take: Take, desk: DeskFolder) -> None:
    ticket = take("x", "Subject: A", "Message-ID: <1@corp>", "Cc: luc@corp.example").ticket
    other = desk.new("Other")
    key = desk_key(App(str(desk.path)).desk.place.repository, "main")
    ours = addressing.message_id(key, ticket, desk.git("rev-parse", "HEAD"), "example.org")
    plus = addressing.plus_address(key, "help@example.org", ticket)
    for number, (sender, head) in enumerate(
        [
            (ANA, "In-Reply-To: <1@corp>"),
            ("luc@corp.example", "References: <0@x> <1@corp>"),
            ("eve@else.example", f"In-Reply-To: {ours}"),  # who has it had our mail
            (ANA, f"Subject: Re: [{ticket}] A"),
            (ANA, f"To: {plus}"),
        ]
    ):
        found = take(f"answer {number}", head, sender=sender)
        assert (found.kind, found.ticket) == ("follow-up", ticket), head
    assert len(desk.ticket(ticket).log) == 6
    assert desk.ticket(ticket).log[2].extra["from"] == "luc@corp.example"
    take("and Max", "In-Reply-To: <1@corp>", "Cc: Max <max@corp.example>, luc@corp.example")
    assert desk.ticket(ticket).items("cc") == ("luc@corp.example", "Max <max@corp.example>")
    for head in (f"Subject: [{ticket}] A", "In-Reply-To: <1@corp>", f"To: {plus}"):
        found = take(f"stranger {head}", head, sender="mallory@else.example")
        assert found.kind == "new"
        assert found.reason == f"mallory@else.example is none of the people of {ticket}"
        assert desk.ticket(found.ticket).items("links") == (f"relates-to {ticket}",)
    assert take("x", "Subject: Re: A").ticket not in (ticket, other)  # words alone never do


def test_an_answer_opens_a_solved_ticket_for_a_while(take: Take, desk: DeskFolder) -> None:
    ticket = take("x", "Subject: A", "Message-ID: <1@corp>").ticket
    into = take("y", "Subject: B", "Message-ID: <2@corp>").ticket
    desk.hd("pend", ticket)
    take("here it is", "In-Reply-To: <1@corp>")
    assert desk.ticket(ticket).status == "open"
    assert "pending" not in desk.ticket(ticket).values
    desk.hd("resolve", ticket, "-m", "done")
    assert take("not solved", "In-Reply-To: <1@corp>", days=3).ticket == ticket
    assert desk.ticket(ticket).status == "open"
    desk.hd("merge", ticket, into)
    assert take("and now?", "In-Reply-To: <1@corp>").ticket == into
    desk.hd("resolve", into, "-m", "done")
    late = take("again", "In-Reply-To: <2@corp>", days=30)
    assert (late.kind, late.reason) == ("new", f"{into} was solved too long ago")
    assert desk.ticket(late.ticket).items("links") == (f"relates-to {into}",)
    assert desk.ticket(into).status == "resolved"


def test_machines_are_ignored_with_a_reason_unless_wanted(take: Take, desk: DeskFolder) -> None:
    ticket = take("x", "Subject: A", "Message-ID: <1@corp>").ticket
    away = take("away", "Auto-Submitted: auto-replied", "In-Reply-To: <1@corp>")
    assert (away.kind, away.ticket) == ("ignored", ticket)
    assert "Auto-Submitted" in away.reason
    assert take("news", "List-Id: <x>").kind == "ignored"
    assert take("own", sender="help@example.org").kind == "ignored"
    alert = take("disk", "Auto-Submitted: auto-generated", sender="x@monitor.example")
    assert alert.kind == "new"
    assert desk.ticket(alert.ticket).log[0].extra["quiet"] is True


def test_a_failed_delivery_goes_to_the_ticket_that_it_concerns(
    take: Take, desk: DeskFolder
) -> None:
    ticket = take("x", "Subject: A", "Message-ID: <1@corp>").ticket
    desk.hd("resolve", ticket, "-m", "done")
    key = desk_key(App(str(desk.path)).desk.place.repository, "main")
    ours = addressing.message_id(key, ticket, "0123456789ab", "example.org")
    report = "Content-Type: multipart/report; report-type=delivery-status; boundary=B"
    body = (
        "--B\n\nSorry\n--B\nContent-Type: message/delivery-status\n\n"
        "Final-Recipient: rfc822; ana@corp.example\nAction: failed\nStatus: 5.1.1\n"
        f"--B\nContent-Type: text/rfc822-headers\n\nMessage-ID: {ours}\n--B--\n"
    )
    found = take(body, report, sender="MAILER-DAEMON@mx.example.org")
    assert (found.kind, found.ticket) == ("follow-up", ticket)
    entry = desk.ticket(ticket).log[-1]
    assert (entry.action, entry.extra["bounced"]) == ("attach", ["ana@corp.example"])
    assert "5.1.1" in entry.body
    assert desk.ticket(ticket).status == "resolved"
    late = body.replace("failed", "delayed").replace("5.1.1", "4.4.1")
    take(late, report, sender="MAILER-DAEMON@mx.example.org")
    assert "bounced" not in desk.ticket(ticket).log[-1].extra
    arrived = body.replace("failed", "delivered").replace("5.1.1", "2.0.0")
    found = take(arrived, report, sender="MAILER-DAEMON@mx.example.org")
    assert (found.kind, found.ticket) == ("ignored", ticket)
    lost = take(body.replace(ours, "<9@x>"), report, sender="MAILER-DAEMON@mx.example.org")
    assert lost.kind == "ignored"


def test_agents_work_by_mail_when_a_trusted_server_vouches_for_them(
    take: Take, desk: DeskFolder
) -> None:
    ticket = take("x", "Subject: A", "Message-ID: <1@corp>").ticket
    reply = "In-Reply-To: <1@corp>"
    orders = "#assign me\n#priority high\n#note\nLooks like the switch, @carol"
    take(orders, reply, TRUE, sender="bob@example.org")
    assert log(desk.ticket(ticket))[1:] == [
        ("assign", "bob", ""),
        ("set", "bob", ""),
        ("note", "bob", "Looks like the switch, @carol"),
    ]
    assert "Mention: carol" in desk.git("log", "-1", "--format=%(trailers)")
    assert desk.git("log", "-1", "--format=%ae %ce") == "bob@example.org alice@example.org"
    take("Try now?", reply, TRUE, sender="bob@example.org")
    take("#resolve\nforged", reply, sender="bob@example.org")
    take("#assign nobody\nwhat", reply, TRUE, sender="bob@example.org")
    assert log(desk.ticket(ticket))[4:] == [
        ("reply", "bob", "Try now?"),
        ("reply", "post", "#resolve"),
        ("note", "bob", "#assign nobody"),
    ]
    bodies = [each.body for each in desk.ticket(ticket).log]
    assert "nobody vouches" in bodies[5]
    assert "no agent or team 'nobody'" in bodies[6]
    for text in ("#assign\u00a0bob\n#resovle\nNew", "#resolve #close\nNew", "#1 was it"):
        take(text, reply, TRUE, sender="bob@example.org")
    take("Look\n\nFrom: ana@x\nSent: now", reply, "Subject: Fwd: A", TRUE, sender="bob@example.org")
    assert log(desk.ticket(ticket))[7:] == [
        ("note", "bob", "#assign\u00a0bob"),
        ("note", "bob", "#resolve #close"),
        ("reply", "bob", "#1 was it"),
        ("note", "bob", "Look"),
    ]
    assert "'#resovle' is none" in desk.ticket(ticket).log[7].body
    take("#resolve\nNew cable", reply, TRUE, sender="bob@example.org")
    assert desk.ticket(ticket).status == "resolved"
    own = take(
        "#tag vpn\nMine", "Subject: New", "Message-ID: <2@x>", TRUE, sender="carol@example.org"
    )
    take("Oh", "In-Reply-To: <2@x>", TRUE, sender="carol@example.org")
    take("#close", "In-Reply-To: <2@x>", TRUE, sender="carol@example.org")
    assert log(desk.ticket(own.ticket)) == [
        *[("new", "carol", "Mine"), ("tag", "carol", ""), ("reply", "post", "Oh")],
        ("close", "carol", ""),
    ]


def test_thanks_open_nothing_that_is_solved(take: Take, desk: DeskFolder) -> None:
    ticket = take("x", "Subject: A", "Message-ID: <1@corp>").ticket
    head = f"Subject: Re: [{ticket}] A"
    desk.hd("pend", ticket, "-m", "Does it work?")
    take("Merci, ça marche !", head)
    assert desk.ticket(ticket).status == "open"  # it was asked for
    desk.hd("resolve", ticket, "-m", "done")
    for days in (0, 60):
        found = take(f"Merci{' beaucoup' * (days > 0)} !\n\nAna\n\n> Solved", head, days=days)
        assert (found.kind, found.ticket) == ("follow-up", ticket)
    assert (desk.ticket(ticket).status, desk.ticket(ticket).log[-1].action) == ("resolved", "reply")
    take("Merci", f"Subject: [{ticket}] not solved yet")
    assert desk.ticket(ticket).status == "open"


def test_a_score_from_another_address_waits_for_a_person(take: Take, desk: DeskFolder) -> None:
    ticket = take("x", "Subject: A").ticket
    desk.hd("resolve", ticket, "-m", "done")
    key = desk_key(App(str(desk.path)).desk.place.repository, "main")
    plus = addressing.plus_address(key, "help@example.org", ticket)
    heads = (f"To: {plus}", f"Subject: [{ticket}] 2/5")
    found = take("Slow", *heads, sender="ana@private.example")
    assert (found.kind, found.ticket) == ("quarantined", ticket)
    assert found.reason == f"a score for {ticket}, and ana@private.example is none of its people"
    desk.hd("intake", "quarantine", "accept", found.letter.key)
    rated = desk.ticket(ticket)
    assert (rated.values["csat"], rated.status, rated.log[-1].body) == (2, "resolved", "Slow")


def test_what_nobody_vouches_for_says_so_and_opens_nothing(take: Take, desk: DeskFolder) -> None:
    ticket = take("x", "Subject: A").ticket
    desk.hd("take", ticket, agent="carol")
    for word, status in (("pend", "pending"), ("resolve", "resolved")):
        desk.hd(word, ticket, "-m", "done")
        take(f"{word}, please", f"Subject: [{ticket}] A", sender="Bob <bob@example.org>")
        found = desk.ticket(ticket)
        assert (found.status, found.log[-1].action) == (status, "reply")
        assert f"{word}, please\n\n[Nobody vouches for the sender" in found.log[-1].body


def test_a_form_s_reply_to_is_nobody_whom_a_server_vouches_for(
    take: Take, desk: DeskFolder
) -> None:
    ticket = take("x", "Subject: A").ticket
    vouched = "Authentication-Results: mx.example.org; dmarc=pass header.from=eve.example"
    heads = (vouched, "Reply-To: Bob <bob@example.org>", f"Subject: Re: [{ticket}] A")
    take("#resolve\nDone.", *heads, sender="noreply@eve.example")
    found = desk.ticket(ticket)
    assert (found.status, log(found)[-1][:2]) == ("new", ("reply", "post"))


def test_what_is_said_of_an_agent_s_mail_is_for_agents(take: Take, desk: DeskFolder) -> None:
    ticket = take("x", "Subject: A", "Message-ID: <1@corp>").ticket
    signed = 'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=B'
    body = "--B\n\nTry now?\n--B\nContent-Type: application/pkcs7-signature\n\nxx\n--B--"
    take(body, "In-Reply-To: <1@corp>", signed, TRUE, sender="bob@example.org")
    note, reply = desk.ticket(ticket).log[1:]
    assert (note.action, reply.action, reply.body) == ("note", "reply", "Try now?")
    assert "signed (S/MIME)" in note.body


def test_what_an_agent_quotes_goes_to_no_requester(take: Take, desk: DeskFolder) -> None:
    ticket = take("x", "Subject: A", "Message-ID: <1@corp>").ticket
    heads = ("In-Reply-To: <1@corp>", TRUE)
    quote = "On 3 Mar 2026, at 10:00, Help <help@example.org> wrote:\n> Carol: she lies"
    take(quote, *heads, sender="bob@example.org")
    desk.hd("config", "mail.keep=0")
    take(f"Try now?\n\n{quote}", *heads, sender="bob@example.org")
    entries = desk.ticket(ticket).log[1:]
    assert [(each.action, each.body) for each in entries] == [
        ("note", "[no text]"),
        ("note", f"Try now?\n\n{quote}"),  # the message itself is not kept
        ("reply", "Try now?"),
    ]


def test_an_agent_s_answer_is_a_reply_where_it_answers_the_requester(
    take: Take, desk: DeskFolder
) -> None:
    ticket = take("x", "Subject: A", "Message-ID: <1@corp>").ticket
    key = desk_key(App(str(desk.path)).desk.place.repository, "main")

    def answer(text: str, *to: str) -> tuple[str, ...]:
        """What a mail of Bob's is that answers one of ours about the last commit."""
        ours = addressing.message_id(key, ticket, desk.git("rev-parse", "HEAD"), "example.org")
        chain = to or (f"In-Reply-To: {ours}", f"References: <1@corp> {ours}")
        take(text, *chain, TRUE, sender="bob@example.org")
        return log(desk.ticket(ticket))[-1]

    for line in ("note -m @bob?", "reply -m @bob?", "assign bob", "escalate -m Odd", "rate 1"):
        name, *more = line.split()
        desk.hd(name, ticket, *more)
        assert answer(f"After {name}") == ("note", "bob", f"After {name}")
    assert answer("#take") == ("take", "bob", "")
    assert answer("#reply\nHello") == ("reply", "bob", "Hello")
    assert answer("#reply\n> she lies\n\nNo\n\n> she does\n\nNo")[0] == "note"
    assert "is for agents" in desk.ticket(ticket).log[-1].body
    take("Still so", "In-Reply-To: <1@corp>", "Message-ID: <2@corp>")
    assert answer("Try now") == ("reply", "bob", "Try now")
    assert answer("Or now", "In-Reply-To: <2@corp>", "Message-ID: <3@b>")[0] == "reply"
    assert answer("Aside", f"In-Reply-To: {addressing.message_id(key, ticket, '0' * 12, 'x')}") == (
        *("note", "bob"),
        "Aside",  # of a thread, or of a reminder, which are no commits
    )


def test_a_score_of_who_is_in_copy_never_replaces_the_requester_s(
    take: Take, desk: DeskFolder
) -> None:
    ticket = take("x", "Subject: A", "Cc: Luc <luc@x.fr>").ticket
    head = f"Subject: [{ticket}] A"
    desk.hd("resolve", ticket, "-m", "Done")
    for sender, said, score in (
        ("luc@x.fr", "4", 4),
        (ANA, "1", 1),
        ("luc@x.fr", "4/5, it was nothing", 1),
        (ANA, "2", 2),
    ):
        take(said, head, sender=sender)
        assert desk.ticket(ticket).values["csat"] == score
    found = desk.ticket(ticket)
    assert (found.status, found.log[-2].body) == ("resolved", "4/5\nit was nothing")
    assert "rate: 4/5" in desk.hd("log", ticket).out


def test_what_an_agent_forwards_is_asked_by_who_wrote_it(take: Take, desk: DeskFolder) -> None:
    body = "Please\n\n---------- Forwarded message ---------\nFrom: Zoé <zoe@x.fr>\n"
    found = take(
        f"{body}Subject: Noir\n\nÉcran noir", "Subject: Fwd: Noir", sender="bob@example.org"
    )
    ticket = desk.ticket(found.ticket)
    assert (ticket.text("requester"), ticket.title) == ("Zoé <zoe@x.fr>", "Noir")
    assert found.reason == "for Zoé <zoe@x.fr>"
    assert log(ticket) == [("new", "post", "Écran noir"), ("reply", "post", "Please")]
    inner = (
        "--B\nContent-Type: message/rfc822\n\nFrom: zoe@x.fr\nSubject: Noir\n\nÉcran noir\n--B--"
    )
    mixed = "Content-Type: multipart/mixed; boundary=B"
    attached = desk.ticket(take(inner, mixed, sender="bob@example.org").ticket)
    assert (attached.text("requester"), attached.description) == ("zoe@x.fr", "Écran noir")
    noted = f"#tag vpn\n@carol {body}Subject: Noir\n\nÉcran noir\n"
    own = desk.ticket(take(noted, "Subject: Fwd: Noir", TRUE, sender="bob@example.org").ticket)
    assert log(own) == [
        ("new", "bob", "Écran noir"),
        ("note", "bob", "@carol Please"),
        ("tag", "bob", ""),
    ]
    assert own.log[1].extra["mentions"] == ["carol"]


def test_nobody_and_too_many_wait_for_a_person(take: Take, desk: DeskFolder) -> None:
    assert take("x", sender="").kind == "quarantined"
    desk.hd("config", "mail.rate=2")
    assert [take(f"message {number}").kind for number in range(3)] == ["new", "new", "quarantined"]
    assert take("later", days=1).kind == "new"


def test_files_too_large_for_the_desk_stay_where_they_came_in(take: Take, desk: DeskFolder) -> None:
    desk.hd("config", "max_file=1")
    desk.hd("config", "mail.keep=1")
    body = (
        f"--B\n\nSee\n\n> old\n--B\nContent-Type: x/y; name=big.bin\n\n{'x' * 1_100_000}\n--B--\n"
    )
    found = take(body, "Subject: Big", "Content-Type: multipart/mixed; boundary=B")
    ticket = desk.ticket(found.ticket)
    assert not ticket.items("attachments")
    assert "big.bin is not attached" in ticket.description
    assert "> old" in ticket.description  # the whole text, since the message is not kept
    (large,) = (desk.path / ".git" / "hd" / "intake" / "large").iterdir()
    assert large.stat().st_size > 1_100_000
    assert large.name in ticket.description
