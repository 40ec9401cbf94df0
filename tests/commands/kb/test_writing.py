from __future__ import annotations

import json
import sys

import pytest

from editing import at_terminal
from hdcli.model.record import hand_edit
from support import DeskFolder

TEXT = "Open the portal.\n\nThen wait.\n\nThen try again."


@pytest.fixture
def article(a_desk: DeskFolder) -> str:
    return a_desk.hd("kb", "new", "Reset a password", "-m", TEXT, "-q").id


def test_an_article_is_written_in_one_commit(a_desk: DeskFolder) -> None:
    options = [
        "-c",
        "access",
        "-t",
        "account",
        "-t",
        "ad",
        "--audience",
        "public",
        "--owner",
        "bob",
    ]
    ran = a_desk.hd(
        "kb", "new", "Réinitialiser", "l'accès", *options, "--language", "fr", "-m", TEXT
    )
    assert ran.out == (
        "reinitialiser-l-acces is a draft: hd kb publish reinitialiser-l-acces, when it is right\n"
    )
    article = a_desk.article("reinitialiser-l-acces")
    assert article.body == TEXT
    assert {**article.values, "created": 0, "updated": 0} == {
        "title": "Réinitialiser l'accès",
        "state": "draft",
        "language": "fr",
        "category": "access",
        "tags": ["account", "ad"],
        "audience": "public",
        "owner": "bob",
        "created": 0,
        "updated": 0,
    }
    assert not hand_edit(article)
    assert (
        a_desk.message().splitlines()[0] == "kb reinitialiser-l-acces: new: Réinitialiser l'accès"
    )
    trailers = a_desk.git("log", "-1", "--format=%(trailers:only)").splitlines()
    assert {"Article: reinitialiser-l-acces", "Action: new", "State: draft"} <= set(trailers)
    assert a_desk.clean()


def test_a_slug_of_the_title_is_numbered_and_one_that_was_asked_for_is_not(
    a_desk: DeskFolder, article: str
) -> None:
    assert a_desk.hd("kb", "new", "Reset: a password!", "-m", "x", "-q").id == "reset-a-password-2"
    error = a_desk.hd("kb", "new", "x", "--slug", article, "-m", "x", code=5).err
    assert f"hd kb edit {article}" in error
    assert "write it as a-b" in a_desk.hd("kb", "new", "x", "--slug", "A b", "-m", "x", code=2).err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["-c", "acess"], 1, "did you mean 'access'?"),
        (["--owner", "zoe"], 1, "no agent 'zoe'"),
        (["--audience", "all"], 2, "it is public or agents"),
        (["--language", "French"], 2, "write it as en, fr or pt-BR"),
        (["-t", "two words"], 2, "is no tag"),
        (["--translates", "nothing"], 3, "no article 'nothing'"),
        (["--from", "zzzzz"], 3, "no ticket"),
    ],
)
def test_what_the_desk_does_not_know_is_refused(
    a_desk: DeskFolder, options: list[str], code: int, said: str
) -> None:
    before = a_desk.commits()
    assert said in a_desk.hd("kb", "new", "VPN", "-m", "x", *options, code=code).err
    assert a_desk.commits() == before


def test_the_text_comes_from_elsewhere_and_is_asked_for(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "new", "One", "-", stdin="# Head\n\n# kept\n")
    assert a_desk.article("one").body == "# Head\n\n# kept"
    assert "no text of the article" in a_desk.hd("kb", "new", "Two", code=2).err
    assert "a title is missing" in a_desk.hd("kb", "new", "-m", "x", code=2).err


def test_a_draft_of_a_ticket_is_reviewed_before_it_is_published(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Locked out", "-b", "I can't log in")
    assert "solved ticket" in a_desk.hd("kb", "new", "--from", ticket, code=1).err
    a_desk.hd("resolve", ticket, "-m", "Unlocked it")
    slug = a_desk.hd("kb", "new", "--from", ticket, "--language", "fr", "-q").id
    article = a_desk.article(slug)
    assert (slug, article.items("sources")) == ("locked-out", (ticket,))
    assert "## Problème\n\nI can't log in" in article.body
    error = a_desk.hd("kb", "publish", slug, code=1).err
    assert "locked-out is not finished: tiré de" in error
    a_desk.hd("kb", "edit", slug, "-m", "Unlock it.")
    a_desk.hd("kb", "publish", slug)
    assert f"{slug}  Locked out (agents only)" in a_desk.hd("show", ticket).out


def test_a_translation_is_named_on_both_in_one_commit(a_desk: DeskFolder, article: str) -> None:
    a_desk.process("kb", "edit", article, env={"GIT_EDITOR": "sed -i 3acategory:\\ access"})
    new = ["kb", "new", "Mot de passe", "-m", "x", "--translates", article]
    assert "a translation is in another language" in a_desk.hd(*new, code=1).err
    before = a_desk.commits()
    a_desk.hd(*new, "--language", "fr")
    assert a_desk.commits() == before + 1
    assert a_desk.article("mot-de-passe").items("translations") == (article,)
    assert a_desk.article("mot-de-passe").text("category") == "access"
    assert a_desk.article(article).items("translations") == ("mot-de-passe",)
    assert not hand_edit(a_desk.article(article))


def test_a_text_is_replaced_without_an_editor(a_desk: DeskFolder, article: str) -> None:
    raw = a_desk.hd("kb", "show", article, "--raw").out
    assert raw == f"{TEXT}\n"
    ran = a_desk.hd(
        "kb", "edit", article, "--file", "-", "--note", "new portal", stdin=raw + "\nX\n"
    )
    assert ran.out == f"{article} has a new text: Reset a password\n"
    found = a_desk.article(article)
    assert found.body == f"{TEXT}\n\nX"
    assert (found.log[-1].text, found.log[-1].body) == (found.digest, "new portal")
    assert a_desk.hd("kb", "edit", article, "-m", found.body).out.startswith(f"{article} has this")
    a_desk.hd("kb", "new", "VPN", "-m", "x")
    error = a_desk.hd("kb", "edit", article, "vpn", "-m", "x", code=2).err
    assert "one text is for one article" in error


def test_values_and_text_are_edited_as_one_page(a_desk: DeskFolder, article: str) -> None:
    seen = a_desk.path.parent / "seen"
    script = f'cp "$1" {seen}; sed -i "s/^title: .*/title: Reset it/; s/Then wait/Then rest/" "$1"'
    ran = at_terminal(a_desk, "kb", "edit", article, editor=script)
    assert ran.code == 0, ran.out
    assert ran.out == f"kb {article}: edit title=Reset it, text\n"
    lines = seen.read_text().splitlines()
    assert lines[2:5] == ["---", f"slug: {article}", "title: Reset a password"]
    assert lines[-1] == "Then try again."
    found = a_desk.article(article)
    assert (found.title, found.body) == ("Reset it", TEXT.replace("wait", "rest"))
    assert not hand_edit(found)
    assert not list((a_desk.path / ".git/hd").glob("*.md"))


def test_who_left_all_as_it_is_changed_nothing(a_desk: DeskFolder, article: str) -> None:
    before = a_desk.commits()
    assert at_terminal(a_desk, "kb", "edit", article, editor="true").out == (
        f"{article} stays as it is\n"
    )
    assert a_desk.commits() == before


def test_a_mistake_opens_the_editor_again_with_its_line(a_desk: DeskFolder, article: str) -> None:
    script = """
        if grep -q "no agent" "$1"; then head -1 "$1" > ../reason; sed -i s/zoe/bob/ "$1"
        else sed -i s/^owner:.*/owner:\\ zoe/ "$1"; fi
    """
    ran = at_terminal(a_desk, "kb", "edit", article, editor=script)
    assert ran.out == f"kb {article}: edit owner=bob\n"
    reason = (a_desk.path.parent / "reason").read_text()
    at = int(reason.split("line ")[1].split(":")[0])
    page = a_desk.git("show", f"main:kb/{article}.yaml").splitlines()
    assert page[at - 4].startswith("owner:")  # below two lines of hd's and the fence


def test_edits_in_different_places_are_merged_and_on_the_same_lines_kept(
    a_desk: DeskFolder, article: str
) -> None:
    text = TEXT.replace("the", "THE", 1)
    bob = f"{sys.executable} -m hdcli --as bob kb edit {article} -m '{text}' >&2\n"
    ran = at_terminal(a_desk, "kb", "edit", article, editor=f'{bob}sed -i s/again/soon/ "$1"')
    assert ran.code == 0, ran.out
    found = a_desk.article(article)
    assert found.body == text.replace("again", "soon")
    assert [entry.by for entry in found.log] == ["alice", "bob", "alice"]
    ran = at_terminal(a_desk, "kb", "edit", article, editor=f'{bob}sed -i s/soon/later/ "$1"')
    assert ran.code == 5
    assert "bob changed the same lines while you edited it; your text is in" in ran.out
    (kept,) = (a_desk.path / ".git/hd").glob("*.md")
    assert "Then try later." in kept.read_text()


def test_a_new_article_is_written_in_the_editor(a_desk: DeskFolder) -> None:
    script = (
        'sed -i "s/^slug: .*/slug: pass/; s/^audience: .*/audience: public/" "$1"; echo Hi >> "$1"'
    )
    ran = at_terminal(a_desk, "kb", "new", "Reset a password", "-t", "ad", editor=script)
    assert ran.code == 0, ran.out
    article = a_desk.article("pass")
    assert (article.title, article.body, article.audience) == ("Reset a password", "Hi", "public")
    assert article.items("tags") == ("ad",)
    ran = at_terminal(a_desk, "kb", "new", "x", editor='sed -i "s/^owner: .*/owner: zoe/" "$1"')
    assert f"hd kb new --file {a_desk.path}/.git/hd/kb-new-" in ran.out
    ran = at_terminal(a_desk, "kb", "new", "Other", editor="true")
    assert (ran.code, "nothing was written" in ran.out) == (1, True)


def test_every_mistake_in_a_new_article_opens_the_editor_again_with_its_line(
    a_desk: DeskFolder,
) -> None:
    a_desk.hd("kb", "new", "Taken", "-m", "x")
    wrong = {
        "slug: taken": "slug: free",
        "created: 2026-01-01": "",
        "language: French": "language: fr",
        "category: acess": "category: access",
        "tags: [one, two words]": "tags: [one]",
        "owner: zoe": "owner: bob",
        "sources: [HD-ZZZZZ]": "",
        "catgory: access": "",
    }
    page = "\n".join(["---", "title: VPN", "state: draft", *wrong, "---", "Text"])
    script = (
        f"""
        reason=$(grep '^# hd: line' "$1") || {{ echo '{page}' > "$1"; exit; }}
        at=$(echo "$reason" | sed 's/.*line \\([0-9]*\\):.*/\\1/')
        echo "$(sed -n "${{at}}p" "$1") <- $reason" >> ../reasons
        line=$(sed -n "${{at}}p" "$1")
        case $line in
    """
        + "\n".join(
            f'        {line.partition(":")[0]}:*) sed -i "${{at}}s/.*/{right}/" "$1";;'
            for line, right in wrong.items()
        )
        + "\nesac"
    )
    ran = at_terminal(a_desk, "kb", "new", "VPN", editor=script)
    assert ran.code == 0, ran.out
    reasons = (a_desk.path.parent / "reasons").read_text().splitlines()
    assert sorted(each.partition(" <- ")[0] for each in reasons) == sorted(wrong)
    assert a_desk.article("free").values["owner"] == "bob"


def test_a_whole_page_is_taken_from_a_file(a_desk: DeskFolder) -> None:
    page = a_desk.path.parent / "page.md"
    page.write_text("---\nslug: vpn\ntitle: VPN\nstate: draft\ncategory: acess\n---\n\nDial.\n")
    new = ["kb", "new", "--file", str(page)]
    assert "the page:5: no category 'acess'" in a_desk.hd(*new, code=4).err
    page.write_text(page.read_text().replace("acess", "access"))
    assert "its values on top; take them out" in a_desk.hd(*new, "-t", "ad", code=2).err
    a_desk.hd(*new)
    found = a_desk.article("vpn")
    assert (found.title, found.text("category"), found.body) == ("VPN", "access", "Dial.")
    a_desk.hd("kb", "new", "Rule", "-m", "---\nBelow")
    assert a_desk.article("rule").body == "---\nBelow"


def test_a_draft_left_as_it_is_is_taken_so(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Locked out", "-b", "I can't log in")
    a_desk.hd("resolve", ticket, "-m", "Unlocked it")
    assert at_terminal(a_desk, "kb", "new", "--from", ticket, editor="true").code == 0
    assert "Unlocked it" in a_desk.article("locked-out").body


def test_taking_up_an_edit_leaves_comments(a_desk: DeskFolder, article: str) -> None:
    file = a_desk.path / f"kb/{article}.yaml"
    file.write_text("# Ask Bob first\n" + file.read_text())
    assert a_desk.hd("commit").out == f"kb {article}: edit comments and layout\n"
    script = 'sed -i "s/^title: .*/title: Reset it/; s/Then wait/Then rest/" "$1"'
    at_terminal(a_desk, "kb", "edit", article, editor=script)
    a_desk.hd("kb", "publish", article)
    assert file.read_text().startswith(f"# Ask Bob first\nslug: {article}\ntitle: Reset it\n")
    shown = json.loads(a_desk.hd("kb", "show", article, "--jsonl").out)
    assert shown["body"] == TEXT.replace("wait", "rest")
