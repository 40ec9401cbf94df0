"""hd notify, against a real SMTP server."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from hdcli.app import App
from hdcli.errors import Refused
from hdcli.mail import addressing
from hdcli.services.notify import planning, sending, smtp
from hdcli.store.deskkey import desk_key
from hdcli.store.discover import discover
from mailserver import HELP, MailServer, mail_server, sends, text
from support import DeskFolder

ANA = "ana@example.com"
ANA_SILVA = f"Ana Silva <{ANA}>"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def desk(a_desk: DeskFolder, server: MailServer) -> DeskFolder:
    return sends(a_desk, server)


def sent(desk: DeskFolder) -> list[str]:
    """What a run sent, as ``event to address``."""
    done = json.loads(desk.hd("notify", "run", "--json").out)
    return [f"{each['event']} to {each['recipient']}" for each in done["sent"]]


def test_an_answer_by_mail_goes_on_with_its_files_and_not_as_it_came(
    desk: DeskFolder, server: MailServer
) -> None:
    desk.hd("config", "mail.authservers=mx.example.org")
    ticket = desk.new("Printer jams", "-r", ANA_SILVA)
    sent(desk)
    mail = EmailMessage()
    mail["Authentication-Results"] = "mx.example.org; dmarc=pass header.from=example.org"
    mail["From"], mail["To"], mail["Subject"] = "bob@example.org", HELP, f"Re: [{ticket}]"
    mail.set_content("#resolve\nNew cable\n\nOn Mon Alice wrote:\n> the requester is a fool\n")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="cable.png")
    desk.hd("intake", "mail", stdin=mail.as_bytes())
    assert sent(desk) == [f"solved to {ANA}"]
    told = server.to(ANA)[-1]
    assert text(told).splitlines()[4] == "New cable"
    assert b"fool" not in told.as_bytes()
    files = [(each.get_filename(), each.get_content_type()) for each in told.iter_attachments()]
    assert files == [("cable.png", "image/png")]
    desk.hd("note", ticket, "-m", "@bob?")
    assert sent(desk) == ["agent-mentioned to bob@example.org"]
    said = text(server.to("bob@example.org")[-1]).splitlines()[-1]
    assert said == "What you answer is a note for agents; below #reply it goes to Ana Silva."
    mail.clear_content()
    mail.set_content("#resovle\nFuser replaced\n")
    desk.hd("intake", "mail", stdin=mail.as_bytes())
    assert sent(desk) == ["agent-refused to bob@example.org"]
    said = text(server.to("bob@example.org")[-1])
    assert "[The orders of this mail were not followed: '#resovle' is none]" in said


def test_a_ticket_s_life_is_told_to_its_requester_and_to_its_agents(
    desk: DeskFolder, server: MailServer
) -> None:
    desk.hd("canned", "new", "escalated", "-m", "A specialist has it.\n\n{text}")
    ticket = desk.new("Printer jams", "-r", ANA_SILVA, "-b", "It eats the paper")
    assert sent(desk) == [f"acknowledged to {ANA}"]
    desk.hd("escalate", ticket, "-m", "Internal reason", "--team", "network", agent="alice")
    assert sent(desk) == [f"escalated to {ANA}", "agent-escalated to bob@example.org"]
    desk.hd("assign", ticket, "bob")
    assert sent(desk) == [f"assigned to {ANA}", "agent-assigned to bob@example.org"]
    desk.hd("note", ticket, "-m", "@alice look at this", agent="bob")
    assert sent(desk) == ["agent-mentioned to alice@example.org"]
    desk.hd("reply", ticket, "-m", "Another cable?", agent="bob")
    desk.hd("pend", ticket, "-m", "What is its number?", agent="bob")
    assert sent(desk) == [f"waiting to {ANA}"]  # with the words of both
    desk.hd("resolve", ticket, "-m", "New cable", agent="bob")
    assert sent(desk) == [f"solved to {ANA}"]
    desk.hd("reopen", ticket)
    desk.hd("close", ticket)
    assert sent(desk) == [f"closed to {ANA}"]  # it is closed: that it was open again is no news
    assert sent(desk) == []

    told = "".join(text(mail) for mail in server.to(ANA))
    assert "Internal reason" not in told
    assert "@alice" not in told
    for words in ("It eats the paper", "Another cable?", "What is its number?", "New cable"):
        assert words in told


def test_one_run_tells_one_person_once_and_what_holds_now(
    desk: DeskFolder, server: MailServer
) -> None:
    ticket = desk.new("Jam", "-r", ANA)
    desk.hd("notify", "run")

    def told(*lines: str, on: str = ticket, agent: str = "") -> list[str]:
        for line in lines:
            name, *more = line.split()
            desk.hd(name, on, *more, agent=agent)
        return sent(desk)

    assert told("reply -m Look", "take", "pend -m Number?") == [f"waiting to {ANA}"]
    mail = text(server.to(ANA)[-1])
    assert mail.index("Look") < mail.index("Number?")
    assert server.to(ANA)[-1]["Auto-Submitted"] is None
    assert told("reopen") == []
    assert told("pend", "reopen") == []
    assert told("assign carol", "assign none") == []
    once = [f"assigned to {ANA}", "agent-assigned to bob@example.org"]
    assert told("assign carol", "assign bob") == once
    assert told("assign carol", "assign bob", agent="bob") == [f"assigned to {ANA}"]
    assert told("escalate -m x --team network", "deescalate -m y") == []
    assert told("resolve -m Done", "reopen") == []
    assert told("resolve -m Done", "close") == [f"solved to {ANA}"]
    desk.hd("follow", ticket, agent="carol")
    found = told("note -m Odd", "reply -m Ours")
    assert sorted(found) == ["agent-followed to carol@example.org", f"reply to {ANA}"]
    mail = text(server.to("carol@example.org")[-1])
    assert mail.index("Martin: note\r\nOdd") < mail.index("Martin: reply\r\nOurs")
    assert told("reopen -m Routing")[-1] == "agent-followed to carol@example.org"
    mail = text(server.to("carol@example.org")[-1])
    assert "Alice Martin: reopen\r\nRouting" in mail
    bobs = desk.new("His", "-r", "Bob Ndiaye <bob@example.org>")
    desk.hd("notify", "run")
    assert told("take", "reply -m x", on=bobs, agent="bob") == []  # nobody hears of their own deed
    spam = desk.new("Buy now", "-r", "Eve <eve@example.net>")
    assert sent(desk) == ["acknowledged to eve@example.net"]
    assert told("close --spam", on=spam) == []
    assert told("close", on=desk.new("Buy now", "-r", "Eve <eve@example.net>")) == []
    ran = desk.hd("notify", "run", "--since", "1h", "--json")
    assert json.loads(ran.out)["sent"] == []
    assert desk.hd("notify", "run", "--dry-run").err == "hd: nothing to send\n"
    waiting = desk.hd("notify", "queue")
    assert (waiting.out, waiting.err.partition(" (")[0]) == ("", "hd: nothing waits")


def test_a_mail_speaks_to_whom_it_goes(desk: DeskFolder, server: MailServer) -> None:
    settings = desk.path / "desk.yaml"
    rule = "rules:\n  - name: jams\n    when: {words: jam}\n    then: {assignee: bob}\n"
    settings.write_text(settings.read_text() + rule)
    desk.hd("commit")
    asked = EmailMessage()
    asked["From"], asked["To"], asked["Cc"], asked["Subject"] = ANA, HELP, "Luc <luc@x.fr>", "Jam"
    asked.set_content("\n".join(f"Line {n}" for n in range(1, 9)))
    desk.hd("intake", "mail", stdin=asked.as_bytes())
    assert sent(desk) == [f"acknowledged to {ANA}", "agent-assigned to bob@example.org"]
    receipt = text(server.to(ANA)[0]).splitlines()
    assert receipt[0] == "Hello,"  # no name is known
    assert receipt[-3] == "> Line 5 […]"  # it is no way to have the desk send what one likes
    assert text(server.to("bob@example.org")[0]).startswith("A rule (jams) has given you HD-")
    desk.hd("resolve", desk.hd("list", "-q").out.strip(), "-m", "Done")
    assert sent(desk) == [f"solved to {ANA}", "solved to luc@x.fr"]
    assert text(server.to("luc@x.fr")[0]).startswith("Hello Luc,")


def test_mails_are_threaded_and_known_as_ours(desk: DeskFolder, server: MailServer) -> None:
    ticket = desk.new("Été: accès", "-r", ANA_SILVA)
    desk.hd("notify", "run")
    desk.hd("reply", ticket, "-m", "Voilà")
    commit = desk.git("rev-parse", "main")
    desk.hd("notify", "run")
    first, second = server.to(ANA)
    place = discover(desk.path)
    key = desk_key(place.repository, place.head)
    assert addressing.told_by(key, second["Message-ID"]) == (ticket, commit[:12])
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"].split()[0] == second["References"].split()[0]
    assert second["Subject"] == f"[{ticket}] Été: accès"
    assert (second["From"], second["To"]) == (f"desk <{HELP}>", ANA_SILVA)
    assert first["Auto-Submitted"] == "auto-replied"
    assert first["Precedence"] == "bulk"
    assert second["Auto-Submitted"] is None  # a person wrote it
    assert first["X-HD-Desk"] == second["X-HD-Desk"]
    assert not second.is_multipart()


def test_one_bad_address_holds_nobody_up(desk: DeskFolder, server: MailServer) -> None:
    server.refused = {"bad@example.com": "550 no such user", "full@example.com": "452 mailbox full"}
    server.spurned = {"spam@example.com": "554 looks like spam"}
    for name in ("bad", "full", "spam", "good"):
        desk.new(name, "-r", f"{name}@example.com")
    ran = desk.hd("notify", "run", code=7)
    assert [to for to, _ in server.received] == ["good@example.com"]
    assert "550 no such user" in ran.err
    waiting = json.loads(desk.hd("notify", "queue", "--json").out)["outbox"]
    states = {each["recipient"].partition("@")[0]: each["state"] for each in waiting}
    assert states == {"bad": "failed", "full": "queued", "spam": "failed"}
    assert sent(desk) == []  # the one that waits is not due yet
    server.refused, server.spurned = {}, {}
    desk.hd("notify", "retry")
    bad = next(each["key"] for each in waiting if each["state"] == "queued")
    desk.hd("notify", "drop", bad[:8])
    assert sorted(sent(desk)) == [
        "acknowledged to bad@example.com",
        "acknowledged to spam@example.com",
    ]
    assert "nothing in the outbox" in desk.hd("notify", "retry", "ffffffff", code=3).err


def test_an_address_that_the_server_never_answers_for_holds_nobody_up(
    desk: DeskFolder, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    server.mute = {"mute@example.com", "dumb@example.com"}
    for name in ("mute", "good", "dumb"):
        desk.new(name, "-r", f"{name}@example.com")
    assert sent(desk) == ["acknowledged to good@example.com"]
    waiting = json.loads(desk.hd("notify", "queue", "--json").out)["outbox"]
    assert all("gave no answer" in each["said"] for each in waiting)
    desk.new("First", "-r", "mute@example.com")
    desk.new("Second", "-r", "dumb@example.com")
    assert "timed out" in desk.hd("notify", "run", code=7).err  # it seems to answer nobody


def test_letters_beyond_ascii_before_the_at_need_a_server_that_takes_them(
    desk: DeskFolder, server: MailServer
) -> None:
    desk.new("Jam", "-r", "Jürgen <jürgen@bücher.example>")
    assert sent(desk) == ["acknowledged to jürgen@bücher.example"]
    to, mail = server.received[0]
    assert to == "jürgen@xn--bcher-kva.example"
    assert mail["To"] == "Jürgen <jürgen@xn--bcher-kva.example>"
    desk.hd("config", "mail.addresses=hilfe@bücher.example")
    desk.new("Jam", "-r", ANA)
    assert sent(desk) == [f"acknowledged to {ANA}"]
    assert "<hilfe@xn--bcher-kva.example>" in server.to(ANA)[0]["From"]
    desk.hd("config", "mail.addresses=hülfe@example.org")
    assert "not every mail server knows" in desk.hd("notify", "run", code=1).err
    desk.hd("config", f"mail.addresses={HELP}")
    with mail_server(utf8=False) as old:
        desk.git("config", "hd.smtp", f"smtp://127.0.0.1:{old.port}")
        desk.new("Jam", "-r", "jürgen@example.com")
        assert "only ASCII before the @" in desk.hd("notify", "run", code=7).err
        assert old.received == []


def test_a_server_that_takes_few_mails_on_a_line_gets_all_of_them(
    desk: DeskFolder, server: MailServer
) -> None:
    server.most = 1
    for name in ("a", "b", "c"):
        desk.new(name, "-r", f"{name}@example.com")
    assert len(sent(desk)) == len(server.received) == 3


def test_a_server_that_is_away_loses_nothing(desk: DeskFolder, server: MailServer) -> None:
    desk.new("Jam", "-r", ANA)
    desk.git("config", "hd.smtp", "smtp://127.0.0.1:9")
    assert "127.0.0.1:9" in desk.hd("notify", "run", code=7).err
    desk.git("config", "hd.smtp", f"smtp://127.0.0.1:{server.port}")
    assert sent(desk) == [f"acknowledged to {ANA}"]


def test_only_the_clone_that_is_named_sends(a_desk: DeskFolder, server: MailServer) -> None:
    assert "mail.sender=NAME" in a_desk.hd("notify", "run", code=1).err
    a_desk.hd("config", "mail.sender=office", f"mail.addresses={HELP}")
    assert "not this clone" in a_desk.hd("notify", "run", code=1).err
    a_desk.git("config", "--global", "hd.sender", "office")  # of no clone in particular
    assert "not this clone" in a_desk.hd("notify", "run", code=1).err
    a_desk.git("config", "hd.sender", "office")
    a_desk.new("Before", "-r", ANA)
    assert "from now on" in a_desk.hd("notify", "run").out
    assert server.received == []
    a_desk.git("config", "hd.smtp", f"smtp://127.0.0.1:{server.port}")
    assert "acknowledged" in a_desk.hd("notify", "run", "--dry-run", "--since", "1h").out
    assert server.received == []
    a_desk.hd("notify", "run", "--since", "1h")
    assert len(server.to(ANA)) == 1
    a_desk.hd("notify", "run", "--since", "1h")
    assert len(server.to(ANA)) == 1


def test_a_clone_that_watches_ends_where_another_is_named(
    desk: DeskFolder, server: MailServer
) -> None:
    desk.new("Jam", "-r", ANA)
    with closing(App(str(desk.path))) as app:
        sending.require_sender(app.desk)
        desk.hd("config", "mail.sender=home")  # while it waits, as by a sync
        with pytest.raises(Refused):
            sending.run(app.desk, app.now, lambda: app.now)
    assert server.received == []


def test_what_was_taken_back_is_not_told(desk: DeskFolder, server: MailServer) -> None:
    ticket = desk.new("Jam", "-r", ANA)
    desk.hd("reply", ticket, "-m", "To the wrong person")
    desk.hd("undo", ticket)
    desk.hd("reply", ticket, "-m", "To the right one")
    assert sent(desk) == [f"reply to {ANA}"]
    assert "right one" in text(server.to(ANA)[0])


def test_what_a_rewritten_history_tells_again_is_not_sent_again(
    desk: DeskFolder, server: MailServer
) -> None:
    ticket = desk.new("Jam", "-r", ANA)
    desk.hd("reply", ticket, "-m", "Hello")
    desk.hd("notify", "run")
    before = len(server.received)
    tree, parent = desk.git("rev-parse", "HEAD^{tree}", "HEAD~1").split()
    message = desk.git("log", "-1", "--format=%B")
    other = desk.git("commit-tree", tree, "-p", parent, "-m", f"{message}\n")
    desk.git("reset", "-q", "--hard", other)
    desk.hd("resolve", ticket, "-m", "Done")
    assert sent(desk) == [f"solved to {ANA}"]
    assert len(server.received) == before + 1


def test_the_language_is_the_book_s_else_the_mail_s_else_the_desk_s(
    desk: DeskFolder, server: MailServer
) -> None:
    (desk.path / "requesters.yaml").write_text("lea@example.com: {language: fr}\n")
    desk.hd("commit")
    desk.new("VPN", "-r", "lea@example.com", "-b", "It does not work, please help me with this")
    desk.new("VPN", "-r", "luc@example.com", "-b", "Bonjour, le VPN ne marche pas depuis hier")
    desk.new("VPN", "-r", ANA)
    desk.hd("notify", "run")
    assert "You wrote" not in text(server.to(ANA)[0])
    for who, words in (("lea", "bien reçu"), ("luc", "bien reçu"), ("ana", "have your request")):
        (mail,) = server.to(f"{who}@example.com")
        assert words in text(mail)


def test_a_desk_s_own_template_comes_first_and_may_say_nothing(
    desk: DeskFolder, server: MailServer
) -> None:
    desk.hd("canned", "new", "acknowledged", "-m", "Got it: {title}\n\nDue {due}.")
    (desk.path / "canned/solved.yaml").write_text("send: false\n")
    desk.hd("commit")
    ticket = desk.new("Jam", "-r", ANA)
    desk.hd("notify", "run")
    assert text(server.to(ANA)[0]).strip() == "Got it: Jam"  # no paragraph of what is not known
    desk.hd("resolve", ticket, "-m", "Done")
    assert sent(desk) == []


def test_a_preview_shows_what_would_go(desk: DeskFolder) -> None:
    ticket = desk.new("Jam", "-r", ANA_SILVA)
    desk.hd("resolve", ticket, "-m", "New cable")
    out = desk.hd("notify", "preview", ticket).out
    assert f"To: {ANA_SILVA}" in out
    assert "New cable" in out
    assert "mailto:" in out
    shown = desk.hd("notify", "preview", "HEAD~1", "--json").out
    (mail,) = json.loads(shown)["mails"]
    assert mail["event"] == "acknowledged"
    assert "is open again" in desk.hd("notify", "preview", ticket, "--event", "reopened").out
    assert (
        "since"
        in desk.hd("notify", "preview", desk.new("Jam", "-r", ANA), "--event", "progress").out
    )
    assert "of no ticket" in desk.hd("notify", "preview", ticket, "--event", "digest", code=1).err
    assert "nobody is told" in desk.hd("notify", "preview", desk.new("No one"), code=1).err
    assert "no ticket" in desk.hd("notify", "preview", "zzzzz", code=3).err


def test_files_of_a_reply_go_with_it(desk: DeskFolder, server: MailServer) -> None:
    ticket = desk.new("Jam", "-r", ANA)
    file = desk.path.parent / "guide.txt"
    file.write_text("Turn it off and on")
    desk.hd("reply", ticket, "-m", "See the guide", "--attach", str(file))
    desk.hd("notify", "run")
    (attached,) = server.to(ANA)[-1].iter_attachments()
    assert attached.get_filename() == "guide.txt"
    assert attached.get_content() == b"Turn it off and on"


def test_two_machines_never_write_to_each_other_for_long(
    desk: DeskFolder, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST_IN_AN_HOUR", 3)
    for number in range(5):
        desk.new(f"Loop {number}", "-r", ANA)
    desk.new("Nobody reads this", "-r", "noreply@example.com")
    desk.new("Ours", "-r", HELP)
    desk.hd("notify", "run")
    assert len(server.received) == len(server.to(ANA)) == 3
    every = json.loads(desk.hd("notify", "queue", "--all", "--json").out)["outbox"]
    assert sum(each["state"] == "dropped" for each in every) == 2


def test_a_password_comes_from_the_environment_or_git_s_helper(
    desk: DeskFolder, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.passwords = {"ana": "secret"}
    desk.git("config", "hd.smtp", f"smtp://ana@127.0.0.1:{server.port}")
    desk.new("Jam", "-r", ANA)
    desk.hd("config", "mail.password=secret", code=1)
    assert "no password for ana" in desk.hd("notify", "run", code=7).err
    monkeypatch.setenv("HD_SMTP_PASSWORD", "wrong")
    assert "refuses ana" in desk.hd("notify", "run", code=7).err
    monkeypatch.delenv("HD_SMTP_PASSWORD")
    server.passwords = {"ana": "s\u00e9cret"}
    monkeypatch.setenv("HD_SMTP_PASSWORD", "wr\u00f6ng")
    assert "refuses ana" in desk.hd("notify", "run", code=7).err
    monkeypatch.setenv("HD_SMTP_PASSWORD", "s\u00e9cret")
    assert sent(desk) == [f"acknowledged to {ANA}"]
    monkeypatch.delenv("HD_SMTP_PASSWORD")
    server.passwords = {"ana": "secret"}
    desk.new("Jam", "-r", ANA)
    helper = f"!printf 'username=ana\\npassword=secret\\n' #{server.port}"
    desk.git("config", "credential.helper", helper)
    assert sent(desk) == [f"acknowledged to {ANA}"]
    desk.git("config", "hd.smtp", f"smtp://ana:secret@127.0.0.1:{server.port}")
    desk.new("Jam", "-r", ANA)
    error = desk.hd("notify", "run", code=2).err
    assert "no password belongs" in error
    assert "secret" not in error


def test_a_server_with_tls_must_be_one_that_is_trusted(
    a_desk: DeskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes a certificate, is not installed")
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test"
    more = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made.split(), *more], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with mail_server(tls=context) as server:
        desk = sends(a_desk, server)
        desk.git("config", "hd.smtp", f"smtps://127.0.0.1:{server.port}")
        desk.new("Jam", "-r", ANA)
        assert "certificate" in desk.hd("notify", "run", code=7).err
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert sent(desk) == [f"acknowledged to {ANA}"]


def answer(mail: EmailMessage, text: str, subject: str = "") -> bytes:
    """What a requester's program sends in answer to a mail; to a subject of a link, a new mail."""
    found = EmailMessage()
    found["From"], found["To"] = mail["To"], mail.get("Reply-To", mail["From"])
    found["Subject"] = subject or f"Re: {mail['Subject']}"
    found["Message-ID"] = f"<{hash((text, subject)) % 10**9}@mua.example.com>"
    if not subject:
        found["In-Reply-To"] = mail["Message-ID"]
        found["References"] = f"{mail['References']} {mail['Message-ID']}"
    found.set_content(text)
    return found.as_bytes()


def test_a_requester_writes_is_answered_scores_and_has_it_opened_again(
    desk: DeskFolder, server: MailServer
) -> None:
    desk.hd("agent", "add", "post", "Post <post@example.org>", "--role", "intake")
    desk.hd("config", "mail.plus=true")
    asked = EmailMessage()
    asked["From"], asked["To"], asked["Subject"] = ANA_SILVA, HELP, "Printer jams"
    asked["Message-ID"] = "<first@mua.example.com>"
    asked.set_content("It eats the paper, and we need it")
    desk.hd("intake", "mail", stdin=asked.as_bytes(), agent="post")
    assert sent(desk) == [f"acknowledged to {ANA}"]
    (receipt,) = server.to(ANA)
    assert receipt["In-Reply-To"] == "<first@mua.example.com>"
    assert receipt["Subject"].startswith("Re: [HD-")
    ticket = desk.hd("list", "-q").out.strip()
    desk.hd("assign", ticket, "bob")
    desk.hd("notify", "run")
    desk.hd("intake", "mail", stdin=answer(receipt, "Still so"), agent="post")
    assert sent(desk) == ["agent-reply to bob@example.org"]

    desk.hd("resolve", ticket, "-m", "New cable")
    assert sent(desk) == [f"solved to {ANA}"]
    solved = server.to(ANA)[-1]
    link = next(line for line in text(solved).splitlines() if line.startswith("2 poor: "))
    url = urlsplit(link.removeprefix("2 poor: "))
    assert f"{solved['Reply-To']}".endswith(f"<{url.path}>")
    vote = answer(solved, "Took long", unquote(url.query.removeprefix("subject=")))
    desk.hd("intake", "mail", stdin=vote, agent="post")
    found = desk.ticket(ticket)
    assert (found.status, found.values["csat"], found.log[-1].body) == ("resolved", 2, "Took long")
    assert found.log[-1].extra["from"] == ANA_SILVA

    desk.hd("intake", "mail", stdin=answer(solved, "It jams again"), agent="post")
    desk.hd("resolve", ticket, "-m", "Once more")
    desk.hd("intake", "mail", stdin=answer(solved, "Still"), agent="post")
    assert desk.ticket(ticket).status == "open"
    assert sorted(sent(desk)) == ["agent-unhappy to bob@example.org", f"reopened to {ANA}"]
    mail = text(server.to("bob@example.org")[-1])
    assert mail.index("Took long") < mail.index("It jams again")
    desk.hd("resolve", ticket, "-m", "Again")
    for other in (
        "Bob Ndiaye <bob@example.org>",
        "Eve <eve@example.com>",
    ):  # solved it; was sent it
        vote = answer(solved, f"5\n{other}").replace(ANA_SILVA.encode(), other.encode())
        desk.hd("intake", "mail", stdin=vote, agent="post")
    assert desk.ticket(ticket).values["csat"] == 2
    desk.hd("notify", "run")
    before = desk.commits()
    own = server.to(ANA)[-1].as_bytes()  # sent back by some forwarding rule
    assert "ignored" in desk.hd("intake", "mail", stdin=own, agent="post").out
    assert desk.commits() == before


def test_who_has_a_ticket_hears_that_its_requester_was_not_reached(
    desk: DeskFolder, server: MailServer
) -> None:
    ticket = desk.new("Jam", "-r", ANA_SILVA, "-a", "bob")
    desk.hd("reply", ticket, "-m", "Try now", agent="bob")
    desk.hd("notify", "run")

    def comes_back(mail: EmailMessage, to: str) -> list[str]:
        report = (
            f"From: MAILER-DAEMON@mx.example.org\nTo: {HELP}\nSubject: Undelivered\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n"
            "--B\n\nSorry\n--B\nContent-Type: message/delivery-status\n\n"
            f"Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\n"
            "Diagnostic-Code: smtp; 550 no such user\n--B\nContent-Type: text/rfc822-headers\n\n"
            f"Message-ID: {mail['Message-ID']}\n--B--\n"
        )
        desk.hd("intake", "mail", stdin=report)
        return sent(desk)

    assert comes_back(server.to(ANA)[-1], ANA) == ["agent-unreached to bob@example.org"]
    told = server.to("bob@example.org")[-1]
    said = f"Mail can't be delivered to {ANA} (5.1.1: 550 no such user)"
    assert said in text(told)
    assert comes_back(told, "bob@example.org") == []  # or it would go round
    assert comes_back(told, "bob@elsewhere.example") == ["agent-unreached to bob@example.org"]
    assert comes_back(told, "bob@elsewhere.example") == []
    items = map(json.loads, desk.hd("inbox", "--jsonl", agent="bob").out.splitlines())
    *_, first = (each for each in items if each["why"] == "bounce")
    assert first["subject"].startswith(f"{ticket}: Mail can't be delivered to {ANA}")


def test_a_low_score_prompts_the_lead(desk: DeskFolder, server: MailServer) -> None:
    desk.hd("agent", "edit", "carol", "--role", "lead")
    ticket = desk.new("Jam", "-r", ANA_SILVA, "-a", "bob")
    desk.hd("resolve", ticket, "-m", "Done")
    desk.hd("notify", "run")
    desk.hd("rate", ticket, "2", "-m", "It took a week")
    assert sent(desk) == ["agent-unhappy to carol@example.org"]
    mail = server.to("carol@example.org")[-1]
    assert "2 of 5" in mail["Subject"]
    assert "It took a week" in text(mail)
    desk.hd("rate", ticket, "5")
    assert sent(desk) == []
    assert desk.hd("list", "-q", "--all", "csat:>=4").out == f"{ticket}\n"


def test_who_has_heard_nothing_for_long_is_told_once_and_so_is_their_agent(
    desk: DeskFolder, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.hd("config", "mail.prompt=4", "mail.progress=8")
    ticket = desk.new("Jam", "-r", ANA_SILVA, "-a", "bob")
    assert sent(desk) == [f"acknowledged to {ANA}", "agent-assigned to bob@example.org"]
    assert sent(desk) == []
    at(monkeypatch, 5)
    assert sent(desk) == ["agent-quiet to bob@example.org"]
    assert sent(desk) == []
    at(monkeypatch, 8.5)
    assert sent(desk) == [f"progress to {ANA}"]
    assert "not solved yet" in text(server.to(ANA)[-1])
    assert sent(desk) == []
    desk.hd("pend", ticket)
    at(monkeypatch, 100)
    assert sent(desk) == [f"waiting to {ANA}"]  # the word is with them now


def at(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """It is so many hours later from here on."""
    import time

    real = time.time_ns() / 1e9
    monkeypatch.setattr(time, "time", lambda: real + hours * 3600)


def test_clocks_and_going_back_lose_nothing(
    desk: DeskFolder, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.new("Before going back", "-r", ANA)
    at(monkeypatch, 5)
    ran = desk.hd("notify", "run", "--since", "1h", "--json")
    assert [each["recipient"] for each in json.loads(ran.out)["sent"]] == [ANA]
    at(monkeypatch, -48)  # by a clock that is wrong, or offline since before the first run
    desk.new("Late", "-r", "late@example.com")
    monkeypatch.undo()
    assert "1 mail of what was before this clone began" in desk.hd("notify", "run").err
    ran = desk.hd("notify", "run", "--since", "3d", "--json")
    assert [each["recipient"] for each in json.loads(ran.out)["sent"]] == ["late@example.com"]


def test_a_digest_gathers_a_team_s_open_work_once_a_day(
    desk: DeskFolder, server: MailServer
) -> None:
    late = desk.new("Switch down", "--team", "network", "--due", "2020-01-01")
    desk.new("Somebody else's", "--team", "desk")
    shown = desk.hd("notify", "digest", "network", "--dry-run").out
    assert late in shown
    assert "Somebody" not in shown
    assert server.received == []
    assert "to bob@example.org" in desk.hd("notify", "digest", "network").out
    assert "nothing to queue" in desk.hd("notify", "digest", "network").out
    assert sent(desk) == ["digest to bob@example.org"]
    digest = server.to("bob@example.org")[-1]
    assert b"\nSubject: Network: open work\n" in digest.as_bytes()
    said = desk.hd("intake", "mail", "--json", stdin=answer(digest, "I take the switch")).out
    assert json.loads(said)["messages"][0]["reason"].startswith("it answers a digest")
    assert "no team 'x'" in desk.hd("notify", "digest", "x", code=1).err
