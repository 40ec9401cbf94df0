"""What the steps of the demo's stories do: to tickets, and to the knowledge that comes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services import actions, articles, drafting, procedures, starter, steps
from hdcli.services.actions import Draft
from hdcli.services.session import Session, utc
from hdcli.store.transaction import Transaction

Step = Mapping[str, Any]
_DAY = 86_400
_REVIEW_DAYS = 180
_OF_AN_ARTICLE = ("title", "slug", "body", "audience")


def draft_for(
    desk: Settings,
    ticket: Ticket,
    step: Step,
    me: str,
    until: str | None,
    named: Callable[[str], str],
) -> Draft:
    """What a step does to its ticket; ``named`` gives the handle of somebody in the stories."""
    text = step.get("text", "")
    match step["do"]:
        case "take":
            return actions.take(desk, ticket, me)
        case "assign":
            return actions.assign(desk, ticket, named(step["to"]), me, text)
        case "note":
            return actions.note(text)
        case "reply":
            return actions.reply(ticket, text)
        case "pend":
            return actions.pend(step["on"], until, text)
        case "escalate":
            agent = named(step["assignee"]) if "assignee" in step else None
            return actions.escalate(desk, ticket, text, None, step["team"], agent)
        case "deescalate":
            return actions.deescalate(desk, ticket, text)
        case "resolve":
            return actions.resolve(text, step.get("articles", ()))
        case "reopen":
            return actions.reopen(text)
        case "close":
            return actions.close(text)
        case "tag":
            return actions.tag(step["add"], step["remove"])
        case "set":
            return actions.change_fields(desk, ticket, {step["field"]: step["value"]})
    raise ValueError(f"no step '{step['do']}'")


def learn(session: Session, transaction: Transaction, step: Step, ticket: str) -> None:
    """A step of what the desk learns; ``ticket`` is the one that it is about, or empty."""
    text = step.get("text", "")
    match step["do"]:
        case "starter":
            starter.install(session, [], step["slugs"], _review(session, step))
        case "article":
            _write(session, transaction, step, ticket)
        case "publish":
            articles.publish(session, [step["slug"]], _review(session, step))
        case "helpful":
            vote = actions.helpful([step["slug"]], helped=step["yes"], body=text)
            session.act([ticket], lambda _: vote)
        case "procedure":
            procedures.start(session, [ticket], step["slug"])
        case "step":
            steps.step(session, [ticket], None, step["outcome"], text)
        case other:
            raise ValueError(f"no step '{other}'")


def _review(session: Session, step: Step) -> str:
    return utc(session.now + step.get("review_days", _REVIEW_DAYS) * _DAY)


def _write(session: Session, transaction: Transaction, step: Step, ticket: str) -> None:
    """An article drafted from a solved ticket, with what its author made of it."""
    wanted = drafting.drafted(session.ticket(transaction, ticket), step["language"])
    given = {name: step[name] for name in _OF_AN_ARTICLE if name in step}
    if "tags" in step:
        given["tags"] = tuple(step["tags"])
    articles.create(session, replace(wanted, **given))
