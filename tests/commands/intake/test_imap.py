"""hd intake imap, against a real server on this machine."""

from __future__ import annotations

import imaplib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from hdcli.app import App
from hdcli.services.intake import found, imapbox, imapname
from support import DeskFolder

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
needs_dovecot = pytest.mark.skipif(
    not Path(DOVECOT).exists() or shutil.which("openssl") is None,
    reason="dovecot or openssl is not installed",
)
MESSAGE = (
    b"From: Ana Silva <ana@corp.example>\r\nTo: help@example.org\r\nSubject: Fax %d\r\n"
    b"Message-ID: <%d@corp>\r\n\r\nIt is mute.\r\n"
)
SETTINGS = """
base_dir = {run}/run
log_path = {run}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{run}/cert.pem
ssl_key = <{run}/key.pem
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{run}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={run}
}}
"""


CERTIFICATE = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
    *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
)


@dataclass(frozen=True)
class Server:
    """A mailbox for whoever knows the word secret: its ports, and the certificate of the second."""

    port: int
    secure: int
    certificate: Path


@pytest.fixture
def server() -> Iterator[Server]:
    """An IMAP server of our own."""
    import grp
    import pwd

    root = os.getuid() == 0
    user = "nobody" if root else pwd.getpwuid(os.getuid()).pw_name
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    run = Path(tempfile.mkdtemp(prefix="hd-imap-"))
    if root:
        shutil.chown(run, user, group)
    run.chmod(0o755)
    with socket.socket() as free, socket.socket() as other:
        free.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        port, secure = free.getsockname()[1], other.getsockname()[1]
    certificate = run / "cert.pem"
    keys = ("-keyout", str(run / "key.pem"), "-out", str(certificate))
    subprocess.run([*CERTIFICATE, *keys], check=True, capture_output=True)
    config = run / "dovecot.conf"
    places = {"run": run, "port": port, "secure": secure}
    config.write_text(SETTINGS.format(user=user, group=group, **places))
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield Server(port, secure, certificate)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(run, ignore_errors=True)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            pytest.skip("dovecot can't run here")
        time.sleep(0.05)


def _login(port: int) -> imaplib.IMAP4:
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login("help", "secret")
    return client


def _put(port: int, *numbers: int) -> None:
    client = _login(port)
    for number in numbers:
        client.append("INBOX", "", "", MESSAGE % (number, number))
    client.logout()


def _count(port: int, folder: str, what: str) -> int:
    client = _login(port)
    client.select(folder)
    found = len(client.search(None, what)[1][0].split())
    client.logout()
    return found


def _key(desk: DeskFolder) -> str:
    """The key of the one message in quarantine."""
    return desk.hd("intake", "quarantine").out.split()[0]


@needs_dovecot
def test_unseen_messages_are_taken_in_once_and_marked_or_moved(
    a_desk: DeskFolder, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HD_IMAP_PASSWORD", "secret")
    url = f"imap://help@127.0.0.1:{server.port}/INBOX"
    _put(server.port, 1, 2)
    assert a_desk.hd("intake", "imap", url, "--dry-run").out.count("new") == 2
    assert _count(server.port, "INBOX", "UNSEEN") == 2
    assert "Nope" in a_desk.hd("intake", "imap", url, "--move", "Nope", code=7).err
    assert a_desk.commits() == 2
    assert len(a_desk.hd("intake", "imap", url, "-q").out.split()) == 2
    assert _count(server.port, "INBOX", "SEEN") == 2
    client = _login(server.port)
    client.select("INBOX")
    client.store("1:*", "-FLAGS", r"\Seen")  # as if a kill had come before they were marked
    client.create("Done")
    client.logout()
    repository = App(str(a_desk.path)).desk.place.repository
    with closing(imapbox.Mailbox(imapname.box(url), repository, "Done")) as other:
        (at_once,) = other.portions(0)
        a_desk.hd("intake", "imap", url, "--move", "Done")
        other.done(at_once)
    assert a_desk.commits() == 4
    assert (_count(server.port, "INBOX", "ALL"), _count(server.port, "Done", "ALL")) == (0, 2)
    assert a_desk.hd("intake", "imap", url, "--move", "Done").out == ""
    safe = f"imaps://help@localhost:{server.secure}"
    assert "certificate" in a_desk.hd("intake", "imap", safe, code=7).err
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    _put(server.port, 3)
    assert "Fax 3" in a_desk.hd("intake", "imap", safe).out
    for module in (found, imapbox):
        monkeypatch.setattr(module, "LONGEST", 100)
    monkeypatch.setattr(imapbox, "_PIECE", 60)
    _put(server.port, 4)
    assert "Fax 4" in a_desk.hd("intake", "imap", safe).out
    raw = a_desk.hd("intake", "quarantine", "show", "--raw", _key(a_desk)).out
    assert raw.encode() == MESSAGE % (4, 4)
    assert a_desk.hd("intake", "imap", safe).out == ""
    monkeypatch.setenv("HD_IMAP_PASSWORD", "wrong")
    assert "does not let help in" in a_desk.hd("intake", "imap", url, code=7).err


@needs_dovecot
def test_a_watch_takes_in_what_comes_while_it_waits(a_desk: DeskFolder, server: Server) -> None:
    line = [sys.executable, "-m", "hdcli", "--desk", str(a_desk.path), "intake", "imap", "--watch"]
    env = {**os.environ, "HD_IMAP_PASSWORD": "secret"}
    url = f"imap://help@127.0.0.1:{server.port}"
    with subprocess.Popen([*line, url], stdout=subprocess.PIPE, env=env) as process:
        assert process.stdout is not None
        _put(server.port, 1)
        assert b"Fax 1" in process.stdout.readline()
        _put(server.port, 2)
        assert b"Fax 2" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130


def _scripted(listening: socket.socket, early: bool) -> None:
    """An IMAP server that tells of a message while it is asked for others, or as it is waited for,
    in one piece with the answer."""
    news = b"* 1 EXISTS\r\n"
    told = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
        b"UID": b"* SEARCH\r\n" + news * early,
        b"IDLE": b"+ idling\r\n" + news * (not early),
    }
    line, _ = listening.accept()
    with line, line.makefile("rwb", 0) as stream:
        stream.write(b"* OK hello\r\n")
        while words := stream.readline().split():
            if words != [b"DONE"]:
                tag, command = words[:2]
                stream.write(told.get(command, b""))
            if words == [b"DONE"] or command != b"IDLE":
                stream.write(tag + b" OK done\r\n")


@pytest.mark.parametrize("early", [True, False])
def test_what_comes_between_a_look_and_the_wait_is_not_waited_for(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch, early: bool
) -> None:
    monkeypatch.setenv("HD_IMAP_PASSWORD", "secret")
    repository = App(str(a_desk.path)).desk.place.repository
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_scripted, args=(listening, early), daemon=True).start()
        url = f"imap://help@127.0.0.1:{listening.getsockname()[1]}"
        with closing(imapbox.Mailbox(imapname.box(url), repository, "")) as box:
            assert list(box.portions(0)) == []
            box.wait(600)  # else it never ends


def test_a_mailbox_is_named_without_its_password(a_desk: DeskFolder) -> None:
    for url in ("https://help@example.org", "imaps://example.org", "imaps://help:pw@example.org"):
        assert "pw@" not in a_desk.hd("intake", "imap", url, code=2).err
    ran = a_desk.hd("intake", "imap", "imap://help@127.0.0.1:1", code=7)
    assert "127.0.0.1:1" in ran.err
