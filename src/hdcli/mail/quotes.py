"""What somebody typed in a mail: its text without what was quoted and without the signature.

The rules, all of them; a line is looked at a few times at most.
1. From a line that begins a forwarded message on, all stays: it is what the mail is about.
2. From "-----Original Message-----", or a block of From, Sent, To and Subject, all below goes,
   unless the mail below has ``>`` on its lines and answers stand between or below them.
3. A line that says who wrote something ("On ... wrote:") goes with the ``>`` lines below it, or
   with all that follows where none has a ``>``.
4. Other ``>`` lines go, unless answers stand between them: then all stays, but the last quote.
   So do lines with something typed above and below that nobody is said to have written.
5. Below ``-- `` is a signature, so is what a program added ("Sent from my ..."); of what follows
   "Kind regards" the name stays, lines with telephones and the like go.
Where nothing would be left, nothing is cut.
"""

from __future__ import annotations

from collections.abc import Sequence

from hdcli.mail import phrases, signatures

_MAX_LINES = 20_000
_MAX_LINE = 500
_HEADERS = 12
_LONGEST_HEAD = 50
# Blanks that don't break, marks of direction, and the dot that is left of a Turkish İ.
_COLONS = (":", "：")
_NOTHING = (0x307, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
_AS_BLANK = {0xA0: " ", 0x202F: " ", **dict.fromkeys(_NOTHING)}


def typed(text: str, *, forwards: bool = False) -> str:
    """What was typed; all of it where nothing would be left. ``forwards`` says that the mail
    forwards another (by its subject)."""
    return own(text, forwards=forwards) or text.strip()


def own(text: str, *, forwards: bool = False) -> str:
    """The same, and no more; empty where nothing was typed."""
    lines = text.split("\n")
    if len(lines) > _MAX_LINES:
        return text.strip()
    lines = _unshared(lines)
    kept = _forward(lines, forwards=forwards)
    above = signatures.without(_unquoted(lines[:kept]))
    return "\n".join([*above, *([""] if above else []), *lines[kept:]]).strip()


def _low(line: str) -> str:
    return line[:_MAX_LINE].lower().replace("&nbsp;", " ").translate(_AS_BLANK).strip()


def _unshared(lines: Sequence[str]) -> list[str]:
    """Lines at whose end somebody is said to have written what follows, in two."""
    found: list[str] = []
    for line in lines:
        shared = phrases.SHARED.match(line) if line.endswith("wrote:") else None
        found += [shared[1], shared[2]] if shared else [line]
    return found


def forward_at(text: str, *, forwards: bool) -> int:
    """The number of the line where a forwarded message begins; that of lines where none does."""
    return _forward(text.split("\n"), forwards=forwards)


def _forward(lines: Sequence[str], *, forwards: bool) -> int:
    for at, line in enumerate(lines):
        low = _low(line)
        if phrases.FORWARDED.match(low) or phrases.BEGIN_FORWARDED.match(low):
            if forwards:
                return at
            quoted = _is_quoted(line) or _below(lines[:at]) < at
            return len(lines) if quoted else at
        if forwards and (_is_header_block(lines, at) or _is_original(low)):
            return _above_rule(lines, at)
        if forwards and "@" in " ".join(lines[at : at + _attribution(lines, at)]):
            return at
    return len(lines)


def _is_original(low: str) -> bool:
    """Whether a line is a program's own between an answer and what it answers."""
    if not low.startswith("--"):
        return bool(phrases.ORIGINAL.match(low))
    words = low.strip("- ") if low.endswith("--") else ""
    says = f" {words}".endswith(phrases.WROTE_WITHIN)  # "---- Ana wrote ----"
    return says or words == "original" or bool(phrases.ORIGINAL.match(low))


def _unquoted(lines: Sequence[str]) -> list[str]:
    lines = lines[: _below(lines)]
    marks = [_is_quoted(line) for line in lines]
    said: set[int] = set()
    for at in range(len(lines)):
        length = 0 if marks[at] else _attribution(lines, at)
        if length and _quote_follows(marks, lines, at + length):
            marks[at : at + length] = [True] * length
            said.add(at)
    own = next((at for at, line in enumerate(lines) if line.strip() and not marks[at]), len(lines))
    for at in range(own, min(said, default=0)):
        marks[at] = False  # a quote of one's own, above the mail that was answered
    return _without(lines, marks, said)


def _is_quoted(line: str) -> bool:
    return line.lstrip()[:1] == ">" and not line.startswith(">From ")  # of an mbox


def _below(lines: Sequence[str]) -> int:
    """The first line from which on all is the mail that was answered."""
    last_quoted = max((at for at, line in enumerate(lines) if _is_quoted(line)), default=-1)
    for at, line in enumerate(lines):
        if not line.strip() or _is_quoted(line):
            continue
        if _begins_original(lines, at):
            if _is_answered(lines, at):
                continue
            return _above_rule(lines, at)
        length = _attribution(lines, at) if at > last_quoted else 0
        apart = at == 0 or not lines[at - 1].strip()
        if length and _is_sure(" ".join(lines[at : at + length]), apart=apart):
            return at
    return len(lines)


def _begins_original(lines: Sequence[str], at: int) -> bool:
    return _is_original(_low(lines[at])) or _is_header_block(lines, at)


def _is_answered(lines: Sequence[str], at: int) -> bool:
    """Whether the mail whose headers stand here has ``>`` on its lines from the first on, and
    something else stands below one: without, nobody can tell an answer from what it answers."""
    head = range(at + 1, min(len(lines), at + _LONGEST_HEAD))
    first = next((each for each in head if _is_quoted(lines[each])), 0)
    if not first or any(
        lines[each].strip() and not _label(lines[each]) and not lines[each - 1].strip()
        for each in range(at + 1, first)
    ):
        return False
    own = ["above"]
    for each in range(first, len(lines)):
        if _is_quoted(lines[each]):
            continue
        if _begins_original(lines, each):
            break
        own.append(lines[each])
    return signatures.without(own) != own[:1]


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
        kinds.add(kind_of(line))
        mails = mails or bool(label and "@" in line)
        if label and "from" in kinds and len(kinds - {""}) > 2 and (mails or "subject" in kinds):
            return True
    return False


_LABELS = (
    ("from", phrases.FROM),
    ("sent", phrases.SENT),
    ("to", phrases.TO),
    ("subject", phrases.SUBJECT),
)


def kind_of(line: str) -> str:
    """``from``, ``sent``, ``to`` or ``subject`` for a line with such a label, in any language."""
    label = _label(line)
    return next((kind for kind, names in _LABELS if label in names), "")


def labelled(line: str) -> tuple[str, str]:
    """The label of a line such as ``From: Ana``, in lower case, and what follows; both empty for
    another line."""
    label = _label(line)
    value = line.translate(_AS_BLANK).replace("：", ":").partition(":")[2]
    return (label, value.strip(" \t*")) if label else ("", "")


def _label(line: str) -> str:
    found = phrases.LABEL.match(_low(line[:80]))
    return found[1].strip() if found else ""


def attribution_at(lines: Sequence[str]) -> int:
    """Of how many of the first lines, which are no label, somebody is said to have written what
    follows; 0 where they say no such thing."""
    return _attribution(lines, 0) if lines else 0


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
    if line.startswith(phrases.STARTS) or line[0].isdigit() or _has_moment(line):
        return True
    bare = line.rstrip(" :：")
    return bare != line and (
        bare.endswith((*phrases.WROTE, *phrases.WROTE_PERHAPS, ">")) or _says_wrote(line)
    )


def _ends(whole: str) -> bool:
    """Whether a line in lower case ends as one that says who wrote what follows."""
    bare = whole.rstrip(" :：")
    if not whole.endswith(_COLONS):  # "2011/4/7 Bob <bob@example.org>" had none
        dated = whole[0].isdigit() and phrases.DATE.search(whole)
        return bool(dated and whole[-1] == ">" and "@" in whole)
    if bare.endswith(phrases.WROTE):
        return whole.startswith(phrases.STARTS) or _has_clue(whole)
    if bare.endswith(phrases.WROTE_PERHAPS):
        return "@" in whole or bool(phrases.DATE.search(whole))
    named = bare.endswith(">") and "@" in whole  # "Mo., 2. Apr. 2012, Bob <bob@example.org>:"
    return _has_clue(whole) and (named or _says_wrote(whole))


def _says_wrote(line: str) -> bool:
    return any(each in line for each in phrases.WROTE_WITHIN)


def _has_clue(line: str) -> bool:
    return "@" in line or any(each.isdigit() for each in line)


def _has_moment(line: str) -> bool:
    return bool(phrases.DATE.search(line) and phrases.TIME.search(line))


def _is_sure(line: str, *, apart: bool) -> bool:
    """Whether a line that ends as such a one can't be a sentence of somebody's own, or be in a log;
    ``apart`` says that nothing stands right above it."""
    low = _low(line)
    return _says_wrote(f" {low}") and ("@" in low or (apart and _has_moment(low)))


def _quote_follows(marks: Sequence[bool], lines: Sequence[str], at: int) -> bool:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at < len(lines) and marks[at]


def _without(lines: Sequence[str], marks: Sequence[bool], said: set[int]) -> list[str]:
    """The lines without those marked, or without the last of them where the others are answered.

    ``said`` are lines that say who wrote what is quoted there.
    """
    own = [at for at, line in enumerate(lines) if line.strip() and not marks[at]]
    kept = list(lines[: own[-1] + 1]) if own else []
    blocks = _blocks(kept, marks)
    if len(blocks) > 1 or (blocks and blocks[0] > own[0] and blocks[0] not in said):
        return kept
    return [line for at, line in enumerate(kept) if not marks[at]]


def _blocks(lines: Sequence[str], marks: Sequence[bool]) -> list[int]:
    """Where quotes begin that have something of one's own below them."""
    found, inside = [], False
    for at, line in enumerate(lines):
        if marks[at] and not inside:
            found.append(at)
        if marks[at] or line.strip():
            inside = marks[at]
    return found
