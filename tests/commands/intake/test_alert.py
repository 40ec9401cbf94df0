"""hd intake alert: a ticket for each alert, however often it comes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hdcli.services.intake import alerts
from support import DeskFolder


def disk(status: str = "firing", text: str = "4 % left", begun: str = "08:00") -> str:
    alert = {
        "status": status,
        "labels": {"alertname": "DiskFull", "severity": "critical"},
        "annotations": {"summary": "Disk full on erp-db", "description": text},
        "startsAt": f"2026-11-24T{begun}:00Z",
        "fingerprint": "c4f1e2",
    }
    return json.dumps({"version": "4", "status": status, "alerts": [alert]}, indent=2) + "\n"


def answers(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_an_alert_opens_is_counted_and_clears_its_ticket(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "_SAME", 0)
    given = disk() + disk() + disk(text="3 % left")
    first = answers(a_desk.hd("intake", "alert", stdin=given).out)
    assert [each["outcome"] for each in first] == ["new", "counted", "counted"]
    (ticket_id,) = {each["id"] for each in first}
    ticket = a_desk.ticket(ticket_id)
    assert ticket.title == "Disk full on erp-db"
    assert (ticket.text("channel"), ticket.text("urgency")) == ("monitoring", "high")
    assert ticket.values["alerts"] == 3
    assert [bool(entry.body) for entry in ticket.log] == [True, False, True]
    a_desk.hd("take", ticket_id)
    cleared = answers(a_desk.hd("intake", "alert", stdin=disk("resolved") * 2).out)
    assert [each["outcome"] for each in cleared] == ["cleared", "ignored"]
    assert a_desk.ticket(ticket_id).status == "resolved"
    assert "alert cleared" in a_desk.message()
    flaps = answers(a_desk.hd("intake", "alert", stdin=disk(begun="09:00")).out)
    assert (flaps[0]["outcome"], flaps[0]["id"]) == ("reopened", ticket_id)
    a_desk.hd("resolve", ticket_id, "-m", "Logs moved")
    again = answers(a_desk.hd("intake", "alert", stdin=disk(begun="10:00")).out)
    assert again[0]["outcome"] == "new"
    assert a_desk.ticket(again[0]["id"]).items("links") == (f"relates-to {ticket_id}",)
    assert a_desk.clean()
    assert a_desk.hd("fsck").code == 0


def test_what_is_sent_again_within_a_minute_is_one_alert(a_desk: DeskFolder) -> None:
    found = answers(a_desk.hd("intake", "alert", stdin=disk() * 2).out)
    assert [each["outcome"] for each in found] == ["new", "known"]
    a_desk.hd("resolve", found[0]["id"], "-m", "Logs moved")
    (again,) = answers(a_desk.hd("intake", "alert", stdin=disk()).out)
    assert again["outcome"] == "new"


def test_an_intake_agent_may_do_it_all_and_bad_payloads_stop_nothing(a_desk: DeskFolder) -> None:
    a_desk.hd("agent", "add", "mon", "Mon <mon@example.org>", "--role", "intake")
    lines = 'x\n{"a": 1}\n{"host": "a", "state": "DOWN"}\n{"host": "a", "state": "UP"}\n{"b'
    ran = a_desk.hd("intake", "alert", stdin=lines, agent="mon", code=4)
    found = answers(ran.out)
    assert [each["outcome"] for each in found] == [
        *("refused", "refused", "new", "cleared", "refused")
    ]
    assert [each["line"] for each in found] == [1, 2, 3, 4, 5]


def test_what_clears_does_not_solve_the_ticket_that_its_own_was_merged_into(
    a_desk: DeskFolder,
) -> None:
    asked = a_desk.new("Nobody can order")
    alert = answers(a_desk.hd("intake", "alert", stdin=disk()).out)[0]["id"]
    a_desk.hd("merge", alert, asked)
    ran = a_desk.hd("intake", "alert", stdin=disk("resolved") * 2)
    assert [each["outcome"] for each in answers(ran.out)] == ["cleared", "known"]
    ticket = a_desk.ticket(asked)
    assert ticket.status == "new"
    assert ticket.log[-1].body.startswith("Cleared: 4 % left")


def test_nagios_may_give_its_macros_in_the_environment(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "HOSTNAME": "erp-db",
        "SERVICEDESC": "Disk",
        "SERVICESTATE": "CRITICAL",
        "SERVICEOUTPUT": "96%",
    }.items():
        monkeypatch.setenv(f"NAGIOS_{name}", value)
    ran = a_desk.hd("intake", "alert", "--env", "-q")
    assert a_desk.ticket(ran.id).title == "Disk on erp-db is CRITICAL"
