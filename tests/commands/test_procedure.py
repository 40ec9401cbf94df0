from __future__ import annotations

import json

import pytest

from procedures import UNLOCK, following, install
from support import DeskFolder

FIRST = """\
1/6  Call back on the number in the directory
     expect: They answer
"""


def test_starting_puts_the_checklist_on_and_shows_the_first_step(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = a_desk.new("Locked out")
    ran = a_desk.hd("procedure", "start", ticket, "unlock")
    assert ran.out == f"{ticket} follows unlock: Locked out\n{FIRST}"
    assert a_desk.message() == (
        f"{ticket}: start procedure unlock\n\n"
        f"Ticket: {ticket}\nAction: procedure\nStatus: open\nProcedure: unlock"
    )
    found = a_desk.ticket(ticket)
    assert (found.text("procedure"), found.items("checklist"), found.status) == (
        *("unlock", (), "open"),
    )
    assert a_desk.clean()


def test_several_tickets_and_the_beginning_of_a_slug_will_do(a_desk: DeskFolder) -> None:
    install(a_desk)
    first, second = a_desk.new("a"), a_desk.new("b")
    ran = a_desk.hd("procedure", "start", f"{first},{second}", "unl", "-q")
    assert ran.out == f"{first}\n{second}\n"
    assert {a_desk.ticket(each).text("procedure") for each in (first, second)} == {"unlock"}


def test_the_one_that_is_followed_already_is_not_begun_again(a_desk: DeskFolder) -> None:
    install(a_desk)
    install(a_desk, UNLOCK.replace("slug: unlock", "slug: other"), "other")
    ticket = following(a_desk, "done")
    before = a_desk.commits()
    said = a_desk.hd("procedure", "start", ticket, "unlock").out
    assert said.startswith(f"{ticket} follows unlock already: Locked out\n2/6  Look at")
    error = a_desk.hd("procedure", "start", ticket, "other", code=1).err
    assert error == (
        f"hd: {ticket} follows unlock already; "
        f"--replace leaves it for other, hd procedure stop {ticket} ends it\n"
    )
    assert a_desk.commits() == before
    a_desk.hd("procedure", "start", ticket, "other", "--replace")
    found = a_desk.ticket(ticket)
    assert (found.text("procedure"), found.items("checklist")) == ("other", ())


def test_begun_afresh_it_has_the_steps_of_today(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = following(a_desk)
    install(a_desk, UNLOCK.replace("Call back", "Ring back"))
    assert "[>] 1  Call back" in a_desk.hd("procedure", "show", ticket).out
    again = a_desk.hd("procedure", "start", ticket, "unlock", "--replace").out
    assert "1/6  Ring back" in again
    assert a_desk.message().startswith(f"{ticket}: start procedure unlock\n")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (UNLOCK.replace("published", "draft"), "unlock is draft, not published; --force"),
        (UNLOCK.replace("published", "archived"), "unlock is archived, not published; --force"),
        ("slug: unlock\ntitle: x\nstate: published\nbody: y\n", "unlock has no steps to follow;"),
    ],
)
def test_refuses_what_cannot_be_followed(a_desk: DeskFolder, text: str, error: str) -> None:
    install(a_desk, text)
    ticket = a_desk.new("x")
    before = a_desk.commits()
    assert error in a_desk.hd("procedure", "start", ticket, "unlock", code=1).err
    assert a_desk.commits() == before


def test_a_draft_can_be_tried_by_force(a_desk: DeskFolder) -> None:
    install(a_desk, UNLOCK.replace("published", "draft"))
    ticket = a_desk.new("x")
    a_desk.hd("procedure", "start", ticket, "unlock", "--force")
    assert a_desk.ticket(ticket).text("procedure") == "unlock"


def test_a_mistyped_slug_gets_a_hint(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = a_desk.new("x")
    error = a_desk.hd("procedure", "start", ticket, code=2).err
    assert "name a ticket, and the procedure; hd procedure start ID PROCEDURE" in error
    error = a_desk.hd("procedure", "start", ticket, "unlokc", code=3).err
    assert "no article 'unlokc' on this desk; did you mean 'unlock'?" in error


def test_solved_tickets_follow_nothing_new(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = a_desk.new("x")
    a_desk.hd("resolve", ticket, "-m", "done")
    error = a_desk.hd("procedure", "start", ticket, "unlock", code=1).err
    assert f"{ticket} is resolved: procedures are followed on open tickets" in error


def test_stopping_takes_the_checklist_off_and_keeps_the_story(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = following(a_desk, "done")
    said = a_desk.hd("procedure", "stop", ticket, "-m", "Nothing is locked").out
    assert said == f"{ticket} follows no procedure: Locked out\n"
    assert a_desk.message() == (
        f"{ticket}: stop procedure unlock\n\nNothing is locked\n\n"
        f"Ticket: {ticket}\nAction: procedure\nProcedure: none"
    )
    found = a_desk.ticket(ticket)
    assert "procedure" not in found.values
    assert "checklist" not in found.values
    assert "step 1 done (unlock)" in a_desk.hd("show", ticket).out
    assert " already:" in a_desk.hd("procedure", "stop", ticket).out
    a_desk.hd("undo")
    found = a_desk.ticket(ticket)
    assert (found.text("procedure"), found.items("checklist")) == ("unlock", ("1 done",))
    assert "[>] 2  Look at the account" in a_desk.hd("show", ticket).out


def test_lists_those_that_can_be_followed(a_desk: DeskFolder) -> None:
    assert "hd kb starter" in a_desk.hd("procedure").err
    install(a_desk)
    install(a_desk, UNLOCK.replace("slug: unlock", "slug: z").replace("published", "draft"), "z")
    following(a_desk)
    assert a_desk.hd("procedure").out == (
        "category  procedure  title              language  steps  followed  solved\n"
        "account   unlock     Unlock an account                6         1       0\n"
    )
    assert a_desk.hd("procedure", "list", "--category", "network").out == ""
    assert "did you mean 'network'?" in (
        a_desk.hd("procedure", "list", "--category", "netwrok", code=1).err
    )
    (found,) = json.loads(a_desk.hd("procedure", "list", "--json").out)["procedures"]
    assert found == {
        "slug": "unlock",
        "title": "Unlock an account",
        "category": "account",
        "language": "",
        "steps": 6,
        "followed": 1,
        "solved": 0,
    }


def test_shows_all_steps_of_a_procedure(a_desk: DeskFolder) -> None:
    install(a_desk)
    assert a_desk.hd("procedure", "show", "unlock").out == (
        "unlock  Unlock an account\n"
        "1  Call back on the number in the directory\n"
        "   expect: They answer\n"
        "   else escalate to network\n"
        "2  Look at the account\n"
        "   expect: It is locked\n"
        "   windows:\n"
        "     Get-ADUser USER\n"
        "   linux:\n"
        "     ipa user-show USER\n"
        "     klist\n"
        "   else step 4\n"
        "3  Unlock it\n"
        "   command:\n"
        "     unlock USER\n"
        "   then step 5\n"
        "4  Reset the password\n"
        "5  Let them sign in\n"
        "   expect: They are in\n"
        "   else step 2\n"
        "6  Tell them about the manager of passwords\n"
        "   else escalate to level 3\n"
    )
    (found,) = json.loads(a_desk.hd("procedure", "show", "unlock", "--json").out)["procedures"]
    assert found["procedure"] == "unlock"
    assert found["steps"][4] == {
        "number": 5,
        "do": "Let them sign in",
        "expect": "They are in",
        "else": {"goto": 2},
    }


def test_shows_where_the_ticket_touched_last_is(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = following(a_desk, "done", "fail -m Expired")
    assert a_desk.hd("procedure", "show").out == (
        f"{ticket}  Locked out\n"
        "Procedure: Unlock an account (unlock, step 4 of 6)\n"
        "[x] 1  Call back on the number in the directory\n"
        "[!] 2  Look at the account\n"
        "       | Expired\n"
        "    3  Unlock it\n"
        "[>] 4  Reset the password\n"
        "[ ] 5  Let them sign in\n"
        "[ ] 6  Tell them about the manager of passwords\n"
    )
    (found,) = json.loads(a_desk.hd("procedure", "show", ticket, "--json").out)["procedures"]
    assert (found["ticket"], found["at"], found["stopped"]) == (ticket, 4, False)
    assert (found["steps"][1]["outcome"], found["steps"][1]["remark"]) == ("fail", "Expired")
    assert "outcome" not in found["steps"][2]


def test_says_what_it_can_not_show(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    error = a_desk.hd("procedure", "show", ticket, code=1).err
    assert error == (f"hd: {ticket} follows no procedure; hd procedure start {ticket} PROCEDURE\n")
    error = a_desk.hd("procedure", "show", "zzz", code=3).err
    assert (
        error
        == "hd: no ticket or article 'zzz' on this desk; hd list --all and hd kb list show all\n"
    )
    install(a_desk)
    error = a_desk.hd("procedure", "show", "un-lock", code=3).err
    assert error == "hd: no ticket or article 'un-lock' on this desk; did you mean 'unlock'?\n"
    assert a_desk.hd("procedure", "show", "un").out.startswith("unlock  Unlock an account\n")
    install(a_desk, "slug: plain\ntitle: x\nstate: published\nbody: y\n", "plain")
    assert "plain has no steps" in a_desk.hd("procedure", "show", "plain", code=1).err
