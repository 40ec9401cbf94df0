"""Real messages, with the results that are known of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench import mailcorpus

from hdcli.mail import message, structure
from hdcli.mail.message import Mail

DATA = mailcorpus.folder()
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data/mail beside it")


def mail(path: Path) -> Mail:
    data = path.read_bytes()
    if path.suffix == ".html":
        data = b"From: a@b.c\nContent-Type: text/html; charset=utf-8\n\n" + data
    return message.read(data)


@needs_data
def test_replies_are_what_the_replier_typed() -> None:
    for path in sorted((DATA / "replies").glob("*.eml")):
        assert mail(path).typed == "Hello", path.name
    for path in sorted((DATA / "html-replies").glob("*.html")):
        typed = mail(path).typed
        assert " ".join(typed.split()) == "Hi. I am fine. Thanks, Alex", path.name


@needs_data
def test_the_rfcs_examples_are_read_as_another_parser_reads_them() -> None:
    for path in sorted((DATA / "rfc").glob("*.json")):
        expected = json.loads(path.read_text())
        found = mail(path.with_suffix(".eml"))
        headers = {each["name"]: each["value"] for each in expected["parts"][0]["headers"]}
        if "Text" in headers.get("subject", ""):
            assert found.subject == headers["subject"]["Text"], path.name
        if "Text" in headers.get("message_id", ""):
            assert found.message_id == f"<{headers['message_id']['Text']}>"
        senders = [each for each in _people(headers.get("from")) if each["address"]]
        assert found.sender.mail == (senders[0]["address"] if senders else ""), path.name
        texts = [_text(expected, number) for number in expected["text_body"]]
        joined = " ".join(" ".join(each.split()) for each in texts if each is not None)
        assert " ".join(found.text.split()) == " ".join(joined.split()), path.name
        assert len(found.attachments) == len(expected["attachments"]), path.name


def _people(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield from value.get("Address", {}).get("List", ())


def _text(expected: dict[str, Any], number: int) -> str | None:
    body = expected["parts"][number]["body"]
    found = body.get("Text", body.get("Html"))
    return found if isinstance(found, str) else None


@needs_data
def test_awkward_mail_keeps_its_people_subjects_and_files() -> None:
    def odd(name: str) -> Mail:
        return mail(DATA / "odd" / name)

    assert odd("mail_test_12").subject == "代开各地增值税发票"
    assert "增值税发票" in odd("mail_test_12").typed
    assert odd("mail_test_18").sender == ("LastßlName, FirstName", "comma.name@example.com")
    assert [each.name for each in odd("mail_malformed_1").attachments] == [
        "20160523_916527.jpg_.zip"
    ]
    assert "Ver on-line" in odd("mail_malformed_3").typed  # its boundary is another one
    assert odd("mail_test_6").subject == "Быстрее вкладывайте в золото!"
    names = [each.name for each in odd("mail_test_10").attachments]
    assert names[-1] == "Move To Eight ZWEP6227F.pdf"


def test_every_message_there_is_can_be_read() -> None:
    for name, data in mailcorpus.corpus().items():
        found = message.read(data)
        assert bool(found.typed) == bool(found.text.strip()), name
        for each in found.attachments:
            assert each.name
            assert each.data is not None


def test_the_tree_is_that_of_the_standard_library_where_this_finds_one() -> None:
    import email

    def theirs(part: Any) -> Any:
        kind = part.get_content_type()
        return (kind, list(map(theirs, part.get_payload()))) if part.is_multipart() else kind

    def ours(part: structure.Part) -> Any:
        return (part.type, list(map(ours, part.children))) if part.children else part.type

    same = [
        ours(structure.read(data)) == theirs(email.message_from_bytes(data))
        for data in mailcorpus.requests(40)
    ]
    assert all(same)
