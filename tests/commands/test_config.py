from __future__ import annotations

import json
from pathlib import Path

import pytest

from hdcli.errors import BadData, BadUsage, Conflict, HdError
from support import DeskFolder


def committed(desk: DeskFolder) -> str:
    assert desk.clean()
    return desk.git("show", "main:desk.yaml")


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shell script that is the editor: ``$1`` is the file, ``$n`` how often it was opened."""
    script, seen, caller = tmp_path / "script.sh", tmp_path / "opened", tmp_path / "editor"
    caller.write_text(f"#!/bin/sh\necho >> {seen}; n=$(wc -l < {seen})\nset -e; . {script}\n")
    caller.chmod(0o755)
    monkeypatch.setenv("GIT_EDITOR", str(caller))
    return script


def test_shows_every_setting_with_its_line(a_desk: DeskFolder) -> None:
    lines = [line.split() for line in a_desk.hd("config").out.splitlines()]
    found = {line[0]: line[1:] for line in lines}
    text = committed(a_desk).splitlines()
    assert found["prefix"] == ["HD", f"desk.yaml:{text.index('prefix: HD') + 1}"]
    assert found["agents.carol.teams"][:2] == ["systems,", "apps"]
    assert found["agents.carol.active"] == ["true", "default"]
    assert found["matrix.high.high"][0] == "urgent"


def test_shows_one_setting_bare_a_list_by_lines_and_those_under_a_key(a_desk: DeskFolder) -> None:
    assert a_desk.hd("config", "defaults.team").out == "desk\n"
    assert a_desk.hd("config", "impacts").out == "low\nmedium\nhigh\n"
    assert a_desk.hd("config", "show", "agents.bob.active").out == "true\n"
    lines = a_desk.hd("config", "teams.apps").out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [
        "teams.apps.name", "teams.apps.level", "teams.apps.categories",
    ]  # fmt: skip


def test_shows_for_scripts(a_desk: DeskFolder) -> None:
    found = json.loads(a_desk.hd("config", "--json").out)
    assert found["format"] == 1
    assert found["settings"]["teams"]["network"]["level"] == 2
    assert json.loads(a_desk.hd("config", "levels", "--json").out)["settings"][0] == "Service desk"


def test_sets_a_value_and_touches_no_other_line(a_desk: DeskFolder) -> None:
    before = committed(a_desk)
    assert a_desk.hd("config", "defaults.team=network").out == "defaults.team is network\n"
    assert committed(a_desk) == before.replace("  team: desk\n", "  team: network\n")
    assert a_desk.git("log", "-1", "--format=%B").splitlines() == [
        "desk: set defaults.team=network",
        "",
        "Action: config",
        "Setting: defaults.team",
    ]


def test_sets_several_at_once_in_one_commit(a_desk: DeskFolder) -> None:
    before = int(a_desk.git("rev-list", "--count", "main"))
    a_desk.hd("config", "-q", "name=IT: all", "fields=asset, room", "agents.bob.active=no")
    assert int(a_desk.git("rev-list", "--count", "main")) == before + 1
    text = committed(a_desk)
    assert 'name: "IT: all"\n' in text
    assert "fields: [asset, room]" in text
    assert a_desk.hd("config", "agents.bob.active").out == "false\n"


def test_sets_working_hours_where_there_are_none_yet(a_desk: DeskFolder) -> None:
    a_desk.hd("config", "hours.zone=Europe/Paris", "hours.mon-fri=08:30-12:00, 13:30-18:00")
    a_desk.hd("config", "agents.bob.hours.mon=09:00-12:00")
    assert a_desk.hd("config", "hours.tue").out == "08:30-12:00, 13:30-18:00\n"
    assert '    hours:\n      mon: "09:00-12:00"\n' in committed(a_desk)
    assert "no day of the week" in a_desk.hd("config", "hours.monday=09:00-12:00", code=1).err
    a_desk.hd("config", "agents.nobody.hours.mon=09:00-12:00", code=1)
    a_desk.hd("config", "hours.mon-fri=", "hours.zone=", "agents.bob.hours.mon=")
    assert json.loads(a_desk.hd("config", "hours", "--json").out)["settings"] == {}


def test_takes_key_and_value_as_two_words(a_desk: DeskFolder) -> None:
    a_desk.hd("config", "set", "name", "A = b")
    assert a_desk.hd("config", "name").out == "A = b\n"


def test_an_empty_value_leaves_the_default(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("config", "defaults.impact=")
    assert ran.out == "defaults.impact is the default\n"
    assert "impact: medium" not in committed(a_desk)
    assert a_desk.hd("config", "defaults.impact").out == "medium\n"
    assert a_desk.hd("config", "defaults.impact=").out.endswith("already\n")


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        (("nme=x",), HdError, "no setting 'nme' on this desk; did you mean 'name'?"),
        (("defaults.tem",), HdError, "did you mean 'defaults.team'?"),
        (("defaults.team=dsk",), HdError, "'team' must be one of desk, network, systems"),
        (("prefix=it",), HdError, "'prefix' is 1 to 10 capital letters"),
        (("teams=a",), BadUsage, "'teams' has keys of its own"),
        (("teams.apps.level=x",), BadUsage, "'teams.apps.level' must be a number"),
        (("levels=one",), HdError, "'level' must be from 1 to 1"),
        (("name=a", "prefix"), BadUsage, "'prefix' has no value; hd config set prefix=VALUE"),
        (("edti",), BadUsage, "no command 'edti'; did you mean 'edit'?"),
        (("sett", "name", "x"), BadUsage, "no command 'sett'; did you mean 'set'?"),
    ],
)
def test_refuses_what_would_not_be_valid(
    args: tuple[str, ...], error: type[HdError], message: str, a_desk: DeskFolder
) -> None:
    before = a_desk.git("rev-parse", "main")
    assert message in a_desk.hd("config", *args, code=error.exit_code).err
    assert a_desk.git("rev-parse", "main") == before
    assert a_desk.clean()


def test_hand_edits_are_never_overwritten(a_desk: DeskFolder, editor: Path) -> None:
    editor.write_text("exit 1")
    file = a_desk.path / "desk.yaml"
    file.write_text(file.read_text() + "# mine\n")
    for words in (["name=x"], ["edit"]):
        ran = a_desk.hd("config", *words, code=Conflict.exit_code)
        assert "desk.yaml has hand edits that are not committed" in ran.err
    assert file.read_text().endswith("# mine\n")
    assert not (editor.parent / "opened").exists()


def test_checks_the_file_as_it_lies_there(a_desk: DeskFolder) -> None:
    assert a_desk.hd("config", "--check").out == "desk.yaml is valid\n"
    file = a_desk.path / "desk.yaml"
    text = file.read_text()
    line = text.count("\n") + 1
    file.write_text(text + "categoris: [a]\n")
    ran = a_desk.hd("config", "check")
    assert ran.err == (
        f"hd: desk.yaml:{line}: unknown key 'categoris', did you mean 'categories'?\n"
    )
    file.write_text(text + "levels: 3\n")
    ran = a_desk.hd("config", "validate", code=BadData.exit_code)
    assert ran.err == f"hd: desk.yaml:{line}: 'levels' is there twice\n"
    file.unlink()
    assert "git restore desk.yaml" in a_desk.hd("config", "--check", code=1).err


def test_a_desk_whose_settings_were_broken_by_git_says_how_to_mend_it(a_desk: DeskFolder) -> None:
    file = a_desk.path / "desk.yaml"
    sound = file.read_text()
    file.write_text(sound.replace("prefix: HD", "prefix: hd"))
    a_desk.git("commit", "-qam", "broken")
    ran = a_desk.hd("config", "name=x", code=BadData.exit_code)
    assert "desk.yaml:8: 'prefix' is" in ran.err
    assert ran.err.endswith("mend it and git commit it; hd config --check says when it is sound\n")
    file.write_text(sound)
    assert a_desk.hd("config", "--check").out == "desk.yaml is valid\n"
    a_desk.git("commit", "-qam", "mended")
    a_desk.hd("config", "name=x")


def test_unknown_keys_stay(a_desk: DeskFolder) -> None:
    file = a_desk.path / "desk.yaml"
    file.write_text(file.read_text() + "future: {a: [1, 2]}  # of a newer hd\n")
    a_desk.git("commit", "-qam", "by hand")
    a_desk.hd("config", "name=New")
    assert "future: {a: [1, 2]}  # of a newer hd\n" in f"{committed(a_desk)}\n"


def test_undo_takes_it_back(a_desk: DeskFolder) -> None:
    before = committed(a_desk)
    a_desk.hd("config", "name=Other")
    assert a_desk.hd("undo").out == "taken back: desk: set name=Other\n"
    assert committed(a_desk) == before
    assert a_desk.git("log", "-1", "--format=%s") == "desk: undo set name=Other"


def test_the_editor_changes_what_it_likes(a_desk: DeskFolder, editor: Path) -> None:
    editor.write_text("sed -i 's/^name: .*/name: Edited  # so/; s/^language: en/language: fr/' $1")
    assert a_desk.hd("config", "edit").out == "desk.yaml is changed\n"
    assert "name: Edited  # so\n" in committed(a_desk)
    assert a_desk.git("log", "-1", "--format=%s") == "desk: edit name, language"
    assert not list((a_desk.path / ".git/hd").glob("desk-*"))


def test_the_editor_opens_again_with_what_is_wrong_on_top(a_desk: DeskFolder, editor: Path) -> None:
    line = committed(a_desk).splitlines().index("prefix: HD") + 3
    editor.write_text(
        'case $n in 1) sed -i "s/^prefix: .*/prefix: it/" $1;;\n'
        f"2) head -2 $1 > {editor.parent}/top; sed -n {line}p $1 >> {editor.parent}/top;\n"
        '   sed -i "s/^prefix: it/prefix: IT/" $1;; esac'
    )
    a_desk.hd("config", "edit")
    assert (editor.parent / "top").read_text().splitlines() == [
        f"# hd: line {line}: 'prefix' is 1 to 10 capital letters and digits, as in HD",
        "# hd: mend it, or leave all as it is to stop",
        "prefix: it",
    ]
    assert "prefix: IT\n" in committed(a_desk)
    assert "# hd:" not in committed(a_desk)


def test_who_gives_up_finds_the_text_again(a_desk: DeskFolder, editor: Path) -> None:
    editor.write_text('[ $n = 2 ] || sed -i "s/^prefix: .*/prefix: no good/" $1')
    ran = a_desk.hd("config", "edit", code=BadData.exit_code)
    kept = Path(ran.err.rpartition("your text is in ")[2].strip())
    assert "prefix: no good\n" in kept.read_text()
    assert a_desk.clean()


def test_an_editor_that_fails_changes_nothing(a_desk: DeskFolder, editor: Path) -> None:
    editor.write_text("exit 3")
    ran = a_desk.hd("config", "edit", code=1)
    assert "your text" not in ran.err
    assert not list((a_desk.path / ".git/hd").glob("desk-*"))


def test_a_text_that_was_not_changed_makes_no_commit(a_desk: DeskFolder, editor: Path) -> None:
    editor.write_text("true")
    before = a_desk.git("rev-parse", "main")
    assert a_desk.hd("config", "edit").out == "desk.yaml stays\n"
    assert a_desk.git("rev-parse", "main") == before


def test_what_somebody_changed_meanwhile_is_not_lost(a_desk: DeskFolder, editor: Path) -> None:
    editor.write_text(
        f"sed -i 's/^name: .*/name: Mine/' $1; cd {a_desk.path}\n"
        "sed -i 's/^prefix: HD/prefix: IT/' desk.yaml; git commit -qam 'by hand'"
    )
    ran = a_desk.hd("config", "edit", code=Conflict.exit_code)
    assert "desk.yaml was changed by somebody while you edited it" in ran.err
    kept = Path(ran.err.rpartition("your text is in ")[2].strip())
    assert "name: Mine\n" in kept.read_text()
    assert "prefix: IT\n" in committed(a_desk)
