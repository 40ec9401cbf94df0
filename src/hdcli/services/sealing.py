"""Commits judged with their signatures, where the desk requires these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from hdcli.errors import BadData
from hdcli.model.finding import Finding
from hdcli.model.rights import Rights
from hdcli.model.seal import Seal, doubt
from hdcli.model.settings import Settings
from hdcli.store.passage import Passage
from hdcli.store.signatures import Signatures

if TYPE_CHECKING:
    from hdcli.services.vetting import Vetting

GROUP = 64
"""So many commits' signatures are checked at once: all cores have work, and little is in memory."""


def judged(vetting: Vetting, found: Iterable[Passage], *, fresh: bool = False) -> Iterator[Finding]:
    """What is wrong with commits and, where they have to be signed, with their signatures.

    ``fresh`` is for a push that asks to be taken. Raises GitFailed.
    """
    coming = iter(found)
    with Signatures(vetting.repository) as signatures:
        while group := list(islice(coming, GROUP)):
            strict: list[tuple[Passage, Settings]] = []
            for passage in group:
                settings = rights_of(vetting, passage).settings
                yield from vetting.judge(passage)
                if settings.signatures == "required":
                    strict.append((passage, settings))
            seals = signatures.of([passage.id for passage, _ in strict])
            for (passage, settings), seal in zip(strict, seals, strict=True):
                yield from unsealed(passage, seal, settings, fresh=fresh)


def rights_of(vetting: Vetting, passage: Passage) -> Rights:
    """The rights that a commit is judged by; nobody's where they can't be read."""
    try:
        return vetting.rights(passage)
    except BadData:  # vetting says so
        return Rights(Settings())


def unsealed(
    passage: Passage, seal: Seal, settings: Settings, *, fresh: bool = False
) -> Sequence[Finding]:
    """What is to be said about a commit's signature."""
    found = doubt(seal, settings, passage.committer[1], fresh=fresh)
    if found is None:
        return ()
    return (Finding(found.severity, "", 0, found.message, found.remedy, commit=passage.id),)
