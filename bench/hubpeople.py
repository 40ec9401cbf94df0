"""Pushes by people who may not, and of branches that may not be moved so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench.hubforgeries import Case
from bench.hubstage import Field

Act = Callable[[Field], object]
_REPLACED = "a desk takes branches, tags and notes, and no other refs"


def _noting(who: str, action: str = "note") -> Act:
    """A sound entry by its author, made by a hd that knows no roles."""

    def act(field: Field) -> None:
        entry = f"- {{id: 0099-abcdef, at: '2026-01-01T00:00:00Z', by: {who}, action: {action}}}"
        field.write(field.place("old"), f"{field.read(field.place('old'))}{entry}\n")
        field.commit("note", who=who)

    return act


def _valued(who: str) -> Act:
    def act(field: Field) -> None:
        field.replace(field.place("old"), "Monitor flickers", "Monitor burns")
        field.commit("edit", who=who)

    return act


def _writing(path: str, content: str, who: str) -> Act:
    def act(field: Field) -> None:
        field.write(path, content)
        field.commit(f"Add {path}", who=who)

    return act


def people() -> Iterator[Case]:
    """Authors who are no agents, gone, or may not."""
    yield Case("nobody's note", _noting("mallory"), "is no agent of this desk")
    yield Case("nobody's edit", _valued("mallory"), "is no agent of this desk")
    yield Case("who has left", _noting("olaf"), "is no active agent")
    yield Case("a reader's note", _noting("rita"), "may only read")
    yield Case("a reader's edit", _valued("rita"), "may only read")
    yield Case("intake's note", _noting("ivan"), "intake opens tickets")
    yield Case("intake's solution", _noting("ivan", "resolve"), "intake opens tickets")
    yield Case("intake's second opening", _noting("ivan", "new"), "intake opens tickets")
    yield Case("intake's edit", _valued("ivan"), "intake edits no values")
    yield Case("intake's article", _writing("kb/x.yaml", _ARTICLE, "ivan"), "an intake agent")
    yield Case(
        "intake's canned reply", _writing("canned/x.yaml", "a: b\n", "ivan"), "an intake agent"
    )
    yield Case("joining where there is a lead", _joining, "is no agent of this desk")
    yield Case("a lead by an old parent", _old_parent, "only a lead may change it")
    yield Case("a lead, and then his work", _lead_and_work, "only a lead may change it")
    yield Case("squashed work of several", _squashed, "the commit by bob")
    yield Case("taking in a whole ticket", _importing("bob"), "the commit by bob")
    yield Case("intake taking in a whole ticket", _importing("ivan"), "the commit by ivan")
    yield Case("settings put back in a merge", _settings_back, "only a lead may change it")


_ARTICLE = "slug: x\ntitle: X\nstate: draft\n"


def _joining(field: Field) -> None:
    me = "agents:\n  mallory: {name: Mallory, email: mallory@example.net}"
    field.replace("desk.yaml", "agents:", me)
    field.commit("desk: add agent mallory", who="mallory")


def _old_parent(field: Field) -> None:
    """From before there was a lead."""
    first = field.git("rev-list", "--max-parents=0", "main")
    field.git("checkout", "-q", "-b", "side", first)
    me = "agents:\n  bob: {name: Bob Ndiaye, email: bob@example.org, role: lead}"
    field.replace("desk.yaml", "agents:", me)
    field.commit("desk: agents")
    field.git("checkout", "-q", "main")
    field.git("merge", "-q", "-s", "ours", "-m", "merge", "side")


def _lead_and_work(field: Field) -> None:
    field.replace("desk.yaml", "teams: [network]", "role: lead")
    field.commit("desk: agents")
    field.replace("desk.yaml", "language: en", "language: fr")
    field.commit("desk: language")


def _squashed(field: Field) -> None:
    field.git("checkout", "-q", "-b", "side")
    for number, who in enumerate(("bob", "carol", "alice"), 91):
        for name in ("plain", "old"):
            told = f"at: '2026-01-01T00:00:00Z', by: {who}, action: note"
            entry = f"- {{id: 00{number}-abcdef, {told}}}"
            field.write(field.place(name), f"{field.read(field.place(name))}{entry}\n")
            field.commit(f"note by {who}", who=who)
    field.git("checkout", "-q", "main")
    field.git("merge", "-q", "--squash", "side")
    field.commit("All of it")


def _importing(who: str) -> Act:
    values = "title: T, status: new, level: 1"
    entry = f"id: 0001-abcdef, at: '2020-01-01T00:00:00Z', by: zoe, action: new, set: {{{values}}}"
    top = "id: HD-7K3QF\ntitle: T\nstatus: new\nlevel: 1\ncreated: 2020-01-01T00:00:00Z\n"
    text = f"{top}updated: 2020-01-01T00:00:00Z\nlog:\n- {{{entry}}}\n"

    def act(field: Field) -> None:
        field.write("tickets/7k/HD-7K3QF.yaml", text)
        field.commit("HD-7K3QF: import\n\nAction: import", who=who)

    return act


def _settings_back(field: Field) -> None:
    field.git("checkout", "-q", "-b", "side")
    _noting("bob")(field)
    field.git("checkout", "-q", "main")
    field.replace("desk.yaml", "language: en", "language: fr")
    field.commit("desk: language", who="alice")
    field.git("merge", "-q", "--no-ff", "--no-commit", "side")
    field.replace("desk.yaml", "language: fr", "language: en")
    field.commit("merge")


def branches() -> Iterator[tuple[Case, tuple[str, ...]]]:
    """Refs that may not be moved so, and what to push."""
    forced = ("+main",)
    yield (
        Case("forced back", lambda f: f.git("reset", "-q", "--hard", "HEAD~2"), "a forced push"),
        forced,
    )
    yield (
        Case("amended", lambda f: f.git("commit", "-q", "--amend", "-m", "x"), "a forced push"),
        forced,
    )
    yield Case("a history of its own", _orphan, "a forced push"), forced
    yield Case("another history merged", _other_history, "begins a history of its own"), ()
    yield Case("main removed", lambda f: None, "never removed", gits_own=True), (":main",)
    yield (
        Case("main removed, all else kept", _noting("bob"), "never removed"),
        (":main", "main:new"),
    )
    yield Case("replaced objects", _replaced, _REPLACED), ("main", "refs/replace/*")
    yield Case("a ref of hd's", _noting("bob"), _REPLACED), ("main", "HEAD:refs/hd/x")
    yield Case("a branch in the way", _noting("bob"), "for level branches"), ("HEAD:refs/heads/l2",)
    yield (
        Case("a level of no ticket", _noting("bob"), "for level branches"),
        ("HEAD:refs/heads/l3/x",),
    )
    yield Case("an object that is broken", _broken, "zero-padded|fsck", gits_own=True), ()
    yield from _levels()


def _levels() -> Iterator[tuple[Case, tuple[str, ...]]]:
    missing = "was not pushed|with another state"
    yield Case("escalated, branch missing", _escalate("old"), "missing"), ("main",)
    yield Case("note, branch left behind", _note_up, "with another state"), ("main",)
    yield (
        Case("branch alone, wrong", _note_up, "with another state|does not have"),
        ("refs/heads/l2/*",),
    )
    yield Case("branch elsewhere", _elsewhere, missing), ("main", "+refs/heads/l2/*")
    yield (
        Case("branch of another ticket", _stray("old"), "belongs on no level branch"),
        ("refs/heads/l2/*",),
    )
    yield Case("branch of no ticket", _stray(""), "there is no ticket"), ("refs/heads/l2/*",)
    yield Case("wrong level", _level_three, "belongs on l2"), ("refs/heads/l3/*",)
    yield Case("resolved, branch left", _resolve_up, "belongs on no level branch"), ("main",)
    yield Case("branch removed", lambda f: f.ids["up"], "was not pushed"), ("UP",)


def _escalate(name: str) -> Act:
    return lambda field: field.hd("escalate", field.ids[name], "-m", "beyond me", who="alice")


def _note_up(field: Field) -> None:
    field.hd("note", field.ids["up"], "-m", "More", who="carol")


def _elsewhere(field: Field) -> None:
    _note_up(field)
    branch = f"refs/heads/l2/{field.ids['up']}"
    field.git("update-ref", branch, field.git("rev-parse", "main~3"))


def _stray(name: str) -> Act:
    def act(field: Field) -> None:
        field.git("branch", f"l2/{field.ids[name] if name else 'HD-7K3QF'}", "main")

    return act


def _level_three(field: Field) -> None:
    field.git("branch", f"l3/{field.ids['up']}", "main")


def _resolve_up(field: Field) -> None:
    field.hd("resolve", field.ids["up"], "-m", "Solved", who="carol")


def _orphan(field: Field) -> None:
    field.git("checkout", "-q", "--orphan", "other")
    field.commit("desk: open", who="bob")
    field.git("branch", "-f", "main", "other")


def _other_history(field: Field) -> None:
    field.git("checkout", "-q", "--orphan", "other")
    field.replace("desk.yaml", "teams: [network]", "role: lead")
    field.commit("desk: open", who="bob")
    field.git("checkout", "-q", "main")
    field.git("merge", "-q", "-s", "ours", "--allow-unrelated-histories", "-m", "merge", "other")


def _replaced(field: Field) -> None:
    other = field.git("hash-object", "-w", "--stdin", stdin=b"name: mine\n")
    field.git("replace", "-f", field.git("rev-parse", "main:desk.yaml"), other)


def _broken(field: Field) -> None:
    blob = bytes.fromhex(field.git("rev-parse", "main:desk.yaml"))
    raw = b"0100644 desk.yaml\0" + blob
    tree = field.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=raw)
    commit = field.git("commit-tree", tree, "-p", "main", "-m", "x")
    field.git("update-ref", "refs/heads/main", commit)
