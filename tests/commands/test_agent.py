from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from hdcli.errors import BadUsage, Conflict, HdError
from hdcli.model.settings import Agent, Settings
from hdcli.services.notify.people import of_team
from hdcli.store.codec import read_settings
from support import DeskFolder


def settings(desk: DeskFolder) -> Settings:
    assert desk.clean()
    return read_settings((desk.path / "desk.yaml").read_bytes())


def diff(desk: DeskFolder) -> list[str]:
    """The lines that the last commit changed."""
    lines = desk.git("show", "--format=", "-U0").splitlines()
    return [each for each in lines[4:] if not each.startswith("@@")]


@pytest.fixture
def strange_desk(a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch) -> DeskFolder:
    """At the keyboard is somebody who is no agent."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Zoe Klein")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "zoe@example.org")
    return a_desk


def test_adds_an_agent_in_one_commit_that_shows_nothing_else(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("agent", "add", "eva", "Eva Núñez <eva@example.org>", "--team", "network")
    assert ran.out == "eva is an agent now: Eva Núñez <eva@example.org>\n"
    assert settings(a_desk).agents["eva"] == Agent(
        "eva", "Eva Núñez", ("eva@example.org",), ("network",)
    )
    assert diff(a_desk) == [
        "+  eva:",
        "+    name: Eva Núñez",
        "+    email: eva@example.org",
        "+    teams: [network]",
    ]
    assert a_desk.git("log", "-1", "--format=%an%n%B").splitlines() == [
        "Alice Martin",
        "desk: add agent eva (network)",
        "",
        "Action: add-agent",
        "Agent: eva",
        "Team: network",
    ]


def test_an_agent_without_a_team_joins_the_default_one(a_desk: DeskFolder) -> None:
    assert a_desk.hd("agent", "add", "-q", "eva", "Eva <e@example.org>").out == "eva\n"
    assert settings(a_desk).agents["eva"].teams == ("desk",)
    a_desk.hd("assign", a_desk.new(), "eva")


def test_a_stranger_adds_themselves_and_is_the_author(strange_desk: DeskFolder) -> None:
    ran = strange_desk.hd("agent", "add", "zoe")
    assert ran.out == "zoe is an agent now: Zoe Klein <zoe@example.org>\n"
    assert (
        strange_desk.git("log", "-1", "--format=%an %s") == "Zoe Klein desk: add agent zoe (desk)"
    )
    strange_desk.hd("take", strange_desk.new())


def test_a_stranger_adds_nobody_else_and_changes_nothing(strange_desk: DeskFolder) -> None:
    ran = strange_desk.hd("agent", "add", "eva", "Eva <e@example.org>", code=1)
    assert "is not an agent of this desk, and adds nobody else" in ran.err
    strange_desk.hd("agent", "edit", "bob", "--inactive", code=1)
    strange_desk.hd("team", "add", "cloud", code=1)
    strange_desk.hd("config", "name=Mine", code=1)


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        (("bob", "Bob <b@x.org>"), HdError, "agent 'bob' is there already; hd agent edit bob"),
        (("BOB", "Bob <b@x.org>"), HdError, "agent 'bob' is there already"),
        (("network", "N <n@x.org>"), HdError, "'network' is there already, as another team"),
        (("me", "M <m@x.org>"), BadUsage, "'me' can't name an agent"),
        (("e va", "E <e@x.org>"), BadUsage, "'e va' can't name an agent"),
        (("eva", "Bob <BOB@example.org>"), HdError, "BOB@example.org is agent 'bob' already"),
        (("eva", "Eva"), BadUsage, "'Eva' names nobody; write"),
        (("eva", "Eva <eva>"), BadUsage, "'Eva <eva>' names nobody"),
        (("eva",), BadUsage, "nobody is named for eva; hd agent add eva"),
        (("eva", "E <e@x.org>", "--team", "netwrok"), HdError, "did you mean 'network'"),
    ],
)
def test_refuses_what_would_not_be_an_agent(
    args: tuple[str, ...], error: type[HdError], message: str, a_desk: DeskFolder
) -> None:
    before = a_desk.git("rev-parse", "main")
    ran = a_desk.hd("agent", "add", *args, code=error.exit_code)
    assert message in ran.err
    assert a_desk.git("rev-parse", "main") == before


def test_edits_names_addresses_and_teams(a_desk: DeskFolder) -> None:
    a_desk.hd("agent", "edit", "bob", "--email", "+b@home.org", "--team", "+systems,-network")
    a_desk.hd("agent", "edit", "bob", "--email", "-bob@example.org", "--name", "Robert")
    assert settings(a_desk).agents["bob"] == Agent("bob", "Robert", ("b@home.org",), ("systems",))
    assert a_desk.git("log", "-2", "--format=%s").splitlines() == [
        "desk: edit agent bob (name Robert, -bob@example.org)",
        "desk: edit agent bob (+b@home.org, +systems, -network)",
    ]


def test_who_has_left_gets_no_tickets_until_they_are_back(a_desk: DeskFolder) -> None:
    a_desk.hd("agent", "edit", "bob", "--inactive")
    a_desk.hd("assign", a_desk.new(), "bob", code=1)
    a_desk.hd("whoami", agent="bob", code=1)
    assert a_desk.hd("agent", "edit", "-q", "bob", "--active").out == "bob\n"
    a_desk.hd("assign", a_desk.new(), "bob")
    assert "active" not in a_desk.git("show", "main:desk.yaml").partition("bob:")[2]


def test_a_change_that_is_none_makes_no_commit(a_desk: DeskFolder) -> None:
    before = a_desk.git("rev-parse", "main")
    assert a_desk.hd("agent", "edit", "bob", "--team", "+network").out == "bob is so already\n"
    assert a_desk.git("rev-parse", "main") == before
    a_desk.hd("agent", "edit", "bob", code=BadUsage.exit_code)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("bbo", "--active"), "no agent 'bbo' on this desk; did you mean 'bob'?"),
        (("bob", "--email", "-bob@example.org"), "'bob' would have no address"),
        (("bob", "--email", "+carol@example.org"), "belongs to agent 'carol'"),
        (("bob", "--email", "-b@x.org"), "no address 'b@x.org' on this desk"),
        (("bob", "--team", "-desk"), "no team 'desk' on this desk; known: network"),
        (("bob", "--team", "+dsk"), "did you mean 'desk'"),
        (("bob", "--name", "two\nlines"), "an agent's name must be one line"),
    ],
)
def test_refuses_what_would_not_be_a_sound_agent(
    args: tuple[str, ...], message: str, a_desk: DeskFolder
) -> None:
    assert message in a_desk.hd("agent", "edit", *args, code=1).err
    assert a_desk.clean()


def test_the_last_active_agent_stays(a_desk: DeskFolder) -> None:
    a_desk.hd("agent", "edit", "bob", "--inactive")
    a_desk.hd("agent", "edit", "carol", "--inactive")
    ran = a_desk.hd("agent", "edit", "me", "--inactive", code=1)
    assert "agent 'alice' is the last active one" in ran.err


def test_hand_edits_of_the_settings_are_never_overwritten(a_desk: DeskFolder) -> None:
    file = a_desk.path / "desk.yaml"
    file.write_text(file.read_text() + "# mine\n")
    edited = file.read_bytes()
    ran = a_desk.hd("agent", "add", "eva", "Eva <e@x.org>", code=Conflict.exit_code)
    assert ran.err.startswith("hd: desk.yaml has hand edits that are not committed")
    assert file.read_bytes() == edited


def test_undo_takes_it_back(a_desk: DeskFolder) -> None:
    before = a_desk.git("rev-parse", "main:desk.yaml")
    a_desk.hd("agent", "add", "eva", "Eva <e@x.org>")
    assert a_desk.hd("undo").out.startswith("taken back: desk: add agent eva")
    assert a_desk.git("rev-parse", "main:desk.yaml") == before
    assert a_desk.clean()


def test_undo_leaves_what_others_changed_since(a_desk: DeskFolder) -> None:
    a_desk.hd("agent", "add", "eva", "Eva <e@x.org>")
    a_desk.hd("agent", "edit", "eva", "--team", "+apps", agent="bob")
    ran = a_desk.hd("undo", code=Conflict.exit_code)
    assert "desk.yaml was changed since" in ran.err


def test_two_at_once_are_both_added(a_desk: DeskFolder) -> None:
    with ThreadPoolExecutor() as pool:
        added = [(name, f"{name} X <{name}@example.org>") for name in ("eva", "fay", "gil")]
        ran = list(pool.map(lambda each: a_desk.process("agent", "add", *each), added))
    assert [each.returncode for each in ran] == [0, 0, 0]
    assert {"eva", "fay", "gil"} <= settings(a_desk).agents.keys()


def test_acts_for_another_by_option(a_desk: DeskFolder) -> None:
    a_desk.hd("agent", "add", "eva", "Eva <e@x.org>", "--as", "bob")
    assert a_desk.git("log", "-1", "--format=%an/%cn") == "Bob Ndiaye/Alice Martin"


def test_lists_all_or_those_of_a_team(a_desk: DeskFolder) -> None:
    a_desk.hd("agent", "edit", "bob", "--inactive")
    assert a_desk.hd("agent").out == a_desk.hd("agent", "list").out
    lines = [line.split("  ") for line in a_desk.hd("agent").out.splitlines()]
    assert [line[0] for line in lines] == ["agent", "alice", "bob", "carol"]
    assert [line[-1].strip() for line in lines] == ["active", "yes", "no", "yes"]
    assert "alice" not in a_desk.hd("agent", "--team", "systems").out
    assert "did you mean 'systems'" in a_desk.hd("agent", "--team", "sytems", code=1).err


def test_lists_for_scripts(a_desk: DeskFolder) -> None:
    found = json.loads(a_desk.hd("agent", "list", "--json").out)
    assert found["format"] == 1
    assert found["agents"][2] == {
        "handle": "carol",
        "name": "Carol Weber",
        "emails": ["carol@example.org"],
        "teams": ["systems", "apps"],
        "levels": [2],
        "active": True,
        "role": "agent",
    }
    lines = a_desk.hd("agent", "--jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == found["agents"]


def test_a_mistyped_command_gets_the_nearest(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("agent", "lst", code=2)
    assert ran.err == "hd: no command 'lst'; did you mean 'list'? (hd agent --help)\n"
    assert "there are list, add, edit" in a_desk.hd("agent", "xyzzy", code=2).err


def test_works_on_a_hub_and_from_a_folder_below(a_desk: DeskFolder) -> None:
    a_desk.git("clone", "-q", "--bare", ".", "../hub.git")
    hub = DeskFolder(a_desk.path.parent / "hub.git")
    hub.hd("agent", "add", "eva", "Eva <e@x.org>")
    assert "eva:" in hub.git("show", "main:desk.yaml")
    ticket = a_desk.new()
    DeskFolder(a_desk.file(ticket).parent).hd("agent", "add", "fay", "Fay <f@x.org>")
    assert "fay" in settings(a_desk).agents


def test_who_takes_in_or_looks_on_works_on_no_tickets(a_desk: DeskFolder) -> None:
    a_desk.hd("agent", "add", "post", "Post <post@example.org>", "--role", "intake")
    a_desk.hd("agent", "add", "eye", "Eye <eye@e.org>", "--role", "read-only", "--team", "apps")
    found = settings(a_desk)
    assert found.agents["post"].teams == ()
    assert [each.handle for each in of_team(found, "apps")] == ["carol"]
    assert "carol, eye (read-only)" in a_desk.hd("team").out
    assert "intake" in a_desk.hd("agent").out
    refused = a_desk.hd("assign", a_desk.new(), "post", code=1).err
    assert "works on no tickets (role: intake)" in refused


def test_who_hands_the_desk_to_a_first_lead_is_told(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("agent", "add", "lea", "Lea Roy <lea@example.org>", "--role", "lead")
    assert "only leads change its settings from now on, and you are none" in ran.err
    assert ran.err.endswith("; lea makes you one, too, by hd agent edit alice --role lead\n")
    assert "ask a lead" in a_desk.hd("agent", "edit", "me", "--role", "lead", code=1).err
    more = a_desk.hd("agent", "edit", "bob", "--role", "lead", agent="lea")
    assert "first lead" not in more.err
    a_desk.hd("agent", "edit", "alice", "--role", "lead", agent="lea")
    assert a_desk.hd("agent", "edit", "bob", "--role", "agent").err == ""


def test_who_joins_as_the_first_lead_hands_over_nothing(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Zoe Klein")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "zoe@example.org")
    assert a_desk.hd("agent", "add", "zoe", "--role", "lead").err == ""
