"""The vote of earlier tickets on articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from hdcli.search.alike import alike
from hdcli.search.index import Index
from hdcli.search.voting import VOTERS, Ballot, Candidate, Standing, candidates
from search.library import article, built, ticket

ARTICLES = [
    article("split-tunnel", "Split tunnelling", "Routes of the tunnel"),
    article("vpn-client", "Install the client", "Where the installer is"),
    article("client-vpn", "Installer le client", "Où se trouve l'installateur"),
]
TICKETS = [
    ticket("HD-1", "VPN drops", "every hour"),
    ticket("HD-2", "VPN drops again", "at home"),
    ticket("HD-3", "Tunnel is slow", "and VPN too"),
]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return built(tmp_path, [*ARTICLES, *TICKETS])


def voted(
    index: Index,
    ballots: Mapping[str, Sequence[Ballot]],
    standings: Mapping[str, Standing] | None = None,
    title: str = "VPN drops",
) -> list[Candidate]:
    """What the vote finds, whether it looks through all tickets or for those that say something."""
    known = {each.key: Standing() for each in ARTICLES} if standings is None else standings
    found, same = (
        candidates(
            alike(index, title, ""),
            lambda keys: {key: ballots[key] for key in keys if key in ballots},
            lambda slugs: {slug: known[slug] for slug in slugs if slug in known},
            voters,
        )
        for voters in (None, [*ballots, "HD-GONE"])
    )
    assert found == same
    return found


def slugs(found: Sequence[Candidate]) -> list[str]:
    return [each.slug for each in found]


def test_without_history_the_words_of_the_articles_decide(index: Index) -> None:
    assert slugs(voted(index, {}, title="tunnel routes")) == ["split-tunnel"]
    assert voted(index, {}) == []


def test_what_solved_tickets_like_it_comes_first_and_says_which(index: Index) -> None:
    helped = [Ballot("vpn-client", helped=True)]
    found = voted(index, {"HD-1": helped, "HD-2": helped}, title="VPN tunnel drops")
    assert slugs(found) == ["vpn-client", "split-tunnel"]
    assert {vote.ticket for vote in found[0].votes} == {"HD-1", "HD-2"}
    assert found[0].closeness == 0
    assert found[1].votes == ()


def test_closer_tickets_have_more_to_say(index: Index) -> None:
    ballots = {
        "HD-1": [Ballot("vpn-client", helped=True)],
        "HD-3": [Ballot("split-tunnel", helped=True)],
    }
    assert slugs(voted(index, ballots)) == ["vpn-client", "split-tunnel"]


def test_tickets_that_it_did_not_help_vote_against_it(index: Index) -> None:
    good, bad = Ballot("vpn-client", helped=True), Ballot("vpn-client", helped=False)
    (alone,) = voted(index, {"HD-1": [good]})
    (less,) = voted(index, {"HD-1": [good], "HD-2": [bad]})
    assert less.score < alone.score
    assert less.votes[-1].weight < 0
    assert voted(index, {"HD-2": [bad]}) == []


def test_a_ticket_that_was_opened_again_says_half_as_much(index: Index) -> None:
    (firm,) = voted(index, {"HD-1": [Ballot("vpn-client", helped=True)]})
    (shaky,) = voted(index, {"HD-1": [Ballot("vpn-client", helped=True, reopened=True)]})
    assert shaky.score == pytest.approx(firm.score / 2)


def test_what_often_did_not_help_counts_less(index: Index) -> None:
    ballots = {"HD-1": [Ballot("vpn-client", helped=True)]}
    scores = [
        voted(index, ballots, {"vpn-client": Standing(5, bad)})[0].score for bad in (0, 1, 5, 50)
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[1] > 0.8 * scores[0]
    assert scores[3] < 0.2 * scores[0]


def test_an_article_that_may_not_be_suggested_is_none(index: Index) -> None:
    ballots = {"HD-1": [Ballot("vpn-client", helped=True), Ballot("gone", helped=True)]}
    assert voted(index, ballots, {}) == []


def test_translations_share_their_votes_and_the_fitting_one_is_shown(index: Index) -> None:
    ballots = {
        "HD-1": [Ballot("vpn-client", helped=True)],
        "HD-2": [Ballot("client-vpn", helped=True)],
    }
    standings = {
        "vpn-client": Standing(translations=("client-vpn",)),
        "client-vpn": Standing(translations=("vpn-client",)),
    }
    (english,) = voted(index, ballots, standings, title="VPN client drops, install")
    assert (english.slug, len(english.votes)) == ("vpn-client", 2)
    (french,) = voted(index, ballots, standings, title="VPN : installateur se trouve où")
    assert (french.slug, len(french.votes)) == ("client-vpn", 2)


def test_only_the_closest_vote(tmp_path: Path) -> None:
    tickets = [ticket(f"HD-{n:03}", "VPN drops", f"number {n}") for n in range(VOTERS + 20)]
    crowd = built(tmp_path, [*ARTICLES, *tickets])
    ballots = {each.key: [Ballot("vpn-client", helped=True)] for each in tickets}
    (found,) = voted(crowd, ballots)
    assert len(found.votes) == VOTERS
    assert found.score < 1.01
