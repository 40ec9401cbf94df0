"""Roles: what hd refuses before it is done, by the rules that a hub keeps."""

from __future__ import annotations

import json

import pytest

from support import DeskFolder


@pytest.fixture
def led(a_desk: DeskFolder) -> DeskFolder:
    """alice leads, bob takes in, carol reads."""
    for handle, role in (("bob", "intake"), ("carol", "read-only"), ("me", "lead")):
        a_desk.hd("agent", "edit", handle, "--role", role)
    return a_desk


def test_who_reads_writes_nothing(led: DeskFolder) -> None:
    ticket = led.new()
    before = led.commits()
    for line in (("note", ticket, "-m", "x"), ("new", "x"), ("kb", "new", "x", "-m", "y")):
        assert "carol may only read this desk" in led.hd(*line, code=1, agent="carol").err
    assert led.hd("show", ticket, agent="carol").out
    assert led.commits() == before


def test_intake_opens_tickets_replies_and_attaches(led: DeskFolder) -> None:
    ticket = led.hd("new", "From mail", agent="bob").id
    led.hd("reply", ticket, "-m", "It is worse", agent="bob")
    led.hd("attach", ticket, str(led.path / "desk.yaml"), agent="bob")
    before = led.commits()
    for line in (
        ("note", ticket, "-m", "x"),
        ("take", ticket),
        ("tag", ticket, "+x"),
        ("resolve", ticket, "-m", "x"),
        ("kb", "new", "x", "-m", "y"),
        ("config", "language=fr"),
    ):
        assert "ask a lead" in led.hd(*line, code=1, agent="bob").err
    assert led.commits() == before
    assert led.clean()


def test_settings_are_a_leads_once_there_is_one(a_desk: DeskFolder) -> None:
    a_desk.hd("config", "language=fr", agent="bob")
    a_desk.hd("agent", "edit", "me", "--role", "lead")
    before = a_desk.commits()
    for line in (
        ("config", "language=en"),
        ("config", "edit"),
        ("agent", "edit", "me", "--role", "lead"),
        ("team", "add", "cloud"),
    ):
        ran = a_desk.hd(*line, code=1, agent="bob")
        assert "only a lead may change the desk's settings, and bob is agent" in ran.err
    (a_desk.path / "README.md").write_text("hello")
    assert (
        "only a lead may change README.md"
        in a_desk.hd("commit", "README.md", code=1, agent="bob").err
    )
    assert a_desk.commits() == before
    a_desk.hd("commit", "README.md")


def test_nobody_joins_by_themselves_where_there_is_a_lead(
    led: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "zoe@example.org")
    ran = led.hd("agent", "add", "zoe", code=1)
    assert "only a lead may change the desk's settings, and you are no agent yet" in ran.err


def test_whole_tickets_are_a_leads_to_take_in(a_desk: DeskFolder) -> None:
    found = json.loads(a_desk.hd("export", a_desk.new()).out)
    a_desk.hd("agent", "edit", "me", "--role", "lead")
    record = json.dumps({**found, "id": "HD-7K3QF"})
    ran = a_desk.hd("import", "-", code=4, stdin=record, agent="bob")
    assert "only a lead may take in whole tickets" in ran.err
    a_desk.hd("import", "-", stdin=record)
    assert a_desk.hd("import", "-", stdin='{"title": "A request"}', agent="bob").out
