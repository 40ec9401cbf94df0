"""hd intake mail, maildir, mbox, quarantine, log."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bench import mailcorpus

from hdcli.app import App
from hdcli.services.intake import found
from hdcli.services.intake.mailboxes import mbox
from hdcli.services.intake.pruning import prune
from support import DeskFolder, run_hd

MESSAGE = (
    b"From: Ana Silva <ana@corp.example>\nTo: help@example.org\nSubject: No network\n"
    b"Message-ID: <1@corp>\n\nNothing since nine.\n"
)
NOBODY = b"To: help@example.org\nSubject: Who?\n\nx\n"


def test_a_mail_servers_message_is_safe_or_comes_again(
    a_desk: DeskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = a_desk.process("intake", "mail", stdin=MESSAGE)
    assert done.returncode == 0
    assert done.stdout.startswith(b"new HD-")
    assert "ignored" in a_desk.hd("intake", "mail", stdin=MESSAGE).out
    again = {
        "no desk": run_hd("--desk", str(tmp_path), "intake", "mail", stdin=MESSAGE),
        "no such agent": a_desk.hd("intake", "mail", stdin=MESSAGE, agent="zoe", code=75),
        "wrong option": a_desk.hd("intake", "mail", "--wrong", stdin=MESSAGE, code=75),
    }
    for what, each in again.items():
        assert (each.code, each.out) == (75, ""), what
        assert each.err.count("\n") == 1
    monkeypatch.setenv("HD_LOCK_TIMEOUT", "0")
    with (a_desk.path / ".git" / "hd" / "lock").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        a_desk.hd("intake", "mail", stdin=MESSAGE.replace(b"<1@", b"<2@"), code=75)
    assert a_desk.commits() == 3


def test_a_message_comes_again_while_hd_is_being_installed(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = MESSAGE.replace(b"To:", b"Content-Type: text/html\nTo:")
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "lxml", None)
        a_desk.hd("intake", "mail", stdin=html, code=75)
    assert a_desk.hd("intake", "quarantine").out == ""
    assert a_desk.hd("intake", "mail", stdin=html).out.startswith("new HD-")


def test_what_can_not_be_accepted_waits_on_and_is_no_success(a_desk: DeskFolder) -> None:
    ticket = a_desk.hd("intake", "mail", "-q", stdin=MESSAGE).id
    (file,) = a_desk.path.glob(f"tickets/*/{ticket}.yaml")
    file.write_text(f"{file.read_text()}x: [\n")
    a_desk.git("commit", "-qam", "Break it")
    answer = MESSAGE.replace(b"<1@", b"<2@").replace(b"No", f"[{ticket}]".encode(), 1)
    a_desk.hd("intake", "mail", stdin=answer)
    (waiting,) = json.loads(a_desk.hd("intake", "quarantine", "--json").out)["quarantine"]
    accepted = a_desk.hd("intake", "quarantine", "accept", waiting["key"], code=1)
    assert ticket in accepted.err
    assert waiting["key"][:12] in a_desk.hd("intake", "quarantine").out


def test_json_says_what_became_of_a_message(a_desk: DeskFolder) -> None:
    tried = json.loads(a_desk.hd("intake", "mail", "--dry-run", "--json", stdin=MESSAGE).out)
    assert tried["messages"][0]["outcome"] == "new"
    assert a_desk.commits() == 2
    assert not (a_desk.path / ".git" / "hd" / "intake").exists()
    (found,) = json.loads(a_desk.hd("intake", "mail", "--json", stdin=MESSAGE).out)["messages"]
    assert a_desk.ticket(found["ticket"]).title == found["subject"] == "No network"
    assert found["message_id"] == "<1@corp>"
    logged = json.loads(a_desk.hd("intake", "log", "--jsonl").out)
    assert (logged["outcome"], logged["ticket"]) == ("new", found["ticket"])


def test_a_maildir_is_emptied_once_its_messages_are_safe(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    box = tmp_path / "box"
    mailcorpus.maildir(box, iter([MESSAGE, MESSAGE, NOBODY, *mailcorpus.requests(8)]))
    a_desk.hd("intake", "maildir", str(box), "--dry-run")
    assert len(list((box / "new").iterdir())) == 11
    ran = a_desk.hd("intake", "maildir", str(box), "-q")
    assert len(ran.out.split()) == 9
    assert "quarantined: nobody's address" in ran.err
    assert not list((box / "new").iterdir())
    assert len(list((box / "cur").glob("*:2,S"))) == 11
    assert a_desk.hd("intake", "maildir", str(box)).out == ""
    a_desk.hd("intake", "maildir", str(tmp_path), code=2)
    assert "nothing is wrong" in a_desk.hd("fsck").out
    assert a_desk.clean()


def test_hand_edits_hold_up_the_mail_on_their_ticket_alone(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    ticket = a_desk.hd("intake", "mail", "-q", stdin=MESSAGE).id
    file = a_desk.path / a_desk.ticket(ticket).path
    file.write_text(file.read_text().replace("No network", "No light", 1))
    answer = MESSAGE.replace(b"Message-ID: <1@", b"In-Reply-To: <1@corp>\nMessage-ID: <2@")
    box = tmp_path / "box"
    mailcorpus.maildir(box, iter([answer, MESSAGE.replace(b"<1@", b"<3@") + b"3"]))
    ran = a_desk.hd("intake", "maildir", str(box), code=5)
    assert ran.out.startswith("new HD-")
    assert "hand edits" in ran.err
    a_desk.hd("commit")
    assert a_desk.hd("intake", "maildir", str(box)).out.startswith(f"follow-up {ticket}")


def test_a_maildir_gives_what_nobody_has_seen_whatever_lies_in_it(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    box = tmp_path / "box"
    mailcorpus.maildir(box, iter([MESSAGE]))
    names = (
        "new/2:2,F",
        "new/3\udcff.h",
        "new/4\n.h",
        "cur/5:2,R",
        "cur/6",
    )  # 5, 6: moved by others
    for number, name in enumerate((*names, "cur/7:2,S", "cur/8:2,RT", "cur/9:2,D"), 2):
        (box / name).write_bytes(MESSAGE.replace(b"<1@", b"<%d@" % number) + b"%d" % number)
    os.mkfifo(box / "new" / "0.fifo")
    (box / "new" / "0.link").symlink_to("/etc/passwd")
    assert a_desk.hd("intake", "maildir", str(box)).out.count("new HD-") == 6
    assert sorted(each.name for each in (box / "new").iterdir()) == ["0.fifo", "0.link"]
    marked = sorted(each.name.partition(":")[2] for each in (box / "cur").iterdir())
    assert marked == ["2,D", "2,FS", "2,RS", "2,RT", *["2,S"] * 5]
    assert a_desk.hd("intake", "maildir", str(box)).out == ""


def test_what_is_too_long_waits_for_a_person_and_holds_up_nothing(
    a_desk: DeskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found, "LONGEST", 1000)
    box = tmp_path / "box"
    long = MESSAGE + b"x" * 2000
    mailcorpus.maildir(box, iter([long, MESSAGE.replace(b"Nothing", b"All")]))
    assert a_desk.hd("intake", "maildir", str(box)).out.startswith("quarantined (it has more than")
    assert len(list((box / "cur").iterdir())) == 2
    assert a_desk.hd("intake", "mail", "--json", stdin=long).out.count("it came before") == 1
    old = tmp_path / "old.mbox"
    old.write_bytes(b"From a@b Mon Jan  5 08:00:00 2026\n" + long + b"!\n\n")
    assert a_desk.hd("intake", "mbox", str(old)).out.startswith("quarantined (it has more than")
    listed = a_desk.hd("intake", "quarantine", "list", "--jsonl").out.splitlines()
    keys = {each["source"]: each["key"] for each in map(json.loads, listed)}
    assert len(keys) == 2
    key = keys["mbox old.mbox 0"]
    assert a_desk.hd("intake", "quarantine", "show", "--raw", key).out == f"{long.decode()}!\n"
    assert a_desk.hd("intake", "quarantine", "accept", "-q", key).id


def test_an_mbox_is_read_while_nobody_writes_to_it(
    a_desk: DeskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = tmp_path / "box"
    begin = b"From a@b Mon Jan  5 08:00:00 2026\n"
    box.write_bytes(begin + MESSAGE + b"\nFrom there, in 2019, they moved.\n\n" + begin + NOBODY)
    box.with_name("box.lock").touch()
    monkeypatch.setenv("HD_LOCK_TIMEOUT", "0")
    assert "is writing to" in a_desk.hd("intake", "mbox", str(box), code=6).err
    box.with_name("box.lock").unlink()
    assert len(a_desk.hd("intake", "mbox", str(box)).out.splitlines()) == 2
    with box.open("rb") as file:
        grown = mbox(file, "box", 0)
        with box.open("ab") as more:
            more.write(b"\n" + begin + MESSAGE)
        assert len(next(grown)) == 3
        with box.open("ab") as more:
            more.write(b"\n" + begin + MESSAGE)
        assert not list(grown)


def test_an_mbox_may_be_given_again(a_desk: DeskFolder, tmp_path: Path) -> None:
    box = tmp_path / "old.mbox"
    mails = [MESSAGE + b">From the start\n", MESSAGE.replace(b"<1@", b"<2@")]
    box.write_bytes(
        b"".join(b"From a@b Mon Jan  5 08:00:00 2026\n" + each + b"\n" for each in mails)
    )
    first = a_desk.hd("intake", "mbox", str(box)).out
    assert first.count("new HD-") == 2
    assert a_desk.hd("intake", "mbox", str(box)).out == first
    assert a_desk.ticket(first.split()[1].rstrip(":")).description.endswith("\nFrom the start")
    assert a_desk.commits() == 4
    a_desk.hd("intake", "mbox", "-", stdin=b"no mbox", code=2)


def test_a_person_takes_in_or_drops_what_is_in_quarantine(a_desk: DeskFolder) -> None:
    a_desk.hd("intake", "mail", stdin=MESSAGE)
    a_desk.hd("intake", "mail", stdin=MESSAGE.replace(b"Nothing", b"All"))
    a_desk.hd("intake", "mail", stdin=NOBODY)
    waiting = json.loads(a_desk.hd("intake", "quarantine", "list", "--json").out)["quarantine"]
    keys = {each["subject"]: each["key"] for each in waiting}
    assert "its Message-ID came before" in a_desk.hd("intake", "quarantine").out
    shown = a_desk.hd("intake", "quarantine", "show", keys["No network"][:6]).out
    assert "All since nine." in shown
    raw = a_desk.hd("intake", "quarantine", "show", "--raw", keys["Who?"][:6]).out
    assert raw == NOBODY.decode()
    taken = a_desk.hd("intake", "quarantine", "accept", "-q", keys["No network"])
    assert a_desk.ticket(taken.id).description == "All since nine."
    other = a_desk.hd("intake", "mail", "--json", stdin=NOBODY.replace(b"x", b"y")).out
    nobodys = json.loads(other)["messages"][0]["key"]
    opened = a_desk.ticket(a_desk.hd("intake", "quarantine", "accept", "-q", nobodys).id)
    assert (opened.title, opened.text("requester")) == ("Who?", "")
    assert "from" not in opened.log[0].extra
    a_desk.hd("intake", "quarantine", "drop", keys["Who?"])
    assert a_desk.hd("intake", "quarantine").out == ""
    assert "dropped by alice" in a_desk.hd("intake", "log", "--outcome", "ignored").out
    log = a_desk.hd("intake", "log", "--outcome", "new").out
    assert "nobody: Who?  (accepted by alice: nobody's address is in it)" in log
    a_desk.hd("intake", "quarantine", "show", "abcd", code=3)


def test_the_log_says_where_somebodys_mail_went_until_they_are_anonymised(
    a_desk: DeskFolder,
) -> None:
    for number in range(2, 6):
        a_desk.hd(
            "intake", "mail", stdin=MESSAGE.replace(b"<1@", b"<%d@" % number) + b"%d" % number
        )
    a_desk.hd("intake", "mail", stdin=MESSAGE.replace(b"<1@", b"<2@") + b"other")
    a_desk.hd("intake", "mail", stdin=NOBODY)
    listed = a_desk.hd("intake", "log", "--jsonl", "ANA@corp", "network").out.splitlines()
    found = [json.loads(line)["message_id"] for line in listed]
    assert found == [f"<{number}@corp>" for number in (2, 5, 4, 3, 2)]  # the latest first
    assert a_desk.hd("intake", "log", "ben@corp.example").out == ""
    few = a_desk.hd("intake", "log", "-n", "2", "--outcome", "new")
    assert (few.out.count("\n"), few.err) == (2, "2 of 4; --limit 0 shows all\n")
    assert a_desk.hd("intake", "log", "--limit", "0").out.count("\n") == 6
    a_desk.hd("intake", "mail", stdin=NOBODY.replace(b"Subject: Who?", b"Subject: "))
    row = a_desk.hd("intake", "log", "-n", "1").out
    key = row.partition("quarantined ")[2].split()[0]
    assert "nobody: (no subject)  (" in row
    assert "subject: " in a_desk.hd("intake", "quarantine", "show", key).out
    ran = a_desk.hd("anonymise", "ana@corp.example", "--yes")
    assert "intake/quarantine/" in ran.out
    log = a_desk.hd("intake", "log").out
    assert (log.count("HD-"), "ana" in log.lower(), "network" in log) == (5, False, False)


def test_a_kill_loses_no_message_and_doubles_none(a_desk: DeskFolder, tmp_path: Path) -> None:
    box = tmp_path / "box"
    mailcorpus.maildir(box, mailcorpus.requests(30))
    branch = a_desk.path / ".git" / "refs" / "heads" / "main"
    before = branch.read_bytes()
    line = [sys.executable, "-m", "hdcli", "--desk", str(a_desk.path), "intake", "maildir"]
    with subprocess.Popen(
        [*line, str(box)], stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        while branch.read_bytes() == before and process.poll() is None:
            time.sleep(0.001)
        os.killpg(process.pid, signal.SIGKILL)  # the tickets are there, and nothing knows it
    a_desk.hd("intake", "maildir", str(box), "-q")
    log = [json.loads(line) for line in a_desk.hd("intake", "log", "--jsonl").out.splitlines()]
    assert sorted({each["outcome"] for each in log}) == ["follow-up", "new"]
    assert len(log) == 30
    assert a_desk.commits() == 2 + 30
    assert not list((box / "new").iterdir())
    assert a_desk.clean()


def test_whole_messages_go_when_they_were_kept_long_enough(a_desk: DeskFolder) -> None:
    ticket = a_desk.hd("intake", "mail", "-q", stdin=MESSAGE).id
    (path,) = a_desk.ticket(ticket).items("attachments")
    assert "for ever" in a_desk.hd("intake", "prune", code=1).err
    a_desk.hd("config", "mail.keep_days=30")
    assert a_desk.hd("intake", "prune", "-q").out == ""
    app = App(str(a_desk.path))
    app.now += 31 * 86_400
    assert [each.ticket.id for each in prune(app.session)] == [ticket]
    assert prune(app.session) == []
    app.close()
    large = a_desk.path / ".git" / "hd" / "intake" / "large"
    large.mkdir()
    (large / "new.eml").touch()
    (large / "old.eml").touch()
    os.utime(large / "old.eml", (1, 1))
    assert "old.eml is deleted" in a_desk.hd("intake", "prune", "--dry-run").out
    a_desk.hd("intake", "prune")
    assert [each.name for each in large.iterdir()] == ["new.eml"]
    assert a_desk.ticket(ticket).items("attachments") == ()
    assert not (a_desk.path / path).exists()
    assert a_desk.clean()
