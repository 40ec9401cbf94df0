"""The starter set on desks of either language, and on those that are set up otherwise."""

from __future__ import annotations

from pathlib import Path

from hdcli.completion.answer import answer
from hdcli.model.article import Article
from hdcli.store import codec
from support import DeskFolder, run_hd


def article(desk: DeskFolder, slug: str) -> Article:
    """An article as committed."""
    path = f"kb/{slug}.yaml"
    return codec.read_article(desk.git("show", f"main:{path}").encode() + b"\n", path)


def whom(desk: DeskFolder, slug: str) -> set[str | int]:
    """Those whom its steps escalate to."""
    return {step.escalate for step in article(desk, slug).steps if step.escalate}


def test_a_dozen_in_the_language_of_the_desk_a_commit_each(a_desk: DeskFolder) -> None:
    before = a_desk.commits()
    said = a_desk.hd("kb", "starter").out.splitlines()
    assert len(said) == 13
    assert "reset-password is installed: Reset a forgotten password" in said
    assert said[-1] == "next: hd procedure lists them, hd kb edit makes one your own"
    assert a_desk.commits() == before + 12
    assert a_desk.message().startswith("kb vpn-connection: starter: VPN does not connect\n\n")
    found = article(a_desk, "reset-password")
    assert {name: found.text(name) for name in ("state", "language", "audience", "owner")} == {
        "state": "published",
        "language": "en",
        "audience": "agents",
        "owner": "alice",
    }
    assert found.text("published") == found.text("created")
    assert found.text("review") > found.text("created")
    assert found.items("translations") == ()
    assert len(a_desk.hd("procedure").out.splitlines()) == 13
    assert a_desk.hd("fsck").out.startswith("12 files checked: nothing is wrong")
    assert a_desk.clean()


def test_a_second_time_nothing_changes(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "starter", "slow-pc")
    file = a_desk.path / "kb" / "slow-pc.yaml"
    file.write_text(file.read_text().replace("title: Slow computer", "title: Ours"))
    a_desk.git("commit", "-qam", "ours")
    assert len(a_desk.hd("kb", "starter", "-q").out.split()) == 11
    before = a_desk.commits()
    assert a_desk.hd("kb", "starter", "-q").out == ""
    said = a_desk.hd("kb", "starter").out
    assert "slow-pc is there already: Ours\n" in said
    assert "next:" not in said
    assert a_desk.commits() == before


def test_a_french_desk_gets_it_in_french(tmp_path: Path) -> None:
    desk = DeskFolder(tmp_path / "bureau")
    run_hd("init", str(desk.path), "--language", "fr")
    said = desk.hd("kb", "starter").out
    assert "mot-de-passe-oublie is installed: Réinitialiser un mot de passe oublié" in said
    found = article(desk, "mot-de-passe-oublie")
    assert (found.language, found.text("category")) == ("fr", "compte")
    assert whom(desk, "mot-de-passe-oublie") == {"systemes", "reseau"}
    ticket = desk.new("Mot de passe oublié", "-c", "compte")
    desk.hd("procedure", "start", ticket, "mot-de-passe-oublie")
    desk.hd("step", ticket, "fail", "--escalate")
    assert desk.ticket(ticket).text("team") == "systemes"


def test_both_languages_are_translations_with_the_teams_of_the_desk(a_desk: DeskFolder) -> None:
    assert len(a_desk.hd("kb", "starter", "--language", "both", "-q").out.split()) == 24
    english, french = article(a_desk, "reset-password"), article(a_desk, "mot-de-passe-oublie")
    assert english.items("translations") == ("mot-de-passe-oublie",)
    assert french.items("translations") == ("reset-password",)
    assert french.text("category") == "account"
    assert whom(a_desk, "mot-de-passe-oublie") == {"systems", "network"}
    assert "24 files checked: nothing is wrong" in a_desk.hd("fsck").out


def test_the_other_language_can_come_later(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "starter", "reset-password")
    before = a_desk.commits()
    a_desk.hd("kb", "starter", "--language", "fr", "reset-password")
    assert a_desk.commits() == before + 1
    assert article(a_desk, "reset-password").items("translations") == ("mot-de-passe-oublie",)
    assert article(a_desk, "mot-de-passe-oublie").items("translations") == ("reset-password",)
    assert a_desk.clean()


def test_those_named_are_installed_as_they_are(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("kb", "starter", "pc-lent", "leaver", "-q")
    assert ran.out == "pc-lent\nleaver\n"
    error = a_desk.hd("kb", "starter", "slow-cp", code=3).err
    assert error == "hd: no 'slow-cp' in the starter set; did you mean 'slow-pc'?\n"


def test_a_desk_with_other_teams_and_categories_gets_levels(a_desk: DeskFolder) -> None:
    settings = a_desk.path / "desk.yaml"
    text = settings.read_text().replace("[systems, apps]", "[apps]")
    text = text.replace("  systems:\n", "  machines:\n")
    text = text.replace("[account, access, hardware,", "[access, hardware,")
    text = text.replace("categories: [account, access,", "categories: [access,")
    settings.write_text(text)
    a_desk.git("commit", "-qam", "ours")
    a_desk.hd("kb", "starter", "reset-password", "application-access")
    assert whom(a_desk, "reset-password") == {2, "network"}
    assert "category" not in article(a_desk, "reset-password").values
    assert article(a_desk, "application-access").text("category") == "access"
    assert "nothing is wrong" in a_desk.hd("fsck").out


def test_an_article_of_that_name_in_another_language_is_no_translation(a_desk: DeskFolder) -> None:
    folder = a_desk.path / "kb"
    folder.mkdir()
    (folder / "pc-lent.yaml").write_text("slug: pc-lent\ntitle: x\nstate: draft\nlanguage: de\n")
    a_desk.git("add", "kb")
    a_desk.git("commit", "-qm", "ours")
    a_desk.hd("kb", "starter", "slow-pc")
    assert article(a_desk, "slow-pc").items("translations") == ()


def test_its_names_are_completed() -> None:
    assert answer(["kb", "starter", "slow"]) == "words\nslow-pc\tEnglish\n"
    assert "pc-lent\tFrench\n" in answer(["kb", "starter", "slow-pc", ""])
