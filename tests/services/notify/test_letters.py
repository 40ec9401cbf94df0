"""Mails as they go over the wire: whatever is in a ticket, they can be read back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hdcli.errors import BadUsage
from hdcli.model.entry import Entry
from hdcli.model.message import one_line, paragraphs
from hdcli.model.person import address, person
from hdcli.model.ticket import Ticket
from hdcli.services.notify.letters import Letter, Writer
from hdcli.services.notify.people import Recipient, is_address
from hdcli.services.notify.preview import seen
from hdcli.services.notify.smtp import Server, server
from hdcli.store.desk import Desk
from support import DeskFolder

COMMIT = "0123456789abcdef" * 2
LONGEST = 998
INJECTION = "=?utf-8?q?a=0D=0ABcc:_x@example.com=0D=0A=0D=0A?="


@pytest.fixture
def writer(a_desk: DeskFolder) -> Iterator[Writer]:
    a_desk.hd("config", "mail.addresses=help@example.org")
    with closing(Desk.open(Path(a_desk.path))) as desk:
        yield Writer(desk, 1_790_000_000)


texts = st.text(max_size=300)
names = st.text(max_size=60)
addresses = st.one_of(
    st.emails(), st.builds("{}@{}".format, st.text(min_size=1, max_size=20), st.text(max_size=20))
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(names, addresses, texts, texts, st.text(max_size=80))
@example(INJECTION, "a@b.example", INJECTION, INJECTION, "x")
@example("Jürgen", "a@b.example", "à 😀 " * 30, "", "x")
def test_any_ticket_gives_a_mail_that_says_the_same_or_none(
    writer: Writer, called: str, mail: str, subject: str, body: str, message_id: str
) -> None:
    try:
        who = person(f"{called} <{mail}>")
    except BadUsage:
        return
    if not is_address(address(who)):
        return
    extra = {"from": who, "message_id": f"<{message_id}>"}
    log = (Entry("0001-aaaaaa", "2026-11-24T08:00:00Z", "post", "new", extra=extra),)
    ticket = Ticket("HD-7K3QF", {"title": "x", "requester": who}, log)
    files = [(f"{INJECTION}.txt", b"x")] if called == INJECTION else []
    letter = Letter(
        ticket, COMMIT, "reply", subject, paragraphs(body), automatic=False, files=files
    )
    to = Recipient(who, address(who), "en", first=True)
    try:
        data = writer.written(letter, to)
    except ValueError:
        return
    lines = data.split(b"\r\n")
    assert all(len(line) <= LONGEST for line in lines)
    head, _, _ = data.partition(b"\r\n\r\n")
    assert head.isascii() or not address(who).isascii()
    parsed = message_from_bytes(data, policy=policy.default)
    assert len(parsed.get_all("Message-ID") or []) == len(parsed.get_all("To") or []) == 1
    assert "".join(seen(data).text.split()) == "".join(paragraphs(body).split())
    assert not any("Bcc" in part for part in parsed.walk())
    wanted = one_line(subject)
    if len(wanted) < 150:
        found = make_header(decode_header(str(message_from_bytes(data)["Subject"])))
        assert str(found).removeprefix("Re: ") == f"[HD-7K3QF] {wanted}".rstrip()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("smtp://mail.example.org", Server("smtp", "mail.example.org", 587)),
        ("smtps://ana%40b@h:99", Server("smtps", "h", 99, "ana@b")),
        ("smtp+plain://[::1]", Server("smtp+plain", "::1", 25)),
        *((each, None) for each in ("", "http://h", "smtp://", "smtp://h:x", "smtp://h/x?y")),
        ("smtp://a:b@h", None),
    ],
)
def test_a_server_s_address_is_read_or_refused(text: str, found: Server | None) -> None:
    if found is not None:
        assert server(text) == found
        return
    with pytest.raises(BadUsage):
        server(text)
