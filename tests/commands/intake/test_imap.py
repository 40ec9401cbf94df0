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
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import DeskFolder

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
needs_dovecot = pytest.mark.skipif(not Path(DOVECOT).exists(), reason="dovecot is not installed")
MESSAGE = (
    b"From: Ana Silva <ana@corp.example>\r\nTo: help@example.org\r\nSubject: Fax %d\r\n"
    b"Message-ID: <%d@corp>\r\n\r\nIt is mute.\r\n"
)
SETTINGS = """
base_dir = {run}/run
log_path = {run}/log
protocols = imap
listen = 127.0.0.1
ssl = no
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
    port = 0
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


@pytest.fixture
def server() -> Iterator[int]:
    """The port of an IMAP server with a mailbox for whoever knows the word secret."""
    import grp
    import pwd

    root = os.getuid() == 0
    user = "nobody" if root else pwd.getpwuid(os.getuid()).pw_name
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    run = Path(tempfile.mkdtemp(prefix="hd-imap-"))
    if root:
        shutil.chown(run, user, group)
    run.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = run / "dovecot.conf"
    config.write_text(SETTINGS.format(run=run, user=user, group=group, port=port))
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)
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


@needs_dovecot
def test_unseen_messages_are_taken_in_once_and_marked_or_moved(
    a_desk: DeskFolder, server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HD_IMAP_PASSWORD", "secret")
    url = f"imap://help@127.0.0.1:{server}/INBOX"
    _put(server, 1, 2)
    assert a_desk.hd("intake", "imap", url, "--dry-run").out.count("new") == 2
    assert _count(server, "INBOX", "UNSEEN") == 2
    assert len(a_desk.hd("intake", "imap", url, "-q").out.split()) == 2
    assert _count(server, "INBOX", "SEEN") == 2
    client = _login(server)
    client.select("INBOX")
    client.store("1:*", "-FLAGS", r"\Seen")  # as if a kill had come before they were marked
    client.create("Done")
    client.logout()
    a_desk.hd("intake", "imap", url, "--move", "Done")
    assert a_desk.commits() == 4
    assert (_count(server, "INBOX", "ALL"), _count(server, "Done", "ALL")) == (0, 2)
    assert a_desk.hd("intake", "imap", url, "--move", "Done").out == ""
    monkeypatch.setenv("HD_IMAP_PASSWORD", "wrong")
    assert "does not let help in" in a_desk.hd("intake", "imap", url, code=7).err


@needs_dovecot
def test_a_watch_takes_in_what_comes_while_it_waits(a_desk: DeskFolder, server: int) -> None:
    line = [sys.executable, "-m", "hdcli", "--desk", str(a_desk.path), "intake", "imap", "--watch"]
    env = {**os.environ, "HD_IMAP_PASSWORD": "secret"}
    url = f"imap://help@127.0.0.1:{server}"
    with subprocess.Popen([*line, url], stdout=subprocess.PIPE, env=env) as process:
        assert process.stdout is not None
        _put(server, 1)
        assert b"Fax 1" in process.stdout.readline()
        _put(server, 2)
        assert b"Fax 2" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130


def test_a_mailbox_is_named_without_its_password(a_desk: DeskFolder) -> None:
    for url in ("https://help@example.org", "imaps://example.org", "imaps://help:pw@example.org"):
        assert "pw@" not in a_desk.hd("intake", "imap", url, code=2).err
    ran = a_desk.hd("intake", "imap", "imap://help@127.0.0.1:1", code=7)
    assert "127.0.0.1:1" in ran.err
