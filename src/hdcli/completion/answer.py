"""From a line that is being typed to what may follow."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from hdcli.completion import articles, ids, names, procedures, replies, terms
from hdcli.completion.candidate import Candidate, Source, plain
from hdcli.completion.commandtable import Command, Option, commands
from hdcli.completion.line import Line, parse
from hdcli.store.peek import Peek

FILES = "files"
FOLDERS = "folders"
_HELP_LENGTH = 70

# What an option's value may be, by its long name; choices are known from the command itself.
OPTIONS: dict[str, Source | str] = {
    "--agent": names.assignees,
    "--as": names.agents,
    "--article": articles.slugs,
    "--assignee": names.assignees,
    "--attach": FILES,
    "--audience": articles.audiences,
    "--before": names.past,
    "--canned": replies.replies,
    "--category": names.categories,
    "--desk": FOLDERS,
    "--columns": names.columns,
    "--due": names.deadlines,
    "--file": FILES,
    "--filter": names.filters,
    "--from": articles.solved_tickets,
    "--impact": names.impacts,
    "--language": names.languages,
    "--level": names.levels,
    "--output": FILES,
    "--owner": names.assignees,
    "--priority": names.priorities,
    "--rejects": FILES,
    "--requester": names.requesters,
    "--review": names.deadlines,
    "--since": names.past,
    "--sort": names.sorts,
    "--tag": names.tags,
    "--team": names.teams,
    "--to": names.levels,
    "--translates": articles.slugs,
    "--translation": articles.slugs,
    "--until": names.deadlines,
    "--urgency": names.urgencies,
}
# What an argument may be, by what the help calls it.
ARGUMENTS: dict[str, Source | str] = {
    "ID": ids.tickets,
    "ID...": ids.tickets,
    "[ID]": ids.tickets,
    "[ID]...": ids.tickets,
    "[ID|SLUG]...": articles.tickets_and_articles,
    "INTO": ids.tickets,
    "AGENT|me|TEAM|none": names.targets,
    "ID... +TAG... -TAG...": ids.ids_and_tags,
    "ID... FIELD=VALUE...": terms.ids_and_fields,
    "ID... [N] done|skip|fail": procedures.ids_and_outcomes,
    "PROCEDURE": procedures.procedures,
    "[NAME]...": procedures.starters,
    "[ID|PROCEDURE]": procedures.tickets_and_procedures,
    "duplicates|parent-of|caused-by|relates-to": names.relations,
    "[PATH|ID]...": ids.tickets,
    "[QUERY]...": terms.query,
    "ID|WORDS...": ids.tickets,
    "REQUESTER|ID...": ids.tickets,
    "SLUG": articles.slugs,
    "REPLY": replies.texts,
    "[TEAM]...": names.teams,
    "ID|COMMIT": ids.tickets,
    "SLUG...": articles.slugs,
    "WORDS...": terms.query,
    "AGENT": names.assignees,
    "TEAM": names.teams,
    "WEBHOOK": names.webhooks,
    "[KEY]": names.keys,
    "KEY=VALUE... | KEY VALUE": names.keys,
    "FILE.jsonl|FILE.csv|-": FILES,
    "FILE": FILES,
    "FILE|-": FILES,
    "[FILE|-]": FILES,
    "FILE|ID": ids.tickets,
    "FILE...": FILES,
    "[DIR]": FOLDERS,
    "DIR": FOLDERS,
    "FOLDER": FOLDERS,
    "URL": FOLDERS,
    "[REMOTE]": names.remotes,
}


def answer(words: Sequence[str]) -> str:
    """The answer for these words, in the form that the scripts read."""
    known = commands()
    line = parse(words, known)
    if not line.known:
        return ""
    desk = Peek(Path(line.given.get("--desk") or os.environ.get("HD_DESK") or ".").expanduser())
    found = _found(desk, line, known[line.path])
    return f"{found}\n" if isinstance(found, str) else "".join(_lines(line.word, found))


def _lines(word: str, found: Iterable[Candidate]) -> Iterable[str]:
    from hdcli.render.text import safe

    yield "words\n"
    for each in found:
        if each.value.isprintable() and _fits(each.value, word):
            yield f"{each.value}\t{safe(each.help)[:_HELP_LENGTH]}\n"


def _fits(value: str, word: str) -> bool:
    return value.lower().startswith(word.lower())


def _found(desk: Peek, line: Line, command: Command) -> Iterable[Candidate] | str:
    if line.awaited is not None:
        return _value(desk, line, line.awaited)
    if line.word.startswith("-") and not line.literal:
        return _after_dash(desk, line, command)
    found = _argument(desk, line, command)
    if isinstance(found, str):
        return found
    return [*(Candidate(name, text) for name, text in command.commands.items()), *found]


def _value(desk: Peek, line: Line, option: Option) -> Iterable[Candidate] | str:
    source = OPTIONS.get(option.names[-1], names.nothing)
    if option.choices:
        return plain(option.choices)
    if isinstance(source, str):
        return source
    found = source(desk, line)
    if option.value.startswith("+"):  # agent edit --team +TEAM|-TEAM
        return [Candidate(f"{sign}{each.value}", each.help) for each in found for sign in "+-"]
    return found


def _after_dash(desk: Peek, line: Line, command: Command) -> Iterable[Candidate] | str:
    name, equals, typed = line.word.partition("=")
    option = command.option(name)
    if equals:
        if option is None or not option.value:
            return []
        found = _value(desk, replace(line, word=typed), option)
        if isinstance(found, str):
            return found
        return [Candidate(f"{name}={each.value}", each.help) for each in found]
    short = [] if line.word in ("-", "--") else [each for o in command.options for each in o.names]
    long = [o.names[-1] for o in command.options]
    helps = {each: o.help for o in command.options for each in o.names}
    options = [Candidate(each, helps[each]) for each in dict.fromkeys([*long, *short])]
    if "-TAG" in "".join(command.arguments):
        return [*ids.ids_and_tags(desk, line), *options]
    return options


def _argument(desk: Peek, line: Line, command: Command) -> Iterable[Candidate] | str:
    """What the first argument that may stand here, and that the word may begin, offers."""
    for name in _possible(command.arguments, len(line.arguments)):
        source = ARGUMENTS.get(name, names.nothing)
        if isinstance(source, str):
            return source
        found = [each for each in source(desk, line) if _fits(each.value, line.word)]
        if found:
            return found
    return FILES if any("PATH" in each for each in command.arguments) else []


def _possible(arguments: Sequence[str], before: int) -> list[str]:
    """The arguments that may stand behind so many others: those of one word have one place, what
    follows a repeated one may follow it at once."""
    repeated = next((i for i, name in enumerate(arguments) if "..." in name), len(arguments))
    if before <= repeated:
        return list(arguments[before : before + 1])
    return [*arguments[repeated + 1 :], *arguments[repeated : repeated + 1]]
