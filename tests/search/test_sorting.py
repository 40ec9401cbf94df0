"""Where a ticket belongs, by the vote of those like it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hdcli.search.sorting import LEAST, Voter, guesses


def voter(ticket: str, closeness: float, **values: str) -> Voter:
    return Voter(ticket, closeness, values)


def test_many_that_are_close_and_agree_make_it_sure() -> None:
    close = [voter(f"t{n}", 0.8, category="network", team="net") for n in range(4)]
    category, team = guesses(close, ("category", "team", "impact"))
    assert (category.value, category.like) == ("network", ("t0", "t1", "t2", "t3"))
    assert category.confidence == team.confidence > 0.9


def test_those_that_disagree_make_it_less_sure_and_far_ones_say_nothing() -> None:
    agreed = [voter("a", 0.9, category="x"), voter("b", 0.8, category="x")]
    (sure,) = guesses(agreed, ["category"])
    (doubtful,) = guesses([*agreed, voter("c", 0.85, category="y")], ["category"])
    assert doubtful.value == "x"
    assert doubtful.confidence < sure.confidence
    assert not list(guesses([voter("a", 0.05, category="x")] * 20, ["category"]))


@given(st.lists(st.tuples(st.floats(0, 1.2), st.sampled_from(["x", "y", ""])), max_size=40))
def test_confidence_is_a_share(found: list[tuple[float, str]]) -> None:
    voters = [voter(str(n), near, category=value) for n, (near, value) in enumerate(found)]
    for guess in guesses(voters, ["category"]):
        assert LEAST <= guess.confidence <= 1
        assert guess.value in ("x", "y")
