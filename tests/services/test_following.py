"""A ticket keeps to the steps that it began with, whatever becomes of the article."""

from __future__ import annotations

import re
from contextlib import closing

import pytest

from hdcli.services.following import Following, following
from hdcli.store.desk import Desk
from procedures import UNLOCK, install
from procedures import following as ticket_following
from support import DeskFolder

CALL = "Call back on the number in the directory"


def seen(desk: DeskFolder, ticket_id: str) -> Following:
    """What a reader finds."""
    with closing(Desk.open(desk.path)) as opened:
        found = following(opened, opened.ticket(ticket_id))
    assert found is not None
    return found


def by_hand(desk: DeskFolder, ticket_id: str, pattern: str, new: str) -> None:
    """Rewrites what somebody's hand, or another program, might write into a ticket."""
    file = desk.file(ticket_id)
    text, count = re.subn(pattern, new, file.read_text(), flags=re.MULTILINE)
    assert count
    file.write_text(text)
    desk.git("commit", "-qam", "by hand")


def test_who_edits_the_article_moves_no_checklist(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = ticket_following(a_desk, "done")
    assert not seen(a_desk, ticket).changed
    install(a_desk, UNLOCK.replace(f"- do: {CALL}", f"- do: Look first\n- do: {CALL}"))
    now = seen(a_desk, ticket)
    assert (now.changed, now.progress.at) == (True, 2)
    assert [step.do for step in now.steps][:2] == [CALL, "Look at the account"]
    shown = a_desk.hd("show", ticket).out
    assert "the article has changed since; these are the steps that it had then" in shown
    assert "[x] 1  Call back" in shown
    assert "2/6" not in a_desk.hd("step", ticket, "2", "done").out  # it led on, to the third


def test_a_new_title_or_tag_is_no_change_of_the_steps(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = ticket_following(a_desk)
    install(a_desk, UNLOCK.replace("title: Unlock an account", "title: Unlock"))
    assert not seen(a_desk, ticket).changed


def test_it_can_be_followed_to_its_end_when_the_article_is_gone(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = ticket_following(a_desk)
    a_desk.git("rm", "-q", "kb/unlock.yaml")
    a_desk.git("commit", "-qm", "gone")
    assert seen(a_desk, ticket).changed
    assert "2/6  Look at" in a_desk.hd("step", ticket, "done").out


def test_where_git_has_not_that_version_the_present_one_is_followed(a_desk: DeskFolder) -> None:
    """A ticket that was imported from another desk names a blob that this one has not."""
    install(a_desk)
    ticket = ticket_following(a_desk)
    by_hand(a_desk, ticket, r"blob: .*", f'blob: "{"0" * 40}"')
    assert [step.do for step in seen(a_desk, ticket).steps][:1] == [CALL]


@pytest.mark.parametrize("blob", ["HEAD:desk.yaml", "main", "[1]", "{a: b}", "12", "0" * 41])
def test_nothing_but_a_blob_is_looked_up(a_desk: DeskFolder, blob: str) -> None:
    install(a_desk)
    ticket = ticket_following(a_desk)
    by_hand(a_desk, ticket, r"blob: .*", f"blob: {blob}" if blob[0] in "[{" else f'blob: "{blob}"')
    assert len(seen(a_desk, ticket).steps) == 6


def test_a_blob_that_is_no_article_is_not_followed(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = ticket_following(a_desk)
    other = a_desk.git("rev-parse", "HEAD:desk.yaml")
    by_hand(a_desk, ticket, r"blob: .*", f'blob: "{other}"')
    assert len(seen(a_desk, ticket).steps) == 6


@pytest.mark.parametrize("slug", ["nowhere", "../desk", "unlock.yaml:x", "a b"])
def test_a_procedure_that_there_is_not_is_said_to_be_missing(a_desk: DeskFolder, slug: str) -> None:
    ticket = a_desk.new("x")
    by_hand(a_desk, ticket, r"^created:", f'procedure: "{slug}"\nchecklist: ["1 done"]\ncreated:')
    assert seen(a_desk, ticket).trouble == f"there is no article {slug} to be read"
    assert f"there is no article {slug} to be read" in a_desk.hd("show", ticket).out
    assert "hd procedure stop" in a_desk.hd("step", ticket, "done", code=1).err
    a_desk.hd("procedure", "stop", ticket)
    assert "procedure" not in a_desk.ticket(ticket).values


def test_a_procedure_that_was_set_by_hand_is_followed_as_it_is_now(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = a_desk.new("x")
    by_hand(a_desk, ticket, r"^created:", 'procedure: unlock\nchecklist: ["1 done"]\ncreated:')
    assert seen(a_desk, ticket).progress.at == 2
    install(a_desk, UNLOCK.replace("Look at the account", "Look"))
    assert seen(a_desk, ticket).steps[1].do == "Look"
    a_desk.hd("step", ticket, "done")
    assert a_desk.ticket(ticket).items("checklist") == ("1 done", "2 done")


def test_of_two_procedures_begun_at_once_the_other_ones_items_do_not_count(
    a_desk: DeskFolder,
) -> None:
    """Two clones began one each; the union of their logs keeps the later, and both's items."""
    install(a_desk)
    ticket = ticket_following(a_desk, "done")
    by_hand(
        a_desk,
        ticket,
        r"^log:\n",
        "log:\n- id: 0002-aaaaaa\n  at: 2026-01-01T00:00:00Z\n  by: bob\n  action: step\n"
        '  add: {checklist: ["2 done"]}\n  procedure: other\n',
    )
    by_hand(a_desk, ticket, r"^checklist: .*", 'checklist: ["2 done", "1 done"]')
    now = seen(a_desk, ticket)
    assert now.checklist == ("1 done",)
    assert now.progress.at == 2
    assert list(now.said) == [1]


def test_what_was_taken_back_is_not_said(a_desk: DeskFolder) -> None:
    install(a_desk)
    ticket = ticket_following(a_desk, "fail -m Nobody")
    a_desk.hd("undo")
    now = seen(a_desk, ticket)
    assert (now.checklist, now.said, now.progress.at) == ((), {}, 1)
    a_desk.hd("undo")
    assert "procedure" not in a_desk.ticket(ticket).values


def test_a_checklist_of_a_merged_ticket_stays_its_own(a_desk: DeskFolder) -> None:
    install(a_desk)
    first, second = ticket_following(a_desk, "done"), a_desk.new("the same")
    a_desk.hd("merge", first, second)
    found = a_desk.ticket(second)
    assert "checklist" not in found.values
    assert "procedure" not in found.values
    a_desk.hd("procedure", "start", second, "unlock")
    assert seen(a_desk, second).progress.at == 1
