"""Clones that work apart and meet again end up the same: ``python -m bench.convergence``.

2 to 5 clones with clocks off by hours and a hub do whatever their agents may do, at random; they
sync, or pull, rebase and push with git alone. At the end all have one commit, every acknowledged
entry is in it once, and hd finds nothing wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from bench.world import Clone, World

WHICH = st.integers(0, 4)
PICK = st.integers(0, 30)
TEXT = st.sampled_from(["one\ntwo\nthree", "same", "a: b # c", "déjà vu", "- x\n- y"])
_ACTIONS = (
    ("note", "-m", "{text}"),
    ("reply", "-m", "{text}"),
    ("set", "priority=high"),
    ("set", "priority=low"),
    ("set", "title={text}"),
    ("set", "category=network"),
    ("tag", "+vpn"),
    ("tag", "-vpn", "+mail"),
    ("take",),
    ("assign", "bob"),
    ("assign", "carol"),
    ("escalate", "-m", "{text}"),
    ("deescalate", "-m", "{text}"),
    ("resolve", "-m", "{text}"),
    ("reopen",),
    ("close",),
    ("pend", "-m", "{text}"),
    ("undo",),
)


class Clones(RuleBasedStateMachine):
    """The rules are what people do; hd may refuse, but what it did it must keep."""

    world: World

    @initialize(hours=st.lists(st.integers(-12, 12), min_size=2, max_size=5))
    def begin(self, hours: list[int]) -> None:
        """A hub and its clones, each with a clock of its own."""
        folder = Path(tempfile.mkdtemp(prefix="hd-convergence-"))
        self.world = World(folder, [hour * 3600 for hour in hours])

    def _clone(self, which: int) -> Clone:
        return self.world.clones[which % len(self.world.clones)]

    def _ticket(self, clone: Clone, pick: int) -> str:
        there = self.world.tickets(clone)
        return there[pick % len(there)] if there else "HD-00000"

    @rule(which=WHICH, text=TEXT)
    def new(self, which: int, text: str) -> None:
        """Somebody asks for something."""
        title = text.split("\n", maxsplit=1)[0]
        self.world.hd(self._clone(which), "new", "-b", text, "--", title)

    @rule(which=WHICH, pick=PICK, action=st.sampled_from(_ACTIONS), text=TEXT)
    def act(self, which: int, pick: int, action: tuple[str, ...], text: str) -> None:
        """An agent works on a ticket."""
        clone = self._clone(which)
        name, *rest = (word.format(text=text) for word in action)
        if name == "set" and "\n" in rest[0]:
            return
        self.world.hd(clone, name, self._ticket(clone, pick), *rest)

    @rule(which=WHICH, pick=PICK, other=PICK, how=st.sampled_from(["merge", "link"]))
    def relate(self, which: int, pick: int, other: int, how: str) -> None:
        """Two tickets turn out to be one, or to belong together."""
        clone = self._clone(which)
        one, two = self._ticket(clone, pick), self._ticket(clone, other)
        words = (one, two) if how == "merge" else (one, "relates-to", two)
        self.world.hd(clone, how, *words)

    @rule(which=WHICH, slug=st.sampled_from(["vpn", "jam"]), text=TEXT)
    def write_article(self, which: int, slug: str, text: str) -> None:
        """Somebody writes an article, or rewrites it."""
        clone = self._clone(which)
        if slug in self.world.articles(clone):
            self.world.hd(clone, "kb", "edit", slug, "-m", text)
        else:
            self.world.hd(clone, "kb", "new", slug, "--slug", slug, "-m", text)

    @rule(
        which=WHICH,
        slug=st.sampled_from(["vpn", "jam"]),
        action=st.sampled_from(["publish", "archive"]),
    )
    def keep_article(self, which: int, slug: str, action: str) -> None:
        """Somebody publishes or archives an article."""
        self.world.hd(self._clone(which), "kb", action, slug)

    @rule(which=WHICH, pick=PICK, by_git=st.booleans(), value=st.sampled_from(["urgent", "low"]))
    def edit_by_hand(self, which: int, pick: int, by_git: bool, value: str) -> None:
        """Somebody opens a ticket's file, changes a value and adds a comment."""
        clone = self._clone(which)
        ticket = self._ticket(clone, pick)
        for file in clone.path.glob(f"tickets/*/{ticket}.yaml"):
            lines = file.read_text().split("\n")
            place = next(n for n, line in enumerate(lines) if line.startswith("priority:"))
            lines[place] = f"priority: {value}  # {clone.agent} says so"
            file.write_text("\n".join(lines))
            if by_git:
                self.world.git(clone, "commit", "-qam", "by hand")
            else:
                self.world.hd(clone, "commit")

    @rule(which=WHICH, name=st.sampled_from(["Alpha", "Beta"]))
    def configure(self, which: int, name: str) -> None:
        """Somebody changes the settings."""
        self.world.hd(self._clone(which), "config", "set", "name", name)

    @rule(which=WHICH)
    def sync(self, which: int) -> None:
        """A clone meets the hub."""
        ran = self.world.hd(self._clone(which), "sync")
        assert ran.code == 0, f"{ran.err}\n{self.world.told()}"

    @rule(which=WHICH, how=st.sampled_from(["--no-rebase", "--rebase"]))
    def pull(self, which: int, how: str) -> None:
        """Somebody uses git alone; what it can't settle it leaves, and hd sync does it later."""
        clone = self._clone(which)
        merges = self.world.git(clone, "rev-list", "--merges", "-1", "origin/main..main").stdout
        if merges.strip():  # git leaves them out of a rebase, and the entries that they brought
            how = "--no-rebase"
        done = self.world.git(clone, "pull", "-q", "--no-edit", how, "origin", "main")
        if done.returncode:
            for what in ("merge", "rebase"):
                self.world.git(clone, what, "--abort")

    @rule(which=WHICH)
    def push(self, which: int) -> None:
        """Somebody pushes with git alone; the hub may refuse."""
        self.world.git(self._clone(which), "push", "-q", "origin", "main")

    @precondition(lambda self: hasattr(self, "world"))
    @rule(which=WHICH, other=WHICH)
    def peer(self, which: int, other: int) -> None:
        """Two clones meet without the hub."""
        one, two = self._clone(which), self._clone(other)
        if one is not two:
            self.world.git(one, "remote", "add", two.agent, str(two.path))
            ran = self.world.hd(one, "sync", "--pull", two.agent)
            # A colleague who pulled with --rebase has rewritten what was had from them before.
            rebased = "was rewritten" in ran.err
            assert ran.code == 0 or rebased, f"{ran.err}\n{self.world.told()}"

    def teardown(self) -> None:
        """The end of a story: all meet, and are the same."""
        if hasattr(self, "world"):
            try:
                self.world.settle()
                self.world.require_converged()
            finally:
                with contextlib.suppress(OSError):
                    shutil.rmtree(self.world.folder)


def prove(examples: int, steps: int = 25) -> None:
    """Runs so many stories. Raises AssertionError with the shortest one that ends badly."""
    run(
        Clones,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
            database=None,
        ),
    )


def main() -> None:
    """The proof, as long as it is asked to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=1000, metavar="N")
    parser.add_argument("--steps", type=int, default=25, metavar="N", help="of each, at most")
    args = parser.parse_args()
    prove(args.examples, args.steps)
    print(f"{args.examples:,} stories of clones that worked apart: all converged")


if __name__ == "__main__":
    main()
