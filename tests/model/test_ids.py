from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.errors import BadUsage
from hdcli.model import ids


@pytest.mark.parametrize("typed", ["7k3", "7K3", "hd-7k3", "HD-7K3", " hd-7K3 ", "desk-7k3"])
def test_case_and_prefix_do_not_matter(typed: str) -> None:
    assert ids.key(typed, "HD") == "7K3"


def test_lookalikes_are_read_as_what_they_look_like() -> None:
    assert ids.key("hd-oOiIlL", "HD") == "001111"


@pytest.mark.parametrize("typed", ["", "-", "hd-", "7k3!", "7k u", "../x", "HD-7K3QF.yaml", "é"])
def test_what_is_no_id_says_how_one_looks(typed: str) -> None:
    with pytest.raises(BadUsage, match="HD-7K3QF"):
        ids.key(typed, "HD")


@given(st.text())
def test_any_text_is_a_key_of_the_alphabet_or_refused(typed: str) -> None:
    try:
        found = ids.key(typed, "HD")
    except BadUsage:
        return
    assert found
    assert set(found) <= set(ids.ALPHABET)


@given(st.sampled_from(["HD", "D", "DESK2026"]), st.sampled_from([0, 199_999, 200_000]))
def test_a_drawn_id_has_a_place_that_leads_back_to_it(prefix: str, tickets: int) -> None:
    drawn = ids.draw_ticket_id(prefix, tickets)
    assert ids.ID_PATTERN.fullmatch(drawn)
    assert len(drawn) == len(prefix) + (7 if tickets >= 200_000 else 6)
    assert ids.id_of_path(ids.ticket_path(drawn)) == drawn


@pytest.mark.parametrize(
    "path",
    [
        "tickets/7k/HD-7K3QF.yml",
        "tickets/aa/HD-7K3QF.yaml",
        "tickets/7K/HD-7K3QF.yaml",
        "tickets/HD-7K3QF.yaml",
        "tickets/7k/x/HD-7K3QF.yaml",
        "tickets/7k/hd-7k3qf.yaml",
        "kb/7k/HD-7K3QF.yaml",
        "tickets/7k/HD-7K3QU.yaml",
    ],
)
def test_any_other_place_is_no_tickets(path: str) -> None:
    assert ids.id_of_path(path) is None


def test_entry_ids_count_and_differ() -> None:
    one, two = ids.entry_id(3), ids.entry_id(3)
    assert one != two
    assert ids.entry_number(one) == ids.entry_number(two) == 3
    assert ids.ENTRY_PATTERN.fullmatch(ids.entry_id(12_345))
