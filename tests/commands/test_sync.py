"""hd sync: clones and a hub; nothing that anyone wrote is lost, whoever pushes first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from support import DeskFolder, run_hd

Team = tuple[DeskFolder, DeskFolder, DeskFolder]


@pytest.fixture
def team(a_desk: DeskFolder, tmp_path: Path) -> Team:
    """A hub, and the clones of alice and bob; alice's desk is the first."""
    hub = DeskFolder(tmp_path / "hub.git")
    a_desk.git("clone", "-q", "--bare", ".", str(hub.path))
    assert run_hd("hub", "install", str(hub.path)).code == 0
    a_desk.git("remote", "add", "origin", hub.path.as_uri())
    a_desk.hd("sync", "-q")
    a_desk.git("clone", "-q", hub.path.as_uri(), str(tmp_path / "bob"))
    return hub, a_desk, DeskFolder(tmp_path / "bob")


def same(*desks: DeskFolder) -> None:
    """All have one tree, clean work trees, and nothing to find fault with."""
    assert len({each.git("rev-parse", "main^{tree}") for each in desks}) == 1
    for each in desks:
        if each.git("rev-parse", "--is-bare-repository") == "false":
            assert each.git("status", "--porcelain") == ""
            each.hd("fsck")


def pulled(desk: DeskFolder) -> str:
    """What a git pull that stops with a conflict says."""
    done = subprocess.run(
        ["git", "pull", "--no-rebase", "--no-edit"], cwd=desk.path, capture_output=True, text=True
    )
    assert done.returncode
    return done.stderr


def levels(desk: DeskFolder) -> list[str]:
    return desk.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads/l*/*").split()


def test_what_both_wrote_meets(team: Team) -> None:
    hub, alice, bob = team
    ticket = alice.hd("new", "-q", "VPN drops every hour").id
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    alice.hd("note", ticket, "-m", "router rebooted")
    alice.hd("escalate", ticket, "-m", "not the router", "--team", "network")
    bob.hd("reply", ticket, "-m", "we are looking at it", agent="bob")
    other = bob.hd("new", "-q", "no sound", agent="bob").id
    for file in bob.path.glob("tickets/*/*.yaml"):  # as a restored backup has them: edited by none
        os.utime(file, (1, 1))
    assert "went out" in alice.hd("sync").out
    said = bob.hd("sync", agent="bob").out
    assert f"{ticket}  VPN drops every hour" in said
    assert "escalated to level 2 (network) by alice" in said
    alice.hd("sync")
    same(hub, alice, bob)
    text = alice.hd("show", ticket).out
    assert all(each in text for each in ("router rebooted", "we are looking", "not the router"))
    assert alice.hd("list", "-q").out.split() != []
    assert other in alice.hd("list", "-q").out
    assert levels(alice) == levels(bob) == levels(hub)
    assert levels(hub)


def test_from_the_first_sync_on_the_branch_follows_its_remote(team: Team) -> None:
    _, alice, _ = team
    assert alice.git("rev-parse", "--abbrev-ref", "main@{upstream}") == "origin/main"
    assert "nothing to push" in alice.hd("status").out


def test_nothing_new_says_so_and_makes_no_commit(team: Team) -> None:
    _, alice, _ = team
    head = alice.git("rev-parse", "main")
    assert alice.hd("sync").out == "origin: nothing new\n"
    assert alice.git("rev-parse", "main") == head


def test_pull_takes_in_alone_and_push_hands_out_alone(team: Team) -> None:
    _, alice, bob = team
    alice.hd("new", "one")
    assert "1 commit waiting to go out" in alice.hd("sync", "--pull").out
    assert "1 commit went out" in alice.hd("sync", "--push").out
    bob.hd("new", "two", agent="bob")
    assert "you don't have" in bob.hd("sync", "--push", agent="bob", code=7).err
    assert "1 commit came in" in bob.hd("sync", agent="bob").out


def test_json_says_who_did_what_and_who_lost(team: Team) -> None:
    _, alice, bob = team
    ticket = alice.hd("new", "-q", "slow").id
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    alice.hd("set", ticket, "priority=high")
    bob.hd("set", ticket, "priority=low", agent="bob")
    alice.hd("sync")
    found = json.loads(bob.hd("sync", "--json", agent="bob").out)["sync"]
    assert found["concurrent"] == [[ticket, "priority"]]
    assert found["came"]["touched"][0]["by"] == ["alice"]
    assert found["merged"] == 1
    message = bob.git("log", "-1", "--format=%B", "main")
    assert f"Concurrent-Edit: {ticket} priority" in message


def test_an_id_born_twice_gives_the_younger_a_new_one(team: Team) -> None:
    hub, alice, bob = team
    for each, name in ((alice, "alice"), (bob, "bob")):
        file = each.path / "tickets/zz/HD-ZZZZZ.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(f"id: HD-ZZZZZ\ntitle: of {name}\nstatus: new\nlevel: 1\n")
        each.hd("commit", agent=name)
    alice.hd("sync")
    found = json.loads(bob.hd("sync", "--json", agent="bob").out)["sync"]
    [[old, new]] = found["renumbered"]
    assert old == "HD-ZZZZZ"
    bob.hd("note", new, "-m", "still here", agent="bob")
    bob.hd("sync", agent="bob")
    alice.hd("sync")
    same(hub, alice, bob)
    assert {"of alice", "of bob"} == {
        json.loads(alice.hd("show", each, "--json").out)["tickets"][0]["title"]
        for each in (old, new)
    }
    assert "also known as" in alice.hd("show", new).out


def test_two_tickets_written_by_hand_under_one_id_are_not_mixed(team: Team) -> None:
    hub, alice, bob = team
    for each, name in ((alice, "alice"), (bob, "bob")):
        file = each.file("HD-00001")
        file.parent.mkdir(parents=True)
        file.write_text(f"id: HD-00001\ntitle: of {name}\nstatus: new\nlevel: 1\n")
        each.git("add", ".")
        each.git("commit", "-qm", "by hand")
    alice.hd("sync")
    for refused in (bob.hd("sync", agent="bob", code=5).err, pulled(bob)):
        assert "two tickets were written by hand under this id" in refused
    bob.git("merge", "--abort")
    text = bob.file("HD-00001").read_text()
    bob.file("HD-00002").write_text(text.replace("HD-00001", "HD-00002"))
    bob.git("checkout", "origin/main", "--", "tickets/00/HD-00001.yaml")
    bob.git("add", ".")
    bob.git("commit", "-qm", "by hand")
    bob.hd("sync", agent="bob")
    alice.hd("sync")
    same(hub, alice, bob)


def test_work_on_a_ticket_that_was_merged_elsewhere_goes_along(team: Team) -> None:
    hub, alice, bob = team
    one, two = (alice.hd("new", "-q", title).id for title in ("printer", "the printer again"))
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    alice.hd("merge", two, one)
    bob.hd("note", two, "-m", "toner ordered", agent="bob")
    bob.hd("reopen", two, agent="bob", code=1)
    bob.hd("pend", two, "-m", "till friday", agent="bob")
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    alice.hd("sync")
    same(hub, alice, bob)
    assert "toner ordered" in alice.hd("show", one).out
    assert "till friday" in alice.hd("show", one).out
    assert two not in alice.hd("list", "-q").out


def test_of_tickets_merged_into_each_other_the_elder_stands(team: Team) -> None:
    hub, alice, bob = team
    one, two = (alice.hd("new", "-q", title).id for title in ("printer", "the printer again"))
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    elder = min(one, two, key=lambda each: alice.ticket(each).log[0].order)
    bob.hd("merge", two, one, agent="bob")
    alice.hd("merge", one, two)
    alice.hd("sync")
    assert f"{elder} stands" in bob.hd("sync", agent="bob").out
    alice.hd("sync")
    same(hub, alice, bob)
    assert alice.hd("list", "-q").out.split() == [elder]
    for each in (one, two):
        assert alice.hd("note", "-q", each, "-m", "still jams").id == elder


def test_hand_edits_of_another_become_their_entries(team: Team) -> None:
    hub, alice, bob = team
    ticket = alice.hd("new", "-q", "slow").id
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    file = next(bob.path.glob("tickets/*/*.yaml"))
    file.write_text(file.read_text().replace("title: slow", "title: slow laptop", 1))
    line = ("-c", "user.name=Bob Ndiaye", "-c", "user.email=bob@example.org")
    subprocess.run(
        ["git", *line, "commit", "-qam", "by hand"],
        cwd=bob.path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(bob.path.parent)},
        check=True,
    )
    bob.git("push", "-q", "origin", "main")
    alice.hd("note", ticket, "-m", "mine")
    alice.hd("sync")
    log = json.loads(alice.hd("show", ticket, "--json").out)["tickets"][0]["log"]
    assert [(each["by"], each["action"]) for each in log] == [
        ("alice", "new"),
        ("alice", "note"),
        ("bob", "edit"),
    ]
    bob.hd("sync", agent="bob")
    same(hub, alice, bob)


def test_hand_edits_in_the_way_stay_and_are_named(team: Team) -> None:
    _, alice, bob = team
    ticket = alice.hd("new", "-q", "slow").id
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    alice.hd("note", ticket, "-m", "x")
    alice.hd("sync")
    file = next(bob.path.glob("tickets/*/*.yaml"))
    edited = file.read_text().replace("title: slow", "title: slow laptop", 1)
    file.write_text(edited)
    assert "has hand edits" in bob.hd("sync", agent="bob", code=5).err
    assert file.read_text() == edited
    bob.hd("commit", agent="bob")
    bob.hd("sync", agent="bob")
    assert "slow laptop" in bob.hd("show", ticket).out


def test_what_is_no_plain_file_stays_what_it_is(team: Team) -> None:
    hub, alice, bob = team
    unguard(hub)
    tool, gone, link = "tool.sh", "gone.sh", "link"

    def both(change: Callable[[Path, str], None]) -> None:
        for desk, name in ((alice, "alice"), (bob, "bob")):
            change(desk.path, name)
            desk.git("add", "-A")
            desk.git("commit", "-qm", "by hand")

    def relinked(folder: Path, target: str) -> None:
        (folder / link).unlink(missing_ok=True)
        (folder / link).symlink_to(target)

    for name in (tool, gone):
        (alice.path / name).write_text("1\n2\n3\n4\n5\n")
        (alice.path / name).chmod(0o755)
    relinked(alice.path, "desk.yaml")
    alice.git("add", "-A")
    alice.git("commit", "-qm", "by hand")
    alice.hd("sync")
    bob.hd("sync", agent="bob")

    def change(folder: Path, name: str) -> None:
        old, new = ("1", "one") if name == "bob" else ("5", "five")
        (folder / tool).write_text((folder / tool).read_text().replace(old, new))
        relinked(folder, name)
        if name == "bob":
            (folder / gone).write_text("still here\n")
        else:
            (folder / gone).unlink()

    both(change)
    alice.hd("sync")
    assert "link: both changed what is no text" in bob.hd("sync", agent="bob").out
    alice.hd("sync")
    same(hub, alice, bob)
    modes = [each.split()[0] for each in bob.git("ls-tree", "main", tool, gone, link).splitlines()]
    assert modes == ["100755", "120000", "100755"]  # gone.sh, link, tool.sh
    assert (bob.path / tool).read_text() == "one\n2\n3\n4\nfive\n"


def test_settings_meet_by_key_and_the_later_counts(team: Team) -> None:
    hub, alice, bob = team
    alice.hd("config", "set", "name", "Alpha")
    bob.hd("config", "set", "name", "Beta", agent="bob")
    bob.hd("agent", "add", "dan", "Dan Roy <dan@example.org>", agent="bob")
    alice.hd("sync")
    assert "both changed name" in bob.hd("sync", agent="bob").out
    alice.hd("sync")
    same(hub, alice, bob)
    assert "dan" in alice.hd("agent", "list").out


def test_a_broken_file_of_theirs_stops_nobody(team: Team) -> None:
    hub, alice, bob = team
    unguard(hub)
    ticket = alice.hd("new", "-q", "slow").id
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    file = next(bob.path.glob("tickets/*/*.yaml"))
    file.write_text(file.read_text() + "<<<<<<< HEAD\n")
    bob.git("commit", "-qam", "oops")
    bob.git("push", "-q", "origin", "main")
    alice.hd("note", ticket, "-m", "mine")
    assert "conflict markers" in alice.hd("sync").out
    assert "mine" in alice.hd("show", ticket).out
    alice.hd("fsck", ticket)


def test_of_a_file_that_one_side_broke_the_other_side_s_stays(team: Team) -> None:
    hub, alice, bob = team
    unguard(hub)
    for desk, text in ((alice, "ana: {desk: 12}\n"), (bob, "bo: {desk: [\n")):
        (desk.path / "rooms.yaml").write_text(text)
        desk.git("add", ".")
        desk.git("commit", "-qm", "by hand")
    alice.hd("sync")
    assert "kept theirs" in bob.hd("sync", agent="bob").out
    alice.hd("sync")
    same(hub, alice, bob)
    assert (bob.path / "rooms.yaml").read_text() == "ana: {desk: 12}\n"


def test_settings_that_can_not_be_read_are_not_taken_in(team: Team) -> None:
    hub, alice, bob = team
    unguard(hub)
    file = alice.path / "desk.yaml"
    good = file.read_text()
    file.write_text(f"{good}statuses: [\n")
    alice.git("commit", "-qam", "broken")
    alice.git("push", "-q", "origin", "main")
    for action in ("list", "new"):  # to move forward, and to merge
        said = bob.hd("sync", agent="bob", code=5).err
        assert "origin: nothing was taken in: desk.yaml:" in said
        bob.hd(action, *["and on it goes"] * (action == "new"), agent="bob")
    file.write_text(good)
    alice.git("commit", "-qam", "mended")
    alice.git("push", "-q", "origin", "main")
    bob.hd("sync", agent="bob")
    alice.hd("sync")
    same(hub, alice, bob)


def test_a_desk_on_another_branch_of_the_remote_gets_none_beside_it(team: Team) -> None:
    hub, alice, _ = team
    hub.git("branch", "-m", "main", "master")
    assert "origin has its desk on 'master'" in alice.hd("sync", code=7).err
    assert hub.git("branch", "--format=%(refname:short)") == "master"
    alice.git("branch", "-m", "main", "master")
    alice.hd("new", "-q", "one")
    alice.hd("sync")
    assert alice.git("rev-parse", "master") == hub.git("rev-parse", "master")


def test_the_first_sync_fills_an_empty_repository(a_desk: DeskFolder, tmp_path: Path) -> None:
    a_desk.git("init", "-q", "--bare", str(tmp_path / "hub.git"))
    a_desk.git("remote", "add", "origin", str(tmp_path / "hub.git"))
    assert "went out" in a_desk.hd("sync").out
    assert a_desk.hd("sync").out == "origin: nothing new\n"


def test_a_remote_without_refspecs_is_known_to_have_what_it_was_sent(team: Team) -> None:
    _, alice, _ = team
    alice.git("config", "--unset-all", "remote.origin.fetch")
    alice.hd("new", "-q", "one")
    assert alice.hd("sync").out == "origin: 1 commit went out\n"


def test_a_remote_that_can_not_be_reached(team: Team, tmp_path: Path) -> None:
    _, alice, _ = team
    alice.hd("new", "one")
    head = alice.git("rev-parse", "main")
    for url, word in (
        (str(tmp_path / "nowhere"), "there is no repository"),
        ("git://127.0.0.1:1/x", "refuses the connection"),
        ("https://nowhere.invalid/x", "is not found"),
    ):
        alice.git("remote", "set-url", "origin", url)
        assert word in alice.hd("sync", code=7).err
    assert alice.git("rev-parse", "main") == head
    alice.git("remote", "remove", "origin")
    assert "git remote add" in alice.hd("sync", code=1).err


def unguard(hub: DeskFolder) -> None:
    """A host where no hook of hd's judges what comes."""
    (hub.path / "hooks/pre-receive").unlink()


def test_a_host_that_asks_for_a_password_waits_for_nobody(team: Team) -> None:
    class Asking(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="desk"')
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Asking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _, alice, _ = team
        alice.git("remote", "set-url", "origin", f"http://127.0.0.1:{server.server_port}/desk.git")
        ran = alice.process("sync")
        server.shutdown()
    assert ran.returncode == 7
    assert b"no terminal to ask at" in ran.stderr


def hook(hub: DeskFolder, name: str, script: str) -> None:
    file = hub.path / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_a_refused_push_gives_the_reason_and_keeps_the_work(team: Team) -> None:
    hub, alice, _ = team
    ticket = alice.hd("new", "-q", "one").id
    hook(hub, "pre-receive", "echo 'protected branch: ask a lead' >&2; exit 1")
    assert "refuses the push: protected branch: ask a lead" in alice.hd("sync", code=7).err
    assert ticket in alice.hd("list", "-q").out
    assert alice.git("status", "--porcelain") == ""


def test_a_hook_of_this_clone_says_why_it_lets_nothing_out(team: Team) -> None:
    _, alice, _ = team
    place = alice.path / ".git/hooks/pre-push"
    place.write_text("#!/bin/sh\necho not on a friday >&2\nexit 1\n")
    place.chmod(0o755)
    alice.new("one")
    assert alice.hd("sync", code=7).err == "hd: origin: not on a friday\n"


def test_outrun_it_tries_again(team: Team, tmp_path: Path) -> None:
    hub, alice, bob = team
    bob.hd("new", "-q", "from bob", agent="bob")
    alice.hd("new", "-q", "from alice")
    once = tmp_path / "once"
    push = f"unset $(git rev-parse --local-env-vars); git -C '{bob.path}' push -q origin main"
    hook(alice, "pre-push", f"test -e '{once}' && exit 0; touch '{once}'; {push}")
    (alice.path / ".git/hooks").mkdir(exist_ok=True)
    (alice.path / "hooks/pre-push").rename(alice.path / ".git/hooks/pre-push")
    (alice.path / "hooks").rmdir()
    assert "1 commit came in" in alice.hd("sync").out
    bob.hd("sync", agent="bob")
    same(hub, alice, bob)


def test_a_host_without_atomic_push_gets_the_branch_first(team: Team) -> None:
    hub, alice, _ = team
    unguard(hub)
    hub.git("config", "receive.advertiseAtomic", "false")
    ticket = alice.hd("new", "-q", "one").id
    alice.hd("escalate", ticket, "-m", "up")
    assert "2 commits went out" in alice.hd("sync").out
    assert levels(hub) == levels(alice)


def test_a_rewritten_history_is_refused_until_accepted(team: Team) -> None:
    hub, alice, bob = team
    unguard(hub)
    one, _ = (alice.hd("new", "-q", title).id for title in ("one", "two"))
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    bob.hd("note", one, "-m", "noted by bob", agent="bob")
    kept = bob.hd("new", "-q", "unsent", agent="bob").id
    bob.hd("note", kept, "-m", "with a note", agent="bob")
    alice.git("reset", "-q", "--hard", "HEAD~1")
    alice.git("push", "-qf", "origin", "main")
    alice.hd("note", one, "-m", "noted by alice")
    alice.hd("sync")
    head = bob.git("rev-parse", "main")
    for _ in range(2):
        assert "was rewritten" in bob.hd("sync", agent="bob", code=7).err
        bob.git("fetch", "-q")  # as editors do, unasked
    assert bob.git("rev-parse", "main") == head
    (bob.path / "link").symlink_to("desk.yaml")
    bob.git("add", "link")
    bob.git("commit", "-qm", "by hand")
    assert "link: a link" in bob.hd("sync", "--accept-rewrite", agent="bob", code=5).err
    bob.git("reset", "-q", "--hard", "HEAD~1")
    bob.hd("sync", "--accept-rewrite", agent="bob")
    alice.hd("sync")
    same(hub, alice, bob)
    listed = json.loads(alice.hd("list", "--json").out)["tickets"]
    assert {each["title"] for each in listed} == {"one", "unsent"}
    assert "with a note" in alice.hd("show", kept).out
    text = alice.hd("show", one).out
    assert "noted by alice" in text
    assert "noted by bob" in text


def test_watch_says_what_is_new(team: Team) -> None:
    _, alice, bob = team
    bob.hd("new", "-q", "hello", agent="bob")
    bob.hd("sync", agent="bob")
    with subprocess.Popen(
        [sys.executable, "-m", "hdcli", "sync", "--watch", "60", "--json"],
        cwd=alice.path,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        found = json.loads(process.stdout.readline())
        process.terminate()
    assert found["sync"]["came"]["commits"] == 1


def test_watch_goes_on_past_what_is_in_the_way(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    _, alice, bob = team
    bob.hd("new", "-q", "hello", agent="bob")
    bob.hd("sync", agent="bob")
    alice.git("checkout", "-q", "--detach")

    def meanwhile(seconds: float) -> None:
        if seconds < 60:
            return
        if alice.git("branch", "--show-current"):
            raise KeyboardInterrupt
        alice.git("checkout", "-q", "main")

    monkeypatch.setattr(time, "sleep", meanwhile)
    ran = run_hd("--desk", str(alice.path), "sync", "--watch", "60")
    assert "detached HEAD" in ran.err
    assert "1 commit came in" in ran.out


def test_a_bare_desk_syncs_too(team: Team, make_desk: Callable[..., DeskFolder]) -> None:
    hub, alice, _ = team
    alice.git("clone", "-q", "--mirror", str(hub.path), str(alice.path.parent / "mirror.git"))
    mirror = DeskFolder(alice.path.parent / "mirror.git")
    mirror.git("config", "--unset", "remote.origin.mirror")
    alice.hd("new", "-q", "one")
    alice.hd("sync")
    mirror.hd("new", "-q", "piped in")
    mirror.hd("sync")
    alice.hd("sync")
    same(hub, alice, mirror)


def test_no_commit_is_older_than_what_it_follows(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, alice, bob = team
    bob.hd("new", "-q", "from bob", agent="bob")
    bob.hd("sync", agent="bob")
    late = time.time() - 7200
    monkeypatch.setattr(time, "time", lambda: late)
    alice.hd("new", "-q", "from a clock that is slow")
    alice.hd("sync")
    times = [
        int(each) for each in alice.git("log", "--format=%ct", "--first-parent", "main").split()
    ]
    assert times == sorted(times, reverse=True)
    author = int(alice.git("log", "-1", "--format=%at", "--no-merges", "--author=Alice", "main"))
    assert author == int(late)


def test_a_ticket_that_was_away_comes_back_when_others_changed_it(team: Team) -> None:
    _, alice, bob = team
    ticket = alice.new("one")
    alice.hd("close", ticket)
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    alice.hd("archive", "--before", "0d")
    assert not alice.file(ticket).exists()
    bob.hd("reopen", ticket, agent="bob")
    bob.hd("sync", agent="bob")
    alice.hd("sync")
    with alice.file(ticket).open("a") as file:
        file.write("# seen\n")
    assert alice.git("status", "--porcelain").split() == [
        "M",
        f"tickets/{ticket[3:5].lower()}/{ticket}.yaml",
    ]
