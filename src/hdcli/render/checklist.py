"""A procedure as a checklist: what came of each step, and the one to do with all it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from hdcli.model.procedure import MARKS
from hdcli.render.text import safe, safe_block, width, wrap

if TYPE_CHECKING:
    from hdcli.model.procedure import Progress, Step
    from hdcli.render.look import Look
    from hdcli.services.following import Following

UNBROKEN = 1_000_000
_TO_DO = "[ ]"
_HERE = "[>]"
_PASSED_BY = "   "
_CHANGED = "the article has changed since; these are the steps that it had then"


def checklist(now: Following, look: Look, *, is_open: bool) -> Iterator[str]:
    """The heading and a line a step; while the ticket is open, all about the present one."""
    palette, far = look.palette, now.progress
    slug = palette.id(safe(now.slug))
    place = f", {_place(far, len(now.steps))}" if now.steps else ""
    head = palette.heading(f"Procedure: {safe(now.title or now.slug)}")
    yield from look.folded(f"{head} ({slug}{place})")
    if now.trouble:
        yield palette.overdue(safe(now.trouble))
    if now.changed:
        yield palette.dim(_CHANGED)
    for number in range(1, len(now.steps) + 1):
        yield from _item(now, far, number, look, is_open=is_open)


def _place(far: Progress, count: int) -> str:
    return f"step {far.at} of {count}" if far.at else f"all {count} steps gone through"


def _item(
    now: Following, far: Progress, number: int, look: Look, *, is_open: bool
) -> Iterator[str]:
    step, outcome = now.steps[number - 1], far.outcomes.get(number)
    here = is_open and number == far.at
    passed_by = not outcome and not here and number < (far.at or len(now.steps) + 1)
    mark = MARKS[outcome] if outcome else _HERE if here else _PASSED_BY if passed_by else _TO_DO
    palette = look.palette
    style = palette.heading if here else palette.dim if passed_by else _plain
    style = palette.overdue if far.stopped and number == far.at else style
    head = f"{mark} {number:>{len(str(len(now.steps)))}}  "
    margin = " " * len(head)
    yield from _hanging(head, step.do, look, style)
    if outcome and number in now.said:
        body = now.said[number].body
        yield from _hanging(f"{margin}| ", body, look, palette.note, "| ") if body else ()
    if here:
        yield from _details(step, look, margin)


def _plain(text: str) -> str:
    return text


def _hanging(
    head: str, text: str, look: Look, style: Callable[[str], str], again: str = ""
) -> Iterator[str]:
    """A text behind a head, its further lines below its beginning."""
    margin = " " * (width(head) - width(again)) + again
    room = max(20, (look.prose or UNBROKEN) - width(head))
    for line in wrap(safe_block(text.strip("\n")), room).split("\n"):
        yield style(f"{head}{line}".rstrip())
        head = margin


def _details(step: Step, look: Look, margin: str) -> Iterator[str]:
    """What a step should give, and the commands: each on lines of its own, to be copied."""
    if step.expect:
        yield from _hanging(f"{margin}expect: ", step.expect, look, _plain)
    for system, text in step.commands.items():
        yield look.palette.dim(f"{margin}{safe(system) or 'command'}:")
        yield from (f"{margin}  {line}" for line in safe_block(text).split("\n"))


def next_step(now: Following, look: Look) -> Iterator[str]:
    """The step that is to be done now, as somebody on the telephone needs it."""
    at = now.progress.at
    head = f"{at}/{len(now.steps)}  "
    yield from _hanging(head, now.steps[at - 1].do, look, look.palette.heading)
    yield from _details(now.steps[at - 1], look, " " * len(head))


def all_steps(steps: Sequence[Step], look: Look) -> Iterator[str]:
    """Every step of a procedure with all it takes, and where each outcome leads."""
    for number, step in enumerate(steps, 1):
        head = f"{number:>{len(str(len(steps)))}}  "
        yield from _hanging(head, step.do, look, look.palette.heading)
        yield from _details(step, look, " " * len(head))
        if ways := _ways(step):
            yield look.palette.dim(" " * len(head) + ways)


def _ways(step: Step) -> str:
    """``then step 5, else escalate to network``."""
    found = [f"then step {step.then}"] if step.then else []
    if step.goto:
        found.append(f"else step {step.goto}")
    if step.escalate:
        whom = f"level {step.escalate}" if isinstance(step.escalate, int) else safe(step.escalate)
        found.append(f"else escalate to {whom}")
    return ", ".join(found)
