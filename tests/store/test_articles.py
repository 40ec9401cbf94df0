from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest

from hdcli.errors import Ambiguous, NotFound
from hdcli.store import articles
from hdcli.store.articles import Glimpse, Votes
from hdcli.store.desk import Desk
from support import DeskFolder

RESET = """\
slug: reset-password
title: Réinitialiser un mot de passe
state: published
language: fr
tags: [Compte]
sources: [HD-7K3QF]
body: |
  Ouvrez le portail.
log: []
"""
SOLVED = """\
id: HD-{id}
title: Locked out
status: resolved
level: 1
{name}: [reset-password]
log:
- id: 0001-aaaaaa
  at: 2026-11-01T08:00:00Z
  by: alice
  action: new
  set: {{title: Locked out, status: new, level: 1}}
- id: 0002-aaaaaa
  at: 2026-11-02T08:00:00Z
  by: alice
  action: resolve
  set: {{status: resolved}}
  add: {{{name}: [reset-password]}}
"""
REOPENED = """\
- id: 0003-aaaaaa
  at: 2026-11-03T08:00:00Z
  by: bob
  action: reopen
  set: {status: open}
"""


def place(desk: DeskFolder, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = desk.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    desk.git("add", ".")
    desk.git("commit", "-qm", "by hand")


def ask(desk: DeskFolder, question: Any) -> Any:
    with closing(Desk.open(desk.path)) as opened:
        return opened.cache.ask(question)


def test_the_cache_follows_articles_as_they_come_change_and_go(a_desk: DeskFolder) -> None:
    assert ask(a_desk, articles.slugs) == []
    place(a_desk, {"kb/reset-password.yaml": RESET, "kb/README.md": "# Articles"})
    assert ask(a_desk, articles.every) == [
        Glimpse("reset-password", "Réinitialiser un mot de passe", "published", "fr", "agents")
    ]
    place(a_desk, {"kb/reset-password.yaml": RESET.replace("Ouvrez", "Fermez")})
    (text,) = ask(a_desk, lambda db: articles.documents(db, ["reset-password", "gone"]))
    assert json.loads(text)["body"] == "Fermez le portail."
    assert ask(a_desk, lambda db: articles.sourced(db, "HD-7K3QF"))[0].slug == "reset-password"
    a_desk.git("rm", "-q", "kb/reset-password.yaml")
    a_desk.git("commit", "-qm", "gone")
    assert ask(a_desk, articles.slugs) == []
    for table in ("article_tags", "article_texts", "article_sources", "articles"):
        assert ask(a_desk, lambda db, t=table: db.execute(f"SELECT * FROM {t}").fetchall()) == []


def test_a_cache_built_anew_has_what_one_that_caught_up_has(a_desk: DeskFolder) -> None:
    def everything(db: Any) -> list[Any]:
        tables = ("articles", "article_tags", "article_texts", "article_sources", "helped")
        return [db.execute(f"SELECT * FROM {each} ORDER BY 1, 2").fetchall() for each in tables]

    ask(a_desk, articles.slugs)
    place(a_desk, {"kb/reset-password.yaml": RESET})
    place(a_desk, {"tickets/7k/HD-7K3QF.yaml": SOLVED.format(id="7K3QF", name="articles")})
    caught_up = ask(a_desk, everything)
    assert all(caught_up)
    (a_desk.path / ".git/hd/cache.sqlite3").unlink()
    assert ask(a_desk, everything) == caught_up


def test_tickets_vote(a_desk: DeskFolder) -> None:
    reopened = SOLVED.format(id="9FQAA", name="articles").replace("resolved\n", "open\n") + REOPENED
    place(
        a_desk,
        {
            "kb/reset-password.yaml": RESET,
            "tickets/7k/HD-7K3QF.yaml": SOLVED.format(id="7K3QF", name="articles"),
            "tickets/9f/HD-9FQAA.yaml": reopened,
            "tickets/8d/HD-8DQAA.yaml": SOLVED.format(id="8DQAA", name="unhelpful"),
        },
    )
    wanted = ["HD-7K3QF", "HD-8DQAA", "HD-9FQAA"]
    assert ask(a_desk, lambda db: articles.solved_by(db, wanted)) == {
        "HD-7K3QF": ["reset-password"],
        "HD-9FQAA": ["reset-password"],
    }
    assert ask(a_desk, articles.votes) == {"reset-password": Votes(2, 1, 1, "2026-11-02T08:00:00Z")}
    tried = ask(a_desk, lambda db: articles.tried(db, "reset-password"))
    assert [(each.ticket, each.helped, each.reopened) for each in tried] == [
        ("HD-7K3QF", True, ""),
        ("HD-8DQAA", False, ""),
        ("HD-9FQAA", True, "2026-11-03T08:00:00Z"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("kb/Reset.yaml", RESET, "not an article's place"),
        ("kb/vpn.yaml", RESET, "the slug in it is reset-password"),
        ("kb/reset-password.yaml", RESET.replace("published", "done"), "'state' must be one of"),
    ],
)
def test_what_can_not_be_an_article_is_a_problem(
    a_desk: DeskFolder, name: str, text: str, said: str
) -> None:
    place(a_desk, {name: text})
    with closing(Desk.open(a_desk.path)) as desk:
        (problem,) = desk.cache.problems()
    assert problem.path == name
    assert said in problem.message


def test_a_slug_is_meant_by_any_beginning_of_its_own(a_desk: DeskFolder) -> None:
    other = RESET.replace("reset-password", "reset-pin")
    place(a_desk, {"kb/reset-password.yaml": RESET, "kb/reset-pin.yaml": other})
    place(a_desk, {"kb/reset.yaml": RESET.replace("reset-password", "reset")})
    with closing(Desk.open(a_desk.path)) as desk:
        assert desk.slug("reset") == "reset"
        assert desk.slug("reset-pa") == "reset-password"
        assert desk.slug("kb/reset-pin.yaml") == "reset-pin"
        assert desk.article("reset-pin").title == "Réinitialiser un mot de passe"
        with pytest.raises(Ambiguous, match="reset-password, reset-pin"):
            desk.slug("reset-p")
        with pytest.raises(NotFound, match="did you mean 'reset-password'"):
            desk.slug("rest-pasword")
        with pytest.raises(NotFound):
            desk.article("../desk")
