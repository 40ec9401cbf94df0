from __future__ import annotations

import sys
from contextlib import closing

import pytest

from procedures import UNLOCK, following, install
from support import DeskFolder
from terminal import Terminal

REASON = """\
Step 1 of unlock failed: Call back on the number in the directory

Nobody answers

[!] 1 Call back on the number in the directory
      Nobody answers"""


@pytest.fixture
def desk(a_desk: DeskFolder) -> DeskFolder:
    """A desk with a procedure."""
    install(a_desk)
    return a_desk


def test_what_came_of_a_step_is_a_commit_and_leads_to_the_next(desk: DeskFolder) -> None:
    ticket = following(desk)
    ran = desk.hd("step", ticket, "done", "-m", "They said so")
    assert ran.out == (
        f"{ticket} step 1 done: Locked out\n"
        "2/6  Look at the account\n"
        "     expect: It is locked\n"
        "     windows:\n"
        "       Get-ADUser USER\n"
        "     linux:\n"
        "       ipa user-show USER\n"
        "       klist\n"
    )
    assert desk.message() == (
        f"{ticket}: step 1 done (unlock)\n\nThey said so\n\n"
        f"Ticket: {ticket}\nAction: step\nProcedure: unlock\nStep: 1 done"
    )
    assert desk.ticket(ticket).items("checklist") == ("1 done",)
    assert desk.clean()


def test_one_handed_on_the_telephone(desk: DeskFolder) -> None:
    """From the first step to the end: what fails leads elsewhere, what was done leads on."""
    ticket = following(desk)
    said = [
        desk.hd("step", "@", *words).out.split("\n")[1]
        for words in (
            ("done",),
            ("fail",),
            ("done",),
            ("fail", "-m", "Still out"),
            ("done",),
            ("DONE",),
            ("done",),
            ("skip",),
        )
    ]
    assert [line.partition(" ")[0] for line in said[:-1]] == [
        *("2/6", "4/6", "5/6", "2/6", "3/6", "5/6", "6/6")
    ]
    assert said[-1] == "all steps are through: hd resolve @ --article unlock -m SOLUTION"
    error = desk.hd("step", "@", "done", code=1).err
    assert f"{ticket} is through all steps of unlock; hd resolve" in error
    assert "(unlock, all 6 steps gone through)" in desk.hd("show", "@").out


def test_a_step_can_be_named(desk: DeskFolder) -> None:
    ticket = following(desk)
    assert "1/6  Call back" in desk.hd("step", ticket, "3", "skip").out
    assert desk.ticket(ticket).items("checklist") == ("3 skip",)
    assert "4/6" not in desk.hd("step", ticket, "1", "done").out
    assert f"{ticket} step 3 done" in desk.hd("step", ticket, "3", "done").out  # after all
    assert desk.ticket(ticket).items("checklist") == ("1 done", "3 done")


def test_saying_the_same_again_changes_nothing_but_a_remark_counts(desk: DeskFolder) -> None:
    ticket = following(desk, "done")
    before = desk.commits()
    assert "step 1 done already: Locked out" in desk.hd("step", ticket, "1", "done").out
    assert desk.commits() == before
    desk.hd("step", ticket, "1", "done", "-m", "By mobile")
    assert desk.message().startswith(f"{ticket}: step 1 done (unlock)\n\nBy mobile\n")
    assert "| By mobile" in desk.hd("show", ticket).out


def test_several_tickets_each_go_on_from_where_they_are(desk: DeskFolder) -> None:
    first, second = following(desk), following(desk, "done")
    ran = desk.hd("step", f"{first},{second}", "done")
    assert f"{first} step 1 done" in ran.out
    assert f"{second} step 2 done" in ran.out
    assert desk.hd("step", first, second, "2", "skip", "-q").out == f"{first}\n{second}\n"
    assert desk.hd("step", "-", "6", "skip", "-q", stdin=f"{first}\n").out == f"{first}\n"


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        (("{}",), 2, "does not say what came of the step; the last word is done, skip or fail"),
        (("{}", "doen"), 2, "did you mean 'done'?"),
        (("done",), 2, "no ids given"),
        (("{}", "9", "done"), 2, "unlock has no step 9; it has 6"),
        (("{}", "0", "done"), 2, "unlock has no step 0; it has 6"),
        (("{}", "done", "--escalate"), 2, "only a step that failed is escalated"),
        (("{}", "2", "fail", "--escalate"), 1, "step 2 of unlock names nobody to escalate to"),
        (("{}", "done", "-m", "x", "--file", "y"), 2, "not both"),
    ],
)
def test_refuses_what_makes_no_sense(
    desk: DeskFolder, args: tuple[str, ...], code: int, error: str
) -> None:
    ticket = following(desk)
    before = desk.commits()
    assert error in desk.hd("step", *(each.format(ticket) for each in args), code=code).err
    assert desk.commits() == before


def test_without_a_procedure_there_is_no_step(desk: DeskFolder) -> None:
    ticket = desk.new("x")
    assert f"hd procedure start {ticket} PROCEDURE" in desk.hd("step", ticket, "done", code=1).err
    followed = following(desk)
    desk.hd("resolve", followed, "-m", "x")
    assert f"hd reopen {followed}" in desk.hd("step", followed, "done", code=1).err


def test_a_script_is_told_whom_a_failed_step_names(desk: DeskFolder) -> None:
    ticket = following(desk)
    said = desk.hd("step", ticket, "fail", "-m", "Nobody answers").out
    assert said == (
        f"{ticket} step 1 fail: Locked out\n"
        "for this it names network: hd step @ 1 fail --escalate\n"
    )
    assert desk.ticket(ticket).level == 1
    desk.hd("step", ticket, "fail", "--no-escalate")
    assert desk.ticket(ticket).level == 1
    said = desk.hd("step", ticket, "fail", "--escalate").out
    assert said.endswith(f"{ticket} is at level 2, with network\n")
    assert desk.ticket(ticket).log[-1].body == REASON
    said = desk.hd("step", ticket, "fail").out
    assert said == f"{ticket} step 1 fail already: Locked out\n"  # it is there by now


def test_the_escalation_has_the_checklist_as_its_reason(desk: DeskFolder) -> None:
    ticket = following(desk)
    before = desk.commits()
    desk.hd("step", ticket, "fail", "--escalate", "-m", "Nobody answers")
    assert desk.commits() == before + 2
    assert desk.message("main^").startswith(f"{ticket}: step 1 fail (unlock)\n")
    assert desk.message().startswith(f"{ticket}: escalate to level 2 (network)\n\n{REASON}\n\n")
    assert desk.branches() == [f"l2/{ticket}: {ticket}: escalate to level 2 (network)"]
    found = desk.ticket(ticket)
    assert (found.text("team"), found.text("assignee")) == ("network", "")
    assert desk.hd("undo").out == f"taken back: {ticket}: escalate to level 2 (network)\n"
    assert desk.hd("undo").out == f"taken back: {ticket}: step 1 fail (unlock)\n"
    found = desk.ticket(ticket)
    assert (found.level, found.text("assignee"), found.items("checklist")) == (1, "alice", ())


def test_a_level_is_named_too_and_an_unknown_team_means_the_next(desk: DeskFolder) -> None:
    ticket = following(desk, "6 fail --escalate")
    assert desk.ticket(ticket).level == 3
    install(desk, UNLOCK.replace("network", "nobody-here"))
    ticket = following(desk, "fail --escalate")
    found = desk.ticket(ticket)
    assert (found.level, found.text("team")) == (2, "systems")  # the one for the category


def test_where_it_is_already_it_is_not_escalated(desk: DeskFolder) -> None:
    ticket = desk.new("x", "--team", "systems")
    desk.hd("procedure", "start", ticket, "unlock")
    before = desk.commits()
    error = desk.hd("step", ticket, "fail", "--escalate", code=1).err
    assert f"{ticket} is at level 2 already; hd assign {ticket} gives it" in error
    assert desk.commits() == before


@pytest.mark.parametrize(("answer", "level"), [("\r", 2), ("y\r", 2), ("n\r", 1)])
def test_a_terminal_asks_whether_to_escalate(desk: DeskFolder, answer: str, level: int) -> None:
    ticket = following(desk)
    argv = [sys.executable, "-m", "hdcli", "step", "@", "fail", "-m", "Nobody answers"]
    with closing(Terminal(argv, desk.path, {})) as terminal:
        terminal.await_output(f"escalate {ticket} to level 2 (network)? [Y/n]")
        assert desk.ticket(ticket).items("checklist") == ()  # nothing is written before
        terminal.type(answer)
        terminal.await_output("with network" if level == 2 else "--escalate")
    found = desk.ticket(ticket)
    assert (found.items("checklist"), found.level) == (("1 fail",), level)


def test_stopped_at_the_question_nothing_is_done(desk: DeskFolder) -> None:
    ticket = following(desk)
    before = desk.commits()
    argv = [sys.executable, "-m", "hdcli", "step", ticket, "fail"]
    with closing(Terminal(argv, desk.path, {})) as terminal:
        terminal.await_output("[Y/n]")
        terminal.type("\x04")  # the end of the input
        terminal.await_output("hd: stopped")
    assert desk.commits() == before


def test_a_call_from_the_first_question_to_the_solution_at_level_2(desk: DeskFolder) -> None:
    ticket = desk.hd("new", "Locked out", "-r", "Ana <ana@example.org>", "-c", "account").id
    desk.hd("take", "@")
    desk.hd("procedure", "start", "@", "unlock")
    desk.hd("step", "@", "done")
    desk.hd("step", "@", "fail", "-m", "Expired, not locked")
    desk.hd("step", "@", "4", "done")
    desk.hd("step", "@", "done")
    desk.hd("step", "@", "fail", "-m", "No manager of passwords here", "--escalate")
    assert desk.ticket(ticket).text("team") == "vendor"
    shown = desk.hd("show", ticket, agent="bob").out
    assert "Procedure: Unlock an account (unlock, step 6 of 6)" in shown
    assert "[!] 2  Look at the account\n       | Expired, not locked\n    3  Unlock it" in shown
    assert desk.hd("list", "procedure:unlock", "-q").out == f"{ticket}\n"
    desk.hd("deescalate", ticket, "--team", "network", agent="bob")
    desk.hd("step", ticket, "done", "-m", "Installed", agent="bob")
    solution = "Password reset, manager installed"
    desk.hd("resolve", "@", "--article", "unlock", "-m", solution, agent="bob")
    ledger = [line.split(f"{ticket}  ")[1] for line in desk.hd("log", ticket).out.splitlines()]
    assert ledger == [
        "resolve (unlock)",
        "step 6 done (unlock)",
        "deescalate to level 2 (network)",
        "escalate to level 3 (vendor)",
        "step 6 fail (unlock)",
        "step 5 done (unlock)",
        "step 4 done (unlock)",
        "step 2 fail (unlock)",
        "step 1 done (unlock)",
        "start procedure unlock",
        "take (alice)",
        "new: Locked out",
    ]
    shown = desk.hd("show", ticket).out
    assert "all 6 steps gone through" in shown
    assert "[>]" not in shown
    assert desk.hd("procedure").out.split("\n")[1].split()[-2:] == ["0", "1"]  # it solved one
    steps = desk.git("log", "--format=%(trailers:key=Step,valueonly)", "--reverse").split("\n")
    assert [each for each in steps if each] == [
        *("1 done", "2 fail", "4 done", "5 done", "6 fail", "6 done")
    ]
    assert desk.hd("fsck").code == 0
    assert desk.clean()
