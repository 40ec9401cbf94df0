"""Payloads of monitorings, as they send them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.errors import BadData
from hdcli.model.alerts import Event
from hdcli.model.alerts import events as events_of

ALERTMANAGER = {
    "version": "4",
    "groupKey": '{}:{alertname="DiskFull"}',
    "status": "firing",
    "receiver": "hd",
    "externalURL": "http://am.example.org:9093",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "DiskFull", "instance": "erp-db:9100", "severity": "critical"},
            "annotations": {"description": "4 % left on /var"},
            "startsAt": "2026-11-24T08:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prom.example.org/graph",
            "fingerprint": "c4f1e2",
        },
        {"status": "resolved", "labels": {"alertname": "X"}, "annotations": {"summary": "fine"}},
    ],
}
KUMA = {
    "heartbeat": {"monitorID": 7, "status": 0, "msg": "timeout", "time": "2026-11-24 08:00:00"},
    "monitor": {"id": 7, "name": "Intranet", "url": "https://intra.example.org", "type": "http"},
    "msg": "[Intranet] [🔴 Down] timeout",
}
ICINGA = {
    "type": "StateChange",
    "host": "erp-db",
    "service": "disk",
    "state": 2,
    "state_type": 1,
    "timestamp": 1764000000.5,
    "check_result": {"output": "DISK CRITICAL", "state": 2},
}
NAGIOS = {
    "NAGIOS_NOTIFICATIONTYPE": "PROBLEM",
    "NAGIOS_HOSTNAME": "erp-db",
    "NAGIOS_SERVICEDESC": "Disk",
    "NAGIOS_SERVICESTATE": "WARNING",
    "NAGIOS_SERVICEOUTPUT": "92%",
    "NAGIOS_LONGSERVICEOUTPUT": "/var\\n/tmp",
}


def events(payload: object) -> list[Event]:
    """The events of a payload in which nothing is wrong."""
    return [each for each in events_of(payload) if isinstance(each, Event)]


def test_alertmanagers_alerts_are_known_by_their_fingerprints_or_labels() -> None:
    full, fine = events(ALERTMANAGER)
    assert (full.key, full.firing, full.severity) == ("alertmanager:c4f1e2", True, 2)
    assert full.title == "DiskFull on erp-db:9100"
    assert full.body.startswith("4 % left on /var\n\nalertname: DiskFull\n")
    assert full.begun == "2026-11-24T08:00:00Z"
    assert (fine.key, fine.firing, fine.title) == ("alertmanager:alertname=X", False, "fine")


def test_one_alert_that_is_wrong_keeps_the_others_of_its_group() -> None:
    group = {**ALERTMANAGER, "alerts": [7, {"status": "firing"}, *ALERTMANAGER["alerts"]]}
    assert [type(each) for each in events_of(group)] == [BadData, BadData, Event, Event]


def test_uptime_kumas_monitors_go_down_and_come_up() -> None:
    (down,) = events(KUMA)
    assert (down.key, down.firing, down.title) == ("uptime-kuma:7", True, "Intranet is down")
    assert down.body == "timeout\nintra.example.org"
    beat: dict[str, Any] = {**KUMA["heartbeat"], "status": 1}  # type: ignore[dict-item]
    assert not events({**KUMA, "heartbeat": beat})[0].firing
    assert "maintenance" in events({**KUMA, "heartbeat": {**beat, "status": 3}})[0].ignored
    assert "test" in events({"heartbeat": None, "monitor": None, "msg": "Testing"})[0].ignored


def test_uptime_kuma_says_of_a_certificate_how_long_it_lasts() -> None:
    said = "[Intranet][https://intra.example.org] server certificate *.example.org will expire in"
    week, day = (
        events({"heartbeat": None, "monitor": None, "msg": f"{said} {left}"})[0]
        for left in ("7 days", "1 days")
    )
    assert week.key == day.key
    assert (week.firing, week.title) == (True, f"{said} 7 days")


def test_icingas_and_nagios_checks_are_of_a_service_or_a_host() -> None:
    (disk,) = events(ICINGA)
    assert (disk.key, disk.title) == ("icinga:erp-db!disk", "disk on erp-db is CRITICAL")
    assert events({**ICINGA, "state_type": 0})[0].ignored
    assert not events({**ICINGA, "state": 0})[0].firing
    (host,) = events({"type": "StateChange", "host": "erp-db", "state": 1})
    assert (host.key, host.title) == ("icinga:erp-db", "host erp-db is DOWN")
    told = {"type": "Notification", "host": "erp-db", "check_result": {"state": 2.0}}
    assert events({**told, "notification_type": "PROBLEM"})[0].title == "host erp-db is DOWN"
    assert not events({**told, "notification_type": "RECOVERY"})[0].firing
    (macros,) = events(NAGIOS)
    assert (macros.key, macros.severity) == ("nagios:erp-db!Disk", 1)
    assert macros.body == "92%\n/var\n/tmp"
    assert not events({**NAGIOS, "NAGIOS_NOTIFICATIONTYPE": "RECOVERY"})[0].firing
    assert events({**NAGIOS, "NAGIOS_NOTIFICATIONTYPE": "ACKNOWLEDGEMENT"})[0].ignored
    (plain,) = events({"host": "a", "state": "DOWN", "output": "no ping"})
    assert (plain.title, plain.firing) == ("host a is DOWN", True)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda each: (
            st.lists(each, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["alerts", "heartbeat", "monitor", "status", "labels", "host", "state", "type"]
                ),
                each,
                max_size=4,
            )
        ),
        max_leaves=10,
    )
)
def test_anything_else_is_refused_and_breaks_nothing(payload: object) -> None:
    try:
        found = events_of(payload)
    except BadData:
        return
    assert all(isinstance(each, BadData) or each.key or each.ignored for each in found)


def test_what_is_no_payload_is_refused() -> None:
    with pytest.raises(BadData, match="Alertmanager, Icinga, Nagios and Uptime Kuma"):
        events({"hello": 1})
