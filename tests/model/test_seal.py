"""What is said about signatures: by their state, whose they are, and whether they are required."""

from __future__ import annotations

import pytest

from hdcli.model.seal import STATES, Seal, doubt
from hdcli.model.settings import Agent, Settings

ALICE, BOB = "alice@example.org", "bob@example.org"
AGENTS = {
    "alice": Agent("alice", "Alice", (ALICE, "a@home.example")),
    "bob": Agent("bob", "Bob", (BOB,)),
}
FREE = Settings(agents=AGENTS)
STRICT = Settings(agents=AGENTS, signatures="required")


def severity(seal: Seal, settings: Settings, *, fresh: bool = False) -> str:
    """How bad it is, for a commit by alice."""
    found = doubt(seal, settings, ALICE, fresh=fresh)
    return found.severity if found else ""


@pytest.mark.parametrize(
    ("state", "free", "strict", "fresh"),
    [
        ("good", "", "", ""),
        ("untrusted", "note", "error", "error"),
        ("expired", "note", "note", "error"),
        ("expired key", "note", "note", "error"),
        ("revoked key", "error", "error", "error"),
        ("bad", "error", "error", "error"),
        ("unchecked", "note", "error", "error"),
        ("unsigned", "", "error", "error"),
    ],
)
def test_a_state_is_as_bad_as_the_desk_is_strict(
    state: str, free: str, strict: str, fresh: str
) -> None:
    seal = Seal(state, "" if state == "unsigned" else "ssh", ALICE, "SHA256:x")
    assert severity(seal, FREE) == free
    assert severity(seal, STRICT) == strict
    assert severity(seal, STRICT, fresh=True) == fresh
    assert state in STATES.values()


@pytest.mark.parametrize(
    ("signer", "wrong"),
    [
        (ALICE, False),
        ("Alice <A@home.example>", False),
        (BOB, True),
        ("x@y.z", False),
        ("CI", False),
    ],
)
def test_nobody_signs_for_another_agent(signer: str, wrong: bool) -> None:
    found = doubt(Seal("good", "ssh", signer, "SHA256:x"), FREE, ALICE)
    assert bool(found) == wrong
    assert not found or found.message == f"it is signed by {signer}, and committed as {ALICE}"
