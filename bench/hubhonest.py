"""Pushes of honest work, which a hub has to take: with hd, with git alone, and by many hands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from bench.desks import HD
from bench.hubforgeries import Case
from bench.hubstage import PEOPLE, Field

Act = Callable[[Field], object]
ALL = ("--atomic", "--prune", "refs/heads/main", "refs/heads/l*:refs/heads/l*")


def _hd(*lines: str, who: str = "bob") -> Act:
    """Command lines of hd; ``{plain}`` and the like are tickets' ids."""

    def act(field: Field) -> None:
        for line in lines:
            field.hd(*(word.format(**field.ids) for word in line.split("|")), who=who)

    return act


def _file(name: str, old: str, new: str, who: str = "bob") -> Act:
    def act(field: Field) -> None:
        field.replace(field.place(name), old, new)
        field.commit("by hand", who=who)

    return act


def _commands() -> Iterator[tuple[str, str]]:
    yield "new", "new|A title|-b|Details|-r|Zoe <zoe@example.com>|-t|wifi"
    yield "take", "take|{old}"
    yield "assign", "assign|{plain}|carol"
    yield "reply", "reply|{plain}|-m|We are on it"
    yield "pend", "pend|{plain}|--on|vendor|-m|Parts"
    yield "escalate", "escalate|{plain}|-m|Beyond me"
    yield "escalate twice", "escalate|{up}|-m|Beyond us"
    yield "deescalate", "deescalate|{up}|-m|Simple"
    yield "resolve", "resolve|{up}|-m|Solved"
    yield "close", "close|{plain}|-m|Enough"
    yield "tag", "tag|{plain}|+one|-noisy"
    yield "set", "set|{plain}|priority=urgent|due=tomorrow"
    yield "link", "link|{plain}|relates-to|{old}"
    yield "merge", "merge|{old}|{plain}|-m|Same"
    yield "merge of a merged", "merge|{into}|{plain}"
    yield "merge of an escalated", "merge|{up}|{plain}"
    yield "article", "kb|publish|reset-a-password"
    yield "new article", "kb|new|Another|-m|Text"
    yield "rewritten article", "kb|edit|reset-a-password|--file|canned/hello.yaml"
    yield "helped", "resolve|{plain}|-m|As written|--article|reset-a-password"


def honest() -> Iterator[Case]:
    """What everybody does, each as one push."""
    for name, line in _commands():
        yield Case(name, _hd(line))
    yield Case("reopen", _hd("resolve|{old}|-m|Done", "reopen|{old}|-m|Not done"))
    yield Case("undo", _hd("note|{plain}|-m|Wrong", "undo|{plain}"))
    yield Case("undo of a merge", _hd("merge|{old}|{plain}", "undo|{old}"))
    yield Case("attach, take back", _hd("attach|{plain}|desk.yaml", "undo|{plain}"))
    for who in ("alice", "bob", "carol"):
        yield Case(f"note by {who}", _hd("note|{plain}|-m|Looked", who=who))
    yield Case("intake", _hd("new|From mail|-q", "reply|{up}|-m|It is worse", who="ivan"))
    yield Case("intake's file", _hd("attach|{up}|desk.yaml", who="ivan"))
    yield Case(
        "settings by the lead", _hd("config|language=fr", "agent|edit|me|--role|lead", who="alice")
    )
    yield Case("lead's files", _lead_files)
    yield Case("a new agent works", _newcomer)
    yield Case("a value by hand", _file("plain", "Printer jams", "Printer smokes"))
    yield Case("a comment by hand", _file("plain", "title:", "# seen twice\ntitle:"))
    yield Case("by hand, taken up by another", _taken_up)
    yield Case("a ticket by hand", _by_hand)
    yield Case("an address in capitals", _in_capitals)
    yield Case("no change at all", lambda field: field.commit("Nothing"))
    yield Case("a canned reply removed", _no_canned)
    yield Case("requests taken in", _imported("bob"))
    yield Case("whole tickets taken in by the lead", _imported_whole)
    yield Case("merge with git alone", _diverged("merge", "-q", "--no-ff", "-m", "merge"))
    yield Case(
        "merge by an intake agent", _diverged("merge", "-q", "--no-ff", "-m", "m", who="ivan")
    )
    yield Case("rebase", _diverged("rebase", "-q"))
    yield Case("cherry-pick", _diverged("cherry-pick"))
    yield Case("settings merged by an agent", _settings_merged)
    yield Case("hand edits merged", _hand_edits_merged)
    yield Case("many commits", _many)
    yield Case("born twice, merged by hd", _twins)
    yield Case("synced", _synced)


def _lead_files(field: Field) -> None:
    field.write("README.md", "Our desk\n")
    field.write(".github/workflows/desk.yml", "on: push\n")
    field.commit("desk: files", who="alice")


def _newcomer(field: Field) -> None:
    field.hd("agent", "add", "zoe", "Zoe Kim <zoe@example.org>", who="alice")
    PEOPLE["zoe"] = ("Zoe Kim", "zoe@example.org")
    field.hd("note", field.ids["plain"], "-m", "Hello", who="zoe")


def _taken_up(field: Field) -> None:
    field.replace(field.place("plain"), "Printer jams", "Printer smokes")
    field.commit("by hand", who="carol")
    field.hd("note", field.ids["plain"], "-m", "It does")


def _by_hand(field: Field) -> None:
    top = "id: HD-7K3QF\ntitle: By hand\nstatus: new\nlevel: 1\n"
    field.write("tickets/7k/HD-7K3QF.yaml", top)
    field.commit("a ticket")
    field.hd("note", "HD-7K3QF", "-m", "Seen", who="carol")


def _in_capitals(field: Field) -> None:
    name, email = PEOPLE["bob"]
    PEOPLE["capitals"] = (name, email.upper())
    field.hd("note", field.ids["plain"], "-m", "Loud", who="capitals")


def _no_canned(field: Field) -> None:
    field.git("rm", "-q", "canned/hello.yaml")
    field.commit("canned: remove hello")


def _imported(who: str) -> Act:
    def act(field: Field) -> None:
        rows = [{"title": f"Row {n}", "status": "resolved", "solution": "x"} for n in range(5)]
        place = field.path.parent / "rows.jsonl"
        place.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        field.hd("import", str(place), who=who)

    return act


def _imported_whole(field: Field) -> None:
    """A ticket of another desk, with what its agents wrote there."""
    found = json.loads(field.run(*HD, "export", field.ids["up"], who="alice"))
    found["id"] = "HD-7K3QF"
    for entry in found["log"]:
        entry["by"] = f"{entry['by']}-of-old"
    place = field.path.parent / "whole.jsonl"
    place.write_text(f"{json.dumps(found)}\n")
    field.hd("import", str(place), who="alice")


def _diverged(*command: str, who: str = "bob") -> Act:
    def act(field: Field) -> None:
        field.git("checkout", "-q", "-b", "side")
        _append(field, "plain", "0098-abcdef", "carol")
        _append(field, "old", "0097-abcdef", "carol")
        field.git("checkout", "-q", "main")
        _append(field, "plain", "0096-abcdef", "alice")
        if command[0] == "rebase":
            field.git("checkout", "-q", "side")
            field.git(*command, "main", who=who)
            field.git("branch", "-f", "main", "side")
        elif command[0] == "cherry-pick":
            field.git(*command, "side~1", "side", who=who)
        else:
            field.git(*command, "side", who=who)

    return act


def _append(field: Field, name: str, entry_id: str, who: str) -> None:
    told = f"at: '2026-01-01T00:00:00Z', by: {who}, action: note, body: x"
    field.write(field.place(name), f"{field.read(field.place(name))}- {{id: {entry_id}, {told}}}\n")
    field.commit(f"note by {who}", who=who)


def _settings_merged(field: Field) -> None:
    field.git("checkout", "-q", "-b", "side")
    field.replace("desk.yaml", "language: en", "language: fr")
    field.commit("desk: language", who="alice")
    field.git("checkout", "-q", "main")
    field.replace("desk.yaml", "suggestions: true", "suggestions: false")
    field.commit("desk: suggestions", who="alice")
    field.git("merge", "-q", "-m", "merge", "side", who="bob")


def _hand_edits_merged(field: Field) -> None:
    field.git("checkout", "-q", "-b", "side")
    field.replace(field.place("plain"), "Printer jams", "Printer smokes")
    field.commit("by hand", who="carol")
    field.git("checkout", "-q", "main")
    field.replace(field.place("plain"), "impact: medium", "impact: high")
    field.commit("by hand", who="alice")
    field.git("merge", "-q", "-m", "merge", "side")


def _many(field: Field) -> None:
    for number in range(30):
        _append(field, "plain", f"01{number:02d}-abcdef", ("alice", "bob", "carol")[number % 3])


def _twins(field: Field) -> None:
    """One id drawn in two clones."""
    top = "id: HD-7K3QF\ntitle: {}\nstatus: new\nlevel: 1\n"
    path = "tickets/7k/HD-7K3QF.yaml"
    field.git("branch", "side")
    field.write(path, top.format("One"))
    field.hd("commit", path, who="carol")
    assert field.push().accepted
    field.git("checkout", "-q", "-B", "main", "side")
    field.write(path, top.format("Two"))
    field.hd("commit", path)
    field.hd("note", "HD-7K3QF", "-m", "Mine", who="alice")
    field.hd("sync", "--pull")


def _synced(field: Field) -> None:
    """Two clones at work on the same things."""
    other = field.path.parent / "other"
    field.git("clone", "-q", str(field.hub), str(other))
    there = Field(field.hub, other, field.ids)
    there.hd("note", field.ids["plain"], "-m", "There", who="carol")
    there.hd("set", field.ids["plain"], "priority=low", who="carol")
    there.hd("escalate", field.ids["old"], "-m", "Hard", who="carol")
    there.hd("sync", who="carol")
    field.hd("note", field.ids["plain"], "-m", "Here")
    field.hd("set", field.ids["plain"], "priority=high")
    field.hd("resolve", field.ids["up"], "-m", "Solved")
    field.hd("sync", "--pull")


def founding() -> Iterator[Case]:
    """On a desk where nobody is a lead."""
    me = "agents:\n  mallory: {name: Mallory, email: mallory@example.net}"
    lead = "agents:\n  mallory: {name: Mallory, email: mallory@example.net, role: lead}"
    yield Case("joining", _joins(me))
    yield Case("joining as a lead", _joins(lead), "is no agent of this desk")
    yield Case("joining, and more", _joins(me, "more"), "is no agent of this desk")
    yield Case("settings by an agent", _hd("config|language=fr"))
    yield Case("the first lead", _hd("agent|edit|me|--role|lead", "config|language=fr"))


def _joins(text: str, more: str = "") -> Act:
    def act(field: Field) -> None:
        field.replace("desk.yaml", "agents:", text)
        if more:
            field.replace("desk.yaml", "language: en", "language: fr")
        field.commit("desk: add agent mallory", who="mallory")

    return act
