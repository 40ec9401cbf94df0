"""A remote of the desk: fetching from it, pushing to it, and what its refusals mean.

git does the work, with its transports, credentials and settings. What it says is told in one line.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from hdcli.errors import Refused, RemoteFailed
from hdcli.store import hub, partial, refs, transport, upstream
from hdcli.store.ancestry import between, contains, is_ancestor
from hdcli.store.discover import BRANCHES
from hdcli.store.git import Repository

# What is asked for is brought, and nothing besides: no tags, no submodules, no housekeeping.
_FETCH = ("--no-progress", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance")
_FETCHING = ("--prune", "--no-write-fetch-head")
# Nobody waits for it: the housekeeping writes it behind.
_NO_GRAPH = ("-c", "fetch.writeCommitGraph=false")
_OUTRUN = (
    *("fetch first", "non-fast-forward", "stale info", "failed to update ref", "cannot lock ref"),
    *("atomic transaction failed", "incorrect old value provided", "reference already exists"),
)
_NOT_ATOMIC = "does not support --atomic"
_WORDS = (
    (
        ("could not read Username", "could not read Password", "terminal prompts disabled"),
        "it asks for a password, and there is no terminal to ask at",
        "a credential helper or an ssh key lets it in (gitcredentials(7))",
    ),
    (("Permission denied (publickey",), "it knows none of your ssh keys", ""),
    (("Host key verification failed",), "its host key is not known", "ssh to it once by hand"),
    (("Authentication failed",), "it does not accept your password or token", ""),
    (
        ("Could not resolve host", "Could not resolve hostname", "Name or service not known"),
        "its host is not found",
        "is the network up?",
    ),
    (("Connection refused",), "it refuses the connection", ""),
    (
        ("Connection timed out", "Operation timed out", "Network is unreachable"),
        "it can't be reached",
        "is the network up?",
    ),
    (
        ("does not appear to be a git repository", "Repository not found", "not found"),
        "there is no repository",
        "git remote -v shows its address",
    ),
)
Pushed = Literal["done", "outrun"]


class Rewritten(RemoteFailed):
    """The remote's branch no longer has the commits that it had."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote by name, and the desk's branch on it.

    ``alone`` when nobody named it and the branch follows none yet.
    """

    repository: Repository
    name: str
    branch: str
    alone: bool = False

    @property
    def tracking(self) -> str:
        """The ref that says where the remote's branch was when it was last asked."""
        return f"refs/remotes/{self.name}/{self.branch}"

    def tip(self) -> str:
        """The commit of the remote's branch as of the last fetch; empty before the first."""
        return self.repository.text("rev-parse", "--revs-only", self.tracking)

    def lost(self, head: str) -> str:
        """The last commit of the remote's branch that ``head`` has and the branch has no more.

        Empty where nothing was rewritten. Whatever fetched that (an editor does, unasked), git's
        reflog of the branch knows; a bare repository keeps none.
        """
        tip = self.tip()
        gone = between(self.repository, tip, head) if tip else ()
        if not gone:
            return ""
        asked = self.repository.attempt("log", "-g", "-100", "--format=%H", self.tracking, "--")
        was = asked.stdout.decode().split()
        # A clone begins without a reflog: the first fetch after it knows where the branch was.
        first = f"{self.tracking}@{{{len(was)}}}"
        was += self.repository.attempt("rev-parse", "--verify", "-q", first).stdout.decode().split()
        return next((each for each in was if each in gone), "")

    def rewritten(self) -> Rewritten:
        """What there is to say when the branch has lost commits."""
        return Rewritten(
            f"{self.name}: its '{self.branch}' was rewritten: commits that you have are gone",
            "ask who did it; hd sync --accept-rewrite takes it over, your own work kept",
        )

    def levels(self, *, of: str = "", but: str = "") -> dict[str, str]:
        """The remote's level branches as of the last fetch: their commits.

        Those alone that the commit ``of`` has in its history, where that is given, and ``but`` not.
        """
        found = refs.level_commits(self.repository, f"refs/remotes/{self.name}/")
        if not of or not found:
            return found
        if but:
            there: Collection[str] = between(self.repository, but, of)
        else:
            there = contains(self.repository, of, found.values())
        return {name: commit for name, commit in found.items() if commit in there}

    def levels_now(self) -> dict[str, str]:
        """The remote's level branches as it has them now: their commits. Raises RemoteFailed."""
        done = self._git("ls-remote", "--quiet", self.name, "refs/heads/l*/*")
        if done.returncode:
            raise self._failed(done.stderr)
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        pairs = (line.split("\trefs/heads/") for line in lines)
        return {pair[1]: pair[0] for pair in pairs if len(pair) == 2 and refs.ticket_on(pair[1])}

    def is_even(self) -> bool:
        """Whether the remote's branches, as of the last fetch, are where this clone has its own."""
        ours, theirs = "refs/heads/", f"refs/remotes/{self.name}/"
        names = [f"{start}{each}" for start in (ours, theirs) for each in (self.branch, "l*/*")]
        here, there = set(), set()
        form = "--format=%(objectname) %(refname)"
        for line in self.repository.text("for-each-ref", form, *names).splitlines():
            if (name := line.partition(" ")[2]).startswith(theirs):
                there.add(line.replace(theirs, "", 1))
            elif name.startswith(ours):
                here.add(line.replace(ours, "", 1))
        return here == there

    def fetch(self, *, rewritten: bool = False) -> None:
        """Asks the remote where its branches are, and for what is new of them.

        Raises Rewritten where its branch lost commits, unless that is accepted; RemoteFailed.
        """
        force = "+" if rewritten else ""
        specs = [f"{force}refs/heads/{self.branch}:{self.tracking}"]
        if not partial.is_shallow(self.repository):  # all that leads to them would come along
            specs.append(f"+refs/heads/l*:refs/remotes/{self.name}/l*")
        for _ in range(3):
            done = self._git(*_NO_GRAPH, "fetch", *_FETCH, *_FETCHING, self.name, *specs)
            if b"cannot lock ref" not in done.stderr:
                break  # else another fetch of this clone was at it
        if not done.returncode:
            upstream.mark_fetched(self.repository)
            return
        text = done.stderr.decode("utf-8", "replace")
        if "(non-fast-forward)" in text:
            raise self.rewritten()
        if f"couldn't find remote ref refs/heads/{self.branch}" in text:
            self._require_empty()
            return
        raise self._failed(done.stderr)

    def _require_empty(self) -> None:
        """Raises RemoteFailed where a desk is on another branch there: the first push would make a
        second one beside it."""
        for other in set(BRANCHES) - {self.branch}:
            there = f"refs/remotes/{self.name}/{other}"
            self._git("fetch", *_FETCH, self.name, f"+refs/heads/{other}:{there}")
            asked = ("rev-parse", "--verify", "--quiet", f"{there}:desk.yaml")
            if not self.repository.attempt(*asked).returncode:
                raise RemoteFailed(
                    f"{self.name} has its desk on '{other}', this clone on '{self.branch}'",
                    f"git branch -m {self.branch} {other} makes them one",
                )

    def be_followed(self) -> None:
        """Has the branch follow this remote from now on, as ``git push -u`` does, where it is
        ``alone``."""
        if self.alone:
            for name, value in (("remote", self.name), ("merge", f"refs/heads/{self.branch}")):
                self.repository.attempt("config", f"branch.{self.branch}.{name}", value)

    def push(self, commit: str, moves: dict[str, tuple[str, str]]) -> Pushed:
        """Moves the remote's branch to ``commit`` and its level branches, all or none.

        ``moves`` gives each level branch's commit before and after; empty for none. "outrun" when
        somebody was faster. Raises RemoteFailed.
        """
        main = f"{commit}:refs/heads/{self.branch}"
        leases = [f"--force-with-lease=refs/heads/{n}:{old}" for n, (old, _) in moves.items()]
        specs = [f"{new}:refs/heads/{name}" for name, (_, new) in moves.items()]
        done = self._git("push", "--porcelain", "--atomic", *leases, self.name, main, *specs)
        if done.returncode and _NOT_ATOMIC.encode() in done.stderr:
            done = self._git("push", "--porcelain", self.name, main)
            if not done.returncode and specs:
                done = self._git("push", "--porcelain", *leases, self.name, *specs)
        if not done.returncode:
            self._moved_to(commit)
            return "done"
        refused = _refusals(done.stdout)
        faster = any(word in each for each in refused for word in _OUTRUN)
        if faster or hub.OUTRUN.encode() in done.stderr:
            return "outrun"
        if b"remote rejected" in done.stdout or refused:
            raise self._rejected(refused, done.stderr)
        raise self._failed(done.stderr)

    def _moved_to(self, commit: str) -> None:
        """What git itself notes after a push where the remote has a refspec (git-config(1))."""
        if not is_ancestor(self.repository, commit, self.tracking):
            self.repository.attempt("update-ref", "-m", "hd sync", self.tracking, commit)

    def _git(self, *args: str) -> subprocess.CompletedProcess[bytes]:
        # A graph half written by a git that was killed would refuse every fetch from then on.
        options = ("-c", "fetch.writeCommitGraph=false")
        return self.repository.attempt(*options, *args, env=_quiet(self.repository))

    def _rejected(self, refused: Sequence[str], stderr: bytes) -> RemoteFailed:
        lines = stderr.decode("utf-8", "replace").splitlines()
        told = [
            line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")
        ]
        reasons = [each for each in told if each.strip("= ")] or list(refused)
        first = next((r for r in reasons if r.startswith("error: ")), reasons[0] if reasons else "")
        kept = "what you wrote is safe here"
        return RemoteFailed(f"{self.name} refuses the push: {first.removeprefix('error: ')}", kept)

    def _failed(self, stderr: bytes) -> RemoteFailed:
        text = stderr.decode("utf-8", "replace")
        for signs, words, remedy in _WORDS:
            if any(sign in text for sign in signs):
                return RemoteFailed(f"{self.name}: {words}", remedy)
        return RemoteFailed(f"{self.name}: {transport.reason(stderr)}")


def _refusals(stdout: bytes) -> list[str]:
    """Why branches were refused (git-push(1), --porcelain), those in brackets without them."""
    found = []
    for line in stdout.decode("utf-8", "replace").splitlines():
        if line.startswith("!\t"):
            reason = line.split("\t")[-1]
            if "atomic push failed" not in reason:
                found.append(reason.removeprefix("[remote rejected] ").removeprefix("[rejected] "))
    return found


def _quiet(repository: Repository) -> dict[str, str]:
    """The environment in which nothing waits for an answer that nobody gives."""
    folder = repository.work_tree or repository.git_dir
    return transport.variables(folder, prompt=sys.stdin.isatty())


def chosen(repository: Repository, branch: str, name: str) -> Remote:
    """The remote named, else the one that the branch follows, ``origin``, or the only one there is.

    Raises Refused.
    """
    asked = repository.attempt("config", "--get-regexp", r"^(remote|branch)\..")
    lines = (line.partition(" ") for line in asked.stdout.decode("utf-8", "replace").splitlines())
    said = {key: value for key, _, value in lines}
    keys = (key.removeprefix("remote.") for key in said if key.startswith("remote."))
    known = list(dict.fromkeys(key.rpartition(".")[0] for key in keys if "." in key))
    if name and name not in known:
        listed = ", ".join(known) or "none yet"
        raise Refused(f"no remote '{name}'", f"git remote add {name} URL; known: {listed}")
    first = (said.get(f"branch.{branch}.remote", ""), "origin")
    choice = name or next((each for each in first if each in known), "")
    if not choice and len(known) != 1:
        why = "which one?" if known else "this desk has no remote"
        raise Refused(why, "git remote add origin URL, or hd sync REMOTE names one")
    return Remote(repository, choice or known[0], branch, alone=not (name or first[0]))
