"""How a commit is signed, as git checks it, and what is to be said about that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from hdcli.model.finding import Severity
from hdcli.model.settings import Settings

STATES: Mapping[str, str] = {
    "G": "good",
    "U": "untrusted",
    "X": "expired",
    "Y": "expired key",
    "R": "revoked key",
    "B": "bad",
    "E": "unchecked",
    "N": "unsigned",
}
"""By git's letters (``%G?`` of git-log(1)). What git can't check at all counts as unchecked."""
_SIGN = "git config commit.gpgSign true signs what comes, git rebase -S origin/main what is there"
_TRUST = "gpg.ssh.allowedSignersFile and gpg's keys say whom this clone trusts (docs/audit.md)"


@dataclass(frozen=True, slots=True)
class Seal:
    """``kind`` is ssh, gpg or x509, empty without a signature; ``signer`` whom git knows the key
    to be of; ``key`` its fingerprint."""

    state: str = "unsigned"
    kind: str = ""
    signer: str = ""
    key: str = ""

    @property
    def address(self) -> str:
        """The signer's mail address; empty where the key has none."""
        inside = self.signer.rpartition("<")[2].removesuffix(">").strip()
        return inside if "@" in inside else ""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "state": self.state,
            "kind": self.kind or None,
            "signer": self.signer or None,
            "key": self.key or None,
        }


class Doubt(NamedTuple):
    """What is wrong with a signature, or missing."""

    severity: Severity
    message: str
    remedy: str


def doubt(seal: Seal, settings: Settings, committer: str, *, fresh: bool = False) -> Doubt | None:
    """What is to be said about the signature of a commit, made under these settings by somebody
    with this address; nothing where all is well.

    ``fresh`` is for a commit that is to be accepted now: an expired key is no good for that.
    """
    required = settings.signatures == "required"
    if seal.state in ("bad", "revoked key"):
        return Doubt("error", f"its signature is {_words(seal)}", "git verify-commit says more")
    if seal.state == "good":
        return _of_another(seal, settings, committer)
    if seal.state == "unsigned":
        return (
            Doubt("error", "it is not signed, as this desk requires", _SIGN) if required else None
        )
    old = seal.state in ("expired", "expired key")
    wrong = required and (fresh or not old)
    return Doubt("error" if wrong else "note", f"its signature is {_words(seal)}", _TRUST)


def _words(seal: Seal) -> str:
    whose = seal.signer or seal.key
    by = f" (by {whose})" if whose else ""
    said = {
        "bad": "bad: the commit is not what was signed",
        "revoked key": "by a key that was revoked",
        "untrusted": "by a key that this clone does not trust",
        "expired": "good, but it has expired",
        "expired key": "good, by a key that has expired",
        "unchecked": "unchecked: the key, or what to check it with, is not here",
    }
    return said[seal.state] + by


def _of_another(seal: Seal, settings: Settings, committer: str) -> Doubt | None:
    """Whether somebody signed what another is said to have committed."""
    signer = settings.agent_by_email(seal.address) if seal.address else None
    if signer is None or signer == settings.agent_by_email(committer):
        return None
    message = f"it is signed by {seal.signer}, and committed as {committer}"
    return Doubt("error", message, "ask both: whoever has the key made it")
