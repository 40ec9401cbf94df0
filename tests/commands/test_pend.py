from __future__ import annotations

import pytest

from support import DeskFolder


def test_waits_for_somebody_until_then(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    ran = a_desk.hd(
        *("pend", ticket, "--on", "vendor", "--until", "2099-12-01 9:30", "-m", "Part 4711")
    )
    assert ran.out == f"{ticket} waits for the vendor until 2099-12-01: x\n"
    assert a_desk.message() == (
        f"{ticket}: wait for vendor until 2099-12-01\n"
        "\n"
        "Part 4711\n"
        "\n"
        f"Ticket: {ticket}\n"
        "Action: pend\n"
        "Status: pending\n"
        "Pending-On: vendor\n"
        "Until: 2099-12-01T08:30:00Z"
    )


def test_waiting_for_another_changes_that_and_the_same_is_said(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    a_desk.hd("pend", ticket, "--on", "vendor", "--until", "2099-12-01")
    a_desk.hd("pend", ticket, "--on", "requester")
    found = a_desk.ticket(ticket)
    assert (found.text("pending"), found.text("pending_until")) == ("requester", "")
    before = a_desk.commits()
    said = a_desk.hd("pend", ticket, "--on", "requester").out
    assert said == f"{ticket} waits for the requester already: x\n"
    assert a_desk.commits() == before


def test_waits_for_the_requester_when_nothing_else_is_said(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    assert a_desk.hd("pend", ticket).out == f"{ticket} waits for the requester: x\n"


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        (("--on", "vendr"), 2, "'vendr' is not one of 'requester', 'vendor', 'change'"),
        (("--on", "vendor", "--until", "soon"), 2, "can't read the date 'soon'"),
        (("--on", "vendor", "--until", "2020-01-01"), 2, "'2020-01-01' has passed"),
    ],
)
def test_refuses_what_nobody_can_wait_for(
    a_desk: DeskFolder, args: tuple[str, ...], code: int, error: str
) -> None:
    assert error in a_desk.hd("pend", a_desk.new(), *args, code=code).err
