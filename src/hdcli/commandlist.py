"""The names, places and short helps of all commands, known without importing any."""

from __future__ import annotations

from typing import NamedTuple


class Listed(NamedTuple):
    """Where a command is (``module:attribute`` in hdcli.commands), its section and short help."""

    target: str
    section: str
    help: str


SECTIONS = {
    "work": "Work on tickets",
    "read": "Read",
    "share": "Move and check data",
    "set": "Set up",
}

COMMANDS = {
    "new": Listed("new:new", "work", "Open a ticket."),
    "triage": Listed("triage:triage", "work", "Sort new tickets, one key at a time."),
    "take": Listed("assign:take", "work", "Make tickets yours and start on them."),
    "assign": Listed("assign:assign", "work", "Give tickets to an agent or a team."),
    "note": Listed("talk:note", "work", "Add a note that only agents see."),
    "reply": Listed("talk:reply", "work", "Answer the requester."),
    "pend": Listed("pend:pend", "work", "Wait for the requester, a vendor or a change."),
    "procedure": Listed("procedure:procedure", "work", "Follow a procedure on tickets."),
    "step": Listed("step:step", "work", "Say what came of a procedure's step."),
    "escalate": Listed("escalate:escalate", "work", "Hand tickets to a higher support level."),
    "deescalate": Listed("escalate:deescalate", "work", "Hand tickets back to a lower level."),
    "resolve": Listed("finish:resolve", "work", "Say how tickets were solved."),
    "reopen": Listed("finish:reopen", "work", "Open solved or waiting tickets again."),
    "close": Listed("finish:close", "work", "Close tickets."),
    "rate": Listed("rate:rate", "work", "Keep what a requester thinks of the work."),
    "tag": Listed("fields:tag", "work", "Add and remove tags."),
    "set": Listed("fields:set_fields", "work", "Change fields."),
    "edit": Listed("edit:edit", "work", "Edit tickets' values in your editor."),
    "link": Listed("relate:link", "work", "Relate a ticket to another."),
    "merge": Listed("relate:merge", "work", "Merge duplicates into one ticket."),
    "attach": Listed("attach:attach", "work", "Put files on a ticket."),
    "follow": Listed("follow:follow", "work", "Hear of all that is done on tickets."),
    "undo": Listed("undo:undo", "work", "Take back your last action."),
    "intake": Listed("intake:intake", "work", "Take in requests: mail, lines, alerts, a form."),
    "canned": Listed("canned:canned", "work", "Show and write canned replies and mail texts."),
    "kb": Listed("kb:kb", "work", "Find, read and write articles."),
    "list": Listed("list:list_tickets", "read", "List tickets; open work by default."),
    "search": Listed("search:search", "read", "Find tickets and articles by their words."),
    "suggest": Listed("suggest:suggest", "read", "Find what helps with a ticket, and why."),
    "show": Listed("show:show", "read", "Read a ticket."),
    "status": Listed("status:status", "read", "See where things stand."),
    "log": Listed("log:log", "read", "Read the history, of a ticket or of the desk."),
    "inbox": Listed("inbox:inbox", "read", "See what concerns you of what others did."),
    "watch": Listed("watch:watch", "read", "See what changes on the desk as it happens."),
    "open": Listed("open:open_file", "read", "Open a ticket's file."),
    "notify": Listed("notify:notify", "share", "Tell requesters and agents what happens."),
    "sync": Listed("sync:sync", "share", "Exchange work with a remote."),
    "commit": Listed("commit:commit", "share", "Commit what was edited by hand."),
    "import": Listed("bulk:import_file", "share", "Import tickets from JSON lines or CSV."),
    "export": Listed("bulk:export", "share", "Export tickets as JSON lines, CSV or YAML."),
    "doctor": Listed("doctor:doctor", "share", "Check this machine and this clone."),
    "fsck": Listed("fsck:fsck", "share", "Check the desk, and repair it."),
    "merge-driver": Listed(
        "mergedriver:merge_driver", "share", "Merge one file of a desk, for git."
    ),
    "hub": Listed("hub:hub", "share", "Judge what people push to a bare repository."),
    "anonymise": Listed("anonymise:anonymise", "share", "Take a requester out of the desk."),
    "audit": Listed("audit:audit", "share", "Vouch for the history, commit by commit."),
    "archive": Listed("archive:archive", "share", "Let old closed tickets leave the work tree."),
    "init": Listed("init:init", "set", "Make a desk."),
    "clone": Listed("clone:clone", "set", "Join a desk: clone it, ready to work in."),
    "demo": Listed("demo:demo", "set", "Make a lively desk to look at and train with."),
    "whoami": Listed("whoami:whoami", "set", "Say which agent you are."),
    "agent": Listed("agent:agent", "set", "List, add and change agents."),
    "team": Listed("team:team", "set", "List, add and change teams."),
    "config": Listed("config:config", "set", "Show, check and change the settings."),
}
