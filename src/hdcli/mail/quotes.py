"""What somebody typed in a mail: its text without what was quoted and without the signature.

The rules, all of them; a line is looked at a few times at most.
1. From a line that begins a forwarded message on, all stays: it is what the mail is about.
2. From "-----Original Message-----", or a block of From, Sent, To and Subject, all below goes.
3. A line that says who wrote something ("On ... wrote:") goes with the ``>`` lines below it, or
   with all that follows where none has a ``>``.
4. Other ``>`` lines go, unless answers stand between them: then all stays, but the last quote.
5. Below ``-- `` is a signature, so is what a program added ("Sent from my ..."); of what follows
   "Kind regards" the name stays, lines with telephones and the like go.
Where nothing would be left, nothing is cut.
"""

from __future__ import annotations

from collections.abc import Sequence

from hdcli.mail import phrases

_MAX_LINES = 20_000
_MAX_LINE = 500
_SIGNATURE = 30
_LAST = 12
_HEADERS = 12
# Blanks that don't break, and marks of direction.
_COLONS = (":", "：")
_AS_BLANK = {0xA0: " ", 0x202F: " ", 0x200B: None, 0x200E: None, 0x200F: None}


def typed(text: str, *, forwards: bool = False) -> str:
    """What was typed. ``forwards`` says that the mail forwards another (by its subject)."""
    lines = text.split("\n")
    if len(lines) > _MAX_LINES:
        return text.strip()
    kept = _forward(lines, forwards=forwards)
    own = _signed(_unquoted(lines[:kept]))
    found = "\n".join([*own, *([""] if own else []), *lines[kept:]]).strip()
    return found or text.strip()


def _low(line: str) -> str:
    return line[:_MAX_LINE].translate(_AS_BLANK).strip().lower()


def forward_at(text: str, *, forwards: bool) -> int:
    """The number of the line where a forwarded message begins; that of lines where none does."""
    return _forward(text.split("\n"), forwards=forwards)


def _forward(lines: Sequence[str], *, forwards: bool) -> int:
    for at, line in enumerate(lines):
        low = _low(line)
        if phrases.FORWARDED.match(low) or phrases.BEGIN_FORWARDED.match(low):
            return at
        if forwards and (_is_header_block(lines, at) or phrases.ORIGINAL.match(low)):
            return at
    return len(lines)


def _unquoted(lines: Sequence[str]) -> list[str]:
    lines = lines[: _below(lines)]
    marks = [_is_quoted(line) for line in lines]
    for at in range(len(lines)):
        length = 0 if marks[at] else _attribution(lines, at)
        if length and _quote_follows(marks, lines, at + length):
            marks[at : at + length] = [True] * length
    return _without(lines, marks)


def _is_quoted(line: str) -> bool:
    return line.lstrip()[:1] == ">"


def _below(lines: Sequence[str]) -> int:
    """The first line from which on all is the mail that was answered."""
    last_quoted = max((at for at, line in enumerate(lines) if _is_quoted(line)), default=-1)
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if phrases.ORIGINAL.match(_low(line)) or _is_header_block(lines, at):
            return _above_rule(lines, at)
        length = _attribution(lines, at) if at > last_quoted else 0
        if length and _is_sure(" ".join(lines[at : at + length])):
            return at
    return len(lines)


def _above_rule(lines: Sequence[str], at: int) -> int:
    """One line up where that is a ruler."""
    above = at - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    ruler = above >= 0 and len(lines[above].strip()) > 4 and not lines[above].strip().strip("_-=*")
    return above if ruler else at


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """Whether From (or a date) and two more labels stand here, a subject or an address in them."""
    first = _label(lines[at])
    if first not in phrases.FROM and first not in phrases.SENT:
        return False
    kinds: set[str] = set()
    mails = False
    for line in lines[at : at + _HEADERS]:
        label = _label(line)
        for kind, names in _LABELS:
            if label in names:
                kinds.add(kind)
        mails = mails or bool(label and "@" in line)
        if label and "from" in kinds and len(kinds) > 2 and (mails or "subject" in kinds):
            return True
    return False


_LABELS = (
    ("from", phrases.FROM),
    ("sent", phrases.SENT),
    ("to", phrases.TO),
    ("subject", phrases.SUBJECT),
)


def labelled(line: str) -> tuple[str, str]:
    """The label of a line such as ``From: Ana``, in lower case, and what follows; both empty for
    another line."""
    label = _label(line)
    value = line.translate(_AS_BLANK).replace("：", ":").partition(":")[2]
    return (label, value.strip(" *")) if label else ("", "")


def _label(line: str) -> str:
    found = phrases.LABEL.match(_low(line[:80]))
    return found[1].strip() if found else ""


def _attribution(lines: Sequence[str], at: int) -> int:
    """Of how many lines (three at most) somebody is said to have written what follows; else 0."""
    first = _low(lines[at])
    if not first or not _begins(first):
        return 0
    whole = ""
    for length in range(1, min(3, len(lines) - at) + 1):
        line = _low(lines[at + length - 1])
        # One that begins in the line below is told there.
        if not line or (length > 1 and line.startswith(phrases.STARTS)):
            return 0
        whole = f"{whole} {line}".strip()
        if len(whole) > _MAX_LINE:
            return 0
        if _ends(whole):
            return length
    return 0


def _begins(line: str) -> bool:
    if line.startswith(phrases.STARTS) or line[0].isdigit() or line.endswith(phrases.WROTE):
        return True
    return line.endswith(_COLONS) and (line[-2:-1] == ">" or _says_wrote(line))


def _ends(whole: str) -> bool:
    if not whole.endswith(_COLONS):
        return False
    if whole.endswith(phrases.WROTE):
        return whole.startswith(phrases.STARTS) or _has_clue(whole)
    named = whole[-2] == ">" and "@" in whole  # "Mo., 2. Apr. 2012, Bob <bob@example.org>:"
    return _has_clue(whole) and (named or _says_wrote(whole))


def _says_wrote(line: str) -> bool:
    return any(each in line for each in phrases.WROTE_WITHIN)


def _has_clue(line: str) -> bool:
    return "@" in line or any(each.isdigit() for each in line)


def _is_sure(line: str) -> bool:
    """Whether a line can't be a sentence of somebody's own: it has an address, or a whole date."""
    return "@" in line or bool(phrases.DATE.search(line))


def _quote_follows(marks: Sequence[bool], lines: Sequence[str], at: int) -> bool:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at < len(lines) and marks[at]


def _without(lines: Sequence[str], marks: Sequence[bool]) -> list[str]:
    """The lines without those marked, or without the last of them where the others are answered."""
    last_own = max(
        (at for at, line in enumerate(lines) if line.strip() and not marks[at]), default=-1
    )
    blocks = _blocks(lines[: last_own + 1], marks)
    if len(blocks) > 1:
        return list(lines[: last_own + 1])
    return [line for at, line in enumerate(lines[: last_own + 1]) if not marks[at]]


def _blocks(lines: Sequence[str], marks: Sequence[bool]) -> list[int]:
    """Where quotes begin that have something of one's own below them."""
    found, inside = [], False
    for at, line in enumerate(lines):
        if marks[at] and not inside:
            found.append(at)
        if marks[at] or line.strip():
            inside = marks[at]
    return found


def _signed(lines: Sequence[str]) -> list[str]:
    """The lines without a signature."""
    own = _stripped(lines)
    for at in range(len(own) - 1, max(-1, len(own) - _SIGNATURE), -1):
        if own[at].rstrip() == "--" and _stripped(own[:at]):
            own = _stripped(own[:at])
            break
    for at in range(max(0, len(own) - _LAST), len(own)):
        if phrases.SENT_WITH.match(own[at][:200].lower()) and _few(own[at + 1 :], 4):
            own = _stripped(own[:at]) or own
            break
    return _without_contact(own)


def _stripped(lines: Sequence[str]) -> list[str]:
    own = list(lines)
    while own and not own[-1].strip():
        own.pop()
    return own


def _few(lines: Sequence[str], most: int) -> bool:
    return sum(1 for line in lines if line.strip()) <= most


def _without_contact(lines: list[str]) -> list[str]:
    """What follows a goodbye and a name goes where it has telephones and the like."""
    for at in range(max(0, len(lines) - _LAST - 2), len(lines)):
        if not phrases.GOODBYE.match(lines[at][:100].lower()):
            continue
        name = next((n for n in range(at + 1, len(lines)) if lines[n].strip()), at)
        rest = [line[:200].lower() for line in lines[name + 1 :] if line.strip()]
        short = all(len(line) <= 100 and not line.endswith("?") for line in rest)
        if rest and short and any(phrases.CONTACT.search(line) for line in rest):
            return _stripped(lines[: name + 1])
    return lines
