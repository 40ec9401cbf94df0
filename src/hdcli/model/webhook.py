"""Webhooks: which chat rooms and programs are told what is done on tickets.

Where they are, and what is secret about them, is not here: who can commit to a desk must not be
able to say where its news goes.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdcli.model.workflow import ACTIONS

FORMS = ("json", "slack", "mattermost", "teams", "matrix")
KNOWN = ("new", *ACTIONS)
"""The actions that a hook may be told of."""
DEFAULT = ("new", "escalate", "resolve", "reopen", "close")


@dataclass(frozen=True, slots=True)
class Webhook:
    """``form`` is how the other side wants it, ``actions`` what it is told of.

    Only of tickets that ``query`` finds (empty: any). ``texts`` lets it have the words of
    requesters and agents; ``room`` is the one of a Matrix server.
    """

    name: str
    form: str = "json"
    actions: tuple[str, ...] = DEFAULT
    query: str = ""
    texts: bool = False
    room: str = ""
