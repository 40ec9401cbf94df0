"""Webhooks, told by a real HTTP server what they were told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hdcli.model.webhook import Webhook
from hdcli.services.notify import posting
from hdcli.store.hookplace import HookPlace
from support import DeskFolder

SECRET = "whsec_" + base64.b64encode(b"twenty-four bytes and so").decode()


@dataclass
class Rooms:
    """What came in, by path, and what each path answers (with ``after`` as Retry-After); ``hold``
    keeps answers back."""

    port: int = 0
    came: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    after: str = ""
    hold: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)

    def bodies(self, path: str) -> list[dict[str, Any]]:
        return [json.loads(body) for _, there, _, body in self.came if there == path]

    def url(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    found = Rooms()
    found.hold.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.came.append((self.command, self.path, headers, body))
            found.arrived.set()
            found.hold.wait(20)
            try:
                self.send_response(found.answers.get(self.path, 200))
                if found.after:
                    self.send_header("Retry-After", found.after)
                self.end_headers()
                self.wfile.write(b"well")
            except OSError:
                pass  # whoever asked was killed

        def do_PUT(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        found.hold.set()
        server.shutdown()


def sending(desk: DeskFolder, rooms: Rooms, **hooks: str) -> DeskFolder:
    """The desk with hooks by name, each at its own path, and sending from now on."""
    lines = "".join(f"  {name}: {how}\n" for name, how in hooks.items())
    settings = desk.path / "desk.yaml"
    settings.write_text(f"{settings.read_text()}mail: {{sender: here}}\nwebhooks:\n{lines}")
    desk.git("commit", "-qam", "hooks")
    desk.git("config", "hd.sender", "here")
    for name, how in hooks.items():
        path = "" if "matrix" in how else f"/{name}"
        desk.git("config", f"hd.webhook.{name}.url", rooms.url(path))
    desk.hd("notify", "run")
    return desk


def test_each_form_is_told_in_its_own_way(a_desk: DeskFolder, rooms: Rooms) -> None:
    desk = sending(
        a_desk,
        rooms,
        plain="{texts: true}",
        slack="{form: slack, texts: true, actions: [new, note]}",
        most="{form: mattermost, actions: [new, note], texts: true}",
        teams="{form: teams}",
        matrix="{form: matrix, room: '!abc:example.org'}",
    )
    desk.git("config", "hd.webhook.plain.secret", SECRET)
    desk.git("config", "hd.webhook.matrix.secret", "token")
    ticket = desk.new("<!channel> @all **VPN**", "-r", "Ana <ana@example.org>", "-b", "since nine")
    desk.hd("note", ticket, "-m", "@bob: <b>\n# one")
    ran = desk.hd("notify", "run", "--json")
    assert len(json.loads(ran.out)["sent"]) == 7, ran.out + ran.err

    line = f"{ticket} new by Alice Martin: "
    assert rooms.bodies("/slack")[0]["text"] == f"{line}&lt;!channel&gt; @all **VPN**\n\nsince nine"
    assert rooms.bodies("/slack")[0]["mrkdwn"] is False
    assert rooms.bodies("/slack")[0]["parse"] == "none"
    said = rooms.bodies("/most")[1]["text"]
    assert said.endswith("\\*\\*VPN\\*\\*\n\n> @\u200bbob: \\<b\\>\n> \\# one")
    (card,) = (each["content"] for each in rooms.bodies("/teams")[0]["attachments"])
    assert card["body"][0]["inlines"][0]["text"] == f"{line}<!channel> @all **VPN**"
    assert "since nine" not in str(card)

    method, path, headers, body = next(each for each in rooms.came if "_matrix" in each[1])
    assert method == "PUT"
    assert path.startswith("/_matrix/client/v3/rooms/%21abc%3Aexample.org/send/m.room.message/")
    assert headers["authorization"] == "Bearer token"
    assert json.loads(body)["m.mentions"] == {}

    headers, body = next(each[2:] for each in rooms.came if each[1] == "/plain")
    data = json.loads(body)
    assert (data["action"], data["by"], data["body"]) == ("new", "alice", "since nine")
    assert data["ticket"]["id"] == ticket
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(b"twenty-four bytes and so", signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


def test_a_hook_hears_of_what_it_asks_for_once(a_desk: DeskFolder, rooms: Rooms) -> None:
    desk = sending(a_desk, rooms, ops="{query: 'tag:vpn', actions: [new, escalate]}")
    ticket, other = desk.new("a", "--tag", "vpn"), desk.new("b")
    desk.hd("note", ticket, "-m", "x")
    desk.hd("escalate", ticket, other, "--to", "2", "--team", "network", "-m", "why")
    desk.hd("notify", "run")
    desk.hd("notify", "run", "--since", "1h")
    told = [(each["action"], each["ticket"]["id"]) for each in rooms.bodies("/ops")]
    assert told == [("new", ticket), ("escalate", ticket)]
    assert all("body" not in each for each in rooms.bodies("/ops"))
    assert rooms.bodies("/ops")[1]["line"] == (
        f"{ticket} escalate to level 2 (network) by Alice Martin: a"
    )


def test_a_hook_hears_of_what_a_mail_opens_again(a_desk: DeskFolder, rooms: Rooms) -> None:
    desk = sending(a_desk, rooms, ops="{actions: [reopen]}")
    ticket = desk.new("Fan", "-r", "Ana Silva <ana@corp.example>")
    subject = f"Subject: [{ticket}] toujours pas =?utf-8?q?r=C3=A9solu?="
    mail = f"From: Ana Silva <ana@corp.example>\nTo: help@example.org\n{subject}\n\n"
    desk.hd("resolve", ticket, "-m", "Done")
    for text in ("", "It hums"):  # the second opens nothing
        desk.process("intake", "mail", stdin=f"{mail}{text}".encode())
    desk.hd("notify", "run")
    (told,) = rooms.bodies("/ops")
    assert (told["action"], told["ticket"]["status"]) == ("reply", "open")
    assert told["line"] == f"{ticket} answer by mail, open again, by the requester: Fan"
    assert desk.ticket(ticket).log[-2].body == "toujours pas résolu"
    shown = desk.hd("show", ticket).out
    assert shown.count("answer by mail") == 2
    assert shown.count("answer by mail: open again") == 1


def test_what_a_server_answers_decides_what_becomes_of_it(a_desk: DeskFolder, rooms: Rooms) -> None:
    codes = {"good": 204, "busy": 429, "gone": 404, "lost": 504, "moved": 302}
    desk = sending(a_desk, rooms, nowhere="{}", **dict.fromkeys(codes, "{}"))
    desk.git("config", "hd.webhook.nowhere.url", "http://127.0.0.1:9")
    rooms.answers.update((f"/{name}", code) for name, code in codes.items())
    desk.new("a")
    desk.new("b")
    done = json.loads(desk.hd("notify", "run", "--json", code=7).out)
    kinds = ("sent", "failed", "unknown")
    names = {kind: sorted(each["recipient"] for each in done[kind]) for kind in kinds}
    assert names == {
        "sent": ["good", "good"],
        "failed": ["gone", "gone", "moved", "moved"],
        "unknown": ["lost"],
    }
    # The first word of one that takes nothing now, or does not say, holds back the second.
    assert sorted(each["recipient"] for each in done["later"]) == ["busy", "nowhere"]
    assert len(rooms.bodies("/busy")) == 1
    desk.hd("notify", "run")
    assert len(rooms.bodies("/lost")) == 2
    assert len(rooms.bodies("/busy")) == 2  # the second ticket's


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_one_that_says_when_is_not_asked_before(
    a_desk: DeskFolder, rooms: Rooms, form: str
) -> None:
    desk = sending(a_desk, rooms, busy="{}")
    then = format_datetime(datetime.now(UTC) + timedelta(hours=2))
    rooms.answers["/busy"], rooms.after = 429, "7200" if form == "seconds" else then
    desk.new("a")
    desk.new("b")
    for _ in range(2):
        desk.hd("notify", "run")
    assert len(rooms.bodies("/busy")) == 1
    outbox = json.loads(desk.hd("notify", "queue", "--json").out)["outbox"]
    waits = [datetime.fromisoformat(each["due"]) - datetime.now(UTC) for each in outbox]
    assert len(waits) == 2
    assert all(timedelta(minutes=110) < each < timedelta(hours=2, minutes=1) for each in waits)


def test_a_server_that_answers_drop_by_drop_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def drip(listening: socket.socket) -> None:
        line, _ = listening.accept()
        with line, suppress(OSError):
            line.sendall(b"HTTP/1.1 500 Busy\r\n")
            while True:
                line.sendall(b"X: y\r\n")
                time.sleep(0.1)

    monkeypatch.setattr(posting, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip, args=[listening], daemon=True).start()
        place = HookPlace(f"http://127.0.0.1:{listening.getsockname()[1]}/", "")
        wanted = posting.request(Webhook("ops"), place, "key", b"{}", 0)
        # By the 500 that came, where the line ends; not where the system says that it broke.
        assert posting.post(wanted, lambda: None).fate in ("later", "unknown")


def test_no_word_of_anybody_gets_out_unless_it_may(a_desk: DeskFolder, rooms: Rooms) -> None:
    actions = "actions: [new, note, reply, set, attach, escalate]"
    desk = sending(a_desk, rooms, shut=f"{{{actions}}}", free=f"{{{actions}, texts: true}}")
    ticket = desk.new("Fan", "-r", "Ana Silva <ana@corp.example>", "-b", "Word")
    mail = f"From: Ana Silva <ana@corp.example>\nTo: help@example.org\nSubject: [{ticket}]\n\nWord"
    desk.process("intake", "mail", stdin=mail.encode())
    desk.hd("note", ticket, "-m", "Word")
    desk.hd("set", ticket, "requester=Word <word@corp.example>")
    (desk.path.parent / "Word.txt").write_text("Word")
    desk.hd("attach", ticket, str(desk.path.parent / "Word.txt"))
    desk.hd("escalate", ticket, "-m", "Word")
    desk.hd("notify", "run")
    said = [each["line"].removeprefix(f"{ticket} ") for each in rooms.bodies("/shut")]
    assert said == [
        "new by Alice Martin: Fan",
        "answer by mail by the requester: Fan",
        "note by Alice Martin: Fan",
        "set requester by Alice Martin: Fan",
        "attach by Alice Martin: Fan",
        "escalate to level 2 by Alice Martin: Fan",
    ]
    assert not re.search("Word|Ana|corp", json.dumps(rooms.bodies("/shut")))
    assert "answer by mail by Ana Silva" in rooms.bodies("/free")[1]["line"]


def test_a_preview_shows_what_a_hook_would_get(a_desk: DeskFolder, rooms: Rooms) -> None:
    desk = sending(a_desk, rooms, ops="{form: slack}")
    ticket = desk.new("<b>")
    out = desk.hd("notify", "preview", ticket).out
    assert out.startswith("--- new to the webhook ops\n")
    shown = json.loads(desk.hd("notify", "preview", ticket, "--json").out)
    assert [each["webhook"] for each in shown["webhooks"]] == ["ops"]
    desk.hd("notify", "run")
    assert rooms.bodies("/ops") == [shown["webhooks"][0]["content"]]


def test_a_sender_killed_in_the_midst_tells_nobody_twice(a_desk: DeskFolder, rooms: Rooms) -> None:
    desk = sending(a_desk, rooms, ops="{}")
    desk.new()
    rooms.hold.clear()
    with subprocess.Popen(
        [sys.executable, "-m", "hdcli", "notify", "run"], cwd=desk.path, stderr=subprocess.DEVNULL
    ) as process:
        assert rooms.arrived.wait(20)
        process.kill()
    rooms.hold.set()
    ran = desk.hd("notify", "run")
    assert "may have arrived or not (its sender was stopped while sending it)" in ran.err
    desk.hd("notify", "run")
    assert len(rooms.bodies("/ops")) == 1


def test_where_a_hook_is_and_its_secret_never_come_from_the_desk(
    a_desk: DeskFolder, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sending(a_desk, rooms, ops="{form: slack}")
    desk.git("config", "--unset", "hd.webhook.ops.url")
    assert "no URL in this clone" in desk.hd("notify", "ping", "ops", code=2).err
    desk.git("config", "hd.webhook.ops.url", "http://chat.example.org/T/secret")
    refused = desk.hd("notify", "ping", "ops", code=1).err
    assert "in the clear" in refused
    assert "secret" not in refused
    monkeypatch.setenv("HD_WEBHOOK_OPS_URL", rooms.url("/ops"))
    assert desk.hd("notify", "ping", "ops").out == "ops took it: 200 OK\n"
    rooms.answers["/ops"] = 403
    assert "403 Forbidden: well" in desk.hd("notify", "ping", "ops", code=7).err
    settings = desk.path / "desk.yaml"
    text = settings.read_text()
    settings.write_text(text.replace("{form: slack}", "{form: slack, url: 'https://x.example'}"))
    assert "no part of the desk" in desk.hd("config", "--check", code=4).err
    settings.write_text(text.replace("{form: slack}", "{form: matrix}"))
    assert "needs its 'room'" in desk.hd("config", "--check", code=4).err


def test_a_query_that_is_wrong_is_told_and_holds_no_other(a_desk: DeskFolder, rooms: Rooms) -> None:
    desk = sending(a_desk, rooms, bad="{query: 'stauts:open'}", good="{}")
    desk.new()
    ran = desk.hd("notify", "run")
    assert "webhook 'bad': unknown field 'stauts'" in ran.err
    assert "no query: unknown field 'stauts'" in desk.hd("config", "--check").err
    assert len(rooms.bodies("/good")) == 1
    assert rooms.bodies("/bad") == []
