"""Man pages from the commands' own help: one for hd, one for each command, one for git-hd."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from hdcli import __version__, cli
from hdcli.commandlist import COMMANDS, SECTIONS

ENVIRONMENT = (
    ("HD_DESK", "The desk's folder, where --desk does not name it."),
    ("HD_AGENT", "The agent to act as, where --as does not name one."),
    ("HD_LOCK_TIMEOUT", "How many seconds to wait for another process that writes; else 30."),
    ("NO_COLOR", "When it is not empty: no colours."),
    ("PAGER", "Shows what is longer than the terminal; cat or nothing turns it off."),
    ("VISUAL, EDITOR", "Where texts are written, as git's core.editor."),
    ("GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL, ...", "Who you are, as for git(1)."),
)
FILES = (
    ("desk.yaml", "The desk's settings, commented."),
    ("tickets/7k/HD-7K3QF.yaml", "A ticket."),
    ("attachments/7k/HD-7K3QF/", "The files on it."),
    (".git/hd/", "What hd derives or remembers in this clone; deleting it loses nothing."),
)


def pages(root: Path) -> dict[str, str]:
    """All pages by file name."""
    codes = exit_codes(root / "docs/exit-codes.md")
    made = {"hd.1": _page("hd", "a helpdesk that lives in a git repository", _hd(codes))}
    alias = [".SH SYNOPSIS", r"\fBgit hd\fR [\fICOMMAND\fR]...", ".SH DESCRIPTION", "The same as"]
    made["git-hd.1"] = _page("git-hd", "hd as a command of git", [*alias, ".BR hd (1)."])
    for name, command in cli.names().items():
        made[f"hd-{name}.1"] = _page(
            f"hd-{name}", _lowered(COMMANDS[name].help), _of(command, name)
        )
    return made


def exit_codes(document: Path) -> list[tuple[str, str]]:
    """Codes and their meanings, from the table in docs/exit-codes.md."""
    rows = re.findall(r"^\| (\d) \| ([^|]+) \|", document.read_text(encoding="utf-8"), re.MULTILINE)
    return [(code, meaning.strip().replace("`", "")) for code, meaning in rows]


def _page(name: str, summary: str, body: Iterable[str]) -> str:
    head = [
        '.\\" Made by tools/generate.py from the command itself.',
        f'.TH "{roff(name.upper())}" 1 "" "hd {__version__}" "hd manual"',
        ".nh",
        ".ad l",
        ".SH NAME",
        f"{roff(name)} \\- {roff(summary)}",
    ]
    return "\n".join([*head, *body]) + "\n"


def _hd(codes: list[tuple[str, str]]) -> Iterator[str]:
    context = _context(cli.hd, "hd")
    yield from _synopsis(context)
    yield from _description(cli.hd)
    yield from _options(context)
    for section, title in SECTIONS.items():
        yield f".SH {roff(title.upper())}"
        listed = [(f"hd-{n}", c.help) for n, c in COMMANDS.items() if c.section == section]
        for page, text in listed:
            yield from (".TP", f".BR {roff(page)} (1)", roff(text))
    yield from _listed("EXIT STATUS", codes)
    yield from _listed("ENVIRONMENT", ENVIRONMENT)
    yield from _listed("FILES", FILES)
    yield from _see_also(["git(1)"])


def _of(command: click.Command, name: str) -> Iterator[str]:
    context = _context(command, name, _context(cli.hd, "hd"))
    yield from _synopsis(context)
    yield from _description(command)
    yield from _options(context)
    if isinstance(command, click.Group):
        yield ".SH COMMANDS"
        yield from _below(command, context)
    section = COMMANDS[name].section
    near = [f"hd-{n}(1)" for n, c in COMMANDS.items() if c.section == section and n != name]
    yield from _see_also(["hd(1)", *near])


def _below(group: click.Group, context: click.Context) -> Iterator[str]:
    """The commands of a command, and theirs."""
    for word, below in group.commands.items():
        inner = _context(below, word, context)
        yield from (f".SS {roff(inner.command_path)}", _usage(inner))
        yield from _paragraphs(below.help or "")
        yield from _option_list(inner)
        if isinstance(below, click.Group):
            yield from _below(below, inner)


def _context(
    command: click.Command, name: str, parent: click.Context | None = None
) -> click.Context:
    return click.Context(command, parent, name, **command.context_settings)


def _synopsis(context: click.Context) -> list[str]:
    return [".SH SYNOPSIS", _usage(context)]


def _usage(context: click.Context) -> str:
    pieces = context.command.collect_usage_pieces(context)
    return f"\\fB{roff(context.command_path)}\\fR {roff(' '.join(pieces))}"


def _description(command: click.Command) -> list[str]:
    return [".SH DESCRIPTION", *_paragraphs(command.help or "")]


def _paragraphs(text: str) -> Iterator[str]:
    """click's help: paragraphs, and blocks after ``\\b`` that are shown as they are."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = paragraph.split("\n")
        if lines[0].strip() == "\b":
            examples = [roff(line.strip("\n")) for line in lines[1:]]
            yield from (".PP", ".nf", *examples, ".fi")
        else:
            yield from (".PP", roff(" ".join(line.strip() for line in lines)))


def _options(context: click.Context) -> list[str]:
    found = _option_list(context)
    return [".SH OPTIONS", *found] if found else []


def _option_list(context: click.Context) -> list[str]:
    lines: list[str] = []
    for each in context.command.get_params(context):
        record = each.get_help_record(context) if isinstance(each, click.Option) else None
        if record:
            names, text = record
            lines += [".TP", f"\\fB{roff(names)}\\fR", roff(" ".join(text.split()))]
    return lines


def _listed(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f".SH {title}"
    for name, text in rows:
        yield from (".TP", f"\\fB{roff(name)}\\fR", roff(text))


def _see_also(names: list[str]) -> list[str]:
    marked = (re.sub(r"^(.+)(\(\d\))$", r"\\fB\1\\fR\2", roff(name)) for name in names)
    return [".SH SEE ALSO", ",\n".join(marked)]


def roff(text: str) -> str:
    """Text as roff shows it unchanged: no escapes, no requests, hyphens that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    escaped = escaped.replace("…", "...").replace("×", "\\(mu")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _lowered(text: str) -> str:
    first, rest = text[:1].lower(), text[1:].rstrip(".")
    return first + rest
