"""Structures, names and dates that mail has and should not have."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcli.mail import message
from hdcli.mail.message import Mail

HEAD = "From: Ana Silva <ana@example.org>\nSubject: Printer\nMIME-Version: 1.0\n"


def mail(text: str) -> Mail:
    return message.read(text.encode())


def multipart(kind: str, *parts: str, more: str = "") -> Mail:
    body = "".join(f"--B\n{part}\n" for part in parts)
    return mail(f'{HEAD}Content-Type: multipart/{kind}; boundary="B"{more}\n\n{body}--B--\n')


def test_a_part_cut_off_and_a_boundary_nobody_named_are_read() -> None:
    assert mail(f"{HEAD}Content-Type: multipart/mixed; boundary=B\n\n--B\n\nhello").text == "hello"
    lost = mail(f"{HEAD}Content-Type: multipart/mixed\n\n--X\n\nhello\n--X\n\nyou\n--X--\n")
    assert lost.text == "hello\n\nyou"
    assert mail(f"{HEAD}Content-Type: multipart/mixed; boundary=B\n\nhello").text == "hello"


def test_plain_text_is_preferred_unless_it_is_empty() -> None:
    page = "Content-Type: text/html\n\n<p>Hello page</p>"
    assert multipart("alternative", "Content-Type: text/plain\n\nHello text", page).text == (
        "Hello text"
    )
    assert multipart("alternative", "Content-Type: text/plain\n\n \n", page).text == "Hello page"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("filename*=utf-8''%C3%A9cran%20noir.png", "écran noir.png"),
        ("filename*0*=utf-8''%C3%A9; filename*1=cran.png", "écran.png"),
        ('filename="=?utf-8?Q?=C3=A9cran.png?="', "écran.png"),
        ("filename=écran.png", "écran.png"),
        ("filename*=nonsense''%FF", "ÿ"),
        ('filename="a;b.png"', "a;b.png"),
        ("filename=\"a.png\"; filename*=utf-8''%C3%A9.png", "é.png"),
    ],
)
def test_files_have_the_names_that_they_were_given(disposition: str, name: str) -> None:
    part = f"Content-Type: image/png\nContent-Disposition: attachment; {disposition}\n\nx"
    assert [each.name for each in multipart("mixed", part).attachments] == [name]


@pytest.mark.parametrize(
    "head",
    [
        'Content-Type: image/png name="a.png"',
        "Content-Type: image/png, name=a.png",
        'Content-Type: "image/png"; name="a.png',
        'Content-Type: image/png (a screen)\nContent-Disposition: attachment filename="a.png"',
    ],
)
def test_files_are_files_where_a_semicolon_is_missing(head: str) -> None:
    found = multipart("mixed", "\nHello", f"{head}\n\nx")
    assert (found.text, [(each.name, each.part.type) for each in found.attachments]) == (
        "Hello",
        [("a.png", "image/png")],
    )


def test_a_text_is_text_whatever_its_program_calls_it() -> None:
    odd = "Content-Type: text/plain; name=body.txt\nContent-Transfer-Encoding: base64; x\n\n"
    assert mail(f"{HEAD}{odd}SGVsbG8=").text == "Hello"
    assert mail(f"{HEAD}Content-Type: text/markdown\n\n# Hello").text == "# Hello"
    amp = multipart("alternative", "Content-Type: text/x-amp-html\n\n<p>A</p>", "\nHello")
    assert (amp.text, amp.attachments) == ("Hello", [])
    signed = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- \nAna\n"
        "-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n"
    )
    assert mail(f"{HEAD}\n{signed}").typed == "Hello"
    assert "signed (PGP)" in mail(f"{HEAD}\n{signed}").remarks[0]
    assert "encrypted (PGP)" in mail(f"{HEAD}\n-----BEGIN PGP MESSAGE-----\n").remarks[0]


def test_what_hd_can_not_open_is_kept_and_said() -> None:
    tnef = multipart("mixed", "\nHi", "Content-Type: application/ms-tnef; name=winmail.dat\n\nx")
    assert "winmail.dat" in tnef.remarks[0]
    assert tnef.attachments[0].data == b"x"
    pgp = (
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----",
    )
    secret = multipart("encrypted", *pgp)
    assert secret.text == ""
    assert "encrypted (PGP)" in secret.remarks[0]
    assert len(secret.attachments) == 2
    smime = mail(f"{HEAD}Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx")
    assert "S/MIME" in smime.remarks[0]
    assert [each.name for each in smime.attachments] == ["application-1.p7m"]


def test_lines_that_are_no_calendar_s_take_no_time() -> None:
    line = "a" * 1999 + "\n"
    part = f"--B\nContent-Type: text/calendar\n\nBEGIN:VEVENT\n{line * 90}"
    found = mail(f"{HEAD}Content-Type: multipart/mixed; boundary=B\n\n{part * 20}")
    assert found.remarks == ["An invitation."]  # it was minutes


def test_the_same_again_in_html_is_left_out_where_that_takes_no_time() -> None:
    again = multipart("mixed", "\nA  b\nc", "Content-Type: text/html\n\n<p>b <b>c</b></p>")
    assert again.text == "A  b\nc"
    many = (f"Content-Type: text/html\n\n{f'{at} '.zfill(8) * 2000}" for at in range(300))
    assert multipart("mixed", *many).text.count("\n\n") == 299  # it was half a minute


def test_an_invitation_says_what_when_and_where() -> None:
    event = (
        "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\n"
        "BEGIN:VEVENT\nSUMMARY:Migration\\, step 2\nDTSTART:20261201T093000Z\nLOCATION:Room 4\n"
        "END:VEVENT\nEND:VCALENDAR"
    )
    found = multipart("mixed", "\nPlease come", event)
    assert found.remarks == ["An invitation: Migration, step 2, 2026-12-01 09:30 UTC, Room 4."]
    assert found.attachments[0].name == "text-1.ics"
    zoned = event.replace("DTSTART:", 'DTSTART;TZID="(UTC+01:00) Paris":').replace("00Z", "00")
    local = multipart("mixed", zoned.replace("REQUEST", "CANCEL").replace("Room 4", "R\\, 4\\n"))
    assert local.remarks == [
        "A cancelled meeting: Migration, step 2, 2026-12-01 09:30 ((UTC+01:00) Paris), R, 4."
    ]


def test_parts_that_are_nested_too_deep_are_attached_and_said() -> None:
    deep = "Content-Type: text/plain\n\nHello"
    for number in range(30):
        deep = f'Content-Type: multipart/mixed; boundary="B{number}"\n\n--B{number}\n{deep}'
    found = mail(deep)
    assert "too deep" in found.remarks[0]
    assert found.attachments[0].data.endswith(b"Hello")


def test_a_forwarded_message_is_a_file_and_not_text() -> None:
    inner = "Content-Type: message/rfc822\n\nFrom: Bob <b@x.org>\nSubject: Old\n\nInner text"
    found = multipart("mixed", "\nLook", inner)
    assert found.text == "Look"
    assert [each.name for each in found.attachments] == ["Old.eml"]
    assert found.attachments[0].data.endswith(b"Inner text")
    assert [each.headers.text("subject") for each in found.nested] == ["Old"]


def test_flowed_lines_are_joined() -> None:
    flowed = (
        f"{HEAD}Content-Type: text/plain; format=flowed\n\nOne \nline\n> quoted \n> too\n-- \nAna"
    )
    assert mail(flowed).text == "One line\n> quoted too\n-- \nAna"


def test_vs_forwards_in_danish_and_answers_in_finnish() -> None:
    block = "{}: Bob <b@x.org>\nTo: me\nSubject: Screen\n\nOld"
    danish = mail("Subject: VS: Screen\n\nNew\n\n" + block.format("Fra"))
    finnish = mail("Subject: VS: Screen\n\nNew\n\n" + block.format("Lähettäjä"))
    assert (danish.forwards, finnish.forwards) == (True, False)
    assert danish.typed.endswith("Old")
    assert finnish.typed == "New"


def test_eight_bit_subjects_take_the_charset_of_the_text() -> None:
    raw = "From: a@b.c\nSubject: Принтер\nContent-Type: text/plain; charset=koi8-r\n\nНе печатает"
    found = message.read(raw.encode("koi8-r"))
    assert (found.subject, found.text) == ("Принтер", "Не печатает")


def test_people_are_found_in_broken_headers() -> None:
    assert mail('From: "Silva, Ana" <ana@example.org>\n\n').sender == (
        "Silva, Ana",
        "ana@example.org",
    )
    assert mail("From: ana@example.org (Ana)\n\n").sender.mail == "ana@example.org"
    assert mail("From: <<ana@example.org>>\n\n").sender.mail == "ana@example.org"
    assert mail("From: nobody\nSender: ana@example.org\n\n").sender.mail == "ana@example.org"
    assert mail("From: Silva, Ana <ana@example.org>\n\n").sender == (
        "Silva, Ana",
        "ana@example.org",
    )
    assert mail("From: ana@example.org <eve@example.net>\n\n").sender == (
        "ana@example.org",
        "eve@example.net",
    )
    assert mail(" From : ana@example.org\nSubject : X\n\n").sender.mail == "ana@example.org"
    group = mail("To: Team: a@x.org, b@x.org;\nCc: A <a@x.org>\n\n")
    assert [each.mail for each in group.recipients] == ["a@x.org", "b@x.org"]


def test_ids_and_the_way_through_servers() -> None:
    found = mail(
        "Message-ID: <1@x>\nIn-Reply-To: your message <3@x>\nReferences: <2@x>\n <3@x>\n"
        "Date: Tue, 24 Nov 2026 10:00:00 +0100 (CET)\nFrom: a@b.c\n\nhi"
    )
    assert found.message_id == "<1@x>"
    assert found.references == ("<3@x>", "<2@x>")
    longer = message.read(b"Received: by mx\n" + found.data.replace(b"\n", b"\r\n"))
    assert longer.digest == found.digest
    scans = [mail(f"Message-ID: <1@x>\n\n{'x' * 3_000_000}{end}") for end in ("1", "2\r", "2\n\n")]
    assert scans[0].digest != scans[1].digest == scans[2].digest
    weekly = [mail(f"Message-ID: <{number}@x>\nSubject: Disk full\n\nx") for number in (1, 2)]
    assert weekly[0].digest != weekly[1].digest


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_some_mail(data: bytes) -> None:
    found = message.read(data)
    assert (found.subject + found.typed).encode() is not None
    assert all(each.data is not None for each in found.attachments)
