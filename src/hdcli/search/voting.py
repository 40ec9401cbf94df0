"""Which articles solve what is asked: the tickets like it vote, the articles' own words add to it.

The rule, all of it. The 30 closest tickets that an article was tried on vote. Each is a piece of
evidence as strong as it is close: that the article helps is as likely as that one of them is right
(1 minus the product of what each leaves open); those that it did not help take from that in the
same way. How close the article's own text is comes on top. The versions of an article in several
languages share their votes. What often did not help counts less. Nothing is trained: the next
suggestion knows of a ticket that was solved just now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hdcli.search.alike import Alike, Near

VOTERS = 30
# How sure one ticket of the very same words makes it.
_SURE, _SUREST = 0.6, 0.95
# A ticket that was opened again after an article had helped says half as much for it.
_REOPENED = 0.5
# So many tickets that it helped with every article is given on credit: one bad word is no verdict.
_CREDIT = 2.0
# The articles whose texts are closest; others count by votes alone.
_TEXTS = 100


class Ballot(NamedTuple):
    """What a ticket says of an article that was tried on it."""

    slug: str
    helped: bool
    reopened: bool = False

    @property
    def says(self) -> float:
        """1 for the article, -1 against it, or less."""
        if not self.helped:
            return -1.0
        return _REOPENED if self.reopened else 1.0


class Standing(NamedTuple):
    """An article that may be suggested: its record on all tickets, its other languages' slugs."""

    helped: int = 0
    unhelpful: int = 0
    translations: tuple[str, ...] = ()

    @property
    def trust(self) -> float:
        """1 without a bad word, less the more often it did not help."""
        good = self.helped + _CREDIT
        return good / (good + self.unhelpful)


class Vote(NamedTuple):
    """A ticket's vote: for an article, or (below 0) against it."""

    ticket: str
    weight: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may help: the higher its score the likelier; from about 0 to 2.

    ``closeness`` is that of its own text; ``votes`` of tickets are the closest first.
    """

    slug: str
    score: float
    closeness: float
    votes: tuple[Vote, ...]


Ballots = Callable[[Sequence[str]], Mapping[str, Sequence[Ballot]]]
"""Gives what some tickets say, by ticket; those that say nothing are left out."""
Standings = Callable[[Sequence[str]], Mapping[str, Standing]]
"""Gives the articles of some slugs that may be suggested."""


def candidates(
    like: Alike, ballots: Ballots, standings: Standings, voters: Sequence[str] | None = None
) -> list[Candidate]:
    """The articles that may help, the likeliest first; of an article's translations one.

    ``voters`` are all the tickets that say something, where these are few: then no others are
    looked through.
    """
    votes = _votes(like, ballots, voters)
    texts = {near.key: near.closeness for near in like.nearest("article", _TEXTS)}
    there = standings(list(dict.fromkeys([*votes, *texts])))
    found: list[Candidate] = []
    for group in _groups(there):
        shared = [vote for slug in group for vote in votes.get(slug, ())]
        slug = max(group, key=lambda each: (texts.get(each, 0.0), len(votes.get(each, ())), each))
        closeness = texts.get(slug, 0.0)
        score = (_evidence(shared) + closeness) * there[slug].trust
        if score > 0:
            ordered = sorted(shared, key=lambda each: (-abs(each.weight), each.ticket))
            found.append(Candidate(slug, score, closeness, tuple(ordered)))
    return sorted(found, key=lambda each: (-each.score, each.slug))


def _evidence(votes: Iterable[Vote]) -> float:
    wrong, fails = 1.0, 1.0
    for vote in votes:
        left_open = 1 - min(_SUREST, _SURE * abs(vote.weight))
        if vote.weight > 0:
            wrong *= left_open
        else:
            fails *= left_open
    return (1 - wrong) * fails


def _votes(like: Alike, ballots: Ballots, voters: Sequence[str] | None) -> dict[str, list[Vote]]:
    votes: dict[str, list[Vote]] = {}
    portions = like.onwards("ticket") if voters is None else [like.among("ticket", voters)]
    for near, said in _closest(portions, ballots):
        for ballot in said:
            vote = Vote(near.key, near.closeness * ballot.says)
            votes.setdefault(ballot.slug, []).append(vote)
    return votes


def _closest(
    portions: Iterable[Sequence[Near]], ballots: Ballots
) -> Iterator[tuple[Near, Sequence[Ballot]]]:
    """The closest tickets that say something, with it."""
    count = 0
    for portion in portions:
        said = ballots([near.key for near in portion])
        for near in portion:
            if near.key in said:
                yield near, said[near.key]
                count += 1
                if count == VOTERS:
                    return


def _groups(there: Mapping[str, Standing]) -> list[list[str]]:
    """The slugs, translations of each other together."""
    groups: list[list[str]] = []
    seen: set[str] = set()
    for slug in there:
        if slug in seen:
            continue
        others = [each for each in there[slug].translations if each in there and each not in seen]
        groups.append([slug, *others])
        seen.update(groups[-1])
    return groups
