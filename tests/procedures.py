"""Procedures to follow in tests."""

from __future__ import annotations

from support import DeskFolder

UNLOCK = """\
slug: unlock
title: Unlock an account
state: published
category: account
steps:
- do: Call back on the number in the directory
  expect: They answer
  else: {escalate: network}
- do: Look at the account
  expect: It is locked
  command: {windows: Get-ADUser USER, linux: "ipa user-show USER\\nklist"}
  else: {goto: 4}
- do: Unlock it
  command: unlock USER
  then: {goto: 5}
- do: Reset the password
- do: Let them sign in
  expect: They are in
  else: {goto: 2}
- do: Tell them about the manager of passwords
  else: {escalate: 3}
body: |
  Never ask for a password.
"""


def install(desk: DeskFolder, text: str = UNLOCK, slug: str = "unlock") -> None:
    """Puts an article on the desk, as a person with git does."""
    folder = desk.path / "kb"
    folder.mkdir(exist_ok=True)
    (folder / f"{slug}.yaml").write_text(text)
    desk.git("add", "kb")
    desk.git("commit", "-qm", f"kb {slug}")


def following(desk: DeskFolder, *said: str) -> str:
    """A ticket that follows ``unlock``, after these outcomes."""
    ticket = desk.new("Locked out", "-c", "account", "-a", "me")
    desk.hd("procedure", "start", ticket, "unlock")
    for outcome in said:
        desk.hd("step", ticket, *outcome.split())
    return ticket
