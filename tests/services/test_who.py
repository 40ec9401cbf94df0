from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hdcli.errors import NoIdentity, Refused
from hdcli.model.settings import Agent, NotOnDesk, Settings, Team
from hdcli.services.who import identify, joining

Sign = Callable[..., None]
ALICE = ("Alice Martin", "alice@example.org")
BOB = ("Bob Ndiaye", "bob@example.org")
SETTINGS = Settings(
    teams={"desk": Team("desk", "Desk", 1)},
    agents={
        "alice": Agent("alice", "Alice M.", ("am@example.org", "alice@example.org")),
        "bob": Agent("bob", BOB[0], (BOB[1],)),
        "carol": Agent("carol", "Carol", ("carol@example.org",), active=False),
    },
)


@pytest.fixture
def sign(monkeypatch: pytest.MonkeyPatch) -> Sign:
    """Sets git's identity; none for nobody."""

    def set_to(name: str = "", email: str = "") -> None:
        for part, value in (("NAME", name), ("EMAIL", email)):
            for role in ("AUTHOR", "COMMITTER"):
                if value:
                    monkeypatch.setenv(f"GIT_{role}_{part}", value)
                else:
                    monkeypatch.delenv(f"GIT_{role}_{part}", raising=False)

    return set_to


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@Example.ORG", "am@example.org"])
def test_git_s_identity_is_an_agent_s_by_any_address_in_any_case(
    email: str, sign: Sign, tmp_path: Path
) -> None:
    sign("Alice at home", email)
    who = identify(SETTINGS, tmp_path, None)
    assert who.handle == "alice"
    assert who.author == who.committer == ("Alice at home", email)


def test_a_handle_acts_for_that_agent_and_the_committer_stays_who_typed(
    sign: Sign, tmp_path: Path
) -> None:
    sign(*ALICE)
    who = identify(SETTINGS, tmp_path, "bob")
    assert (who.handle, who.author, who.committer) == ("bob", BOB, ALICE)


def test_one_s_own_handle_changes_nothing(sign: Sign, tmp_path: Path) -> None:
    sign(*ALICE)
    assert identify(SETTINGS, tmp_path, "alice") == identify(SETTINGS, tmp_path, None)


def test_a_cron_job_without_git_identity_acts_by_handle(sign: Sign, tmp_path: Path) -> None:
    sign()
    who = identify(SETTINGS, tmp_path, "bob")
    assert who.author == who.committer == BOB
    with pytest.raises(NoIdentity, match="git does not know who you are; git config --global"):
        identify(SETTINGS, tmp_path, None)


def test_a_stranger_is_told_how_to_join(sign: Sign, tmp_path: Path) -> None:
    sign("Bob Marley", "marley@example.org")
    with pytest.raises(NoIdentity) as caught:
        identify(SETTINGS, tmp_path, None)
    assert str(caught.value) == (
        "Bob Marley <marley@example.org> is not an agent of this desk; hd agent add bob-marley"
        " makes you one, --as AGENT or HD_AGENT names another"
    )


def test_a_stranger_may_join_and_everybody_else_is_who_they_are(sign: Sign, tmp_path: Path) -> None:
    sign("Dora", "dora@example.org")
    assert joining(SETTINGS, tmp_path, None).handle == ""
    assert joining(SETTINGS, tmp_path, "bob").handle == "bob"
    sign(*ALICE)
    assert joining(SETTINGS, tmp_path, None) == identify(SETTINGS, tmp_path, None)


def test_who_is_not_active_does_not_act(sign: Sign, tmp_path: Path) -> None:
    sign("Carol", "carol@example.org")
    for act in (identify, joining):
        with pytest.raises(Refused, match="agent 'carol' is not active"):
            act(SETTINGS, tmp_path, None)
    with pytest.raises(Refused):
        identify(SETTINGS, tmp_path, "carol")


def test_a_mistyped_handle_gets_the_nearest(sign: Sign, tmp_path: Path) -> None:
    sign(*ALICE)
    with pytest.raises(NotOnDesk, match="no agent 'bbo' on this desk; did you mean 'bob'"):
        identify(SETTINGS, tmp_path, "bbo")
