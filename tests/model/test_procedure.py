from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.errors import BadField
from hdcli.model import procedure
from hdcli.model.procedure import OUTCOMES, Mark, Outcome, Step, steps_from

PASSWORD = steps_from(
    [
        {"do": "Call back", "expect": "They answer", "else": {"escalate": "security"}},
        {"do": "Look at the account", "expect": "It is locked", "else": {"goto": 4}},
        {"do": "Unlock it", "command": "unlock USER", "then": {"goto": 5}},
        {"do": "Reset the password"},
        {"do": "Let them sign in", "expect": "They are in", "else": {"goto": 2}},
        {"do": "Tell them about the manager", "else": {"escalate": 2}},
    ]
)


def follow(*said: str, steps: tuple[Step, ...] = PASSWORD) -> list[str]:
    """The checklist after outcomes said in order, as a ticket's fold keeps it."""
    items: dict[str, None] = {}
    for each in said:
        number, _, outcome = each.partition(" ")
        change = procedure.mark(steps, items, int(number), _outcome(outcome))
        items.update(dict.fromkeys(change.add))
        for gone in change.remove:
            del items[gone]
    return list(items)


def _outcome(word: str) -> Outcome:
    return next(each for each in OUTCOMES if each == word)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ([], 1),
        (["1 done"], 2),
        (["1 skip"], 2),
        (["1 fail"], 1),  # it names whom to ask: the checklist stops there
        (["1 fail", "1 done"], 2),
        (["1 done", "2 done"], 3),
        (["1 done", "2 fail"], 4),
        (["1 done", "2 done", "3 done"], 5),
        (["1 done", "2 done", "3 skip"], 4),  # not done, so not what "then" speaks of
        (["1 done", "2 done", "3 fail"], 4),  # without "else" the one below follows
        (["3 done"], 1),  # what was done out of turn stays done
        (["3 done", "1 done", "2 done"], 5),
        (["1 done", "2 fail", "4 done", "5 done"], 6),
        (["1 done", "2 fail", "4 done", "5 done", "6 done"], 0),
        (["1 done", "2 fail", "4 done", "5 done", "6 fail"], 6),
    ],
)
def test_each_outcome_leads_where_the_step_says(said: list[str], at: int) -> None:
    assert procedure.progress(PASSWORD, follow(*said)).at == at


def test_whoever_is_sent_back_goes_through_it_again() -> None:
    first = ["1 done", "2 done", "3 done", "5 fail"]
    back = procedure.progress(PASSWORD, follow(*first))
    assert (back.at, back.round, back.outcomes) == (2, 2, {1: "done"})
    second = [*first, "2 fail", "4 done"]
    assert follow(*second) == ["1 done", "3 done", "5 fail", "2 fail #2", "4 done #2"]
    again = procedure.progress(PASSWORD, follow(*second))
    assert (again.at, again.outcomes) == (5, {1: "done", 2: "fail", 4: "done"})
    assert procedure.progress(PASSWORD, follow(*second, "5 fail")).at == 2
    assert procedure.progress(PASSWORD, follow(*second, "5 done")).at == 6


def test_who_was_sent_back_by_a_slip_can_take_it_back() -> None:
    slip = ["1 done", "2 done", "3 done", "5 fail", "5 done"]
    assert procedure.progress(PASSWORD, follow(*slip)).at == 6


def test_only_a_failed_step_that_names_whom_to_ask_stops_it() -> None:
    def stops(*said: str) -> bool:
        return procedure.progress(PASSWORD, follow(*said)).stopped

    assert stops("1 fail")
    assert stops("1 done", "2 fail", "4 done", "5 done", "6 fail")
    assert not stops()
    assert not stops("1 done", "2 fail")
    assert not stops("1 done", "2 done", "3 done", "5 fail")
    assert not stops("6 fail", "1 done")


def test_a_new_outcome_takes_the_place_of_the_one_before() -> None:
    assert procedure.mark(PASSWORD, ["1 done", "2 done"], 2, "fail") == Mark(
        ("2 fail",), ("2 done",)
    )


def test_of_two_who_marked_a_step_at_once_the_later_counts() -> None:
    found = procedure.progress(PASSWORD, ["1 done", "2 fail", "2 done"])
    assert (found.at, found.outcomes) == (3, {1: "done", 2: "done"})


def test_items_that_hd_does_not_know_are_passed_over() -> None:
    items = ["1 done", "0 done", "2 maybe", "٣ done", "99 done", "1000 done", "", "2 done #0"]
    found = procedure.progress(PASSWORD, items)
    assert (found.at, found.outcomes) == (2, {1: "done"})


def test_without_steps_there_is_no_place() -> None:
    assert procedure.progress((), ["1 done"]).at == 0


def test_steps_read_back_as_they_were() -> None:
    data = [
        {"do": "a", "expect": "b", "command": "c", "then": {"goto": 3}, "else": {"escalate": 2}},
        {"do": "a", "command": {"windows": "c", "linux": "d"}, "else": {"goto": 1}},
        {"do": "a", "else": {"escalate": "network"}, "newer": ["kept"]},
    ]
    assert [procedure.step_document(step) for step in steps_from(data)] == data


@pytest.mark.parametrize(
    ("steps", "path", "message"),
    [
        ("x", ("steps",), "must be a list of steps"),
        (["x"], ("steps", 0), "a step is a mapping with 'do', not 'x'"),
        ([{}], ("steps", 0), "step 1 does not say what to 'do'"),
        ([{"do": ""}], ("steps", 0, "do"), "'do' must be text"),
        ([{"do": ["x"]}], ("steps", 0, "do"), "'do' must be text"),
        ([{"do": "x" * 5001}], ("steps", 0, "do"), "more than 5,000 characters"),
        ([{"do": "x", "expect": True}], ("steps", 0, "expect"), "'expect' must be text"),
        ([{"do": "x", "command": {"": "y"}}], ("steps", 0, "command"), "name of a system"),
        ([{"do": "x", "command": {"linux": []}}], ("steps", 0, "command", "linux"), "must be text"),
        ([{"do": "x", "esle": {"goto": 1}}], ("steps", 0, "esle"), "did you mean 'else'?"),
        ([{"do": "x", 3: 4}], ("steps", 0), "names are text"),
        ([{"do": "x", "else": 4}], ("steps", 0, "else"), "must be {goto: …} or {escalate: …}"),
        ([{"do": "x", "else": {"goto": 1, "escalate": 2}}], ("steps", 0, "else"), "must be {goto"),
        ([{"do": "x", "then": {"escalate": 2}}], ("steps", 0, "then"), "must be {goto: …}, not"),
        ([{"do": "x", "else": {"goto": 2}}], ("steps", 0, "else", "goto"), "a step from 1 to 1"),
        ([{"do": "x", "else": {"goto": "1"}}], ("steps", 0, "else", "goto"), "a step from 1 to 1"),
        ([{"do": "x", "else": {"goto": 1}}], ("steps", 0, "else", "goto"), "leads to itself"),
        ([{"do": "x"}, {"do": "x", "then": {"goto": 1}}], ("steps", 1, "then", "goto"), "onwards"),
        ([{"do": "x", "else": {"escalate": 0}}], ("steps", 0, "else", "escalate"), "team or a lev"),
        ([{"do": "x", "else": {"escalate": " "}}], ("steps", 0, "else", "escalate"), "team or a l"),
        ([{"do": "x"}] * 101, ("steps",), "at most 100 steps"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    steps: object, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(BadField) as caught:
        steps_from(steps)
    assert message in caught.value.reason
    assert caught.value.path == path


ITEMS = st.builds(
    "{} {}{}".format,
    st.integers(0, 9),
    st.sampled_from(OUTCOMES),
    st.sampled_from(("", " #2", " #3")),
)


@st.composite
def _procedures(draw: st.DrawFn) -> tuple[Step, ...]:
    count = draw(st.integers(1, 7))
    steps: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        step: dict[str, Any] = {"do": "x"}
        others = [n for n in range(1, count + 1) if n != number]
        later = [n for n in others if n > number]
        kind = draw(st.sampled_from(("", "goto", "escalate")))
        if kind == "goto" and others:
            step["else"] = {"goto": draw(st.sampled_from(others))}
        if kind == "escalate":
            step["else"] = {"escalate": 2}
        if draw(st.booleans()) and later:
            step["then"] = {"goto": draw(st.sampled_from(later))}
        steps.append(step)
    return steps_from(steps)


@given(_procedures(), st.lists(st.sampled_from(OUTCOMES), max_size=20))
def test_following_it_step_by_step_goes_where_each_outcome_leads(
    steps: tuple[Step, ...], said: list[Outcome]
) -> None:
    items: list[str] = []
    for outcome in said:
        at = procedure.progress(steps, items).at
        if not at:
            break
        change = procedure.mark(steps, items, at, outcome)
        items = [each for each in (*items, *change.add) if each not in change.remove]
        items = list(dict.fromkeys(items))
        assert procedure.progress(steps, items).at == procedure.leads_to(steps, at, outcome)


@given(_procedures(), st.lists(ITEMS))
def test_any_checklist_has_a_place(steps: tuple[Step, ...], items: list[str]) -> None:
    assert 0 <= procedure.progress(steps, items).at <= len(steps)
