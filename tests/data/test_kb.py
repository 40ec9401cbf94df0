"""The procedures that hd ships can be followed to an end, in English as in French."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hdcli.model.procedure import OUTCOMES, Step, leads_to, steps_from
from hdcli.services.setup import template
from hdcli.store import codec, yamlread

DATA = Path(__file__).parents[2] / "src" / "hdcli" / "data" / "kb"
LANGUAGES = ("en", "fr")
FILES = [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in DATA.glob("*/*.yaml")]
WORK = {  # what level 1 does all day, and the slugs of its procedures
    "reset-password": "mot-de-passe-oublie",
    "account-locked": "compte-verrouille",
    "application-access": "acces-application",
    "printer-offline": "imprimante-hors-ligne",
    "no-network": "pas-de-reseau",
    "vpn-connection": "connexion-vpn",
    "mail-not-received": "mail-non-recu",
    "slow-pc": "pc-lent",
    "new-starter": "arrivee",
    "leaver": "depart",
    "lost-device": "appareil-perdu",
    "phishing-report": "hameconnage",
}
SECTIONS = {
    "en": ["When to use it", "What the requester sees", "What to say", "Where it goes wrong"],
    "fr": ["Quand s’en servir", "Ce que voit le demandeur", "Ce que vous dites", "Là où ça coince"],
}


@cache
def document(path: Path) -> dict[str, Any]:
    found = yamlread.load(path.read_bytes(), str(path))
    assert isinstance(found, dict)
    return found


@cache
def steps(path: Path) -> tuple[Step, ...]:
    return steps_from(document(path)["steps"])


def translation(path: Path) -> Path:
    other = next(each for each in LANGUAGES if each != path.parent.name)
    (slug,) = document(path)["translations"]
    return DATA / other / f"{slug}.yaml"


def test_each_kind_of_work_has_one_in_both_languages() -> None:
    assert {path.stem for path in (DATA / "en").iterdir()} == set(WORK)
    assert {path.stem for path in (DATA / "fr").iterdir()} == set(WORK.values())
    assert {slug: translation(DATA / "en" / f"{slug}.yaml").stem for slug in WORK} == WORK


@pytest.mark.parametrize("path", FILES)
def test_it_fits_the_desks_that_hd_makes(path: Path) -> None:
    data, language = document(path), path.parent.name
    text = template(language).replace("@EMAIL@", "ada@example.org")
    settings = codec.read_settings(re.sub("@[A-Z]+@", "HD", text).encode())
    assert (data["slug"], data["language"]) == (path.stem, language)
    assert (data["state"], data["audience"]) == ("published", "agents")
    assert data["category"] in settings.categories
    whom = [step.escalate for step in steps(path) if step.escalate]
    assert whom
    assert all(settings.team(str(team)).level == 2 for team in whom)


@pytest.mark.parametrize("path", FILES)
def test_every_way_ends(path: Path) -> None:
    """It leads onwards only, whatever comes of a step, so that it is over after so many steps."""
    for number in range(1, len(steps(path)) + 1):
        for outcome in OUTCOMES:
            following = leads_to(steps(path), number, outcome)
            stopped = outcome == "fail" and following == number
            assert following == 0 or following > number or stopped, (number, outcome)


@pytest.mark.parametrize("path", FILES)
def test_whatever_fails_ends_with_somebody_who_can_go_on(path: Path) -> None:
    for number, step in enumerate(steps(path), 1):
        assert step.escalate or step.goto, f"step {number} leaves the agent alone"
        assert step.escalate or leads_to(steps(path), number, "fail") != 0


@pytest.mark.parametrize("path", FILES)
def test_every_step_is_reached_and_can_be_checked(path: Path) -> None:
    reached = {1}
    for number, step in enumerate(steps(path), 1):
        assert number in reached, f"nothing leads to step {number}"
        reached |= {leads_to(steps(path), number, outcome) for outcome in ("done", "fail")}
        assert step.expect
        assert not step.do.endswith(("!", "…"))


@pytest.mark.parametrize("path", FILES)
def test_it_can_be_read_on_the_telephone(path: Path) -> None:
    for step in steps(path):
        assert len(step.do) <= 200
        assert len(step.expect) <= 120
        assert "\n" not in step.do + step.expect
        assert all(len(line) <= 120 for text in step.commands.values() for line in text.split("\n"))
    assert 5 <= len(steps(path)) <= 12


@pytest.mark.parametrize("path", FILES)
def test_the_text_has_the_same_parts_everywhere(path: Path) -> None:
    lines = document(path)["body"].splitlines()
    heads = [line.removeprefix("## ") for line in lines if line.startswith("#")]
    assert heads == SECTIONS[path.parent.name]
    assert max(map(len, lines)) <= 110


@pytest.mark.parametrize("path", FILES)
def test_procedures_that_it_names_exist_in_its_language(path: Path) -> None:
    names = {each.stem for each in path.parent.iterdir()}
    others = {each.stem for each in DATA.glob("*/*.yaml")} - names
    text = path.read_text(encoding="utf-8").replace(translation(path).stem, "", 1)
    assert not [slug for slug in others if "-" in slug and slug in text]


@pytest.mark.parametrize("path", FILES)
def test_translations_have_the_same_structure(path: Path) -> None:
    other = translation(path)
    assert translation(other) == path
    mine, theirs = steps(path), steps(other)
    assert [(s.then, s.goto) for s in mine] == [(s.then, s.goto) for s in theirs]
    pairs = {(s.escalate, t.escalate) for s, t in zip(mine, theirs, strict=True)}
    assert len(pairs) == len({pair[0] for pair in pairs}) == len({pair[1] for pair in pairs})
    for step, twin in zip(mine, theirs, strict=True):
        assert step.commands.keys() == twin.commands.keys()
        same = {system: text for system, text in step.commands.items() if system != "hd"}
        assert same == {system: text for system, text in twin.commands.items() if system != "hd"}


@pytest.mark.parametrize("path", FILES)
def test_no_password_is_set_before_it_is_known_who_asks(path: Path) -> None:
    checks = ("all back", "Check who calls", "appelez au numéro", "Vérifiez qui")
    checked = False
    for step in steps(path):
        checked = checked or any(each in step.do for each in checks)
        for command in step.commands.values():
            assert checked or not ("-Reset" in command or "Unlock-ADAccount" in command)
