from __future__ import annotations

from support import DeskFolder


def test_ids_come_one_by_one_in_lists_and_from_standard_input(a_desk: DeskFolder) -> None:
    first, second, third = (a_desk.new(title) for title in "abc")
    names = f"{first[3:].lower()},{second}"
    before = a_desk.commits()
    ran = a_desk.hd("note", names, "-", first, "-m", "x", stdin=f"{third}\n{first} {second},\n")
    assert ran.out.splitlines() == [
        f"{each} has your note: {title}"
        for each, title in ((first, "a"), (second, "b"), (third, "c"))
    ]
    assert a_desk.commits() == before + 3
    assert a_desk.hd("note", "@", "-q", "-m", "y").out == f"{third}\n"


def test_the_output_of_one_is_the_input_of_the_next(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("a"), a_desk.new("b")
    ids = a_desk.hd("take", first, second, "-q").out
    assert ids == f"{first}\n{second}\n"
    assert a_desk.hd("close", "-", "-q", stdin=ids).out == ids


def test_no_ids_on_standard_input_is_nothing_to_do(a_desk: DeskFolder) -> None:
    before = a_desk.commits()
    ran = a_desk.hd("close", "-", stdin="\n")
    assert ran.out == ""
    assert ran.err == "hd: no ids on standard input, so there is nothing to do\n"
    assert a_desk.commits() == before
    assert "no ids given" in a_desk.hd("close", ",", code=2).err


def test_standard_input_gives_ids_or_a_text_not_both(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    for text in (("-m", "-"), ("--file", "-")):
        error = a_desk.hd("note", "-", *text, stdin=f"{ticket}\n", code=2).err
        assert "standard input was read already" in error


def test_an_unknown_id_stops_it_all(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    before = a_desk.commits()
    assert "no ticket 'zzzzz'" in a_desk.hd("close", ticket, "zzzzz", code=3).err
    assert "'u!' is not a ticket id" in a_desk.hd("close", ticket, "u!", code=2).err
    assert a_desk.commits() == before


def test_nobody_is_asked_when_standard_input_is_no_terminal(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    for args in (("new",), ("note", ticket), ("resolve", ticket), ("escalate", ticket)):
        ran = a_desk.process(*args, env={"GIT_EDITOR": "touch opened"})
        assert ran.returncode == 2
        assert b"Traceback" not in ran.stderr
    assert not (a_desk.path / "opened").exists()
